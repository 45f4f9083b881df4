/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the event channels: the channel, and the two guest ABIs behind one table. */
#ifndef XEN_EVTCHN_IF_H
#define XEN_EVTCHN_IF_H

#include <xen/domain.h>
#include <xen/event.h>

enum evtchn_state {
	ECS_FREE,
	ECS_RESERVED,		/* port 0 */
	ECS_UNBOUND,
	ECS_INTERDOMAIN,
	ECS_VIRQ,
	ECS_IPI,
};

struct evtchn {
	spinlock_t lock;	/* RANK_EVTCHN; irq */
	uint8_t state;		/* changes under lock and the domain's evtchn.lock */
	uint8_t priority;	/* FIFO */
	uint8_t last_priority;	/* FIFO: queue it was last linked to; queue locks */
	bool pending;		/* FIFO: sent before its event word existed */
	evtchn_port_t port;
	uint16_t notify_vcpu;
	uint16_t last_vcpu;
	union {
		domid_t unbound_remote;
		struct {
			struct domain *dom;	/* closing takes both channels' locks */
			struct evtchn *chn;
		} remote;
		uint32_t virq;
	} u;
} __aligned(64);

struct evtchn_port_ops {
	void (*set_pending)(struct vcpu *v, struct evtchn *chn);
	void (*clear_pending)(struct domain *d, struct evtchn *chn);
	void (*unmask)(struct domain *d, struct evtchn *chn);
	bool (*is_pending)(struct domain *d, const struct evtchn *chn);
	bool (*is_masked)(struct domain *d, const struct evtchn *chn);
	bool (*is_busy)(struct domain *d, const struct evtchn *chn);	/* port may not be reused */
	int (*set_priority)(struct domain *d, struct evtchn *chn, unsigned int prio);
};

#define CHN_PER_BUCKET		64U
#define BUCKETS_PER_GROUP	64U
#define NR_GROUPS		32U	/* 131072 ports, the FIFO ABI's limit */

/* port < valid_ports, see evtchn_port_is_valid(). */
static inline struct evtchn *evtchn_of(const struct domain *d, evtchn_port_t port)
{
	return &d->evtchn.group[port / (CHN_PER_BUCKET * BUCKETS_PER_GROUP)]
			       [port / CHN_PER_BUCKET % BUCKETS_PER_GROUP][port % CHN_PER_BUCKET];
}

/* NULL: there is none. */
static inline struct evtchn *evtchn_find(const struct domain *d, evtchn_port_t port)
{
	return evtchn_port_is_valid(d, port) ? evtchn_of(d, port) : NULL;
}

/*
 * Under the channel's lock, or one that closing it takes: only then may the ops
 * be used. A port that is closed may lie outside of the guest's bitmaps (they
 * shrink when a reset ends the FIFO), and the FIFO's memory go any time.
 */
static inline bool evtchn_is_bound(const struct evtchn *chn)
{
	return chn->state > ECS_RESERVED;
}

static inline void evtchn_set_pending(struct domain *d, struct evtchn *chn)
{
	struct vcpu *v = d->vcpu[READ_ONCE(chn->notify_vcpu)];

	/* Acquire pairs with the release in switch_to_fifo(): its memory is set up. */
	if (v)
		atomic_load_acquire(&d->evtchn.ops)->set_pending(v, chn);
}

void evtchn_wake_pollers(struct domain *d, evtchn_port_t port);

/*
 * Wake pollers of the port, which is pending. Pairs with the barrier in
 * SCHEDOP_poll: pending was set with a full barrier.
 */
static inline void evtchn_check_pollers(struct domain *d, evtchn_port_t port)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(MAX_VIRT_CPUS); i++)
		any |= READ_ONCE(d->poll_mask[i]);
	if (unlikely(any))
		evtchn_wake_pollers(d, port);
}

void evtchn_2l_init(struct domain *d);
int evtchn_fifo_init_control(struct evtchn_init_control *init);
int evtchn_fifo_expand_array(const struct evtchn_expand_array *expand);
/* Unmaps the guest's pages and frees; no channel is bound any more. */
void evtchn_fifo_destroy(struct domain *d);

int evtchn_bind_interdomain(struct domain *rd, evtchn_port_t rport, evtchn_port_t *port);
int evtchn_bind_virq(struct evtchn_bind_virq *bind);
int evtchn_bind_ipi(struct evtchn_bind_ipi *bind);
int evtchn_bind_vcpu(evtchn_port_t port, uint32_t vcpu_id);
int evtchn_status(struct domain *d, struct evtchn_status *status);

#endif
