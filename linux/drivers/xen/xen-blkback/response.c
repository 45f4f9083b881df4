// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a request: an answer on the ring, and the request is free for another.
 */
#include "blkback.h"

/* With the lock: make responses visible, true if the frontend wants to be told. */
static bool push(struct blkback_ring *ring)
{
	RING_IDX old = ring->rsp_pushed, new = ring->rsp_prod;

	if (old == new)
		return false;
	ring->rsp_pushed = new;
	virt_wmb(); /* the responses before the index that covers them */
	WRITE_ONCE(ring->sring->rsp_prod, new);
	virt_mb(); /* the index before a look at the wish; pairs with the frontend's rearm */
	return new - READ_ONCE(ring->sring->rsp_event) < new - old;
}

/* The last thing that is done with a request. */
void blkback_response_end(struct blkback_req *req)
{
	struct blkback_ring *ring = req->ring;
	struct wire_response rsp = {
		.id = req->id,
		.op = req->op,
		.status = req->status,
	};
	bool notify = false, wake;
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	wire_put(wire_entry(ring->sring, ring->nr_ents, ring->dev->abi, ring->rsp_prod), &rsp);
	WRITE_ONCE(ring->rsp_prod, ring->rsp_prod + 1);
	if (!ring->batching)
		notify = push(ring);
	req->active = false;
	req->free = ring->free;
	ring->free = req;
	wake = --ring->inflight <= 1;
	/* Within the lock: afterwards the ring may be gone. */
	if (notify)
		notify_remote_via_irq(ring->irq);
	if (wake && wq_has_sleeper(&ring->drained))
		wake_up(&ring->drained);
	spin_unlock_irqrestore(&ring->lock, flags);
}

/* Announce what was held back. */
void blkback_response_flush(struct blkback_ring *ring)
{
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	ring->batching = false;
	if (push(ring))
		notify_remote_via_irq(ring->irq);
	spin_unlock_irqrestore(&ring->lock, flags);
}
