// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of our own. Grants that do not stay are copied by the hypervisor, many in a
 * call: that costs less than to map and unmap them, and the data cannot change under
 * the device.
 *
 * A ring has at most max_buffer_pages of them, and at least as many as its largest
 * request needs. The worker waits for requests in flight when they are used up.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "blkback.h"

static unsigned int most(void)
{
	return max(READ_ONCE(blkback_max_buffer_pages), MAX_INDIRECT_SEGS);
}

static struct page *take(struct blkback_ring *ring)
{
	struct page *page;
	unsigned long flags;

	spin_lock_irqsave(&ring->staging_lock, flags);
	page = list_first_entry_or_null(&ring->staging, struct page, lru);
	if (page)
		list_del(&page->lru);
	spin_unlock_irqrestore(&ring->staging_lock, flags);
	return page;
}

static void give(struct blkback_ring *ring, struct page *page)
{
	unsigned long flags;

	spin_lock_irqsave(&ring->staging_lock, flags);
	list_add(&page->lru, &ring->staging);
	spin_unlock_irqrestore(&ring->staging_lock, flags);
}

static unsigned int in_flight(struct blkback_ring *ring)
{
	return READ_ONCE(ring->inflight);
}

/* One that was given back, or a new one; waits for either. */
static struct page *get(struct blkback_ring *ring)
{
	struct page *page;

	for (;;) {
		page = take(ring);
		if (page)
			return page;
		if (ring->nr_staging < most()) {
			/* Without any to wait for, this waits for memory. */
			page = alloc_page(in_flight(ring) > 1 ? GFP_NOWAIT | __GFP_NOWARN :
								GFP_NOIO);
			if (page) {
				ring->nr_staging++;
				return page;
			}
		}
		if (time_after(jiffies, ring->stall_said + 60 * HZ)) {
			ring->stall_said = jiffies;
			dev_info(&ring->dev->xbdev->dev,
				 "ring %u: all pages to copy through are in use, slower\n",
				 ring->id);
		}
		/* Others give back theirs as they end; reads end here. */
		blkback_worker_go_on(ring);
		blkback_response_flush(ring);
		schedule_timeout_uninterruptible(1);
	}
}

/* A page for each segment without a mapping. Sleeps; does not fail. */
void blkback_staging_get(struct blkback_ring *ring, struct blkback_req *req)
{
	unsigned int i;

	for (i = 0; i < req->nr_segs; i++)
		if (!req->segs[i].pgrant)
			req->vecs[i].bv_page = get(ring);
}

/* From any context. */
void blkback_staging_put(struct blkback_ring *ring, struct blkback_req *req)
{
	unsigned int i;

	for (i = 0; i < req->nr_segs; i++)
		if (!req->segs[i].pgrant)
			give(ring, req->vecs[i].bv_page);
	req->nr_staged = 0;
}

static void set_op(struct gnttab_copy *op, domid_t domid, grant_ref_t gref, struct page *page,
		   unsigned int offset, unsigned int len, bool in)
{
	op->len = len;
	if (in) {
		op->flags = GNTCOPY_source_gref;
		op->source.u.ref = gref;
		op->source.domid = domid;
		op->source.offset = offset;
		op->dest.u.gmfn = xen_page_to_gfn(page);
		op->dest.domid = DOMID_SELF;
		op->dest.offset = offset;
	} else {
		op->flags = GNTCOPY_dest_gref;
		op->source.u.gmfn = xen_page_to_gfn(page);
		op->source.domid = DOMID_SELF;
		op->source.offset = offset;
		op->dest.u.ref = gref;
		op->dest.domid = domid;
		op->dest.offset = offset;
	}
}

/*
 * All staged segments, from the frontend (in) or to it. -EIO when the hypervisor
 * refused one of them. Sleeps when it asks for patience.
 */
int blkback_staging_copy(struct blkback_ring *ring, struct blkback_req *req, bool in)
{
	domid_t domid = ring->dev->xbdev->otherend_id;
	unsigned int i, n = 0;

	for (i = 0; i < req->nr_segs; i++)
		if (!req->segs[i].pgrant)
			set_op(&ring->copies[n++], domid, req->segs[i].gref, req->vecs[i].bv_page,
			       req->vecs[i].bv_offset, req->vecs[i].bv_len, in);
	gnttab_batch_copy(ring->copies, n);
	for (i = 0; i < n; i++)
		if (ring->copies[i].status != GNTST_okay)
			return -EIO;
	return 0;
}

/* The beginning of a granted page, into memory of ours that does not cross a page. */
int blkback_staging_read(struct blkback_ring *ring, grant_ref_t gref, void *to, size_t bytes)
{
	struct gnttab_copy *op = ring->copies;

	set_op(op, ring->dev->xbdev->otherend_id, gref, virt_to_page(to), 0, bytes, true);
	op->dest.u.gmfn = virt_to_gfn(to);
	op->dest.offset = xen_offset_in_page(to);
	gnttab_batch_copy(op, 1);
	return op->status == GNTST_okay ? 0 : -EIO;
}

/* Free what nobody uses. */
void blkback_staging_shrink(struct blkback_ring *ring)
{
	struct page *page;

	while ((page = take(ring))) {
		__free_page(page);
		ring->nr_staging--;
	}
}
