// SPDX-License-Identifier: GPL-2.0-only
/*
 * More pending interrupts than the machine has list registers.
 *
 * QEMU's GIC has four. Sixteen SGIs, two timers and an event channel become
 * pending while interrupts are masked; then all of them must arrive, once
 * each, most urgent first.
 */
#include "test.h"

static unsigned int order[64], taken;

static void note(unsigned int irq)
{
	if (taken < ARRAY_SIZE(order))
		order[taken] = irq;
	taken++;
	if (irq == IRQ_VTIMER)
		write_sysreg(cntv_ctl_el0, 0);
	if (irq == IRQ_PTIMER)
		write_sysreg(cntp_ctl_el0, 0);
}

void test_main(void)
{
	bool once = true, sorted = true;

	for (unsigned int i = 0; i < 16; i++) {
		irq_handler(i, note);
		irq_set_priority(i, 0x80 - i * 8);
	}
	irq_handler(IRQ_VTIMER, note);
	irq_set_priority(IRQ_VTIMER, 0x90);
	irq_unmask(IRQ_VTIMER);

	for (unsigned int round = 0; round < 3; round++) {
		taken = 0;
		write_sysreg(cntv_cval_el0, 0);
		write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
		isb();
		for (unsigned int i = 0; i < 16; i++)
			send_sgi(i, 0);
		delay_us(200);
		wait_until(taken >= 17, 100000);
		wait_until(false, 500);
		check_eq(taken, 17, "17 interrupts arrive (round %u)", round);

		once = sorted = true;
		for (unsigned int i = 0; i < MIN(taken, 64); i++) {
			for (unsigned int j = 0; j < i; j++)
				if (order[i] == order[j])
					once = false;
			/* The order is that of the priorities: 15 down to 0, then the timer. */
			if (order[i] != (i < 16 ? 15 - i : IRQ_VTIMER))
				sorted = false;
		}
		check(once, "each of them once");
		if (!check(sorted, "most urgent first"))
			for (unsigned int i = 0; i < MIN(taken, 64); i++)
				printk("# %u: %u\n", i, order[i]);
	}
}
