// SPDX-License-Identifier: GPL-2.0-only
/*
 * memory_op: numbers, counts and domains that are wrong.
 */
#include "test.h"

/* An array that ends too early: what is before its end is done, with a status. */
static void batch_straddles(unsigned int good)
{
	enum { N = 40 };
	static xen_pfn_t gfns[N];
	static int errs[N];
	xen_ulong_t *idxs = bad_straddle(good * sizeof(*idxs));
	struct xen_add_to_physmap_batch b = { .domid = DOMID_SELF, .size = N };

	b.space = XENMAPSPACE_gmfn_foreign;
	b.u.foreign_domid = 1234;
	set_xen_guest_handle(b.idxs, idxs);
	set_xen_guest_handle(b.gpfns, gfns);
	set_xen_guest_handle(b.errs, errs);
	for (unsigned int i = 0; i < N; i++)
		errs[i] = 1;
	for (unsigned int i = 0; i < good; i++)
		idxs[i] = 0;
	check_eq(memory_op(XENMEM_add_to_physmap_batch, &b), -EFAULT,
		 "a batch of which %u elements can be read", good);
	for (unsigned int i = 0; i < N; i++)
		if (errs[i] != (i < good ? -ESRCH : 1))
			check_eq(errs[i], i < good ? -ESRCH : 1, "status %u of %u", i, good);
}

void test_main(void)
{
	static const unsigned int absent[] = { 20, 21, 29, 40, 63 };
	struct xen_memory_reservation r = { .nr_extents = 1, .domid = DOMID_SELF };
	struct xen_add_to_physmap_batch b = { .domid = DOMID_SELF, .space = XENMAPSPACE_gmfn_foreign };
	struct xen_mem_acquire_resource res = { .domid = DOMID_SELF };
	xen_pfn_t frame = 0;
	xen_ulong_t idx = 0;
	int err = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(absent); i++)
		check(memory_op(absent[i], NULL) < 0, "operation %u is refused", absent[i]);

	set_xen_guest_handle(r.extent_start, bad_pointers()->p);
	check_eq(memory_op(XENMEM_decrease_reservation, &r), 0, "frames at a bad address: decrease");
	check_eq(memory_op(XENMEM_populate_physmap, &r), 0, "frames at a bad address: populate");
	set_xen_guest_handle(r.extent_start, &frame);
	r.domid = 1234;
	check_eq(memory_op(XENMEM_decrease_reservation, &r), 0, "a domain that is not there: decrease");
	check_eq(memory_op(XENMEM_populate_physmap, &r), 0, "a domain that is not there: populate");
	r.domid = DOMID_SELF;
	r.nr_extents = 1UL << 60;
	check_eq(memory_op(XENMEM_populate_physmap, &r), 0, "too many extents");

	set_xen_guest_handle(b.idxs, &idx);
	set_xen_guest_handle(b.gpfns, &frame);
	set_xen_guest_handle(b.errs, &err);
	b.size = 0;
	b.u.foreign_domid = 1234;
	check(memory_op(XENMEM_add_to_physmap_batch, &b) <= 0, "batch of nothing");
	b.size = 1;
	check_eq(memory_op(XENMEM_add_to_physmap_batch, &b), 0, "foreign frames of nobody");
	check_eq(err, -ESRCH, "its own status says so");
	b.u.foreign_domid = DOMID_SELF;
	err = 0;
	printk("# foreign frames of ourselves: %ld", memory_op(XENMEM_add_to_physmap_batch, &b));
	printk(" %d\n", err);
	check(err < 0, "foreign frames of ourselves");
	set_xen_guest_handle(b.errs, bad_pointers()->p);
	check_eq(memory_op(XENMEM_add_to_physmap_batch, &b), -EFAULT, "statuses at a bad address");
	for (unsigned int good = 0; good < 36; good += 7)
		batch_straddles(good);
	b.space = 77;
	set_xen_guest_handle(b.errs, &err);
	err = 0;
	check(memory_op(XENMEM_add_to_physmap_batch, &b) < 0 || err < 0, "an unknown space");

	res.type = 99;
	res.nr_frames = 1;
	set_xen_guest_handle(res.frame_list, &frame);
	check(memory_op(XENMEM_acquire_resource, &res) < 0, "an unknown resource");
	res.domid = 1234;
	check_eq(memory_op(XENMEM_acquire_resource, &res), -ESRCH,
		 "a resource of a domain that is not there");
}
