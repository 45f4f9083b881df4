/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SMC Calling Convention (ARM DEN 0028) and PSCI (ARM DEN 0022): calls of ours
 * into the firmware (psci.c), and of guests to what they take for firmware
 * (vsmc.c sorts them, vpsci.c is PSCI).
 */
#ifndef ASM_SMCCC_H
#define ASM_SMCCC_H

#include <xen/types.h>

struct vcpu;

#define SMCCC_64			(1U << 30)	/* of a function: 64-bit arguments */
#define SMCCC_VERSION			0x80000000U
#define SMCCC_VERSION_1_1		0x10001
#define SMCCC_ARCH_FEATURES		0x80000001U
#define SMCCC_ARCH_WORKAROUND_1		0x80008000U
#define SMCCC_ARCH_WORKAROUND_2		0x80007fffU
#define SMCCC_ARCH_WORKAROUND_3		0x80003fffU
#define SMCCC_NOT_SUPPORTED		(-1L)
#define SMCCC_NOT_REQUIRED		1

/* With SMCCC_64 as well: CPU_SUSPEND, CPU_ON, AFFINITY_INFO. */
#define PSCI_VERSION			0x84000000U
#define PSCI_VERSION_1_1		0x10001
#define PSCI_CPU_SUSPEND		0x84000001U
#define PSCI_CPU_OFF			0x84000002U
#define PSCI_CPU_ON			0x84000003U
#define PSCI_AFFINITY_INFO		0x84000004U
#define PSCI_MIGRATE_INFO_TYPE		0x84000006U
#define PSCI_SYSTEM_OFF			0x84000008U
#define PSCI_SYSTEM_RESET		0x84000009U
#define PSCI_FEATURES			0x8400000aU

struct smccc_res {
	uint64_t a0, a1, a2, a3;
};

/* By SMC, with four results; SMCCC_NOT_SUPPORTED where the device tree has no PSCI. */
void smccc_call(uint64_t fn, uint64_t a1, uint64_t a2, uint64_t a3, struct smccc_res *res);

/*
 * What the platform's firmware offers, probed at boot on every CPU; a guest's
 * SMCCC_ARCH_FEATURES is answered from it. Value: 0 = call it, 1 = this CPU
 * does not need it, SMCCC_NOT_SUPPORTED. By the number of the workaround.
 */
extern int32_t smccc_workaround[4];
/*
 * The call that makes this CPU's branch predictor forget, for CPUs that need it
 * at each entry from a guest (CVE-2017-5715, CVE-2022-23960); 0: none.
 */
uint32_t smccc_branch_hardening(void);
void smccc_init_cpu(void);	/* after psci_init(); the worst of all CPUs counts */

int psci_init(const void *fdt);			/* -ENODEV: no PSCI */
int psci_cpu_on(uint64_t mpidr, paddr_t entry, uint64_t context);	/* 0 or -errno */
/* These return only when refused. */
void psci_cpu_off(void);
void psci_system_off(void);
void psci_system_reset(void);

/* A guest's call: carries it out and sets x0; false: there is no such function. */
bool vpsci_call(struct vcpu *v, uint32_t fid);
bool vpsci_call_0_1(struct vcpu *v, uint32_t fid);
#define NR_VPSCI_CALLS	12

#endif
