// SPDX-License-Identifier: GPL-2.0-only
/* GICv2 with virtualization extensions (ARM IHI 0048B): all of it memory mapped. */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <drivers/dt.h>
#include <asm/irq.h>
#include <asm/system.h>
#include "gic-driver.h"

#define GICC_CTLR	0x0000
#define GICC_PMR	0x0004
#define GICC_BPR	0x0008
#define GICC_IAR	0x000c
#define GICC_EOIR	0x0010
#define GICC_IIDR	0x00fc
#define GICC_DIR	0x1000
#define ALIASED_SIZE	0x10000
#define LAST_ALIAS	0xf000
#define GICC_CTLR_EN	BIT(0)
#define GICC_CTLR_EOIMODE BIT(9)

#define GICH_HCR	0x00
#define GICH_VTR	0x04
#define GICH_VMCR	0x08
#define GICH_APR	0xf0
#define GICH_LR		0x100

/* GICH_LRn (4.4.11 of the virtualization part) */
#define V2_LR_VIRQ	0x3ffU
#define V2_LR_PHYS_SHIFT 10
#define V2_LR_EOI	(1U << 19)
#define V2_LR_PRIO_SHIFT 23		/* the upper 5 bits of a priority */
#define V2_LR_PENDING	(1U << 28)
#define V2_LR_ACTIVE	(1U << 29)
#define V2_LR_GROUP1	(1U << 30)
#define V2_LR_HW	(1U << 31)

static void *cpu_if, *hyp_if;
static uint8_t cpu_target[NR_CPUS];	/* bit of the CPU interface of each CPU */

static void v2_set_affinity(unsigned int irq, unsigned int cpu)
{
	mmio_write8(gic_dist, GICD_ITARGETSR + irq, cpu_target[cpu]);
}

static unsigned int v2_read_irq(void)
{
	uint32_t token = mmio_read32(cpu_if, GICC_IAR);

	/* What the sender of an SGI wrote is read after the acknowledgement. */
	dsb(sy);
	return token;
}

static void v2_eoi_irq(unsigned int token)
{
	mmio_write32(cpu_if, GICC_EOIR, token);
}

static void v2_deactivate_irq(unsigned int token)
{
	mmio_write32(cpu_if, GICC_DIR, token);
}

static void v2_send_sgi(const cpumask_t *mask, enum gic_sgi sgi)
{
	unsigned int cpu, targets = 0;

	for_each_cpu(cpu, mask)
		targets |= cpu_target[cpu];
	dsb(ishst);	/* what the target is to look at, before the interrupt */
	mmio_write32(gic_dist, GICD_SGIR, targets << 16 | sgi);
}

static void v2_write_lr(unsigned int nr, uint64_t lr)
{
	uint32_t v = (lr & V2_LR_VIRQ) | ((lr >> LR_PRIO_SHIFT & 0xff) >> 3) << V2_LR_PRIO_SHIFT;

	v |= (lr >> LR_PIRQ_SHIFT & V2_LR_VIRQ & (lr & LR_HW ? ~0UL : 7)) << V2_LR_PHYS_SHIFT;
	v |= (lr & LR_PENDING ? V2_LR_PENDING : 0) | (lr & LR_ACTIVE ? V2_LR_ACTIVE : 0);
	v |= lr & LR_HW ? V2_LR_HW : lr & LR_EOI ? V2_LR_EOI : 0;
	v |= lr & LR_GROUP1 ? V2_LR_GROUP1 : 0;
	mmio_write32(hyp_if, GICH_LR + nr * 4, v);
}

static uint64_t v2_read_lr(unsigned int nr)
{
	uint32_t v = mmio_read32(hyp_if, GICH_LR + nr * 4);
	uint64_t lr = v & V2_LR_VIRQ;

	lr |= (uint64_t)((v >> V2_LR_PRIO_SHIFT & 0x1f) << 3) << LR_PRIO_SHIFT;
	lr |= (v & V2_LR_PENDING ? LR_PENDING : 0) | (v & V2_LR_ACTIVE ? LR_ACTIVE : 0);
	lr |= v & V2_LR_GROUP1 ? LR_GROUP1 : 0;
	if (v & V2_LR_HW)
		lr |= LR_HW | (uint64_t)(v >> V2_LR_PHYS_SHIFT & V2_LR_VIRQ) << LR_PIRQ_SHIFT;
	else
		lr |= (v & V2_LR_EOI ? LR_EOI : 0) |
		      (uint64_t)(v >> V2_LR_PHYS_SHIFT & 7) << LR_SOURCE_SHIFT;
	return lr;
}

static void v2_hcr_set(uint32_t hcr)
{
	mmio_write32(hyp_if, GICH_HCR, hcr);
}

static uint32_t v2_hcr_get(void)
{
	return mmio_read32(hyp_if, GICH_HCR);
}

static uint32_t v2_read_vmcr(void)
{
	return mmio_read32(hyp_if, GICH_VMCR);
}

static void v2_save_vcpu_if(struct gic_vcpu_if *s)
{
	s->vmcr = mmio_read32(hyp_if, GICH_VMCR);
	s->apr[0] = mmio_read32(hyp_if, GICH_APR);
	mmio_write32(hyp_if, GICH_HCR, 0);
}

static void v2_load_vcpu_if(const struct gic_vcpu_if *s, uint32_t hcr)
{
	mmio_write32(hyp_if, GICH_VMCR, s->vmcr);
	mmio_write32(hyp_if, GICH_APR, s->apr[0]);
	mmio_write32(hyp_if, GICH_HCR, hcr);
}

/* ITARGETSR of an SGI reads as the reader's own CPU interface; 0 with one CPU. */
static uint8_t own_target(void)
{
	for (unsigned int i = 0; i < NR_LOCAL_IRQS; i += 4) {
		uint32_t v = mmio_read32(gic_dist, GICD_ITARGETSR + i);

		v |= v >> 16;
		v |= v >> 8;
		if (v & 0xff)
			return v & 0xff;
	}
	return 1;
}

static void v2_init_cpu(void)
{
	cpu_target[smp_processor_id()] = own_target();
	gic_reset_local(gic_dist, 0);
	mmio_write32(cpu_if, GICC_PMR, 0xff);
	mmio_write32(cpu_if, GICC_BPR, 0);
	mmio_write32(cpu_if, GICC_CTLR, GICC_CTLR_EN | GICC_CTLR_EOIMODE);
	mmio_write32(hyp_if, GICH_HCR, 0);
}

static const struct gic_hw_ops gicv2_ops = {
	.version	= GIC_V2,
	.init_secondary	= v2_init_cpu,
	.set_affinity	= v2_set_affinity,
	.read_irq	= v2_read_irq,
	.eoi_irq	= v2_eoi_irq,
	.deactivate_irq	= v2_deactivate_irq,
	.send_sgi	= v2_send_sgi,
	.write_lr	= v2_write_lr,
	.read_lr	= v2_read_lr,
	.hcr_set	= v2_hcr_set,
	.hcr_get	= v2_hcr_get,
	.read_vmcr	= v2_read_vmcr,
	.save_vcpu_if	= v2_save_vcpu_if,
	.load_vcpu_if	= v2_load_vcpu_if,
};

/*
 * Boards made for pages of 64 KiB (ZynqMP, X-Gene) repeat each page of 4 KiB for as
 * long. The last copy of the first page has the second one, with GICC_DIR, behind it.
 */
static void __init skip_aliases(void)
{
	if (gic.cpu_size < 2 * ALIASED_SIZE || gic.vcpu_size < 2 * ALIASED_SIZE ||
	    mmio_read32(cpu_if, GICC_IIDR) != mmio_read32(cpu_if, GICC_IIDR + LAST_ALIAS))
		return;
	cpu_if += LAST_ALIAS;
	gic.vcpu_base += LAST_ALIAS;
}

const struct gic_hw_ops * __init gicv2_probe(const void *fdt)
{
	paddr_t hyp_base, hyp_size;
	uint32_t vtr;

	cpu_if = gic_map(fdt, 1, "CPU interface", &gic.cpu_base, &gic.cpu_size);
	hyp_if = gic_map(fdt, 2, "virtual interface control", &hyp_base, &hyp_size);
	if (dt_get_reg(fdt, gic.dt_node, 3, &gic.vcpu_base, &gic.vcpu_size))
		panic("GICv2: no virtual CPU interface in the device tree");
	if (gic.cpu_size < 0x2000 || gic.vcpu_size < 0x2000)
		panic("GICv2: the CPU interface must be 8 KiB");
	skip_aliases();

	mmio_write32(gic_dist, GICD_CTLR, 0);
	gic_reset_spis(0);
	cpu_target[0] = own_target();
	for (unsigned int i = NR_LOCAL_IRQS; i < gic.nr_irqs; i++)
		v2_set_affinity(i, 0);
	mmio_write32(gic_dist, GICD_CTLR, 1);

	vtr = mmio_read32(hyp_if, GICH_VTR);
	gic.nr_lrs = (vtr & 0x3f) + 1;
	return &gicv2_ops;
}
