// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of interrupt that a driver gives when it has done the work, and the delay of
 * it for a peer that sends events without work.
 */

#include <linux/export.h>
#include <linux/irq.h>
#include <xen/events.h>
#include "ports.h"

/* The delay doubles with each interrupt for nothing after the first, up to this. */
#define MAX_DELAY	(HZ / 10 ?: 1)

static void late_end(struct work_struct *work)
{
	event_unmask(container_of(to_delayed_work(work), struct event, eoi), MASKED_EOI);
}

void event_eoi_init(struct event *e)
{
	INIT_DELAYED_WORK(&e->eoi, late_end);
}

void event_eoi_stop(struct event *e)
{
	cancel_delayed_work_sync(&e->eoi);
}

static unsigned int delay(struct event *e, unsigned int flags)
{
	unsigned long irqflags;
	unsigned int n;

	raw_spin_lock_irqsave(&e->lock, irqflags);
	if (!(flags & XEN_EOI_FLAG_SPURIOUS))
		e->spurious = 0;
	else if (e->spurious < 16)
		e->spurious++;
	n = e->spurious;
	raw_spin_unlock_irqrestore(&e->lock, irqflags);
	return n > 1 ? min_t(unsigned int, 1u << (n - 2), MAX_DELAY) : 0;
}

void xen_irq_lateeoi(unsigned int irq, unsigned int eoi_flags)
{
	struct event *e;
	unsigned int wait;

	rcu_read_lock();
	e = event_of(irq);
	if (e) {
		wait = delay(e, eoi_flags);
		if (wait)
			queue_delayed_work(system_wq, &e->eoi, wait);
		else
			event_unmask(e, MASKED_EOI);
	}
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(xen_irq_lateeoi);
