/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The physical interrupt controller: one driver (gic-v2.c, gic-v3.c) behind
 * these operations, chosen by the device tree. EOImode 1: eoi drops priority,
 * deactivate ends the interrupt (done by the guest's EOI for HW list registers).
 */
#ifndef ASM_GIC_H
#define ASM_GIC_H

#include <xen/cpumask.h>
#include <xen/init.h>
#include <xen/types.h>

#define GIC_PRI_LOWEST	0xf0
#define GIC_PRI_IRQ	0xa0
#define GIC_PRI_IPI	0x90
#define GIC_SPURIOUS	1023

enum gic_version { GIC_V2 = 2, GIC_V3 = 3 };
enum gic_sgi { GIC_SGI_EVENT_CHECK, GIC_SGI_STOP, GIC_SGI_CALL_FUNCTION, NR_GIC_SGI };

/* A list register, independent of the version. */
struct gic_lr {
	uint16_t virq;
	uint16_t pirq;		/* hw only */
	uint8_t priority;	/* 8 bits as the distributor has it */
	bool pending, active, hw;
	bool eoi;		/* ask for a maintenance interrupt (not with hw) */
	uint8_t source;		/* GICv2 SGI: sending vCPU */
	bool group1;
};

struct gic_hw_ops {
	enum gic_version version;
	void (*init_secondary)(void);
	void (*enable_irq)(unsigned int irq);	/* by physical INTID; SPI: to cpu set before */
	void (*disable_irq)(unsigned int irq);
	void (*set_type)(unsigned int irq, bool level);
	void (*set_priority)(unsigned int irq, uint8_t prio);
	void (*set_affinity)(unsigned int irq, unsigned int cpu);
	void (*set_pending)(unsigned int irq, bool pending);
	void (*set_active)(unsigned int irq, bool active);
	bool (*is_pending)(unsigned int irq);
	unsigned int (*read_irq)(void);		/* acknowledge; GIC_SPURIOUS when none */
	void (*eoi_irq)(unsigned int irq);	/* priority drop */
	void (*deactivate_irq)(unsigned int irq);
	void (*send_sgi)(const cpumask_t *mask, enum gic_sgi sgi);
	/* Virtual interface of the running CPU. */
	void (*write_lr)(unsigned int nr, const struct gic_lr *lr);
	void (*read_lr)(unsigned int nr, struct gic_lr *lr);
	void (*clear_lr)(unsigned int nr);
	uint64_t (*read_elrsr)(void);		/* bit set: list register empty */
	void (*hcr_set)(uint32_t hcr);		/* whole GICH_HCR / ICH_HCR */
	uint32_t (*read_misr)(void);
	uint32_t (*read_vmcr)(void);		/* raw, swapped with the vCPU */
	void (*write_vmcr)(uint32_t vmcr);
	uint32_t (*read_apr)(unsigned int n);	/* active priorities; n < nr_apr */
	void (*write_apr)(unsigned int n, uint32_t v);
};

struct gic_info {
	unsigned int nr_irqs;		/* implemented INTIDs (SGI, PPI and SPI) */
	unsigned int nr_lrs, nr_apr, nr_pri_bits;
	paddr_t dist_base, dist_size;
	paddr_t cpu_base, cpu_size;	/* v2 GICC */
	paddr_t vcpu_base, vcpu_size;	/* v2 GICV: mapped into guests as their GICC */
	struct { paddr_t base, size; } rdist[16];	/* v3 */
	unsigned int nr_rdist;
	uint32_t rdist_stride;
	unsigned int maintenance_irq;
	int dt_node;			/* in the host's device tree */
};

extern const struct gic_hw_ops *gic_hw;
extern struct gic_info gic;

void gic_preinit(const void *fdt);	/* finds and probes the controller; panics with a sentence */
void gic_init_cpu(void);		/* this CPU's part */
void gic_interrupt(void);		/* the IRQ exception of this CPU: acknowledge and dispatch loop */

#endif
