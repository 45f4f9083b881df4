// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing the physical map: shared info, grant frames, and taking pages away.
 */
#include "test.h"

void test_main(void)
{
	volatile u64 *page = page_alloc(1);
	u64 gfn = gfn_of(page), v, hole;
	volatile struct shared_info *s;
	struct trap_frame f;

	*page = 0x1234567890abcdef;
	check_eq(add_to_physmap(XENMAPSPACE_shared_info, 0, gfn), 0, "shared info over our page");
	check(*page != 0x1234567890abcdef, "the page is another one now");
	s = (void *)page;
	s->evtchn_mask[63] = 0xabcd;
	hole = gfn_of(page_alloc(1));
	check_eq(add_to_physmap(XENMAPSPACE_shared_info, 0, hole), -EBUSY,
		 "it cannot be at two places");

	check_eq(remove_from_physmap(gfn), 0, "it is removed");
	check(!try_read((u64)s, 8, &v, &f), "nothing is there");
	check_eq(ESR_EC(f.esr), EC_DABT_SAME, "reading it is a data abort");
	check_eq(f.far, (u64)s, "at the right address");
	check_eq(add_to_physmap(XENMAPSPACE_shared_info, 0, hole), 0, "it is put elsewhere");
	s = gfn_to_ptr(hole);
	check_eq(s->evtchn_mask[63], 0xabcd, "with what it held");

	check_eq(add_to_physmap(XENMAPSPACE_grant_table, 0, gfn_of(page_alloc(1))), 0,
		 "the first frame of the grant table");
	check_eq(add_to_physmap(XENMAPSPACE_grant_table, 100000, gfn_of(page_alloc(1))), -EINVAL,
		 "a frame beyond the limit");
	check_eq(add_to_physmap(99, 0, gfn_of(page_alloc(1))), -ENOSYS, "an unknown space");
	check_eq(remove_from_physmap(gfn), -ENOENT, "removing what is not there");
	check(remove_from_physmap(~0UL) < 0, "removing a wild frame");
	check(add_to_physmap(XENMAPSPACE_shared_info, 0, ~0UL) < 0, "adding at a wild frame");
	check(add_to_physmap(XENMAPSPACE_shared_info, 0, 1UL << 40) < 0,
	      "adding beyond the address space");
}
