/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages and the direct map. */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#include <asm/config.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

#ifndef __ASSEMBLY__
#include <xen/types.h>

#define frame_table ((struct page_info *)FRAMETABLE_VIRT_START)

/* The frame table is sparse in virtual space, so a pdx is the mfn (32 bits: 16 TiB). */
static inline unsigned long mfn_to_pdx(mfn_t m) { return mfn_x(m); }
static inline mfn_t pdx_to_mfn(unsigned long pdx) { return _mfn(pdx); }

static inline void *maddr_to_virt(paddr_t ma)
{
	return (void *)(unsigned long)(DIRECTMAP_VIRT_START + ma);
}

/* Of direct-map addresses only. */
static inline paddr_t virt_to_maddr(const void *va)
{
	return (unsigned long)va - DIRECTMAP_VIRT_START;
}

/* Frames of the first bank of RAM, which on most machines is all of it (mm.c). */
extern struct frame_range { unsigned long start, nr; } first_ram_frames;
bool mfn_valid_slow(mfn_t mfn);

static inline bool mfn_in_first_bank(mfn_t mfn)
{
	const struct frame_range first = first_ram_frames;	/* one load of both */

	return __builtin_expect(mfn_x(mfn) - first.start < first.nr, 1);
}

static inline bool mfn_valid_inline(mfn_t mfn)
{
	return mfn_in_first_bank(mfn) || mfn_valid_slow(mfn);
}
#define mfn_valid(mfn)		mfn_valid_inline(mfn)

/* All of RAM is in the direct map. */
#define map_domain_page(mfn)	mfn_to_virt(mfn)
#define unmap_domain_page(va)	((void)(va))
#endif

#endif
