/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the CPUs can do. system_cpuinfo holds the identification registers as
 * every CPU can honour them: where CPUs differ, each field is the lowest. What
 * a guest is shown is decided from it in vsysreg.c.
 */
#ifndef ASM_CPUFEATURE_H
#define ASM_CPUFEATURE_H

#include <xen/types.h>

struct cpuinfo_arm64 {
	/* this CPU's own; of the boot CPU in system_cpuinfo */
	uint64_t midr, mpidr, revidr, ctr, dczid, clidr;

	uint64_t pfr0, pfr1;
	uint64_t dfr0, dfr1;
	uint64_t afr0, afr1;
	uint64_t isar0, isar1, isar2;
	uint64_t mmfr0, mmfr1, mmfr2;
	uint64_t zfr0, smfr0;

	/* AArch32 at EL0 (and EL1 where pfr0 says so) */
	uint32_t id_pfr0, id_pfr1, id_pfr2;
	uint32_t id_dfr0, id_afr0;
	uint32_t id_mmfr[6];		/* 5 is ID_MMFR5_EL1 */
	uint32_t id_isar[7];
	uint32_t mvfr[3];
};

extern struct cpuinfo_arm64 system_cpuinfo;	/* complete before dom0 is built */
extern struct cpuinfo_arm64 cpu_data[];		/* by logical CPU */

/* Field at bit lsb of an identification register, as an unsigned number. */
static inline unsigned int id_field(uint64_t reg, unsigned int lsb)
{
	return (reg >> lsb) & 0xf;
}

#define ID_PFR0_EL1_32		4	/* 2: AArch32 and AArch64 */
#define ID_PFR0_FP		16	/* 0xf: none */
#define ID_PFR0_GIC		24
#define ID_PFR0_RAS		28
#define ID_PFR0_SVE		32
#define ID_PFR0_CSV2		56
#define ID_ISAR1_APA		4
#define ID_ISAR1_API		8
#define ID_ISAR1_GPA		24
#define ID_ISAR1_GPI		28
#define ID_ISAR1_SB		36
#define ID_ISAR2_GPA3		8
#define ID_ISAR2_APA3		12
#define ID_MMFR0_PARANGE	0
#define ID_MMFR1_VMIDBITS	4	/* 2: 16 bits */
#define ID_MMFR1_VHE		8

/* Decided once the boot CPU is known; later CPUs must agree or stay off. */
extern bool cpu_has_pauth;	/* keys are switched with the vCPU */
extern bool cpu_has_aarch32_el1;
extern bool cpu_has_ras;
extern unsigned int cpu_pa_bits;	/* lowest of all CPUs; at most 48 */
extern unsigned int cpu_vmid_bits;	/* 8 or 16 */

void cpufeature_init_boot(void);
/* The running secondary CPU: records and checks; false: it must not join. */
bool cpufeature_init_secondary(void);
/* After all CPUs are up: messages. */
void cpufeature_report(void);

#endif
