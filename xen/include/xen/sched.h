/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scheduling. The interface that credit2 (default), null and rtds implement,
 * and what the rest of the hypervisor asks of it.
 */
#ifndef XEN_SCHED_H
#define XEN_SCHED_H

#include <xen/domain.h>
#include <asm/current.h>	/* current: the vCPU this CPU runs (idle vCPU when none) */

struct xen_sysctl_scheduler_op;

struct sched_decision {
	struct vcpu *next;	/* the idle vCPU when nothing is to run */
	s_time_t time;		/* run it at most that long; < 0 = no limit */
};

/* All under the run queue's lock of the CPU concerned, interrupts off, unless said. */
struct scheduler {
	const char *name;		/* "SMP Credit Scheduler rev2" as xl shows it */
	const char *opt_name;		/* sched=credit2 */
	uint32_t sched_id;		/* XEN_SCHEDULER_* */
	int (*init_cpu)(unsigned int cpu);			/* no lock */
	int (*init_domain)(struct domain *d);			/* no lock */
	void (*free_domain)(struct domain *d);
	int (*init_vcpu)(struct vcpu *v);			/* no lock; allocates v->sched */
	void (*free_vcpu)(struct vcpu *v);
	void (*insert_vcpu)(struct vcpu *v);
	void (*remove_vcpu)(struct vcpu *v);
	unsigned int (*pick_cpu)(struct vcpu *v);
	void (*wake)(struct vcpu *v);		/* became runnable */
	void (*sleep)(struct vcpu *v);		/* no longer runnable */
	void (*yield)(struct vcpu *v);
	/* No lock, a hint: does any vCPU wait for a CPU that v's CPU could give it? */
	bool (*anyone_waits)(const struct vcpu *v);
	void (*context_saved)(struct vcpu *v);	/* after the switch away, if runnable; may migrate */
	struct sched_decision (*schedule)(s_time_t now);
	int (*adjust)(struct domain *d, struct xen_domctl_scheduler_op *op); /* get and put */
	int (*adjust_global)(struct xen_sysctl_scheduler_op *op);	/* may be NULL */
	void (*affinity_changed)(struct vcpu *v);
	void (*dump)(unsigned int cpu);
};

extern const struct scheduler *sched_ops;

void scheduler_init(void);			/* boot: choose by sched=, idle domain */
int scheduler_init_cpu(unsigned int cpu);	/* before the CPU schedules */
int sched_init_domain(struct domain *d, const struct xen_domctl_createdomain *cfg);
void sched_destroy_domain(struct domain *d);
int sched_init_vcpu(struct vcpu *v);
void sched_destroy_vcpu(struct vcpu *v);
/* The idle vCPU of a CPU being brought up. */
struct vcpu *alloc_idle_vcpu(unsigned int cpu);

/* Any context. */
void vcpu_wake(struct vcpu *v);			/* look whether it is runnable now */
void vcpu_unblock(struct vcpu *v);		/* clears VPF_blocked (and poll) and wakes */
/* The caller's vCPU; takes effect when the CPU leaves the hypervisor. */
void vcpu_block_current(void);	/* unless an event or interrupt is already deliverable */
void vcpu_yield_current(void);
void vcpu_sleep_nosync(struct vcpu *v);
void vcpu_sleep_sync(struct vcpu *v);		/* waits until it does not run; not the caller */

static inline bool vcpu_runnable(const struct vcpu *v)
{
	return !(READ_ONCE(v->pause_flags) | READ_ONCE(v->pause_count) |
		 READ_ONCE(v->domain->pause_count));
}

int vcpu_set_hard_affinity(struct vcpu *v, const cpumask_t *mask);	/* -EINVAL: no online CPU in it */
int vcpu_set_soft_affinity(struct vcpu *v, const cpumask_t *mask);
long sched_adjust(struct domain *d, struct xen_domctl_scheduler_op *op);
uint64_t get_cpu_idle_time(unsigned int cpu);

void sched_dump_runqueues(void);

/* ---- between sched.c and the schedulers ---- */

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
