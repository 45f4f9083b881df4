/* SPDX-License-Identifier: GPL-2.0-only */
/* What a domain and a vCPU are on the fake architecture: next to nothing. */
#ifndef ASM_DOMAIN_H
#define ASM_DOMAIN_H

#include <xen/types.h>
#include <asm/p2m.h>

struct arch_vcpu {
	uint32_t upcalls;	/* times arch_vcpu_event_upcall() was called */
	uint64_t pc;
};

struct arch_domain {
	bool fail_create;	/* set by tests */
};

#endif
