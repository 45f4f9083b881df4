/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One-shot timers, a heap per CPU, run from TIMER_SOFTIRQ of that CPU.
 */
#ifndef XEN_TIMER_H
#define XEN_TIMER_H

#include <xen/time.h>

struct timer {
	s_time_t expires;
	void (*fn)(void *data);
	void *data;
	struct timer *child, *next, *prev; /* in the heap, private to timer.c like state */
	uint16_t cpu;
	uint8_t state;		/* enum timer_state */
};

void timers_init(void);			/* boot, once, on the boot CPU */
void timer_init_cpu(unsigned int cpu);	/* at CPU bring-up */
void init_timer(struct timer *t, void (*fn)(void *), void *data, unsigned int cpu);
/* Any context, no timer lock held. Re-arming a queued timer moves it. */
void set_timer(struct timer *t, s_time_t expires);
void stop_timer(struct timer *t);
/* Moves a timer, queued or not, to another CPU. */
void migrate_timer(struct timer *t, unsigned int cpu);
/* After it returns the handler does not run and never will; set_timer() is ignored. */
void kill_timer(struct timer *t);
bool timer_is_active(const struct timer *t);

#endif
