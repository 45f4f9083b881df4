/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The grant table, version 1: entries of 8 bytes, the frame number of a page in 32 bits.
 *
 * grant_lock covers the free list and the growth of the table; it is taken with
 * interrupts off and nothing else is taken under it. An entry in use belongs to who took
 * its reference from the list.
 */
#ifndef XEN_CORE_GRANTS_H
#define XEN_CORE_GRANTS_H

#include <linux/spinlock.h>
#include <xen/grant_table.h>

#define ENTRIES_PER_FRAME	(XEN_PAGE_SIZE / sizeof(struct grant_entry_v1))
#define GRANT_LIST_END		((grant_ref_t)-1)

extern struct grant_entry_v1 *grant_entries;

/*
 * grant-frames.c: one frame more, grant_lock is held. -ENOSPC when the table is as large
 * as the hypervisor or the region allows.
 */
int grant_grow(void);
unsigned int grant_nr_entries(void);

/* grant-refs.c: @max entries at most. */
int grant_refs_setup(unsigned int max);

/* False if the peer has it mapped, or is about to. */
bool grant_end(grant_ref_t ref);

#endif /* XEN_CORE_GRANTS_H */
