// SPDX-License-Identifier: GPL-2.0-only
/*
 * A shared interrupt that is active on one vCPU is routed to another, which sleeps,
 * becomes pending again, and is then made inactive by its register.
 *
 * The one that takes it out of its list register wakes the other then: which must
 * not happen under a lock that is inside of the scheduler's. And the second one must
 * arrive, once and at the new place.
 */
#include "test.h"

#define SPI	33	/* the hypervisor's UART: its number is nobody's device in a domain */
#define ROUNDS	20

static volatile u64 here, there, stop;

static void take(unsigned int irq)
{
	if (this_cpu()->id) {
		there++;
		return;
	}
	here++;
	irq_route(irq, 1);
	irq_set_pending(irq);
	/* The other one looks, finds that it has to wait, and goes to sleep again. */
	delay_us(3000);
	mmio_write32(gic_reg(GICD_ICACTIVER, irq, 1), BIT(irq % 32));
}

static void other(void *arg __unused)
{
	while (!stop)
		irq_wait();
}

void test_main(void)
{
	irq_handler(SPI, take);
	irq_set_edge(SPI, true);
	irq_route(SPI, 0);
	irq_unmask(SPI);
	check_eq(cpu_start(1, other, NULL), 0, "the other vCPU starts");

	for (u64 i = 1; i <= ROUNDS; i++) {
		irq_route(SPI, 0);
		irq_set_pending(SPI);
		if (!wait_until(there >= i, 1000000))
			break;
	}
	check_eq(here, ROUNDS, "it arrived here each time");
	check_eq(there, ROUNDS, "and there");

	stop = 1;
	send_sgi(15, 1);
	cpu_join(1);
}
