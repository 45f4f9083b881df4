// SPDX-License-Identifier: GPL-2.0-only
/*
 * System registers that trap: which ones, and what a guest finds there. Debug
 * and performance registers read as zero and ignore writes, as Xen has it; what
 * has no entry is undefined.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/cpufeature.h>
#include <asm/vtimer.h>
#include "vgic-internal.h"
#include "vsysreg.h"

#define ICC_SGI1R_EL1	SYSREG(3, 0, 12, 11, 5)
#define ICC_ASGI1R_EL1	SYSREG(3, 0, 12, 11, 6)
#define ICC_SGI0R_EL1	SYSREG(3, 0, 12, 11, 7)
#define ICC_SRE_EL1	SYSREG(3, 0, 12, 12, 5)
#define ICC_SRE_FIXED	0x7	/* SRE, and no bypass */
#define CNTP_TVAL_EL0	SYSREG(3, 3, 14, 2, 0)
#define CNTP_CTL_EL0	SYSREG(3, 3, 14, 2, 1)
#define CNTP_CVAL_EL0	SYSREG(3, 3, 14, 2, 2)
#define ACTLR_EL1	SYSREG(3, 0, 1, 0, 1)
#define OSLSR_EL1	SYSREG(2, 0, 1, 1, 4)
#define OSLSR_OSLM	(1 << 3)	/* the OS lock is implemented, and open */
#define PMUSERENR_EL0	SYSREG(3, 3, 9, 14, 0)
#define DC_ISW		SYSREG(1, 0, 7, 6, 2)
#define DC_CSW		SYSREG(1, 0, 7, 10, 2)
#define DC_CISW		SYSREG(1, 0, 7, 14, 2)

#define REG_ZERO	31

/*
 * HCR_EL2 of every guest. TWI and TWE: idle vCPUs give the CPU away. TID3: the
 * identification registers are ours. TSW: set/way operations cannot be
 * honoured for a part of the machine. TIDCP, TACR: implementation defined
 * registers. FB, BSU: the guest does not choose the CPU it runs on, so what it
 * means for one is done for all in the inner domain. TERR, TEA stay clear.
 */
#define HCR_GUEST	(HCR_VM | HCR_SWIO | HCR_PTW | HCR_FMO | HCR_IMO | HCR_AMO | HCR_FB | \
			 HCR_BSU_INNER | HCR_TWI | HCR_TWE | HCR_TID3 | HCR_TSC | HCR_TIDCP | \
			 HCR_TACR | HCR_TSW)

struct sys_access {
	struct vcpu *v;
	uint32_t reg;
	bool read, el0;
	uint64_t val;	/* to be written, or what was read */
};

void vsysreg_vcpu_init(struct vcpu *v)
{
	v->arch.hcr = HCR_GUEST | HCR_RW;
	/* Error records and LORegions are hidden: using them is undefined. */
	if (id_field(&system_cpuinfo, ID_PFR0, ID_PFR0_RAS))
		v->arch.hcr |= HCR_TERR;
	if (id_field(&system_cpuinfo, ID_MMFR1, ID_MMFR1_LO))
		v->arch.hcr |= HCR_TLOR;
	if (cpu_has_pauth)
		v->arch.hcr |= HCR_APK | HCR_API;
	v->arch.mdcr = MDCR_TDRA | MDCR_TDOSA | MDCR_TDA | MDCR_TPM | MDCR_TPMCR | MDCR_TPMS |
		       MDCR_TTRF;
	v->arch.cptr = CPTR_EL2_RES1 | CPTR_EL2_TZ | CPTR_EL2_TSM | CPTR_EL2_TTA | CPTR_EL2_TAM;
}

void vsysreg_init_cpu(void)
{
	unsigned int pmu = id_field(&system_cpuinfo, ID_DFR0, ID_DFR0_PMUVER);

	/* AArch32 EL0 and implementation defined coprocessor 15, CRn 15. */
	WRITE_SYSREG(BIT(15), hstr_el2);
	WRITE_SYSREG(CNTHCTL_EL1PCTEN, cnthctl_el2);
	/* EL0 of a guest has no counters: MDCR_EL2 traps what EL1 lets it do. */
	if (pmu && pmu != 0xf)
		WRITE_SYSREG(0, pmuserenr_el0);
	/* This CPU's own features: where CPUs differ, it may have more than guests are shown. */
	/* HCRX_EL2: nothing of what it enables is offered. */
	if (READ_SYSREG(id_aa64mmfr1_el1) >> ID_MMFR1_HCX & 0xf)
		WRITE_SYSREG(0, S3_4_C1_C2_2);
	/*
	 * HFGRTR, HFGWTR, HFGITR, HDFGRTR, HDFGWTR: unknown after reset (D17.2). 0 traps
	 * only what came later, of which nothing is offered (SME's TPIDR2, BRBE).
	 */
	if (READ_SYSREG(id_aa64mmfr0_el1) >> ID_MMFR0_FGT & 0xf) {
		WRITE_SYSREG(0, S3_4_C1_C1_4);
		WRITE_SYSREG(0, S3_4_C1_C1_5);
		WRITE_SYSREG(0, S3_4_C1_C1_6);
		WRITE_SYSREG(0, S3_4_C3_C1_4);
		WRITE_SYSREG(0, S3_4_C3_C1_5);
	}
	/* VSESR_EL2: the syndrome of an SError that inject_vabt() makes; IDS: not of RAS. */
	if (READ_SYSREG(id_aa64pfr0_el1) >> ID_PFR0_RAS & 0xf)
		WRITE_SYSREG(BIT(24), S3_4_C5_C2_3);
}

/* RAZ/WI for EL1; undefined for EL0. */
static enum trap_outcome raz_wi(struct sys_access *a)
{
	a->val = 0;
	return a->el0 ? TRAP_UNDEF : TRAP_HANDLED;
}

static enum trap_outcome access_ptimer(struct sys_access *a, enum ptimer_reg reg)
{
	if (a->read)
		a->val = ptimer_read(a->v, reg);
	else
		ptimer_write(a->v, reg, a->val);
	return TRAP_HANDLED;
}

/* op0 == 2: debug (op1 0), trace (1), debug communication channel (3), Jazelle leftovers. */
static enum trap_outcome access_debug(struct sys_access *a)
{
	switch (SYSREG_OP1(a->reg)) {
	case 0:
		if (a->reg == OSLSR_EL1) {
			a->val = OSLSR_OSLM;
			return a->read ? TRAP_HANDLED : TRAP_UNDEF;
		}
		return raz_wi(a);
	case 3:
		/* EL0 may look, as MDSCR_EL1.TDCC reads as zero. */
		a->val = 0;
		return TRAP_HANDLED;
	default:
		return TRAP_UNDEF;
	}
}

static bool is_pmu(uint32_t reg)
{
	unsigned int op1 = SYSREG_OP1(reg), crn = SYSREG_CRN(reg), crm = SYSREG_CRM(reg);

	if (crn == 9)
		return (op1 == 3 && crm >= 12 && crm <= 14) || (op1 == 0 && crm == 14);
	return crn == 14 && op1 == 3 && crm >= 8;	/* event counters and types */
}

static enum trap_outcome access_sysreg(struct sys_access *a)
{
	switch (a->reg) {
	case CNTP_CTL_EL0:
		return access_ptimer(a, PTIMER_CTL);
	case CNTP_CVAL_EL0:
		return access_ptimer(a, PTIMER_CVAL);
	case CNTP_TVAL_EL0:
		return access_ptimer(a, PTIMER_TVAL);
	case ICC_ASGI1R_EL1:
	case ICC_SGI0R_EL1:
		/* Groups that no interrupt of a guest is in. */
		return a->read ? TRAP_UNDEF : TRAP_HANDLED;
	case ICC_SRE_EL1:
		a->val = ICC_SRE_FIXED;
		return dist_of(a->v->domain)->version == GIC_V3 ? TRAP_HANDLED : TRAP_UNDEF;
	case ACTLR_EL1:
		return raz_wi(a);
	case PMUSERENR_EL0:
		if (!a->read)
			return raz_wi(a);
		a->val = 0;	/* EL0 may read that it may not */
		return TRAP_HANDLED;
	case DC_ISW:
	case DC_CSW:
	case DC_CISW:
		return a->el0 ? TRAP_UNDEF : vsetway_trap(a->v);
	}
	if (SYSREG_OP0(a->reg) == 2)
		return access_debug(a);
	if (SYSREG_OP0(a->reg) == 3 && SYSREG_OP1(a->reg) == 0 && SYSREG_CRN(a->reg) == 0) {
		/* Trapped at EL0 too where FEAT_IDST has it so; there they are undefined. */
		if (!a->read || a->el0)
			return TRAP_UNDEF;
		a->val = vidreg_read(a->v, ID_REG(SYSREG_CRM(a->reg), SYSREG_OP2(a->reg)));
		return TRAP_HANDLED;
	}
	if (is_pmu(a->reg))
		return raz_wi(a);
	if (!a->read && (a->v->arch.hcr & HCR_TVM))
		return vsetway_vm_write(a->v, a->reg, a->val);
	return TRAP_UNDEF;
}

static __noinline enum trap_outcome sysreg_slow(struct vcpu *v, uint64_t esr)
{
	uint64_t *x = v->arch.regs.x;
	unsigned int rt = esr >> 5 & 0x1f;
	struct sys_access a = {
		.v = v, .reg = esr & SYSREG_MASK, .read = esr & 1,
		.el0 = (v->arch.regs.pstate & PSR_MODE_MASK) == PSR_MODE_EL0t,
		.val = rt == REG_ZERO ? 0 : x[rt],
	};
	enum trap_outcome outcome = access_sysreg(&a);

	if (outcome == TRAP_HANDLED && a.read && rt != REG_ZERO)
		x[rt] = a.val;
	if (outcome == TRAP_UNDEF && !a.el0)
		gprintk(XENLOG_G_DEBUG, "undefined system register access, ESR 0x%lx pc 0x%lx\n",
			(unsigned long)esr, (unsigned long)v->arch.regs.pc);
	return outcome;
}

enum trap_outcome trap_sysreg(struct vcpu *v, uint64_t esr)
{
	unsigned int rt = esr >> 5 & 0x1f;

	if (unlikely((esr & (SYSREG_MASK | 1)) != ICC_SGI1R_EL1))
		return sysreg_slow(v, esr);
	vgic_v3_sgi1r(v, rt == REG_ZERO ? 0 : v->arch.regs.x[rt]);
	return TRAP_HANDLED;
}

/*
 * AArch32, which only EL0 can be in. What traps there is the timer that EL1
 * lets it use; the rest is undefined in user mode.
 */
#define CP15_OPS(opc1, crn, crm, opc2)	SYSREG(0, opc1, crn, crm, opc2)
#define CNTP_TVAL_32	CP15_OPS(0, 14, 2, 0)
#define CNTP_CTL_32	CP15_OPS(0, 14, 2, 1)

enum trap_outcome trap_cp15_32(struct vcpu *v, uint64_t esr)
{
	uint64_t *x = v->arch.regs.x;
	unsigned int rt = esr >> 5 & 0x1f;
	struct sys_access a = { .v = v, .read = esr & 1, .el0 = true };
	enum trap_outcome outcome = TRAP_UNDEF;

	a.reg = esr & CP15_OPS(7, 15, 15, 7);
	a.val = rt == REG_ZERO ? 0 : (uint32_t)x[rt];
	if (a.reg == CNTP_TVAL_32)
		outcome = access_ptimer(&a, PTIMER_TVAL);
	else if (a.reg == CNTP_CTL_32)
		outcome = access_ptimer(&a, PTIMER_CTL);
	if (outcome == TRAP_HANDLED && a.read && rt != REG_ZERO)
		x[rt] = (uint32_t)a.val;
	return outcome;
}

/* MCRR, MRRC: opc1 in 19:16, CRm in 4:1. */
#define CP15_64(opc1, crm)	((opc1) << 16 | (crm) << 1)
#define CNTP_CVAL_64		CP15_64(2, 14)

enum trap_outcome trap_cp15_64(struct vcpu *v, uint64_t esr)
{
	uint64_t *x = v->arch.regs.x;
	unsigned int rt = esr >> 5 & 0x1f, rt2 = esr >> 10 & 0x1f;

	if ((esr & CP15_64(15, 15)) != CNTP_CVAL_64 || rt == REG_ZERO || rt2 == REG_ZERO)
		return TRAP_UNDEF;
	if (esr & 1) {
		uint64_t val = ptimer_read(v, PTIMER_CVAL);

		x[rt] = (uint32_t)val;
		x[rt2] = val >> 32;
	} else {
		ptimer_write(v, PTIMER_CVAL, (x[rt2] << 32) | (uint32_t)x[rt]);
	}
	return TRAP_HANDLED;
}
