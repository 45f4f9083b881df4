// SPDX-License-Identifier: GPL-2.0-only
/* The end: stopping all CPUs, switching the machine off or starting it again. */
#include <xen/console.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <xen/time.h>
#include <drivers/gic.h>
#include <asm/setup.h>
#include <asm/smccc.h>

void stop_this_cpu(void)
{
	local_irq_disable();
	cpumask_clear_cpu(smp_processor_id(), &cpu_online_map);
	/* Full barrier: who waits for the bit sees all this CPU did. */
	smp_mb();
	for (;;)
		wfi();
}

/* Interrupts off: nothing else happens on this CPU either. */
static void stop_others(void)
{
	s_time_t end = NOW() + MILLISECS(100);
	cpumask_t others = cpu_online_map;

	local_irq_disable();
	cpumask_clear_cpu(smp_processor_id(), &others);
	if (!gic_hw || cpumask_empty(&others))
		return;
	gic_hw->send_sgi(&others, GIC_SGI_STOP);
	/* A CPU that does not answer is left behind. */
	while (cpumask_intersects(&others, &cpu_online_map) && NOW() < end)
		cpu_relax();
}

static void __noreturn stop_here(void)
{
	for (;;)
		wfi();
}

void machine_halt(void)
{
	stop_others();
	stop_here();
}

void machine_restart(void)
{
	stop_others();
	psci_system_reset();
	console_force_unlock();
	printk("The firmware does not restart the machine: reset is required\n");
	stop_here();
}

void machine_poweroff(void)
{
	stop_others();
	psci_system_off();
	console_force_unlock();
	printk("The firmware does not switch the machine off\n");
	stop_here();
}
