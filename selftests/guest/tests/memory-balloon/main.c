// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dom0's ballooning: pages go and come back at the same machine address.
 *
 * Dom0's memory is mapped one to one so that it can do DMA without an IOMMU: a
 * page that it gave back and populated again must be the same machine page, and
 * the counts must follow.
 */
#include "test.h"

#define N	64

static long batch(unsigned int cmd, xen_pfn_t *frames, unsigned int n, unsigned int order)
{
	struct xen_memory_reservation r = {
		.nr_extents = n, .extent_order = order, .domid = DOMID_SELF,
	};

	set_xen_guest_handle(r.extent_start, frames);
	return memory_op(cmd, &r);
}

static long pages(void)
{
	domid_t self = DOMID_SELF;

	return memory_op(XENMEM_current_reservation, &self);
}

void test_main(void)
{
	static xen_pfn_t frames[N];
	domid_t self = DOMID_SELF, other = 1234;
	volatile u64 *mem = page_alloc_aligned(N);
	long before = pages(), max;
	struct trap_frame f;
	u64 v;

	max = memory_op(XENMEM_maximum_reservation, &self);
	printk("# %ld pages of at most %ld\n", before, max);
	check(before > 0 && before <= 128 * 256, "dom0 has the memory it was given");
	check(max == -1 || max >= before || max == (int)max, "maximum_reservation answers");
	check_eq(memory_op(XENMEM_current_reservation, &other), -ESRCH,
		 "current_reservation of a domain that is not there");
	check(memory_op(XENMEM_maximum_gpfn, &self) >= (long)gfn_of(mem), "maximum_gpfn is not too low");

	for (unsigned int i = 0; i < N; i++)
		frames[i] = gfn_of(mem) + i;
	check_eq(batch(XENMEM_decrease_reservation, frames, N, 0), N, "64 pages are given back");
	printk("# now %ld pages\n", pages());
	check(!try_read((u64)mem, 8, &v, &f), "they are gone");
	check_eq(ESR_EC(f.esr), EC_DABT_SAME, "reading one is a data abort");
	check_eq(batch(XENMEM_populate_physmap, frames, N, 0), N, "64 pages are populated again");
	check_eq(pages(), before, "the count is as before");
	for (unsigned int i = 0; i < N; i++)
		if (frames[i] != gfn_of(mem) + i)
			check(false, "frame %u is at its machine address", i);
	mem[0] = 1;
	mem[N * 512 - 1] = 2;
	check_eq(mem[0] + mem[N * 512 - 1], 3, "they can be used");

	/* One extent of order 6. */
	frames[0] = gfn_of(mem);
	check_eq(batch(XENMEM_decrease_reservation, frames, 1, 6), 1, "one extent of 64 pages goes");
	check(!try_read((u64)mem + 5 * PAGE_SIZE, 8, &v, &f), "all of it is gone");
	check_eq(batch(XENMEM_populate_physmap, frames, 1, 6), 1, "and comes back");
	check(try_read((u64)mem + 5 * PAGE_SIZE, 8, &v, &f), "all of it is there");

	check_eq(batch(XENMEM_decrease_reservation, frames, 0, 0), 0, "no extents, nothing done");
	check_eq(batch(XENMEM_populate_physmap, frames, 1, 40), 0, "an order beyond all is refused");
	check(batch(XENMEM_populate_physmap, frames, 1, 64) <= 0, "so is order 64");
	check(batch(XENMEM_populate_physmap, frames, 1, 0xffffffff) <= 0, "and a wild one");
	frames[0] = 1UL << 40;
	check_eq(batch(XENMEM_populate_physmap, frames, 1, 0), 0,
		 "a frame that cannot be mapped one to one");
	check_eq(batch(XENMEM_decrease_reservation, frames, 1, 0), 0, "nor given back");
	frames[0] = ~0UL;
	check_eq(batch(XENMEM_decrease_reservation, frames, 1, 0), 0, "nor a wild one");
	check_eq(pages(), before, "the count is still as before");
}
