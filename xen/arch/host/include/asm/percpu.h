/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-CPU variables are arrays indexed by the thread's CPU number. */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <asm/config.h>

#define DEFINE_PER_CPU(type, name)	__typeof__(type) percpu_##name[NR_CPUS]
#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) percpu_##name[NR_CPUS]
#define this_cpu(name)			(percpu_##name[smp_processor_id()])
#define per_cpu(name, cpu)		(percpu_##name[cpu])

extern __thread unsigned int host_cpu;
#define smp_processor_id()		host_cpu

#endif
