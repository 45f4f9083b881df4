// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device does next. It is connected when a hot-plug script has said which block
 * device it is (physical-device) and the frontend has made rings.
 *
 * When this driver is unbound the store is left alone and frontends notice nothing
 * but a pause: a driver bound later goes on where the rings stand.
 */
#include <linux/slab.h>

#include "blkback.h"

#define SIZE_INTERVAL	(2 * HZ)
#define MAX_FAILURES	100	/* to connect, in a device's life: each is a message */

/* What is left to do without the mutex, as it may take long. */
enum step {
	STEP_NONE,
	STEP_AGAIN,
	STEP_OPEN,		/* the block device */
	STEP_FREE,		/* rings that have drained */
	STEP_END,		/* the device */
};

struct target {
	dev_t dev;
	bool readonly, cdrom;
};

/* Nobody tells when a block device changes its size: look now and then. */
static void size_work(struct work_struct *work)
{
	struct blkback *dev = container_of(to_delayed_work(work), struct blkback, size_work);
	sector_t now;

	mutex_lock(&dev->mutex);
	if (dev->phase == BLKBACK_JOINED && !dev->removed) {
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

void blkback_fault(struct blkback *dev, const char *what)
{
	if (!cmpxchg(&dev->fault, NULL, what))
		blkback_device_queue(dev);
}

/* Of a worker, with which the device lives on until it is joined. */
void blkback_drained(struct blkback *dev)
{
	if (atomic_dec_and_test(&dev->draining))
		blkback_device_queue(dev);
}

static enum step drain(struct blkback *dev)
{
	dev->phase = BLKBACK_DRAINING;
	blkback_rings_stop(dev);
	return STEP_AGAIN;
}

/* Nobody but an administrator brings such a device back. */
static void ban(struct blkback *dev)
{
	dev->banned = true;
	xenbus_dev_fatal(dev->xbdev, -EPROTO, "frontend broke the protocol: %s",
			 READ_ONCE(dev->fault));
}

static enum step join(struct blkback *dev)
{
	if (blkback_store_read_frontend(dev))
		return STEP_NONE;
	dev->vbd.sectors = blkback_vbd_sectors(dev);
	if (blkback_store_connect(dev))
		return STEP_NONE;
	/* Some may take requests already when another fails. */
	if (blkback_rings_connect(dev) ||
	    xenbus_switch_state(dev->xbdev, XenbusStateConnected))
		return drain(dev);
	dev->phase = BLKBACK_JOINED;
	schedule_delayed_work(&dev->size_work, SIZE_INTERVAL);
	dev_info_ratelimited(&dev->xbdev->dev, "connected: %u ring%s of %u%s%s\n", dev->nr_rings,
			     dev->nr_rings == 1 ? "" : "s", dev->rings[0].nr_ents,
			     dev->persistent ? ", persistent grants" : "",
			     dev->vbd.readonly ? ", read-only" : "");
	return STEP_NONE;
}

/* If both the block device and the frontend's rings are there. */
static enum step connect(struct blkback *dev)
{
	enum step step;

	if (!dev->vbd.bdev || dev->phase != BLKBACK_APART || dev->banned)
		return STEP_NONE;
	/* What failed before is tried again when the frontend began anew. */
	if (dev->xbdev->state != XenbusStateInitWait || dev->failures == MAX_FAILURES)
		return STEP_NONE;
	/* It still answers on the rings. */
	if (blkback_device_has_predecessor(dev))
		return STEP_NONE;
	step = join(dev);
	if (dev->phase != BLKBACK_JOINED)
		dev->failures++;
	return step;
}

/* The frontend's state, however often it changed since the last look. */
static enum step follow(struct blkback *dev)
{
	struct xenbus_device *xbdev = dev->xbdev;

	switch (READ_ONCE(dev->frontend)) {
	case XenbusStateInitialising:
		/* A driver that comes after another, which may not have said good-bye. */
		if (dev->phase == BLKBACK_JOINED)
			return drain(dev);
		if ((xbdev->state == XenbusStateClosed || xbdev->state == XenbusStateConnected) &&
		    !dev->banned && xenbus_dev_is_online(xbdev))
			xenbus_switch_state(xbdev, XenbusStateInitWait);
		break;
	case XenbusStateInitialised:
	case XenbusStateConnected:
		return connect(dev);
	case XenbusStateClosing:
		xenbus_switch_state(xbdev, XenbusStateClosing);
		break;
	case XenbusStateClosed:
		if (dev->phase == BLKBACK_JOINED) {
			/* Another driver is not to think that it could use what is here. */
			xenbus_switch_state(xbdev, XenbusStateClosing);
			return drain(dev);
		}
		xenbus_switch_state(xbdev, XenbusStateClosed);
		break;
	default:
		break;
	}
	return STEP_NONE;
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

/* The block device that the hot-plug script named, if it did, and it is news. */
static enum step look(struct blkback *dev, struct target *target)
{
	unsigned int major, minor;
	char *mode;

	/* Not there yet, or the toolstack is taking it away. */
	if (xenbus_scanf(XBT_NIL, dev->xbdev->nodename, "physical-device", "%x:%x", &major,
			 &minor) != 2)
		return STEP_AGAIN;
	target->dev = MKDEV(major, minor);
	if (dev->vbd.bdev) {
		if (dev->vbd.dev != target->dev)
			dev_warn_ratelimited(&dev->xbdev->dev,
					     "a connected disk cannot become another (%x:%x)\n",
					     major, minor);
		return STEP_AGAIN;
	}
	mode = xenbus_read(XBT_NIL, dev->xbdev->nodename, "mode", NULL);
	if (IS_ERR(mode)) {
		xenbus_dev_fatal(dev->xbdev, PTR_ERR(mode), "reading mode");
		return STEP_AGAIN;
	}
	kfree(dev->mode);
	dev->mode = mode;
	target->readonly = !strchr(mode, 'w');
	target->cdrom = frontend_says(dev, "device-type", "cdrom");
	return STEP_OPEN;
}

/* With the mutex. */
static enum step next(struct blkback *dev, struct target *target)
{
	if (dev->phase == BLKBACK_DRAINING)
		return atomic_read(&dev->draining) ? STEP_NONE : STEP_FREE;
	if (dev->removed)
		return dev->phase == BLKBACK_JOINED ? drain(dev) : STEP_END;
	if (READ_ONCE(dev->fault) && !dev->banned) {
		ban(dev);
		if (dev->phase == BLKBACK_JOINED)
			return drain(dev);
	}
	if (READ_ONCE(dev->look)) {
		/* A change from here on is another look. */
		WRITE_ONCE(dev->look, false);
		return look(dev, target);
	}
	return follow(dev);
}

static void open_disk(struct blkback *dev, const struct target *target)
{
	struct blkback_vbd vbd = {};
	int ret = blkback_vbd_open(&vbd, target->dev, target->readonly, target->cdrom);

	mutex_lock(&dev->mutex);
	if (!ret)
		dev->vbd = vbd;
	else if (!dev->removed)
		xenbus_dev_fatal(dev->xbdev, ret, "opening block device %x:%x",
				 MAJOR(target->dev), MINOR(target->dev));
	mutex_unlock(&dev->mutex);
}

static void free_rings(struct blkback *dev)
{
	struct blkback_ring *rings;
	unsigned int i;

	mutex_lock(&dev->mutex);
	rings = dev->rings;
	dev->rings = NULL;
	for (i = 0; rings && i < dev->nr_rings; i++)
		blkback_stats_count(&dev->gone, &rings[i].stats);
	mutex_unlock(&dev->mutex);
	blkback_rings_free(rings, dev->nr_rings);
	mutex_lock(&dev->mutex);
	dev->phase = BLKBACK_APART;
	mutex_unlock(&dev->mutex);
}

/* In two turns, as this work may be queued again until nobody knows of it. */
static void end(struct blkback *dev)
{
	if (!dev->unlisted) {
		cancel_delayed_work_sync(&dev->size_work);
		blkback_vbd_close(&dev->vbd);
		blkback_device_unlist(dev);
		return;
	}
	complete(&dev->ended);
	blkback_device_put(dev);
}

static void work(struct work_struct *work)
{
	struct blkback *dev = container_of(work, struct blkback, work);
	struct target target;
	enum step step;

	do {
		mutex_lock(&dev->mutex);
		step = next(dev, &target);
		mutex_unlock(&dev->mutex);
		switch (step) {
		case STEP_OPEN:
			open_disk(dev, &target);
			break;
		case STEP_FREE:
			free_rings(dev);
			break;
		case STEP_END:
			end(dev);
			return;
		default:
			break;
		}
	} while (step != STEP_NONE);
}

void blkback_states_start(struct blkback *dev)
{
	INIT_WORK(&dev->work, work);
	INIT_DELAYED_WORK(&dev->size_work, size_work);
	dev->frontend = XenbusStateUnknown;
}
