// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module and its devices' states.
 *
 * A device is connected when both ends are; it is closed when the backend asks for
 * it, breaks the protocol, or goes away: requests then fail, whoever has the disk
 * open. After a suspend rings are made again and what was in flight is sent again;
 * nothing of it was acknowledged.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/major.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <xen/platform_pci.h>

#include "blkfront.h"
#include "probe-failed.h"
#include "xylem-version.h"

unsigned int blkfront_max_indirect = 256;
module_param_named(max_indirect_segments, blkfront_max_indirect, uint, 0444);
MODULE_PARM_DESC(max_indirect_segments,
		 "Maximum amount of segments in indirect requests (default is 256)");

unsigned int blkfront_max_queues;
module_param_named(max_queues, blkfront_max_queues, uint, 0444);
MODULE_PARM_DESC(max_queues,
		 "Maximum number of hardware queues/rings used per virtual disk (default: one a CPU)");

unsigned int blkfront_max_ring_order;
module_param_named(max_ring_page_order, blkfront_max_ring_order, uint, 0444);
MODULE_PARM_DESC(max_ring_page_order,
		 "Maximum order of pages to be used for the shared ring (default 0, at most 4)");

bool blkfront_trusted = true;
module_param_named(trusted, blkfront_trusted, bool, 0644);
MODULE_PARM_DESC(trusted, "Is the backend trusted");

bool blkfront_persistent = true;
module_param_named(feature_persistent, blkfront_persistent, bool, 0644);
MODULE_PARM_DESC(feature_persistent, "Enables the persistent grants feature");

/* How long requests in flight may take when the disk is to go (milliseconds). */
#define DRAIN_MS	5000

static unsigned int in_flight(struct blkfront *dev)
{
	unsigned int i, j, n = 0;

	for (i = 0; dev->rings && i < dev->nr_rings; i++) {
		spin_lock_irq(&dev->rings[i].lock);
		if (dev->rings[i].live)
			for (j = 0; j < dev->rings[i].nr_slots; j++)
				n += dev->rings[i].slots[j].rq != NULL;
		spin_unlock_irq(&dev->rings[i].lock);
	}
	return n;
}

/* What is left in the slots: sent again later, or failed. */
static void sweep(struct blkfront *dev)
{
	unsigned int i, j;

	for (i = 0; i < dev->nr_rings; i++)
		for (j = 0; j < dev->rings[i].nr_slots; j++) {
			struct blkfront_slot *slot = &dev->rings[i].slots[j];
			struct request *rq = slot->rq;

			if (!rq)
				continue;
			slot->rq = NULL;
			/* The backend may still write: the page outlives the request. */
			if (!dev->features.bounce)
				blkfront_request_end_grants(rq, slot);
			slot->nr_segs = 0;
			slot->taken = false;
			if (dev->life == BLKFRONT_LOST)
				blk_mq_requeue_request(rq, false);
			else
				blk_mq_end_request(rq, BLK_STS_IOERR);
		}
}

/*
 * Take the rings away; life says what becomes of requests. The queue stays quiesced
 * when it is LOST. With the mutex.
 */
static void disconnect(struct blkfront *dev, enum blkfront_life life)
{
	unsigned int i;

	if (dev->disk && dev->life == BLKFRONT_LIVE)
		blk_mq_quiesce_queue(dev->disk->queue);
	for (i = 0; dev->rings && i < dev->nr_rings; i++)
		blkfront_ring_stop(&dev->rings[i]);
	if (dev->disk) {
		blk_mq_tagset_wait_completed_request(&dev->tags);
		swap(dev->life, life);
		sweep(dev);
		swap(dev->life, life);
	}
	for (i = 0; dev->rings && i < dev->nr_rings; i++)
		blkfront_ring_disconnect(&dev->rings[i]);
	if (dev->disk && life == BLKFRONT_DEAD && dev->life != BLKFRONT_DEAD) {
		dev->life = life;
		blk_mq_unquiesce_queue(dev->disk->queue);
		blk_mq_start_stopped_hw_queues(dev->disk->queue, true);
		blk_mq_kick_requeue_list(dev->disk->queue);
	}
	dev->life = life;
}

/*
 * Reading partitions waits for the backend, which may never answer: not in the one
 * thread that hears of all changes in the store, and without the mutex.
 */
static void add_work(struct work_struct *work)
{
	struct blkfront *dev = container_of(work, struct blkfront, add_work);

	if (blkfront_disk_publish(dev))
		blkfront_fault(dev, "the disk could not be added");
}

/* What comes from now on fails. */
static void refuse(struct blkfront *dev)
{
	unsigned int i;

	for (i = 0; dev->rings && i < dev->nr_rings; i++) {
		spin_lock_irq(&dev->rings[i].lock);
		dev->rings[i].open = false;
		spin_unlock_irq(&dev->rings[i].lock);
	}
}

/* The disk disappears. gentle: what is in flight may end first. With the mutex. */
static void shut(struct blkfront *dev, bool gentle)
{
	unsigned int ms;

	refuse(dev);
	for (ms = 0; gentle && !READ_ONCE(dev->hurry) && ms < DRAIN_MS && in_flight(dev); ms += 10)
		msleep(10);
	disconnect(dev, BLKFRONT_DEAD);
	/* What was to be made anew fails, too: somebody waits for each of them. */
	flush_work(&dev->saved_work);
	/* Requests of a disk that is being added fail now: that has an end. */
	flush_work(&dev->add_work);
	/* Newer kernels wait here until what is being written has ended: it has. */
	if (dev->disk)
		compat_mark_disk_dead(dev->disk);
	blkfront_disk_remove(dev);
	blkfront_rings_free(dev);
}

static void fault_work(struct work_struct *work)
{
	struct blkfront *dev = container_of(work, struct blkfront, fault_work);

	mutex_lock(&dev->mutex);
	if (dev->life != BLKFRONT_DEAD) {
		xenbus_dev_fatal(dev->xbdev, -EPROTO, "%s", READ_ONCE(dev->fault));
		shut(dev, false);
	}
	mutex_unlock(&dev->mutex);
}

void blkfront_fault(struct blkfront *dev, const char *what)
{
	if (!cmpxchg(&dev->fault, NULL, what))
		schedule_work(&dev->fault_work);
}

static void saved_work(struct work_struct *work)
{
	struct blkfront *dev = container_of(work, struct blkfront, saved_work);
	struct bio_list list;
	struct bio *bio;

	spin_lock_irq(&dev->saved_lock);
	list = dev->saved;
	bio_list_init(&dev->saved);
	spin_unlock_irq(&dev->saved_lock);
	while ((bio = bio_list_pop(&list)))
		submit_bio_noacct(bio);
}

/* The backend waits: make rings and tell it. With the mutex. */
static void announce(struct blkfront *dev)
{
	unsigned int i;
	int ret = 0;

	blkfront_negotiate_rings(dev);
	if (!dev->rings)
		ret = blkfront_rings_alloc(dev);
	if (!ret)
		blkfront_rings_assign(dev);
	for (i = 0; i < dev->nr_used && !ret; i++)
		ret = blkfront_ring_connect(&dev->rings[i]);
	if (ret) {
		xenbus_dev_fatal(dev->xbdev, ret, "making the rings");
	} else {
		ret = blkfront_negotiate_announce(dev);
		if (!ret) {
			xenbus_switch_state(dev->xbdev, XenbusStateInitialised);
			return;
		}
	}
	for (i = 0; dev->rings && i < dev->nr_rings; i++)
		blkfront_ring_disconnect(&dev->rings[i]);
}

static void go_live(struct blkfront *dev)
{
	unsigned int i;

	for (i = 0; i < dev->nr_used; i++) {
		spin_lock_irq(&dev->rings[i].lock);
		dev->rings[i].live = dev->rings[i].open = true;
		spin_unlock_irq(&dev->rings[i].lock);
	}
	dev->life = BLKFRONT_LIVE;
}

static int prepare(struct blkfront *dev)
{
	unsigned int i;
	int ret;

	ret = blkfront_negotiate_disk(dev);
	if (ret)
		return ret;
	for (i = 0; i < dev->nr_used && !ret; i++)
		ret = blkfront_ring_prepare(&dev->rings[i]);
	if (ret)
		xenbus_dev_fatal(dev->xbdev, ret, "making room for requests");
	return ret;
}

/* The backend is connected: so are we. With the mutex. */
static void connect(struct blkfront *dev)
{
	bool again = dev->life == BLKFRONT_LOST;
	int ret;

	if (prepare(dev))
		goto fail;
	go_live(dev);
	if (again) {
		blk_mq_unquiesce_queue(dev->disk->queue);
		blk_mq_start_stopped_hw_queues(dev->disk->queue, true);
		blk_mq_kick_requeue_list(dev->disk->queue);
		blkfront_disk_renew(dev);
		xenbus_switch_state(dev->xbdev, XenbusStateConnected);
		return;
	}
	ret = blkfront_disk_alloc(dev);
	if (ret) {
		xenbus_dev_fatal(dev->xbdev, ret, "making the disk");
		goto fail;
	}
	xenbus_switch_state(dev->xbdev, XenbusStateConnected);
	schedule_work(&dev->add_work);
	return;
fail:
	shut(dev, false);
}

/* A suspend made the rings worthless, also those that nobody has joined yet. With the mutex. */
static void lose(struct blkfront *dev)
{
	if (dev->life == BLKFRONT_LIVE || dev->life == BLKFRONT_LOST)
		disconnect(dev, BLKFRONT_LOST);
	else if (dev->life == BLKFRONT_FRESH && dev->rings)
		disconnect(dev, BLKFRONT_FRESH);
}

static void close(struct blkfront *dev, bool gentle)
{
	if (dev->life != BLKFRONT_DEAD)
		shut(dev, gentle);
	xenbus_frontend_closed(dev->xbdev);
}

static void resize(struct blkfront *dev)
{
	if (blkfront_negotiate_size(dev))
		dev_warn_ratelimited(&dev->xbdev->dev, "the new size makes no sense\n");
	else
		blkfront_disk_resize(dev);
}

/*
 * An earlier driver of ours closed. A backend that has not done so yet may have requests
 * of that one with its disk: to begin now would be to begin with what it will close.
 */
static bool is_early(struct xenbus_device *xbdev, enum xenbus_state state)
{
	return xbdev->state == XenbusStateClosed &&
	       (state == XenbusStateConnected || state == XenbusStateClosing);
}

static void follow(struct blkfront *dev, enum xenbus_state state)
{
	struct xenbus_device *xbdev = dev->xbdev;

	if (dev->life == BLKFRONT_FRESH) {
		if (is_early(xbdev, state))
			return;
		if (xbdev->state == XenbusStateClosed)
			xenbus_switch_state(xbdev, XenbusStateInitialising);
	}
	switch (state) {
	case XenbusStateInitWait:
		/*
		 * A driver that takes over the backend while we are connected passes
		 * through here, too, and goes on with the rings that are there. So does
		 * one that says it twice.
		 */
		if (dev->life != BLKFRONT_DEAD && xbdev->state == XenbusStateInitialising)
			announce(dev);
		break;
	case XenbusStateInitialised:
		/* Some skip a state. */
		if (dev->life == BLKFRONT_FRESH && xbdev->state == XenbusStateInitialising)
			announce(dev);
		break;
	case XenbusStateConnected:
		if (dev->life == BLKFRONT_FRESH && xbdev->state == XenbusStateInitialising)
			announce(dev);
		if (dev->life == BLKFRONT_LIVE)
			resize(dev);
		else if (dev->life != BLKFRONT_DEAD && xbdev->state == XenbusStateInitialised)
			connect(dev);
		break;
	case XenbusStateClosing:
		close(dev, true);
		break;
	case XenbusStateClosed:
		if (xbdev->state != XenbusStateClosed && xbdev->state != XenbusStateInitialising)
			close(dev, false);
		break;
	default:
		break;
	}
}

/* The last of its states counts, however many there were. */
static void follow_backend(struct blkfront *dev)
{
	unsigned int noio;

	mutex_lock(&dev->mutex);
	/* Memory for a disk that comes back may not wait for what is to be written to it. */
	noio = memalloc_noio_save();
	if (!dev->hurry)
		follow(dev, READ_ONCE(dev->backend));
	memalloc_noio_restore(noio);
	mutex_unlock(&dev->mutex);
}

static void state_work(struct work_struct *work)
{
	follow_backend(container_of(work, struct blkfront, state_work));
}

/*
 * In the thread that hears of all changes in the store. A disk that goes may wait for
 * requests: not here. But our state becomes and ceases to be Initialising here, as the
 * bus of newer kernels (7.2) looks at the store's state and at ours in this thread, one
 * after the other, and takes us for gone when only the store's is Initialising.
 */
static void backend_changed(struct xenbus_device *xbdev, enum xenbus_state state)
{
	struct blkfront *dev = dev_get_drvdata(&xbdev->dev);

	if (!dev)
		return;
	WRITE_ONCE(dev->backend, state);
	if (state >= XenbusStateInitWait && state <= XenbusStateConnected &&
	    (xbdev->state == XenbusStateInitialising ||
	     (xbdev->state == XenbusStateClosed && READ_ONCE(dev->life) == BLKFRONT_FRESH)))
		follow_backend(dev);
	else
		schedule_work(&dev->state_work);
}

/* A drive that the device model emulates is its, not ours. */
static bool is_emulated(struct xenbus_device *xbdev, int vdev)
{
	char *type;
	bool cdrom;

	if (!IS_ENABLED(CONFIG_XEN_PVHVM) || !xen_hvm_domain())
		return false;
	if (xen_has_pv_and_legacy_disk_devices() && vdev >> 8 != XENVBD_MAJOR &&
	    !(vdev >> 28))
		return true;
	type = xenbus_read(XBT_NIL, xbdev->nodename, "device-type", NULL);
	if (IS_ERR(type))
		return true;
	cdrom = !strncmp(type, "cdrom", 5);
	kfree(type);
	return cdrom;
}

static int probe(struct xenbus_device *xbdev, const struct xenbus_device_id *id)
{
	struct blkfront *dev;
	int vdev;

	if (xenbus_scanf(XBT_NIL, xbdev->nodename, "virtual-device", "%i", &vdev) != 1 &&
	    xenbus_scanf(XBT_NIL, xbdev->nodename, "virtual-device-ext", "%i", &vdev) != 1) {
		xenbus_dev_fatal(xbdev, -ENOENT, "reading virtual-device");
		return probe_failed(xbdev, -ENOENT);
	}
	if (is_emulated(xbdev, vdev))
		return probe_failed(xbdev, -ENODEV);
	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return probe_failed(xbdev, -ENOMEM);
	dev->xbdev = xbdev;
	dev->vdev = vdev;
	mutex_init(&dev->mutex);
	spin_lock_init(&dev->saved_lock);
	bio_list_init(&dev->saved);
	INIT_WORK(&dev->state_work, state_work);
	INIT_WORK(&dev->add_work, add_work);
	INIT_WORK(&dev->fault_work, fault_work);
	INIT_WORK(&dev->saved_work, saved_work);
	dev_set_drvdata(&xbdev->dev, dev);
	return 0;
}

static compat_remove_t xenbus_remove(struct xenbus_device *xbdev)
{
	struct blkfront *dev = dev_get_drvdata(&xbdev->dev);

	if (dev) {
		/* A disk that the toolstack took away in the store gets no answers. */
		WRITE_ONCE(dev->hurry, current->flags & PF_KTHREAD);
		cancel_work_sync(&dev->state_work);
		mutex_lock(&dev->mutex);
		if (dev->life != BLKFRONT_DEAD)
			shut(dev, true);
		mutex_unlock(&dev->mutex);
		cancel_work_sync(&dev->fault_work);
		flush_work(&dev->saved_work);
		dev_set_drvdata(&xbdev->dev, NULL);
		kfree(dev);
	}
	return COMPAT_REMOVED;
}

/* Grants and channels of before the suspend are gone. */
static int xenbus_resume(struct xenbus_device *xbdev)
{
	struct blkfront *dev = dev_get_drvdata(&xbdev->dev);

	mutex_lock(&dev->mutex);
	WRITE_ONCE(dev->backend, XenbusStateUnknown);
	lose(dev);
	/* Our work may have said something else since the bus forgot our state. */
	if (dev->life != BLKFRONT_DEAD)
		xenbus_switch_state(xbdev, XenbusStateInitialising);
	mutex_unlock(&dev->mutex);
	return 0;
}

static int is_ready(struct xenbus_device *xbdev)
{
	struct blkfront *dev = dev_get_drvdata(&xbdev->dev);

	/* Whoever waited for the devices may use it, with its partitions. */
	return !dev || dev->published || dev->life == BLKFRONT_DEAD;
}

static const struct xenbus_device_id ids[] = {
	{ "vbd" },
	{ "" }
};

static struct xenbus_driver driver = {
	.ids = ids,
	.probe = probe,
	.remove = xenbus_remove,
	.resume = xenbus_resume,
	.otherend_changed = backend_changed,
	.is_ready = is_ready,
};

static int __init blkfront_init(void)
{
	int ret;

	if (!xen_domain() || !xen_has_pv_disk_devices())
		return -ENODEV;
	if (blkfront_max_ring_order > BLKFRONT_MAX_RING_ORDER) {
		pr_warn("max_ring_page_order %u: %u is the most\n", blkfront_max_ring_order,
			BLKFRONT_MAX_RING_ORDER);
		blkfront_max_ring_order = BLKFRONT_MAX_RING_ORDER;
	}
	ret = register_blkdev(XENVBD_MAJOR, "xvd");
	if (ret)
		return ret;
	/*
	 * Without an owner: a bound device would otherwise hold the module. A disk that
	 * is open holds it all the same, by its operations.
	 */
	ret = __xenbus_register_frontend(&driver, NULL, KBUILD_MODNAME);
	if (ret)
		unregister_blkdev(XENVBD_MAJOR, "xvd");
	return ret;
}
module_init(blkfront_init);

static void __exit blkfront_exit(void)
{
	xenbus_unregister_driver(&driver);
	unregister_blkdev(XENVBD_MAJOR, "xvd");
}
module_exit(blkfront_exit);

MODULE_DESCRIPTION("Xen virtual block device frontend");
MODULE_AUTHOR("Xylem developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(XYLEM_VERSION);
MODULE_ALIAS_BLOCKDEV_MAJOR(XENVBD_MAJOR);
MODULE_ALIAS("xen:vbd");
MODULE_ALIAS("xenblk");
