/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The physical interrupt controller: one driver (gic-v2.c, gic-v3.c) behind
 * these operations, chosen by the device tree. EOImode 1: eoi drops priority,
 * deactivate ends the interrupt (done by the guest's EOI for HW list registers).
 */
#ifndef DRIVERS_GIC_H
#define DRIVERS_GIC_H

#include <xen/cpumask.h>
#include <xen/init.h>
#include <xen/types.h>

#define GIC_SPURIOUS	1023

enum gic_version { GIC_V2 = 2, GIC_V3 = 3 };
enum gic_sgi { GIC_SGI_EVENT_CHECK, GIC_SGI_STOP, GIC_SGI_CALL_FUNCTION, NR_GIC_SGI };

/*
 * A list register as ICH_LR<n>_EL2 has it (IHI 0069, 12.4.9). The GICv2 driver
 * converts: priorities lose their low bits, the source of an SGI is kept.
 */
#define LR_PIRQ_SHIFT	32		/* with LR_HW: physical INTID */
#define LR_SOURCE_SHIFT	32		/* GICv2 SGI, without LR_HW: sending vCPU, 3 bits */
#define LR_EOI		BIT(41)		/* without LR_HW: maintenance interrupt at the EOI */
#define LR_PRIO_SHIFT	48		/* 8 bits as the distributor has it */
#define LR_GROUP1	BIT(60)
#define LR_HW		BIT(61)
#define LR_PENDING	BIT(62)
#define LR_ACTIVE	BIT(63)
#define LR_STATE_MASK	(LR_PENDING | LR_ACTIVE)

/* GICH_HCR and ICH_HCR_EL2 */
#define GICH_HCR_EN		BIT(0)
#define GICH_HCR_LRENPIE	BIT(2)	/* maintenance interrupt: EOI of what is in no list register */
#define GICH_HCR_NPIE		BIT(3)	/* maintenance interrupt: no list register is pending */
#define GICH_HCR_EOICOUNT_SHIFT	27

/* GICH_VMCR and ICH_VMCR_EL2 */
#define GICH_VMCR_ENG0		BIT(0)
#define GICH_VMCR_ENG1		BIT(1)
#define GICH_VMCR_PMR_SHIFT	24

/* What the virtual CPU interface remembers of a vCPU, raw. */
struct gic_vcpu_if {
	uint32_t vmcr;
	uint32_t apr[8];	/* active priorities: group 0, then 1; GICv2: one for both */
};

struct gic_hw_ops {
	enum gic_version version;
	void (*init_secondary)(void);
	void (*wait_disabled)(unsigned int irq); /* NULL: the write has effect at once */
	void (*set_affinity)(unsigned int irq, unsigned int cpu);
	unsigned int (*read_irq)(void);		/* acknowledge; GIC_SPURIOUS when none */
	void (*eoi_irq)(unsigned int irq);	/* priority drop */
	void (*deactivate_irq)(unsigned int irq);
	void (*send_sgi)(const cpumask_t *mask, enum gic_sgi sgi);
	/* Virtual interface of the running CPU. */
	void (*write_lr)(unsigned int nr, uint64_t lr);
	uint64_t (*read_lr)(unsigned int nr);
	void (*hcr_set)(uint32_t hcr);		/* whole GICH_HCR / ICH_HCR */
	uint32_t (*hcr_get)(void);
	uint32_t (*read_vmcr)(void);		/* raw */
	/* vCPU switch; list registers apart. Saving turns the interface off. */
	void (*save_vcpu_if)(struct gic_vcpu_if *s);
	void (*load_vcpu_if)(const struct gic_vcpu_if *s, uint32_t hcr);
};

struct gic_info {
	unsigned int nr_irqs;		/* implemented INTIDs (SGI, PPI and SPI) */
	unsigned int nr_lrs;
	paddr_t dist_base, dist_size;
	paddr_t cpu_base, cpu_size;	/* v2 GICC */
	paddr_t vcpu_base, vcpu_size;	/* v2 GICV: mapped into guests as their GICC */
	struct { paddr_t base, size; } rdist[16];	/* v3 */
	unsigned int nr_rdist;
	unsigned int maintenance_irq;
	int dt_node;			/* in the host's device tree */
};

extern const struct gic_hw_ops *gic_hw;
extern struct gic_info gic;

void gic_preinit(const void *fdt);	/* finds and probes the controller; panics with a sentence */
void gic_init_cpu(void);		/* this CPU's part */
void gic_interrupt(void);		/* the IRQ exception of this CPU: acknowledge and dispatch loop */

/* By physical INTID; SGIs and PPIs of this CPU. An SPI goes to the CPU set before. */
void gic_enable_irq(unsigned int irq);
void gic_disable_irq(unsigned int irq);
void gic_set_type(unsigned int irq, bool level);	/* while it is disabled */
void gic_set_pending(unsigned int irq, bool pending);
void gic_set_active(unsigned int irq, bool active);
bool gic_is_pending(unsigned int irq);

#endif
