// SPDX-License-Identifier: GPL-2.0-only
/*
 * Grants between two domains: mapped, read-only, copied both ways, and refused.
 */
#include "test.h"

#define RW	GRANT_FIRST_FREE
#define RO	(GRANT_FIRST_FREE + 1)
#define OTHER	(GRANT_FIRST_FREE + 2)

void child_main(struct child_params *p)
{
	volatile u64 *rw = page_alloc(1), *ro = page_alloc(1);
	struct gnttab_copy copy = { .len = 8, .flags = GNTCOPY_source_gref };
	u64 got = 0;

	rw[0] = 0x1111;
	ro[0] = 0x2222;
	grant_access(RW, 0, gfn_of(rw), 0);
	grant_access(RO, 0, gfn_of(ro), GTF_readonly);
	grant_access(OTHER, 77, gfn_of(rw), 0);
	p->out[0] = 1;
	while (!p->arg[0])
		sched_op(SCHEDOP_yield, NULL);
	p->out[1] = rw[0];
	p->out[2] = grant_end(RW);

	/* And the other way round: a page of dom0. */
	copy.source.u.ref = p->arg[1];
	copy.source.domid = 0;
	copy.dest.u.gmfn = gfn_of(&got);
	copy.dest.offset = (u64)&got & ~PAGE_MASK;
	copy.dest.domid = DOMID_SELF;
	grant_table_op(GNTTABOP_copy, &copy, 1);
	p->out[3] = copy.status;
	p->out[4] = READ_ONCE(got);
	p->out[5] = grant_map(0, p->arg[1], gfn_hole() << PAGE_SHIFT,
			      GNTMAP_host_map | GNTMAP_readonly, NULL);
	p->out[6] = grant_map(0, p->arg[1], gfn_hole() << PAGE_SHIFT, GNTMAP_host_map, NULL);
}

void test_main(void)
{
	u64 at = gfn_hole() << PAGE_SHIFT;
	struct gnttab_map_grant_ref m, m2;
	volatile u64 *ours = page_alloc(1);
	const u32 host = GNTMAP_host_map;
	struct child c;

	child_create(&c, 8, 1);
	child_unpause(&c);
	require(wait_until(c.params->out[0], 2000000), "the domain grants its pages");

	check_eq(grant_map(c.id, RW, at, host, &m), GNTST_okay, "one is mapped");
	check_eq(*(volatile u64 *)at, 0x1111, "it is read");
	*(volatile u64 *)at = 0x3333;
	check(m.dev_bus_addr != at && m.dev_bus_addr, "its bus address is that of the machine page");
	check_eq(grant_map(c.id, RO, at, host, &m2), GNTST_general_error,
		 "a read-only grant is not mapped for writing");
	check_eq(grant_map(c.id, OTHER, at, host, &m2), GNTST_general_error,
		 "nor one for another domain");
	check_eq(grant_unmap(at, m.handle), GNTST_okay, "it is unmapped");
	check_eq(grant_map(c.id, RO, at, host | GNTMAP_readonly, &m), GNTST_okay,
		 "the read-only one is mapped for reading");
	check_eq(*(volatile u64 *)at, 0x2222, "it is read");
	check_eq(grant_unmap(at, m.handle), GNTST_okay, "and unmapped");

	ours[0] = 0x4444;
	grant_access(100, c.id, gfn_of(ours), GTF_readonly);
	c.params->arg[1] = 100;
	c.params->arg[0] = 1;
	check(child_wait(&c, 3000000), "the domain goes on");
	check_eq(c.params->out[1], 0x3333, "it sees what we wrote");
	check_eq(c.params->out[2], 1, "its grant is free again");
	check_eq((short)c.params->out[3], GNTST_okay, "it copies from our page");
	check_eq(c.params->out[4], 0x4444, "what was in it");
	check_eq(c.params->out[5], GNTST_okay, "it maps our page for reading");
	check_eq(c.params->out[6], GNTST_general_error, "but not for writing");
	check(!grant_end(100), "our page is in use");
	check_eq(child_destroy(&c), 0, "it is destroyed");
	check(wait_until(grant_end(100), 1000000), "and our page is free again");
	check(child_gone(c.id, 1000000), "it is gone");
}
