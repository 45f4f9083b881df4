// SPDX-License-Identifier: GPL-2.0-only
/* Other domains' pages: mapping, unmapping, copying, and the pages they are seen through. */

#include <linux/delay.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <xen/grant_table.h>
#include <xen/xen.h>
#include <asm/xen/hypercall.h>
#include "grants.h"

/* A grant whose page is paged out is tried again for about a second in all. */
#define EAGAIN_FIRST_MS	1
#define EAGAIN_LAST_MS	256

/* @status is the operation's own: any error is then that the peer is too slow. */
static void retry(unsigned int cmd, void *op, s16 *status)
{
	unsigned int ms;

	for (ms = EAGAIN_FIRST_MS; *status == GNTST_eagain && ms <= EAGAIN_LAST_MS; ms *= 2) {
		msleep(ms);
		if (HYPERVISOR_grant_table_op(cmd, op, 1))
			*status = GNTST_general_error;
	}
	if (*status == GNTST_eagain) {
		pr_warn_ratelimited("xen-core: a grant's page does not come back\n");
		*status = GNTST_bad_page;
	}
}

/* A refused batch leaves the status of what it did not reach: that must not look good. */
static void map_batch(struct gnttab_map_grant_ref *ops, unsigned int count)
{
	unsigned int i;
	int ret;

	for (i = 0; i < count; i++)
		ops[i].status = GNTST_general_error;
	ret = HYPERVISOR_grant_table_op(GNTTABOP_map_grant_ref, ops, count);
	if (ret)
		pr_warn_ratelimited("xen-core: mapping %u grants: %d\n", count, ret);
}

void gnttab_batch_map(struct gnttab_map_grant_ref *batch, unsigned int count)
{
	unsigned int i;

	map_batch(batch, count);
	for (i = 0; i < count; i++)
		retry(GNTTABOP_map_grant_ref, &batch[i], &batch[i].status);
}
EXPORT_SYMBOL_GPL(gnttab_batch_map);

void gnttab_batch_copy(struct gnttab_copy *batch, unsigned int count)
{
	unsigned int i;
	int ret;

	for (i = 0; i < count; i++)
		batch[i].status = GNTST_general_error;
	ret = HYPERVISOR_grant_table_op(GNTTABOP_copy, batch, count);
	if (ret)
		pr_warn_ratelimited("xen-core: copying %u grants: %d\n", count, ret);
	for (i = 0; i < count; i++)
		retry(GNTTABOP_copy, &batch[i], &batch[i].status);
}
EXPORT_SYMBOL_GPL(gnttab_batch_copy);

/* What xen_page_foreign() of the kernel's header reads. */
static void set_foreign(struct page *page, const struct gnttab_map_grant_ref *op)
{
	struct xen_page_foreign *foreign;

	SetPageForeign(page);
	foreign = xen_page_foreign(page);
	foreign->domid = op->dom;
	foreign->gref = op->ref;
}

int gnttab_map_refs(struct gnttab_map_grant_ref *map_ops,
		    struct gnttab_map_grant_ref *kmap_ops, struct page **pages,
		    unsigned int count)
{
	unsigned int i;

	map_batch(map_ops, count);
	for (i = 0; i < count; i++) {
		retry(GNTTABOP_map_grant_ref, &map_ops[i], &map_ops[i].status);
		if (map_ops[i].status == GNTST_okay)
			set_foreign(pages[i], &map_ops[i]);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(gnttab_map_refs);

int gnttab_unmap_refs(struct gnttab_unmap_grant_ref *unmap_ops,
		      struct gnttab_unmap_grant_ref *kunmap_ops, struct page **pages,
		      unsigned int count)
{
	unsigned int i;
	int ret;

	ret = HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, unmap_ops, count);
	if (ret)
		return ret;
	for (i = 0; i < count; i++)
		ClearPageForeign(pages[i]);
	return 0;
}
EXPORT_SYMBOL_GPL(gnttab_unmap_refs);

/* A page that somebody still reads, the network for one, is not unmapped yet. */
static bool in_use(const struct gntab_unmap_queue_data *item)
{
	unsigned int i;

	for (i = 0; i < item->count; i++)
		if (page_count(item->pages[i]) > 1)
			return true;
	return false;
}

#define UNMAP_LOOK_MS	5
#define UNMAP_AGE_MAX	200

static void unmap_or_wait(struct gntab_unmap_queue_data *item)
{
	int ret;

	if (in_use(item)) {
		/* The longer it takes, the longer we wait. */
		if (item->age < UNMAP_AGE_MAX)
			item->age++;
		queue_delayed_work(system_wq, &item->gnttab_work,
				   msecs_to_jiffies(UNMAP_LOOK_MS * item->age));
		return;
	}
	ret = gnttab_unmap_refs(item->unmap_ops, item->kunmap_ops, item->pages, item->count);
	item->done(ret, item);
}

static void unmap_work(struct work_struct *work)
{
	unmap_or_wait(container_of(to_delayed_work(work), struct gntab_unmap_queue_data,
				   gnttab_work));
}

void gnttab_unmap_refs_async(struct gntab_unmap_queue_data *item)
{
	INIT_DELAYED_WORK(&item->gnttab_work, unmap_work);
	item->age = 0;
	unmap_or_wait(item);
}
EXPORT_SYMBOL_GPL(gnttab_unmap_refs_async);

struct waiter {
	struct completion done;
	int ret;
};

static void unmap_done(int ret, struct gntab_unmap_queue_data *item)
{
	struct waiter *w = item->data;

	w->ret = ret;
	complete(&w->done);
}

int gnttab_unmap_refs_sync(struct gntab_unmap_queue_data *item)
{
	struct waiter w;

	init_completion(&w.done);
	item->data = &w;
	item->done = unmap_done;
	gnttab_unmap_refs_async(item);
	wait_for_completion(&w.done);
	return w.ret;
}
EXPORT_SYMBOL_GPL(gnttab_unmap_refs_sync);

/* On 32-bit kernels page->private has no room for who the page belongs to. */
int gnttab_pages_set_private(int nr_pages, struct page **pages)
{
	int i;

	for (i = 0; i < nr_pages; i++) {
		if (BITS_PER_LONG < 64) {
			void *foreign = kzalloc(sizeof(struct xen_page_foreign), GFP_KERNEL);

			if (!foreign)
				return -ENOMEM;
			set_page_private(pages[i], (unsigned long)foreign);
		}
		SetPagePrivate(pages[i]);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(gnttab_pages_set_private);

void gnttab_pages_clear_private(int nr_pages, struct page **pages)
{
	int i;

	for (i = 0; i < nr_pages; i++) {
		if (!PagePrivate(pages[i]))
			continue;
		if (BITS_PER_LONG < 64)
			kfree((void *)page_private(pages[i]));
		ClearPagePrivate(pages[i]);
		set_page_private(pages[i], 0);
	}
}
EXPORT_SYMBOL_GPL(gnttab_pages_clear_private);

int gnttab_alloc_pages(int nr_pages, struct page **pages)
{
	int ret = xen_alloc_unpopulated_pages(nr_pages, pages);

	if (ret < 0)
		return ret;
	ret = gnttab_pages_set_private(nr_pages, pages);
	if (ret < 0)
		gnttab_free_pages(nr_pages, pages);
	return ret;
}
EXPORT_SYMBOL_GPL(gnttab_alloc_pages);

void gnttab_free_pages(int nr_pages, struct page **pages)
{
	gnttab_pages_clear_private(nr_pages, pages);
	xen_free_unpopulated_pages(nr_pages, pages);
}
EXPORT_SYMBOL_GPL(gnttab_free_pages);

void gnttab_page_cache_init(struct gnttab_page_cache *cache)
{
	spin_lock_init(&cache->lock);
	INIT_LIST_HEAD(&cache->pages);
	cache->num_pages = 0;
}
EXPORT_SYMBOL_GPL(gnttab_page_cache_init);

int gnttab_page_cache_get(struct gnttab_page_cache *cache, struct page **page)
{
	unsigned long flags;

	spin_lock_irqsave(&cache->lock, flags);
	*page = list_first_entry_or_null(&cache->pages, struct page, lru);
	if (*page) {
		list_del(&(*page)->lru);
		cache->num_pages--;
	}
	spin_unlock_irqrestore(&cache->lock, flags);
	return *page ? 0 : gnttab_alloc_pages(1, page);
}
EXPORT_SYMBOL_GPL(gnttab_page_cache_get);

void gnttab_page_cache_put(struct gnttab_page_cache *cache, struct page **page,
			   unsigned int num)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&cache->lock, flags);
	for (i = 0; i < num; i++)
		list_add(&page[i]->lru, &cache->pages);
	cache->num_pages += num;
	spin_unlock_irqrestore(&cache->lock, flags);
}
EXPORT_SYMBOL_GPL(gnttab_page_cache_put);

void gnttab_page_cache_shrink(struct gnttab_page_cache *cache, unsigned int num)
{
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&cache->lock, flags);
	while (cache->num_pages > num) {
		page = list_first_entry(&cache->pages, struct page, lru);
		list_del(&page->lru);
		cache->num_pages--;
		spin_unlock_irqrestore(&cache->lock, flags);
		gnttab_free_pages(1, &page);
		spin_lock_irqsave(&cache->lock, flags);
	}
	spin_unlock_irqrestore(&cache->lock, flags);
}
EXPORT_SYMBOL_GPL(gnttab_page_cache_shrink);

/* Pieces of a page that no grant's border cuts. */
void gnttab_foreach_grant_in_range(struct page *page, unsigned int offset, unsigned int len,
				   xen_grant_fn_t fn, void *data)
{
	unsigned int part, at;

	len = min_t(unsigned int, PAGE_SIZE - offset, len);
	for (; len; len -= part, offset += part) {
		at = xen_offset_in_page(offset);
		part = min_t(unsigned int, XEN_PAGE_SIZE - at, len);
		fn(pfn_to_gfn(page_to_xen_pfn(page) + XEN_PFN_DOWN(offset)), at, part, data);
	}
}
EXPORT_SYMBOL_GPL(gnttab_foreach_grant_in_range);

void gnttab_foreach_grant(struct page **pages, unsigned int nr_grefs, xen_grant_fn_t fn,
			  void *data)
{
	unsigned int i;

	for (i = 0; i < nr_grefs; i++)
		fn(pfn_to_gfn(page_to_xen_pfn(pages[i / XEN_PFN_PER_PAGE]) +
			      i % XEN_PFN_PER_PAGE), 0, XEN_PAGE_SIZE, data);
}
EXPORT_SYMBOL_GPL(gnttab_foreach_grant);
