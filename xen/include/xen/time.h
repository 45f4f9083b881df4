/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEN_TIME_H
#define XEN_TIME_H

#include <xen/types.h>

#define MICROSECS(n)	((s_time_t)(n) * 1000)
#define MILLISECS(n)	((s_time_t)(n) * 1000000)
#define SECONDS(n)	((s_time_t)(n) * 1000000000)

/* Arch: nanoseconds since boot, the same on every CPU, never goes back. */
s_time_t get_s_time(void);
#define NOW() get_s_time()
/* Arch: program this CPU's timer interrupt for the absolute time (0 = off). The
 * interrupt's handler raises TIMER_SOFTIRQ. Interrupts may be on or off. */
void arch_reprogram_timer(s_time_t deadline);

struct domain;
/* Writes the wall-clock fields of the domain's shared_info. */
void update_domain_wallclock_time(struct domain *d);

#endif
