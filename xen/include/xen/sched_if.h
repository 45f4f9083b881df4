/* SPDX-License-Identifier: GPL-2.0-only */
/* Between sched.c and the schedulers. */
#ifndef XEN_SCHED_IF_H
#define XEN_SCHED_IF_H

#include <xen/sched.h>

struct sched_cpu {
	spinlock_t *lock;	/* RANK_SCHED: of the run queue this CPU takes from; set by init_cpu */
	struct vcpu *curr, *idle;
	struct vcpu *leaving;		/* being switched away from: not freed until it is done */
	struct timer slice;
};
DECLARE_PER_CPU(struct sched_cpu, sched_cpu);

/* The CPU is to make a new decision at that time, or before. Run queue's lock held. */
void sched_arm_slice(struct sched_cpu *sc, s_time_t at);

/* Returns the lock held, interrupts off. */
spinlock_t *sched_lock_vcpu(const struct vcpu *v, unsigned long *flags);

extern const struct scheduler sched_credit2;

#endif
