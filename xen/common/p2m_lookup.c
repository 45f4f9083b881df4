// SPDX-License-Identifier: GPL-2.0-only
/* What is behind a guest frame: look-ups in a guest's physical address space. */
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/p2m.h>
#include "p2m_internal.h"

/* p2m.lock held. INVALID_MFN and p2m_invalid when nothing is there. */
static __always_inline mfn_t lookup_locked(struct p2m_domain *p2m, unsigned long gfn,
					   enum p2m_type *t, unsigned int *level)
{
	pte_t *e;

	*t = p2m_invalid;
	*level = p2m->root_level;
	if (gfn >= p2m->gfn_end)
		return INVALID_MFN;
	e = p2m_find(p2m, gfn, level);
	if (!p2m_pte_valid(*e))
		return INVALID_MFN;
	*t = p2m_pte_type(*e);
	if (likely(*level == P2M_LAST_LEVEL))
		return p2m_pte_mfn(*e);
	return mfn_add(p2m_pte_mfn(*e), gfn & (level_pages(*level) - 1));
}

mfn_t p2m_lookup(struct domain *d, gfn_t gfn, enum p2m_type *t, unsigned int *order)
{
	struct p2m_domain *p2m = &d->p2m;
	enum p2m_type type;
	unsigned int level;
	mfn_t mfn;

	spin_lock(&p2m->lock);
	mfn = lookup_locked(p2m, gfn_x(gfn), &type, &level);
	spin_unlock(&p2m->lock);
	if (t)
		*t = type;
	if (order)
		*order = level_shift(level);
	return mfn;
}

/*
 * A reference on what is mapped, if it is of the types asked for. RAM entries hold
 * none, so the page may be on its way out of the domain: get_page() decides. Foreign
 * entries hold one and grant entries have their handle's, which p2m.lock keeps from
 * being dropped.
 */
static __always_inline struct page_info *get_mapped_page(struct domain *d, gfn_t gfn,
							 unsigned int types, enum p2m_type *t)
{
	struct page_info *pg = NULL;
	unsigned int level;
	mfn_t mfn;

	spin_lock(&d->p2m.lock);
	mfn = lookup_locked(&d->p2m, gfn_x(gfn), t, &level);
	if (types & (1U << *t)) {
		ASSERT(mfn_valid(mfn));
		pg = mfn_to_page(mfn);
		if (p2m_is_single(*t))
			get_page_again(pg);
		else if (!get_page(pg, d))
			pg = NULL;
	}
	spin_unlock(&d->p2m.lock);
	return pg;
}

#define T(name)		(1U << p2m_##name)
#define RAM_TYPES	(T(ram_rw) | T(ram_ro))
#define SINGLE_TYPES	(T(map_foreign_rw) | T(map_foreign_ro) | T(grant_map_rw) | T(grant_map_ro))

struct page_info *get_page_from_gfn(struct domain *d, gfn_t gfn, enum p2m_type *t)
{
	enum p2m_type type;

	return get_mapped_page(d, gfn, RAM_TYPES | SINGLE_TYPES, t ? t : &type);
}

struct page_info *get_ram_page_from_gfn(struct domain *d, gfn_t gfn, bool write)
{
	enum p2m_type type;

	return get_mapped_page(d, gfn, write ? T(ram_rw) : RAM_TYPES, &type);
}
