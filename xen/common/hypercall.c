// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hypercall dispatch: what a descriptor says is done here and nowhere else.
 */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <public/platform.h>

static bool caller_may(const struct hc_ctx *ctx, const struct hc_subop *op)
{
	const struct domain *d = ctx->v->domain;

	switch (op->caller) {
	case HC_ANYBODY:
		return true;
	case HC_CONTROL:
		return is_control_domain(d);
	default:
		return is_control_domain(d) || ctx->target == d;
	}
}

static long find_target(struct hc_ctx *ctx, const struct hc_subop *op, const void *arg)
{
	domid_t id;

	memcpy(&id, (const char *)arg + op->target_off, sizeof(id));
	ctx->target = domain_get_by_any_id(id);
	if (!ctx->target)
		return -ESRCH;
	if (ctx->target->is_dying && !(op->flags & HC_DYING_OK))
		return -ESRCH;
	if (ctx->target == ctx->v->domain && (op->flags & HC_NO_SELF))
		return -EINVAL;
	return 0;
}

static long deliver(struct hc_ctx *ctx, const struct hc_subop *op, void *arg, long rc)
{
	bool out = op->out == HC_OUT_ALWAYS || (op->out == HC_OUT_SUCCESS && rc >= 0);

	if (rc == -ERESTART || !out)
		return rc;
	if (likely(!copy_to_guest_va(ctx->arg_va, arg, op->size)))
		return rc;
	/* The caller would never learn of what was made for it. */
	if (rc >= 0 && op->undo)
		op->undo(ctx, arg);
	return -EFAULT;
}

/* The row for ctx->cmd if the caller may use it, else NULL and *rc. */
static const struct hc_subop *find_row(const struct hc_table *t, struct hc_ctx *ctx, long *rc)
{
	const struct hc_subop *op;

	*rc = t->unknown;
	if (unlikely(ctx->cmd >= t->nr_ops || !t->ops[ctx->cmd].handler))
		return NULL;
	op = &t->ops[ctx->cmd];
	ctx->op = op;
	ctx->target = NULL;
	if (t->count)
		atomic_inc(&t->count[ctx->cmd]);
	*rc = -EPERM;
	return op->caller == HC_CONTROL && !is_control_domain(ctx->v->domain) ? NULL : op;
}

static long run_row(struct hc_ctx *ctx, const struct hc_subop *op, void *arg)
{
	long rc = 0;

	if (op->target_off != HC_NO_TARGET)
		rc = find_target(ctx, op, arg);
	if (!rc)
		rc = caller_may(ctx, op) ? op->handler(ctx, arg) : -EPERM;
	rc = deliver(ctx, op, arg, rc);
	if (ctx->target) {
		put_domain(ctx->target);
		ctx->target = NULL;
	}
	return rc;
}

long hc_dispatch(const struct hc_table *t, struct hc_ctx *ctx)
{
	uint64_t buf[HC_MAX_ARG_SIZE / sizeof(uint64_t)];
	const struct hc_subop *op;
	long rc;

	op = find_row(t, ctx, &rc);
	if (unlikely(!op))
		return rc;
	if (op->size && unlikely(copy_from_guest_va(buf, ctx->arg_va, op->size)))
		return -EFAULT;
	return run_row(ctx, op, op->size ? buf : NULL);
}

long hc_dispatch_copied(const struct hc_table *t, struct hc_ctx *ctx, void *arg)
{
	long rc;
	const struct hc_subop *op = find_row(t, ctx, &rc);

	return op ? run_row(ctx, op, arg) : rc;
}

bool hypercall_preempt_check(void)
{
	return local_softirq_pending() || events_deliverable(current);
}

extern const struct hc_table sched_op_table, hvm_op_table, domctl_table, sysctl_table,
	event_channel_op_table, grant_table_op_table;

const struct hypercall hypercall_table[NR_HYPERCALLS] = {
	[__HYPERVISOR_memory_op]	= { "memory_op", do_memory_op, 2, NULL },
	[__HYPERVISOR_multicall]	= { "multicall", do_multicall, 2, NULL },
	[__HYPERVISOR_xen_version]	= { "xen_version", do_xen_version, 2, NULL },
	[__HYPERVISOR_console_io]	= { "console_io", do_console_io, 3, NULL },
	[__HYPERVISOR_grant_table_op]	= { "grant_table_op", do_grant_table_op, 3, &grant_table_op_table },
	[__HYPERVISOR_vm_assist]	= { "vm_assist", do_vm_assist, 2, NULL },
	[__HYPERVISOR_vcpu_op]		= { "vcpu_op", do_vcpu_op, 3, NULL },
	[__HYPERVISOR_sched_op]		= { "sched_op", do_sched_op, 2, &sched_op_table },
	[__HYPERVISOR_event_channel_op]	= { "event_channel_op", do_event_channel_op, 2, &event_channel_op_table },
	[__HYPERVISOR_physdev_op]	= { "physdev_op", do_physdev_op, 2, NULL },
	[__HYPERVISOR_hvm_op]		= { "hvm_op", do_hvm_op, 2, &hvm_op_table },
	[__HYPERVISOR_sysctl]		= { "sysctl", do_sysctl, 1, &sysctl_table },
	[__HYPERVISOR_domctl]		= { "domctl", do_domctl, 1, &domctl_table },
	[__HYPERVISOR_platform_op]	= { "platform_op", do_platform_op, 1, NULL },
	[__HYPERVISOR_dm_op]		= { "dm_op", do_dm_op, 3, NULL },
};
