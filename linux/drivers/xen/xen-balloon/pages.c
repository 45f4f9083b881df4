// SPDX-License-Identifier: GPL-2.0-only
/* Pages into the balloon and out of it, some at a time. */

#include <linux/highmem.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <xen/interface/xen.h>
#include <xen/interface/memory.h>
#include <xen/features.h>
#include <xen/mem-reservation.h>
#include <xen/page.h>
#include "balloon.h"

#define BATCH	128

static LIST_HEAD(pages);
static unsigned long size;
static xen_pfn_t frames[BATCH];

unsigned long balloon_size(void)
{
	return size;
}

static void add(struct page *page)
{
	list_add(&page->lru, &pages);
	size++;
}

static struct page *take(void)
{
	struct page *page = list_first_entry(&pages, struct page, lru);

	list_del(&page->lru);
	size--;
	return page;
}

/* A batch is allocated first, then given away at once. */
static unsigned int inflate(unsigned int nr)
{
	struct page *page;
	unsigned int n, i;
	int done;

	for (n = 0; n < nr; n++) {
		page = alloc_page(GFP_HIGHUSER | __GFP_NOWARN | __GFP_NORETRY |
				  __GFP_NOMEMALLOC);
		if (!page)
			break;
		xenmem_reservation_scrub_page(page);
		frames[n] = page_to_xen_pfn(page);
	}
	done = n ? xenmem_reservation_decrease(n, frames) : 0;
	for (i = 0; i < n; i++) {
		page = xen_pfn_to_page(frames[i]);
		if ((int)i < done)
			add(page);
		else
			__free_page(page);
	}
	return max(done, 0);
}

static unsigned int deflate(unsigned int nr)
{
	struct page *taken[BATCH];
	unsigned int n, i;
	int done;

	for (n = 0; n < nr && size; n++) {
		taken[n] = take();
		frames[n] = page_to_xen_pfn(taken[n]);
	}
	done = n ? xenmem_reservation_increase(n, frames) : 0;
	for (i = 0; i < n; i++) {
		if ((int)i < done)
			__free_page(taken[i]);
		else
			add(taken[i]);
	}
	return max(done, 0);
}

static unsigned long in_batches(unsigned long nr, unsigned int (*step)(unsigned int))
{
	unsigned long done = 0;
	unsigned int n, want;

	while (done < nr) {
		want = min_t(unsigned long, nr - done, BATCH);
		n = step(want);
		done += n;
		if (n < want)
			break;
		cond_resched();
	}
	return done;
}

unsigned long balloon_inflate(unsigned long nr)
{
	return in_batches(nr, inflate);
}

unsigned long balloon_deflate(unsigned long nr)
{
	return in_batches(nr, deflate);
}
