// SPDX-License-Identifier: GPL-2.0-only
/* What GICv2 and GICv3 do in the same way: state of interrupts at start. */
#include <xen/init.h>
#include <xen/lib.h>
#include <asm/gic_driver.h>
#include <asm/irq.h>

void __init gic_reset_spis(void *dist, uint32_t group)
{
	for (unsigned int i = NR_LOCAL_IRQS; i < gic.nr_irqs; i += 32) {
		mmio_write32(dist, GICD_ICENABLER + i / 8, ~0U);
		mmio_write32(dist, GICD_ICPENDR + i / 8, ~0U);
		mmio_write32(dist, GICD_ICACTIVER + i / 8, ~0U);
		mmio_write32(dist, GICD_IGROUPR + i / 8, group);
	}
	for (unsigned int i = NR_LOCAL_IRQS; i < gic.nr_irqs; i += 16)
		mmio_write32(dist, GICD_ICFGR + i / 4, 0);
	for (unsigned int i = NR_LOCAL_IRQS; i < gic.nr_irqs; i += 4)
		mmio_write32(dist, GICD_IPRIORITYR + i, GIC_PRI_ALL(GIC_PRI_IRQ));
}

void gic_reset_local(void *base, uint32_t group)
{
	mmio_write32(base, GICD_ICENABLER, ~0U);
	mmio_write32(base, GICD_ICPENDR, ~0U);
	mmio_write32(base, GICD_ICACTIVER, ~0U);
	mmio_write32(base, GICD_IGROUPR, group);
	for (unsigned int i = 0; i < NR_SGIS; i += 4)
		mmio_write32(base, GICD_IPRIORITYR + i, GIC_PRI_ALL(GIC_PRI_IPI));
	for (unsigned int i = NR_SGIS; i < NR_LOCAL_IRQS; i += 4)
		mmio_write32(base, GICD_IPRIORITYR + i, GIC_PRI_ALL(GIC_PRI_IRQ));
	mmio_write32(base, GICD_ISENABLER, 0xffff);
}

void gic_write_type(void *base, unsigned int irq, bool level)
{
	unsigned long reg = GICD_ICFGR + irq / 16 * 4;
	uint32_t edge = 2U << (irq % 16 * 2), v = mmio_read32(base, reg);

	mmio_write32(base, reg, level ? v & ~edge : v | edge);
}
