// SPDX-License-Identifier: GPL-2.0-only
/*
 * More active interrupts than the machine has list registers.
 *
 * Ten handlers interrupt each other, each by a more urgent interrupt: so many are
 * active at a time, and each must be ended by its own EOI, in reverse order, with
 * nothing left behind. Then the same again, and the interrupts still work.
 */
#include "test.h"

#define DEPTH	10

static unsigned int depth, deepest, entered[DEPTH], left[DEPTH], n_entered, n_left;
static bool active_seen = true;

static void nest(unsigned int irq)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (n_entered < DEPTH)
		entered[n_entered] = irq;
	n_entered++;
	if (irq + 1 < DEPTH) {
		send_sgi(irq + 1, 0);
		irq_enable();
		delay_us(200);
		irq_disable();
	} else {
		u32 active = mmio_read32(gic_reg(GICD_ISACTIVER, 0, 1));

		active_seen = (active & 0x3ff) == 0x3ff;
		if (!active_seen)
			printk("# active: %x\n", active);
	}
	if (n_left < DEPTH)
		left[n_left] = irq;
	n_left++;
	depth--;
}

void test_main(void)
{
	for (unsigned int i = 0; i < DEPTH; i++) {
		irq_handler(i, nest);
		irq_set_priority(i, 0xa0 - i * 8);
	}
	for (unsigned int round = 0; round < 3; round++) {
		bool order = true;

		deepest = n_entered = n_left = 0;
		send_sgi(0, 0);
		wait_until(n_left >= DEPTH, 1000000);
		check_eq(n_entered, DEPTH, "round %u: all handlers ran, once", round);
		check_eq(deepest, DEPTH, "inside of each other");
		for (unsigned int i = 0; i < DEPTH; i++)
			if (entered[i] != i || left[i] != DEPTH - 1 - i)
				order = false;
		check(order, "in the order of their priorities");
		check(active_seen, "all read as active meanwhile");
		check_eq(mmio_read32(gic_reg(GICD_ISACTIVER, 0, 1)) & 0xffff, 0, "none afterwards");
	}
}
