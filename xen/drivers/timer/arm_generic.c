// SPDX-License-Identifier: GPL-2.0-only
/* Time and timer interrupts of the hypervisor, from the generic timer. */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/softirq.h>
#include <xen/time_scale.h>
#include <drivers/dt.h>
#include <drivers/arm_timer.h>
#include <asm/irq.h>
#include <asm/sysregs.h>

unsigned int timer_irqs[NR_TIMER_IRQS];
uint64_t cntfrq, boot_count;

static struct time_scale to_ns, to_ticks;

s_time_t ticks_to_ns(uint64_t ticks)
{
	return time_scale(&to_ns, ticks);
}

s_time_t get_s_time(void)
{
	return ticks_to_ns(get_cycles() - boot_count);
}

/*
 * The compare value is rounded up, so that the deadline has passed when the
 * interrupt comes.
 */
void arch_reprogram_timer(s_time_t deadline)
{
	if (!deadline) {
		WRITE_SYSREG(0, cnthp_ctl_el2);
	} else {
		WRITE_SYSREG(boot_count + time_scale(&to_ticks, max(deadline, (s_time_t)0)) + 2,
			     cnthp_cval_el2);
		WRITE_SYSREG(CNT_CTL_ENABLE, cnthp_ctl_el2);
	}
	isb();
}

/* The line is a level: the timer is silenced until it is programmed again. */
static void timer_interrupt(unsigned int irq, void *data)
{
	WRITE_SYSREG(0, cnthp_ctl_el2);
	isb();
	raise_softirq(TIMER_SOFTIRQ);
}

#define NSEC_PER_SEC	1000000000UL

static uint64_t __init counter_frequency(const void *fdt, int node)
{
	/* The property exists for firmware that did not set the register. */
	return dt_u32(fdt, node, "clock-frequency", READ_SYSREG(cntfrq_el0));
}

void __init time_init_boot(const void *fdt)
{
	static const char *const timer[] __initconst = {
		"arm,armv8-timer", "arm,armv7-timer", NULL
	};
	int node = dt_find_compatible(fdt, timer);
	bool level;

	if (node < 0)
		panic("No generic timer in the device tree");
	for (unsigned int i = 0; i < NR_TIMER_IRQS; i++)
		if (dt_get_irq(fdt, node, i, &timer_irqs[i], &level))
			timer_irqs[i] = 0;
	if (!timer_irqs[TIMER_HYP] || !timer_irqs[TIMER_VIRT])
		panic("The timer has no hypervisor or no virtual interrupt in the device tree");
	cntfrq = counter_frequency(fdt, node);
	if (!cntfrq || cntfrq > NSEC_PER_SEC)
		panic("The timer counts at %lu Hz, 1 to 10^9 can be used", (unsigned long)cntfrq);
	to_ns = time_scale_of(NSEC_PER_SEC, cntfrq);
	to_ticks = time_scale_of(cntfrq, NSEC_PER_SEC);
	boot_count = get_cycles();
}

void time_init_cpu(void)
{
	WRITE_SYSREG(0, cnthp_ctl_el2);
	isb();
	if (request_irq(timer_irqs[TIMER_HYP], timer_interrupt, NULL))
		panic("CPU timer interrupt %u is taken", timer_irqs[TIMER_HYP]);
}
