// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory promised before it is had, and the calls around it.
 *
 * A claim sets host memory aside for a domain being built, so that two builders
 * do not both find enough and both fail half-way. It is counted, shrinks with
 * what the domain gets and ends with it. The tables of a guest's address space
 * come from a pool of the size the toolstack sets: beyond it mapping fails.
 */
#include "child.h"
#include "test.h"

static long claim(domid_t id, u64 pages)
{
	struct xen_memory_reservation r = { .nr_extents = pages, .domid = id };

	return memory_op(XENMEM_claim_pages, &r);
}

static struct xen_sysctl_physinfo physinfo(void)
{
	static struct xen_sysctl op;

	memset(&op, 0, sizeof(op));
	op.cmd = XEN_SYSCTL_physinfo;
	check_eq(sysctl(&op), 0, "physinfo");
	return op.u.physinfo;
}

static u64 outstanding(domid_t id)
{
	struct xen_domctl_getdomaininfo info;

	return child_info(id, &info) < 0 ? ~0UL : info.outstanding_pages;
}

static u64 had(domid_t id)
{
	struct xen_domctl_getdomaininfo info;

	return child_info(id, &info) < 0 ? ~0UL : info.tot_pages;
}

static void check_claims(void)
{
	struct xen_memory_reservation r = { 0 };
	struct child c, d;
	u64 before = physinfo().outstanding_pages;

	check_eq(child_create_empty(&c, 4, 1), 0, "a domain of 4 MiB without memory");
	check_eq(claim(c.id, 1024), 0, "4 MiB are claimed");
	check_eq(outstanding(c.id), 1024, "and shown with the domain");
	check_eq(physinfo().outstanding_pages - before, 1024, "and with the host");
	check_eq(claim(c.id, 1025), -EINVAL, "one claim at a time");
	check_eq(child_populate(&c), 0, "the memory is had");
	check_eq(outstanding(c.id), 0, "nothing of the claim is left");
	check_eq(claim(c.id, 1000), -EINVAL, "no claim of less than it has");
	check_eq(claim(c.id, 1 << 20), -EINVAL, "nor of more than it may have");
	check_eq(claim(c.id, 1025), 0, "one page more");
	check_eq(outstanding(c.id), 1, "is one page outstanding");
	check_eq(claim(c.id, 0), 0, "it is given up");
	check_eq(physinfo().outstanding_pages, before, "and the host's again");

	check_eq(child_create_empty(&d, 4096, 1), 0, "a domain of 4 GiB");
	check_eq(claim(d.id, 4096 * 256), -ENOMEM, "is more than the host has");
	check_eq(claim(d.id, physinfo().free_pages), 0, "all that is free");
	check_eq(claim(c.id, 1025), -ENOMEM, "leaves nothing for others to claim");
	child_destroy(&d);
	check_eq(physinfo().outstanding_pages, before, "a claim ends with its domain");

	check(claim(12345, 1) < 0, "a domain that is not there");
	r.domid = c.id;
	r.nr_extents = 1025;
	r.extent_order = 1;
	check_eq(memory_op(XENMEM_claim_pages, &r), -EINVAL, "claims are of single pages");
	child_destroy(&c);
}

static void check_increase(void)
{
	struct xen_memory_reservation r = { .nr_extents = 3, .extent_order = 1 };
	struct child c;

	check_eq(child_create_empty(&c, 4, 1), 0, "a domain");
	r.domid = c.id;
	check_eq(memory_op(XENMEM_increase_reservation, &r), 3, "three extents of two pages");
	check_eq(had(c.id), 6, "are had");
	r.nr_extents = 2000;
	check(memory_op(XENMEM_increase_reservation, &r) < 2000, "not more than it may have");
	child_destroy(&c);
}

/* Frames cannot be stolen from a translated domain. */
static void check_exchange(void)
{
	static xen_pfn_t in[1], out[1];
	struct xen_memory_exchange x = {
		.in = { .nr_extents = 1, .domid = DOMID_SELF },
		.out = { .nr_extents = 1, .domid = DOMID_SELF },
	};
	long rc;

	in[0] = out[0] = gfn_of(page_alloc(1));
	set_xen_guest_handle(x.in.extent_start, in);
	set_xen_guest_handle(x.out.extent_start, out);
	rc = memory_op(XENMEM_exchange, &x);
	printk("# exchange: %ld, %lu done\n", rc, (unsigned long)x.nr_exchanged);
	check(rc < 0 && !x.nr_exchanged, "exchange does nothing on Arm");
	x.out.extent_order = 1;
	rc = memory_op(XENMEM_exchange, &x);
	printk("# unequal exchange: %ld\n", rc);
	check(rc < 0, "nor with unequal sides");
}

static long set_pool(struct child *c, u64 bytes)
{
	struct xen_domctl op = {
		.cmd = XEN_DOMCTL_set_paging_mempool_size, .domain = c->id,
		.u.paging_mempool.size = bytes,
	};

	return domctl(&op);
}

/* One page in each 2 MiB needs a table each. */
static unsigned int spread(struct child *c, unsigned int first, unsigned int nr)
{
	static xen_pfn_t frames[256];
	struct xen_memory_reservation r = { .nr_extents = nr, .domid = c->id };

	for (unsigned int i = 0; i < nr; i++)
		frames[i] = (GUEST_RAM_BASE >> PAGE_SHIFT) + (first + i) * 512;
	set_xen_guest_handle(r.extent_start, frames);
	return memory_op(XENMEM_populate_physmap, &r);
}

static void check_pool(void)
{
	struct child c;
	unsigned int n;

	check_eq(child_create_empty(&c, 4, 1), 0, "a domain");
	check_eq(set_pool(&c, 64 << 12), 0, "a pool of 64 pages");
	n = spread(&c, 0, 256);
	printk("# %u pages mapped\n", n);
	check(n >= 32 && n < 64, "is a limit");
	check(set_pool(&c, 128 << 12) == 0, "a larger one");
	check_eq(spread(&c, n, 32), 32, "lets more be mapped");
	check_eq(set_pool(&c, 123), -EINVAL, "it has whole pages");
	check(set_pool(&c, 0) < 0, "what is in use is not given up");
	child_destroy(&c);

	check_eq(child_create_empty(&c, 4, 1), 0, "another domain");
	set_pool(&c, 0);
	check(spread(&c, 0, 64) < 20, "nothing is not without limit");
	child_destroy(&c);
}

void test_main(void)
{
	check_claims();
	check_increase();
	check_exchange();
	check_pool();
}
