// SPDX-License-Identifier: GPL-2.0-only
/*
 * The physical timer, which the hypervisor emulates: PPI 30.
 */
#include "test.h"

static u64 fired;

static void tick(unsigned int irq __unused)
{
	fired++;
	write_sysreg(cntp_ctl_el0, 0);
	isb();
}

void test_main(void)
{
	u64 start, p;

	irq_handler(IRQ_PTIMER, tick);
	irq_unmask(IRQ_PTIMER);

	p = read_sysreg(cntpct_el0);
	isb();
	check(read_sysreg(cntpct_el0) >= p, "the physical counter counts");
	check_eq(read_sysreg(cntp_ctl_el0) & 3, 0, "the timer is off");

	start = now();
	write_sysreg(cntp_cval_el0, read_sysreg(cntpct_el0) + ticks_of_us(1000));
	write_sysreg(cntp_ctl_el0, TIMER_ENABLE);
	isb();
	check(wait_until(fired == 1, 1000000), "it fires");
	check(now() - start >= ticks_of_us(990), "not before its time");

	write_sysreg(cntp_tval_el0, ticks_of_us(500));
	check((u32)read_sysreg(cntp_tval_el0) <= ticks_of_us(500), "TVAL counts down");
	write_sysreg(cntp_ctl_el0, TIMER_ENABLE);
	isb();
	check(wait_until(fired == 2, 1000000), "a deadline set by TVAL fires");

	write_sysreg(cntp_cval_el0, 0);
	write_sysreg(cntp_ctl_el0, TIMER_ENABLE | TIMER_MASK);
	isb();
	check(read_sysreg(cntp_ctl_el0) & TIMER_ISTATUS, "the condition is met while masked");
	wait_until(false, 2000);
	check_eq(fired, 2, "but it does not fire");
	write_sysreg(cntp_ctl_el0, TIMER_ENABLE);
	isb();
	check(wait_until(fired == 3, 1000000), "it does when unmasked");
}
