// SPDX-License-Identifier: GPL-2.0-only
/* The interrupt controller of the host: which one, and the dispatch of interrupts. */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <asm/dt.h>
#include <asm/gic.h>
#include <asm/gic_driver.h>
#include <asm/irq.h>
#include <asm/shutdown.h>
#include <libfdt.h>

const struct gic_hw_ops *gic_hw;
struct gic_info gic;

static void __init find_maintenance_irq(const void *fdt)
{
	bool level;

	if (dt_get_irq(fdt, gic.dt_node, 0, &gic.maintenance_irq, &level))
		panic("The interrupt controller has no maintenance interrupt: no virtualization extensions");
}

void __init gic_preinit(const void *fdt)
{
	static const char *const v3[] __initconst = { "arm,gic-v3", NULL };
	static const char *const v2[] __initconst = {
		"arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic", "qcom,msm-qgic2", NULL
	};

	gic.dt_node = dt_find_compatible(fdt, v3);
	if (gic.dt_node >= 0) {
		find_maintenance_irq(fdt);
		gic_hw = gicv3_probe(fdt, gic.dt_node);
	} else {
		gic.dt_node = dt_find_compatible(fdt, v2);
		if (gic.dt_node < 0)
			panic("No supported interrupt controller (GICv2 or GICv3) in the device tree");
		find_maintenance_irq(fdt);
		gic_hw = gicv2_probe(fdt, gic.dt_node);
	}
	printk(XENLOG_INFO "GICv%u: %u interrupts, %u list registers, maintenance interrupt %u\n",
	       gic_hw->version, gic.nr_irqs, gic.nr_lrs, gic.maintenance_irq);
}

void gic_init_cpu(void)
{
	gic_hw->init_secondary();
}

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
