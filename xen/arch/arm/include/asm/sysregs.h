/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bits of the system registers the hypervisor reads or writes (ARM DDI 0487,
 * chapter D17). Usable from assembly.
 */
#ifndef ASM_SYSREGS_H
#define ASM_SYSREGS_H

#include <public/xen.h>

#ifdef __ASSEMBLY__
#define SYSBIT(n)	(1 << (n))
#define SYSVAL(v)	v
#else
#define SYSBIT(n)	(1UL << (n))
#define SYSVAL(v)	v##UL
#endif

/* HCR_EL2 */
#define HCR_VM		SYSBIT(0)
#define HCR_SWIO	SYSBIT(1)
#define HCR_PTW		SYSBIT(2)
#define HCR_FMO		SYSBIT(3)
#define HCR_IMO		SYSBIT(4)
#define HCR_AMO		SYSBIT(5)
#define HCR_VSE		SYSBIT(8)
#define HCR_FB		SYSBIT(9)
#define HCR_BSU_INNER	SYSBIT(10)
#define HCR_TWI		SYSBIT(13)
#define HCR_TWE		SYSBIT(14)
#define HCR_TID3	SYSBIT(18)
#define HCR_TSC		SYSBIT(19)
#define HCR_TIDCP	SYSBIT(20)
#define HCR_TACR	SYSBIT(21)
#define HCR_TSW		SYSBIT(22)
#define HCR_TVM		SYSBIT(26)
#define HCR_RW		SYSBIT(31)
#define HCR_TLOR	SYSBIT(35)
#define HCR_TERR	SYSBIT(36)
#define HCR_APK		SYSBIT(40)
#define HCR_API		SYSBIT(41)

/* SCTLR_EL2; RES1 bits of the non-VHE format (D17.2.118) */
#define SCTLR_EL2_RES1	(SYSBIT(4) | SYSBIT(5) | SYSBIT(11) | SYSBIT(16) | SYSBIT(18) | \
			 SYSBIT(22) | SYSBIT(23) | SYSBIT(28) | SYSBIT(29))
#define SCTLR_M		SYSBIT(0)
#define SCTLR_C		SYSBIT(2)
#define SCTLR_SA	SYSBIT(3)
#define SCTLR_I		SYSBIT(12)
#define SCTLR_WXN	SYSBIT(19)

/* SCTLR_EL1 as a vCPU starts: RES1 bits, MMU and caches off */
#define SCTLR_EL1_RESET	SYSVAL(0x30c50838)

/* TCR_EL1 */
#define TCR_EL1_EPD0	SYSBIT(7)
#define TCR_EL1_EPD1	SYSBIT(23)

/* TCR_EL2: 48 bits of virtual address, 4 KiB granule, walks cached inner shareable */
#define TCR_EL2_RES1	(SYSBIT(31) | SYSBIT(23))
#define TCR_EL2_T0SZ(n)	(64 - (n))
#define TCR_EL2_IRGN_WB	SYSBIT(8)
#define TCR_EL2_ORGN_WB	SYSBIT(10)
#define TCR_EL2_SH_IS	(SYSBIT(12) | SYSBIT(13))
#define TCR_EL2_PS_SHIFT 16

/* MAIR_EL2 of the hypervisor's own mappings, by attribute index */
#define MT_NORMAL_NC		1
#define MT_DEVICE_nGnRE		2
#define MT_NORMAL		3
#define MAIR_EL2_VALUE		SYSVAL(0xff044400)

/* PSTATE / SPSR; PSR_MODE_EL* and PSR_THUMB are in public/arch-arm.h */
#define PSR_MODE_MASK	0xf
#define PSR_MODE_A32	SYSBIT(4)	/* the exception came from AArch32 */
#define PSR_F		SYSBIT(6)
#define PSR_I		SYSBIT(7)
#define PSR_A		SYSBIT(8)
#define PSR_D		SYSBIT(9)

/* ESR_EL2 (D17.2.37) */
#define ESR_EC_SHIFT	26
#define ESR_EC(esr)	(((esr) >> ESR_EC_SHIFT) & 0x3f)
#define ESR_IL		SYSBIT(25)
#define ESR_ISS(esr)	((esr) & 0x1ffffff)

#define EC_UNKNOWN	0x00
#define EC_WFX		0x01
#define EC_CP15_32	0x03
#define EC_CP15_64	0x04
#define EC_CP14_32	0x05
#define EC_CP14_64	0x0c
#define EC_HVC32	0x12
#define EC_SMC32	0x13
#define EC_HVC64	0x16
#define EC_SMC64	0x17
#define EC_SYSREG	0x18
#define EC_IABT_LOWER	0x20
#define EC_DABT_LOWER	0x24
#define NR_EC		0x40

/* CPTR_EL2, non-VHE format: RES1 bits, and what traps */
#define CPTR_EL2_RES1	0x22ff		/* bits 13, 9, 7:0 */
#define CPTR_EL2_TZ	SYSBIT(8)	/* SVE */
#define CPTR_EL2_TSM	SYSBIT(12)	/* SME */
#define CPTR_EL2_TTA	SYSBIT(20)	/* trace */
#define CPTR_EL2_TAM	SYSBIT(30)	/* activity monitors */

/* MDCR_EL2 */
#define MDCR_TPMCR	SYSBIT(5)
#define MDCR_TPM	SYSBIT(6)
#define MDCR_TDA	SYSBIT(9)
#define MDCR_TDOSA	SYSBIT(10)
#define MDCR_TDRA	SYSBIT(11)
#define MDCR_TPMS	SYSBIT(14)
#define MDCR_TTRF	SYSBIT(19)

/* CNTHCTL_EL2, non-VHE format */
#define CNTHCTL_EL1PCTEN	SYSBIT(0)	/* EL1/0 may read the physical counter */

/* Timers */
#define CNT_CTL_ENABLE	SYSBIT(0)
#define CNT_CTL_IMASK	SYSBIT(1)
#define CNT_CTL_ISTATUS	SYSBIT(2)

/* PAR_EL1 */
#define PAR_F		SYSBIT(0)

#define VTTBR_VMID_SHIFT 48

/* HVC #0xEA1 from AArch64, the whole of ESR_EL2 */
#define XEN_HYPERCALL_TAG	0xea1
#define ESR_XEN_HYPERCALL	0x5a000ea1

#endif
