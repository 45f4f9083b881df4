/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event channels as interrupts.
 *
 * A bound port has a struct event, which is found by the port (events, an xarray)
 * and is the chip data of its interrupt. The two ABIs that say where a port's pending
 * and masked bits are stand behind struct port_ops.
 *
 * Locks, outermost first:
 *   xen_bind_lock	which ports and VIRQs are bound, reference counts; sleeps
 *   desc->lock		the kernel's, of the interrupt
 *   event->lock	the reasons a port is masked for, its end of interrupt
 */
#ifndef XEN_CORE_PORTS_H
#define XEN_CORE_PORTS_H

#include <linux/irq.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <xen/interface/event_channel.h>

/* Why a port is masked: it is unmasked when no reason is left. */
#define MASKED_IRQ	1	/* the interrupt is disabled, or not yet started */
#define MASKED_MOVE	2	/* it is on its way to another CPU */
#define MASKED_EOI	4	/* its handler has not said that it is done */

enum event_kind { EVENT_PORT, EVENT_VIRQ };

struct event {
	evtchn_port_t port;
	unsigned int irq;
	unsigned int cpu;
	enum event_kind kind;
	unsigned int virq;
	bool fixed;		/* never leaves its CPU */
	bool is_static;		/* unbinding leaves the channel open */
	int refs;		/* -1: not counted, see evtchn_make_refcounted() */

	raw_spinlock_t lock;
	u8 masked;		/* MASKED_* */
	u8 spurious;		/* interrupts in a row for nothing */
	struct delayed_work eoi;
	struct rcu_work free;
};

struct port_ops {
	const char *name;
	unsigned int max_ports;
	/* Makes the port's bits exist, masked. May sleep. */
	int (*setup)(evtchn_port_t port);
	/* The port's events go to @cpu from now on (after EVTCHNOP_bind_vcpu). */
	void (*bind)(evtchn_port_t port, unsigned int cpu, unsigned int old);
	void (*mask)(evtchn_port_t port);
	/* Events that came meanwhile are delivered now. */
	void (*unmask)(evtchn_port_t port);
	bool (*is_pending)(evtchn_port_t port);
	void (*clear_pending)(evtchn_port_t port);
	void (*set_pending)(evtchn_port_t port);
	/* On this CPU, interrupts off: deliver what is pending. */
	void (*handle)(unsigned int cpu);
	/* @cpu becomes usable; called before it is, or on itself. */
	int (*cpu_up)(unsigned int cpu);
	/* @cpu is dead: what still stands in its queues goes elsewhere. */
	void (*cpu_dead)(unsigned int cpu);
};

extern const struct port_ops port_ops_2l;
extern const struct port_ops port_ops_fifo;
extern const struct port_ops *xen_ports;

extern struct xarray xen_events;	/* port -> struct event; RCU for readers */
extern struct mutex xen_bind_lock;

extern struct irq_chip xen_chip;
extern struct irq_chip xen_chip_lateeoi;

/* irq.c */
/* NULL for an interrupt that is no event's. */
struct event *event_of(unsigned int irq);
void event_mask(struct event *e, u8 reason);
void event_unmask(struct event *e, u8 reason);
/* Interrupts are off. Ports that nobody has bound are passed over: they are masked. */
void event_deliver(evtchn_port_t port);
/* Has the hypervisor deliver the port's event, if there is one, to its CPU. */
void port_kick(evtchn_port_t port);

/* How many events each CPU has: new ones go to the one with the fewest. */
void event_counted(unsigned int cpu, int change);

/* lateeoi.c */
void event_eoi_init(struct event *e);
void event_eoi_stop(struct event *e);

#endif /* XEN_CORE_PORTS_H */
