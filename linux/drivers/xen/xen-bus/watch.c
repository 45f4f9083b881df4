// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches. An event names its watch by the token, a number of ours; events wait in a
 * queue for the one thread that calls back. A path that already waits for the same
 * watch is not queued again when many do: the callback will see the newest state anyway.
 *
 * queue_lock covers the queue, and which watch's callback runs. Nothing is locked while
 * one does: it may remove a device, whose driver another thread may be removing, which
 * waits for a callback, but for one of its own.
 */

#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include "bus.h"

/* From so many waiting events of a watch on, repetitions are left out; the end. */
#define MANY	64
#define TOO_MANY 4096

struct watch_event {
	struct list_head link;
	struct xenbus_watch *watch;
	const char *token;
	char *path;			/* and the token behind it */
};

static DEFINE_XARRAY_ALLOC1(watches);	/* token -> struct xenbus_watch */
static DEFINE_SPINLOCK(queue_lock);
static LIST_HEAD(queue);
static DECLARE_WAIT_QUEUE_HEAD(queued);
static struct xenbus_watch *running;
static DECLARE_WAIT_QUEUE_HEAD(finished);
static struct task_struct *watcher_task;

/* queue_lock is held. */
static bool is_queued(const struct watch_event *event)
{
	struct watch_event *e;

	list_for_each_entry(e, &queue, link)
		if (e->watch == event->watch && !strcmp(e->path, event->path))
			return true;
	return false;
}

/* queue_lock is held. False if the event is not wanted. */
static bool enqueue(struct watch_event *event, u32 id)
{
	struct xenbus_watch *watch = xa_load(&watches, id);

	if (!watch || (watch->will_handle &&
		       !watch->will_handle(watch, event->path, event->token)))
		return false;
	event->watch = watch;
	if (watch->nr_pending >= MANY && is_queued(event))
		return false;
	if (watch->nr_pending >= TOO_MANY) {
		pr_warn_ratelimited("xen-bus: too many events below %s\n", watch->node);
		return false;
	}
	watch->nr_pending++;
	list_add_tail(&event->link, &queue);
	return true;
}

void xb_watch_event(char *body, unsigned int len)
{
	unsigned int path = strnlen(body, len);
	struct watch_event *event;
	bool wanted = false;
	u32 id;

	/* The body is "path", "token"; what came without its end has one added. */
	if (path >= len || kstrtou32(body + path + 1, 16, &id)) {
		pr_warn_ratelimited("xen-bus: a watch event without a token\n");
		kfree(body);
		return;
	}
	event = kmalloc(sizeof(*event), GFP_NOIO | __GFP_NOFAIL);
	event->path = body;
	event->token = body + path + 1;
	spin_lock(&queue_lock);
	wanted = enqueue(event, id);
	spin_unlock(&queue_lock);
	if (wanted) {
		wake_up(&queued);
	} else {
		kfree(body);
		kfree(event);
	}
}

static struct watch_event *next_event(void)
{
	struct watch_event *event;

	spin_lock(&queue_lock);
	event = list_first_entry_or_null(&queue, struct watch_event, link);
	if (event) {
		list_del(&event->link);
		event->watch->nr_pending--;
		running = event->watch;
	}
	spin_unlock(&queue_lock);
	return event;
}

static void call(struct watch_event *event)
{
	event->watch->callback(event->watch, event->path, event->token);
	kfree(event->path);
	kfree(event);
	spin_lock(&queue_lock);
	running = NULL;
	spin_unlock(&queue_lock);
	wake_up_all(&finished);
}

static int watcher(void *unused)
{
	struct watch_event *event;

	for (;;) {
		wait_event_idle(queued, !list_empty_careful(&queue));
		event = next_event();
		if (event)
			call(event);
	}
	return 0;
}

static bool is_running(const struct xenbus_watch *watch)
{
	bool ret;

	spin_lock(&queue_lock);
	ret = running == watch;
	spin_unlock(&queue_lock);
	return ret;
}

static int request(enum xsd_sockmsg_type type, const struct xenbus_watch *watch, u32 id)
{
	char token[12];
	struct kvec iov[2] = {
		{ .iov_base = (void *)watch->node, .iov_len = strlen(watch->node) + 1 },
		{ .iov_base = token },
	};
	void *reply;

	iov[1].iov_len = snprintf(token, sizeof(token), "%x", id) + 1;
	reply = xb_talk(XBT_NIL, type, iov, 2, NULL);
	if (IS_ERR(reply))
		return PTR_ERR(reply);
	kfree(reply);
	return 0;
}

/* No event of the watch is delivered any more, but one may be just now. */
static void forget(struct xenbus_watch *watch, u32 id)
{
	struct watch_event *event, *n;

	xa_erase(&watches, id);
	spin_lock(&queue_lock);
	list_for_each_entry_safe(event, n, &queue, link) {
		if (event->watch != watch)
			continue;
		list_del(&event->link);
		kfree(event->path);
		kfree(event);
	}
	watch->nr_pending = 0;
	spin_unlock(&queue_lock);
}

int register_xenbus_watch(struct xenbus_watch *watch)
{
	u32 id;
	int ret;

	watch->nr_pending = 0;
	/* Events may come before the reply does. */
	ret = xa_alloc(&watches, &id, watch, xa_limit_31b, GFP_KERNEL);
	if (ret)
		return ret;
	ret = request(XS_WATCH, watch, id);
	if (ret)
		forget(watch, id);
	return ret;
}
EXPORT_SYMBOL_GPL(register_xenbus_watch);

static u32 id_of(const struct xenbus_watch *watch)
{
	struct xenbus_watch *w;
	unsigned long id;

	xa_for_each(&watches, id, w)
		if (w == watch)
			return id;
	return 0;
}

/* After this, the callback does not run and will not, unless it is what calls. */
void unregister_xenbus_watch(struct xenbus_watch *watch)
{
	u32 id = id_of(watch);
	int ret;

	if (WARN_ON(!id))
		return;
	ret = request(XS_UNWATCH, watch, id);
	if (ret)
		pr_warn("xen-bus: watch of %s not released: %d\n", watch->node, ret);
	forget(watch, id);
	if (current != watcher_task)
		wait_event(finished, !is_running(watch));
}
EXPORT_SYMBOL_GPL(unregister_xenbus_watch);

int __init xb_watch_start(void)
{
	void *reply;

	watcher_task = kthread_run(watcher, NULL, "xenwatch");
	if (IS_ERR(watcher_task))
		return PTR_ERR(watcher_task);
	/* Those of a kernel that ran here before; old stores do not know it. */
	reply = xb_talk(XBT_NIL, XS_RESET_WATCHES, &(struct kvec){ "", 1 }, 1, NULL);
	if (!IS_ERR(reply))
		kfree(reply);
	return 0;
}
