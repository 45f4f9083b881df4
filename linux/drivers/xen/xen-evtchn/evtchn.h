/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event channels for user space.
 *
 * A channel of an open file is armed, or it has been delivered and waits for the
 * user to arm it again by writing its number. Delivered channels stand in a
 * queue, each at most once, so that the queue cannot overflow. Between delivery
 * and arming the end of interrupt is withheld: a peer that sends without end
 * costs one interrupt for each time the user asks for more.
 *
 * Locks, outermost first:
 *   bind_lock	binding, unbinding, arming: whoever holds it may use a channel's
 *		interrupt, which may not go away meanwhile. Sleeps.
 *   ports' own	(xa_lock) the set of ports and the queue; taken by the interrupt.
 *		Whoever finds a port in the set under it may notify it.
 */
#ifndef XYLEM_EVTCHN_H
#define XYLEM_EVTCHN_H

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <xen/interface/xen.h>
#include <xen/interface/event_channel.h>

struct evtchn_file {
	struct xarray ports;		/* port -> struct evtchn_port */
	struct evtchn_port *last;	/* the one that was asked for last, see evtchn_find() */
	struct list_head queue;		/* delivered, not yet read */
	wait_queue_head_t wait;
	struct mutex bind_lock;
	struct fasync_struct *async;
	domid_t only;			/* the one peer allowed, or EVTCHN_ANY */
	char name[24];			/* in /proc/interrupts */
};

#define EVTCHN_ANY ((domid_t)~0)

struct evtchn_port {
	struct evtchn_file *file;
	struct list_head link;		/* in file->queue, or alone */
	evtchn_port_t port;
	unsigned int irq;
	bool armed;
};

/*
 * The channel of this number, or NULL. Under bind_lock or the set's own lock, each of which
 * keeps it. Most files have one channel, or one that is busy: it is looked at first, as the
 * way through the set is longer than all else that is done here.
 */
static inline struct evtchn_port *evtchn_find(struct evtchn_file *f, evtchn_port_t port)
{
	struct evtchn_port *p = READ_ONCE(f->last);

	if (p && p->port == port)
		return p;
	p = xa_load(&f->ports, port);
	if (p)
		WRITE_ONCE(f->last, p);
	return p;
}

/* bind.c: all return a port or a negative error. */
int evtchn_bind_virq(struct evtchn_file *f, unsigned int virq);
int evtchn_bind_interdomain(struct evtchn_file *f, unsigned int domain,
			    evtchn_port_t remote);
int evtchn_bind_unbound(struct evtchn_file *f, unsigned int domain);

/*
 * 0, or -EINVAL for what is no port, -EACCES of a restricted file, -EISCONN for a port
 * that the file has, -EBUSY for one that the kernel or another file has, -ENOENT for one
 * that does not exist.
 */
int evtchn_bind_static(struct evtchn_file *f, evtchn_port_t port);

/* 0, -EINVAL for what is no port, -ENOTCONN for a port that is not ours. */
int evtchn_unbind(struct evtchn_file *f, evtchn_port_t port);
int evtchn_notify(struct evtchn_file *f, evtchn_port_t port);

/* Nobody else may use the file any more. */
void evtchn_unbind_all(struct evtchn_file *f);

/* queue.c */
irqreturn_t evtchn_interrupt(int irq, void *data);
void evtchn_forget(struct evtchn_file *f);
ssize_t evtchn_read(struct file *file, char __user *buf, size_t count, loff_t *pos);
ssize_t evtchn_write(struct file *file, const char __user *buf, size_t count,
		     loff_t *pos);
__poll_t evtchn_poll(struct file *file, poll_table *wait);

#endif /* XYLEM_EVTCHN_H */
