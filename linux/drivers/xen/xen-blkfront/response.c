// SPDX-License-Identifier: GPL-2.0-only
/*
 * Responses of the backend, each read once and checked before it is believed.
 */
#include "blkfront.h"

/* Up to here data is copied in the interrupt itself (bytes); more waits for a softirq. */
#define COPY_AT_ONCE	16384

static blk_status_t status_of(struct blkfront *dev, const struct blkif_response *rsp,
			      struct request *rq)
{
	if (likely(rsp->status == BLKIF_RSP_OKAY))
		return BLK_STS_OK;
	if (rsp->status != BLKIF_RSP_EOPNOTSUPP)
		return BLK_STS_IOERR;
	switch (req_op(rq)) {
	case REQ_OP_FLUSH:
		/* It was offered, and is not there: nobody can do better than before. */
		dev_warn_once(&dev->xbdev->dev, "backend has no flush after all\n");
		dev->features.flush = dev->features.barrier = false;
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
		dev->features.discard = false;
		break;
	case REQ_OP_SECURE_ERASE:
		dev->features.secure = false;
		break;
	default:
		break;
	}
	return BLK_STS_NOTSUPP;
}

/* The request that this answers, or NULL and the backend's fault. */
static struct request *match(struct blkfront_ring *ring, const struct blkif_response *rsp)
{
	struct blkfront_slot *slot;
	struct request *rq;

	if (rsp->id >= ring->nr_slots) {
		blkfront_fault(ring->dev, "response with an impossible id");
		return NULL;
	}
	slot = &ring->slots[rsp->id];
	rq = slot->rq;
	if (!rq) {
		blkfront_fault(ring->dev, "response to a request that is not there");
		return NULL;
	}
	/* Of an indirect request either operation comes back. */
	if (rsp->operation != slot->op &&
	    !(rsp->operation == BLKIF_OP_INDIRECT && slot->nr_segs)) {
		blkfront_fault(ring->dev, "response to another operation");
		return NULL;
	}
	slot->rq = NULL;
	return rq;
}

static void finish(struct request *rq)
{
	if (rq_data_dir(rq) == WRITE || blk_rq_bytes(rq) <= COPY_AT_ONCE)
		blkfront_request_done(rq);
	else
		blk_mq_complete_request(rq);
}

/* What of the ring is to be looked at, or nothing for an index out of range. */
static unsigned int available(struct blkfront_ring *ring)
{
	RING_IDX prod = READ_ONCE(ring->ring.sring->rsp_prod);

	virt_rmb(); /* the index before the responses it covers */
	if (prod - ring->ring.rsp_cons > ring->ring.req_prod_pvt - ring->ring.rsp_cons) {
		blkfront_fault(ring->dev, "more responses than requests");
		return 0;
	}
	return prod - ring->ring.rsp_cons;
}

/* Ask for an event at the next response; true if it has come meanwhile. */
static bool rearm(struct blkfront_ring *ring)
{
	WRITE_ONCE(ring->ring.sring->rsp_event, ring->ring.rsp_cons + 1);
	if (ring->ring.rsp_cons == ring->ring.req_prod_pvt)
		return false;
	virt_mb(); /* our wish before another look; pairs with the backend's push */
	if (!available(ring))
		return false;
	/* They may have raised an event that will find nothing. */
	ring->event_owed = true;
	return true;
}

static unsigned int collect(struct blkfront_ring *ring, struct request **tail)
{
	unsigned int n, i, seen = 0;

	do {
		n = available(ring);
		for (i = 0; i < n; i++) {
			struct blkif_response rsp;
			struct blkfront_rq *priv;
			struct request *rq;

			RING_COPY_RESPONSE(&ring->ring, ring->ring.rsp_cons + i, &rsp);
			rq = match(ring, &rsp);
			if (!rq) {
				ring->live = ring->open = false;
				break;
			}
			priv = blk_mq_rq_to_pdu(rq);
			priv->status = status_of(ring->dev, &rsp, rq);
			priv->next = NULL;
			*tail = rq;
			tail = &priv->next;
		}
		ring->ring.rsp_cons += i;
		seen += i;
	} while (ring->live && rearm(ring));
	return seen;
}

irqreturn_t blkfront_response_irq(int irq, void *data)
{
	struct blkfront_ring *ring = data;
	struct request *list = NULL, *rq;
	unsigned int seen = 0;
	bool owed;

	/* Interrupts are off. */
	spin_lock(&ring->lock);
	owed = ring->event_owed;
	ring->event_owed = false;
	if (likely(ring->live))
		seen = collect(ring, &list);
	spin_unlock(&ring->lock);

	while ((rq = list)) {
		list = ((struct blkfront_rq *)blk_mq_rq_to_pdu(rq))->next;
		finish(rq);
	}
	xen_irq_lateeoi(irq, seen || owed ? 0 : XEN_EOI_FLAG_SPURIOUS);
	return IRQ_HANDLED;
}
