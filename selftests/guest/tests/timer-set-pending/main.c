// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtual timer's interrupt made pending by its register, while it is active.
 *
 * It comes again, to the vCPU that asked for it. It must not become pending in the
 * hardware: that is the CPU's, and whichever vCPU runs there next, another guest's
 * maybe, would be interrupted. Two vCPUs on one CPU show it.
 */
#include "test.h"

static volatile u64 here, there, ready, stop;

static void take(unsigned int irq)
{
	write_sysreg(cntv_ctl_el0, 0);
	isb();
	if (this_cpu()->id) {
		there++;
		return;
	}
	if (here++)
		return;
	irq_set_pending(irq);
	for (unsigned int i = 0; i < 100; i++)
		sched_op(SCHEDOP_yield, NULL);
}

static void other(void *arg __unused)
{
	irq_unmask(IRQ_VTIMER);
	ready = 1;
	while (!stop) {
		wait_until(false, 10);
		sched_op(SCHEDOP_yield, NULL);
	}
}

void test_main(void)
{
	irq_handler(IRQ_VTIMER, take);
	irq_unmask(IRQ_VTIMER);
	check_eq(cpu_start(1, other, NULL), 0, "the other vCPU starts");
	check(wait_for(&ready, 1, 1000000), "and runs");

	write_sysreg(cntv_cval_el0, 0);
	write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
	isb();
	check(wait_until(here >= 2, 1000000), "made pending while active, it comes again");
	wait_until(false, 5000);
	check_eq(here, 2, "once");
	check_eq(there, 0, "the vCPU that shares the CPU is left alone");
	stop = 1;
	cpu_join(1);
}
