// SPDX-License-Identifier: GPL-2.0-only
/*
 * What cannot be mapped: references, domains, frames and addresses that are
 * wrong. Each has its own status, and nothing stays in use.
 */
#include "test.h"

#define REF	GRANT_FIRST_FREE

void test_main(void)
{
	volatile struct grant_entry_v1 *t = grant_table(1);
	u64 gfn = gfn_of(page_alloc(1)), at = gfn_hole() << PAGE_SHIFT;
	struct gnttab_map_grant_ref m, ops[3];
	const u32 host = GNTMAP_host_map;

	check_eq(grant_map(1234, REF, at, host, &m), GNTST_bad_domain, "a domain that is not there");
	check_eq(grant_map(0, 1 << 20, at, host, NULL), GNTST_bad_gntref, "a reference beyond all");
	check_eq(grant_map(0, 0xffffffff, at, host, NULL), GNTST_bad_gntref, "a wild reference");
	check_eq(grant_map(0, REF, at, host, NULL), GNTST_general_error, "an empty entry");
	check_eq(grant_map(0, REF, at, 0, NULL), GNTST_bad_gntref, "neither host nor device");

	grant_access(REF, 5, gfn, 0);
	check_eq(grant_map(0, REF, at, host, NULL), GNTST_general_error, "a grant to another domain");
	check_eq(t[REF].flags, GTF_permit_access, "its entry is untouched");
	grant_end(REF);

	grant_access(REF, 0, gfn_hole(), 0);
	check(grant_map(0, REF, at, host, NULL) < 0, "a frame that is not there");
	check_eq(t[REF].flags & (GTF_reading | GTF_writing), 0, "its entry is not in use");
	grant_end(REF);
	grant_access(REF, 0, 0xffffffff, 0);
	check(grant_map(0, REF, at, host, NULL) < 0, "a wild frame");
	grant_end(REF);
	grant_access(REF, 0, gic.dist >> PAGE_SHIFT, 0);
	check(grant_map(0, REF, at, host, NULL) < 0, "a frame of an emulated device");
	grant_end(REF);

	t[REF].frame = gfn;
	t[REF].domid = 0;
	t[REF].flags = GTF_accept_transfer;
	check_eq(grant_map(0, REF, at, host, NULL), GNTST_general_error, "an entry for a transfer");
	t[REF].flags = GTF_type_mask;
	check_eq(grant_map(0, REF, at, host, NULL), GNTST_general_error, "an entry of unknown type");
	t[REF].flags = 0;

	grant_access(REF, 0, gfn, 0);
	printk("# at an unaligned address: %ld\n", grant_map(0, REF, at + 8, host, &m));
	check(m.status != GNTST_okay || grant_unmap(at, m.handle) == GNTST_okay,
	      "an address inside a page");
	check(grant_map(0, REF, 1UL << 50, host, NULL) < 0, "an address beyond the address space");
	check(grant_map(0, REF, ~0UL << 12, host, NULL) < 0, "a wild address");
	check_eq(t[REF].flags, GTF_permit_access, "after all this the entry is not in use");
	check_eq(grant_unmap(at, 0), GNTST_bad_handle, "a handle never given out");
	check_eq(grant_unmap(at, 0xffffffff), GNTST_bad_handle, "a wild handle");

	/* A batch: each has its own status. */
	for (unsigned int i = 0; i < 3; i++)
		ops[i] = (struct gnttab_map_grant_ref){
			.host_addr = at, .flags = host, .ref = REF, .dom = i == 1 ? 1234 : 0,
		};
	ops[2].ref = 1 << 20;
	check_eq(grant_table_op(GNTTABOP_map_grant_ref, ops, 3), 0, "a batch of three");
	check(ops[0].status == GNTST_okay && ops[1].status == GNTST_bad_domain &&
	      ops[2].status == GNTST_bad_gntref, "has three statuses");
	check_eq(grant_unmap(at, ops[0].handle), GNTST_okay, "the first is unmapped");
	check(grant_end(REF), "the entry is free");
}
