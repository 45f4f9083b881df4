// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of a guest's physical address space, over the architecture's entry
 * format (asm/p2m.h).
 *
 * A change is prepared, then committed: the tables it will need are counted and
 * allocated first, so that the second part cannot fail and -ENOMEM leaves
 * everything as it was. Both parts walk in the same way and must agree.
 *
 * What a removed or replaced entry held (references, whole tables) is let go
 * only after the TLBs have forgotten it: it waits in p2m.deferred and
 * p2m.stale_tables for the flush at the end of the batch.
 *
 * Tables whose last entry goes away stay linked: the next mapping nearby needs
 * them again. They are freed when a block takes their place or with the domain.
 */
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/p2m.h>
#include <xen/time.h>
#include "p2m_internal.h"

/*
 * A table that came from a split becomes a block again at the earliest after
 * this time: a guest that balloons one page out and in all the time would pay
 * for a split and a merge each time.
 */
#define MERGE_DELAY MILLISECS(10)

/* Most entries that one step of relinquishing looks at. */
#define RELINQUISH_STEP 1024

struct p2m_change {
	struct domain *d;
	struct p2m_domain *p2m;
	unsigned long offset;		/* mfn - gfn, modulo 2^64 */
	enum p2m_type type;		/* p2m_invalid: remove */
	struct page_list reserve;	/* tables allocated for the commit */
};

/* Of a table page: number of valid entries, and when it was made by a split (0: not). */
#define table_count(e)	(virt_to_page(e)->u.inuse.type)
#define table_split(e)	(virt_to_page(e)->tlb_stamp)

/* ---- letting go ---- */

static void flush_now(struct domain *d)
{
	arch_p2m_flush_tlb(d);
	/* Release: who sees it, in unmap_batch(), finds the TLBs clean. */
	atomic_store_release(&d->p2m.need_flush, false);
}

static void drop_deferred(struct p2m_domain *p2m)
{
	while (p2m->nr_deferred)
		put_page(p2m->deferred[--p2m->nr_deferred]);
}

static void defer_put(struct domain *d, mfn_t mfn)
{
	struct p2m_domain *p2m = &d->p2m;

	if (p2m->nr_deferred == P2M_DEFERRED) {
		if (p2m->need_flush)
			flush_now(d);
		drop_deferred(p2m);
	}
	p2m->deferred[p2m->nr_deferred++] = mfn_to_page(mfn);
}

static void table_unlinked(struct p2m_domain *p2m, pte_t *table)
{
	struct page_info *pg = virt_to_page(table);

	p2m_forget_table(p2m, table);
	page_list_del(pg, &p2m->pages);
	page_list_add(pg, &p2m->stale_tables);
}

static void free_stale_tables(struct p2m_domain *p2m)
{
	struct page_info *pg;

	while ((pg = page_list_first(&p2m->stale_tables)) != NULL) {
		page_list_del(pg, &p2m->stale_tables);
		free_heap_page(page_to_virt(pg));
		p2m->pool_used--;
	}
}

static void account(struct p2m_domain *p2m, pte_t leaf, unsigned int level, bool add)
{
	unsigned long n = level_pages(level);

	p2m->mappings[p2m_pte_type(leaf)] += add ? n : -n;
}

/* Shared hypervisor pages know where they show (p2m_map_heap_page); others do not care. */
static void forget_heap_gfn(struct domain *d, mfn_t mfn)
{
	struct page_info *pg = mfn_to_page(mfn);

	ASSERT(mfn_valid(mfn));		/* p2m_ram_* maps nothing else */
	if (unlikely(READ_ONCE(pg->state) & PGC_heap) && page_owner_id(pg) == d->domain_id)
		pg->u.inuse.type = gfn_x(INVALID_GFN);
}

/* A leaf is no longer there: what it held goes with the next flush. */
static __always_inline void leaf_gone(struct domain *d, pte_t old, unsigned int level)
{
	enum p2m_type t = p2m_pte_type(old);

	account(&d->p2m, old, level, false);
	if (p2m_holds_ref(t))
		defer_put(d, p2m_pte_mfn(old));
	else if (level == P2M_LAST_LEVEL && p2m_is_ram(t))
		forget_heap_gfn(d, p2m_pte_mfn(old));
}

/* A table at this level was unlinked (and the TLB flush is done or due): all below goes. */
static void subtree_gone(struct domain *d, pte_t *table, unsigned int level)
{
	for (unsigned int i = 0; i < P2M_TABLE_ENTRIES; i++) {
		if (!p2m_pte_valid(table[i]))
			continue;
		if (p2m_pte_is_table(table[i], level))
			subtree_gone(d, table_of(table[i]), level + 1);
		else
			leaf_gone(d, table[i], level);
	}
	table_unlinked(&d->p2m, table);
}

/* ---- writing entries ---- */

static __always_inline void remove_at(struct domain *d, pte_t *e, unsigned int level)
{
	pte_t old = *e;

	if (!p2m_pte_valid(old))
		return;
	p2m_write_pte(e, (pte_t){ 0 });
	table_count(e)--;
	WRITE_ONCE(d->p2m.need_flush, true);
	if (p2m_pte_is_table(old, level))
		subtree_gone(d, table_of(old), level + 1);
	else
		leaf_gone(d, old, level);
}

static void set_leaf_at(struct domain *d, pte_t *e, unsigned int level, mfn_t mfn,
			enum p2m_type t)
{
	pte_t old = *e, new = p2m_make_leaf(mfn, t, level);

	if (!p2m_pte_valid(old)) {
		/* The TLBs may still have what was here before in this batch. */
		if (unlikely(d->p2m.need_flush))
			flush_now(d);
		p2m_write_pte(e, new);
		table_count(e)++;
	} else if (p2m_pte_is_table(old, level)) {
		arch_p2m_replace_live_entry(d, e, &new);
		subtree_gone(d, table_of(old), level + 1);
	} else {
		if (!mfn_eq(p2m_pte_mfn(old), mfn) || p2m_pte_type(old) != t)
			arch_p2m_replace_live_entry(d, e, &new);
		leaf_gone(d, old, level);
	}
	account(&d->p2m, new, level, true);
}

/* A table below e, empty or with the same translation as the block in e. */
static void make_table_at(struct p2m_change *c, pte_t *e, unsigned int level)
{
	struct page_info *pg = page_list_first(&c->reserve);
	pte_t old = *e, new = p2m_make_table(page_to_mfn(pg));
	pte_t *table = page_to_virt(pg);

	page_list_del(pg, &c->reserve);
	page_list_add(pg, &c->p2m->pages);
	if (!p2m_pte_valid(old)) {
		if (unlikely(c->p2m->need_flush))
			flush_now(c->d);
		clear_page(table);
		table_count(table) = 0;
		table_split(table) = 0;
		p2m_sync_writes();
		p2m_write_pte(e, new);
		table_count(e)++;
		return;
	}
	for (unsigned int i = 0; i < P2M_TABLE_ENTRIES; i++)
		table[i] = p2m_make_leaf(mfn_add(p2m_pte_mfn(old), i * level_pages(level + 1)),
					 p2m_pte_type(old), level + 1);
	table_count(table) = P2M_TABLE_ENTRIES;
	table_split(table) = NOW();
	p2m_sync_writes();
	arch_p2m_replace_live_entry(c->d, e, &new);
}

/* Do all entries of the table continue the first, so that one leaf above says the same? */
static bool table_uniform(const pte_t *table, unsigned int level)
{
	unsigned long mfn = mfn_x(p2m_pte_mfn(table[0])), step = level_pages(level);
	enum p2m_type t = p2m_pte_type(table[0]);

	if (mfn & (level_pages(level - 1) - 1) || p2m_is_single(t))
		return false;
	/* From the end: a table that is not contiguous mostly shows it there. */
	for (unsigned int i = P2M_TABLE_ENTRIES; i-- > 0; )
		if (p2m_pte_is_table(table[i], level) || p2m_pte_type(table[i]) != t ||
		    mfn_x(p2m_pte_mfn(table[i])) != mfn + i * step)
			return false;
	return true;
}

/* e points to a table: make it a block if the table allows. */
static void try_merge(struct domain *d, pte_t *e, unsigned int level)
{
	pte_t *table = table_of(*e), block;

	if (table_count(table) != P2M_TABLE_ENTRIES || !p2m_level_has_block(level))
		return;
	if (table_split(table) && NOW() - (s_time_t)table_split(table) < MERGE_DELAY)
		return;
	if (!table_uniform(table, level + 1))
		return;
	block = p2m_make_leaf(p2m_pte_mfn(table[0]), p2m_pte_type(table[0]), level);
	arch_p2m_replace_live_entry(d, e, &block);
	table_unlinked(&d->p2m, table);
}

/* ---- prepare and commit ---- */

/* Can the change put one leaf at this level, gfn being aligned to it? */
static bool leaf_possible(const struct p2m_change *c, unsigned long gfn, unsigned int level)
{
	if (level == P2M_LAST_LEVEL)
		return true;
	return p2m_level_has_block(level) && !p2m_is_single(c->type) &&
	       !((gfn + c->offset) & (level_pages(level) - 1));
}

/* Is e a block that maps gfn as the change wants it already? */
static bool already_so(const struct p2m_change *c, pte_t e, unsigned long gfn, unsigned int level)
{
	return c->type != p2m_invalid && p2m_pte_valid(e) && p2m_pte_type(e) == c->type &&
	       mfn_x(p2m_pte_mfn(e)) + (gfn & (level_pages(level) - 1)) == gfn + c->offset;
}

enum step { STEP_SKIP, STEP_ENTRY, STEP_TABLE, STEP_DESCEND };

/*
 * What is to be done about [gfn, next), the part of entry *e that the change
 * covers: nothing, the whole entry, make a table and descend, or descend. e is
 * NULL inside a table that does not exist yet; what it would hold is then known
 * only by split: entries of a block (true) or nothing.
 */
static enum step next_step(const struct p2m_change *c, const pte_t *e, bool split,
			   unsigned int level, unsigned long gfn, unsigned long next)
{
	bool whole = next - gfn == level_pages(level);
	bool valid = e ? p2m_pte_valid(*e) : split;

	if (c->type == p2m_invalid && !valid)
		return STEP_SKIP;
	if (whole && (c->type == p2m_invalid || leaf_possible(c, gfn, level)))
		return STEP_ENTRY;
	if (e && p2m_pte_is_table(*e, level))
		return STEP_DESCEND;
	if (e && already_so(c, *e, gfn, level))
		return STEP_SKIP;
	return STEP_TABLE;
}

/* Number of tables that commit() will take for [gfn, end). table NULL: does not exist yet. */
static unsigned long count_tables(const struct p2m_change *c, const pte_t *table, bool split,
				  unsigned int level, unsigned long gfn, unsigned long end)
{
	unsigned long n = 0, next;

	for (; gfn < end; gfn = next) {
		const pte_t *e = table ? &table[level_index(c->p2m, gfn, level)] : NULL;

		next = min(end, (gfn | (level_pages(level) - 1)) + 1);
		switch (next_step(c, e, split, level, gfn, next)) {
		case STEP_DESCEND:
			n += count_tables(c, table_of(*e), false, level + 1, gfn, next);
			break;
		case STEP_TABLE:
			n += 1 + count_tables(c, NULL, e ? p2m_pte_valid(*e) : split, level + 1,
					      gfn, next);
			break;
		default:
			break;
		}
	}
	return n;
}

static void commit(struct p2m_change *c, pte_t *table, unsigned int level, unsigned long gfn,
		   unsigned long end)
{
	unsigned long next;

	for (; gfn < end; gfn = next) {
		pte_t *e = &table[level_index(c->p2m, gfn, level)];

		next = min(end, (gfn | (level_pages(level) - 1)) + 1);
		switch (next_step(c, e, false, level, gfn, next)) {
		case STEP_SKIP:
			break;
		case STEP_ENTRY:
			if (c->type == p2m_invalid)
				remove_at(c->d, e, level);
			else
				set_leaf_at(c->d, e, level, _mfn(gfn + c->offset), c->type);
			break;
		case STEP_TABLE:
			make_table_at(c, e, level);
			/* fall through */
		case STEP_DESCEND:
			commit(c, table_of(*e), level + 1, gfn, next);
			try_merge(c->d, e, level);
			break;
		}
	}
}

static void reserve_free(struct p2m_change *c)
{
	struct page_info *pg;

	while ((pg = page_list_first(&c->reserve)) != NULL) {
		page_list_del(pg, &c->reserve);
		free_heap_page(page_to_virt(pg));
		c->p2m->pool_used--;
	}
}

static int reserve_fill(struct p2m_change *c, unsigned long nr)
{
	struct p2m_domain *p2m = c->p2m;

	if (nr > p2m->pool_limit - p2m->pool_used)
		return -ENOMEM;
	while (nr--) {
		void *table = alloc_heap_page();

		if (!table) {
			reserve_free(c);
			return -ENOMEM;
		}
		p2m->pool_used++;
		page_list_add(virt_to_page(table), &c->reserve);
	}
	return 0;
}

static int change_range(struct p2m_change *c, unsigned long gfn, unsigned long nr)
{
	struct p2m_domain *p2m = c->p2m;
	unsigned long tables;
	int rc;

	page_list_init(&c->reserve);
	tables = count_tables(c, root_of(p2m), false, p2m->root_level, gfn, gfn + nr);
	rc = reserve_fill(c, tables);
	if (rc)
		return rc;
	commit(c, root_of(p2m), p2m->root_level, gfn, gfn + nr);
	/* Left over only when the two walks disagree. */
	ASSERT(page_list_empty(&c->reserve));
	reserve_free(c);
	return 0;
}

/* ---- one page whose tables exist: the case that has to be fast ---- */

/* The page's entry; NULL when a block or nothing is in the way. */
static pte_t *find_page(struct p2m_domain *p2m, unsigned long gfn)
{
	unsigned int level;
	pte_t *e = p2m_find(p2m, gfn, &level);

	return level == P2M_LAST_LEVEL ? e : NULL;
}

/* Could the leaf be what its table missed to be uniform? Tells most that are not at once. */
static inline bool continues_table(const pte_t *e)
{
	unsigned long i = ((unsigned long)e & ~PAGE_MASK) / sizeof(*e);
	const pte_t *first = e - i;

	return table_count(e) == P2M_TABLE_ENTRIES &&
	       mfn_x(p2m_pte_mfn(*e)) - i == mfn_x(p2m_pte_mfn(*first)) &&
	       p2m_pte_type(*e) == p2m_pte_type(*first);
}

/* Merges on the way to gfn, from below. */
static void merge_path(struct domain *d, pte_t *table, unsigned int level, unsigned long gfn)
{
	pte_t *e = &table[level_index(&d->p2m, gfn, level)];

	if (!p2m_pte_is_table(*e, level))
		return;
	merge_path(d, table_of(*e), level + 1, gfn);
	try_merge(d, e, level);
}

static __always_inline bool set_page(struct domain *d, unsigned long gfn, mfn_t mfn,
				     enum p2m_type t)
{
	pte_t *e = find_page(&d->p2m, gfn);

	if (!e)
		return false;
	if (likely(!p2m_pte_valid(*e) && !d->p2m.need_flush)) {
		p2m_write_pte(e, p2m_make_leaf(mfn, t, P2M_LAST_LEVEL));
		table_count(e)++;
		d->p2m.mappings[t]++;
	} else {
		set_leaf_at(d, e, P2M_LAST_LEVEL, mfn, t);
	}
	if (unlikely(continues_table(e)))
		merge_path(d, root_of(&d->p2m), d->p2m.root_level, gfn);
	return true;
}

static __noinline int set_range_slow(struct domain *d, unsigned long gfn, unsigned long nr,
				     unsigned long mfn, enum p2m_type t)
{
	struct p2m_change c = { .d = d, .p2m = &d->p2m, .offset = mfn - gfn, .type = t };

	return change_range(&c, gfn, nr);
}

static __always_inline int set_range_locked(struct domain *d, unsigned long gfn,
					    unsigned long nr, unsigned long mfn, enum p2m_type t)
{
	int rc;

	if (!p2m_in_range(&d->p2m, _gfn(gfn), nr) || !nr || mfn + nr < mfn || d->is_dying)
		return -EINVAL;
	ASSERT(t != p2m_invalid && t < NR_P2M_TYPES && (nr == 1 || !p2m_is_single(t)));
	if (nr != 1 || !set_page(d, gfn, _mfn(mfn), t)) {
		rc = set_range_slow(d, gfn, nr, mfn, t);
		if (rc)
			return rc;
	}
	if (gfn_x(d->p2m.max_mapped) < gfn + nr - 1)
		d->p2m.max_mapped = _gfn(gfn + nr - 1);
	return 0;
}

static __noinline int remove_page_slow(struct domain *d, unsigned long gfn)
{
	struct p2m_change c = { .d = d, .p2m = &d->p2m, .type = p2m_invalid };

	return change_range(&c, gfn, 1);
}

/* *e is where the walk for gfn ends; a block is split first. */
static int remove_page(struct domain *d, unsigned long gfn, pte_t *e, unsigned int level)
{
	if (unlikely(level != P2M_LAST_LEVEL))
		return remove_page_slow(d, gfn);
	remove_at(d, e, level);
	return 0;
}

/* ---- batches: the lock, and one flush at the end ---- */

static __noinline void flush_and_drop(struct domain *d)
{
	struct p2m_domain *p2m = &d->p2m;
	struct page_info *drop[P2M_DEFERRED];
	unsigned int n = p2m->nr_deferred;

	if (p2m->need_flush)
		flush_now(d);
	for (unsigned int i = 0; i < n; i++)
		drop[i] = p2m->deferred[i];
	p2m->nr_deferred = 0;
	free_stale_tables(p2m);
	spin_unlock(&p2m->lock);
	/* Outside of the lock: the last reference frees the page, and maybe its domain. */
	while (n)
		put_page(drop[--n]);
}

static __always_inline void flush_and_unlock(struct domain *d)
{
	struct p2m_domain *p2m = &d->p2m;

	if (p2m->nr_deferred || !page_list_empty(&p2m->stale_tables)) {
		flush_and_drop(d);
		return;
	}
	if (p2m->need_flush)
		flush_now(d);
	else
		p2m_sync_writes();
	spin_unlock(&p2m->lock);
}

void p2m_unlock(struct domain *d)
{
	flush_and_unlock(d);
}

int p2m_remove_grant(struct domain *d, gfn_t gfn, mfn_t mfn, enum p2m_type t, bool flush)
{
	unsigned int level;
	int rc = -EINVAL;
	pte_t *e;

	if (!p2m_in_range(&d->p2m, gfn, 1))
		return rc;
	spin_lock(&d->p2m.lock);
	e = p2m_find(&d->p2m, gfn_x(gfn), &level);
	/* Grants are single pages: a block cannot be one. */
	if (level == P2M_LAST_LEVEL && p2m_pte_type(*e) == t && mfn_eq(p2m_pte_mfn(*e), mfn)) {
		remove_at(d, e, P2M_LAST_LEVEL);
		rc = 0;
	}
	/* Else need_flush stays, for whoever calls p2m_unlock() first. */
	if (flush)
		flush_and_unlock(d);
	else
		spin_unlock(&d->p2m.lock);
	return rc;
}

int p2m_set_page(struct domain *d, gfn_t gfn, mfn_t mfn, enum p2m_type t)
{
	int rc;

	spin_lock(&d->p2m.lock);
	rc = set_range_locked(d, gfn_x(gfn), 1, mfn_x(mfn), t);
	flush_and_unlock(d);
	return rc;
}

int p2m_map_range(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn, enum p2m_type t)
{
	int rc;

	if (likely(nr == 1))
		return p2m_set_page(d, gfn, mfn, t);
	spin_lock(&d->p2m.lock);
	rc = set_range_locked(d, gfn_x(gfn), nr, mfn_x(mfn), t);
	p2m_unlock(d);
	return rc;
}

int p2m_remove_page(struct domain *d, gfn_t gfn, mfn_t mfn)
{
	unsigned long in_block, g = gfn_x(gfn);
	unsigned int level;
	int rc = -EINVAL;
	pte_t *e;

	if (!p2m_in_range(&d->p2m, gfn, 1))
		return rc;
	spin_lock(&d->p2m.lock);
	e = p2m_find(&d->p2m, g, &level);
	in_block = g & (level_pages(level) - 1);
	if (mfn_eq(mfn, INVALID_MFN) ||
	    (p2m_pte_valid(*e) && mfn_eq(mfn_add(p2m_pte_mfn(*e), in_block), mfn)))
		rc = remove_page(d, g, e, level);
	p2m_unlock(d);
	return rc;
}

static int remove_ram_page_locked(struct domain *d, unsigned long gfn, struct page_info **pg)
{
	unsigned int level;
	pte_t *e = p2m_find(&d->p2m, gfn, &level);
	int rc;

	if (!p2m_pte_valid(*e))
		return -ENOENT;
	if (!p2m_is_ram(p2m_pte_type(*e)))
		return -EINVAL;
	*pg = mfn_to_page(p2m_pte_mfn(*e)) + (gfn & (level_pages(level) - 1));
	if (!get_page(*pg, d))
		return -ENOENT;
	rc = remove_page(d, gfn, e, level);
	if (rc)
		put_page(*pg);
	return rc;
}

int p2m_remove_ram_page(struct domain *d, gfn_t gfn, struct page_info **pg)
{
	int rc;

	if (!p2m_in_range(&d->p2m, gfn, 1))
		return -ENOENT;
	spin_lock(&d->p2m.lock);
	rc = remove_ram_page_locked(d, gfn_x(gfn), pg);
	flush_and_unlock(d);
	return rc;
}

int p2m_map_heap_page(struct domain *d, gfn_t gfn, mfn_t mfn)
{
	struct page_info *pg = mfn_to_page(mfn);
	int rc = -EBUSY;

	spin_lock(&d->p2m.lock);
	if (pg->u.inuse.type == gfn_x(INVALID_GFN)) {
		rc = set_range_locked(d, gfn_x(gfn), 1, mfn_x(mfn), p2m_ram_rw);
		if (!rc)
			pg->u.inuse.type = gfn_x(gfn);
	}
	p2m_unlock(d);
	return rc;
}

/* ---- life cycle ---- */

int p2m_init(struct domain *d, const struct xen_domctl_createdomain *cfg)
{
	struct p2m_domain *p2m = &d->p2m;
	int rc;

	spin_lock_init(&p2m->lock, RANK_P2M);
	p2m->domain = d;
	p2m->root = INVALID_MFN;
	p2m_forget_table(p2m, NULL);
	page_list_init(&p2m->pages);
	page_list_init(&p2m->stale_tables);
	rc = arch_p2m_init(d);
	if (!rc)
		p2m->gfn_end = 1UL << (p2m->addr_bits - PAGE_SHIFT);
	return rc;
}

/*
 * The domain does not run and maps nothing new: its hypercalls are over and the
 * toolstack's see that it is dying.
 */
int p2m_relinquish(struct domain *d)
{
	struct p2m_domain *p2m = &d->p2m;
	unsigned long gfn, end;
	unsigned int n = 0;

	if (!p2m->gfn_end)
		return 0;	/* half-built */
	spin_lock(&d->p2m.lock);
	gfn = gfn_x(p2m->relinquish_next);
	end = gfn_x(p2m->max_mapped) + 1;
	while (gfn < end && n++ < RELINQUISH_STEP) {
		unsigned int level;
		pte_t *e = p2m_find(p2m, gfn, &level);

		remove_at(d, e, level);
		gfn = (gfn | (level_pages(level) - 1)) + 1;
	}
	p2m->relinquish_next = _gfn(gfn);
	p2m_unlock(d);
	return gfn < end ? -ERESTART : 0;
}

void p2m_teardown(struct domain *d)
{
	struct p2m_domain *p2m = &d->p2m;
	struct page_info *pg;

	if (!p2m->domain)
		return;
	while ((pg = page_list_first(&p2m->pages)) != NULL) {
		page_list_del(pg, &p2m->pages);
		free_heap_page(page_to_virt(pg));
		p2m->pool_used--;
	}
	arch_p2m_teardown(d);
	p2m_forget_table(p2m, NULL);
	p2m->root = INVALID_MFN;
	p2m->gfn_end = 0;
}
