/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exceptions to EL2.
 *
 * While a guest runs, SP_EL2 points to its struct vcpu, whose first member is
 * the guest's registers: entry stores without needing a scratch register.
 * regs.pad holds the top of this CPU's stack (context.c sets it when the vCPU
 * comes to the CPU), and C runs on that. In the hypervisor SP_EL2 is the CPU's
 * stack, and interrupts nest on it.
 *
 * The straight path (hypercalls, interrupts) stores what C may clobber and the
 * exception state only: x0-x19, lr, pc, pstate. x20-x29 still hold the guest's
 * values when the C function returns, because AAPCS64 makes it preserve them
 * and nothing but leave_hypervisor_to_guest() may switch the vCPU or hand its
 * registers to somebody else. Before that is called they are stored as well.
 */
#include <asm/sysregs.h>
#include <asm-offsets.h>

/* x0 to x17, in their places of a struct guest_regs at the stack pointer. */
.macro store_scratch
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
.endm

.macro load_scratch
	ldp	x16, x17, [sp, #128]
	ldp	x14, x15, [sp, #112]
	ldp	x12, x13, [sp, #96]
	ldp	x10, x11, [sp, #80]
	ldp	x8, x9, [sp, #64]
	ldp	x6, x7, [sp, #48]
	ldp	x4, x5, [sp, #32]
	ldp	x2, x3, [sp, #16]
	ldp	x0, x1, [sp]
.endm

/* Everything the straight path needs; x0 = vCPU; on the CPU's stack. */
.macro enter_straight
	store_scratch
	stp	x18, x19, [sp, #144]
	mrs	x1, elr_el2
	mrs	x2, spsr_el2
	stp	x30, x1, [sp, #REGS_LR]
	mov	x0, sp
	ldr	x3, [sp, #REGS_STACK]
	str	x2, [sp, #REGS_PSTATE]
	mov	sp, x3
.endm

/* The rest of the guest's registers, into the vCPU \v. */
.macro store_preserved v
	stp	x20, x21, [\v, #160]
	stp	x22, x23, [\v, #176]
	stp	x24, x25, [\v, #192]
	stp	x26, x27, [\v, #208]
	stp	x28, x29, [\v, #224]
.endm

/* Back into the guest of vCPU x0; \full: x20-x29 as well. Interrupts are off. */
.macro resume_guest full
	ldp	x30, x1, [x0, #REGS_LR]
	ldr	x2, [x0, #REGS_PSTATE]
	msr	elr_el2, x1
	msr	spsr_el2, x2
	mov	sp, x0
	.if \full
	ldp	x28, x29, [sp, #224]
	ldp	x26, x27, [sp, #208]
	ldp	x24, x25, [sp, #192]
	ldp	x22, x23, [sp, #176]
	ldp	x20, x21, [sp, #160]
	.endif
	ldp	x18, x19, [sp, #144]
	load_scratch
	eret
	/* Nothing behind ERET may be executed speculatively with guest registers. */
	dsb	nsh
	isb
.endm

.macro vector label
	.balign	0x80
	b	\label
.endm

/*
 * Firmware makes the branch predictor forget what the guest taught it. SMCCC
 * 1.1 leaves x4-x30 alone; x0 comes back as the vCPU.
 */
.macro forget_branches
	mov	x19, x0
	adrp	x1, branch_hardening_fn
	ldr	w0, [x1, :lo12:branch_hardening_fn]
	smc	#0
	mov	x0, x19
.endm

.macro guest_entry harden
	.balign	0x80
	enter_straight
	.if \harden
	forget_branches
	.endif
.endm

/* The vectors; \harden: for CPUs that need the call at each entry from a guest. */
.macro vectors harden
	.balign	2048
	/* current EL, SP_EL0: never used */
	vector	hyp_bad
	vector	hyp_bad
	vector	hyp_bad
	vector	hyp_bad
	/* current EL, SP_EL2 */
	vector	hyp_sync
	vector	hyp_irq
	vector	hyp_bad
	vector	hyp_serror
	/* a guest in AArch64 */
	guest_entry \harden
	mrs	x1, esr_el2
	mov	w2, #(ESR_XEN_HYPERCALL & 0xffff)
	movk	w2, #(ESR_XEN_HYPERCALL >> 16), lsl #16
	cmp	w1, w2
	b.ne	guest_sync_full
	bl	hypercall_entry
	b	leave_straight
	guest_entry \harden
	bl	guest_irq
	b	leave_straight
	vector	guest_fiq
	vector	guest_serror_full
	/* a guest in AArch32: its registers, banked ones too, are x0-x30 (D1.20.1) */
	guest_entry \harden
	mrs	x1, esr_el2
	b	guest_sync_full
	guest_entry \harden
	bl	guest_irq
	b	leave_straight
	vector	guest_fiq
	vector	guest_serror_full
	.balign	0x80
.endm

	.section .text.entry, "ax"
	.balign	2048
	.globl	hyp_vectors
hyp_vectors:
	vectors	0
	.globl	hyp_vectors_hardened
hyp_vectors_hardened:
	vectors	1

/*
 * x0: the vCPU when nothing is left to do before the guest goes on, interrupts
 * off; NULL otherwise.
 */
leave_straight:
	cbz	x0, 1f
	resume_guest 0
1:	mrs	x1, tpidr_el2
	adrp	x0, percpu_curr_vcpu
	add	x0, x0, :lo12:percpu_curr_vcpu
	ldr	x0, [x0, x1]
	store_preserved x0
	b	return_to_guest

guest_sync_full:
	store_preserved x0
	bl	guest_sync
	cbz	x0, return_to_guest
	resume_guest 1
return_to_guest:
	bl	leave_hypervisor_to_guest
	resume_guest 1

/* Group 0 interrupts are the secure world's: acknowledging finds nothing. */
guest_fiq:
	enter_straight
	bl	guest_irq
	b	leave_straight

guest_serror_full:
	enter_straight
	mrs	x1, esr_el2
	store_preserved x0
	bl	guest_serror
	b	return_to_guest

/* void run_on_stack(void *top): the CPU begins to host guests; boot is over. */
	.globl	run_on_stack
run_on_stack:
	mov	sp, x0
	mov	x29, xzr
	b	return_to_guest

/* An interrupt while in the hypervisor. */
hyp_irq:
	sub	sp, sp, #176
	store_scratch
	stp	x18, x30, [sp, #144]
	mrs	x0, elr_el2
	mrs	x1, spsr_el2
	stp	x0, x1, [sp, #160]
	bl	gic_interrupt
	ldp	x0, x1, [sp, #160]
	msr	elr_el2, x0
	msr	spsr_el2, x1
	ldp	x18, x30, [sp, #144]
	load_scratch
	add	sp, sp, #176
	eret
	dsb	nsh
	isb

/* Our own bugs: a struct guest_regs on the stack for the message. */
.macro enter_fault kind
	sub	sp, sp, #REGS_SIZE
	store_scratch
	stp	x18, x19, [sp, #144]
	store_preserved sp
	mrs	x0, elr_el2
	mrs	x1, spsr_el2
	stp	x30, x0, [sp, #REGS_LR]
	add	x2, sp, #REGS_SIZE
	stp	x1, x2, [sp, #REGS_PSTATE]	/* and the stack pointer in .pad */
	mov	x0, sp
	mrs	x1, esr_el2
	mov	w2, #\kind
	bl	hyp_fault
.endm
hyp_sync:
	enter_fault 0
hyp_serror:
	enter_fault 1
hyp_bad:
	enter_fault 2
