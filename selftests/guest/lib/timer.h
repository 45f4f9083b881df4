/* SPDX-License-Identifier: GPL-2.0-only */
/* The architected timers and waiting. */
#ifndef GUEST_TIMER_H
#define GUEST_TIMER_H

#include "sysreg.h"

#define TIMER_ENABLE	1
#define TIMER_MASK	2
#define TIMER_ISTATUS	4

static inline u64 now(void)
{
	isb();
	return read_sysreg(cntvct_el0);
}

static inline u64 ticks_of_us(u64 us)
{
	return us * (read_sysreg(cntfrq_el0) / 1000) / 1000;
}

/* Busy waits. */
void delay_us(u64 us);

/* Waits, busy with interrupts let in, until *flag is at least want; false after a limit. */
bool wait_for(const volatile u64 *flag, u64 want, u64 limit_us);

/* Until cond holds or limit_us have passed, with interrupts let in; the value is cond. */
#define wait_until(cond, limit_us) ({					\
	u64 __end = now() + ticks_of_us(limit_us);			\
	while (!(cond) && now() < __end) {				\
		irq_enable();						\
		isb();							\
		irq_disable();						\
	}								\
	(bool)(cond);							\
})

#endif
