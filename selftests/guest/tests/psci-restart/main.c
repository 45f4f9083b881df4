// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turning a CPU on again at the very moment at which it is off, many times.
 *
 * AFFINITY_INFO says "off" while the vCPU may still be leaving its physical
 * CPU: the new context must not be mixed with the old one.
 */
#include "test.h"

#define ROUNDS	100

static volatile u64 runs;

static void work(void *arg __unused)
{
	runs++;
}

void test_main(void)
{
	u64 round;

	for (round = 1; round <= ROUNDS; round++) {
		int ret;

		do {
			ret = cpu_start(1, work, NULL);
		} while (ret == -4);	/* already on: it has not left yet */
		if (ret)
			break;
		if (!wait_for(&runs, round, 1000000))
			break;
	}
	check_eq(runs, ROUNDS, "it ran each time");
	check_eq(round, ROUNDS + 1, "it could be started each time");
}
