// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers that make an interrupt pending or enabled, for PPIs and SPIs.
 */
#include "test.h"

#define SPI	40	/* of no device that is given to a domain */

static unsigned int taken[1020];

static void note(unsigned int irq)
{
	taken[irq]++;
}

static void try(unsigned int irq, const char *name)
{
	unsigned int before = taken[irq];
	u64 isen = gic_reg(GICD_ISENABLER, irq, 1), icen = gic_reg(GICD_ICENABLER, irq, 1);
	u32 bit = 1u << irq % 32, others;

	irq_handler(irq, note);
	irq_set_priority(irq, 0x80);
	irq_set_edge(irq, true);
	irq_mask(irq);
	others = mmio_read32(isen);
	check(!(others & bit), "%s is disabled", name);
	mmio_write32(isen, bit);
	check_eq(mmio_read32(isen), others | bit, "%s alone is enabled by a single bit", name);
	check_eq(mmio_read32(icen), others | bit, "%s: both registers read the same", name);
	mmio_write32(isen, 0);
	check_eq(mmio_read32(isen), others | bit, "%s: writing zeroes changes nothing", name);
	mmio_write32(icen, bit);
	check_eq(mmio_read32(isen), others, "%s is disabled again", name);

	irq_set_pending(irq);
	wait_until(false, 500);
	check_eq(taken[irq], before, "%s: pending and disabled does not arrive", name);
	irq_unmask(irq);
	check(wait_until(taken[irq] == before + 1, 100000), "%s: it arrives once enabled", name);
	irq_set_pending(irq);
	check(wait_until(taken[irq] == before + 2, 100000), "%s: pending while enabled arrives", name);
	irq_mask(irq);
}

void test_main(void)
{
	if (gic.version == 2)
		irq_route(SPI, 0);
	else
		irq_route(SPI, 0);
	try(20, "PPI 20");
	try(SPI, "SPI 40");
}
