// SPDX-License-Identifier: GPL-2.0-only
/*
 * WFI and WFE: what wakes a CPU, and that nothing is slept through.
 */
#include "test.h"

static volatile u64 got, ready, stop;

static void second(void *arg __unused)
{
	ready = 1;
	while (!stop) {
		irq_wait();
		got = irq_count(1, 1);
	}
}

static void events(void *arg __unused)
{
	ready = 2;
	while (!stop)
		wfe();
}

void test_main(void)
{
	u64 start;

	irq_set_edge(20, true);
	irq_unmask(20);
	irq_set_pending(20);
	start = now();
	wfi();
	check(now() - start < ticks_of_us(100000), "WFI with a pending interrupt does not sleep");
	wait_until(irq_count(20, 0) == 1, 10000);
	check_eq(irq_count(20, 0), 1, "the interrupt is taken once");

	irq_handler(IRQ_VTIMER, NULL);
	irq_unmask(IRQ_VTIMER);
	for (unsigned int i = 0; i < 20; i++) {
		write_sysreg(cntv_cval_el0, now() + ticks_of_us(300));
		write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
		isb();
		wfi();
		write_sysreg(cntv_ctl_el0, 0);
		isb();
	}
	check(true, "a timer ends WFI, twenty times");

	cpu_start(1, second, NULL);
	wait_for(&ready, 1, 1000000);
	for (u64 i = 1; i <= 30; i++) {
		send_sgi(1, 1);
		if (!wait_for(&got, i, 1000000))
			break;
	}
	check_eq(got, 30, "thirty interrupts wake the other CPU");
	stop = 1;
	send_sgi(1, 1);
	cpu_join(1);
	wait_until(psci(0xc4000004UL, 1, 0, 0) == 1, 1000000);
	delay_us(20000);

	stop = 0;
	cpu_start(1, events, NULL);
	check(wait_for(&ready, 2, 1000000), "the other CPU waits for events");
	delay_us(1000);
	stop = 1;
	dsb(sy);
	sev();
	cpu_join(1);
	check(true, "SEV or time wakes it");
}
