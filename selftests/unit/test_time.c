// SPDX-License-Identifier: GPL-2.0-only
/* Counter ticks and nanoseconds, after ten years of uptime. */
#include <xen/time_scale.h>
#include "unit.h"

#define NS	1000000000UL
#define YEARS	(10 * 365 * 86400UL)

static void there_and_back(uint64_t hz)
{
	struct time_scale to_ns = time_scale_of(NS, hz), to_ticks = time_scale_of(hz, NS);

	for (uint64_t s = 1; s < YEARS; s = s * 3 + 1) {
		uint64_t deadline = s * NS + s % NS;
		/* As a deadline is programmed: rounded up. */
		uint64_t ticks = time_scale(&to_ticks, deadline) + 2;
		uint64_t fires = time_scale(&to_ns, ticks);

		CHECK(s * NS - time_scale(&to_ns, s * hz) <= 1);
		/* Neither before it nor more than two ticks after. */
		CHECK(fires + 1 >= deadline);
		CHECK(fires <= deadline + 2 * NS / hz + 2);
	}
}

TEST(time_scale_of_real_counters)
{
	static const uint64_t hz[] = {
		1000000, 8333333, 12000000, 19200000, 24000000, 25000000, 54000000, 62500000,
		99999999, 100000000, 999999999, 1000000000,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(hz); i++)
		there_and_back(hz[i]);
}
