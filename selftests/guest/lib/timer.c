// SPDX-License-Identifier: GPL-2.0-only
#include "timer.h"

void delay_us(u64 us)
{
	u64 end = now() + ticks_of_us(us);

	while (now() < end)
		;
}

bool wait_for(const volatile u64 *flag, u64 want, u64 limit_us)
{
	return wait_until(*flag >= want, limit_us);
}
