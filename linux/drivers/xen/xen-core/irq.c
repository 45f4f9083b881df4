// SPDX-License-Identifier: GPL-2.0-only
/* The interrupt controllers that the kernel sees: edges, with and without a late end. */

#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <xen/xen-ops.h>
#include <asm/xen/hypercall.h>
#include "ports.h"

struct event *event_of(unsigned int irq)
{
	struct irq_data *data = irq_get_irq_data(irq);
	struct irq_chip *chip = data ? irq_data_get_irq_chip(data) : NULL;

	if (chip != &xen_chip && chip != &xen_chip_lateeoi)
		return NULL;
	return irq_data_get_irq_chip_data(data);
}

void event_mask(struct event *e, u8 reason)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&e->lock, flags);
	if (!e->masked)
		xen_ports->mask(e->port);
	e->masked |= reason;
	raw_spin_unlock_irqrestore(&e->lock, flags);
}

void event_unmask(struct event *e, u8 reason)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&e->lock, flags);
	if (e->masked & reason) {
		e->masked &= ~reason;
		if (!e->masked)
			xen_ports->unmask(e->port);
	}
	raw_spin_unlock_irqrestore(&e->lock, flags);
}

void event_deliver(evtchn_port_t port)
{
	/* Interrupts are off, so the event is not freed under us. */
	struct event *e = xa_load(&xen_events, port);

	/*
	 * Nobody's any more: it was masked when its interrupt ended. It may be somebody else's
	 * since we looked, so that it is not ours to mask.
	 */
	if (e)
		generic_handle_irq(e->irq);
}

void port_kick(evtchn_port_t port)
{
	struct evtchn_unmask unmask = { .port = port };

	/* Of a port that is masked and pending this one raises the event again. */
	HYPERVISOR_event_channel_op(EVTCHNOP_unmask, &unmask);
}

static void chip_mask(struct irq_data *data)
{
	event_mask(irq_data_get_irq_chip_data(data), MASKED_IRQ);
}

static void chip_unmask(struct irq_data *data)
{
	event_unmask(irq_data_get_irq_chip_data(data), MASKED_IRQ);
}

static void chip_ack(struct irq_data *data)
{
	struct event *e = irq_data_get_irq_chip_data(data);

	xen_ports->clear_pending(e->port);
}

static void chip_mask_ack(struct irq_data *data)
{
	chip_mask(data);
	chip_ack(data);
}

/*
 * Nothing is delivered until xen_irq_lateeoi(). An event that comes meanwhile stays
 * pending: clearing comes after masking, so none is lost.
 */
static void chip_ack_lateeoi(struct irq_data *data)
{
	event_mask(irq_data_get_irq_chip_data(data), MASKED_EOI);
	chip_ack(data);
}

static int chip_retrigger(struct irq_data *data)
{
	struct event *e = irq_data_get_irq_chip_data(data);

	event_mask(e, MASKED_MOVE);
	xen_ports->set_pending(e->port);
	event_unmask(e, MASKED_MOVE);
	return 1;
}

static DEFINE_PER_CPU(atomic_t, event_count);

void event_counted(unsigned int cpu, int change)
{
	atomic_add(change, &per_cpu(event_count, cpu));
}

/* Of the CPUs in @mask that are online the one with the fewest events. */
static unsigned int choose_cpu(const struct cpumask *mask, unsigned int now)
{
	unsigned int cpu, best = nr_cpu_ids;
	int n, least = INT_MAX;

	for_each_cpu_and(cpu, mask, cpu_online_mask) {
		n = atomic_read(&per_cpu(event_count, cpu)) - (cpu == now);
		if (n < least) {
			least = n;
			best = cpu;
		}
	}
	return best;
}

static int move(struct event *e, unsigned int cpu)
{
	struct evtchn_bind_vcpu bind = { .port = e->port, .vcpu = xen_vcpu_nr(cpu) };
	unsigned int old = e->cpu;
	int ret;

	event_mask(e, MASKED_MOVE);
	ret = HYPERVISOR_event_channel_op(EVTCHNOP_bind_vcpu, &bind);
	if (!ret) {
		e->cpu = cpu;
		event_counted(old, -1);
		event_counted(cpu, 1);
		xen_ports->bind(e->port, cpu, old);
	}
	event_unmask(e, MASKED_MOVE);
	return ret;
}

static int chip_set_affinity(struct irq_data *data, const struct cpumask *mask, bool force)
{
	struct event *e = irq_data_get_irq_chip_data(data);
	unsigned int cpu;

	if (e->fixed)
		return -EINVAL;
	cpu = choose_cpu(mask, e->cpu);
	if (cpu >= nr_cpu_ids)
		return -EINVAL;
	if (cpu != e->cpu && move(e, cpu))
		return -EIO;
	irq_data_update_effective_affinity(data, cpumask_of(cpu));
	return IRQ_SET_MASK_OK;
}

struct irq_chip xen_chip = {
	.name			= "xen-dyn",
	.irq_mask		= chip_mask,
	.irq_unmask		= chip_unmask,
	.irq_ack		= chip_ack,
	.irq_mask_ack		= chip_mask_ack,
	.irq_set_affinity	= chip_set_affinity,
	.irq_retrigger		= chip_retrigger,
};

struct irq_chip xen_chip_lateeoi = {
	.name			= "xen-dyn-lateeoi",
	.irq_mask		= chip_mask,
	.irq_unmask		= chip_unmask,
	.irq_ack		= chip_ack_lateeoi,
	/* What was not handled owes no end. */
	.irq_mask_ack		= chip_mask_ack,
	.irq_set_affinity	= chip_set_affinity,
	.irq_retrigger		= chip_retrigger,
};
