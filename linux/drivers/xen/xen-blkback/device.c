// SPDX-License-Identifier: GPL-2.0-only
/*
 * The xenbus driver: what is told us is noted, and the device's work does it.
 *
 * A device that is removed may have requests with a disk that does not answer. It is
 * left behind then, without a name in the driver model, and ends when they do. The module
 * stays until then, and so does the ring: a driver bound anew connects after that.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "blkback.h"
#include "probe-failed.h"

/* How long a removal waits for requests in flight: long enough for disks that work. */
#define WAIT_OF_PROCESS	(5 * HZ)
#define WAIT_OF_THREAD	(HZ / 5)

static LIST_HEAD(all);
static DEFINE_SPINLOCK(all_lock);
static DECLARE_WAIT_QUEUE_HEAD(all_gone);
static struct workqueue_struct *works;

void blkback_device_queue(struct blkback *dev)
{
	queue_work(works, &dev->work);
}

void blkback_device_put(struct blkback *dev)
{
	if (!refcount_dec_and_test(&dev->users))
		return;
	put_device(&dev->xbdev->dev);
	kfree(dev->mode);
	kfree(dev);
}

/*
 * Nobody but itself queues the device's work afterwards. Who waited to take its place
 * may go on.
 */
void blkback_device_unlist(struct blkback *dev)
{
	struct blkback *other;

	spin_lock(&all_lock);
	list_del(&dev->all);
	list_for_each_entry(other, &all, all)
		if (other->xbdev == dev->xbdev)
			blkback_device_queue(other);
	spin_unlock(&all_lock);
	dev->unlisted = true;
	blkback_device_queue(dev);
	wake_up(&all_gone);
}

/* The driver was unbound and bound again: the rings are the same. */
bool blkback_device_has_predecessor(struct blkback *dev)
{
	struct blkback *other;
	bool has = false;

	spin_lock(&all_lock);
	list_for_each_entry(other, &all, all) {
		/* The list is in the order of age. */
		if (other == dev)
			break;
		has |= other->xbdev == dev->xbdev;
	}
	spin_unlock(&all_lock);
	return has;
}

/* Closed by the frontend, and the toolstack wants no more of it. */
static bool is_over(struct blkback *dev)
{
	bool closed;

	mutex_lock(&dev->mutex);
	closed = dev->phase == BLKBACK_APART && dev->frontend == XenbusStateClosed &&
		 dev->xbdev->state == XenbusStateClosed;
	mutex_unlock(&dev->mutex);
	return closed && !xenbus_dev_is_online(dev->xbdev);
}

/* Our own folder: the hot-plug script named a device, our state was written, ... */
static void node_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	struct blkback *dev = container_of(watch, struct blkback, watch);

	if (is_over(dev)) {
		/* Only in this thread: it takes away devices whose folders are gone, too. */
		device_unregister(&dev->xbdev->dev);
		return;
	}
	if (!READ_ONCE(dev->look)) {
		WRITE_ONCE(dev->look, true);
		blkback_device_queue(dev);
	}
}

static void frontend_changed(struct xenbus_device *xbdev, enum xenbus_state state)
{
	struct blkback *dev = dev_get_drvdata(&xbdev->dev);

	if (!dev)
		return;
	WRITE_ONCE(dev->frontend, state);
	if (state == XenbusStateUnknown)
		device_unregister(&xbdev->dev);
	else
		blkback_device_queue(dev);
}

/* The device is on its own afterwards; it ends soon if its disk works. */
static void leave(struct blkback *dev)
{
	/* The one thread that all devices' changes go through has no time for a disk. */
	long patience = current->flags & PF_KTHREAD ? WAIT_OF_THREAD : WAIT_OF_PROCESS;

	if (dev->watch.node) {
		unregister_xenbus_watch(&dev->watch);
		kfree(dev->watch.node);
	}
	refcount_inc(&dev->users);
	mutex_lock(&dev->mutex);
	dev->removed = true;
	mutex_unlock(&dev->mutex);
	blkback_device_queue(dev);
	if (!wait_for_completion_timeout(&dev->ended, patience))
		dev_info_ratelimited(&dev->xbdev->dev,
				     "removed with requests in flight: ends when they do\n");
	blkback_device_put(dev);
}

static int probe(struct xenbus_device *xbdev, const struct xenbus_device_id *id)
{
	struct blkback *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int ret;

	if (!dev)
		return probe_failed(xbdev, -ENOMEM);
	get_device(&xbdev->dev);
	dev->xbdev = xbdev;
	refcount_set(&dev->users, 1);
	mutex_init(&dev->mutex);
	init_completion(&dev->ended);
	blkback_states_start(dev);
	spin_lock(&all_lock);
	list_add_tail(&dev->all, &all);
	spin_unlock(&all_lock);
	dev_set_drvdata(&xbdev->dev, dev);
	ret = blkback_stats_add(xbdev);
	if (ret)
		goto fail;
	ret = blkback_store_offer(dev);
	/* The watch's first event is there at once. */
	if (!ret)
		ret = xenbus_switch_state(xbdev, XenbusStateInitWait);
	if (!ret)
		ret = xenbus_watch_pathfmt(xbdev, &dev->watch, NULL, node_changed, "%s",
					   xbdev->nodename);
	if (!ret)
		return 0;
	blkback_stats_remove(xbdev);
fail:
	xenbus_dev_fatal(xbdev, ret, "setting up");
	dev_set_drvdata(&xbdev->dev, NULL);
	leave(dev);
	return probe_failed(xbdev, ret);
}

static compat_remove_t xenbus_remove(struct xenbus_device *xbdev)
{
	struct blkback *dev = dev_get_drvdata(&xbdev->dev);

	if (dev) {
		blkback_stats_remove(xbdev);
		dev_set_drvdata(&xbdev->dev, NULL);
		leave(dev);
	}
	return COMPAT_REMOVED;
}

static const struct xenbus_device_id ids[] = {
	{ "vbd" },
	{ "" }
};

static struct xenbus_driver driver = {
	.ids = ids,
	.probe = probe,
	.remove = xenbus_remove,
	.otherend_changed = frontend_changed,
	.allow_rebind = true,
};

int blkback_device_init(void)
{
	int ret;

	/* Work waits where a disk is opened or closed: as many as may do so at a time. */
	works = alloc_workqueue("xen-blkback", WQ_UNBOUND, WQ_MAX_ACTIVE);
	if (!works)
		return -ENOMEM;
	/* Without an owner: a bound device would keep the module from being removed. */
	ret = __xenbus_register_backend(&driver, NULL, KBUILD_MODNAME);
	if (ret)
		destroy_workqueue(works);
	return ret;
}

static bool nobody(void)
{
	bool empty;

	spin_lock(&all_lock);
	empty = list_empty(&all);
	spin_unlock(&all_lock);
	return empty;
}

/* Waits for devices that were left behind, and for their work's last turn. */
void blkback_device_exit(void)
{
	xenbus_unregister_driver(&driver);
	wait_event_idle(all_gone, nobody());
	destroy_workqueue(works);
}
