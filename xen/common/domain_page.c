// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages owned by domains: references, lists and limits.
 *
 * A domain holds one reference on itself for as long as it owns any RAM page, so
 * that the last put_page() may come long after the domain was destroyed. Pages
 * of the hypervisor that it shares (grant frames, shared info) go when the
 * domain is freed; if somebody maps them still, they keep it (heap_zombie).
 */
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/mm.h>

#define OWNED_BY(d) ((uint64_t)(d)->domain_id << PGC_OWNER_SHIFT)

void release_page(struct page_info *pg, uint64_t state)
{
	struct domain *d = domain_of_page_id(state >> PGC_OWNER_SHIFT);
	bool heap = state & PGC_heap, last, again;
	uint64_t serial;

	/* Its owner cannot have gone: it holds a reference while it owns pages. */
	BUG_ON(!d);
	spin_lock(&d->page_lock);
	page_list_del(pg, heap ? &d->heap_page_list : &d->page_list);
	if (!heap) {
		if (state & PGC_extra)
			d->extra_pages--;
		else
			d->tot_pages--;
	}
	last = heap ? d->heap_zombie && !d->heap_page_list.count : !d->page_list.count;
	again = !heap && !d->is_dying;
	serial = d->serial;
	/* Unless it was the last, another CPU may free the domain from here on. */
	spin_unlock(&d->page_lock);
	if (again)
		free_domain_page(pg, serial);
	else
		free_domain_block(pg, 0);
	if (last)
		put_domain(d);
}

bool page_drop_allocation(struct page_info *pg)
{
	if (!(__atomic_fetch_and(&pg->state, ~PGC_allocated, __ATOMIC_ACQ_REL) & PGC_allocated))
		return false;
	put_page(pg);
	return true;
}

/* Under d->page_lock; without it a guess. */
static bool may_own(struct domain *d, unsigned long nr, unsigned int memf)
{
	if (d->is_dying)
		return false;
	return (memf & MEMF_no_refcount) || nr + READ_ONCE(d->tot_pages) <= READ_ONCE(d->max_pages);
}

static void add_to_lists(struct domain *d, struct page_info *pg, unsigned long nr,
			 unsigned int memf)
{
	if (!d->page_list.count)
		atomic_inc(&d->refcount);
	for (unsigned long i = 0; i < nr; i++)
		page_list_add_tail(pg + i, &d->page_list);
	if (memf & MEMF_no_refcount)
		d->extra_pages += nr;
	else
		d->tot_pages += nr;
}

int assign_pages(struct domain *d, struct page_info *pg, unsigned int order, unsigned int memf)
{
	uint64_t state = OWNED_BY(d) | PGC_allocated | 1;
	unsigned long nr = 1UL << order;

	if (memf & MEMF_no_refcount)
		state |= PGC_extra;
	spin_lock(&d->page_lock);
	if (!may_own(d, nr, memf)) {
		spin_unlock(&d->page_lock);
		return d->is_dying ? -EINVAL : -E2BIG;
	}
	add_to_lists(d, pg, nr, memf);
	for (unsigned long i = 0; i < nr; i++)
		atomic_store_release(&pg[i].state, state);
	spin_unlock(&d->page_lock);
	return 0;
}

struct page_info *alloc_domheap_pages(struct domain *d, unsigned int order, unsigned int memf)
{
	struct page_info *pg;

	/* A first look without lock saves scrubbing pages that may not be had. */
	if (!may_own(d, 1UL << order, memf))
		return NULL;
	pg = alloc_domain_block(d, order, memf);
	if (!pg)
		return NULL;
	if (assign_pages(d, pg, order, memf)) {
		free_domain_block(pg, order);
		return NULL;
	}
	return pg;
}

void share_heap_page_with_guest(void *va, struct domain *d)
{
	struct page_info *pg = virt_to_page(va);

	spin_lock(&d->page_lock);
	page_list_add_tail(pg, &d->heap_page_list);
	pg->u.inuse.type = gfn_x(INVALID_GFN);
	atomic_store_release(&pg->state, OWNED_BY(d) | PGC_heap | PGC_allocated | 1);
	spin_unlock(&d->page_lock);
}

void unshare_heap_page(void *va)
{
	if (va)
		page_drop_allocation(virt_to_page(va));
}
