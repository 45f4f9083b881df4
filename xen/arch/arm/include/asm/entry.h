/* SPDX-License-Identifier: GPL-2.0-only */
/* Between arm64/entry.S and C. */
#ifndef ASM_ENTRY_H
#define ASM_ENTRY_H

#include <xen/domain.h>
#include <xen/softirq.h>
#include <xen/types.h>
#include <asm/traps.h>

struct guest_regs;

/*
 * Straight paths: x20-x29 of the guest are not in the vCPU. Return the vCPU
 * when it may go on at once, NULL when leave_hypervisor_to_guest() must run;
 * interrupts are off then.
 */
struct vcpu *hypercall_entry(struct vcpu *v);
struct vcpu *guest_irq(struct vcpu *v);

/* All of the guest's registers are in the vCPU; interrupts are off on entry and return. */
struct vcpu *guest_sync(struct vcpu *v, uint64_t esr);
void guest_serror(struct vcpu *v, uint64_t esr);
void hypercall_entry_a32(struct vcpu *v);

/*
 * What they end with: virtual interrupts are loaded, which may raise a softirq
 * but needs nothing else of leave_hypervisor_to_guest().
 */
static __always_inline struct vcpu *leave_quick(struct vcpu *v)
{
	local_irq_disable();
	if (READ_ONCE(v->arch.vgic.todo))
		vgic_sync_to_lrs(v);
	return likely(!local_softirq_pending()) ? v : NULL;
}

/* An exception in the hypervisor: 0 synchronous, 1 SError, 2 unexpected vector. */
void hyp_fault(const struct guest_regs *regs, uint64_t esr, unsigned int kind)
	__attribute__((__noreturn__));

/* All SIMD and floating-point registers; the guest's, the hypervisor uses none. */
void fpsimd_save(struct fp_state *fp);
void fpsimd_load(const struct fp_state *fp);

/* Initial stack pointer of each CPU that was started. */
extern void *cpu_stack_top[NR_CPUS];
/* The CPU begins to host guests with current's; nothing on its stack is needed any more. */
void run_on_stack(void *top) __attribute__((__noreturn__));

#endif
