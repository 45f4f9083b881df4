// SPDX-License-Identifier: GPL-2.0-only
/*
 * GNTTABOP_cache_flush, which Linux uses before and after DMA on foreign pages.
 */
#include "test.h"

static long flush(u64 addr, u16 offset, u16 len, u32 op)
{
	struct gnttab_cache_flush f = { .offset = offset, .length = len, .op = op };

	f.a.dev_bus_addr = addr;
	return grant_table_op(GNTTABOP_cache_flush, &f, 1);
}

void test_main(void)
{
	volatile u64 *page = page_alloc(1);
	u64 addr = (u64)page;

	*page = 0x77;
	check_eq(flush(addr, 0, 4096, GNTTAB_CACHE_CLEAN), 0, "clean a page of our own");
	check_eq(flush(addr, 0, 4096, GNTTAB_CACHE_CLEAN | GNTTAB_CACHE_INVAL), 0,
		 "clean and invalidate");
	check_eq(*page, 0x77, "it holds what it held");
	check_eq(flush(addr, 100, 8, GNTTAB_CACHE_CLEAN), 0, "a piece of it");
	check_eq(flush(addr, 0, 0, GNTTAB_CACHE_CLEAN), 0, "nothing of it");
	check_eq(flush(addr, 0, 4096, 0), 0, "no operation");
	check_eq(flush(addr, 0, 4096, 0x10), -EINVAL, "an unknown operation");
	check_eq(flush(addr, 4000, 97, GNTTAB_CACHE_CLEAN), -EINVAL, "across the end of the page");
	check_eq(flush(addr, 4096, 1, GNTTAB_CACHE_CLEAN), -EINVAL, "beyond the page");
	check(flush(addr, 0, 4096, GNTTAB_CACHE_SOURCE_GREF | GNTTAB_CACHE_CLEAN) < 0,
	      "by a reference that is not there");
	check(flush(0x40000000, 0, 64, GNTTAB_CACHE_CLEAN) < 0, "memory that is not ours");
	check(flush(1UL << 47, 0, 64, GNTTAB_CACHE_CLEAN) < 0, "memory that is not there");
	check(flush(~0UL << 12, 0, 64, GNTTAB_CACHE_CLEAN) < 0, "a wild address");
}
