/* SPDX-License-Identifier: GPL-2.0-only */
/* A trivial table format: bit 0 valid, bit 1 table, bits 4-7 type, frame from bit 12. */
#ifndef ASM_P2M_H
#define ASM_P2M_H

#include <xen/types.h>
#include <asm/config.h>

#define P2M_PT_BITS	9
#define P2M_LAST_LEVEL	3

struct p2m_pte { uint64_t bits; };
typedef struct p2m_pte pte_t;

static inline bool p2m_pte_valid(pte_t e) { return e.bits & 1; }

static inline bool p2m_pte_is_table(pte_t e, unsigned int level)
{
	return level < P2M_LAST_LEVEL && (e.bits & 3) == 3;
}

static inline bool p2m_level_has_block(unsigned int level) { return level >= 1; }
static inline mfn_t p2m_pte_mfn(pte_t e) { return _mfn(e.bits >> 12); }
static inline unsigned int p2m_pte_type(pte_t e) { return e.bits & 1 ? e.bits >> 4 & 15 : 0; }
static inline pte_t p2m_make_table(mfn_t m) { return (pte_t){ mfn_x(m) << 12 | 3 }; }

static inline pte_t p2m_make_leaf(mfn_t m, unsigned int type, unsigned int level)
{
	return (pte_t){ mfn_x(m) << 12 | type << 4 | 1 };
}

static inline void p2m_write_pte(pte_t *p, pte_t e) { *(volatile uint64_t *)&p->bits = e.bits; }
static inline void p2m_sync_writes(void) {}

#endif
