/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's physical address space (stage 2, NPT, EPT). The walk is written
 * once (common/p2m.c) over the entry formats of asm/p2m.h.
 *
 * Every mapping of type p2m_map_foreign holds a reference on the page it maps;
 * removing it drops that reference, after the TLB flush. What a grant entry maps is
 * kept by the pins of a handle (grant_map.c): there are never more entries of a page
 * than handles, which each add one entry and take one away.
 * p2m_ram_* entries map pages the domain owns and hold no reference of their
 * own: the page's allocation reference keeps it.
 */
#ifndef XEN_P2M_H
#define XEN_P2M_H

#include <xen/mm.h>
#include <xen/spinlock.h>

enum p2m_type {
	p2m_invalid,
	p2m_ram_rw,
	p2m_ram_ro,
	p2m_mmio_direct_dev,	/* device memory, nGnRE */
	p2m_mmio_direct_nc,	/* normal, not cached */
	p2m_mmio_direct_c,	/* normal, cached */
	p2m_map_foreign_rw,
	p2m_map_foreign_ro,
	p2m_grant_map_rw,
	p2m_grant_map_ro,
	NR_P2M_TYPES		/* at most 16: four software bits of an entry */
};

#define p2m_is_ram(t)		((t) == p2m_ram_rw || (t) == p2m_ram_ro)
#define p2m_is_foreign(t)	((t) == p2m_map_foreign_rw || (t) == p2m_map_foreign_ro)
#define p2m_is_grant(t)		((t) == p2m_grant_map_rw || (t) == p2m_grant_map_ro)
#define p2m_is_single(t)	(p2m_is_foreign(t) || p2m_is_grant(t)) /* never part of a block */
#define p2m_holds_ref(t)	p2m_is_foreign(t)
#define p2m_is_writable(t)	((t) == p2m_ram_rw || (t) == p2m_map_foreign_rw || (t) == p2m_grant_map_rw)

#define P2M_DEFERRED 32
#define P2M_NO_LIMIT ~0UL
#define P2M_FOUND 4

struct p2m_pte;

struct p2m_domain {
	spinlock_t lock;		/* RANK_P2M: tables and the fields below */
	struct domain *domain;
	mfn_t root;
	unsigned int root_order, root_level;
	unsigned int addr_bits;		/* guest physical address width */
	unsigned long gfn_end;		/* first frame behind it; 0 = there are no tables */
	struct page_list pages;		/* table pages, freed with the domain */
	unsigned long pool_limit;	/* pages for tables at most; P2M_NO_LIMIT: dom0 */
	unsigned long pool_used;
	bool need_flush;		/* entries were removed or narrowed since the last flush */
	unsigned int nr_deferred;	/* references to drop after the next flush */
	struct page_info *deferred[P2M_DEFERRED];
	struct page_list stale_tables;	/* unlinked tables, free after the next flush */
	struct {			/* last-level tables found before, see p2m_find() */
		unsigned long index;	/* gfn >> P2M_PT_BITS; ~0 = none */
		struct p2m_pte *table;
	} found[P2M_FOUND];
	gfn_t max_mapped;		/* highest frame ever mapped */
	gfn_t relinquish_next;		/* where the next bounded step goes on */
	unsigned long mappings[NR_P2M_TYPES]; /* statistics, by 4 KiB pages */
};

struct xen_domctl_createdomain;
int p2m_init(struct domain *d, const struct xen_domctl_createdomain *cfg); /* unit "p2m" */
void p2m_teardown(struct domain *d);	/* frees tables; nothing runs on them any more */
/*
 * One bounded step of removing all mappings that hold references and all RAM.
 * 0 when done, -ERESTART when there is more.
 */
int p2m_relinquish(struct domain *d);

/*
 * Map a page, or a range of any length with the largest blocks (RAM, devices).
 * Splits and merges blocks as needed; replaces what was there (dropping what it
 * held). The reference of a foreign page is the caller's and passes to the mapping
 * on success only; foreign and grant types map single pages. gfn and mfn need no
 * alignment. -ENOMEM: nothing changed. -EINVAL: not inside the address space, wrong
 * type, or the domain is dying: who removes all that it maps shall not find more behind.
 */
int p2m_set_page(struct domain *d, gfn_t gfn, mfn_t mfn, enum p2m_type t);
int p2m_map_range(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn, enum p2m_type t);
/*
 * Remove a page. With mfn not INVALID_MFN it must be what gfn maps (-EINVAL and
 * nothing done otherwise). Flushes before it returns.
 */
int p2m_remove_page(struct domain *d, gfn_t gfn, mfn_t mfn);
/*
 * A hypervisor page shared with d (share_heap_page_with_guest) shows at one guest
 * frame at a time, kept in its u.inuse.type. -EBUSY: it shows somewhere; the guest
 * removes that first, so that no hole comes where it does not expect one.
 */
int p2m_map_heap_page(struct domain *d, gfn_t gfn, mfn_t mfn);
/*
 * Removes the RAM page at gfn; *pg is it, with a reference for the caller. -ENOENT:
 * nothing is there, or no longer d's; -EINVAL: not RAM; -ENOMEM: a block could not be split.
 */
int p2m_remove_ram_page(struct domain *d, gfn_t gfn, struct page_info **pg);
/*
 * One page, that must be a grant mapping of mfn with this type: else -EINVAL, nothing
 * done. The flush, of all that is due, is done now or left to p2m_unlock().
 */
int p2m_remove_grant(struct domain *d, gfn_t gfn, mfn_t mfn, enum p2m_type t, bool flush);
/* Flushes what is due, releases p2m.lock, and lets go of what the TLBs have forgotten. */
void p2m_unlock(struct domain *d);

/* INVALID_MFN when nothing is there; *t and *order (of the block) may be NULL. */
mfn_t p2m_lookup(struct domain *d, gfn_t gfn, enum p2m_type *t, unsigned int *order);
/*
 * The page behind gfn with a reference taken under p2m.lock, for RAM, foreign
 * and grant mappings; NULL otherwise. *t may be NULL.
 */
struct page_info *get_page_from_gfn(struct domain *d, gfn_t gfn, enum p2m_type *t);
/* The same from p2m_ram_* only and writable when asked: what a grant or ring may use. */
struct page_info *get_ram_page_from_gfn(struct domain *d, gfn_t gfn, bool write);

static inline bool p2m_in_range(const struct p2m_domain *p2m, gfn_t gfn, unsigned long nr)
{
	return gfn_x(gfn) < p2m->gfn_end && nr <= p2m->gfn_end - gfn_x(gfn);
}

/* ---- contract with the architecture (asm/p2m.h declares pte_t and inlines) ----
 *
 *   P2M_LAST_LEVEL, P2M_PT_BITS (9) a domain's root is at p2m.root_level (it may be
 *                                   several tables in a row), the last level maps pages
 *   bool p2m_pte_valid(pte_t), p2m_pte_is_table(pte_t, level), p2m_level_has_block(level)
 *   pte_t p2m_make_table(mfn), p2m_make_leaf(mfn, type, level)
 *   mfn_t p2m_pte_mfn(pte_t);  enum p2m_type p2m_pte_type(pte_t), p2m_invalid when not valid
 *   void p2m_write_pte(pte_t *, pte_t)	a single store, ordered by:
 *   void p2m_sync_writes(void)		walkers see the stores before it
 */
int arch_p2m_init(struct domain *d);		/* root, root_level, addr_bits and the like */
void arch_p2m_teardown(struct domain *d);	/* frees the root; accepts half-built */
/*
 * Replace a live leaf by another leaf or a table in a way other CPUs may walk
 * meanwhile: Arm's break-before-make (invalid, flush, new). Under p2m.lock; a
 * guest fault in the window retries under the lock.
 */
void arch_p2m_replace_live_entry(struct domain *d, struct p2m_pte *where, const struct p2m_pte *to);
/* Invalidate all of the domain's stage-2 TLB entries on all CPUs, and wait. */
void arch_p2m_flush_tlb(struct domain *d);

#endif
