/* SPDX-License-Identifier: GPL-2.0-only */
/* What a domain and a vCPU are on Arm. */
#ifndef ASM_DOMAIN_H
#define ASM_DOMAIN_H

#include <xen/timer.h>
#include <xen/types.h>
#include <asm/p2m.h>
#include <asm/vgic.h>
#include <asm/vio.h>
#include <asm/vtimer.h>

/*
 * Guest registers, at offset 0 of struct vcpu. While a guest runs SP_EL2
 * points here, so that entry stores with no scratch register (arm64/entry.S).
 */
struct guest_regs {
	uint64_t x[31];		/* AArch32: r0-r14 and banked ones as ARM DDI 0487 D1.20.1 maps them */
	uint64_t pc;		/* ELR_EL2 */
	uint64_t pstate;	/* SPSR_EL2 */
	uint64_t pad;
} __aligned(16);

struct fp_state {
	__uint128_t q[32];
	uint32_t fpsr, fpcr;
} __aligned(16);

/* EL1 context, swapped at a vCPU switch only (arm64/context.c). */
struct el1_context {
	/* In the order context.c moves them, two by two. */
	uint64_t sp_el0, sp_el1, elr_el1, spsr_el1;
	uint64_t cpacr, ttbr0, ttbr1, mair, amair, vbar;
	uint64_t esr, far, afsr0, afsr1, par, contextidr;
	uint64_t tpidr_el0, tpidrro_el0, tpidr_el1, cntkctl;
	uint64_t csselr, mdscr;
	uint64_t sctlr, tcr;
	uint64_t vmpidr, vpidr;
	uint64_t pauth_keys[10];
};

struct arch_vcpu {
	struct guest_regs regs;		/* offset 0 */
	struct el1_context el1;
	struct fp_state fp;
	uint64_t hcr;			/* HCR_EL2 of this vCPU */
	uint64_t mdcr, cptr;
	unsigned long setway_gfn;	/* progress of a flush by set/way (vsetway.c) */
	struct vgic_vcpu vgic;
	struct vtimer virt_timer, phys_timer;
};

struct arch_domain {
	struct p2m_arch p2m;
	struct vgic_dist vgic;
	struct vmmio_region *vmmio;	/* emulated regions; nr_vmmio of them, sorted */
	unsigned int nr_vmmio;
	uint32_t evtchn_irq;		/* PPI 31 */
	uint64_t virt_timer_base;	/* host counter at creation: CNTVOFF of its vCPUs */
};

/* Deliver an exception to the guest's EL1; v is current. */
void inject_undef_exception(struct vcpu *v);
void inject_abort(struct vcpu *v, uint64_t far, uint64_t esr);	/* external; esr: as it trapped */
void inject_vabt(struct vcpu *v);
/* Step over the instruction that trapped, IT state of AArch32 included. */
void advance_pc(struct guest_regs *regs, uint64_t esr);
/* AArch32: does the trapped conditional instruction pass its condition? */
bool check_conditional_instr(const struct guest_regs *regs, uint64_t esr);

#endif
