// SPDX-License-Identifier: GPL-2.0-only
/*
 * System registers that are not the guest's.
 *
 * EL2 registers, the hypervisor's half of the interrupt controller, debug and
 * performance monitoring: each access is undefined, or reads as zero and ignores
 * writes. None may hang, and none may give what was written.
 */
#include "test.h"

static const struct {
	u32 reg;
	bool must_undef;
	const char *name;
} regs[] = {
	{ SYSREG(3, 4, 1, 1, 0), true, "HCR_EL2" },
	{ SYSREG(3, 4, 2, 1, 0), true, "VTTBR_EL2" },
	{ SYSREG(3, 4, 12, 0, 0), true, "VBAR_EL2" },
	{ SYSREG(3, 4, 12, 12, 0), true, "ICH_LR0_EL2" },
	{ SYSREG(3, 4, 12, 11, 0), true, "ICH_HCR_EL2" },
	{ SYSREG(3, 4, 14, 0, 3), true, "CNTVOFF_EL2" },
	{ SYSREG(3, 6, 1, 1, 0), true, "SCR_EL3" },
	{ SYSREG(3, 0, 12, 9, 5), true, "ICC_SRE_EL2 by a wrong name" },
	{ SYSREG(3, 4, 12, 9, 5), true, "ICC_SRE_EL2" },
	{ SYSREG(3, 3, 9, 12, 0), false, "PMCR_EL0" },
	{ SYSREG(3, 3, 9, 12, 1), false, "PMCNTENSET_EL0" },
	{ SYSREG(3, 3, 9, 13, 0), false, "PMCCNTR_EL0" },
	{ SYSREG(3, 3, 9, 14, 0), false, "PMUSERENR_EL0" },
	{ SYSREG(3, 3, 14, 8, 0), false, "PMEVCNTR0_EL0" },
	{ SYSREG(3, 3, 14, 15, 7), false, "PMCCFILTR_EL0" },
	{ SYSREG(3, 0, 9, 14, 1), false, "PMINTENSET_EL1" },
	{ SYSREG(2, 0, 0, 2, 2), false, "MDSCR_EL1" },
	{ SYSREG(2, 0, 0, 0, 4), false, "DBGBVR0_EL1" },
	{ SYSREG(2, 0, 0, 0, 5), false, "DBGBCR0_EL1" },
	{ SYSREG(2, 0, 0, 0, 6), false, "DBGWVR0_EL1" },
	{ SYSREG(2, 0, 1, 0, 4), false, "OSLAR_EL1" },
	{ SYSREG(2, 0, 1, 1, 4), false, "OSLSR_EL1" },
	{ SYSREG(2, 0, 1, 3, 4), false, "OSDLR_EL1" },
	{ SYSREG(2, 0, 1, 4, 4), false, "DBGPRCR_EL1" },
	{ SYSREG(2, 0, 1, 0, 0), false, "MDRAR_EL1" },
	{ SYSREG(3, 0, 1, 0, 1), false, "ACTLR_EL1" },
	{ SYSREG(3, 1, 15, 2, 0), false, "S3_1_C15_C2_0 (CPUACTLR of a57)" },
	{ SYSREG(3, 0, 11, 15, 7), false, "implementation defined CRn 11" },
	{ SYSREG(3, 7, 15, 15, 7), false, "implementation defined CRn 15" },
	{ SYSREG(3, 0, 1, 2, 0), false, "ZCR_EL1" },
	{ SYSREG(3, 0, 1, 2, 6), false, "SMCR_EL1" },
	{ SYSREG(3, 0, 5, 3, 0), false, "ERRIDR_EL1" },
	{ SYSREG(3, 0, 10, 4, 4), false, "MPAMIDR_EL1" },
	{ SYSREG(3, 0, 9, 9, 0), false, "PMSCR_EL1" },
	{ SYSREG(3, 0, 1, 0, 6), false, "GCR_EL1" },
	{ SYSREG(3, 0, 5, 6, 0), false, "TFSR_EL1" },
	{ SYSREG(3, 7, 14, 2, 0), false, "CNTPS_TVAL_EL1" },
};

/* Undefined, or a trap to EL1 that the guest's own registers ask for: SVE 0x19, SME 0x1d. */
static bool refused(const struct trap_frame *f)
{
	unsigned int ec = ESR_EC(f->esr);

	return ec == EC_UNKNOWN || ec == 0x19 || ec == 0x1d;
}

void test_main(void)
{
	struct trap_frame f;

	for (unsigned int i = 0; i < ARRAY_SIZE(regs); i++) {
		u64 v = 0;
		bool reads = try_insn(INSN_MRS(regs[i].reg), &v, &f), writes;

		if (!reads)
			check(refused(&f), "%s: reading is undefined", regs[i].name);
		else if (regs[i].must_undef)
			check(false, "%s: reading is undefined", regs[i].name);
		else
			printk("# %s reads %lx\n", regs[i].name, v);

		v = 0;
		writes = try_insn(INSN_MSR(regs[i].reg), &v, &f);
		if (!writes)
			check(refused(&f), "%s: writing is undefined", regs[i].name);
		else
			check(!regs[i].must_undef, "%s: writing is ignored", regs[i].name);
	}
}
