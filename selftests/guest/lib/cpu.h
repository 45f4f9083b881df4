/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-CPU data and bringing up CPUs by PSCI. */
#ifndef GUEST_CPU_H
#define GUEST_CPU_H

#include "asm.h"
#include "sysreg.h"

#define MAX_CPUS	8

struct context {
	u64 regs[12];
	u64 sp;
	u64 daif;
};

struct per_cpu {
	u64 stack;			/* PER_CPU_STACK */
	unsigned int id;
	volatile bool online;
	void (*fn)(void *);
	void *arg;
	volatile bool done;
	bool catching;			/* catch_fault(): faults go to .fault */
	struct context resume;		/* where a fault or an EL0 exception returns to */
	struct trap_frame *fault;
	struct trap_frame *el0;		/* el0_run(): where EL0's registers go */
	u64 gicr;			/* this CPU's redistributor */
};

_Static_assert(offsetof(struct per_cpu, stack) == PER_CPU_STACK, "asm.h");

extern struct per_cpu per_cpu[MAX_CPUS];

static inline struct per_cpu *this_cpu(void)
{
	return (struct per_cpu *)read_sysreg(tpidr_el1);
}

/* The MPIDR affinity of a vCPU: 16 in each affinity 1 group. */
static inline u64 cpu_mpidr(unsigned int cpu)
{
	return (cpu & 15) | (u64)(cpu >> 4) << 8;
}

/* CPUs of this domain, from the device tree. */
unsigned int cpu_count(void);

/*
 * Starts a CPU that is off and lets it run fn(arg) with MMU and interrupt
 * controller set up and interrupts masked; after fn it turns itself off.
 * Returns PSCI's answer.
 */
int cpu_start(unsigned int cpu, void (*fn)(void *), void *arg);

/* Waits until fn of that CPU has returned. */
void cpu_join(unsigned int cpu);

int context_save(struct context *c) __attribute__((returns_twice));
void context_restore(struct context *c) __noreturn;

#endif
