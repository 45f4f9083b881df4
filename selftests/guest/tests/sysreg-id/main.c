// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ID registers: what a guest may believe about its CPU.
 *
 * Whatever the machine has, a guest that was promised nothing sees no SVE, SME,
 * MTE, PMU, RAS, debug beyond the basics, or nested virtualization: state of
 * these would not be switched. Reserved registers of the ID space read as zero.
 */
#include "test.h"

#define ID(crm, op2)	SYSREG(3, 0, 0, crm, op2)

static u64 id_read(u32 reg)
{
	struct trap_frame f;
	u64 v = 0;

	if (!try_insn(INSN_MRS(reg), &v, &f)) {
		check(false, "ID register %x can be read", reg);
		return 0;
	}
	return v;
}

static unsigned int field(u64 v, unsigned int low)
{
	return v >> low & 15;
}

void test_main(void)
{
	u64 pfr0 = id_read(ID(4, 0)), pfr1 = id_read(ID(4, 1)), zfr0 = id_read(ID(4, 4));
	u64 smfr0 = id_read(ID(4, 5)), dfr0 = id_read(ID(5, 0)), isar0 = id_read(ID(6, 0));
	u64 isar1 = id_read(ID(6, 1)), mmfr0 = id_read(ID(7, 0)), mmfr1 = id_read(ID(7, 1));
	u64 mmfr2 = id_read(ID(7, 2));
	struct trap_frame f;
	u64 v;

	printk("# PFR0 %lx PFR1 %lx DFR0 %lx ZFR0 %lx SMFR0 %lx\n", pfr0, pfr1, dfr0, zfr0, smfr0);
	printk("# ISAR0 %lx ISAR1 %lx MMFR0 %lx MMFR1 %lx MMFR2 %lx\n", isar0, isar1, mmfr0, mmfr1,
	       mmfr2);
	printk("# MIDR %lx MPIDR %lx\n", read_sysreg(midr_el1), read_sysreg(mpidr_el1));

	check(field(pfr0, 0) && field(pfr0, 4), "EL0 and EL1 are there");
	check_eq(field(pfr0, 32), 0, "no SVE");
	check_eq(zfr0, 0, "nor its details");
	check_eq(field(pfr1, 24), 0, "no SME");
	check_eq(smfr0, 0, "nor its details");
	check_eq(field(pfr1, 8), 0, "no MTE");
	check_eq(field(pfr0, 44), 0, "no activity monitors");
	check_eq(field(pfr0, 40), 0, "no MPAM");
	check_eq(field(dfr0, 8) & (field(dfr0, 8) == 15 ? 0 : 15), 0, "no performance monitors");
	check_eq(field(dfr0, 32), 0, "no statistical profiling");
	check_eq(field(dfr0, 44), 0, "no trace buffer");
	check_eq(field(dfr0, 4), 0, "no trace registers");
	check_eq(field(mmfr2, 24), 0, "no nested virtualization");
	check_eq(field(mmfr1, 8), 0, "no virtualization host extensions");
	check_eq(read_sysreg(mpidr_el1) & 0xff00ffffffUL, 0, "this is CPU 0");

	/* The reserved ones: op2 and CRm 1..7 that have no name. */
	for (unsigned int crm = 4; crm < 8; crm++)
		for (unsigned int op2 = 6; op2 < 8; op2++)
			if (try_insn(INSN_MRS(ID(crm, op2)), &v, &f))
				printk("# CRm %u op2 %u: %lx\n", crm, op2, v);
			else
				check(false, "reserved ID register CRm %u op2 %u can be read", crm, op2);
	check(try_insn(INSN_MRS(SYSREG(3, 0, 0, 1, 0)), &v, &f), "ID_PFR0_EL1 can be read");
	check(!try_insn(INSN_MSR(ID(4, 0)), &v, &f), "an ID register cannot be written");
	check_eq(ESR_EC(f.esr), EC_UNKNOWN, "that is undefined");
}
