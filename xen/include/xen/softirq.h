/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work put off until the CPU leaves for a guest or idles. Handlers run on the
 * CPU's stack with interrupts enabled and no lock held.
 */
#ifndef XEN_SOFTIRQ_H
#define XEN_SOFTIRQ_H

#include <xen/smp.h>

enum softirq_nr {
	TIMER_SOFTIRQ,
	SCHEDULE_SOFTIRQ,
	TASKLET_SOFTIRQ,
	SCRUB_SOFTIRQ,		/* raised by idle: scrub free pages */
	NR_SOFTIRQS
};

DECLARE_PER_CPU(unsigned long, softirq_pending_);

#define softirq_pending(cpu) READ_ONCE(per_cpu(softirq_pending_, cpu))
#define local_softirq_pending() READ_ONCE(this_cpu(softirq_pending_))

void open_softirq(enum softirq_nr nr, void (*handler)(void));
void raise_softirq(enum softirq_nr nr);				/* this CPU */
void cpu_raise_softirq(unsigned int cpu, enum softirq_nr nr);	/* any; sends an IPI if needed */
/* Runs what is pending until nothing is. Interrupts enabled on entry and return. */
void do_softirq(void);

/* A function to be run once in softirq context on the CPU that scheduled it. */
struct tasklet {
	struct tasklet *next;
	void (*fn)(void *data);
	void *data;
	bool queued;
};
void tasklet_schedule(struct tasklet *t);	/* any context */

#endif
