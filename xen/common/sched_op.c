// SPDX-License-Identifier: GPL-2.0-only
/* SCHEDOP_*: yield, block, poll, shutdown, watchdog. */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <public/sched.h>

#define MAX_POLL_PORTS 128

static void poll_expired(void *data)
{
	struct vcpu *v = data;

	if (test_and_clear_bit(ffsl_(VPF_poll), &v->pause_flags)) {
		clear_bit(v->vcpu_id, v->domain->poll_mask);
		vcpu_wake(v);
	}
}

void poll_init_vcpu(struct vcpu *v)
{
	init_timer(&v->poll_timer, poll_expired, v, smp_processor_id());
}

static void end_poll(struct vcpu *v)
{
	clear_bit(v->vcpu_id, v->domain->poll_mask);
	clear_bit(ffsl_(VPF_poll), &v->pause_flags);
}

/* 1: a port is pending already; 0: none is; -EINVAL, -EFAULT. */
static long any_pending(struct domain *d, const struct sched_poll *poll, evtchn_port_t *single)
{
	*single = 0;
	for (unsigned int i = 0; i < poll->nr_ports; i++) {
		evtchn_port_t port;

		if (copy_elem_from_guest(&port, poll->ports, i))
			return -EFAULT;
		if (!evtchn_port_is_valid(d, port))
			return -EINVAL;
		if (poll->nr_ports == 1)
			*single = port;
		if (evtchn_is_pending(d, port))
			return 1;
	}
	return 0;
}

static long op_poll(struct hc_ctx *ctx, void *arg)
{
	struct sched_poll *poll = arg;
	struct vcpu *v = ctx->v;
	evtchn_port_t single;
	long rc;

	if (poll->nr_ports > MAX_POLL_PORTS)
		return -EINVAL;
	set_bit(v->vcpu_id, v->domain->poll_mask);
	v->poll_evtchn = 0;
	set_bit(ffsl_(VPF_poll), &v->pause_flags);
	/* Pairs with the sender: it sets pending, then looks for pollers. */
	smp_mb();
	rc = events_deliverable(v) ? 1 : any_pending(v->domain, poll, &single);
	if (rc) {
		end_poll(v);
		return min(rc, 0L);
	}
	v->poll_evtchn = single;
	if (poll->timeout)
		set_timer(&v->poll_timer, poll->timeout);
	else
		stop_timer(&v->poll_timer);
	raise_softirq(SCHEDULE_SOFTIRQ);
	return 0;
}

static long op_yield(struct hc_ctx *ctx, void *arg)
{
	vcpu_yield_current();
	return 0;
}

static long op_block(struct hc_ctx *ctx, void *arg)
{
	vcpu_block_current();
	return 0;
}

static long op_shutdown(struct hc_ctx *ctx, void *arg)
{
	struct sched_shutdown *s = arg;

	return domain_shutdown(ctx->v->domain, s->reason);
}

static long op_shutdown_code(struct hc_ctx *ctx, void *arg)
{
	struct domain *d = ctx->v->domain;
	struct sched_shutdown *s = arg;

	spin_lock(&d->shutdown_lock);
	if (!d->is_shutting_down)
		d->shutdown_code = s->reason;
	spin_unlock(&d->shutdown_lock);
	return 0;
}

static long op_remote_shutdown(struct hc_ctx *ctx, void *arg)
{
	struct sched_remote_shutdown *s = arg;

	return domain_shutdown(ctx->target, s->reason);
}

static void watchdog_fired(void *data)
{
	struct domain *d = data;

	printk(XENLOG_WARNING "%pd: watchdog timer expired\n", d);
	domain_shutdown(d, SHUTDOWN_watchdog);
}

int watchdog_init(struct domain *d, const struct xen_domctl_createdomain *cfg)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(d->watchdog.timer); i++)
		init_timer(&d->watchdog.timer[i], watchdog_fired, d, smp_processor_id());
	return 0;
}

void watchdog_destroy(struct domain *d)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(d->watchdog.timer); i++)
		kill_timer(&d->watchdog.timer[i]);
}

/* id 0 starts a free one and returns its id; timeout 0 stops; else it is set anew. */
static long set_watchdog(struct domain *d, uint32_t id, uint32_t timeout)
{
	uint32_t slot = id - 1;

	if (id == 0) {
		if (timeout == 0)
			return -EINVAL;
		for (slot = 0; slot < ARRAY_SIZE(d->watchdog.timer); slot++)
			if (!(d->watchdog.inuse_map & BIT(slot)))
				break;
		if (slot == ARRAY_SIZE(d->watchdog.timer))
			return -ENOSPC;
		d->watchdog.inuse_map |= BIT(slot);
		set_timer(&d->watchdog.timer[slot], NOW() + SECONDS(timeout));
		return slot + 1;
	}
	if (!(d->watchdog.inuse_map & BIT(slot)))
		return -EINVAL;
	if (timeout == 0) {
		stop_timer(&d->watchdog.timer[slot]);
		d->watchdog.inuse_map &= ~BIT(slot);
	} else {
		set_timer(&d->watchdog.timer[slot], NOW() + SECONDS(timeout));
	}
	return 0;
}

static long op_watchdog(struct hc_ctx *ctx, void *arg)
{
	struct sched_watchdog *w = arg;
	struct domain *d = ctx->v->domain;
	long rc;

	if (w->id > ARRAY_SIZE(d->watchdog.timer))
		return -EINVAL;
	spin_lock(&d->lock);
	rc = set_watchdog(d, w->id, w->timeout);
	spin_unlock(&d->lock);
	return rc;
}

#define OP(nr, sz, who, tgt, fl, fn) \
	[nr] = { #nr, sz, HC_OUT_NEVER, who, tgt, fl, fn, NULL }

static const struct hc_subop sched_ops_table[] = {
	OP(SCHEDOP_yield, 0, HC_ANYBODY, HC_NO_TARGET, 0, op_yield),
	OP(SCHEDOP_block, 0, HC_ANYBODY, HC_NO_TARGET, 0, op_block),
	OP(SCHEDOP_shutdown, sizeof(struct sched_shutdown), HC_ANYBODY, HC_NO_TARGET, 0, op_shutdown),
	OP(SCHEDOP_poll, sizeof(struct sched_poll), HC_ANYBODY, HC_NO_TARGET, 0, op_poll),
	OP(SCHEDOP_remote_shutdown, sizeof(struct sched_remote_shutdown), HC_CONTROL,
	   offsetof(struct sched_remote_shutdown, domain_id), 0, op_remote_shutdown),
	OP(SCHEDOP_shutdown_code, sizeof(struct sched_shutdown), HC_ANYBODY, HC_NO_TARGET, 0,
	   op_shutdown_code),
	OP(SCHEDOP_watchdog, sizeof(struct sched_watchdog), HC_ANYBODY, HC_NO_TARGET, 0, op_watchdog),
};

const struct hc_table sched_op_table = HC_TABLE(sched_ops_table);
