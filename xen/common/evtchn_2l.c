// SPDX-License-Identifier: GPL-2.0-only
/* The 2-level ABI: a bit for each port in shared_info, a selector in vcpu_info. */
#include <xen/evtchn_if.h>
#include <xen/guest_atomic.h>

#define BITS_PER_WORD	(8 * sizeof(xen_ulong_t))

static void tell_vcpu(struct vcpu *v, struct evtchn *chn)
{
	if (!guest_test_and_set_bit(v->domain, chn->port / BITS_PER_WORD,
				    &v->vcpu_info->evtchn_pending_sel))
		vcpu_mark_events_pending(v);
}

static void set_pending(struct vcpu *v, struct evtchn *chn)
{
	struct domain *d = v->domain;
	struct shared_info *si = d->shared_info;

	if (guest_test_and_set_bit(d, chn->port, si->evtchn_pending))
		return;
	if (!guest_test_bit(d, chn->port, si->evtchn_mask))
		tell_vcpu(v, chn);
	evtchn_check_pollers(d, chn->port);
}

static void clear_pending(struct domain *d, struct evtchn *chn)
{
	guest_clear_bit(d, chn->port, d->shared_info->evtchn_pending);
}

static void unmask(struct domain *d, struct evtchn *chn)
{
	struct shared_info *si = d->shared_info;

	if (guest_test_and_clear_bit(d, chn->port, si->evtchn_mask) &&
	    guest_test_bit(d, chn->port, si->evtchn_pending))
		tell_vcpu(d->vcpu[chn->notify_vcpu], chn);
}

static bool is_pending(struct domain *d, const struct evtchn *chn)
{
	return guest_test_bit(d, chn->port, d->shared_info->evtchn_pending);
}

static bool is_masked(struct domain *d, const struct evtchn *chn)
{
	return guest_test_bit(d, chn->port, d->shared_info->evtchn_mask);
}

static bool is_busy(struct domain *d, const struct evtchn *chn)
{
	return false;
}

static int set_priority(struct domain *d, struct evtchn *chn, unsigned int prio)
{
	return -ENOSYS;
}

static const struct evtchn_port_ops ops_2l = {
	.set_pending = set_pending,
	.clear_pending = clear_pending,
	.unmask = unmask,
	.is_pending = is_pending,
	.is_masked = is_masked,
	.is_busy = is_busy,
	.set_priority = set_priority,
};

void evtchn_2l_init(struct domain *d)
{
	d->evtchn.ops = &ops_2l;
	d->evtchn.max_ports = sizeof(xen_ulong_t) * 8 * sizeof(xen_ulong_t) * 8;
}
