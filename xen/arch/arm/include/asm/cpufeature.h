/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the CPUs can do. system_cpuinfo holds the identification registers as
 * every CPU can honour them: where CPUs differ, each field is the lowest. What
 * a guest is shown of them is in vidreg.c.
 */
#ifndef ASM_CPUFEATURE_H
#define ASM_CPUFEATURE_H

#include <xen/types.h>

/* Index of the register 3, 0, c0, crm, op2. AArch32's have crm 1 to 3, AArch64's 4 to 7. */
#define ID_REG(crm, op2)	((crm) << 3 | (op2))
#define NR_ID_REGS		ID_REG(8, 0)

#define ID_PFR0			ID_REG(4, 0)
#define ID_PFR0_EL1_32		4	/* 2: AArch32 and AArch64 */
#define ID_PFR0_FP		16	/* 0xf: none */
#define ID_PFR0_GIC		24
#define ID_PFR0_RAS		28
#define ID_PFR0_CSV2		56
#define ID_PFR1			ID_REG(4, 1)
#define ID_PFR1_SSBS		4
#define ID_DFR0			ID_REG(5, 0)
#define ID_DFR0_PMUVER		8	/* 0xf: not Arm's */
#define ID_ISAR0		ID_REG(6, 0)
#define ID_ISAR1		ID_REG(6, 1)
#define ID_ISAR1_APA		4
#define ID_ISAR1_API		8
#define ID_ISAR1_GPA		24
#define ID_ISAR1_GPI		28
#define ID_ISAR2		ID_REG(6, 2)
#define ID_ISAR2_GPA3		8
#define ID_ISAR2_APA3		12
#define ID_MMFR0		ID_REG(7, 0)
#define ID_MMFR0_PARANGE	0
#define ID_MMFR0_GRAN4		28	/* 0xf: no 4 KiB pages */
#define ID_MMFR0_FGT		56
#define ID_MMFR1		ID_REG(7, 1)
#define ID_MMFR1_VMIDBITS	4	/* 2: 16 bits */
#define ID_MMFR1_LO		16
#define ID_MMFR1_PAN		20
#define ID_MMFR1_HCX		40
#define ID_MMFR2		ID_REG(7, 2)

struct cpuinfo_arm64 {
	uint64_t midr;
	uint64_t id[NR_ID_REGS];
};

extern struct cpuinfo_arm64 system_cpuinfo;	/* midr: the boot CPU's; complete before dom0 */

static inline unsigned int id_field(const struct cpuinfo_arm64 *c, unsigned int reg,
				    unsigned int lsb)
{
	return c->id[reg] >> lsb & 0xf;
}

/* Decided once the boot CPU is known; later CPUs must agree or stay off. */
extern bool cpu_has_pauth;	/* keys are switched with the vCPU */
extern unsigned int cpu_pa_bits;	/* lowest of all CPUs; at most 48 */
extern unsigned int cpu_vmid_bits;	/* 8 or 16 */

/* The encoding of ID_AA64MMFR0_EL1.PARange and the like for so many bits of address. */
unsigned int parange_of(unsigned int bits);

void cpufeature_init_boot(void);
/* The running secondary CPU: checks; false: it must not join. */
bool cpufeature_init_secondary(void);
/* After all CPUs are up: messages. */
void cpufeature_report(void);

#endif
