/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ASM_CURRENT_H
#define ASM_CURRENT_H

#include <asm/percpu.h>

struct vcpu;
DECLARE_PER_CPU(struct vcpu *, curr_vcpu);
#define current			this_cpu(curr_vcpu)
#define set_current(v)		(this_cpu(curr_vcpu) = (v))

#endif
