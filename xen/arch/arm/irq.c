// SPDX-License-Identifier: GPL-2.0-only
/*
 * Physical interrupts: our own handlers and those routed to a guest. A routed
 * one stays active until the guest ends it: its list register names it (HW).
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/domain.h>
#include <xen/xmalloc.h>
#include <drivers/gic.h>
#include <asm/irq.h>
#include <asm/vgic.h>

static struct irq_desc *spi_desc;
static DEFINE_PER_CPU(struct irq_desc [NR_LOCAL_IRQS], local_desc);
static uint32_t local_keep_active;	/* PPIs, all CPUs */

struct irq_desc *irq_to_desc(unsigned int irq)
{
	if (irq < NR_LOCAL_IRQS)
		return &this_cpu(local_desc)[irq];
	return irq < gic.nr_irqs ? &spi_desc[irq - NR_LOCAL_IRQS] : NULL;
}

static void init_desc(struct irq_desc *desc, unsigned int irq)
{
	spin_lock_init(&desc->lock, RANK_IRQ_DESC);
	desc->irq = irq;
	desc->level = true;
}

void irq_init_cpu(void)
{
	for (unsigned int i = 0; i < NR_LOCAL_IRQS; i++) {
		init_desc(&this_cpu(local_desc)[i], i);
		this_cpu(local_desc)[i].keep_active = local_keep_active & BIT(i);
	}
}

void __init irq_init(void)
{
	unsigned int nr = gic.nr_irqs - NR_LOCAL_IRQS;

	spi_desc = xzalloc_array(struct irq_desc, nr);
	if (!spi_desc)
		panic("No memory for %u interrupt descriptors", nr);
	for (unsigned int i = 0; i < nr; i++)
		init_desc(&spi_desc[i], NR_LOCAL_IRQS + i);
}

int request_irq(unsigned int irq, void (*handler)(unsigned int, void *), void *data)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;
	int rc = -EBUSY;

	if (!desc)
		return -EINVAL;
	flags = spin_lock_irqsave(&desc->lock);
	if (!desc->handler && !desc->guest) {
		desc->handler = handler;
		desc->data = data;
		desc->enabled = true;
		gic_enable_irq(irq);
		rc = 0;
	}
	spin_unlock_irqrestore(&desc->lock, flags);
	return rc;
}

void irq_keep_active(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (irq < NR_LOCAL_IRQS)
		local_keep_active |= BIT(irq);
	if (desc)
		desc->keep_active = true;
}

void irq_set_type(unsigned int irq, bool level)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc || irq < NR_LOCAL_IRQS)
		return;
	flags = spin_lock_irqsave(&desc->lock);
	if (desc->level != level && !desc->enabled) {
		desc->level = level;
		gic_set_type(irq, level);
	}
	spin_unlock_irqrestore(&desc->lock, flags);
}

int route_irq_to_guest(struct domain *d, unsigned int virq, unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;
	int rc;

	if (!desc || irq < NR_LOCAL_IRQS)
		return -EINVAL;
	rc = vgic_connect_hw(d, virq, irq);
	if (rc)
		return rc;
	flags = spin_lock_irqsave(&desc->lock);
	if (desc->handler || desc->guest) {
		rc = -EBUSY;
	} else {
		desc->guest = true;
		desc->guest_d = d;
		desc->virq = virq;
	}
	spin_unlock_irqrestore(&desc->lock, flags);
	if (rc)
		vgic_disconnect_hw(d, virq);
	return rc;
}

/* The SPI that is virq of d. Rare: looks at all of them. */
static struct irq_desc *desc_of_guest(const struct domain *d, unsigned int virq)
{
	for (unsigned int i = 0; i < gic.nr_irqs - NR_LOCAL_IRQS; i++)
		if (spi_desc[i].guest && spi_desc[i].guest_d == d && spi_desc[i].virq == virq)
			return &spi_desc[i];
	return NULL;
}

int release_guest_irq(struct domain *d, unsigned int virq)
{
	struct irq_desc *desc = desc_of_guest(d, virq);
	unsigned long flags;

	if (!desc)
		return -EINVAL;
	flags = spin_lock_irqsave(&desc->lock);
	gic_disable_irq(desc->irq);
	desc->enabled = false;
	/* The guest will not end it any more. */
	if (desc->inflight)
		gic_set_active(desc->irq, false);
	desc->inflight = false;
	desc->guest = false;
	desc->guest_d = NULL;
	spin_unlock_irqrestore(&desc->lock, flags);
	vgic_disconnect_hw(d, virq);
	return 0;
}

/* d's routed interrupt, locked; NULL when it is not d's. */
static struct irq_desc *lock_guest_desc(const struct domain *d, unsigned int irq,
					unsigned long *flags)
{
	struct irq_desc *desc = irq < NR_LOCAL_IRQS ? NULL : irq_to_desc(irq);

	if (!desc)
		return NULL;
	*flags = spin_lock_irqsave(&desc->lock);
	if (desc->guest && desc->guest_d == d)
		return desc;
	spin_unlock_irqrestore(&desc->lock, *flags);
	return NULL;
}

void guest_irq_set_enabled(struct domain *d, unsigned int irq, bool on)
{
	unsigned long flags;
	struct irq_desc *desc = lock_guest_desc(d, irq, &flags);

	if (!desc)
		return;
	desc->enabled = on;
	if (on)
		gic_enable_irq(irq);
	else
		gic_disable_irq(irq);
	spin_unlock_irqrestore(&desc->lock, flags);
}

void guest_irq_set_affinity(struct domain *d, unsigned int irq, unsigned int cpu)
{
	unsigned long flags;
	struct irq_desc *desc = lock_guest_desc(d, irq, &flags);

	if (!desc)
		return;
	if (desc->cpu != cpu) {
		desc->cpu = cpu;
		gic_hw->set_affinity(irq, cpu);
	}
	spin_unlock_irqrestore(&desc->lock, flags);
}

void do_irq(unsigned int irq, unsigned int token)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct domain *d;
	unsigned int virq;

	gic_hw->eoi_irq(token);
	if (unlikely(!desc)) {
		gic_hw->deactivate_irq(token);
		return;
	}
	/*
	 * Handlers are never taken back. Whether it is a guest's is decided under
	 * the lock: release_guest_irq() runs on other CPUs.
	 */
	if (desc->handler) {
		desc->handler(irq, desc->data);
		if (!desc->keep_active)
			gic_hw->deactivate_irq(token);
		return;
	}
	spin_lock(&desc->lock);
	d = desc->guest ? desc->guest_d : NULL;
	virq = desc->virq;
	if (d)
		desc->inflight = true;
	else
		gic_hw->deactivate_irq(token);
	spin_unlock(&desc->lock);
	/* d lives: its destruction releases its interrupts, then waits for all CPUs. */
	if (d)
		vgic_inject_hw(d, virq);
}
