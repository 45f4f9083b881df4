// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt controller of the host: which one, the dispatch of interrupts,
 * and what both versions do in the same way.
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <drivers/dt.h>
#include <asm/irq.h>
#include <asm/mm.h>
#include <asm/setup.h>
#include <asm/vgic.h>
#include "gic-driver.h"

#define GIC_PRI_IRQ	0xa0
#define GIC_PRI_IPI	0x90
#define GIC_PRI_ALL(p)	((p) * 0x01010101U)

const struct gic_hw_ops *gic_hw;
struct gic_info gic;
void *gic_dist;
DEFINE_PER_CPU(void *, gic_private);

/* ---- start ---- */

void * __init gic_map(const void *fdt, unsigned int idx, const char *what, paddr_t *base,
		      paddr_t *size)
{
	void *va;

	if (dt_get_reg(fdt, gic.dt_node, idx, base, size))
		panic("The interrupt controller has no %s (entry %u of its \"reg\")", what, idx);
	va = ioremap(*base, *size);
	if (!va)
		panic("Cannot map the interrupt controller's %s", what);
	return va;
}

void __init gic_preinit(const void *fdt)
{
	static const char *const v3[] __initconst = { "arm,gic-v3", NULL };
	static const char *const v2[] __initconst = {
		"arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic", "qcom,msm-qgic2", NULL
	};
	bool is_v3, level;

	gic.dt_node = dt_find_compatible(fdt, v3);
	is_v3 = gic.dt_node >= 0;
	if (!is_v3)
		gic.dt_node = dt_find_compatible(fdt, v2);
	if (gic.dt_node < 0)
		panic("No supported interrupt controller (GICv2 or GICv3) in the device tree");
	if (dt_get_irq(fdt, gic.dt_node, 0, &gic.maintenance_irq, &level))
		panic("The interrupt controller has no maintenance interrupt: no virtualization extensions");
	gic_dist = gic_map(fdt, 0, "distributor", &gic.dist_base, &gic.dist_size);
	gic.nr_irqs = min(32 * ((mmio_read32(gic_dist, GICD_TYPER) & 0x1f) + 1), 1020U);
	gic_hw = is_v3 ? gicv3_probe(fdt) : gicv2_probe(fdt);
	gic.nr_lrs = min(gic.nr_lrs, (unsigned int)VGIC_MAX_LRS);	/* GICv2: up to 64 */
	printk(XENLOG_INFO "GICv%u: %u interrupts, %u list registers, maintenance interrupt %u\n",
	       gic_hw->version, gic.nr_irqs, gic.nr_lrs, gic.maintenance_irq);
}

void gic_init_cpu(void)
{
	gic_hw->init_secondary();
	/* Unknown after reset (IHI 0069, 12.4.9): the first guest would get what they hold. */
	for (unsigned int n = 0; n < gic.nr_lrs; n++)
		gic_hw->write_lr(n, 0);
}

void __init gic_reset_spis(uint32_t group)
{
	for (unsigned int i = NR_LOCAL_IRQS; i < gic.nr_irqs; i += 32) {
		mmio_write32(gic_dist, GICD_ICENABLER + i / 8, ~0U);
		mmio_write32(gic_dist, GICD_ICPENDR + i / 8, ~0U);
		mmio_write32(gic_dist, GICD_ICACTIVER + i / 8, ~0U);
		mmio_write32(gic_dist, GICD_IGROUPR + i / 8, group);
	}
	for (unsigned int i = NR_LOCAL_IRQS; i < gic.nr_irqs; i += 16)
		mmio_write32(gic_dist, GICD_ICFGR + i / 4, 0);
	for (unsigned int i = NR_LOCAL_IRQS; i < gic.nr_irqs; i += 4)
		mmio_write32(gic_dist, GICD_IPRIORITYR + i, GIC_PRI_ALL(GIC_PRI_IRQ));
}

void gic_reset_local(void *base, uint32_t group)
{
	this_cpu(gic_private) = base;
	mmio_write32(base, GICD_ICENABLER, ~0U);
	mmio_write32(base, GICD_ICPENDR, ~0U);
	mmio_write32(base, GICD_ICACTIVER, ~0U);
	mmio_write32(base, GICD_IGROUPR, group);
	for (unsigned int i = 0; i < NR_SGIS; i += 4)
		mmio_write32(base, GICD_IPRIORITYR + i, GIC_PRI_ALL(GIC_PRI_IPI));
	for (unsigned int i = NR_SGIS; i < NR_LOCAL_IRQS; i += 4)
		mmio_write32(base, GICD_IPRIORITYR + i, GIC_PRI_ALL(GIC_PRI_IRQ));
	mmio_write32(base, GICD_ICFGR + 4, 0);	/* PPIs: all of ours are levels */
	mmio_write32(base, GICD_ISENABLER, 0xffff);
}

/* ---- one interrupt ---- */

/* Frame that holds the enable, pending ... bits of an INTID. */
static void *frame_of(unsigned int irq)
{
	return irq < NR_LOCAL_IRQS ? this_cpu(gic_private) : gic_dist;
}

static void write_bit(unsigned int irq, unsigned long reg)
{
	mmio_write32(frame_of(irq), reg + irq / 32 * 4, 1U << (irq % 32));
}

void gic_enable_irq(unsigned int irq)
{
	write_bit(irq, GICD_ISENABLER);
}

void gic_disable_irq(unsigned int irq)
{
	write_bit(irq, GICD_ICENABLER);
	if (gic_hw->wait_disabled)
		gic_hw->wait_disabled(irq);
}

/* Two bits an interrupt, the upper one: edge. */
void gic_set_type(unsigned int irq, bool level)
{
	unsigned long reg = GICD_ICFGR + irq / 16 * 4;
	uint32_t edge = 2U << (irq % 16 * 2), v = mmio_read32(frame_of(irq), reg);

	mmio_write32(frame_of(irq), reg, level ? v & ~edge : v | edge);
}

void gic_set_pending(unsigned int irq, bool pending)
{
	write_bit(irq, pending ? GICD_ISPENDR : GICD_ICPENDR);
}

void gic_set_active(unsigned int irq, bool active)
{
	write_bit(irq, active ? GICD_ISACTIVER : GICD_ICACTIVER);
}

bool gic_is_pending(unsigned int irq)
{
	return mmio_read32(frame_of(irq), GICD_ISPENDR + irq / 32 * 4) & (1U << (irq % 32));
}

/* ---- dispatch ---- */

static void handle_sgi(unsigned int irq)
{
	switch (irq) {
	case GIC_SGI_EVENT_CHECK:
		/* The softirq bit is set already: leaving the hypervisor looks at it. */
		break;
	case GIC_SGI_CALL_FUNCTION:
		smp_call_function_interrupt();
		break;
	case GIC_SGI_STOP:
		stop_this_cpu();
	}
}

void gic_interrupt(void)
{
	for (;;) {
		unsigned int token = gic_hw->read_irq(), irq = token & GIC_INTID_MASK;

		if (irq >= NR_MAX_IRQS)
			return;
		if (irq >= NR_SGIS) {
			do_irq(irq, token);
			continue;
		}
		/* Ended first: the handler may not return, or wait for others. */
		gic_hw->eoi_irq(token);
		gic_hw->deactivate_irq(token);
		handle_sgi(irq);
	}
}

void arch_send_event_check(unsigned int cpu)
{
	cpumask_t mask = { { 0 } };

	__set_bit(cpu, mask.bits);
	gic_hw->send_sgi(&mask, GIC_SGI_EVENT_CHECK);
}

void arch_send_call_function(const cpumask_t *mask)
{
	gic_hw->send_sgi(mask, GIC_SGI_CALL_FUNCTION);
}
