// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exceptions into a guest's EL1, as the CPU would take them there (ARM DDI 0487,
 * D1.3), and stepping over instructions that trapped. EL1 is AArch64; EL0 may be
 * AArch32.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/cpufeature.h>
#include <asm/sysregs.h>
#include <asm/traps.h>

#define VECTOR_CURRENT_SP0	0x000
#define VECTOR_CURRENT_SPX	0x200
#define VECTOR_LOWER_A64	0x400
#define VECTOR_LOWER_A32	0x600

#define FSC_EXTERNAL		0x10	/* synchronous external abort, not on a walk */
#define DABT_WNR		BIT(6)	/* a write */
#define SCTLR_EL1_SPAN		BIT(23)
#define SCTLR_EL1_DSSBS		BIT(44)
#define PSR_SSBS		BIT(12)
#define PSR_PAN			BIT(22)
#define PSR_DIT			BIT(24)
#define PSR_NZCV		0xf0000000UL

static bool from_el0(const struct guest_regs *regs)
{
	return (regs->pstate & PSR_MODE_A32) || (regs->pstate & PSR_MODE_MASK) == PSR_MODE_EL0t;
}

static unsigned int vector_offset(const struct guest_regs *regs)
{
	if (regs->pstate & PSR_MODE_A32)
		return VECTOR_LOWER_A32;
	switch (regs->pstate & PSR_MODE_MASK) {
	case PSR_MODE_EL0t:
		return VECTOR_LOWER_A64;
	case PSR_MODE_EL1t:
		return VECTOR_CURRENT_SP0;
	default:
		return VECTOR_CURRENT_SPX;
	}
}

/* PSTATE at the vector (D1.3.1): everything masked, flags as they were. */
static uint64_t exception_pstate(uint64_t old)
{
	uint64_t sctlr = READ_SYSREG(sctlr_el1);
	uint64_t new = PSR_MODE_EL1h | PSR_D | PSR_A | PSR_I | PSR_F;

	if (old & PSR_MODE_A32)
		new |= old & PSR_NZCV;
	else
		new |= old & (PSR_NZCV | PSR_PAN | PSR_DIT);
	if (id_field(&system_cpuinfo, ID_MMFR1, ID_MMFR1_PAN) && !(sctlr & SCTLR_EL1_SPAN))
		new |= PSR_PAN;
	if (id_field(&system_cpuinfo, ID_PFR1, ID_PFR1_SSBS) && (sctlr & SCTLR_EL1_DSSBS))
		new |= PSR_SSBS;
	return new;
}

static void enter_el1(struct vcpu *v, uint64_t esr)
{
	struct guest_regs *regs = &v->arch.regs;

	WRITE_SYSREG(regs->pstate, spsr_el1);
	WRITE_SYSREG(regs->pc, elr_el1);
	WRITE_SYSREG(esr, esr_el1);
	regs->pc = READ_SYSREG(vbar_el1) + vector_offset(regs);
	regs->pstate = exception_pstate(regs->pstate);
}

void inject_undef_exception(struct vcpu *v)
{
	enter_el1(v, (uint64_t)EC_UNKNOWN << ESR_EC_SHIFT | ESR_IL);
}

void inject_abort(struct vcpu *v, uint64_t far, uint64_t esr)
{
	unsigned int ec = ESR_EC(esr);
	uint64_t keep = ec == EC_DABT_LOWER ? ESR_IL | DABT_WNR : ESR_IL;

	if (!from_el0(&v->arch.regs))
		ec++;		/* the class of aborts from the same level */
	WRITE_SYSREG(far, far_el1);
	enter_el1(v, (uint64_t)ec << ESR_EC_SHIFT | (esr & keep) | FSC_EXTERNAL);
}

/* An asynchronous abort, taken when the guest has it unmasked; the CPU clears VSE then. */
void inject_vabt(struct vcpu *v)
{
	v->arch.hcr |= HCR_VSE;
	WRITE_SYSREG(v->arch.hcr, hcr_el2);
}

/* ---- AArch32 at EL0 ---- */

#define CPSR_IT_MASK	0x0600fc00UL	/* IT[1:0] in 26:25, IT[7:2] in 15:10 */

static unsigned int it_state(uint64_t cpsr)
{
	return (cpsr >> 25 & 3) | (cpsr >> 10 & 0x3f) << 2;
}

/* ITAdvance() of the architecture's pseudocode: one instruction of an IT block is done. */
static uint64_t it_advance(uint64_t cpsr)
{
	unsigned int it = it_state(cpsr);

	it = it & 7 ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
	return (cpsr & ~CPSR_IT_MASK) | (uint64_t)(it & 3) << 25 | (uint64_t)(it >> 2) << 10;
}

void advance_pc(struct guest_regs *regs, uint64_t esr)
{
	if (!(regs->pstate & PSR_MODE_A32)) {
		regs->pc += 4;
		return;
	}
	if ((regs->pstate & PSR_THUMB) && (regs->pstate & CPSR_IT_MASK))
		regs->pstate = it_advance(regs->pstate);
	regs->pc += esr & ESR_IL ? 4 : 2;
}

/* The pairs of conditions, of which the odd one is the opposite (F1.7.1). */
static bool condition_holds(unsigned int cond, uint64_t cpsr)
{
	bool n = cpsr >> 31 & 1, z = cpsr >> 30 & 1, c = cpsr >> 29 & 1, o = cpsr >> 28 & 1;
	const bool even[] = { z, c, n, o, c && !z, n == o, n == o && !z };

	return cond >= 14 || even[cond / 2] != (cond & 1);
}

/*
 * Classes whose syndrome has a condition; the CPU may trap instructions that
 * fail theirs (D1.3.5). CV clear: a Thumb instruction, whose condition is in
 * the IT state.
 */
bool check_conditional_instr(const struct guest_regs *regs, uint64_t esr)
{
	unsigned int cond = 0xe, it;

	if (!(regs->pstate & PSR_MODE_A32))
		return true;
	if (esr & BIT(24)) {
		cond = esr >> 20 & 0xf;
	} else if (regs->pstate & PSR_THUMB) {
		it = it_state(regs->pstate);
		if (it & 0xf)
			cond = it >> 4;
	}
	return condition_holds(cond, regs->pstate);
}

/* PSTATE.I has the same place in both execution states (C5.2.19). */
bool arch_vcpu_takes_interrupts(const struct vcpu *v)
{
	return !(v->arch.regs.pstate & PSR_I);
}

/* WFI, WFE and their forms with a timeout, of which the guest is told nothing. */
enum trap_outcome trap_wfx(struct vcpu *v, uint64_t esr)
{
	if (!check_conditional_instr(&v->arch.regs, esr))
		return TRAP_HANDLED;
	if (esr & 1)
		vcpu_yield_current();
	else
		vcpu_block_current();
	return TRAP_HANDLED;
}
