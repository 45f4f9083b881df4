// SPDX-License-Identifier: GPL-2.0-only
#include "badptr.h"
#include "gic.h"
#include "memory.h"
#include "mmu.h"

static char *two_pages;

const struct bad_pointer *bad_pointers(void)
{
	static struct bad_pointer list[10];
	struct bad_pointer *b = list;
	char *page;

	if (list[0].name)
		return list;

	page = page_alloc(1);
	mmu_set((u64)page, PAGE_SIZE, MMU_NONE);
	*b++ = (struct bad_pointer){ "unmapped in stage 1", page, false };
	*b++ = (struct bad_pointer){ "unmapped in stage 2", gfn_to_ptr(gfn_hole()), false };
	*b++ = (struct bad_pointer){ "emulated device", (void *)gic.dist, false };
	*b++ = (struct bad_pointer){ "upper half", (void *)0xffff800000000000UL, false };
	*b++ = (struct bad_pointer){ "not canonical", (void *)0x0040000000000000UL, false };
	*b++ = (struct bad_pointer){ "last bytes of the address space", (void *)~7UL, false };
	*b++ = (struct bad_pointer){ "beyond physical memory", (void *)0x7ffffff000UL, false };
	page = page_alloc(1);
	mmu_set((u64)page, PAGE_SIZE, MMU_RAM_RO);
	*b++ = (struct bad_pointer){ "read-only", page, true };
	return list;
}

void *bad_straddle(unsigned int n)
{
	if (!two_pages) {
		two_pages = page_alloc(2);
		mmu_set((u64)two_pages + PAGE_SIZE, PAGE_SIZE, MMU_NONE);
	}
	return two_pages + PAGE_SIZE - n;
}
