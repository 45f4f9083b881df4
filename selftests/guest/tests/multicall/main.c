// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicalls: order, results, and what may be in them.
 */
#include "test.h"

static struct multicall_entry *list;

static void put(unsigned int i, unsigned long op, unsigned long a0, unsigned long a1,
		unsigned long a2)
{
	memset(&list[i], 0x5a, sizeof(list[i]));
	list[i].op = op;
	list[i].args[0] = a0;
	list[i].args[1] = a1;
	list[i].args[2] = a2;
}

void test_main(void)
{
	struct evtchn_alloc_unbound alloc[3];
	static struct xen_feature_info fi;
	const unsigned int many = 300;
	bool right = true;
	long ret;

	list = page_alloc(8);
	check_eq(multicall(NULL, 0), 0, "an empty list");

	put(0, __HYPERVISOR_xen_version, XENVER_version, 0, 0);
	put(1, __HYPERVISOR_xen_version, XENVER_pagesize, 0, 0);
	put(2, 63, 0, 0, 0);
	put(3, __HYPERVISOR_xen_version, XENVER_get_features, (u64)&fi, 0);
	put(4, __HYPERVISOR_xen_version, XENVER_extraversion, 8, 0);
	check_eq(multicall(list, 5), 0, "five calls");
	check_eq(list[0].result, xen_version(XENVER_version, NULL), "the version");
	check_eq(list[1].result, 4096, "the page size");
	check_eq(list[2].result, -ENOSYS, "an unknown call");
	check_eq(list[3].result, 0, "a call with a structure");
	check(fi.submap != 0, "which was filled in");
	check((long)list[4].result == -EFAULT || gic.dist == 0, "a call with a bad pointer");

	for (unsigned int i = 0; i < 3; i++) {
		alloc[i] = (struct evtchn_alloc_unbound){ .dom = DOMID_SELF,
							  .remote_dom = DOMID_SELF };
		put(i, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (u64)&alloc[i], 0);
	}
	check_eq(multicall(list, 3), 0, "three allocations");
	check(alloc[0].port == 1 && alloc[1].port == 2 && alloc[2].port == 3, "were done in order");

	for (unsigned int i = 0; i < many; i++)
		put(i, __HYPERVISOR_xen_version, i & 1 ? XENVER_pagesize : 77, 0, 0);
	check_eq(multicall(list, many), 0, "three hundred calls");
	for (unsigned int i = 0; i < many; i++)
		if ((long)list[i].result != (i & 1 ? 4096 : -ENOSYS))
			right = false;
	check(right, "each with its result");

	put(0, __HYPERVISOR_multicall, (u64)&list[1], 1, 0);
	put(1, __HYPERVISOR_xen_version, XENVER_pagesize, 0, 0);
	ret = multicall(list, 1);
	printk("# nested: %ld, result %ld\n", ret, (long)list[0].result);
	check(ret == 0 && (long)list[0].result == -EINVAL, "a multicall in a multicall is refused");
	check_eq(list[1].result, 0x5a5a5a5a5a5a5a5aUL, "and not done");

	put(0, __HYPERVISOR_xen_version, XENVER_pagesize, 0, 0);
	check_eq(multicall((void *)((u64)list + 8 * PAGE_SIZE - 8), 1) != 0 ||
		 xen_version(XENVER_pagesize, NULL) == 4096, 1, "a list at an odd place");
	memcpy(bad_straddle(sizeof(*list)), list, sizeof(*list));
	check_eq(multicall(bad_straddle(sizeof(*list)), 2), -EFAULT, "a list that ends too early");
	check_eq(((struct multicall_entry *)bad_straddle(sizeof(*list)))->result, 4096,
		 "what was there is done");

	mmu_set((u64)list, PAGE_SIZE, MMU_RAM_RO);
	check_eq(multicall(list, 1), -EFAULT, "a list that cannot be written");
}
