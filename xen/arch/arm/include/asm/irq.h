/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical interrupts: descriptors, handlers of our own and routes to a guest. */
#ifndef ASM_IRQ_H
#define ASM_IRQ_H

#include <xen/spinlock.h>
#include <xen/types.h>

#define NR_LOCAL_IRQS	32
#define NR_MAX_IRQS	1020

struct domain;
struct irq_desc {
	spinlock_t lock;		/* RANK_IRQ_DESC */
	uint16_t irq;
	bool level;
	bool guest;			/* routed: guest_d and virq are valid */
	bool inflight;			/* in the guest, physical one not yet deactivated */
	bool enabled;
	bool keep_active;		/* priority drop only; see irq_keep_active() */
	uint16_t virq;
	uint16_t cpu;
	struct domain *guest_d;
	void (*handler)(unsigned int irq, void *data);
	void *data;
};

void irq_init(void);		/* boot: descriptors; wants gic.nr_irqs */
void irq_init_cpu(void);	/* each CPU's private ones, before its first request_irq() */
/* From the dispatch loop: acknowledged, interrupts off. token: see gic-driver.h. */
void do_irq(unsigned int irq, unsigned int token);
struct irq_desc *irq_to_desc(unsigned int irq);	/* NULL when out of range; PPIs: this CPU's */
/* Hypervisor's own handler; -EBUSY when taken. Interrupt context, interrupts off. */
int request_irq(unsigned int irq, void (*handler)(unsigned int, void *), void *data);
/*
 * The handler's interrupt is not deactivated when it returns: a guest's EOI
 * does it through a HW list register. All CPUs' copies for a PPI.
 */
void irq_keep_active(unsigned int irq);
/* SPI to a guest under the virtual number virq; enabled when the guest enables it. */
int route_irq_to_guest(struct domain *d, unsigned int virq, unsigned int irq);
int release_guest_irq(struct domain *d, unsigned int virq);
void irq_set_type(unsigned int irq, bool level);
/* By the vGIC as the guest enables, disables and retargets the routed interrupt. */
void guest_irq_set_enabled(struct domain *d, unsigned int irq, bool on);
void guest_irq_set_affinity(struct domain *d, unsigned int irq, unsigned int cpu);

#endif
