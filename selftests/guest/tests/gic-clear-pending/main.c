// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking back a pending interrupt, and reading which ones are pending or active.
 */
#include "test.h"

static unsigned int taken;
static bool active_inside;

static void note(unsigned int irq)
{
	taken++;
	active_inside = mmio_read32(gic_reg(GICD_ISACTIVER, irq, 1)) & BIT(irq % 32);
}

void test_main(void)
{
	const unsigned int irq = 20;

	irq_handler(irq, note);
	irq_set_edge(irq, true);
	irq_unmask(irq);

	irq_set_pending(irq);
	check(irq_is_pending(irq), "a pending interrupt reads as pending");
	irq_clear_pending(irq);
	check(!irq_is_pending(irq), "and not so after it was taken back");
	wait_until(false, 500);
	check_eq(taken, 0, "it does not arrive");

	irq_set_pending(irq);
	check(wait_until(taken == 1, 100000), "the next one does");
	check(active_inside, "it reads as active in its handler");
	check(!(mmio_read32(gic_reg(GICD_ISACTIVER, irq, 1)) & BIT(irq % 32)), "and not after it");
	check(!irq_is_pending(irq), "nor as pending");
}
