// SPDX-License-Identifier: GPL-2.0-only
/*
 * Software generated interrupts: to this CPU, to the other one, to all others.
 */
#include "test.h"

static volatile u64 ready, stop;

static void second(void *arg __unused)
{
	ready = 1;
	while (!stop)
		irq_wait();
}

void test_main(void)
{
	bool all = true;

	for (unsigned int i = 0; i < 16; i++) {
		send_sgi(i, 0);
		if (!wait_until(irq_count(i, 0) == 1, 100000)) {
			printk("# SGI %u\n", i);
			all = false;
		}
	}
	check(all, "each of the 16 arrives at its sender");

	check_eq(cpu_start(1, second, NULL), 0, "CPU 1 starts");
	check(wait_for(&ready, 1, 1000000), "and is ready");
	for (u64 i = 1; i <= 50; i++) {
		send_sgi(3, 1);
		if (!wait_until(irq_count(3, 1) == i, 1000000))
			break;
	}
	check_eq(irq_count(3, 1), 50, "fifty arrive at the other CPU");
	check_eq(irq_count(3, 0), 1, "and none of them here");

	send_sgi_others(5);
	check(wait_until(irq_count(5, 1) == 1, 1000000), "one for all others arrives there");
	check_eq(irq_count(5, 0), 1, "and not here");

	send_sgi(6, 0);
	send_sgi(6, 0);
	send_sgi(6, 0);
	wait_until(irq_count(6, 0) >= 2, 100000);
	wait_until(false, 1000);
	check_eq(irq_count(6, 0), 2, "three while interrupts are masked are one");

	irq_mask(7);
	send_sgi(7, 0);
	wait_until(false, 1000);
	if (irq_count(7, 0) == 1)
		check_eq(irq_count(7, 0), 1, "a disabled one stays pending");
	irq_unmask(7);
	check(wait_until(irq_count(7, 0) == 2, 100000), "it arrives when it is enabled");

	stop = 1;
	send_sgi(0, 1);
	cpu_join(1);
}
