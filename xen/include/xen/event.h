/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event channels: the hypervisor's side. Guest ABI in public/event_channel.h.
 *
 * Ports live in buckets of a page, allocated as ports come into use; the
 * address of a struct evtchn never changes while its domain lives. Sending
 * takes the channel's lock only. An inter-domain pair is locked by address.
 */
#ifndef XEN_EVENT_H
#define XEN_EVENT_H

#include <xen/types.h>
#include <public/event_channel.h>
#include <public/xen.h>
#include <xen/bitops.h>
#include <xen/spinlock.h>

struct domain;
struct vcpu;
struct hc_ctx;
struct evtchn;

struct evtchn_port_ops;		/* 2-level or FIFO: common/evtchn_2l.c, evtchn_fifo.c */

struct evtchn_domain {
	spinlock_t lock;		/* RANK_EVTCHN_DOMAIN: allocation, closing, ABI switch */
	struct evtchn ***group;		/* groups of buckets of ports */
	unsigned int valid_ports;	/* ports that have a struct; grows only */
	unsigned int next_free;		/* hint */
	unsigned int max_ports;		/* ABI limit and toolstack limit (max_evtchn_port) */
	unsigned int limit;		/* from createdomain; ~0 = none */
	unsigned int active;		/* not free */
	evtchn_port_t teardown_port;	/* evtchn_destroy: where to go on; domctl lock */
	const struct evtchn_port_ops *ops;
	struct evtchn_fifo_domain *fifo;
};

struct xen_domctl_createdomain;
int evtchn_init(struct domain *d, const struct xen_domctl_createdomain *cfg);
/* Bounded step: closes all ports; 0 or -ERESTART. Then evtchn_destroy_final() frees. */
int evtchn_destroy(struct domain *d);
void evtchn_destroy_final(struct domain *d);

/*
 * The hot path of EVTCHNOP_send for the caller's port. 0, -EINVAL. Interrupts on.
 */
int evtchn_send(struct domain *d, evtchn_port_t port);
/* Any context. Not bound: ignored. */
void send_guest_vcpu_virq(struct vcpu *v, uint32_t virq);
/* The control domain's (VIRQ_DOM_EXC, VIRQ_CONSOLE ...) by handler; dom0. */
void send_global_virq(uint32_t virq);

/* Sub-operations that other parts use too. */
int evtchn_alloc_unbound(struct domain *d, domid_t remote, evtchn_port_t *port);
int evtchn_reset(struct domain *d);	/* -ERESTART when long */
int evtchn_close(struct domain *d, evtchn_port_t port);
bool evtchn_is_pending(struct domain *d, evtchn_port_t port);
/* After v's vcpu_info moved: deliver what became pending meanwhile. */
void vcpu_mark_events_pending(struct vcpu *v);
/* Are events pending and not yet delivered? For block and preemption checks. */
bool local_events_pending(const struct vcpu *v);
/* And does v take them now (interrupts not masked)? v is current. */
bool events_deliverable(const struct vcpu *v);

long do_event_channel_op(struct hc_ctx *ctx);
void evtchn_dump(struct domain *d);	/* debug key */

#endif
