// SPDX-License-Identifier: GPL-2.0-only
/* event_channel_op: the calls. */
#include <xen/evtchn_if.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>

/* Handlers whose argument is a type T; the rest of the line is the body's expression. */
#define HANDLER(name, T, expr)						\
static long op_##name(struct hc_ctx *ctx, void *arg)			\
{									\
	T *a = arg;							\
									\
	return expr;							\
}

static domid_t resolve_self(domid_t id)
{
	return id == DOMID_SELF ? current->domain->domain_id : id;
}

HANDLER(alloc_unbound, struct evtchn_alloc_unbound,
	evtchn_alloc_unbound(ctx->target, resolve_self(a->remote_dom), &a->port))
HANDLER(bind_interdomain, struct evtchn_bind_interdomain,
	evtchn_bind_interdomain(ctx->target, a->remote_port, &a->local_port))
HANDLER(bind_virq, struct evtchn_bind_virq, evtchn_bind_virq(a))
HANDLER(bind_ipi, struct evtchn_bind_ipi, evtchn_bind_ipi(a))
HANDLER(close, struct evtchn_close, evtchn_close(ctx->v->domain, a->port))
HANDLER(send, struct evtchn_send, evtchn_send(ctx->v->domain, a->port))
HANDLER(status, struct evtchn_status, evtchn_status(ctx->target, a))
HANDLER(bind_vcpu, struct evtchn_bind_vcpu, evtchn_bind_vcpu(a->port, a->vcpu))
static long op_reset(struct hc_ctx *ctx, void *arg)
{
	return evtchn_reset(ctx->target);
}

HANDLER(init_control, struct evtchn_init_control, evtchn_fifo_init_control(a))
HANDLER(expand_array, struct evtchn_expand_array, evtchn_fifo_expand_array(a))

static long op_unmask(struct hc_ctx *ctx, void *arg)
{
	struct domain *d = ctx->v->domain;
	struct evtchn_unmask *a = arg;
	struct evtchn *chn = evtchn_find(d, a->port);

	if (!chn)
		return -EINVAL;
	spin_lock_irq(&chn->lock);
	if (evtchn_is_bound(chn))
		d->evtchn.ops->unmask(d, chn);
	spin_unlock_irq(&chn->lock);
	return 0;
}

static long op_set_priority(struct hc_ctx *ctx, void *arg)
{
	struct domain *d = ctx->v->domain;
	struct evtchn_set_priority *a = arg;
	struct evtchn *chn = evtchn_find(d, a->port);
	long rc;

	if (!chn)
		return -EINVAL;
	spin_lock_irq(&chn->lock);
	rc = d->evtchn.ops->set_priority(d, chn, a->priority);
	spin_unlock_irq(&chn->lock);
	return rc;
}

/* There are no physical interrupts to bind on a machine whose guests get theirs by the GIC. */
static long op_bind_pirq(struct hc_ctx *ctx, void *arg)
{
	return -EINVAL;
}

static void undo_unbound(struct hc_ctx *ctx, void *arg)
{
	evtchn_close(ctx->target, ((struct evtchn_alloc_unbound *)arg)->port);
}

#define UNDO_LOCAL(name, T, field)					\
static void undo_##name(struct hc_ctx *ctx, void *arg)			\
{									\
	evtchn_close(ctx->v->domain, ((T *)arg)->field);			\
}
UNDO_LOCAL(interdomain, struct evtchn_bind_interdomain, local_port)
UNDO_LOCAL(virq, struct evtchn_bind_virq, port)
UNDO_LOCAL(ipi, struct evtchn_bind_ipi, port)

#define ROW(op, T, o, who, tgt, fn, un) \
	[EVTCHNOP_##op] = { #op, sizeof(struct T), o, who, tgt, 0, fn, un }
#define DOM(T, f) offsetof(struct T, f)

static const struct hc_subop evtchn_ops[] = {
	ROW(bind_interdomain, evtchn_bind_interdomain, HC_OUT_SUCCESS, HC_ANYBODY,
	    DOM(evtchn_bind_interdomain, remote_dom), op_bind_interdomain, undo_interdomain),
	ROW(bind_virq, evtchn_bind_virq, HC_OUT_SUCCESS, HC_ANYBODY, HC_NO_TARGET, op_bind_virq,
	    undo_virq),
	ROW(bind_pirq, evtchn_bind_pirq, HC_OUT_NEVER, HC_ANYBODY, HC_NO_TARGET, op_bind_pirq, NULL),
	ROW(close, evtchn_close, HC_OUT_NEVER, HC_ANYBODY, HC_NO_TARGET, op_close, NULL),
	ROW(send, evtchn_send, HC_OUT_NEVER, HC_ANYBODY, HC_NO_TARGET, op_send, NULL),
	ROW(status, evtchn_status, HC_OUT_SUCCESS, HC_CONTROL_OR_SELF, DOM(evtchn_status, dom),
	    op_status, NULL),
	ROW(alloc_unbound, evtchn_alloc_unbound, HC_OUT_SUCCESS, HC_CONTROL_OR_SELF,
	    DOM(evtchn_alloc_unbound, dom), op_alloc_unbound, undo_unbound),
	ROW(bind_ipi, evtchn_bind_ipi, HC_OUT_SUCCESS, HC_ANYBODY, HC_NO_TARGET, op_bind_ipi,
	    undo_ipi),
	ROW(bind_vcpu, evtchn_bind_vcpu, HC_OUT_NEVER, HC_ANYBODY, HC_NO_TARGET, op_bind_vcpu, NULL),
	ROW(unmask, evtchn_unmask, HC_OUT_NEVER, HC_ANYBODY, HC_NO_TARGET, op_unmask, NULL),
	[EVTCHNOP_reset] = { "reset", sizeof(struct evtchn_reset), HC_OUT_NEVER, HC_CONTROL_OR_SELF,
			     DOM(evtchn_reset, dom), HC_RESTARTABLE, op_reset, NULL },
	ROW(init_control, evtchn_init_control, HC_OUT_SUCCESS, HC_ANYBODY, HC_NO_TARGET,
	    op_init_control, NULL),
	ROW(expand_array, evtchn_expand_array, HC_OUT_NEVER, HC_ANYBODY, HC_NO_TARGET,
	    op_expand_array, NULL),
	ROW(set_priority, evtchn_set_priority, HC_OUT_NEVER, HC_ANYBODY, HC_NO_TARGET,
	    op_set_priority, NULL),
};

const struct hc_table event_channel_op_table = HC_TABLE(evtchn_ops);

long do_event_channel_op(struct hc_ctx *ctx)
{
	struct domain *d = ctx->v->domain;
	evtchn_port_t port;

	BUILD_BUG_ON(sizeof(struct evtchn_send) != sizeof(port));
	/* By far the most frequent: straight. */
	if (likely((unsigned int)ctx->args[0] == EVTCHNOP_send)) {
		hc_count_row(ctx->nr, EVTCHNOP_send);
		if (read_guest_va32(&port, ctx->args[1], d))
			return -EFAULT;
		return evtchn_send(d, port);
	}
	ctx->cmd = ctx->args[0];
	ctx->arg_va = ctx->args[1];
	return hc_dispatch(&event_channel_op_table, ctx);
}
