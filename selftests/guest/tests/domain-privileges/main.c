// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest domain may not do: the toolstack's operations, the memory of
 * others, the console, other domains' parameters. Each is refused.
 */
#include "test.h"

static long refuse(const char *name, long got, long want)
{
	if (got != want)
		printk("%s: %ld, not %ld\n", name, got, want);
	return got != want;
}

void child_main(struct child_params *p)
{
	struct xen_domctl d = { .cmd = XEN_DOMCTL_getdomaininfo, .domain = 0 };
	struct xen_sysctl s = { .cmd = XEN_SYSCTL_physinfo };
	struct xen_memory_reservation r = { .nr_extents = 1, .domid = 0 };
	struct xen_hvm_param param = { .domid = 0, .index = HVM_PARAM_STORE_PFN };
	struct sched_remote_shutdown down = { .domain_id = 0, .reason = SHUTDOWN_poweroff };
	struct xen_feature_info fi = { 0 };
	struct evtchn_reset reset = { .dom = 0 };
	struct xen_platform_op pf = {
		.cmd = XENPF_settime64, .interface_version = XENPF_INTERFACE_VERSION,
	};
	struct gnttab_query_size q = { .dom = 0 };
	xen_pfn_t frame = gfn_of(page_alloc(1));
	domid_t dom0 = 0;
	long bad = 0;

	bad += refuse("domctl", domctl(&d), -EPERM);
	d.cmd = XEN_DOMCTL_destroydomain;
	bad += refuse("destroydomain", domctl(&d), -EPERM);
	bad += refuse("sysctl", sysctl(&s), -EPERM);
	set_xen_guest_handle(r.extent_start, &frame);
	/* An error, or none of one done. */
	bad += refuse("decrease dom0", memory_op(XENMEM_decrease_reservation, &r) > 0, 0);
	bad += refuse("populate dom0", memory_op(XENMEM_populate_physmap, &r) > 0, 0);
	bad += refuse("reservation of dom0", memory_op(XENMEM_current_reservation, &dom0), -EPERM);
	bad += refuse("foreign frame of dom0", map_foreign(0, p->arg[0], gfn_hole()), -EPERM);
	bad += refuse("hvm_param of dom0", hvm_op(HVMOP_get_param, &param), -EPERM);
	bad += refuse("remote shutdown", sched_op(SCHEDOP_remote_shutdown, &down), -EPERM);
	bad += refuse("evtchn reset", event_channel_op(EVTCHNOP_reset, &reset), -EPERM);
	bad += refuse("evtchn status", evtchn_status(0, 1, NULL), -EPERM);
	bad += refuse("grant query", grant_table_op(GNTTABOP_query_size, &q, 1), 0);
	bad += refuse("its status", q.status, GNTST_permission_denied);
	bad += refuse("platform_op", HC(__HYPERVISOR_platform_op, &pf, 0, 0, 0), -EPERM);
	xen_version(XENVER_get_features, &fi);
	bad += refuse("feature dom0", fi.submap >> XENFEAT_dom0 & 1, 0);
	p->out[0] = bad;
}

void test_main(void)
{
	struct child c;

	child_create(&c, 8, 1);
	c.params->arg[0] = gfn_of(page_alloc(1));
	child_unpause(&c);
	require(child_wait(&c, 3000000), "it runs to its end");
	check_eq(c.params->out[0], 0, "everything was refused");
	check_eq(child_destroy(&c), 0, "it is destroyed");
}
