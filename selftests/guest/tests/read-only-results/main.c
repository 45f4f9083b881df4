// SPDX-License-Identifier: GPL-2.0-only
/*
 * A result that cannot be delivered because its page is read-only to the guest.
 *
 * The call must say -EFAULT; and what it had created must be gone, because the
 * guest never learns its number.
 */
#include "test.h"

static void *ro_copy(const void *what, size_t n)
{
	static char *page;

	if (!page)
		page = page_alloc(1);
	mmu_set((u64)page, PAGE_SIZE, MMU_RAM);
	memcpy(page, what, n);
	mmu_set((u64)page, PAGE_SIZE, MMU_RAM_RO);
	return page;
}

void test_main(void)
{
	struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
	struct evtchn_bind_ipi ipi = { .vcpu = 0 };
	struct gnttab_query_size query = { .dom = DOMID_SELF };
	struct xen_feature_info fi = { .submap_idx = 0 };
	struct gnttab_map_grant_ref map = { .dom = DOMID_SELF, .ref = 100000 };
	char extra[16] = "";
	long first = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF), again;

	require(first > 0, "a port for comparison");
	evtchn_close(first);

	check_eq(event_channel_op(EVTCHNOP_alloc_unbound, ro_copy(&alloc, sizeof(alloc))),
		 -EFAULT, "alloc_unbound");
	check_eq(event_channel_op(EVTCHNOP_bind_ipi, ro_copy(&ipi, sizeof(ipi))),
		 -EFAULT, "bind_ipi");
	again = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF);
	check_eq(again, first, "no port was lost");

	check_eq(xen_version(XENVER_extraversion, ro_copy(extra, sizeof(extra))), -EFAULT,
		 "xen_version extraversion");
	check_eq(xen_version(XENVER_get_features, ro_copy(&fi, sizeof(fi))), -EFAULT,
		 "xen_version get_features");
	check_eq(grant_table_op(GNTTABOP_query_size, ro_copy(&query, sizeof(query)), 1), -EFAULT,
		 "grant query_size");
	check_eq(grant_table_op(GNTTABOP_map_grant_ref, ro_copy(&map, sizeof(map)), 1), -EFAULT,
		 "grant map");
}
