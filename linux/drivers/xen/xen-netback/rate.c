// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much a guest may send: so many bytes in each window of so many
 * microseconds ("rate" in xenstore). Every queue has the whole credit, as with the
 * stock driver. What is not used is kept, up to one packet of the largest size.
 */
#include <linux/ktime.h>
#include <linux/timer.h>

#include "net.h"
#include "netback.h"

/* A window smaller than the largest packet must not stop it for ever. */
#define NB_CREDIT_BURST	(128UL * 1024)

static void nb_credit_refill(struct nb_credit *c)
{
	unsigned long most = max(c->bytes, NB_CREDIT_BURST);

	c->left = c->bytes > most - min(c->left, most) ? most : c->left + c->bytes;
}

static u64 nb_credit_window(const struct nb_credit *c)
{
	return (u64)c->usec * NSEC_PER_USEC;
}

static void nb_credit_timer(struct timer_list *t)
{
	struct nb_queue *q = container_of(t, struct nb_queue, credit.timer);

	WRITE_ONCE(q->credit.waiting, false);
	napi_schedule(&q->napi);
}

void nb_credit_init(struct nb_queue *q)
{
	timer_setup(&q->credit.timer, nb_credit_timer, 0);
	q->credit.bytes = q->vif->credit_bytes;
	q->credit.usec = q->vif->credit_usec;
	q->credit.left = q->credit.bytes;
	q->credit.window = ktime_get_ns();
}

/* False: not now; the timer starts the NAPI when there is credit again. */
bool nb_credit_take(struct nb_queue *q, unsigned int bytes)
{
	struct nb_credit *c = &q->credit;
	u64 now, end;

	if (!READ_ONCE(c->usec))
		return true;
	if (READ_ONCE(c->waiting))
		return false;
	now = ktime_get_ns();
	end = c->window + nb_credit_window(c);
	if (now >= end) {
		c->window = now;
		nb_credit_refill(c);
	}
	if (bytes <= c->left) {
		c->left -= bytes;
		return true;
	}
	q->rate_limited++;
	WRITE_ONCE(c->waiting, true);
	end = c->window + nb_credit_window(c);
	mod_timer(&c->timer, jiffies + nsecs_to_jiffies(end > now ? end - now : 0) + 1);
	return false;
}

void nb_credit_stop(struct nb_queue *q)
{
	if (q->credit.timer.function)
		timer_delete_sync(&q->credit.timer);
}

/*
 * A change while connected counts from the next window on; who waits for that, by the old
 * measure, looks anew.
 */
void nb_credit_set(struct nb_vif *vif, unsigned long bytes, unsigned long usec)
{
	struct nb_queue *queues;
	unsigned int i;

	vif->credit_bytes = bytes;
	vif->credit_usec = usec;
	rcu_read_lock();
	queues = nb_queues(vif);
	for (i = 0; queues && i < vif->nqueues; i++) {
		WRITE_ONCE(queues[i].credit.bytes, bytes);
		WRITE_ONCE(queues[i].credit.usec, usec);
		mod_timer_pending(&queues[i].credit.timer, jiffies);
	}
	rcu_read_unlock();
}
