// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event channels: ports, binding, sending, closing.
 *
 * Locks: a domain's evtchn.lock covers allocation and every change of a
 * channel's state; the channel's own lock, taken inside, is all that sending
 * needs. Two domains' locks and two channels' locks are taken by address.
 */
#include <xen/evtchn_if.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/xmalloc.h>

/* ---- ports; evtchn.lock held ---- */

static int add_bucket(struct domain *d)
{
	unsigned int first = d->evtchn.valid_ports;
	unsigned int g = first / (CHN_PER_BUCKET * BUCKETS_PER_GROUP);
	unsigned int b = first / CHN_PER_BUCKET % BUCKETS_PER_GROUP;
	struct evtchn *chn;

	if (!d->evtchn.group[g]) {
		d->evtchn.group[g] = xzalloc_array(struct evtchn *, BUCKETS_PER_GROUP);
		if (!d->evtchn.group[g])
			return -ENOMEM;
	}
	chn = xzalloc_array(struct evtchn, CHN_PER_BUCKET);
	if (!chn)
		return -ENOMEM;
	for (unsigned int i = 0; i < CHN_PER_BUCKET; i++) {
		spin_lock_init(&chn[i].lock, RANK_EVTCHN);
		chn[i].port = first + i;
		chn[i].priority = chn[i].last_priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
	}
	d->evtchn.group[g][b] = chn;
	atomic_store_release(&d->evtchn.valid_ports, first + CHN_PER_BUCKET);
	return 0;
}

static unsigned int port_limit(const struct domain *d)
{
	return min(d->evtchn.max_ports, d->evtchn.limit);
}

/* A free port, still ECS_FREE: the caller sets its state before releasing evtchn.lock. */
static int get_free_port(struct domain *d)
{
	evtchn_port_t port;

	if (d->is_dying)
		return -EINVAL;
	for (port = max(d->evtchn.next_free, 1U); port < d->evtchn.valid_ports; port++) {
		struct evtchn *chn = evtchn_of(d, port);

		if (chn->state != ECS_FREE)
			continue;
		if (port >= port_limit(d))
			return -ENOSPC;
		/* Still linked in the guest's FIFO: usable later. */
		if (d->evtchn.ops->is_busy(d, chn))
			continue;
		d->evtchn.next_free = port;
		return port;
	}
	if (port >= port_limit(d))
		return -ENOSPC;
	return add_bucket(d) ? -ENOMEM : (int)port;
}

static void make_free(struct domain *d, struct evtchn *chn)
{
	/* Nobody may find the bit of a past life. */
	d->evtchn.ops->clear_pending(d, chn);
	chn->state = ECS_FREE;
	chn->notify_vcpu = 0;
	chn->priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
	chn->pending = false;
	d->evtchn.active--;
	d->evtchn.next_free = min(d->evtchn.next_free, chn->port);
}

static void make_used(struct domain *d, struct evtchn *chn, enum evtchn_state state,
		      unsigned int vcpu)
{
	chn->notify_vcpu = vcpu;
	d->evtchn.active++;
	WRITE_ONCE(chn->state, state);
}

static void lock_channels(struct evtchn *a, struct evtchn *b)
{
	local_irq_disable();
	double_lock(&a->lock, &b->lock);
}

static void unlock_channels(struct evtchn *a, struct evtchn *b)
{
	double_unlock(&a->lock, &b->lock);
	local_irq_enable();
}

/* ---- binding ---- */

/* A port of a channel without a peer: its number, or -Exxx. */
static int open_port(struct domain *d, enum evtchn_state state, unsigned int vcpu, uint32_t value)
{
	int port = get_free_port(d);
	struct evtchn *chn;

	if (port < 0)
		return port;
	chn = evtchn_of(d, port);
	spin_lock_irq(&chn->lock);
	if (state == ECS_UNBOUND)
		chn->u.unbound_remote = value;
	else
		chn->u.virq = value;
	make_used(d, chn, state, vcpu);
	spin_unlock_irq(&chn->lock);
	return port;
}

static int give_port(int port, evtchn_port_t *to)
{
	if (port < 0)
		return port;
	*to = port;
	return 0;
}

int evtchn_alloc_unbound(struct domain *d, domid_t remote, evtchn_port_t *port)
{
	int p;

	spin_lock(&d->evtchn.lock);
	p = open_port(d, ECS_UNBOUND, 0, remote);
	spin_unlock(&d->evtchn.lock);
	return give_port(p, port);
}

static int connect(struct domain *ld, struct domain *rd, evtchn_port_t rport, evtchn_port_t *port)
{
	struct evtchn *lchn, *rchn;
	int p = get_free_port(ld);
	int rc = -EINVAL;

	if (p < 0)
		return p;
	lchn = evtchn_of(ld, p);
	rchn = evtchn_find(rd, rport);
	if (!rchn || lchn == rchn)
		return -EINVAL;
	lock_channels(lchn, rchn);
	if (rchn->state == ECS_UNBOUND && rchn->u.unbound_remote == ld->domain_id) {
		lchn->u.remote.dom = rd;
		lchn->u.remote.chn = rchn;
		make_used(ld, lchn, ECS_INTERDOMAIN, 0);
		rchn->u.remote.dom = ld;
		rchn->u.remote.chn = lchn;
		WRITE_ONCE(rchn->state, ECS_INTERDOMAIN);
		/* What was sent to the unbound port was lost: better one event too many. */
		evtchn_set_pending(ld, lchn);
		*port = p;
		rc = 0;
	}
	unlock_channels(lchn, rchn);
	return rc;
}

int evtchn_bind_interdomain(struct domain *rd, evtchn_port_t rport, evtchn_port_t *port)
{
	struct domain *ld = current->domain;
	int rc;

	double_lock(&ld->evtchn.lock, &rd->evtchn.lock);
	rc = rd->is_dying ? -EINVAL : connect(ld, rd, rport, port);
	double_unlock(&ld->evtchn.lock, &rd->evtchn.lock);
	return rc;
}

/* Those of a single vCPU; all others belong to the domain and start at vCPU 0. */
static bool virq_is_global(uint32_t virq)
{
	switch (virq) {
	case VIRQ_TIMER:
	case VIRQ_DEBUG:
	case VIRQ_XENOPROF:
	case VIRQ_XENPMU:
		return false;
	default:
		return true;
	}
}

static struct vcpu *vcpu_of(const struct domain *d, uint32_t id)
{
	return id < d->max_vcpus ? d->vcpu[id] : NULL;
}

int evtchn_bind_virq(struct evtchn_bind_virq *bind)
{
	struct domain *d = current->domain;
	struct vcpu *v = vcpu_of(d, bind->vcpu);
	int p;

	if (bind->virq >= NR_VIRQS || (virq_is_global(bind->virq) && bind->vcpu != 0))
		return -EINVAL;
	if (!v)
		return -ENOENT;
	spin_lock(&d->evtchn.lock);
	p = v->virq_to_evtchn[bind->virq] ? -EEXIST :
	    open_port(d, ECS_VIRQ, bind->vcpu, bind->virq);
	if (p >= 0) {
		spin_lock_irq(&v->virq_lock);
		v->virq_to_evtchn[bind->virq] = p;
		spin_unlock_irq(&v->virq_lock);
	}
	spin_unlock(&d->evtchn.lock);
	return give_port(p, &bind->port);
}

int evtchn_bind_ipi(struct evtchn_bind_ipi *bind)
{
	struct domain *d = current->domain;
	int p;

	if (!vcpu_of(d, bind->vcpu))
		return -ENOENT;
	spin_lock(&d->evtchn.lock);
	p = open_port(d, ECS_IPI, bind->vcpu, 0);
	spin_unlock(&d->evtchn.lock);
	return give_port(p, &bind->port);
}

int evtchn_bind_vcpu(evtchn_port_t port, uint32_t vcpu_id)
{
	struct domain *d = current->domain;
	struct evtchn *chn = evtchn_find(d, port);
	int rc = 0;

	if (!vcpu_of(d, vcpu_id))
		return -ENOENT;
	if (!chn)
		return -EINVAL;
	spin_lock(&d->evtchn.lock);
	spin_lock_irq(&chn->lock);
	if (chn->state == ECS_UNBOUND || chn->state == ECS_INTERDOMAIN ||
	    (chn->state == ECS_VIRQ && virq_is_global(chn->u.virq)))
		WRITE_ONCE(chn->notify_vcpu, vcpu_id);
	else
		rc = -EINVAL;
	spin_unlock_irq(&chn->lock);
	spin_unlock(&d->evtchn.lock);
	return rc;
}

/* ---- closing ---- */

static void forget_virq(struct domain *d, struct evtchn *chn)
{
	struct vcpu *v;

	for_each_vcpu(d, v) {
		if (v->virq_to_evtchn[chn->u.virq] != chn->port)
			continue;
		/* Senders hold it while they use the port. */
		spin_lock_irq(&v->virq_lock);
		v->virq_to_evtchn[chn->u.virq] = 0;
		spin_unlock_irq(&v->virq_lock);
	}
}

static void close_one(struct domain *d, struct evtchn *chn)
{
	if (chn->state == ECS_VIRQ)
		forget_virq(d, chn);
	spin_lock_irq(&chn->lock);
	make_free(d, chn);
	spin_unlock_irq(&chn->lock);
}

/* Both domains' locks held. The peer goes back to waiting for our domain. */
static void close_pair(struct domain *d, struct evtchn *chn)
{
	struct evtchn *peer = chn->u.remote.chn;

	lock_channels(chn, peer);
	WRITE_ONCE(peer->state, ECS_UNBOUND);
	peer->u.unbound_remote = d->domain_id;
	make_free(d, chn);
	unlock_channels(chn, peer);
}

/*
 * d's lock is held; takes the peer's as well. It may have to let go of d's for
 * that: then *again says that the channel must be looked at anew.
 */
static struct domain *lock_peer(struct domain *d, struct evtchn *chn, bool *again)
{
	struct domain *rd = chn->u.remote.dom;

	*again = false;
	if (rd == d)
		return NULL;
	/* The pair exists while d's lock is held, so rd does. */
	if (!get_domain(rd)) {
		*again = true;
		return NULL;
	}
	if (d < rd) {
		spin_lock(&rd->evtchn.lock);
		return rd;
	}
	spin_unlock(&d->evtchn.lock);
	double_lock(&d->evtchn.lock, &rd->evtchn.lock);
	*again = chn->state != ECS_INTERDOMAIN || chn->u.remote.dom != rd;
	return rd;
}

int evtchn_close(struct domain *d, evtchn_port_t port)
{
	struct evtchn *chn = evtchn_find(d, port);
	int rc = 0;

	if (!chn)
		return -EINVAL;
	spin_lock(&d->evtchn.lock);
	for (;;) {
		struct domain *rd = NULL;
		bool again = false;

		if (chn->state == ECS_FREE || chn->state == ECS_RESERVED) {
			rc = -EINVAL;
			break;
		}
		if (chn->state != ECS_INTERDOMAIN) {
			close_one(d, chn);
			break;
		}
		rd = lock_peer(d, chn, &again);
		if (!again)
			close_pair(d, chn);
		if (rd) {
			spin_unlock(&rd->evtchn.lock);
			put_domain(rd);
		}
		if (!again)
			break;
	}
	spin_unlock(&d->evtchn.lock);
	return rc;
}

/* ---- sending ---- */

int evtchn_send(struct domain *d, evtchn_port_t port)
{
	struct evtchn *chn = evtchn_find(d, port);
	int rc = 0;

	if (unlikely(!chn))
		return -EINVAL;
	spin_lock_irq(&chn->lock);
	switch (chn->state) {
	case ECS_INTERDOMAIN:
		/* Unbinding takes our lock as well, so the peer stays what it is. */
		evtchn_set_pending(chn->u.remote.dom, chn->u.remote.chn);
		break;
	case ECS_IPI:
		evtchn_set_pending(d, chn);
		break;
	case ECS_UNBOUND:
		break;		/* nobody listens: no error */
	default:
		rc = -EINVAL;
		break;
	}
	spin_unlock_irq(&chn->lock);
	return rc;
}

void send_guest_vcpu_virq(struct vcpu *v, uint32_t virq)
{
	unsigned long flags = spin_lock_irqsave(&v->virq_lock);
	evtchn_port_t port = v->virq_to_evtchn[virq];

	/* Closing clears the table under virq_lock first: the channel is bound. */
	if (port)
		evtchn_set_pending(v->domain, evtchn_of(v->domain, port));
	spin_unlock_irqrestore(&v->virq_lock, flags);
}

void send_global_virq(uint32_t virq)
{
	struct domain *d = hardware_domain;

	if (d && d->vcpu && d->vcpu[0])
		send_guest_vcpu_virq(d->vcpu[0], virq);
}

/* ---- delivery ---- */

void vcpu_mark_events_pending(struct vcpu *v)
{
	struct vcpu_info *info = atomic_load_acquire(&v->vcpu_info);

	/*
	 * Set already: the guest has yet to clear it and will look at the selector
	 * after that, which the caller set with a full barrier before.
	 */
	if (READ_ONCE(info->evtchn_upcall_pending))
		return;
	WRITE_ONCE(info->evtchn_upcall_pending, 1);
	arch_vcpu_event_upcall(v);
}

bool local_events_pending(const struct vcpu *v)
{
	return v->vcpu_info && READ_ONCE(v->vcpu_info->evtchn_upcall_pending);
}

bool events_deliverable(const struct vcpu *v)
{
	return local_events_pending(v) && arch_vcpu_takes_interrupts(v);
}

void evtchn_wake_pollers(struct domain *d, evtchn_port_t port)
{
	unsigned int id;

	for_each_set_bit(id, d->poll_mask, d->max_vcpus) {
		struct vcpu *v = d->vcpu[id];

		if (!v || (v->poll_evtchn && v->poll_evtchn != port))
			continue;
		if (test_and_clear_bit(ffsl_(VPF_poll), &v->pause_flags)) {
			clear_bit(id, d->poll_mask);
			vcpu_wake(v);
		}
	}
}

bool evtchn_is_pending(struct domain *d, evtchn_port_t port)
{
	struct evtchn *chn = evtchn_of(d, port);
	unsigned long flags = spin_lock_irqsave(&chn->lock);
	bool pending = evtchn_is_bound(chn) && d->evtchn.ops->is_pending(d, chn);

	spin_unlock_irqrestore(&chn->lock, flags);
	return pending;
}

/* ---- status ---- */

int evtchn_status(struct domain *d, struct evtchn_status *status)
{
	struct evtchn *chn = evtchn_find(d, status->port);

	if (!chn)
		return -EINVAL;
	spin_lock(&d->evtchn.lock);
	spin_lock_irq(&chn->lock);
	switch (chn->state) {
	case ECS_UNBOUND:
		status->status = EVTCHNSTAT_unbound;
		status->u.unbound.dom = chn->u.unbound_remote;
		break;
	case ECS_INTERDOMAIN:
		status->status = EVTCHNSTAT_interdomain;
		status->u.interdomain.dom = chn->u.remote.dom->domain_id;
		status->u.interdomain.port = chn->u.remote.chn->port;
		break;
	case ECS_VIRQ:
		status->status = EVTCHNSTAT_virq;
		status->u.virq = chn->u.virq;
		break;
	case ECS_IPI:
		status->status = EVTCHNSTAT_ipi;
		break;
	default:
		status->status = EVTCHNSTAT_closed;
		break;
	}
	status->vcpu = chn->notify_vcpu;
	spin_unlock_irq(&chn->lock);
	spin_unlock(&d->evtchn.lock);
	return 0;
}

/* ---- life ---- */

int evtchn_init(struct domain *d, const struct xen_domctl_createdomain *cfg)
{
	spin_lock_init(&d->evtchn.lock, RANK_EVTCHN_DOMAIN);
	/* The configuration has the highest number, not the count. */
	d->evtchn.limit = cfg->max_evtchn_port == ~0U ? ~0U : cfg->max_evtchn_port + 1;
	d->evtchn.group = xzalloc_array(struct evtchn **, NR_GROUPS);
	if (!d->evtchn.group)
		return -ENOMEM;
	evtchn_2l_init(d);
	if (add_bucket(d))
		return -ENOMEM;
	evtchn_of(d, 0)->state = ECS_RESERVED;
	return 0;
}

/*
 * Bounded: closes what is open from the port on, which is where the caller may
 * go on after -ERESTART. Each step closes something, so that starting anew from
 * the first port comes to an end, too.
 */
static int close_all(struct domain *d, evtchn_port_t *port)
{
	unsigned int closed = 0;

	for (; evtchn_port_is_valid(d, *port); (*port)++) {
		struct evtchn *chn = evtchn_of(d, *port);

		if (READ_ONCE(chn->state) <= ECS_RESERVED)
			continue;
		if (closed++ >= 64 && local_softirq_pending())
			return -ERESTART;
		evtchn_close(d, *port);
	}
	return 0;
}

int evtchn_destroy(struct domain *d)
{
	int rc;

	if (!d->evtchn.group)
		return 0;
	/* Who allocated a port before it saw that the domain is dying has finished. */
	spin_lock(&d->evtchn.lock);
	spin_unlock(&d->evtchn.lock);
	rc = close_all(d, &d->evtchn.teardown_port);
	if (!rc) {
		spin_lock(&d->evtchn.lock);
		evtchn_fifo_destroy(d);
		spin_unlock(&d->evtchn.lock);
	}
	return rc;
}

void evtchn_destroy_final(struct domain *d)
{
	if (!d->evtchn.group)
		return;
	evtchn_fifo_destroy(d);
	for (unsigned int g = 0; g < NR_GROUPS; g++) {
		for (unsigned int b = 0; d->evtchn.group[g] && b < BUCKETS_PER_GROUP; b++)
			xfree(d->evtchn.group[g][b]);
		xfree(d->evtchn.group[g]);
	}
	XFREE(d->evtchn.group);
	d->evtchn.valid_ports = 0;
}

int evtchn_reset(struct domain *d)
{
	evtchn_port_t first = 1;	/* several vCPUs may be doing this */
	int rc = close_all(d, &first);

	if (rc)
		return rc;
	spin_lock(&d->evtchn.lock);
	/*
	 * Something may have been bound behind us: then the FIFO stays. Else nobody
	 * uses it: each would hold the lock of a channel that is bound.
	 */
	if (d->evtchn.fifo && !d->evtchn.active) {
		evtchn_fifo_destroy(d);
		evtchn_2l_init(d);
	}
	spin_unlock(&d->evtchn.lock);
	return 0;
}

static void dump_channel(struct domain *d, const struct evtchn *chn)
{
	static const char *const names[] = { "free", "reserved", "unbound", "interdomain", "virq", "ipi" };

	printk("  %4u [%d/%d]: %s vcpu %u", chn->port, d->evtchn.ops->is_pending(d, chn),
	       d->evtchn.ops->is_masked(d, chn), names[chn->state], chn->notify_vcpu);
	if (chn->state == ECS_INTERDOMAIN)
		printk(" to %pd:%u", chn->u.remote.dom, chn->u.remote.chn->port);
	else if (chn->state == ECS_VIRQ)
		printk(" virq %u", chn->u.virq);
	else if (chn->state == ECS_UNBOUND)
		printk(" for d%u", chn->u.unbound_remote);
	printk("\n");
}

void evtchn_dump(struct domain *d)
{
	printk("%pd: event channels, %s, %u in use [p/m]\n", d,
	       d->evtchn.fifo ? "FIFO" : "2-level", d->evtchn.active);
	for (evtchn_port_t p = 1; evtchn_port_is_valid(d, p); p++) {
		struct evtchn *chn = evtchn_of(d, p);
		unsigned long flags = spin_lock_irqsave(&chn->lock);

		if (evtchn_is_bound(chn))
			dump_channel(d, chn);
		spin_unlock_irqrestore(&chn->lock, flags);
	}
}
