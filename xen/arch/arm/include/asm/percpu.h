/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-CPU variables: offset of the CPU's copy in TPIDR_EL2. */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <xen/compiler.h>
#include <asm/config.h>

#define DEFINE_PER_CPU(type, name)  __section(".data.percpu") __typeof__(type) percpu_##name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) percpu_##name

extern unsigned long percpu_offset_[NR_CPUS];

static inline unsigned long this_cpu_offset(void)
{
	unsigned long off;

	/* Not volatile: the value cannot change while C code runs on this CPU. */
	__asm__("mrs %0, tpidr_el2" : "=r" (off));
	return off;
}

#define percpu_ptr_(name, off) \
	((__typeof__(percpu_##name) *)((char *)&percpu_##name + (off)))
#define this_cpu(name)		(*percpu_ptr_(name, this_cpu_offset()))
#define per_cpu(name, cpu)	(*percpu_ptr_(name, percpu_offset_[cpu]))

DECLARE_PER_CPU(unsigned int, cpu_id);
#define smp_processor_id()	this_cpu(cpu_id)

void percpu_init_areas(void);		/* boot: one area for each possible CPU */

#endif
