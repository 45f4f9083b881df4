// SPDX-License-Identifier: GPL-2.0-only
/* GICv3 (ARM IHI 0069): distributor, redistributors, system register interface. */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <xen/time.h>
#include <drivers/dt.h>
#include <asm/cpufeature.h>
#include <asm/irq.h>
#include <asm/setup.h>
#include <asm/system.h>
#include <libfdt.h>
#include "gic-driver.h"

/* GICD_CTLR as the non-secure world sees it */
#define GICD_CTLR_GRP1		BIT(0)
#define GICD_CTLR_GRP1A		BIT(1)
#define GICD_CTLR_ARE		BIT(4)
#define GICD_CTLR_RWP		BIT(31)

#define GICR_CTLR		0x0000
#define GICR_TYPER		0x0008
#define GICR_WAKER		0x0014
#define GICR_SGI_FRAME		0x10000
#define GICR_CTLR_RWP		BIT(3)
#define GICR_TYPER_VLPIS	BIT(1)
#define GICR_TYPER_LAST		BIT(4)
#define GICR_WAKER_SLEEP	BIT(1)
#define GICR_WAKER_ASLEEP	BIT(2)

/*
 * System registers, by encoding: not every assembler knows the names.
 * Macros expand before READ_SYSREG() makes strings of them.
 */
#define ICC_PMR_EL1	S3_0_C4_C6_0
#define ICC_DIR_EL1	S3_0_C12_C11_1
#define ICC_SGI1R_EL1	S3_0_C12_C11_5
#define ICC_IAR1_EL1	S3_0_C12_C12_0
#define ICC_EOIR1_EL1	S3_0_C12_C12_1
#define ICC_BPR1_EL1	S3_0_C12_C12_3
#define ICC_CTLR_EL1	S3_0_C12_C12_4
#define ICC_IGRPEN1_EL1	S3_0_C12_C12_7
#define ICC_SRE_EL1	S3_0_C12_C12_5
#define ICC_SRE_EL2	S3_4_C12_C9_5
#define ICH_HCR_EL2	S3_4_C12_C11_0
#define ICH_VTR_EL2	S3_4_C12_C11_1
#define ICH_VMCR_EL2	S3_4_C12_C11_7
#define READ_ICREG(r)		READ_SYSREG(r)
#define WRITE_ICREG(v, r)	WRITE_SYSREG(v, r)

/*
 * SRE, DFB, DIB. Without Enable: a guest that turned its own SRE off, where the CPU
 * can do that, would take it from whoever runs there next.
 */
#define ICC_SRE_ALL	0x7
#define ICC_CTLR_EOIMODE BIT(1)

static char *rdist_region[ARRAY_SIZE(gic.rdist)];
static uint32_t rdist_stride;	/* of the device tree; 0: by TYPER */
static DEFINE_PER_CPU(char *, rdist);
static unsigned int apr_per_group;

static void wait_rwp(void *base, unsigned long reg, uint32_t bit)
{
	s_time_t end = NOW() + MILLISECS(100);

	while (mmio_read32(base, reg) & bit) {
		cpu_relax();
		if (NOW() > end) {
			printk(XENLOG_WARNING "GICv3: register write still pending\n");
			return;
		}
	}
}

static void v3_wait_disabled(unsigned int irq)
{
	if (irq < NR_LOCAL_IRQS)
		wait_rwp(this_cpu(rdist), GICR_CTLR, GICR_CTLR_RWP);
	else
		wait_rwp(gic_dist, GICD_CTLR, GICD_CTLR_RWP);
}

static void v3_set_affinity(unsigned int irq, unsigned int cpu)
{
	mmio_write64(gic_dist, GICD_IROUTER + irq * 8UL, cpu_logical_map[cpu]);
}

static unsigned int v3_read_irq(void)
{
	unsigned int irq = READ_ICREG(ICC_IAR1_EL1) & 0xffffff;

	/* The acknowledgement has taken effect before the handler touches the device. */
	dsb(sy);
	return min(irq, GIC_INTID_MASK);
}

static void v3_eoi_irq(unsigned int token)
{
	WRITE_ICREG(token, ICC_EOIR1_EL1);
	isb();
}

static void v3_deactivate_irq(unsigned int token)
{
	WRITE_ICREG(token, ICC_DIR_EL1);
	isb();
}

/* One write per group of 16 CPUs that share the upper affinity levels. */
static void v3_send_sgi(const cpumask_t *mask, enum gic_sgi sgi)
{
	unsigned int cpu, other;
	cpumask_t todo = *mask;

	dsb(ishst);	/* what the target is to look at, before the interrupt */
	for_each_cpu(cpu, mask) {
		uint64_t mpidr = cpu_logical_map[cpu], cluster = mpidr & ~0xfUL, list = 0;

		if (!test_bit(cpu, todo.bits))
			continue;
		for_each_cpu(other, mask) {
			if ((cpu_logical_map[other] & ~0xfUL) != cluster)
				continue;
			list |= BIT(cpu_logical_map[other] & 0xf);
			__clear_bit(other, todo.bits);
		}
		WRITE_ICREG((mpidr >> 32 & 0xff) << 48 | (mpidr >> 16 & 0xff) << 32 |
			     (mpidr >> 4 & 0xf) << 44 | (mpidr >> 8 & 0xff) << 16 |
			     (uint64_t)sgi << 24 | list, ICC_SGI1R_EL1);
	}
	isb();
}

#define EACH_LR(op)							\
	op(0, S3_4_C12_C12_0) op(1, S3_4_C12_C12_1)			\
	op(2, S3_4_C12_C12_2) op(3, S3_4_C12_C12_3)			\
	op(4, S3_4_C12_C12_4) op(5, S3_4_C12_C12_5)			\
	op(6, S3_4_C12_C12_6) op(7, S3_4_C12_C12_7)			\
	op(8, S3_4_C12_C13_0) op(9, S3_4_C12_C13_1)			\
	op(10, S3_4_C12_C13_2) op(11, S3_4_C12_C13_3)			\
	op(12, S3_4_C12_C13_4) op(13, S3_4_C12_C13_5)			\
	op(14, S3_4_C12_C13_6) op(15, S3_4_C12_C13_7)

static void v3_write_lr(unsigned int nr, uint64_t lr)
{
	switch (nr) {
#define WRITE_LR(n, reg) case n: WRITE_SYSREG(lr, reg); break;
	EACH_LR(WRITE_LR)
	}
}

static uint64_t v3_read_lr(unsigned int nr)
{
	switch (nr) {
#define READ_LR(n, reg) case n: return READ_SYSREG(reg);
	EACH_LR(READ_LR)
	}
	return 0;
}

static void v3_hcr_set(uint32_t hcr)
{
	WRITE_ICREG(hcr, ICH_HCR_EL2);
}

static uint32_t v3_hcr_get(void)
{
	return READ_ICREG(ICH_HCR_EL2);
}

static uint32_t v3_read_vmcr(void)
{
	return READ_ICREG(ICH_VMCR_EL2);
}

/*
 * Active priorities: one register for each group with 5 bits of priority, 2
 * with 6 and 4 with 7 (12.4.1). Those that are not there are undefined.
 */
#define SAVE_APR(n, reg)	s->apr[n] = READ_SYSREG(reg)
#define LOAD_APR(n, reg)	WRITE_SYSREG(s->apr[n], reg)
#define MORE_APRS(op) do {						\
	if (apr_per_group > 1) {					\
		op(2, S3_4_C12_C8_1); op(3, S3_4_C12_C9_1);		\
	}								\
	if (apr_per_group > 2) {					\
		op(4, S3_4_C12_C8_2); op(5, S3_4_C12_C9_2);		\
		op(6, S3_4_C12_C8_3); op(7, S3_4_C12_C9_3);		\
	}								\
} while (0)

static void v3_save_vcpu_if(struct gic_vcpu_if *s)
{
	s->vmcr = READ_ICREG(ICH_VMCR_EL2);
	SAVE_APR(0, S3_4_C12_C8_0);
	SAVE_APR(1, S3_4_C12_C9_0);
	if (unlikely(apr_per_group > 1))
		MORE_APRS(SAVE_APR);
	WRITE_ICREG(0, ICH_HCR_EL2);
}

static void v3_load_vcpu_if(const struct gic_vcpu_if *s, uint32_t hcr)
{
	WRITE_ICREG(s->vmcr, ICH_VMCR_EL2);
	LOAD_APR(0, S3_4_C12_C8_0);
	LOAD_APR(1, S3_4_C12_C9_0);
	if (unlikely(apr_per_group > 1))
		MORE_APRS(LOAD_APR);
	WRITE_ICREG(hcr, ICH_HCR_EL2);
}

/* The redistributor whose TYPER has this CPU's affinity. */
static char *find_rdist(void)
{
	uint64_t mpidr = cpu_logical_map[smp_processor_id()];
	uint32_t aff = (mpidr >> 32 & 0xff) << 24 | (mpidr & 0xffffff);

	for (unsigned int i = 0; i < gic.nr_rdist; i++) {
		char *p = rdist_region[i], *end = p + gic.rdist[i].size;

		while (p < end) {
			uint64_t typer = mmio_read64(p, GICR_TYPER);

			if (typer >> 32 == aff)
				return p;
			if (typer & GICR_TYPER_LAST)
				break;
			if (rdist_stride)
				p += rdist_stride;
			else
				p += typer & GICR_TYPER_VLPIS ? 0x40000 : 0x20000;
		}
	}
	return NULL;
}

static void wake_rdist(char *r)
{
	s_time_t end = NOW() + MILLISECS(100);

	mmio_write32(r, GICR_WAKER, mmio_read32(r, GICR_WAKER) & ~GICR_WAKER_SLEEP);
	while (mmio_read32(r, GICR_WAKER) & GICR_WAKER_ASLEEP) {
		cpu_relax();
		if (NOW() > end)
			panic("GICv3: the redistributor of CPU %u does not wake up",
			      smp_processor_id());
	}
}

static void v3_init_cpu(void)
{
	char *r = find_rdist();

	if (!r)
		panic("GICv3: no redistributor for CPU %u", smp_processor_id());
	this_cpu(rdist) = r;
	wake_rdist(r);
	gic_reset_local(r + GICR_SGI_FRAME, ~0U);
	wait_rwp(r, GICR_CTLR, GICR_CTLR_RWP);

	WRITE_ICREG(ICC_SRE_ALL, ICC_SRE_EL2);
	isb();		/* the other registers exist only now */
	if (!(READ_ICREG(ICC_SRE_EL2) & 1))
		panic("GICv3: system register interface cannot be enabled");
	WRITE_ICREG(ICC_SRE_ALL, ICC_SRE_EL1);
	WRITE_ICREG(0, ICC_BPR1_EL1);
	WRITE_ICREG(0xff, ICC_PMR_EL1);
	WRITE_ICREG(ICC_CTLR_EOIMODE, ICC_CTLR_EL1);
	WRITE_ICREG(1, ICC_IGRPEN1_EL1);
	WRITE_ICREG(0, ICH_HCR_EL2);
	isb();
}

static const struct gic_hw_ops gicv3_ops = {
	.version	= GIC_V3,
	.init_secondary	= v3_init_cpu,
	.wait_disabled	= v3_wait_disabled,
	.set_affinity	= v3_set_affinity,
	.read_irq	= v3_read_irq,
	.eoi_irq	= v3_eoi_irq,
	.deactivate_irq	= v3_deactivate_irq,
	.send_sgi	= v3_send_sgi,
	.write_lr	= v3_write_lr,
	.read_lr	= v3_read_lr,
	.hcr_set	= v3_hcr_set,
	.hcr_get	= v3_hcr_get,
	.read_vmcr	= v3_read_vmcr,
	.save_vcpu_if	= v3_save_vcpu_if,
	.load_vcpu_if	= v3_load_vcpu_if,
};

static void __init map_rdists(const void *fdt)
{
	const void *p = fdt_getprop(fdt, gic.dt_node, "redistributor-stride", NULL);

	gic.nr_rdist = dt_u32(fdt, gic.dt_node, "#redistributor-regions", 1);
	if (!gic.nr_rdist || gic.nr_rdist > ARRAY_SIZE(gic.rdist))
		panic("GICv3: %u redistributor regions", gic.nr_rdist);
	if (p)
		rdist_stride = dt_read_cells(p, 2);
	for (unsigned int i = 0; i < gic.nr_rdist; i++)
		rdist_region[i] = gic_map(fdt, i + 1, "redistributor region", &gic.rdist[i].base,
					  &gic.rdist[i].size);
}

static void __init init_dist(void)
{
	mmio_write32(gic_dist, GICD_CTLR, 0);
	wait_rwp(gic_dist, GICD_CTLR, GICD_CTLR_RWP);
	gic_reset_spis(~0U);
	wait_rwp(gic_dist, GICD_CTLR, GICD_CTLR_RWP);
	mmio_write32(gic_dist, GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_GRP1A | GICD_CTLR_GRP1);
	wait_rwp(gic_dist, GICD_CTLR, GICD_CTLR_RWP);
	for (unsigned int i = NR_LOCAL_IRQS; i < gic.nr_irqs; i++)
		v3_set_affinity(i, 0);
}

const struct gic_hw_ops * __init gicv3_probe(const void *fdt)
{
	uint64_t vtr;

	if (!id_field(&system_cpuinfo, ID_PFR0, ID_PFR0_GIC))
		panic("GICv3: the CPU has no system register interface");
	map_rdists(fdt);
	init_dist();

	WRITE_ICREG(ICC_SRE_ALL, ICC_SRE_EL2);
	isb();
	vtr = READ_ICREG(ICH_VTR_EL2);
	gic.nr_lrs = (vtr & 0x1f) + 1;
	apr_per_group = 1U << (((vtr >> 26) & 7) + 1 - 5);
	return &gicv3_ops;
}
