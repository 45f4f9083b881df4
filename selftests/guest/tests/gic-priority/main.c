// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt priorities: stored, compared with the CPU's mask, and obeyed when
 * a more urgent interrupt comes while another one is being handled.
 */
#include "test.h"

static unsigned int depth, deepest, order[8], taken;

static void nested(unsigned int irq)
{
	if (taken < 8)
		order[taken] = irq;
	taken++;
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (irq == 1) {
		/* Less urgent, equal, more urgent than this one. */
		send_sgi(2, 0);
		send_sgi(3, 0);
		send_sgi(4, 0);
		irq_enable();
		delay_us(100);
		irq_disable();
	}
	depth--;
}

void test_main(void)
{
	u32 word;

	for (unsigned int i = 0; i < 16; i++)
		irq_handler(i, nested);

	irq_set_priority(8, 0x50);
	check_eq(irq_get_priority(8) & 0xf8, 0x50, "a priority is stored by byte");
	mmio_write32(gic_reg(GICD_IPRIORITYR, 8, 8), 0xa0706030);
	check_eq(irq_get_priority(8) & 0xf8, 0x30, "and by word (first byte)");
	check_eq(irq_get_priority(11) & 0xf8, 0xa0, "and by word (last byte)");
	word = mmio_read32(gic_reg(GICD_IPRIORITYR, 8, 8));
	check_eq(word & 0xf8f8f8f8, 0xa0706030, "and read by word");

	irq_set_priority(1, 0x80);
	irq_set_priority(2, 0xa0);
	irq_set_priority(3, 0x80);
	irq_set_priority(4, 0x40);
	send_sgi(1, 0);
	wait_until(taken >= 4, 100000);
	check_eq(taken, 4, "four interrupts");
	check_eq(deepest, 2, "one of them interrupted another");
	check(order[0] == 1 && order[1] == 4, "the more urgent one");
	check(order[2] == 3 && order[3] == 2, "the others came after it, by priority");

	taken = 0;
	gic_set_pmr(0x80);
	irq_set_priority(5, 0x80);
	irq_set_priority(6, 0x70);
	send_sgi(5, 0);
	delay_us(50);
	wait_until(false, 500);
	check_eq(taken, 0, "the mask holds back its own priority");
	send_sgi(6, 0);
	check(wait_until(taken == 1, 100000), "and lets a more urgent one pass");
	gic_set_pmr(0xf0);
	check(wait_until(taken == 2, 100000), "what was held back comes when the mask rises");
}
