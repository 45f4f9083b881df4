// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping grants of ourselves: in place, read-only, twice, and the bus address.
 */
#include "test.h"

#define REF	GRANT_FIRST_FREE

void test_main(void)
{
	volatile struct grant_entry_v1 *t = grant_table(1);
	volatile u64 *page = page_alloc(1);
	struct gnttab_map_grant_ref m, m2;
	u64 at = gfn_hole() << PAGE_SHIFT, at2 = gfn_hole() << PAGE_SHIFT, v;
	struct trap_frame f;

	*page = 0x1122334455667788;
	grant_access(REF, 0, gfn_of(page), 0);
	check_eq(grant_map(0, REF, at, GNTMAP_host_map, &m), GNTST_okay, "it is mapped");
	check_eq(*(volatile u64 *)at, 0x1122334455667788, "it is the same page");
	*(volatile u64 *)at = 5;
	check_eq(*page, 5, "to write to, too");
	check_eq(m.dev_bus_addr, (u64)page, "its bus address is the machine address");
	check_eq(t[REF].flags & (GTF_reading | GTF_writing), GTF_reading | GTF_writing,
		 "the entry says that it is in use");
	check(!grant_end(REF), "and cannot be taken back");

	check_eq(grant_map(0, REF, at2, GNTMAP_host_map | GNTMAP_readonly, &m2), GNTST_okay,
		 "it is mapped once more, read-only");
	check(m2.handle != m.handle, "by another handle");
	check_eq(*(volatile u64 *)at2, 5, "it is the same page");

	check_eq(grant_unmap(at, m.handle), GNTST_okay, "the first is unmapped");
	check(!try_read(at, 8, &v, &f), "nothing is there");
	check_eq(t[REF].flags & (GTF_reading | GTF_writing), GTF_reading, "now it is only read");
	check_eq(grant_unmap(at, m.handle), GNTST_bad_handle, "it is not unmapped twice");
	check_eq(grant_unmap(at2, m2.handle), GNTST_okay, "the second is unmapped");
	check_eq(t[REF].flags & (GTF_reading | GTF_writing), 0, "the entry is free");
	check(grant_end(REF), "and can be taken back");

	grant_access(REF, 0, gfn_of(page), GTF_readonly);
	check_eq(grant_map(0, REF, at, GNTMAP_host_map, NULL), GNTST_general_error,
		 "a read-only grant is not mapped for writing");
	check_eq(grant_map(0, REF, at, GNTMAP_host_map | GNTMAP_readonly, &m), GNTST_okay,
		 "but for reading");
	check_eq(grant_unmap(at, m.handle), GNTST_okay, "and unmapped");

	/* For a device: no address of ours is given. */
	grant_end(REF);
	grant_access(REF, 0, gfn_of(page), 0);
	check_eq(grant_map(0, REF, 0, GNTMAP_device_map, &m), GNTST_general_error,
		 "a device mapping alone is refused on Arm");
	check(grant_end(REF), "it leaves nothing behind");
}
