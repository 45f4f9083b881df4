/* SPDX-License-Identifier: GPL-2.0-only */
/* One CPU. */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <asm/config.h>

#define DEFINE_PER_CPU(type, name)	__typeof__(type) percpu_##name
#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) percpu_##name
#define this_cpu(name)			percpu_##name
#define per_cpu(name, cpu)		percpu_##name
#define smp_processor_id()		0U

#endif
