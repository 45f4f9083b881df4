// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread of a ring takes requests, and finishes what cannot be finished where a
 * device's interrupt ends it. An event is acknowledged only when its work is done,
 * so that a frontend that sends many gets them no faster than it is served.
 */
#include <linux/sched.h>
#include <linux/timer.h>

#include "blkback.h"

/* Between looks for pages that are no longer used. */
#define SWEEP_INTERVAL	(10 * HZ)
/* How long a frontend that has closed may still be putting requests on the ring. */
#define LAST_INTERVAL	(HZ / 10)
#define LAST_LOOK	(HZ / 50)
#define LAST_LOOKS	50

void blkback_worker_kick(struct blkback_ring *ring)
{
	/* Pairs with the worker's setting its state before it looks. */
	set_bit(RING_KICK, &ring->flags);
	smp_mb__after_atomic();
	wake_up_process(ring->thread);
}

irqreturn_t blkback_worker_irq(int irq, void *data)
{
	struct blkback_ring *ring = data;

	/* It may come before whoever binds it knows its number. */
	WRITE_ONCE(ring->irq, irq);
	WRITE_ONCE(ring->eoi_due, true);
	blkback_worker_kick(ring);
	return IRQ_HANDLED;
}

static void tick(struct timer_list *t)
{
	struct blkback_ring *ring = compat_timer_container(ring, t, timer);

	set_bit(RING_SWEEP, &ring->flags);
	blkback_worker_kick(ring);
}

static struct blkback_req *take(struct blkback_ring *ring)
{
	struct blkback_req *req;

	spin_lock_irq(&ring->lock);
	req = ring->free;
	if (req) {
		ring->free = req->free;
		ring->inflight++;
	}
	spin_unlock_irq(&ring->lock);
	return req;
}

/* How many requests are there; -1: more than there can be. */
static int asked(struct blkback_ring *ring)
{
	RING_IDX prod = READ_ONCE(ring->sring->req_prod);

	virt_rmb(); /* the index before the requests it covers */
	/*
	 * Ours moves on meanwhile, which only makes more room. With requests in flight
	 * an index that went back may lie between the two of ours.
	 */
	if (prod - READ_ONCE(ring->rsp_prod) > ring->nr_ents ||
	    prod - ring->req_cons > ring->nr_ents)
		return -1;
	return prod - ring->req_cons;
}

/* How many requests are there, or none and the frontend's fault. */
static unsigned int available(struct blkback_ring *ring)
{
	int n = asked(ring);

	if (n >= 0)
		return n;
	blkback_fault(ring->dev, "more requests than the ring has room for");
	set_bit(RING_DEAD, &ring->flags);
	return 0;
}

/* Ask for an event at the next request; true if it has come meanwhile. */
static bool rearm(struct blkback_ring *ring)
{
	WRITE_ONCE(ring->sring->req_event, ring->req_cons + 1);
	virt_mb(); /* our wish before another look; pairs with the frontend's push */
	if (!available(ring))
		return false;
	/* They may have raised an event that will find nothing. */
	ring->event_owed = true;
	return true;
}

static void take_requests(struct blkback_ring *ring, unsigned int n)
{
	bool plugged = n > 1;
	struct blk_plug plug;

	/* Responses of a device that is quick are announced once, at the end. */
	if (plugged) {
		WRITE_ONCE(ring->batching, true);
		blk_start_plug(&plug);
	}
	ring->seen = true;
	ring->taken = jiffies;
	while (n && !test_bit(RING_DEAD, &ring->flags)) {
		struct wire_request wire;
		struct blkback_req *req = take(ring);

		/* Each entry has a request: there is one for every entry not answered. */
		if (WARN_ON_ONCE(!req))
			break;
		wire_get(wire_entry(ring->sring, ring->nr_ents, ring->dev->abi, ring->req_cons),
			 ring->dev->abi, &wire);
		ring->req_cons++;
		n--;
		blkback_request_start(ring, req, &wire);
	}
	if (plugged)
		blk_finish_plug(&plug);
	/* Only this thread changes it: a barrier alone holds back what came before it. */
	if (ring->batching)
		blkback_response_flush(ring);
}

/* What ended where nothing more could be done about it. */
void blkback_worker_go_on(struct blkback_ring *ring)
{
	struct blkback_req *req, *next;
	struct llist_node *list;

	if (llist_empty(&ring->done))
		return;
	list = llist_reverse_order(llist_del_all(&ring->done));
	WRITE_ONCE(ring->batching, true);
	llist_for_each_entry_safe(req, next, list, done)
		blkback_request_go_on(ring, req);
	blkback_response_flush(ring);
}

/* Wait until only so many are with the block layer; 0 or 1. Of the worker. */
void blkback_worker_drain(struct blkback_ring *ring, unsigned int left)
{
	for (;;) {
		blkback_worker_go_on(ring);
		blkback_response_flush(ring);
		if (READ_ONCE(ring->inflight) <= left)
			break;
		/* The disk may take for ever: that is not this thread's being stuck. */
		wait_event_idle(ring->drained, READ_ONCE(ring->inflight) <= left ||
					       !llist_empty(&ring->done));
	}
}

static void sweep(struct blkback_ring *ring)
{
	unsigned long timeout = READ_ONCE(blkback_pgrant_timeout);

	/* Too long to be counted is as good as never. */
	if (!timeout || timeout > MAX_JIFFY_OFFSET / HZ)
		timeout = MAX_JIFFY_OFFSET / HZ;
	blkback_persistent_sweep(ring, timeout * HZ);
	if (!READ_ONCE(ring->inflight))
		blkback_staging_shrink(ring);
	if (blkback_log_stats)
		dev_info(&ring->dev->xbdev->dev,
			 "ring %u: read %llu (%llu sectors) write %llu (%llu) flush %llu discard %llu, pages mapped %u copied through %u\n",
			 ring->id, ring->stats.rd_req, ring->stats.rd_sect, ring->stats.wr_req,
			 ring->stats.wr_sect, ring->stats.f_req, ring->stats.ds_req,
			 ring->nr_pgrants, ring->nr_staging);
	if (ring->nr_pgrants || ring->nr_staging)
		mod_timer(&ring->timer, jiffies + SWEEP_INTERVAL);
}

static bool alive(struct blkback_ring *ring)
{
	return !(READ_ONCE(ring->flags) & (BIT(RING_DEAD) | BIT(RING_STOP)));
}

/* A frontend that always has more does not keep the worker from being stopped. */
static void work(struct blkback_ring *ring)
{
	unsigned int n;

	for (;;) {
		blkback_worker_go_on(ring);
		if (!alive(ring))
			break;
		n = available(ring);
		if (n)
			take_requests(ring, n);
		/* After several there may be more; one by one, who sends it waits for it. */
		if (!alive(ring) || (n <= 1 && !rearm(ring)))
			break;
		cond_resched();
	}
}

static void acknowledge(struct blkback_ring *ring, bool owed)
{
	if (!READ_ONCE(ring->eoi_due))
		return;
	WRITE_ONCE(ring->eoi_due, false);
	/* A dead ring's channel stays silent until it is unbound. */
	if (!test_bit(RING_DEAD, &ring->flags))
		xen_irq_lateeoi(ring->irq, ring->seen || owed ? 0 : XEN_EOI_FLAG_SPURIOUS);
	ring->seen = false;
}

static void wait_for_kick(struct blkback_ring *ring)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (test_and_clear_bit(RING_KICK, &ring->flags))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

/* It has not begun anew, and no driver bound later is to go on with its rings. */
static bool frontend_left(struct blkback *dev)
{
	enum xenbus_state state = READ_ONCE(dev->frontend);

	return state == XenbusStateClosing || state == XenbusStateClosed ||
	       state == XenbusStateUnknown;
}

/*
 * A frontend that has closed is answered what it had asked: the kernel's own takes its
 * disk away when all requests have come back, and waits for that for ever. Of one that
 * was used a moment ago a vCPU may be about to ask more, and what had to wait for an answer
 * comes after it. A ring full of that is all, and a second of waiting for it, as it may
 * never end; a ring that makes no sense any more is left alone.
 */
static void last_requests(struct blkback_ring *ring)
{
	int n, left = ring->nr_ents, looks = LAST_LOOKS;

	while (left && looks && frontend_left(ring->dev) && !test_bit(RING_DEAD, &ring->flags)) {
		n = min(asked(ring), left);
		if (n < 0)
			break;
		left -= n;
		if (n)
			take_requests(ring, n);
		blkback_worker_drain(ring, 0);
		if (n)
			continue;
		if (jiffies - ring->taken > LAST_INTERVAL)
			break;
		looks--;
		schedule_timeout_idle(LAST_LOOK);
	}
}

/* Nothing is taken from the ring any more; who asks gets the responses to all that was. */
static void wind_up(struct blkback_ring *ring)
{
	compat_timer_delete_sync(&ring->timer);
	last_requests(ring);
	blkback_worker_drain(ring, 0);
	/* Whoever ended the last one has left the lock. */
	spin_lock_irq(&ring->lock);
	spin_unlock_irq(&ring->lock);
	blkback_drained(ring->dev);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static int worker(void *data)
{
	struct blkback_ring *ring = data;
	bool owed;

	while (!test_bit(RING_STOP, &ring->flags)) {
		wait_for_kick(ring);
		owed = ring->event_owed;
		ring->event_owed = false;
		work(ring);
		acknowledge(ring, owed);
		if (test_bit(RING_SWEEP, &ring->flags)) {
			clear_bit(RING_SWEEP, &ring->flags);
			sweep(ring);
		} else if ((ring->nr_pgrants || ring->nr_staging) &&
			   !timer_pending(&ring->timer)) {
			mod_timer(&ring->timer, jiffies + SWEEP_INTERVAL);
		}
	}
	wind_up(ring);
	return 0;
}

int blkback_worker_start(struct blkback_ring *ring)
{
	struct blkback *dev = ring->dev;
	const char *name = strrchr(dev->xbdev->nodename, '/');

	timer_setup(&ring->timer, tick, TIMER_DEFERRABLE);
	ring->thread = kthread_create(worker, ring, "%d.%s-%u", dev->xbdev->otherend_id,
				      name ? name + 1 : "vbd", ring->id);
	if (IS_ERR(ring->thread)) {
		int ret = PTR_ERR(ring->thread);

		ring->thread = NULL;
		return ret;
	}
	get_task_struct(ring->thread);
	return 0;
}

/* The worker calls blkback_drained when nothing is with the block layer any more. */
void blkback_worker_stop(struct blkback_ring *ring)
{
	if (!ring->thread)
		return;
	set_bit(RING_STOP, &ring->flags);
	blkback_worker_kick(ring);
}

/* Of one that has drained. Events may still come. */
void blkback_worker_join(struct blkback_ring *ring)
{
	if (ring->thread)
		kthread_stop(ring->thread);
}

/* When no event can wake it any more. */
void blkback_worker_free(struct blkback_ring *ring)
{
	if (ring->thread)
		put_task_struct(ring->thread);
	ring->thread = NULL;
}
