// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hypercall dispatch: what a descriptor says is done here and nowhere else.
 */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <public/platform.h>

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
	if (op->caller == HC_CONTROL_OR_SELF && ctx->target != ctx->v->domain &&
	    !is_control_domain(ctx->v->domain))
		return -EPERM;
	return 0;
}

/* The row for ctx->cmd if the caller may use it, else NULL and *rc. */
static const struct hc_subop *find_row(const struct hc_table *t, struct hc_ctx *ctx, long *rc)
{
	const struct hc_subop *op;

	*rc = -ENOSYS;
	if (unlikely(ctx->cmd >= t->nr_ops || !t->ops[ctx->cmd].handler))
		return NULL;
	hc_count_row(ctx->nr, ctx->cmd);
	op = &t->ops[ctx->cmd];
	ctx->target = NULL;
	*rc = -EPERM;
	return op->caller == HC_CONTROL && !is_control_domain(ctx->v->domain) ? NULL : op;
}

static __always_inline long run_row(struct hc_ctx *ctx, const struct hc_subop *op,
				    struct hc_arg *a, void *buf)
{
	size_t out = 0;
	long rc = 0;

	if (op->target_off != HC_NO_TARGET)
		rc = find_target(ctx, op, buf);
	if (!rc)
		rc = op->handler(ctx, buf);
	if (rc != -ERESTART && (op->out == HC_OUT_ALWAYS || (op->out == HC_OUT_SUCCESS && rc >= 0)))
		out = op->size;
	if (likely(!hc_deliver(ctx, a, buf, out)))
		return rc;
	/* The caller would never learn of what was made for it. */
	if (rc >= 0 && op->undo)
		op->undo(ctx, buf);
	return -EFAULT;
}

static __always_inline long fetch_and_run(struct hc_ctx *ctx, const struct hc_subop *op)
{
	uint64_t buf[HC_MAX_ARG_SIZE / sizeof(uint64_t)];
	struct hc_arg a = { NULL, NULL };
	int rc = 0;

	if (op->out != HC_OUT_NEVER)
		rc = hc_fetch(ctx, &a, buf, op->size);
	else if (op->size)
		rc = copy_from_guest_va(buf, ctx->arg_va, op->size);
	return rc ? -EFAULT : run_row(ctx, op, &a, buf);
}

long hc_dispatch(const struct hc_table *t, struct hc_ctx *ctx)
{
	long rc;
	const struct hc_subop *op = find_row(t, ctx, &rc);

	if (unlikely(!op))
		return rc;
	rc = fetch_and_run(ctx, op);
	hc_put_target(ctx);
	return rc;
}

long hc_dispatch_versioned(const struct hc_table *t, struct hc_ctx *ctx, size_t size,
			   uint32_t version)
{
	union {
		struct { uint32_t cmd, version; };
		uint64_t words[HC_MAX_ARG_SIZE / sizeof(uint64_t)];
	} buf;
	struct hc_arg a = { NULL, NULL };
	const struct hc_subop *op;
	long rc;

	ctx->arg_va = ctx->args[0];
	if (copy_from_guest_va(&buf, ctx->arg_va, size))
		return -EFAULT;
	if (!is_control_domain(ctx->v->domain))
		return -EPERM;
	if (buf.version != version)
		return -EACCES;
	ctx->cmd = buf.cmd;
	op = find_row(t, ctx, &rc);
	if (!op)
		return rc;
	rc = run_row(ctx, op, &a, &buf);
	hc_put_target(ctx);
	return rc;
}

__noinline bool hc_array_preempt(struct hc_ctx *ctx, unsigned int done, size_t size)
{
	if (!hypercall_preempt_check())
		return false;
	ctx->args[1] += done * size;
	ctx->args[2] -= done;
	return true;
}

long hc_dispatch_array(const struct hc_table *t, struct hc_ctx *ctx)
{
	unsigned int count = ctx->args[2];
	long rc;
	const struct hc_subop *op = find_row(t, ctx, &rc);

	if (unlikely(!op))
		return rc;
	rc = 0;
	for (unsigned int i = 0; i < count && !rc; i++) {
		ctx->arg_va = ctx->args[1] + (guest_va_t)i * op->size;
		if (i && hc_array_preempt(ctx, i, op->size))
			rc = -ERESTART;
		else
			rc = fetch_and_run(ctx, op);
	}
	hc_put_target(ctx);
	return rc;
}

/* Of the usual form: command and address of the argument. */
static long do_table_op(struct hc_ctx *ctx)
{
	ctx->cmd = ctx->args[0];
	ctx->arg_va = ctx->args[1];
	return hc_dispatch(hypercall_table[ctx->nr].table, ctx);
}

bool hypercall_preempt_check(void)
{
	return local_softirq_pending() || events_deliverable(current);
}

extern const struct hc_table memory_op_table, sched_op_table, hvm_op_table, domctl_table,
	sysctl_table, event_channel_op_table, grant_table_op_table;

const struct hypercall hypercall_table[NR_HYPERCALLS] = {
	[__HYPERVISOR_memory_op]	= { "memory_op", do_memory_op, 2, &memory_op_table },
	[__HYPERVISOR_multicall]	= { "multicall", do_multicall, 2, NULL },
	[__HYPERVISOR_xen_version]	= { "xen_version", do_xen_version, 2, NULL },
	[__HYPERVISOR_console_io]	= { "console_io", do_console_io, 3, NULL },
	[__HYPERVISOR_grant_table_op]	= { "grant_table_op", do_grant_table_op, 3, &grant_table_op_table },
	[__HYPERVISOR_vm_assist]	= { "vm_assist", do_vm_assist, 2, NULL },
	[__HYPERVISOR_vcpu_op]		= { "vcpu_op", do_vcpu_op, 3, NULL },
	[__HYPERVISOR_sched_op]		= { "sched_op", do_table_op, 2, &sched_op_table },
	[__HYPERVISOR_event_channel_op]	= { "event_channel_op", do_event_channel_op, 2,
					    &event_channel_op_table },
	[__HYPERVISOR_physdev_op]	= { "physdev_op", do_physdev_op, 2, NULL },
	[__HYPERVISOR_hvm_op]		= { "hvm_op", do_table_op, 2, &hvm_op_table },
	[__HYPERVISOR_sysctl]		= { "sysctl", do_sysctl, 1, &sysctl_table },
	[__HYPERVISOR_domctl]		= { "domctl", do_domctl, 1, &domctl_table },
	[__HYPERVISOR_platform_op]	= { "platform_op", do_platform_op, 1, NULL },
	[__HYPERVISOR_dm_op]		= { "dm_op", do_dm_op, 3, NULL },
};
