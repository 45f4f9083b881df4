/* SPDX-License-Identifier: GPL-2.0-only */
/* The grant table (version 1) of this domain, and mapping grants. */
#ifndef GUEST_GRANT_H
#define GUEST_GRANT_H

#include "hypercall.h"

/* References that the hypervisor or the toolstack keep for themselves. */
#define GRANT_FIRST_FREE	8

/*
 * The first frames of the table mapped at the region the device tree names
 * (a page of our own when it names none). Frames already mapped stay.
 */
volatile struct grant_entry_v1 *grant_table(unsigned int frames);

/* Fills in entry ref; the flags last. */
void grant_access(grant_ref_t ref, domid_t dom, u64 gfn, u16 flags);
/* Takes the entry back; false when it is in use. */
bool grant_end(grant_ref_t ref);

/* One map or unmap: GNTST_*, or the hypercall's -errno plus -1000. */
long grant_map(domid_t dom, grant_ref_t ref, u64 host_addr, u32 flags,
	       struct gnttab_map_grant_ref *result);
long grant_unmap(u64 host_addr, grant_handle_t handle);

#endif
