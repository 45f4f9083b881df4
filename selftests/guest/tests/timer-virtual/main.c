// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtual timer: deadlines, its interrupt's level, and masking.
 */
#include "test.h"

static u64 fired;
static bool disarm = true;

static void tick(unsigned int irq __unused)
{
	fired++;
	if (disarm)
		write_sysreg(cntv_ctl_el0, 0);
	else if (fired >= 5)
		write_sysreg(cntv_ctl_el0, TIMER_ENABLE | TIMER_MASK);
	isb();
}

static void arm(u64 us)
{
	write_sysreg(cntv_cval_el0, now() + ticks_of_us(us));
	write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
	isb();
}

void test_main(void)
{
	u64 start;

	irq_handler(IRQ_VTIMER, tick);
	irq_unmask(IRQ_VTIMER);

	start = now();
	arm(1000);
	check(wait_until(fired == 1, 1000000), "it fires");
	check(now() - start >= ticks_of_us(1000), "not before its time");

	for (u64 i = 2; i <= 20; i++) {
		arm(50);
		if (!wait_until(fired == i, 1000000))
			break;
	}
	check_eq(fired, 20, "twenty short deadlines fire once each");

	arm(0);
	check(wait_until(fired == 21, 1000000), "a deadline in the past fires at once");
	write_sysreg(cntv_tval_el0, ticks_of_us(100));
	write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
	check(wait_until(fired == 22, 1000000), "so does one set by TVAL");

	write_sysreg(cntv_cval_el0, 0);
	write_sysreg(cntv_ctl_el0, TIMER_ENABLE | TIMER_MASK);
	isb();
	check(read_sysreg(cntv_ctl_el0) & TIMER_ISTATUS, "the condition is met while masked");
	wait_until(false, 2000);
	check_eq(fired, 22, "but it does not fire");

	arm(100);
	while (fired == 22)
		irq_wait();
	check_eq(fired, 23, "it ends a WFI");

	fired = 0;
	disarm = false;
	arm(0);
	wait_until(fired >= 5, 10000);
	check_eq(fired, 5, "as long as the condition holds it fires again");
	wait_until(false, 2000);
	check_eq(fired, 5, "until it is masked");
}
