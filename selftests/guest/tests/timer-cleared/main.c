// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another vCPU takes the timer's pending interrupt back.
 *
 * With a GICv3 each CPU can write the redistributor of each other one. Whatever
 * is done there to the interrupt of a running timer, that timer must be able to
 * fire again afterwards: a hypervisor that leaves the physical interrupt active
 * has silenced the timers of everybody on that CPU.
 */
#include "test.h"

static volatile u64 state, fired;

static void tick(unsigned int irq __unused)
{
	fired++;
	write_sysreg(cntv_ctl_el0, 0);
	isb();
}

static void wait_state(u64 s)
{
	while (state != s)
		;
}

static void second(void *arg __unused)
{
	for (u64 round = 0; round < 5; round++) {
		irq_mask(IRQ_VTIMER);
		write_sysreg(cntv_cval_el0, 0);
		write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
		isb();
		delay_us(500);
		state = 2 * round + 1;
		wait_state(2 * round + 2);
		write_sysreg(cntv_ctl_el0, 0);
		isb();
		irq_unmask(IRQ_VTIMER);
		write_sysreg(cntv_tval_el0, ticks_of_us(200));
		write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
		isb();
		wait_until(fired == round + 1, 1000000);
	}
	state = 100;
}

void test_main(void)
{
	u64 sgi_frame = gic.redist + 0x20000 + GICR_SGI;

	irq_handler(IRQ_VTIMER, tick);
	check_eq(cpu_start(1, second, NULL), 0, "CPU 1 starts");
	for (u64 round = 0; round < 5; round++) {
		if (!wait_until(state == 2 * round + 1, 2000000))
			break;
		if (round & 1)
			mmio_write32(sgi_frame + GICD_ISACTIVER, BIT(IRQ_VTIMER));
		mmio_write32(sgi_frame + GICD_ICPENDR, BIT(IRQ_VTIMER));
		mmio_write32(sgi_frame + GICD_ICACTIVER, BIT(IRQ_VTIMER));
		state = 2 * round + 2;
	}
	check(wait_until(state == 100, 5000000), "CPU 1 comes to its end");
	check_eq(fired, 5, "its timer fired each time");
	cpu_join(1);
}
