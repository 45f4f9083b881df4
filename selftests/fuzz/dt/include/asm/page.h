/* SPDX-License-Identifier: GPL-2.0-only */
/* The fuzzed machine's memory is a window of the process; see ../../machine.c. */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#include <asm/config.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

#include <xen/types.h>

struct page_info;
extern struct page_info *frame_table;

static inline unsigned long mfn_to_pdx(mfn_t m) { return mfn_x(m); }
static inline mfn_t pdx_to_mfn(unsigned long pdx) { return _mfn(pdx); }
void *maddr_to_virt(paddr_t ma);
paddr_t virt_to_maddr(const void *va);

#endif
