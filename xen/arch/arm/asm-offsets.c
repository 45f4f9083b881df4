// SPDX-License-Identifier: GPL-2.0-only
/* Offsets of C structures for assembly; made into asm-offsets.h by the Makefile. */
#include <xen/domain.h>
#include <xen/softirq.h>

#define DEFINE(name, value) \
	__asm__ __volatile__("\n.ascii \"->" #name " %0 \"" :: "i" (value))

void asm_offsets(void);

void asm_offsets(void)
{
	BUILD_BUG_ON(offsetof(struct vcpu, arch.regs) != 0);

	DEFINE(REGS_LR, offsetof(struct guest_regs, x[30]));
	DEFINE(REGS_PSTATE, offsetof(struct guest_regs, pstate));
	DEFINE(REGS_STACK, offsetof(struct guest_regs, pad));
	DEFINE(REGS_SIZE, sizeof(struct guest_regs));
}
