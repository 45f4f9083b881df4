// SPDX-License-Identifier: GPL-2.0-only
/* Channels on their way to the reader, and back when they are armed again. */

#include <linux/interrupt.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include "events.h"
#include "evtchn.h"

/*
 * Ports copied at a time, on the stack. Few: kernels that clear what is on the stack clear
 * this with each call, and one port is by far the most frequent case.
 */
#define BATCH 8

irqreturn_t evtchn_interrupt(int irq, void *data)
{
	struct evtchn_port *p = data;
	struct evtchn_file *f = p->file;
	bool wake;

	xa_lock(&f->ports);
	p->armed = false;
	wake = list_empty(&f->queue);
	/* It is still there if the user armed it without having read it. */
	if (list_empty(&p->link))
		list_add_tail(&p->link, &f->queue);
	xa_unlock(&f->ports);

	if (wake) {
		/* Has the barrier that pairs with the sleeper's own. */
		if (wq_has_sleeper(&f->wait))
			wake_up_interruptible(&f->wait);
		if (READ_ONCE(f->async))
			kill_fasync(&f->async, SIGIO, POLL_IN);
	}
	return IRQ_HANDLED;
}

static unsigned int take(struct evtchn_file *f, evtchn_port_t *ports, unsigned int max)
{
	unsigned int n = 0;

	xa_lock_irq(&f->ports);
	while (n < max && !list_empty(&f->queue)) {
		struct evtchn_port *p = list_first_entry(&f->queue, struct evtchn_port, link);

		list_del_init(&p->link);
		ports[n++] = p->port;
	}
	xa_unlock_irq(&f->ports);
	return n;
}

/* What could not be copied goes back, in order, to where it was taken from. */
static void put_back(struct evtchn_file *f, const evtchn_port_t *ports, unsigned int n)
{
	xa_lock_irq(&f->ports);
	while (n--) {
		struct evtchn_port *p = xa_load(&f->ports, ports[n]);

		if (p && list_empty(&p->link))
			list_add(&p->link, &f->queue);
	}
	xa_unlock_irq(&f->ports);
	wake_up_interruptible(&f->wait);
}

void evtchn_forget(struct evtchn_file *f)
{
	evtchn_port_t ports[BATCH];

	while (take(f, ports, BATCH))
		;
}

/* One is copied without a call. */
static bool put_ports(char __user *to, const evtchn_port_t *ports, unsigned int n)
{
	if (n == 1)
		return !put_user(*ports, (evtchn_port_t __user *)to);
	return !copy_to_user(to, ports, n * sizeof(*ports));
}

static bool get_ports(evtchn_port_t *ports, const char __user *from, unsigned int n)
{
	if (n == 1)
		return !get_user(*ports, (const evtchn_port_t __user *)from);
	return !copy_from_user(ports, from, n * sizeof(*ports));
}

static int wait_for_event(struct evtchn_file *f, struct file *file)
{
	if (file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	return wait_event_interruptible(f->wait, !list_empty_careful(&f->queue));
}

ssize_t evtchn_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct evtchn_file *f = file->private_data;
	size_t left = count / sizeof(evtchn_port_t), done = 0;
	evtchn_port_t ports[BATCH];
	unsigned int n;

	if (!left)
		return 0;
	/* Another reader may be faster: wait again. */
	while (!(n = take(f, ports, min_t(size_t, left, BATCH)))) {
		int ret = wait_for_event(f, file);

		if (ret)
			return ret;
	}

	do {
		if (!put_ports(buf + done, ports, n)) {
			put_back(f, ports, n);
			return done ?: -EFAULT;
		}
		done += n * sizeof(*ports);
		left -= n;
	} while (n == BATCH && left &&
		 (n = take(f, ports, min_t(size_t, left, BATCH))));
	return done;
}

/* bind_lock is held: nobody else arms it, and the interrupt cannot be freed. */
static void arm(struct evtchn_file *f, evtchn_port_t port)
{
	struct evtchn_port *p = evtchn_find(f, port);

	/* What was not delivered is armed: an end of interrupt is owed only once. */
	if (!p || READ_ONCE(p->armed))
		return;
	WRITE_ONCE(p->armed, true);
	xen_irq_lateeoi(p->irq, 0);
}

ssize_t evtchn_write(struct file *file, const char __user *buf, size_t count,
		     loff_t *pos)
{
	struct evtchn_file *f = file->private_data;
	size_t left = count / sizeof(evtchn_port_t), done = 0;
	evtchn_port_t ports[BATCH];
	unsigned int i, n;

	while (left) {
		n = min_t(size_t, left, BATCH);
		if (!get_ports(ports, buf + done, n))
			return done ?: -EFAULT;
		mutex_lock(&f->bind_lock);
		for (i = 0; i < n; i++)
			arm(f, ports[i]);
		mutex_unlock(&f->bind_lock);
		done += n * sizeof(*ports);
		left -= n;
		if (!left || fatal_signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

__poll_t evtchn_poll(struct file *file, poll_table *wait)
{
	struct evtchn_file *f = file->private_data;
	__poll_t mask = EPOLLOUT | EPOLLWRNORM;

	poll_wait(file, &f->wait, wait);
	if (!list_empty_careful(&f->queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}
