/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage-2 tables: VMSAv8-64, 4 KiB granule (ARM DDI 0487, D8.3). The software
 * bits 58..55 of a leaf keep enum p2m_type.
 */
#ifndef ASM_P2M_H
#define ASM_P2M_H

#include <xen/types.h>

#define P2M_PT_BITS	9

struct p2m_pte { uint64_t bits; };
typedef struct p2m_pte pte_t;

struct p2m_arch {
	uint64_t vttbr_base;		/* BADDR part; the VMID is per CPU generation */
	uint64_t vtcr;
	uint64_t vmid_gen;		/* generation << 16 | vmid, per-CPU generations in vmid.c */
};

#endif
