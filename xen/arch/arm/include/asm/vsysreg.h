/* SPDX-License-Identifier: GPL-2.0-only */
/* What traps from a guest, and the identification registers it is shown (vsysreg.c). */
#ifndef ASM_VSYSREG_H
#define ASM_VSYSREG_H

#include <xen/types.h>
#include <asm/sysregs.h>

struct vcpu;

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

/* Sets v->arch.hcr, mdcr and cptr, which are swapped with the vCPU. */
void vsysreg_vcpu_init(struct vcpu *v);
/* Each CPU: HSTR_EL2, CNTHCTL_EL2 and other traps that are the same for all guests. */
void vsysreg_init_cpu(void);

#endif
