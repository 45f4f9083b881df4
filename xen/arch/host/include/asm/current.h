/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ASM_CURRENT_H
#define ASM_CURRENT_H

#include <asm/percpu.h>

struct vcpu;
extern __thread struct vcpu *host_current;
#define current		host_current
#define set_current(v)	(host_current = (v))

#endif
