// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which vCPU's context the CPU holds. Guest registers are in struct vcpu since
 * the exit; what is swapped here is what exits leave alone: EL1, floating
 * point, virtual interrupt controller and timer, stage 2.
 */
#include <xen/domain.h>
#include <xen/sched.h>
#include <asm/cpufeature.h>
#include <asm/entry.h>
#include <asm/errata.h>
#include <asm/sysregs.h>
#include <asm/traps.h>
#include <asm/vtimer.h>

DEFINE_PER_CPU(struct vcpu *, curr_vcpu);

/* Two registers at a time, into neighbours: one instruction stores or loads both. */
#define SAVE(f, r, f2, r2) do {						\
	uint64_t a_ = READ_SYSREG(r), b_ = READ_SYSREG(r2);		\
									\
	(f) = a_;							\
	(f2) = b_;							\
} while (0)
#define LOAD(f, r, f2, r2) do {						\
	uint64_t a_ = (f), b_ = (f2);					\
									\
	WRITE_SYSREG(a_, r);						\
	WRITE_SYSREG(b_, r2);						\
} while (0)

/* FEAT_PAuth key registers by encoding: the assembler's -march is ARMv8.0. */
#define PAUTH_KEYS(op, k) do {						\
	op(k[0], S3_0_C2_C1_0, k[1], S3_0_C2_C1_1);			\
	op(k[2], S3_0_C2_C1_2, k[3], S3_0_C2_C1_3);			\
	op(k[4], S3_0_C2_C2_0, k[5], S3_0_C2_C2_1);			\
	op(k[6], S3_0_C2_C2_2, k[7], S3_0_C2_C2_3);			\
	op(k[8], S3_0_C2_C3_0, k[9], S3_0_C2_C3_1);			\
} while (0)

/* Registers that only the vCPU's own EL1 and EL0 use: no order among them. */
#define EL1_REGS(op, c) do {						\
	op(c->sp_el0, sp_el0, c->sp_el1, sp_el1);			\
	op(c->elr_el1, elr_el1, c->spsr_el1, spsr_el1);			\
	op(c->cpacr, cpacr_el1, c->ttbr0, ttbr0_el1);			\
	op(c->ttbr1, ttbr1_el1, c->mair, mair_el1);			\
	op(c->amair, amair_el1, c->vbar, vbar_el1);			\
	op(c->esr, esr_el1, c->far, far_el1);				\
	op(c->afsr0, afsr0_el1, c->afsr1, afsr1_el1);			\
	op(c->par, par_el1, c->contextidr, contextidr_el1);		\
	op(c->tpidr_el0, tpidr_el0, c->tpidrro_el0, tpidrro_el0);	\
	op(c->tpidr_el1, tpidr_el1, c->cntkctl, cntkctl_el1);		\
	op(c->csselr, csselr_el1, c->mdscr, mdscr_el1);			\
} while (0)

static void el1_save(struct vcpu *v)
{
	struct el1_context *c = &v->arch.el1;

	EL1_REGS(SAVE, c);
	SAVE(c->sctlr, sctlr_el1, c->tcr, tcr_el1);
	if (cpu_has_pauth)
		PAUTH_KEYS(SAVE, c->pauth_keys);
}

/* With speculative AT held off by the caller where that is an erratum. */
static void el1_load(const struct vcpu *v)
{
	const struct el1_context *c = &v->arch.el1;

	EL1_REGS(LOAD, c);
	LOAD(c->vmpidr, vmpidr_el2, c->vpidr, vpidr_el2);
	if (cpu_has_pauth)
		PAUTH_KEYS(LOAD, c->pauth_keys);
}

static void save_guest(struct vcpu *prev)
{
	vtimer_save(prev);
	vgic_save(prev);
	el1_save(prev);
	fpsimd_save(&prev->arch.fp);
	/* An injected SError: the CPU clears the bit when the guest takes it. */
	if (unlikely(prev->arch.hcr & HCR_VSE))
		prev->arch.hcr = READ_SYSREG(hcr_el2);
}

/*
 * Stage 1 registers and stage 2 of different vCPUs are in the CPU meanwhile.
 * Erratum 1319367: a speculative AT would fill the TLB from the mixture, unless
 * walks are disabled and the MMU is on (docs/barriers.md).
 */
static void load_translation(struct vcpu *next)
{
	const struct el1_context *c = &next->arch.el1;
	bool guard = cpu_has_erratum(ERRATUM_SPECULATIVE_AT);

	if (guard) {
		WRITE_SYSREG(READ_SYSREG(tcr_el1) | TCR_EL1_EPD0 | TCR_EL1_EPD1, tcr_el1);
		isb();
		WRITE_SYSREG(READ_SYSREG(sctlr_el1) | SCTLR_M, sctlr_el1);
		isb();
	}
	p2m_restore(next);
	el1_load(next);
	if (guard)
		isb();
	WRITE_SYSREG(c->sctlr, sctlr_el1);
	if (guard)
		isb();
	WRITE_SYSREG(c->tcr, tcr_el1);
}

static void load_guest(struct vcpu *next)
{
	load_translation(next);
	WRITE_SYSREG(next->arch.hcr, hcr_el2);
	WRITE_SYSREG(next->arch.mdcr, mdcr_el2);
	WRITE_SYSREG(next->arch.cptr, cptr_el2);
	fpsimd_load(&next->arch.fp);
	vgic_restore(next);
	vtimer_restore(next);
	/* What arm64/entry.S takes as the stack when this guest exits. */
	next->arch.regs.pad = (uint64_t)cpu_stack_top[smp_processor_id()];
}

void context_switch(struct vcpu *prev, struct vcpu *next)
{
	if (!is_idle_vcpu(prev))
		save_guest(prev);
	set_current(next);
	if (is_idle_vcpu(next))
		p2m_restore(next);
	else
		load_guest(next);
	/*
	 * Release: whoever sees it clear (vcpu_sleep_sync(), another CPU's
	 * scheduler) finds the whole context in memory, and this CPU walks
	 * prev's tables no more. ERET synchronises the registers written.
	 */
	__atomic_store_n(&prev->is_running, false, __ATOMIC_RELEASE);
}
