/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Eventfds that something is done for, until one is closed or taken back, or the file of
 * /dev/xen/privcmd is by which it was asked for. A watch keeps neither of these files.
 *
 * Locks, outermost first:
 *   watch.c's mutex	watches begin and end one at a time. Sleeps.
 *   an eventfd's own	held, interrupts off, while a watch is told of a signal.
 *   watch.c's list	the set of watches.
 */
#ifndef XYLEM_PRIVCMD_WATCH_H
#define XYLEM_PRIVCMD_WATCH_H

#include <linux/eventfd.h>
#include <linux/list.h>
#include <linux/poll.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <xen/interface/xen.h>

struct privcmd_file;
struct watch;

struct watch_kind {
	/*
	 * Somebody wrote to the eventfd; NULL: nobody needs to know. The eventfd's lock is
	 * held.
	 */
	void (*signalled)(struct watch *w);
	/* It is over, and @w the owner's again. May sleep. */
	void (*release)(struct watch *w);
};

struct watch {
	/* The owner's, before it begins: */
	const struct watch_kind *kind;
	const void *of;			/* an eventfd is watched once for each of these */
	const struct privcmd_file *file;	/* with which it ends */
	domid_t domid;
	/* To read while it lasts, and in release(): */
	struct eventfd_ctx *eventfd;
	/* watch.c's: */
	struct list_head link;
	wait_queue_entry_t wait;
	wait_queue_head_t *head;
	poll_table poll;
	struct work_struct over;
};

/*
 * Begins; the rest of @w is zero. What is in the eventfd already counts as a signal. From 0
 * on @w belongs to its kind's release(), which may be called at once, from elsewhere;
 * otherwise -EBADF, -EINVAL for what is no eventfd, -EBUSY if it is watched for this already.
 */
int watch_begin(struct watch *w, unsigned int fd);

/* Ends one. 0, -EBADF or -EINVAL as above, -ENOENT. release() is called later. */
int watch_end(const struct watch_kind *kind, const void *of, domid_t domid, unsigned int fd);
/* All that have ended are released after it. Not under a lock that a release() takes. */
void watch_settle(void);

/* Work that may take long, which release() is to wait for. */
void watch_call(struct work_struct *work);

#endif /* XYLEM_PRIVCMD_WATCH_H */
