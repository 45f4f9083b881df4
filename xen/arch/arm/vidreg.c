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

/* CRm << 3 | op2 */
#define ID(crm, op2)	((crm) << 3 | (op2))
#define ID_PFR0		ID(4, 0)
#define ID_PFR1		ID(4, 1)
#define ID_DFR0		ID(5, 0)
#define ID_ISAR0	ID(6, 0)
#define ID_ISAR1	ID(6, 1)
#define ID_ISAR2	ID(6, 2)
#define ID_MMFR0	ID(7, 0)
#define ID_MMFR1	ID(7, 1)
#define ID_MMFR2	ID(7, 2)

/* EL0; FP, AdvSIMD, GIC; DIT, CSV3. Not: EL2, EL3, RAS, SVE, SEL2, MPAM, AMU, RME. */
#define PFR0_MASK	(F(0) | F(16) | F(20) | F(24) | F(48) | F(60))
#define PFR0_EL1_A64	(1UL << 4)		/* 32-bit guests are refused */
#define PFR0_CSV2	56			/* 1 at most: SCXTNUM is not switched */
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
#define PFR0_32_MASK	(~(uint32_t)(F(28) | F(20)))
#define DFR0_32_MASK	((uint32_t)(F(0) | F(4)))
#define PFR2_32_MASK	((uint32_t)(F(0) | F(4)))

static uint64_t pfr0(void)
{
	uint64_t host = system_cpuinfo.pfr0;
	uint64_t csv2 = id_field(host, PFR0_CSV2) ? 1 : 0;

	return (host & PFR0_MASK) | PFR0_EL1_A64 | csv2 << PFR0_CSV2;
}

/* The domain's addresses may be fewer than the CPU's. */
static uint64_t mmfr0(const struct domain *d)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52 };
	uint64_t range = 0;

	while (range + 1 < ARRAY_SIZE(bits) && bits[range + 1] <= d->p2m.addr_bits)
		range++;
	range = min_t(uint64_t, range, id_field(system_cpuinfo.mmfr0, ID_MMFR0_PARANGE));
	return (system_cpuinfo.mmfr0 & MMFR0_MASK) | range;
}

static uint32_t a32_read(unsigned int nr)
{
	const struct cpuinfo_arm64 *c = &system_cpuinfo;

	switch (nr) {
	case ID(1, 0):
		return c->id_pfr0 & PFR0_32_MASK;
	case ID(1, 1):
		return c->id_pfr1;
	case ID(1, 2):
		return c->id_dfr0 & DFR0_32_MASK;
	case ID(1, 3):
		return 0;		/* ID_AFR0: implementation defined */
	case ID(1, 4) ... ID(1, 7):
		return c->id_mmfr[nr - ID(1, 4)];
	case ID(2, 0) ... ID(2, 5):
		return c->id_isar[nr - ID(2, 0)];
	case ID(2, 6):
		return c->id_mmfr[4];
	case ID(2, 7):
		return c->id_isar[6];
	case ID(3, 0) ... ID(3, 2):
		return c->mvfr[nr - ID(3, 0)];
	case ID(3, 4):
		return c->id_pfr2 & PFR2_32_MASK;
	case ID(3, 6):
		return c->id_mmfr[5];
	default:
		return 0;
	}
}

uint64_t vidreg_read(struct vcpu *v, unsigned int crm, unsigned int op2)
{
	const struct cpuinfo_arm64 *c = &system_cpuinfo;

	switch (ID(crm, op2)) {
	case ID_PFR0:
		return pfr0();
	case ID_PFR1:
		return c->pfr1 & PFR1_MASK;
	case ID_DFR0:
		return DFR0_VALUE;
	case ID_ISAR0:
		return c->isar0 & ISAR0_MASK;
	case ID_ISAR1:
		return c->isar1 & (ISAR1_MASK | (cpu_has_pauth ? ISAR1_PAUTH : 0));
	case ID_ISAR2:
		return c->isar2 & (ISAR2_MASK | (cpu_has_pauth ? ISAR2_PAUTH : 0));
	case ID_MMFR0:
		return mmfr0(v->domain);
	case ID_MMFR1:
		return c->mmfr1 & MMFR1_MASK;
	case ID_MMFR2:
		return c->mmfr2 & MMFR2_MASK;
	default:
		return crm < 4 ? a32_read(ID(crm, op2)) : 0;
	}
}
