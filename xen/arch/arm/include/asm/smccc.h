/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls into firmware: SMC Calling Convention (ARM DEN 0028) and PSCI (ARM DEN 0022). */
#ifndef ASM_SMCCC_H
#define ASM_SMCCC_H

#include <xen/types.h>

struct smccc_res {
	uint64_t a0, a1, a2, a3;
};

/* SMC or HVC, as the device tree's psci node says, with four results. */
void smccc_call(uint64_t fn, uint64_t a1, uint64_t a2, uint64_t a3, struct smccc_res *res);

#define SMCCC_VERSION_FN		0x80000000
#define SMCCC_ARCH_FEATURES_FN		0x80000001
#define SMCCC_ARCH_WORKAROUND_1_FN	0x80008000
#define SMCCC_ARCH_WORKAROUND_2_FN	0x80007fff
#define SMCCC_ARCH_WORKAROUND_3_FN	0x80003fff
#define SMCCC_NOT_SUPPORTED		(-1L)

/*
 * What the platform's firmware offers, probed at boot on every CPU; a guest's
 * SMCCC_ARCH_FEATURES is answered from it. Value: 0 = call it, 1 = this CPU
 * does not need it, SMCCC_NOT_SUPPORTED.
 */
extern int32_t smccc_workaround_1, smccc_workaround_2, smccc_workaround_3;
/*
 * The call that makes this CPU's branch predictor forget, for CPUs that need it
 * at each entry from a guest (CVE-2017-5715, CVE-2022-23960); 0: none.
 */
uint32_t smccc_branch_hardening(void);
void smccc_init(void);
void smccc_init_cpu(void);	/* secondary: the worst of all CPUs counts */

/* PSCI. */
#define PSCI_VERSION_FN		0x84000000
#define PSCI_CPU_OFF_FN		0x84000002
#define PSCI_CPU_ON_64_FN	0xc4000003
#define PSCI_SYSTEM_OFF_FN	0x84000008
#define PSCI_SYSTEM_RESET_FN	0x84000009

int psci_init(const void *fdt);			/* -ENODEV: no PSCI */
int psci_cpu_on(uint64_t mpidr, paddr_t entry, uint64_t context);	/* 0 or -errno */
void psci_cpu_off(void);			/* returns only when refused */
void psci_system_off(void);
void psci_system_reset(void);

#endif
