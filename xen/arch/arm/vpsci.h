/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls of guests to what they take for firmware: vsmc.c sorts them, vpsci.c is PSCI. */
#ifndef VPSCI_H
#define VPSCI_H

#include <xen/types.h>

struct vcpu;

#define PSCI_VERSION		0x84000000U
#define PSCI_CPU_SUSPEND32	0x84000001U
#define PSCI_CPU_SUSPEND64	0xc4000001U
#define PSCI_CPU_OFF		0x84000002U
#define PSCI_CPU_ON32		0x84000003U
#define PSCI_CPU_ON64		0xc4000003U
#define PSCI_AFFINITY_INFO32	0x84000004U
#define PSCI_AFFINITY_INFO64	0xc4000004U
#define PSCI_MIGRATE_INFO_TYPE	0x84000006U
#define PSCI_SYSTEM_OFF		0x84000008U
#define PSCI_SYSTEM_RESET	0x84000009U
#define PSCI_FEATURES		0x8400000aU
#define NR_PSCI_CALLS		12	/* of the list above */
#define PSCI_0_1_CPU_OFF	1U
#define PSCI_0_1_CPU_ON		2U
#define PSCI_VERSION_1_1	0x10001

#define SMCCC_VERSION		0x80000000U

/* Carries out the call and sets x0; false: there is no such function. */
bool vpsci_call(struct vcpu *v, uint32_t fid);
bool vpsci_call_0_1(struct vcpu *v, uint32_t fid);

#endif
