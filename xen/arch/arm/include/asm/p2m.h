/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage-2 tables: VMSAv8-64, 4 KiB granule (ARM DDI 0487, D8.3). The software
 * bits 58..55 of a leaf keep enum p2m_type.
 */
#ifndef ASM_P2M_H
#define ASM_P2M_H

#include <xen/types.h>
#include <asm/config.h>
#include <asm/system.h>

#define P2M_PT_BITS	9
#define P2M_LAST_LEVEL	3	/* of the architecture's 0 to 3; a root is at 0 or 1 */

struct p2m_pte { uint64_t bits; };
typedef struct p2m_pte pte_t;

struct p2m_arch {
	uint64_t vttbr_base;		/* BADDR part; the VMID comes from vmid.c */
	uint64_t vtcr;
	uint64_t vmid_gen;		/* generation << 16 | vmid; 0 = never ran (vmid.c) */
	/* vCPU id that ran last on each CPU: another one must not see its stage-1 TLB entries. */
	uint8_t last_vcpu_ran[NR_CPUS];
};

/* Stage-2 descriptor bits, D8.3.1 and D8.5. */
#define PTE_VALID	(1UL << 0)
#define PTE_TABLE	(1UL << 1)	/* level 3: page */
#define PTE_MEMATTR(n)	((uint64_t)(n) << 2)
#define PTE_S2AP_R	(1UL << 6)
#define PTE_S2AP_W	(1UL << 7)
#define PTE_SH_OUTER	(2UL << 8)
#define PTE_SH_INNER	(3UL << 8)
#define PTE_AF		(1UL << 10)
#define PTE_XN		(1UL << 54)	/* without FEAT_XNX; with it XN[1] of "execute never" */
#define PTE_TYPE_SHIFT	55
#define PTE_ADDR_MASK	0x0000fffffffff000UL

#define S2_MEMATTR_DEV_nGnRE	0x1
#define S2_MEMATTR_NORMAL_NC	0x5
#define S2_MEMATTR_NORMAL_WB	0xf

static inline bool p2m_pte_valid(pte_t e) { return e.bits & PTE_VALID; }

static inline bool p2m_pte_is_table(pte_t e, unsigned int level)
{
	const uint64_t table = PTE_VALID | PTE_TABLE;

	return level < P2M_LAST_LEVEL && (e.bits & table) == table;
}

/* May a leaf sit at this level? Level 0 maps 512 GiB: only with FEAT_LPA2. */
static inline bool p2m_level_has_block(unsigned int level) { return level >= 1; }

static inline mfn_t p2m_pte_mfn(pte_t e) { return _mfn((e.bits & PTE_ADDR_MASK) >> 12); }

/* enum p2m_type of a leaf; p2m_invalid (0) of an entry that is not valid. */
static inline unsigned int p2m_pte_type(pte_t e)
{
	return p2m_pte_valid(e) ? (e.bits >> PTE_TYPE_SHIFT) & 0xf : 0;
}

static inline pte_t p2m_make_table(mfn_t mfn)
{
	return (pte_t){ mfn_x(mfn) << 12 | PTE_VALID | PTE_TABLE };
}

/* Attributes by type: const table in p2m.c, indexed by enum p2m_type. */
extern const uint64_t p2m_leaf_attr[16];

static inline pte_t p2m_make_leaf(mfn_t mfn, unsigned int type, unsigned int level)
{
	return (pte_t){ mfn_x(mfn) << 12 | p2m_leaf_attr[type] |
			(level == P2M_LAST_LEVEL ? PTE_TABLE : 0) };
}

/*
 * Walkers see the store when p2m_sync_writes() has been executed; the caller
 * does so before it relies on it (before a TLB invalidation, a return to the
 * guest, or an entry that points to the table just filled).
 */
static inline void p2m_write_pte(pte_t *p, pte_t e)
{
	*(volatile uint64_t *)&p->bits = e.bits;
}

static inline void p2m_sync_writes(void)
{
	dsb(ishst);
}

struct domain;
struct vcpu;

/*
 * A guest's stage-2 translation fault at gfn: true when the mapping is there by
 * now (it was seen in a break-before-make window, or made meanwhile) and the
 * access is to be tried again. Takes p2m.lock.
 */
bool p2m_resolve_fault(struct domain *d, gfn_t gfn);
/*
 * Interrupts off, inside load_translation() of a vCPU switch: p2m_restore() makes
 * next's tables the CPU's; for the idle vCPU, the empty root.
 */
void p2m_restore(struct vcpu *next);
/* Boot CPU, after CPU features: the empty root, VMIDs. */
void p2m_boot_init(void);
/* Each CPU: VTCR_EL2 and VTTBR_EL2 of no guest. */
void p2m_init_cpu(void);

/*
 * VMIDs: 8 or 16 bits name the TLB entries of any number of domains. A domain
 * keeps its VMID while its generation is the current one. When all are used a
 * new generation starts: all TLBs are flushed, and only what is running keeps
 * its number. One VMID is valid on all CPUs, as broadcast TLB invalidation
 * needs it; each CPU records which one it runs.
 */
#define VMID_NONE 0	/* of the empty root: never has TLB entries that matter */

void vmid_init(void);	/* boot CPU, after cpu_vmid_bits is known */
/* The VMID to run with on this CPU, current generation. Interrupts off. */
uint16_t vmid_acquire(struct p2m_arch *p2m);
/* This CPU no longer runs a guest (or is about to run another). Interrupts off. */
void vmid_release(void);

#endif
