// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests of the block layer become requests on the ring.
 *
 * A request's data is copied through the ring's pool (bounce), or its own pages are
 * granted for as long as it lasts. Several requests in a row are announced once.
 */
#include <linux/highmem.h>

#include "blkfront.h"
#include "pages.h"

static bool is_data(struct request *rq)
{
	return req_op(rq) == REQ_OP_READ || req_op(rq) == REQ_OP_WRITE;
}

/* One segment after the other, in the request itself or in pages of their own. */
struct seg_cursor {
	struct blkfront_slot *slot;
	struct blkif_request_segment *seg;
	unsigned int n;
};

static void add_segment(struct seg_cursor *c, grant_ref_t gref, unsigned int from,
			unsigned int bytes)
{
	if (c->n && c->n % SEGS_PER_PAGE == 0)
		c->seg = c->slot->list[c->n / SEGS_PER_PAGE].addr;
	c->seg->gref = gref;
	c->seg->first_sect = from >> SECTOR_SHIFT;
	c->seg->last_sect = ((from + bytes) >> SECTOR_SHIFT) - 1;
	c->seg++;
	c->n++;
}

static void segments_of_pool(struct blkfront_ring *ring, struct blkfront_slot *slot,
			     unsigned int bytes, struct seg_cursor *c)
{
	unsigned int i, len;

	for (i = 0; i < slot->nr_segs; i++, bytes -= len) {
		len = min_t(unsigned int, bytes, XEN_PAGE_SIZE);
		add_segment(c, ring->pool.bufs[slot->segs[i]].gref, 0, len);
	}
}

/* One grant a page of 4 KiB: the queue's limits see to it that there are few enough. */
static unsigned int count_grants(struct request *rq)
{
	struct req_iterator iter;
	struct bio_vec bv;
	unsigned int n = 0;

	rq_for_each_segment(bv, rq, iter)
		n += DIV_ROUND_UP((bv.bv_offset & ~XEN_PAGE_MASK) + bv.bv_len, XEN_PAGE_SIZE);
	return n;
}

static void segments_of_pages(struct blkfront_ring *ring, struct request *rq,
			      struct blkfront_slot *slot, grant_ref_t *refs,
			      struct seg_cursor *c)
{
	int readonly = rq_data_dir(rq) == WRITE;
	domid_t peer = blkfront_peer(ring->dev);
	struct req_iterator iter;
	struct bio_vec bv;

	rq_for_each_segment(bv, rq, iter) {
		unsigned int at = bv.bv_offset, end = at + bv.bv_len;

		while (at < end) {
			unsigned int in = at & ~XEN_PAGE_MASK;
			unsigned int len = min_t(unsigned int, end - at, XEN_PAGE_SIZE - in);
			grant_ref_t ref = gnttab_claim_grant_reference(refs);

			gnttab_grant_foreign_access_ref(
				ref, peer,
				pfn_to_gfn(page_to_xen_pfn(bv.bv_page) + (at >> XEN_PAGE_SHIFT)),
				readonly);
			slot->segs[c->n] = ref;
			add_segment(c, ref, in, len);
			at += len;
		}
	}
}

/* Between the request's pages and the pool. */
static void copy(struct blkfront_ring *ring, struct request *rq, struct blkfront_slot *slot,
		 bool to_pool)
{
	const struct blkfront_buf *bufs = ring->pool.bufs;
	const u32 *seg = slot->segs;
	unsigned int in = 0;
	struct req_iterator iter;
	struct bio_vec bv;

	compat_for_each_span(bv, rq, iter) {
		void *start = compat_bvec_map(&bv), *data = start;
		unsigned int left = bv.bv_len;

		while (left) {
			unsigned int len = min_t(unsigned int, left, XEN_PAGE_SIZE - in);
			void *buf = bufs[*seg].addr + in;

			if (to_pool)
				memcpy(buf, data, len);
			else
				memcpy(data, buf, len);
			data += len;
			left -= len;
			in += len;
			if (in == XEN_PAGE_SIZE) {
				in = 0;
				seg++;
			}
		}
		compat_bvec_unmap(start);
	}
}

static bool have_list_pages(struct blkfront_ring *ring, struct blkfront_slot *slot,
			    unsigned int segs)
{
	unsigned int i, pages = blkfront_list_pages(segs);

	for (i = 0; i < pages; i++)
		if (!slot->list[i].addr &&
		    blkfront_buf_init(&slot->list[i], blkfront_peer(ring->dev), GFP_NOWAIT))
			return false;
	return true;
}

/* Pages for the data, and for their list. */
static bool take_bufs(struct blkfront_ring *ring, struct blkfront_slot *slot, unsigned int segs)
{
	unsigned int i, lists = blkfront_list_pages(segs);

	if (!blkfront_pool_take(&ring->pool, blkfront_peer(ring->dev), segs + lists, slot->segs))
		return false;
	for (i = 0; i < lists; i++)
		slot->list[i] = ring->pool.bufs[slot->segs[segs + i]];
	return true;
}

static struct blkfront_ring *ring_of(struct blk_mq_hw_ctx *hctx)
{
	return ((struct blkfront_ring *)hctx->driver_data)->via;
}

/* With the lock. NULL: all are taken, by requests that will end. */
static struct blkfront_slot *slot_for(struct blkfront_ring *ring, struct request *rq)
{
	unsigned int i;

	if (likely(!ring->shared))
		return &ring->slots[rq->tag];
	for (i = 0; i < ring->nr_usable; i++)
		if (!ring->slots[i].taken)
			return &ring->slots[i];
	return NULL;
}

/*
 * With the lock: whatever a request of segs segments needs, or nothing. What is
 * short comes back when another request ends, if there is one. If there is none, a pool
 * has enough.
 */
static blk_status_t reserve(struct blkfront_ring *ring, struct blk_mq_hw_ctx *hctx,
			    struct blkfront_slot *slot, unsigned int segs, grant_ref_t *refs)
{
	struct blkfront *dev = ring->dev;
	bool ok = slot;

	if (ok && segs && dev->features.bounce)
		ok = take_bufs(ring, slot, segs);
	else if (ok && segs)
		ok = have_list_pages(ring, slot, segs) &&
		     !gnttab_alloc_grant_references(segs, refs);
	if (ok)
		return BLK_STS_OK;
	/* With as many slots or pages as there may be, waiting is what was meant. */
	if (slot && (!dev->features.bounce || ring->pool.nr < ring->pool.max))
		pr_warn_ratelimited("%s: short of grants or memory, slower\n",
				    dev->xbdev->nodename);
	if (slot && ring->ring.req_prod_pvt == ring->ring.rsp_cons)
		return BLK_STS_RESOURCE;
	ring->starved = true;
	blk_mq_stop_hw_queue(hctx);
	/*
	 * A request of another queue may end, and start this one, before the block layer has
	 * put the request back: then it has to look again by itself.
	 */
	return ring->shared ? BLK_STS_RESOURCE : BLK_STS_DEV_RESOURCE;
}

static void put_data(struct blkfront_ring *ring, struct request *rq, struct blkfront_slot *slot,
		     struct blkif_request *req, grant_ref_t *refs)
{
	unsigned int i, pages, segs = slot->nr_segs;
	struct seg_cursor c = { .slot = slot };

	slot->op = rq_data_dir(rq) == WRITE ? BLKIF_OP_WRITE : BLKIF_OP_READ;
	if (segs <= BLKIF_MAX_SEGMENTS_PER_REQUEST) {
		req->operation = slot->op;
		req->u.rw.nr_segments = segs;
		req->u.rw.handle = ring->dev->vdev;
		req->u.rw.id = slot->id;
		req->u.rw.sector_number = blk_rq_pos(rq);
		c.seg = req->u.rw.seg;
	} else {
		req->operation = BLKIF_OP_INDIRECT;
		req->u.indirect.indirect_op = slot->op;
		req->u.indirect.nr_segments = segs;
		req->u.indirect.handle = ring->dev->vdev;
		req->u.indirect.id = slot->id;
		req->u.indirect.sector_number = blk_rq_pos(rq);
		pages = blkfront_list_pages(segs);
		for (i = 0; i < pages; i++)
			req->u.indirect.indirect_grefs[i] = slot->list[i].gref;
		c.seg = slot->list[0].addr;
	}
	if (ring->dev->features.bounce)
		segments_of_pool(ring, slot, blk_rq_bytes(rq), &c);
	else
		segments_of_pages(ring, rq, slot, refs, &c);
}

static void put_other(struct blkfront_ring *ring, struct request *rq, struct blkfront_slot *slot,
		      struct blkif_request *req)
{
	if (req_op(rq) == REQ_OP_FLUSH) {
		slot->op = ring->dev->features.flush ? BLKIF_OP_FLUSH_DISKCACHE :
						       BLKIF_OP_WRITE_BARRIER;
		req->u.rw.nr_segments = 0;
		req->u.rw.handle = ring->dev->vdev;
		req->u.rw.id = slot->id;
		req->u.rw.sector_number = 0;
	} else {
		slot->op = BLKIF_OP_DISCARD;
		req->u.discard.flag = req_op(rq) == REQ_OP_SECURE_ERASE ? BLKIF_DISCARD_SECURE : 0;
		req->u.discard.id = slot->id;
		req->u.discard.sector_number = blk_rq_pos(rq);
		req->u.discard.nr_sectors = blk_rq_sectors(rq);
	}
	req->operation = slot->op;
}

/* With the lock: make requests visible, tell the backend if it wants to be told. */
static void announce(struct blkfront_ring *ring)
{
	struct blkif_sring *sring = ring->ring.sring;
	RING_IDX old = ring->req_pushed, new = ring->ring.req_prod_pvt;

	ring->req_pushed = new;
	virt_wmb(); /* the requests before the index that covers them */
	WRITE_ONCE(sring->req_prod, new);
	virt_mb(); /* the index before a look at the wish; pairs with the backend's rearm */
	if (new - READ_ONCE(sring->req_event) < new - old)
		notify_remote_via_evtchn(ring->port);
}

/*
 * Larger than what the backend of now takes: it was made for another. Its parts go
 * the whole way again.
 */
static void resubmit(struct blkfront *dev, struct request *rq)
{
	unsigned long flags;

	blk_mq_start_request(rq);
	spin_lock_irqsave(&dev->saved_lock, flags);
	if (rq->bio) {
		if (dev->saved.tail)
			dev->saved.tail->bi_next = rq->bio;
		else
			dev->saved.head = rq->bio;
		dev->saved.tail = rq->biotail;
	}
	spin_unlock_irqrestore(&dev->saved_lock, flags);
	rq->bio = rq->biotail = NULL;
	rq->__data_len = 0;
	blk_mq_end_request(rq, BLK_STS_OK);
	schedule_work(&dev->saved_work);
}

/* A flush of a disk that has no cache, or no longer offers to flush it. */
static bool is_needless(struct blkfront *dev, struct request *rq)
{
	return req_op(rq) == REQ_OP_FLUSH && !dev->features.flush && !dev->features.barrier;
}

static blk_status_t check(struct blkfront *dev, struct request *rq)
{
	switch (req_op(rq)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		return BLK_STS_OK;
	case REQ_OP_FLUSH:
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
		return dev->features.discard ? BLK_STS_OK : BLK_STS_NOTSUPP;
	case REQ_OP_SECURE_ERASE:
		return dev->features.secure ? BLK_STS_OK : BLK_STS_NOTSUPP;
	default:
		return BLK_STS_NOTSUPP;
	}
}

static unsigned int segments(struct blkfront *dev, struct request *rq)
{
	if (!is_data(rq))
		return 0;
	return dev->features.bounce ? DIV_ROUND_UP(blk_rq_bytes(rq), XEN_PAGE_SIZE) :
				      count_grants(rq);
}

static blk_status_t queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *qd)
{
	struct blkfront_ring *ring = ring_of(hctx);
	struct blkfront *dev = ring->dev;
	struct request *rq = qd->rq;
	struct blkfront_rq *priv = blk_mq_rq_to_pdu(rq);
	struct blkfront_slot *slot;
	struct blkif_request *req;
	grant_ref_t refs = 0;
	unsigned int segs;
	blk_status_t ret;

	ret = check(dev, rq);
	if (ret)
		return ret;
	segs = segments(dev, rq);
	if (unlikely(segs > dev->features.segs) && READ_ONCE(ring->open)) {
		resubmit(dev, rq);
		return BLK_STS_OK;
	}

	blk_mq_start_request(rq);
	if (!segs && is_needless(dev, rq) && READ_ONCE(ring->open)) {
		blk_mq_end_request(rq, BLK_STS_OK);
		return BLK_STS_OK;
	}
	spin_lock_irq(&ring->lock);
	slot = slot_for(ring, rq);
	ret = ring->open ? reserve(ring, hctx, slot, segs, &refs) : BLK_STS_IOERR;
	if (ret) {
		spin_unlock_irq(&ring->lock);
		return ret;
	}
	slot->taken = true;
	slot->nr_segs = segs;
	priv->slot = slot;
	priv->status = BLK_STS_OK;
	/*
	 * Without the lock, copying takes long. Slot and pool stay: whoever takes the
	 * ring away quiesces the queue first.
	 */
	if (segs && dev->features.bounce && rq_data_dir(rq) == WRITE) {
		spin_unlock_irq(&ring->lock);
		copy(ring, rq, slot, true);
		spin_lock_irq(&ring->lock);
	}
	req = RING_GET_REQUEST(&ring->ring, ring->ring.req_prod_pvt);
	if (segs)
		put_data(ring, rq, slot, req, &refs);
	else
		put_other(ring, rq, slot, req);
	slot->rq = rq;
	ring->ring.req_prod_pvt++;
	if (qd->last)
		announce(ring);
	spin_unlock_irq(&ring->lock);
	if (refs)
		gnttab_free_grant_references(refs);
	return BLK_STS_OK;
}

/* The last of several did not come after all. */
static void commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	struct blkfront_ring *ring = ring_of(hctx);
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	if (ring->live)
		announce(ring);
	spin_unlock_irqrestore(&ring->lock, flags);
}

/* False: the backend still holds the page, which stays ours until it lets go. */
static bool end_grant(grant_ref_t ref, struct page *page)
{
	if (likely(compat_try_end_foreign_access(ref)))
		return true;
	compat_end_foreign_access(ref, compat_hold_page(page));
	return false;
}

/*
 * The request's own pages were granted, in the order of segments_of_pages(). False:
 * the backend keeps one of them and may write into it after the request is over.
 */
bool blkfront_request_end_grants(struct request *rq, struct blkfront_slot *slot)
{
	struct req_iterator iter;
	struct bio_vec bv;
	unsigned int i = 0;
	bool all = true;

	if (!slot->nr_segs)
		return true;
	rq_for_each_segment(bv, rq, iter) {
		unsigned int at = bv.bv_offset, end = at + bv.bv_len;

		for (; at < end; at = (at | ~XEN_PAGE_MASK) + 1)
			all &= end_grant(slot->segs[i++], bv.bv_page);
	}
	slot->nr_segs = 0;
	return all;
}

/* The response is there and checked: copy, release, end. */
void blkfront_request_done(struct request *rq)
{
	struct blkfront_rq *priv = blk_mq_rq_to_pdu(rq);
	struct blkfront_ring *ring = ring_of(rq->mq_hctx);
	struct blkfront_slot *slot = priv->slot;
	unsigned long flags;
	bool starved;

	if (!ring->dev->features.bounce) {
		if (unlikely(!blkfront_request_end_grants(rq, slot)))
			blkfront_fault(ring->dev, "backend keeps a grant after its request");
	} else if (rq_data_dir(rq) == READ && priv->status == BLK_STS_OK && slot->nr_segs) {
		copy(ring, rq, slot, false);
	}

	spin_lock_irqsave(&ring->lock, flags);
	if (slot->nr_segs && ring->dev->features.bounce)
		blkfront_pool_put(&ring->pool,
				  slot->nr_segs + blkfront_list_pages(slot->nr_segs), slot->segs);
	slot->nr_segs = 0;
	slot->taken = false;
	starved = ring->starved;
	ring->starved = false;
	spin_unlock_irqrestore(&ring->lock, flags);
	/* The disk stays as long as a request of it has not ended, no longer. */
	if (unlikely(starved))
		blk_mq_start_stopped_hw_queues(rq->q, true);
	blk_mq_end_request(rq, priv->status);
}

static int init_hctx(struct blk_mq_hw_ctx *hctx, void *data, unsigned int index)
{
	struct blkfront *dev = data;

	hctx->driver_data = &dev->rings[index];
	return 0;
}

const struct blk_mq_ops blkfront_mq_ops = {
	.queue_rq = queue_rq,
	.commit_rqs = commit_rqs,
	.complete = blkfront_request_done,
	.init_hctx = init_hctx,
};
