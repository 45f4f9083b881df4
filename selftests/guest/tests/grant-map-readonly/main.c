// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing through a read-only mapping of a grant is a data abort.
 */
#include "test.h"

#define REF	GRANT_FIRST_FREE

void test_main(void)
{
	volatile u64 *page = page_alloc(1);
	struct gnttab_map_grant_ref m;
	u64 at = gfn_hole() << PAGE_SHIFT, v;
	struct trap_frame f;

	*page = 0;
	grant_access(REF, 0, gfn_of(page), GTF_readonly);
	check_eq(grant_map(0, REF, at, GNTMAP_host_map | GNTMAP_readonly, &m), GNTST_okay,
		 "a read-only mapping");
	check(try_read(at, 8, &v, &f) && v == 0, "it can be read");
	require(!try_write(at, 8, 6, &f), "it cannot be written");
	check_eq(ESR_EC(f.esr), EC_DABT_SAME, "that is a data abort");
	check_eq(f.far, at, "at the right address");
	check_eq(f.esr >> 6 & 1, 1, "of a write");
	check_eq(*page, 0, "and nothing was written");
	check_eq(xen_version(XENVER_get_features, (void *)at), -EFAULT,
		 "nor does a hypercall write there");
	check_eq(*page, 0, "still nothing was written");
	check_eq(grant_unmap(at, m.handle), GNTST_okay, "it is unmapped");
}
