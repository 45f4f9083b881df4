/* SPDX-License-Identifier: MIT */
/*
 * Event channels: one-bit notifications, between domains and from the
 * hypervisor. A port is a number in one domain's space and is in one of the
 * states EVTCHNSTAT_*.
 *
 * event_channel_op(cmd, arg): cmd is EVTCHNOP_*, arg points to the structure
 * named like it. Returns 0 or an error; fields marked out are written on
 * success only. Ports are per domain; vCPUs are the calling domain's.
 */
#ifndef __XEN_PUBLIC_EVENT_CHANNEL_H__
#define __XEN_PUBLIC_EVENT_CHANNEL_H__

#include "xen.h"

#define EVTCHNOP_bind_interdomain	0
#define EVTCHNOP_bind_virq		1
#define EVTCHNOP_bind_pirq		2
#define EVTCHNOP_close			3
#define EVTCHNOP_send			4
#define EVTCHNOP_status			5
#define EVTCHNOP_alloc_unbound		6
#define EVTCHNOP_bind_ipi		7
#define EVTCHNOP_bind_vcpu		8
#define EVTCHNOP_unmask			9
#define EVTCHNOP_reset			10
#define EVTCHNOP_init_control		11
#define EVTCHNOP_expand_array		12
#define EVTCHNOP_set_priority		13
#ifdef __XEN__
#define EVTCHNOP_reset_cont		14	/* how a reset goes on; not ABI */
#endif

typedef uint32_t evtchn_port_t;
DEFINE_XEN_GUEST_HANDLE(evtchn_port_t);

/*
 * alloc_unbound: reserve a port in dom that remote_dom may bind to. Either may
 * be DOMID_SELF; dom other than the caller needs the privilege.
 */
struct evtchn_alloc_unbound {
	domid_t dom, remote_dom;	/* in */
	evtchn_port_t port;		/* out */
};
typedef struct evtchn_alloc_unbound evtchn_alloc_unbound_t;

/*
 * bind_interdomain: connect a new local port to an unbound port of remote_dom
 * that was reserved for the caller. The new port becomes pending at once, since
 * a notification may have been sent before there was somebody to receive it.
 */
struct evtchn_bind_interdomain {
	domid_t remote_dom;		/* in */
	evtchn_port_t remote_port;	/* in */
	evtchn_port_t local_port;	/* out */
};
typedef struct evtchn_bind_interdomain evtchn_bind_interdomain_t;

/*
 * bind_virq: receive a VIRQ_*. A per-vCPU one stays on that vCPU; a global one
 * must be bound on vCPU 0 and may be moved later. -EEXIST if it is bound.
 */
struct evtchn_bind_virq {
	uint32_t virq;			/* in */
	uint32_t vcpu;			/* in */
	evtchn_port_t port;		/* out */
};
typedef struct evtchn_bind_virq evtchn_bind_virq_t;

/* bind_pirq: receive a physical interrupt as an event. x86. */
struct evtchn_bind_pirq {
	uint32_t pirq;			/* in */
#define BIND_PIRQ__WILL_SHARE	1
	uint32_t flags;			/* in: BIND_PIRQ__* */
	evtchn_port_t port;		/* out */
};
typedef struct evtchn_bind_pirq evtchn_bind_pirq_t;

/* bind_ipi: a port whose send notifies one fixed vCPU of the same domain. */
struct evtchn_bind_ipi {
	uint32_t vcpu;			/* in */
	evtchn_port_t port;		/* out */
};
typedef struct evtchn_bind_ipi evtchn_bind_ipi_t;

/*
 * close: free the port. The peer of an interdomain port becomes unbound again,
 * still reserved for the closer.
 */
struct evtchn_close {
	evtchn_port_t port;		/* in */
};
typedef struct evtchn_close evtchn_close_t;

/*
 * send: notify the other end of an interdomain or IPI port. An unbound port
 * accepts and drops it; other states are -EINVAL.
 */
struct evtchn_send {
	evtchn_port_t port;		/* in */
};
typedef struct evtchn_send evtchn_send_t;

/* status: describe a port of the caller, or with the privilege of dom. */
struct evtchn_status {
	domid_t dom;			/* in */
	evtchn_port_t port;		/* in */
#define EVTCHNSTAT_closed	0
#define EVTCHNSTAT_unbound	1
#define EVTCHNSTAT_interdomain	2
#define EVTCHNSTAT_pirq		3
#define EVTCHNSTAT_virq		4
#define EVTCHNSTAT_ipi		5
	uint32_t status;		/* out */
	uint32_t vcpu;			/* out: who is notified */
	union {
		struct {
			domid_t dom;
		} unbound;
		struct {
			domid_t dom;
			evtchn_port_t port;
		} interdomain;
		uint32_t pirq;
		uint32_t virq;
	} u;				/* out, by status */
};
typedef struct evtchn_status evtchn_status_t;

/*
 * bind_vcpu: have another vCPU notified from now on. Not for IPI ports and
 * per-vCPU virtual interrupts. A new port notifies vCPU 0.
 */
struct evtchn_bind_vcpu {
	evtchn_port_t port;		/* in */
	uint32_t vcpu;			/* in */
};
typedef struct evtchn_bind_vcpu evtchn_bind_vcpu_t;

/* unmask: clear the mask bit, and notify if the port was pending. */
struct evtchn_unmask {
	evtchn_port_t port;		/* in */
};
typedef struct evtchn_unmask evtchn_unmask_t;

/*
 * reset: close every port of dom (DOMID_SELF, or with the privilege another)
 * and return to the 2-level ABI.
 */
struct evtchn_reset {
	domid_t dom;			/* in */
};
typedef struct evtchn_reset evtchn_reset_t;

/*
 * init_control: give a vCPU its FIFO control block. The first such call switches
 * the domain to the FIFO ABI; what is pending then stays pending, and is queued
 * when its event word appears.
 */
struct evtchn_init_control {
	uint64_t control_gfn;		/* in: a page of the caller's */
	uint32_t offset;		/* in: multiple of 8 within it */
	uint32_t vcpu;			/* in */
	uint8_t link_bits;		/* out: width of the LINK field */
	uint8_t _pad[7];
};
typedef struct evtchn_init_control evtchn_init_control_t;

/* expand_array: add one page of event words. */
struct evtchn_expand_array {
	uint64_t array_gfn;		/* in */
};
typedef struct evtchn_expand_array evtchn_expand_array_t;

/* set_priority: 0 (highest) to 15, for events sent from now on. FIFO only. */
struct evtchn_set_priority {
	evtchn_port_t port;		/* in */
	uint32_t priority;		/* in */
};
typedef struct evtchn_set_priority evtchn_set_priority_t;

/* Argument of the retired event_channel_op_compat. */
struct evtchn_op {
	uint32_t cmd;
	union {
		evtchn_alloc_unbound_t alloc_unbound;
		evtchn_bind_interdomain_t bind_interdomain;
		evtchn_bind_virq_t bind_virq;
		evtchn_bind_pirq_t bind_pirq;
		evtchn_bind_ipi_t bind_ipi;
		evtchn_close_t close;
		evtchn_send_t send;
		evtchn_status_t status;
		evtchn_bind_vcpu_t bind_vcpu;
		evtchn_unmask_t unmask;
	} u;
};
typedef struct evtchn_op evtchn_op_t;
DEFINE_XEN_GUEST_HANDLE(evtchn_op_t);

/*
 * 2-level ABI: a pending and a mask bit per port in shared_info, and a selector
 * word per vCPU.
 */
#define EVTCHN_2L_NR_CHANNELS	(sizeof(xen_ulong_t) * sizeof(xen_ulong_t) * 64)

/*
 * FIFO ABI: an event word per port, linked into a queue per vCPU and priority.
 * The hypervisor sets PENDING, and LINKED when it appends the port; the guest
 * clears them as it takes the port off. BUSY tells that the word's LINK field
 * is being changed.
 */
#define EVTCHN_FIFO_PRIORITY_MAX	0
#define EVTCHN_FIFO_PRIORITY_DEFAULT	7
#define EVTCHN_FIFO_PRIORITY_MIN	15
#define EVTCHN_FIFO_MAX_QUEUES		(EVTCHN_FIFO_PRIORITY_MIN + 1)

typedef uint32_t event_word_t;

#define EVTCHN_FIFO_PENDING	31
#define EVTCHN_FIFO_MASKED	30
#define EVTCHN_FIFO_LINKED	29
#define EVTCHN_FIFO_BUSY	28

#define EVTCHN_FIFO_LINK_BITS	17
#define EVTCHN_FIFO_LINK_MASK	((1 << EVTCHN_FIFO_LINK_BITS) - 1)
#define EVTCHN_FIFO_NR_CHANNELS	(1 << EVTCHN_FIFO_LINK_BITS)

struct evtchn_fifo_control_block {
	uint32_t ready;		/* bitmap of queues with something in them */
	uint32_t _rsvd;
	uint32_t head[EVTCHN_FIFO_MAX_QUEUES];	/* first port, 0 for none */
};
typedef struct evtchn_fifo_control_block evtchn_fifo_control_block_t;

#endif
