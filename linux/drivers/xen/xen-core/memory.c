// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages whose memory is given back to the hypervisor, so that other domains' pages can be
 * mapped in their place.
 */

#include <linux/highmem.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <xen/features.h>
#include <xen/interface/xen.h>
#include <xen/interface/memory.h>
#include <xen/mem-reservation.h>
#include <xen/page.h>
#include <xen/xen.h>
#include <asm/xen/hypercall.h>
#include "core.h"

/* Of no use on our kernels, but their inline functions look at them. */
struct rb_root phys_to_mach = RB_ROOT;
EXPORT_SYMBOL_GPL(phys_to_mach);

unsigned long __pfn_to_mfn(unsigned long pfn)
{
	return INVALID_P2M_ENTRY;
}
EXPORT_SYMBOL_GPL(__pfn_to_mfn);

bool xen_scrub_pages = true;
EXPORT_SYMBOL_GPL(xen_scrub_pages);
module_param_named(scrub_pages, xen_scrub_pages, bool, 0644);
MODULE_PARM_DESC(scrub_pages, "Clear pages before the hypervisor gets them (default y)");

static int reservation(unsigned int cmd, int count, xen_pfn_t *frames)
{
	struct xen_memory_reservation r = {
		.nr_extents = count,
		.domid = DOMID_SELF,
	};

	set_xen_guest_handle(r.extent_start, frames);
	return HYPERVISOR_memory_op(cmd, &r);
}

/* How many of the frames have memory now, from the first on; or an error. */
int xenmem_reservation_increase(int count, xen_pfn_t *frames)
{
	return reservation(XENMEM_populate_physmap, count, frames);
}
EXPORT_SYMBOL_GPL(xenmem_reservation_increase);

int xenmem_reservation_decrease(int count, xen_pfn_t *frames)
{
	return reservation(XENMEM_decrease_reservation, count, frames);
}
EXPORT_SYMBOL_GPL(xenmem_reservation_decrease);

/* Pages that could not be filled again yet: the domain has been made smaller. */
static LIST_HEAD(empty);
static DEFINE_MUTEX(empty_lock);

static void refill(struct work_struct *work);
static DECLARE_DELAYED_WORK(refill_work, refill);

static bool fill(struct page *page)
{
	xen_pfn_t frame = page_to_xen_pfn(page);

	if (xenmem_reservation_increase(1, &frame) != 1)
		return false;
	__free_page(page);
	return true;
}

static void refill(struct work_struct *work)
{
	struct page *page, *n;

	mutex_lock(&empty_lock);
	list_for_each_entry_safe(page, n, &empty, lru) {
		list_del(&page->lru);
		if (!fill(page)) {
			list_add(&page->lru, &empty);
			queue_delayed_work(system_wq, &refill_work, 10 * HZ);
			break;
		}
	}
	mutex_unlock(&empty_lock);
}

void xen_free_ballooned_pages(compat_balloon_count_t nr, struct page **pages)
{
	compat_balloon_count_t i;

	for (i = 0; i < nr; i++) {
		if (!pages[i] || fill(pages[i]))
			continue;
		mutex_lock(&empty_lock);
		list_add_tail(&pages[i]->lru, &empty);
		mutex_unlock(&empty_lock);
		queue_delayed_work(system_wq, &refill_work, HZ);
	}
}
EXPORT_SYMBOL_GPL(xen_free_ballooned_pages);

static struct page *empty_page(void)
{
	struct page *page;
	xen_pfn_t frame;

	mutex_lock(&empty_lock);
	page = list_first_entry_or_null(&empty, struct page, lru);
	if (page)
		list_del(&page->lru);
	mutex_unlock(&empty_lock);
	if (page)
		return page;

	page = alloc_page(GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
	if (!page)
		return NULL;
	xenmem_reservation_scrub_page(page);
	frame = page_to_xen_pfn(page);
	if (xenmem_reservation_decrease(1, &frame) == 1)
		return page;
	__free_page(page);
	return NULL;
}

int xen_alloc_ballooned_pages(compat_balloon_count_t nr, struct page **pages)
{
	compat_balloon_count_t i;

	if (PAGE_SIZE != XEN_PAGE_SIZE)
		return -EOPNOTSUPP;
	for (i = 0; i < nr; i++) {
		pages[i] = empty_page();
		if (pages[i])
			continue;
		xen_free_ballooned_pages(i, pages);
		return -ENOMEM;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(xen_alloc_ballooned_pages);
