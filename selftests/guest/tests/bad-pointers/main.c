// SPDX-License-Identifier: GPL-2.0-only
/*
 * Argument structures at addresses that cannot be read or written.
 *
 * Every operation that copies must answer -EFAULT for an address that either
 * stage of translation refuses, for one behind which a device is emulated, and
 * for a structure that starts on a good page and ends on a bad one. For a
 * result that cannot be delivered the read-only page is the test.
 */
#include "test.h"

struct op {
	const char *name;
	unsigned int call, cmd;
	unsigned int size;	/* of the structure */
	u8 pos;			/* which argument is the pointer */
	bool in, out;		/* what is copied */
	unsigned long last;	/* the argument behind the pointer */
};

#define OP(call, cmd, type, in, out) \
	{ #cmd, __HYPERVISOR_##call, cmd, sizeof(type), 1, in, out, 1 }

static const struct op ops[] = {
	OP(xen_version, XENVER_extraversion, xen_extraversion_t, false, true),
	OP(xen_version, XENVER_compile_info, struct xen_compile_info, false, true),
	OP(xen_version, XENVER_capabilities, xen_capabilities_info_t, false, true),
	OP(xen_version, XENVER_changeset, xen_changeset_info_t, false, true),
	OP(xen_version, XENVER_platform_parameters, struct xen_platform_parameters, false, true),
	OP(xen_version, XENVER_get_features, struct xen_feature_info, true, true),
	OP(xen_version, XENVER_commandline, xen_commandline_t, false, true),
	OP(memory_op, XENMEM_current_reservation, domid_t, true, false),
	OP(memory_op, XENMEM_maximum_reservation, domid_t, true, false),
	OP(memory_op, XENMEM_maximum_gpfn, domid_t, true, false),
	OP(memory_op, XENMEM_add_to_physmap, struct xen_add_to_physmap, true, false),
	OP(memory_op, XENMEM_add_to_physmap_batch, struct xen_add_to_physmap_batch, true, false),
	OP(memory_op, XENMEM_remove_from_physmap, struct xen_remove_from_physmap, true, false),
	OP(memory_op, XENMEM_acquire_resource, struct xen_mem_acquire_resource, true, false),
	OP(event_channel_op, EVTCHNOP_alloc_unbound, struct evtchn_alloc_unbound, true, true),
	OP(event_channel_op, EVTCHNOP_bind_interdomain, struct evtchn_bind_interdomain, true, false),
	OP(event_channel_op, EVTCHNOP_bind_virq, struct evtchn_bind_virq, true, false),
	OP(event_channel_op, EVTCHNOP_bind_ipi, struct evtchn_bind_ipi, true, true),
	OP(event_channel_op, EVTCHNOP_close, struct evtchn_close, true, false),
	OP(event_channel_op, EVTCHNOP_send, struct evtchn_send, true, false),
	OP(event_channel_op, EVTCHNOP_status, struct evtchn_status, true, false),
	OP(event_channel_op, EVTCHNOP_bind_vcpu, struct evtchn_bind_vcpu, true, false),
	OP(event_channel_op, EVTCHNOP_unmask, struct evtchn_unmask, true, false),
	OP(event_channel_op, EVTCHNOP_reset, struct evtchn_reset, true, false),
	OP(event_channel_op, EVTCHNOP_init_control, struct evtchn_init_control, true, false),
	OP(event_channel_op, EVTCHNOP_expand_array, struct evtchn_expand_array, true, false),
	OP(event_channel_op, EVTCHNOP_set_priority, struct evtchn_set_priority, true, false),
	OP(grant_table_op, GNTTABOP_map_grant_ref, struct gnttab_map_grant_ref, true, true),
	OP(grant_table_op, GNTTABOP_unmap_grant_ref, struct gnttab_unmap_grant_ref, true, true),
	OP(grant_table_op, GNTTABOP_copy, struct gnttab_copy, true, true),
	OP(grant_table_op, GNTTABOP_query_size, struct gnttab_query_size, true, false),
	OP(grant_table_op, GNTTABOP_set_version, struct gnttab_set_version, true, false),
	OP(grant_table_op, GNTTABOP_cache_flush, struct gnttab_cache_flush, true, false),
	OP(sched_op, SCHEDOP_shutdown, struct sched_shutdown, true, false),
	OP(sched_op, SCHEDOP_poll, struct sched_poll, true, false),
	OP(sched_op, SCHEDOP_watchdog, struct sched_watchdog, true, false),
	OP(hvm_op, HVMOP_set_param, struct xen_hvm_param, true, false),
	OP(hvm_op, HVMOP_get_param, struct xen_hvm_param, true, false),
	{ "VCPUOP_register_vcpu_info", __HYPERVISOR_vcpu_op, VCPUOP_register_vcpu_info,
	  sizeof(struct vcpu_register_vcpu_info), 2, true, false, 0 },
	{ "VCPUOP_register_runstate_memory_area", __HYPERVISOR_vcpu_op,
	  VCPUOP_register_runstate_memory_area,
	  sizeof(struct vcpu_register_runstate_memory_area), 2, true, false, 0 },
	{ "multicall", __HYPERVISOR_multicall, 0, sizeof(struct multicall_entry), 0,
	  true, true, 1 },
	{ "domctl", __HYPERVISOR_domctl, 0, sizeof(struct xen_domctl), 0, true, false, 0 },
	{ "sysctl", __HYPERVISOR_sysctl, 0, sizeof(struct xen_sysctl), 0, true, false, 0 },
};

static long call(const struct op *op, const void *p)
{
	unsigned long arg = (unsigned long)p;

	switch (op->pos) {
	case 0:
		return hypercall(op->call, arg, op->last, 0, 0, 0);
	case 1:
		return hypercall(op->call, op->cmd, arg, op->last, 0, 0);
	default:
		return hypercall(op->call, op->cmd, 0, arg, 0, 0);
	}
}

void test_main(void)
{
	const struct bad_pointer *b;

	for (unsigned int i = 0; i < ARRAY_SIZE(ops); i++) {
		const struct op *op = &ops[i];
		bool all = true;

		for (b = bad_pointers(); b->name; b++) {
			long ret;

			if (b->readable)
				continue;
			ret = call(op, b->p);
			if (ret != -EFAULT) {
				printk("# %s, %s: %ld\n", op->name, b->name, ret);
				all = false;
			}
		}
		check(all, "%s: bad addresses", op->name);
		check_eq(call(op, bad_straddle(op->size - 1)), -EFAULT, "%s: straddling", op->name);
	}

	/* These count the extents that were done before the trouble: none. */
	check_eq(memory_op(XENMEM_populate_physmap, bad_pointers()->p), 0, "populate_physmap");
	check_eq(memory_op(XENMEM_decrease_reservation, bad_pointers()->p), 0,
		 "decrease_reservation");
	check_eq(memory_op(XENMEM_populate_physmap, bad_straddle(8)), 0,
		 "populate_physmap: straddling");

	/* Nothing may have happened on the way. */
	check_eq(evtchn_status(DOMID_SELF, 1, NULL), EVTCHNSTAT_closed, "no port is left over");
}
