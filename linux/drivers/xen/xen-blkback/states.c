// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device from its creation to its end. It is connected when a hot-plug script has
 * said which block device it is (physical-device) and the frontend has made rings.
 *
 * When this driver is unbound the store is left alone and frontends notice nothing
 * but a pause: a driver bound later goes on where the rings stand.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "blkback.h"

#define SIZE_INTERVAL	(2 * HZ)
#define MAX_TRIES	100	/* to connect, in a device's life */

/* Nobody tells when a block device changes its size: look now and then. */
static void size_work(struct work_struct *work)
{
	struct blkback *dev = container_of(to_delayed_work(work), struct blkback, size_work);
	sector_t now;

	mutex_lock(&dev->mutex);
	if (dev->connected && dev->vbd.bdev) {
		now = blkback_vbd_sectors(dev);
		if (now != dev->vbd.sectors) {
			dev->vbd.sectors = now;
			dev_info(&dev->xbdev->dev, "new size: %llu sectors\n",
				 (unsigned long long)now);
			if (blkback_store_resize(dev))
				dev_warn(&dev->xbdev->dev, "the new size could not be written\n");
		}
		schedule_delayed_work(&dev->size_work, SIZE_INTERVAL);
	}
	mutex_unlock(&dev->mutex);
}

/* With the mutex. */
static void disconnect(struct blkback *dev)
{
	dev->connected = false;
	blkback_rings_disconnect(dev);
}

/* Set once; nobody but an administrator brings such a device back. With the mutex. */
static void ban(struct blkback *dev)
{
	dev->banned = true;
	xenbus_dev_fatal(dev->xbdev, -EPROTO, "frontend broke the protocol: %s",
			 READ_ONCE(dev->fault));
	disconnect(dev);
}

static void fault_work(struct work_struct *work)
{
	struct blkback *dev = container_of(work, struct blkback, fault_work);

	mutex_lock(&dev->mutex);
	if (!dev->banned)
		ban(dev);
	mutex_unlock(&dev->mutex);
}

void blkback_fault(struct blkback *dev, const char *what)
{
	if (!cmpxchg(&dev->fault, NULL, what))
		schedule_work(&dev->fault_work);
}

/* If both the block device and the frontend's rings are there. With the mutex. */
static void connect(struct blkback *dev)
{
	if (!dev->vbd.bdev || dev->connected || dev->banned)
		return;
	/* What failed before is tried again when the frontend began anew. */
	if (dev->xbdev->state != XenbusStateInitWait)
		return;
	/* Each failure is a message: a frontend has only so many. */
	if (dev->tries == MAX_TRIES)
		return;
	dev->tries++;
	if (blkback_store_read_frontend(dev))
		return;
	dev->vbd.sectors = blkback_vbd_sectors(dev);
	if (blkback_store_connect(dev))
		return;
	if (blkback_rings_connect(dev))
		return;
	if (xenbus_switch_state(dev->xbdev, XenbusStateConnected)) {
		disconnect(dev);
		return;
	}
	dev->connected = true;
	schedule_delayed_work(&dev->size_work, SIZE_INTERVAL);
	dev_info(&dev->xbdev->dev, "connected: %u ring%s of %u%s%s\n", dev->nr_rings,
		 dev->nr_rings == 1 ? "" : "s", dev->rings[0].nr_ents,
		 dev->persistent ? ", persistent grants" : "",
		 dev->vbd.readonly ? ", read-only" : "");
}

static bool frontend_says(struct blkback *dev, const char *node, const char *what)
{
	char *s = xenbus_read(XBT_NIL, dev->xbdev->otherend, node, NULL);
	bool is;

	if (IS_ERR(s))
		return false;
	is = !strcmp(s, what);
	kfree(s);
	return is;
}

/* With the mutex: the hot-plug script named a device. */
static void open_device(struct blkback *dev, unsigned int major, unsigned int minor)
{
	char *mode = xenbus_read(XBT_NIL, dev->xbdev->nodename, "mode", NULL);
	bool cdrom;
	int ret;

	if (IS_ERR(mode)) {
		xenbus_dev_fatal(dev->xbdev, PTR_ERR(mode), "reading mode");
		return;
	}
	kfree(dev->mode);
	dev->mode = mode;
	cdrom = frontend_says(dev, "device-type", "cdrom");
	ret = blkback_vbd_open(dev, MKDEV(major, minor), !strchr(mode, 'w'), cdrom);
	if (ret)
		xenbus_dev_fatal(dev->xbdev, ret, "opening block device %x:%x", major, minor);
}

static void frontend_ready(struct blkback *dev)
{
	unsigned int state = xenbus_read_unsigned(dev->xbdev->otherend, "state", 0);

	if (state == XenbusStateInitialised || state == XenbusStateConnected)
		connect(dev);
}

static void physical_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	struct blkback *dev = container_of(watch, struct blkback, watch);
	unsigned int major, minor;

	/* Not there yet, or the toolstack is taking it away. */
	if (xenbus_scanf(XBT_NIL, dev->xbdev->nodename, "physical-device", "%x:%x", &major,
			 &minor) != 2)
		return;
	mutex_lock(&dev->mutex);
	if (!dev->vbd.bdev) {
		open_device(dev, major, minor);
		if (dev->vbd.bdev)
			frontend_ready(dev);
	} else if (dev->vbd.dev != MKDEV(major, minor)) {
		dev_warn(&dev->xbdev->dev, "a connected disk cannot become another (%x:%x)\n",
			 major, minor);
	}
	mutex_unlock(&dev->mutex);
}

static void frontend_changed(struct xenbus_device *xbdev, enum xenbus_state state)
{
	struct blkback *dev = dev_get_drvdata(&xbdev->dev);
	bool gone = false;

	if (!dev)
		return;
	mutex_lock(&dev->mutex);
	switch (state) {
	case XenbusStateInitialising:
		/* A driver that comes after another. */
		if (xbdev->state == XenbusStateClosed && !dev->banned)
			xenbus_switch_state(xbdev, XenbusStateInitWait);
		break;
	case XenbusStateInitialised:
	case XenbusStateConnected:
		connect(dev);
		break;
	case XenbusStateClosing:
		xenbus_switch_state(xbdev, XenbusStateClosing);
		break;
	case XenbusStateClosed:
		disconnect(dev);
		xenbus_switch_state(xbdev, XenbusStateClosed);
		gone = !xenbus_dev_is_online(xbdev);
		break;
	case XenbusStateUnknown:
		disconnect(dev);
		gone = true;
		break;
	default:
		break;
	}
	mutex_unlock(&dev->mutex);
	if (gone)
		device_unregister(&xbdev->dev);
}

static void release(struct blkback *dev)
{
	if (dev->watching) {
		unregister_xenbus_watch(&dev->watch);
		kfree(dev->watch.node);
	}
	mutex_lock(&dev->mutex);
	disconnect(dev);
	blkback_vbd_close(dev);
	mutex_unlock(&dev->mutex);
	cancel_work_sync(&dev->fault_work);
	cancel_delayed_work_sync(&dev->size_work);
	kfree(dev->mode);
	kfree(dev);
}

static int probe(struct xenbus_device *xbdev, const struct xenbus_device_id *id)
{
	const char *number = strrchr(xbdev->nodename, '/');
	struct blkback *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	unsigned long handle = 0;
	int ret;

	if (!dev)
		return -ENOMEM;
	dev->xbdev = xbdev;
	mutex_init(&dev->mutex);
	INIT_WORK(&dev->fault_work, fault_work);
	INIT_DELAYED_WORK(&dev->size_work, size_work);
	if (number && !kstrtoul(number + 1, 0, &handle))
		dev->handle = handle;
	dev_set_drvdata(&xbdev->dev, dev);
	ret = blkback_stats_add(xbdev);
	if (ret)
		goto fail;
	ret = blkback_store_offer(dev);
	if (!ret)
		ret = xenbus_watch_pathfmt(xbdev, &dev->watch, NULL, physical_changed,
					   "%s/physical-device", xbdev->nodename);
	if (ret)
		goto fail_stats;
	dev->watching = true;
	ret = xenbus_switch_state(xbdev, XenbusStateInitWait);
	if (!ret)
		return 0;
fail_stats:
	blkback_stats_remove(xbdev);
fail:
	xenbus_dev_fatal(xbdev, ret, "setting up");
	dev_set_drvdata(&xbdev->dev, NULL);
	release(dev);
	return ret;
}

static compat_remove_t xenbus_remove(struct xenbus_device *xbdev)
{
	struct blkback *dev = dev_get_drvdata(&xbdev->dev);

	if (dev) {
		blkback_stats_remove(xbdev);
		dev_set_drvdata(&xbdev->dev, NULL);
		release(dev);
	}
	return compat_remove_ok;
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

int blkback_states_init(void)
{
	return xenbus_register_backend(&driver);
}

void blkback_states_exit(void)
{
	xenbus_unregister_driver(&driver);
}
