// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request: checked as a whole, then its data found or copied, then it goes to the
 * block layer.
 *
 * What no correct frontend sends ends the connection; what one may send by mistake or
 * bad luck (a sector past the end of a disk that shrank, a write to a read-only disk,
 * an operation that is not offered) is answered with an error.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "blkback.h"

static void answer(struct blkback_req *req, s16 status)
{
	req->status = status;
	blkback_response_end(req);
}

static void broken(struct blkback_req *req, const char *what)
{
	set_bit(RING_DEAD, &req->ring->flags);
	blkback_fault(req->ring->dev, what);
	answer(req, BLKIF_RSP_ERROR);
}

/* The arrays of large requests stay with them. */
static bool have_room(struct blkback_req *req)
{
	if (req->nr_segs <= BLKIF_MAX_SEGMENTS_PER_REQUEST) {
		req->vecs = req->few_vecs;
		req->segs = req->few_segs;
		return true;
	}
	if (!req->many_vecs)
		req->many_vecs = kvmalloc_array(MAX_INDIRECT_SEGS, sizeof(*req->vecs), GFP_NOIO);
	if (!req->many_segs)
		req->many_segs = kvmalloc_array(MAX_INDIRECT_SEGS, sizeof(*req->segs), GFP_NOIO);
	req->vecs = req->many_vecs;
	req->segs = req->many_segs;
	return req->vecs && req->segs;
}

/* The list of an indirect request into the ring's scratch. */
static int read_list(struct blkback_ring *ring, struct blkback_req *req, grant_ref_t gref)
{
	size_t bytes = req->nr_segs * sizeof(struct wire_segment);
	struct wire_segment page = { .gref = gref };
	struct pgrant *p = NULL;

	BUILD_BUG_ON(MAX_INDIRECT_SEGS * sizeof(struct wire_segment) > XEN_PAGE_SIZE);
	if (ring->dev->persistent) {
		p = blkback_persistent_find(ring, gref);
		if (!p) {
			blkback_persistent_map(ring, &page, 1);
			p = blkback_persistent_find(ring, gref);
		}
	}
	if (!p)
		return blkback_staging_read(ring, gref, ring->scratch, bytes);
	p->used = jiffies;
	memcpy(ring->scratch, page_address(p->page), bytes);
	barrier();	/* the copy is what is looked at from here on */
	return 0;
}

static bool sane(const struct wire_segment *seg)
{
	return seg->first <= seg->last && seg->last < SECTS_PER_PAGE;
}

/* Each segment's page, if it is mapped, and place; false for one that makes no sense. */
static bool place(struct blkback_ring *ring, struct blkback_req *req,
		  const struct wire_segment *wire)
{
	bool persistent = ring->dev->persistent;
	unsigned int i, sectors = 0, missing = 0;

	for (i = 0; i < req->nr_segs; i++) {
		struct bio_vec *bv = &req->vecs[i];
		struct pgrant *p = NULL;

		if (!sane(&wire[i]))
			return false;
		bv->bv_offset = wire[i].first << SECTOR_SHIFT;
		bv->bv_len = (wire[i].last - wire[i].first + 1) << SECTOR_SHIFT;
		sectors += wire[i].last - wire[i].first + 1;
		if (persistent)
			p = blkback_persistent_find(ring, wire[i].gref);
		req->segs[i].pgrant = p;
		if (likely(p)) {
			p->used = jiffies;
			bv->bv_page = p->page;
		} else {
			req->segs[i].gref = wire[i].gref;
			missing++;
		}
	}
	req->nr_sectors = sectors;
	req->nr_staged = missing;
	return true;
}

/* Map what is not mapped yet; the rest is staged. */
static void place_missing(struct blkback_ring *ring, struct blkback_req *req,
			  const struct wire_segment *wire)
{
	unsigned int i;

	if (ring->dev->persistent) {
		blkback_persistent_map(ring, wire, req->nr_segs);
		for (i = 0; i < req->nr_segs; i++) {
			struct pgrant *p = req->segs[i].pgrant;

			if (p)
				continue;
			p = blkback_persistent_find(ring, wire[i].gref);
			if (!p)
				continue;
			p->used = jiffies;
			req->segs[i].pgrant = p;
			req->vecs[i].bv_page = p->page;
			req->nr_staged--;
		}
	}
	if (req->nr_staged)
		blkback_staging_get(ring, req);
}

/*
 * Of a transfer of known length: is it within the disk and whole blocks? Each segment
 * has to be, too: the block layer splits requests between segments, and does not
 * survive a part that is less than a block.
 */
static bool within_disk(struct blkback *dev, struct blkback_req *req)
{
	sector_t size = blkback_vbd_sectors(dev), all = req->sector | req->nr_sectors;
	unsigned int block = compat_bdev_logical_block_size(dev->vbd.bdev) >> SECTOR_SHIFT;
	unsigned int i;

	for (i = 0; block > 1 && i < req->nr_segs; i++)
		all |= req->vecs[i].bv_len >> SECTOR_SHIFT;
	return req->nr_sectors <= size && req->sector <= size - req->nr_sectors &&
	       !(all & (block - 1));
}

/* Is there more to do that needs its worker? */
static bool for_worker(const struct blkback_req *req)
{
	if (req->kind == BLKIF_OP_DISCARD)
		return req->nr_sectors && req->status == BLKIF_RSP_OKAY;
	return req->nr_staged && req->kind == BLKIF_OP_READ;
}

/* In the context of whatever ends the device's work. */
static void bio_done(struct bio *bio)
{
	struct blkback_req *req = container_of(bio, struct blkback_req, bio);
	struct blkback_ring *ring = req->ring;
	unsigned long flags;

	if (likely(!bio->bi_status))
		req->status = BLKIF_RSP_OKAY;
	else if (bio->bi_status == BLK_STS_NOTSUPP)
		req->status = BLKIF_RSP_EOPNOTSUPP;
	else
		req->status = BLKIF_RSP_ERROR;
	bio_uninit(bio);
	if (for_worker(req)) {
		/* Within the lock: once it is on the list, it may end, and the ring with it. */
		spin_lock_irqsave(&ring->lock, flags);
		llist_add(&req->done, &ring->done);
		blkback_worker_kick(ring);
		if (wq_has_sleeper(&ring->drained))
			wake_up(&ring->drained);
		spin_unlock_irqrestore(&ring->lock, flags);
		return;
	}
	if (req->nr_staged)
		blkback_staging_put(ring, req);
	blkback_response_end(req);
}

static void submit(struct blkback_req *req, blk_opf_t opf)
{
	struct bio *bio = &req->bio;

	compat_bio_init(bio, req->ring->dev->vbd.bdev, req->vecs, req->nr_segs, opf);
	bio->bi_iter.bi_sector = req->sector;
	/* Segments are within pages and whole sectors: they are a bio's as they are. */
	bio->bi_vcnt = req->nr_segs;
	bio->bi_iter.bi_size = req->nr_segs ? req->nr_sectors << SECTOR_SHIFT : 0;
	bio->bi_end_io = bio_done;
	submit_bio(bio);
}

static void count(struct blkback_ring *ring, struct blkback_req *req)
{
	if (req->kind == BLKIF_OP_READ) {
		ring->stats.rd_req++;
		ring->stats.rd_sect += req->nr_sectors;
		return;
	}
	if (req->kind == BLKIF_OP_WRITE)
		ring->stats.wr_req++;
	else
		ring->stats.f_req++;
	ring->stats.wr_sect += req->nr_sectors;
}

static void transfer(struct blkback_ring *ring, struct blkback_req *req,
		     const struct wire_segment *wire)
{
	struct blkback *dev = ring->dev;
	bool write = req->kind != BLKIF_OP_READ;
	blk_opf_t opf = REQ_OP_READ;

	if (!place(ring, req, wire)) {
		/* Nothing was staged yet. */
		req->nr_segs = 0;
		broken(req, "a segment's sectors are not within its page");
		return;
	}
	if (write && dev->vbd.readonly) {
		answer(req, BLKIF_RSP_ERROR);
		return;
	}
	if (!within_disk(dev, req)) {
		dev_dbg_ratelimited(&dev->xbdev->dev, "request past the end of the disk\n");
		answer(req, BLKIF_RSP_ERROR);
		return;
	}
	req->active = true;
	if (unlikely(req->nr_staged))
		place_missing(ring, req, wire);
	if (write && req->nr_staged && blkback_staging_copy(ring, req, true)) {
		blkback_staging_put(ring, req);
		answer(req, BLKIF_RSP_ERROR);
		return;
	}
	if (write)
		opf = REQ_OP_WRITE | REQ_SYNC | REQ_IDLE;
	if (req->kind == BLKIF_OP_WRITE_BARRIER) {
		blkback_worker_drain(ring, 1);
		WRITE_ONCE(ring->batching, true);
		opf |= REQ_PREFLUSH | REQ_FUA;
	} else if (req->kind == BLKIF_OP_FLUSH_DISKCACHE) {
		opf |= REQ_PREFLUSH;
	}
	count(ring, req);
	submit(req, opf);
}

/*
 * Without data. A barrier is a flush with everything before it done; a flush that has data
 * is a write after one.
 */
static void flush(struct blkback_ring *ring, struct blkback_req *req)
{
	if (req->kind == BLKIF_OP_WRITE_BARRIER)
		blkback_worker_drain(ring, 1);
	ring->stats.f_req++;
	req->nr_segs = req->nr_staged = 0;
	req->sector = 0;
	req->vecs = req->few_vecs;
	submit(req, REQ_OP_WRITE | REQ_SYNC | REQ_PREFLUSH);
}

/*
 * The next part of a discard: a bio has 32 bits for its length. Parts end where the
 * disk's own units do. Nobody waits: frontends may have as many in flight as their
 * rings have entries, on a disk that takes its time.
 */
static void discard_part(struct blkback_req *req)
{
	struct block_device *bdev = req->ring->dev->vbd.bdev;
	unsigned int unit = compat_bdev_discard_granularity(bdev) >> SECTOR_SHIFT;
	/* A limit that has become 0 is not ours to say: the block layer refuses the part. */
	sector_t most = max_t(sector_t, compat_bdev_most_discard(bdev, req->secure), 1);
	sector_t n = min(req->nr_sectors, most), end = req->sector + n;
	struct bio *bio = &req->bio;

	if (n < req->nr_sectors && unit > 1 && n > unit)
		n -= sector_div(end, unit);
	compat_bio_init(bio, bdev, NULL, 0, req->secure ? REQ_OP_SECURE_ERASE : REQ_OP_DISCARD);
	bio->bi_iter.bi_sector = req->sector;
	bio->bi_iter.bi_size = n << SECTOR_SHIFT;
	bio->bi_end_io = bio_done;
	req->sector += n;
	req->nr_sectors -= n;
	submit_bio(bio);
}

static void discard(struct blkback_ring *ring, struct blkback_req *req,
		    const struct wire_request *wire)
{
	struct blkback *dev = ring->dev;

	req->sector = wire->body.sector;
	req->nr_sectors = wire->body.nr_sectors;
	req->secure = wire->arg & BLKIF_DISCARD_SECURE;
	req->nr_segs = req->nr_staged = 0;
	if (!dev->vbd.discard ||
	    (req->secure && !compat_bdev_can_secure_erase(dev->vbd.bdev))) {
		answer(req, BLKIF_RSP_EOPNOTSUPP);
		return;
	}
	if (dev->vbd.readonly || !req->nr_sectors || !within_disk(dev, req)) {
		answer(req, BLKIF_RSP_ERROR);
		return;
	}
	ring->stats.ds_req++;
	discard_part(req);
}

static void direct(struct blkback_ring *ring, struct blkback_req *req,
		   const struct wire_request *wire)
{
	bool flushes = req->kind == BLKIF_OP_WRITE_BARRIER ||
		       req->kind == BLKIF_OP_FLUSH_DISKCACHE;

	req->nr_segs = wire->arg;
	if (req->nr_segs > BLKIF_MAX_SEGMENTS_PER_REQUEST || (!req->nr_segs && !flushes)) {
		req->nr_segs = 0;
		broken(req, "a request's number of segments");
		return;
	}
	if (!req->nr_segs) {
		flush(ring, req);
		return;
	}
	req->sector = wire->body.sector;
	have_room(req);
	transfer(ring, req, wire->body.segs);
}

static void indirect(struct blkback_ring *ring, struct blkback_req *req,
		     const struct wire_request *wire)
{
	req->kind = wire->arg;
	req->op = wire->arg;
	req->nr_segs = wire->arg16;
	if ((req->kind != BLKIF_OP_READ && req->kind != BLKIF_OP_WRITE) ||
	    !req->nr_segs || req->nr_segs > MAX_INDIRECT_SEGS) {
		req->nr_segs = 0;
		broken(req, "an indirect request's operation or number of segments");
		return;
	}
	req->sector = wire->body.sector;
	if (!have_room(req) || read_list(ring, req, wire->body.indirect.grefs[0])) {
		answer(req, BLKIF_RSP_ERROR);
		return;
	}
	transfer(ring, req, ring->scratch);
}

/* Of the worker. Whatever happens, the request is answered once. Sleeps. */
void blkback_request_start(struct blkback_ring *ring, struct blkback_req *req,
			   const struct wire_request *wire)
{
	req->id = wire->body.id;
	req->op = req->kind = wire->op;
	req->nr_segs = req->nr_staged = 0;
	switch (wire->op) {
	case BLKIF_OP_READ:
	case BLKIF_OP_WRITE:
	case BLKIF_OP_WRITE_BARRIER:
	case BLKIF_OP_FLUSH_DISKCACHE:
		direct(ring, req, wire);
		break;
	case BLKIF_OP_INDIRECT:
		indirect(ring, req, wire);
		break;
	case BLKIF_OP_DISCARD:
		discard(ring, req, wire);
		break;
	default:
		ring->stats.oo_req++;
		answer(req, BLKIF_RSP_EOPNOTSUPP);
		break;
	}
}

/* What bio_done left to the worker. */
void blkback_request_go_on(struct blkback_ring *ring, struct blkback_req *req)
{
	if (req->kind == BLKIF_OP_DISCARD) {
		discard_part(req);
		return;
	}
	if (req->status == BLKIF_RSP_OKAY && blkback_staging_copy(ring, req, false))
		req->status = BLKIF_RSP_ERROR;
	blkback_staging_put(ring, req);
	blkback_response_end(req);
}
