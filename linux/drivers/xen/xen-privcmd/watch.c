// SPDX-License-Identifier: GPL-2.0-only
/* Eventfds that something is done for. */

#include <linux/file.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include "eventfds.h"
#include "watch.h"

static DEFINE_MUTEX(change_lock);
static DEFINE_SPINLOCK(list_lock);
static LIST_HEAD(watches);
static struct workqueue_struct *releases, *calls;

/* list_lock is held, and it is in the list: whoever takes it out ends it. */
static void end(struct watch *w)
{
	list_del_init(&w->link);
	queue_work(releases, &w->over);
}

static void release(struct work_struct *work)
{
	struct watch *w = container_of(work, struct watch, over);
	struct eventfd_ctx *eventfd = w->eventfd;

	/* Takes the eventfd's lock: nobody is in woken() afterwards. */
	remove_wait_queue(w->head, &w->wait);
	w->kind->release(w);
	eventfd_ctx_put(eventfd);
}

/* The eventfd's lock is held, interrupts are off. */
static int woken(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct watch *w = container_of(wait, struct watch, wait);
	__poll_t what = key_to_poll(key);
	unsigned long flags;

	if (what & EPOLLIN && w->kind->signalled)
		w->kind->signalled(w);
	if (what & EPOLLHUP) {
		spin_lock_irqsave(&list_lock, flags);
		if (!list_empty(&w->link))
			end(w);
		spin_unlock_irqrestore(&list_lock, flags);
	}
	return 0;
}

static void wait_at(struct file *file, wait_queue_head_t *head, poll_table *poll)
{
	struct watch *w = container_of(poll, struct watch, poll);

	w->head = head;
	add_wait_queue(head, &w->wait);
}

/* Under change_lock none comes to the list; the list's own lock keeps them from going. */
static struct watch *find(const struct watch_kind *kind, const void *of,
			  const struct eventfd_ctx *eventfd)
{
	struct watch *w;

	list_for_each_entry(w, &watches, link)
		if (w->kind == kind && w->of == of && w->eventfd == eventfd)
			return w;
	return NULL;
}

static bool is_watched(const struct watch *w)
{
	bool is;

	spin_lock_irq(&list_lock);
	is = find(w->kind, w->of, w->eventfd);
	spin_unlock_irq(&list_lock);
	return is;
}

/* @file is held: it is not closed before this is done. */
static void start(struct watch *w, struct file *file)
{
	INIT_WORK(&w->over, release);
	init_waitqueue_func_entry(&w->wait, woken);
	init_poll_funcptr(&w->poll, wait_at);
	vfs_poll(file, &w->poll);
	if (w->kind->signalled) {
		/* What came before it could be heard of. Without a table poll() takes no lock. */
		spin_lock_irq(&w->head->lock);
		if (vfs_poll(file, NULL) & EPOLLIN)
			w->kind->signalled(w);
		spin_unlock_irq(&w->head->lock);
	}
	spin_lock_irq(&list_lock);
	list_add(&w->link, &watches);
	spin_unlock_irq(&list_lock);
}

int watch_begin(struct watch *w, unsigned int fd)
{
	struct file *file = fget(fd);
	int ret = 0;

	if (!file)
		return -EBADF;
	w->eventfd = eventfd_ctx_fileget(file);
	if (IS_ERR(w->eventfd)) {
		ret = PTR_ERR(w->eventfd);
		goto out;
	}
	mutex_lock(&change_lock);
	if (is_watched(w)) {
		eventfd_ctx_put(w->eventfd);
		ret = -EBUSY;
	} else {
		start(w, file);
	}
	mutex_unlock(&change_lock);
out:
	fput(file);
	return ret;
}

int watch_end(const struct watch_kind *kind, const void *of, domid_t domid, unsigned int fd)
{
	struct eventfd_ctx *eventfd = eventfd_ctx_fdget(fd);
	struct watch *w;

	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	mutex_lock(&change_lock);
	spin_lock_irq(&list_lock);
	w = find(kind, of, eventfd);
	if (w && w->domid == domid)
		end(w);
	else
		w = NULL;
	spin_unlock_irq(&list_lock);
	mutex_unlock(&change_lock);
	eventfd_ctx_put(eventfd);
	return w ? 0 : -ENOENT;
}

void watch_settle(void)
{
	flush_workqueue(releases);
}

void watch_call(struct work_struct *work)
{
	queue_work(calls, work);
}

void watches_end(const struct privcmd_file *f)
{
	struct watch *w, *next;

	spin_lock_irq(&list_lock);
	list_for_each_entry_safe(w, next, &watches, link)
		if (w->file == f)
			end(w);
	spin_unlock_irq(&list_lock);
}

int watches_init(void)
{
	releases = alloc_workqueue("xen-privcmd", WQ_UNBOUND, 0);
	calls = alloc_workqueue("xen-privcmd-call", WQ_UNBOUND, 0);
	if (releases && calls)
		return 0;
	watches_exit();
	return -ENOMEM;
}

void watches_exit(void)
{
	/* No file is open, so that all have ended. */
	if (releases)
		destroy_workqueue(releases);
	if (calls)
		destroy_workqueue(calls);
}
