/* SPDX-License-Identifier: GPL-2.0-only */
/* Event channels: the shared info page, 2-level delivery and the operations. */
#ifndef GUEST_EVENT_H
#define GUEST_EVENT_H

#include "cpu.h"
#include "hypercall.h"

/* The shared info page, placed over a page of our own on first use. */
volatile struct shared_info *shared_info(void);

/* The upcall interrupt: a PPI, from the device tree. */
unsigned int event_irq(void);

/*
 * Registers a vcpu_info for this CPU and unmasks the upcall interrupt. From
 * then on events that are not masked are counted by event_count().
 */
void event_init_cpu(void);
volatile struct vcpu_info *vcpu_info(unsigned int cpu);

/* Upcalls and events delivered to this CPU by the 2-level handler. */
u64 event_count(unsigned int port);
extern volatile u64 upcalls[MAX_CPUS];

/* When set, the upcall handler calls this instead of scanning the 2-level bitmaps. */
extern void (*event_upcall_hook)(void);

/* Operations: what is created, or -errno. */
long evtchn_alloc_unbound(domid_t dom, domid_t remote);
long evtchn_bind_interdomain(domid_t remote, unsigned int port);
long evtchn_bind_virq(unsigned int virq, unsigned int vcpu);
long evtchn_bind_ipi(unsigned int vcpu);
long evtchn_bind_vcpu(unsigned int port, unsigned int vcpu);
long evtchn_send(unsigned int port);
long evtchn_close(unsigned int port);
long evtchn_unmask(unsigned int port);
/* One of EVTCHNSTAT_*, or -errno; *st may be NULL. */
long evtchn_status(domid_t dom, unsigned int port, struct evtchn_status *st);

/* Two ports of our own bound to each other: sending to *a makes *b pending. */
void evtchn_pair(unsigned int *a, unsigned int *b);

static inline bool event_pending(unsigned int port)
{
	return shared_info()->evtchn_pending[port / 64] & BIT(port % 64);
}

static inline bool event_masked(unsigned int port)
{
	return shared_info()->evtchn_mask[port / 64] & BIT(port % 64);
}

void event_mask(unsigned int port);
/* Clears the mask bit only; evtchn_unmask() also delivers what is pending. */
void event_unmask(unsigned int port);
void event_clear(unsigned int port);

#endif
