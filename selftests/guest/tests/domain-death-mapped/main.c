// SPDX-License-Identifier: GPL-2.0-only
/*
 * A domain that is destroyed while its pages are mapped elsewhere.
 *
 * By a grant and by a foreign mapping of ours, by a foreign mapping of a page
 * that it has given back, and with a grant of itself mapped by itself: the
 * domain stays as a zombie until the last reference is dropped, and then all its
 * pages come back.
 */
#include "test.h"

#define REF	GRANT_FIRST_FREE

void child_main(struct child_params *p)
{
	volatile u64 *page = page_alloc(1);
	u64 self;

	page[0] = 0x7777;
	grant_access(REF, 0, gfn_of(page), 0);
	/* A cycle: a page of our own, mapped by ourselves. */
	self = gfn_of(page_alloc(1));
	grant_access(REF + 1, p->self, self, 0);
	p->out[2] = grant_map(p->self, REF + 1, gfn_hole() << PAGE_SHIFT, GNTMAP_host_map, NULL);
	p->out[1] = gfn_of(page);
	p->out[0] = 1;
	for (;;)
		sched_op(SCHEDOP_yield, NULL);
}

void test_main(void)
{
	u64 grant_at = gfn_hole(), foreign_at = gfn_hole(), before;
	struct gnttab_map_grant_ref m;
	struct child c;

	/* What is allocated once and kept, is so after a first grant and a first domain. */
	grant_access(REF, 0, gfn_of(page_alloc(1)), 0);
	if (grant_map(0, REF, grant_at << PAGE_SHIFT, GNTMAP_host_map, &m) == GNTST_okay)
		grant_unmap(grant_at << PAGE_SHIFT, m.handle);
	child_create(&c, 8, 1);
	child_destroy(&c);
	before = host_free_settled();
	child_create(&c, 8, 1);
	child_unpause(&c);
	require(wait_until(c.params->out[0], 2000000), "the domain runs");
	check_eq(c.params->out[2], GNTST_okay, "it has mapped a grant of itself");
	check_eq(grant_map(c.id, REF, grant_at << PAGE_SHIFT, GNTMAP_host_map, &m), GNTST_okay,
		 "its grant is mapped");
	check_eq(map_foreign(c.id, c.params->out[1], foreign_at), 0, "its frame is mapped");
	check_eq(*(volatile u64 *)(foreign_at << PAGE_SHIFT), 0x7777, "it is the same page");

	check_eq(child_destroy(&c), 0, "it is destroyed while it runs");
	check_eq(*(volatile u64 *)(grant_at << PAGE_SHIFT), 0x7777, "the grant still shows the page");
	check_eq(*(volatile u64 *)(foreign_at << PAGE_SHIFT), 0x7777, "so does the mapping");
	check(host_free_settled() < before, "some memory is still held");
	check_eq(grant_unmap(grant_at << PAGE_SHIFT, m.handle), GNTST_okay, "the grant is unmapped");
	check_eq(remove_from_physmap(foreign_at), 0, "the mapping is removed");
	check(child_gone(c.id, 2000000), "now it is gone");
	check_eq(host_free_settled(), before, "and every page is back");
}
