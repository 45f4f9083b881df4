/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by p2m.c (changes) and p2m_lookup.c (questions). */
#ifndef COMMON_P2M_INTERNAL_H
#define COMMON_P2M_INTERNAL_H

#include <xen/domain.h>
#include <asm/p2m.h>

#define P2M_TABLE_ENTRIES (1U << P2M_PT_BITS)

static inline unsigned int level_shift(unsigned int level)
{
	return (P2M_LAST_LEVEL - level) * P2M_PT_BITS;
}

/* Pages an entry of the level covers. */
static inline unsigned long level_pages(unsigned int level)
{
	return 1UL << level_shift(level);
}

/* The root may be several tables in a row: its index is not masked. */
static inline unsigned long level_index(const struct p2m_domain *p2m, unsigned long gfn,
					unsigned int level)
{
	unsigned long i = gfn >> level_shift(level);

	return level == p2m->root_level ? i : i & (P2M_TABLE_ENTRIES - 1);
}

static inline pte_t *table_of(pte_t e)
{
	return mfn_to_virt(p2m_pte_mfn(e));
}

static inline pte_t *root_of(const struct p2m_domain *p2m)
{
	return mfn_to_virt(p2m->root);
}

/*
 * The entry where the walk for gfn ends (a leaf, or nothing), and its level.
 * Last-level tables are remembered, each in its place: changes and look-ups come
 * in runs, and those of a back end alternate between a ring and what it maps.
 * table_unlinked() forgets.
 */
static inline pte_t *p2m_find(struct p2m_domain *p2m, unsigned long gfn, unsigned int *level)
{
	unsigned long index = gfn >> P2M_PT_BITS, in_table = gfn & (P2M_TABLE_ENTRIES - 1);
	unsigned int slot = index % P2M_FOUND, l, shift;
	pte_t *e;

	if (likely(p2m->found[slot].index == index)) {
		*level = P2M_LAST_LEVEL;
		return &p2m->found[slot].table[in_table];
	}
	l = p2m->root_level;
	shift = level_shift(l);
	e = &root_of(p2m)[gfn >> shift];
	while (p2m_pte_is_table(*e, l)) {
		l++;
		shift -= P2M_PT_BITS;
		e = &table_of(*e)[(gfn >> shift) & (P2M_TABLE_ENTRIES - 1)];
	}
	*level = l;
	if (l == P2M_LAST_LEVEL) {
		p2m->found[slot].index = index;
		p2m->found[slot].table = e - in_table;
	}
	return e;
}

/* NULL: all. */
static inline void p2m_forget_table(struct p2m_domain *p2m, const pte_t *table)
{
	for (unsigned int i = 0; i < P2M_FOUND; i++)
		if (!table || p2m->found[i].table == table)
			p2m->found[i].index = ~0UL;
}

#endif
