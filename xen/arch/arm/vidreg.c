// SPDX-License-Identifier: GPL-2.0-only
/*
 * The identification registers of guests: a list of what is let through. A
 * field is here only when the feature needs no state that is not switched, no
 * enable at EL2 that is not given, and works as the guest expects it; all else,
 * what later architectures add included, reads as "not there".
 */
#include <xen/compiler.h>
#include <xen/domain.h>
#include <asm/cpufeature.h>
#include "vsysreg.h"

#define F(lsb)	(0xfUL << (lsb))

/* EL0; FP, AdvSIMD, GIC; DIT, CSV3. Not: EL2, EL3, RAS, SVE, SEL2, MPAM, AMU, RME. */
#define PFR0_MASK	(F(0) | F(16) | F(20) | F(24) | F(48) | F(60))
#define PFR0_EL1_A64	(1UL << 4)		/* 32-bit guests are refused */
/* BT, SSBS. Not: MTE, SME, RNDR trap, NMI. */
#define PFR1_MASK	(F(0) | F(4))
/*
 * Debug architecture 8, the least number of breakpoints and watchpoints there
 * may be: they read as zero and never hit. No trace, PMU, SPE, TRBE.
 */
#define DFR0_VALUE	(6UL | 1UL << 12 | 1UL << 20)
/* Not: TME. */
#define ISAR0_MASK	(~F(24) & ~F(0))
/* DPB, JSCVT, FCMA, LRCPC; FRINTTS, SB, SPECRES, BF16, DGH, I8MM. Not: XS, LS64 (HCRX_EL2). */
#define ISAR1_MASK	(F(0) | F(12) | F(16) | F(20) | F(32) | F(36) | F(40) | F(44) | F(48) | F(52))
#define ISAR1_PAUTH	(F(ID_ISAR1_APA) | F(ID_ISAR1_API) | F(ID_ISAR1_GPA) | F(ID_ISAR1_GPI))
/* RPRES, CLRBHB. Not: WFxT (a trapped one would wait for ever), MOPS (HCRX_EL2). */
#define ISAR2_MASK	(F(4) | F(28))
#define ISAR2_PAUTH	(F(ID_ISAR2_GPA3) | F(ID_ISAR2_APA3) | F(24))
/* ASIDBits, BigEnd, SNSMem, BigEndEL0, granules. PARange: by the domain. Not: FGT, ECV. */
#define MMFR0_MASK	(F(4) | F(8) | F(12) | F(16) | F(20) | F(24) | F(28))
/* HAFDBS, HPDS, PAN, SpecSEI, ETS, AFP, nTLBPA, ECBHB. Not: VMIDBits, VH, LO, XNX, TWED, HCX. */
#define MMFR1_MASK	(F(0) | F(12) | F(20) | F(24) | F(36) | F(44) | F(48) | F(60))
/* CnP, UAO, LSM, VARange, CCIDX, ST, AT, IDS, TTL, BBM, E0PD. Not: IESB, NV, FWB, EVT. */
#define MMFR2_MASK	(F(0) | F(4) | F(8) | F(16) | F(20) | F(28) | F(32) | F(36) | F(48) | F(52) | \
			 F(60))

/* AArch32: what EL0 can use is the CPU's; RAS, AMU, PMU and trace are not there. */
#define A32_ALL		0xffffffffUL
#define PFR0_32_MASK	(A32_ALL & ~(F(28) | F(20)))
#define DFR0_32_MASK	(F(0) | F(4))
#define PFR2_32_MASK	(F(0) | F(4))

/* What is not here reads as zero, ID_AFR0_EL1 (implementation defined) included. */
static const uint64_t let_through[NR_ID_REGS] = {
	[ID_REG(1, 0)] = PFR0_32_MASK,
	[ID_REG(1, 1)] = A32_ALL,				/* ID_PFR1 */
	[ID_REG(1, 2)] = DFR0_32_MASK,
	[ID_REG(1, 4) ... ID_REG(1, 7)] = A32_ALL,		/* ID_MMFR0-3 */
	[ID_REG(2, 0) ... ID_REG(2, 7)] = A32_ALL,		/* ID_ISAR0-5, ID_MMFR4, ID_ISAR6 */
	[ID_REG(3, 0) ... ID_REG(3, 2)] = A32_ALL,		/* MVFR0-2 */
	[ID_REG(3, 4)] = PFR2_32_MASK,
	[ID_REG(3, 6)] = A32_ALL,				/* ID_MMFR5 */
	[ID_PFR0] = PFR0_MASK,
	[ID_PFR1] = PFR1_MASK,
	[ID_ISAR0] = ISAR0_MASK,
	[ID_ISAR1] = ISAR1_MASK,
	[ID_ISAR2] = ISAR2_MASK,
	[ID_MMFR0] = MMFR0_MASK,
	[ID_MMFR1] = MMFR1_MASK,
	[ID_MMFR2] = MMFR2_MASK,
};

uint64_t vidreg_read(struct vcpu *v, unsigned int reg)
{
	uint64_t host, val;

	if (reg >= NR_ID_REGS)
		return 0;
	host = system_cpuinfo.id[reg];
	val = host & let_through[reg];
	switch (reg) {
	case ID_PFR0:
		/* The CPU may have it, but ICC_SRE_EL1 cannot turn it on for a GICv2. */
		if (v->domain->arch.vgic.version == GIC_V2)
			val &= ~F(ID_PFR0_GIC);
		/* CSV2 is 1 at most: SCXTNUM is not switched. */
		return val | PFR0_EL1_A64 |
		       (host & F(ID_PFR0_CSV2) ? 1UL << ID_PFR0_CSV2 : 0);
	case ID_DFR0:
		return DFR0_VALUE;
	case ID_ISAR1:
		return cpu_has_pauth ? val | (host & ISAR1_PAUTH) : val;
	case ID_ISAR2:
		return cpu_has_pauth ? val | (host & ISAR2_PAUTH) : val;
	case ID_MMFR0:
		/* The domain's addresses may be fewer than the CPU's. */
		return val | min(parange_of(v->domain->p2m.addr_bits),
				 id_field(&system_cpuinfo, ID_MMFR0, ID_MMFR0_PARANGE));
	default:
		return val;
	}
}
