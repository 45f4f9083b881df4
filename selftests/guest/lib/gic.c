// SPDX-License-Identifier: GPL-2.0-only
#include "gic.h"
#include "cpu.h"
#include "dt.h"
#include "hypercall.h"
#include "report.h"

struct gic gic;

static irq_handler_t handlers[1020];
static u64 counts[1020][MAX_CPUS];

u64 gic_reg(unsigned int reg, unsigned int irq, unsigned int bits)
{
	u64 base = gic.dist;

	if (gic.version == 3 && irq < 32)
		base = this_cpu()->gicr + GICR_SGI;
	return base + reg + (bits == 1 ? irq / 32 * 4 : bits == 2 ? irq / 16 * 4 : irq);
}

static void dist_init(void)
{
	unsigned int lines = ((mmio_read32(gic.dist + GICD_TYPER) & 31) + 1) * 32;

	mmio_write32(gic.dist + GICD_CTLR, 0);
	for (unsigned int i = 32; i < lines && i < 1020; i += 32)
		mmio_write32(gic.dist + GICD_ICENABLER + i / 8, ~0u);
	/* v3: affinity routing and group 1 (the non-secure view); v2: enable. */
	mmio_write32(gic.dist + GICD_CTLR, gic.version == 3 ? 0x12 : 1);
}

void gic_init(void)
{
	struct dt_node n;
	u64 size;

	if (dt_find_compatible(&n, "arm,gic-v3")) {
		gic.version = 3;
		dt_reg(&n, 0, &gic.dist, &gic.dist_size);
		dt_reg(&n, 1, &gic.redist, &gic.redist_size);
	} else if (dt_find_compatible(&n, "arm,cortex-a15-gic") ||
		   dt_find_compatible(&n, "arm,gic-400")) {
		gic.version = 2;
		dt_reg(&n, 0, &gic.dist, &gic.dist_size);
		dt_reg(&n, 1, &gic.cpu_if, &size);
	} else {
		report_error("no interrupt controller in the device tree");
		report_finish();
	}
	dist_init();
}

void gic_init_guest(unsigned int version)
{
	gic.version = version;
	gic.dist = GUEST_GICD_BASE;
	gic.dist_size = version == 3 ? GUEST_GICV3_GICD_SIZE : GUEST_GICD_SIZE;
	gic.cpu_if = GUEST_GICC_BASE;
	gic.redist = GUEST_GICV3_GICR0_BASE;
	gic.redist_size = GUEST_GICV3_GICR0_SIZE;
	dist_init();
}

/* GICR_TYPER: affinity in 63:32, bit 4 says last of the region. */
static u64 find_redist(void)
{
	u64 mpidr = read_sysreg(mpidr_el1);
	u32 aff = (mpidr & 0xffffff) | (mpidr >> 32 & 0xff) << 24;

	for (u64 r = gic.redist; r < gic.redist + gic.redist_size; r += 0x20000) {
		u64 typer = mmio_read64(r + GICR_TYPER);

		if (typer >> 32 == aff)
			return r;
		if (typer & BIT(4))
			break;
	}
	report_error("no redistributor for MPIDR %lx", mpidr);
	report_finish();
}

void gic_init_cpu(void)
{
	if (gic.version == 3) {
		write_sysreg_s(ICC_SRE_EL1, 7);
		isb();
		this_cpu()->gicr = find_redist();
		mmio_write32(this_cpu()->gicr + GICR_WAKER, 0);
	}

	mmio_write32(gic_reg(GICD_ICENABLER, 0, 1), ~0u);
	for (unsigned int i = 0; i < 32; i++)
		irq_set_priority(i, 0xa0);
	/* SGIs cannot be disabled in every implementation, and need not be. */
	mmio_write32(gic_reg(GICD_ISENABLER, 0, 1), 0xffff);

	gic_set_pmr(0xf0);
	if (gic.version == 3) {
		write_sysreg_s(ICC_CTLR_EL1, 0);
		write_sysreg_s(ICC_IGRPEN1_EL1, 1);
		isb();
	} else {
		mmio_write32(gic.cpu_if + GICC_CTLR, 1);
	}
}

u32 gic_ack(void)
{
	u32 iar;

	if (gic.version == 2)
		return mmio_read32(gic.cpu_if + GICC_IAR);
	iar = read_sysreg_s(ICC_IAR1_EL1);
	dsb(sy);
	return iar;
}

void gic_eoi(u32 iar)
{
	if (gic.version == 2) {
		mmio_write32(gic.cpu_if + GICC_EOIR, iar);
	} else {
		write_sysreg_s(ICC_EOIR1_EL1, iar);
		isb();
	}
}

void gic_handle_irq(void)
{
	u32 iar = gic_ack();
	unsigned int irq = iar & 0x3ff;

	if (irq >= 1020)
		return;
	counts[irq][this_cpu()->id]++;
	if (handlers[irq])
		handlers[irq](irq);
	gic_eoi(iar);
}

void irq_handler(unsigned int irq, irq_handler_t fn)
{
	handlers[irq] = fn;
}

u64 irq_count(unsigned int irq, unsigned int cpu)
{
	return READ_ONCE(counts[irq][cpu]);
}

static void irq_bit(unsigned int reg, unsigned int irq)
{
	mmio_write32(gic_reg(reg, irq, 1), BIT(irq % 32));
	dsb(sy);
}

void irq_unmask(unsigned int irq)
{
	irq_bit(GICD_ISENABLER, irq);
}

void irq_mask(unsigned int irq)
{
	irq_bit(GICD_ICENABLER, irq);
}

/* GICv2 has registers of their own for SGIs: by sending CPU. */
void irq_set_pending(unsigned int irq)
{
	if (gic.version == 2 && irq < 16)
		mmio_write8(gic.dist + GICD_SPENDSGIR + irq, BIT(this_cpu()->id));
	else
		irq_bit(GICD_ISPENDR, irq);
}

void irq_clear_pending(unsigned int irq)
{
	if (gic.version == 2 && irq < 16)
		mmio_write8(gic.dist + GICD_CPENDSGIR + irq, 0xff);
	else
		irq_bit(GICD_ICPENDR, irq);
}

bool irq_is_pending(unsigned int irq)
{
	return mmio_read32(gic_reg(GICD_ISPENDR, irq, 1)) & BIT(irq % 32);
}

void irq_set_priority(unsigned int irq, u8 priority)
{
	mmio_write8(gic_reg(GICD_IPRIORITYR, irq, 8), priority);
}

u8 irq_get_priority(unsigned int irq)
{
	return mmio_read8(gic_reg(GICD_IPRIORITYR, irq, 8));
}

void irq_set_edge(unsigned int irq, bool edge)
{
	u64 reg = gic_reg(GICD_ICFGR, irq, 2);
	u32 bit = 2u << irq % 16 * 2;

	mmio_write32(reg, edge ? mmio_read32(reg) | bit : mmio_read32(reg) & ~bit);
}

void irq_route(unsigned int irq, unsigned int cpu)
{
	if (gic.version == 3)
		mmio_write64(gic.dist + GICD_IROUTER + irq * 8, cpu_mpidr(cpu));
	else
		mmio_write8(gic.dist + GICD_ITARGETSR + irq, BIT(cpu));
}

void send_sgi(unsigned int sgi, unsigned int cpu)
{
	dsb(ishst);
	if (gic.version == 3) {
		u64 mpidr = cpu_mpidr(cpu);

		write_sysreg_s(ICC_SGI1R_EL1, BIT(mpidr & 15) | (mpidr >> 8 & 0xff) << 16 |
			       (u64)sgi << 24);
		isb();
	} else {
		mmio_write32(gic.dist + GICD_SGIR, BIT(cpu) << 16 | sgi);
	}
}

void send_sgi_others(unsigned int sgi)
{
	dsb(ishst);
	if (gic.version == 3) {
		write_sysreg_s(ICC_SGI1R_EL1, BIT(40) | (u64)sgi << 24);
		isb();
	} else {
		mmio_write32(gic.dist + GICD_SGIR, 1u << 24 | sgi);
	}
}

void gic_set_pmr(u8 pmr)
{
	if (gic.version == 3) {
		write_sysreg_s(ICC_PMR_EL1, pmr);
		isb();
	} else {
		mmio_write32(gic.cpu_if + GICC_PMR, pmr);
	}
}
