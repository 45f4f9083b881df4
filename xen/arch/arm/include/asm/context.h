/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ASM_CONTEXT_H
#define ASM_CONTEXT_H

#include <asm/config.h>

struct fp_state;

/* All SIMD and floating-point registers; the guest's, the hypervisor uses none. */
void fpsimd_save(struct fp_state *fp);
void fpsimd_load(const struct fp_state *fp);

/* Initial stack pointer of each CPU that was started. */
extern void *cpu_stack_top[NR_CPUS];

#endif
