/* SPDX-License-Identifier: GPL-2.0-only */
/* Machine memory is an arena of the process. */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#include <asm/config.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

#include <xen/types.h>

struct page_info;
extern struct page_info *frame_table;
extern char *host_memory;

#define HOST_FIRST_MFN	(HOST_MEMORY_BASE >> PAGE_SHIFT)

static inline unsigned long mfn_to_pdx(mfn_t m) { return mfn_x(m) - HOST_FIRST_MFN; }
static inline mfn_t pdx_to_mfn(unsigned long pdx) { return _mfn(pdx + HOST_FIRST_MFN); }
static inline void *maddr_to_virt(paddr_t ma) { return host_memory + (ma - HOST_MEMORY_BASE); }

static inline paddr_t virt_to_maddr(const void *va)
{
	return (paddr_t)((const char *)va - host_memory) + HOST_MEMORY_BASE;
}

#endif
