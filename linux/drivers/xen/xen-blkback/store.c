// SPDX-License-Identifier: GPL-2.0-only
/*
 * What both ends say to each other in the store. The frontend's numbers are bounded
 * before use.
 */
#include <linux/cpumask.h>

#include "blkback.h"
#include "store-transact.h"

/* Before a frontend can decide how many rings it wants. */
int blkback_store_offer(struct blkback *dev)
{
	const char *dir = dev->xbdev->nodename;
	unsigned int queues = READ_ONCE(blkback_max_queues);
	int ret;

	/* The parameter and the CPUs may change: what counts is what was said. */
	dev->max_rings = queues ? queues : num_online_cpus();
	ret = xenbus_printf(XBT_NIL, dir, "multi-queue-max-queues", "%u", dev->max_rings);
	if (!ret)
		ret = xenbus_printf(XBT_NIL, dir, "max-ring-page-order", "%u",
				    blkback_max_ring_order);
	return ret;
}

static int write_discard(struct blkback *dev, struct xenbus_transaction xbt)
{
	struct block_device *bdev = dev->vbd.bdev;
	const char *dir = dev->xbdev->nodename;
	int ret = 0;

	/* What is not offered is not done either: holes may be what is not wanted. */
	dev->vbd.discard = xenbus_read_unsigned(dir, "discard-enable", 1) && !dev->vbd.readonly &&
			   compat_bdev_can_discard(bdev);
	if (!dev->vbd.discard)
		return xenbus_printf(xbt, dir, "feature-discard", "%u", 0);
	ret = xenbus_printf(xbt, dir, "discard-granularity", "%u",
			    compat_bdev_discard_granularity(bdev));
	if (!ret)
		ret = xenbus_printf(xbt, dir, "discard-alignment", "%u",
				    compat_bdev_discard_alignment(bdev));
	if (!ret)
		ret = xenbus_printf(xbt, dir, "discard-secure", "%d",
				    compat_bdev_can_secure_erase(bdev));
	if (!ret)
		ret = xenbus_printf(xbt, dir, "feature-discard", "%u", 1);
	return ret;
}

static unsigned int disk_info(struct blkback *dev)
{
	return (dev->vbd.cdrom ? VDISK_CDROM : 0) |
	       (compat_bdev_is_removable(dev->vbd.bdev) ? VDISK_REMOVABLE : 0) |
	       (dev->vbd.readonly ? VDISK_READONLY : 0);
}

static int write_disk(struct blkback *dev, struct xenbus_transaction xbt)
{
	struct block_device *bdev = dev->vbd.bdev;
	const char *dir = dev->xbdev->nodename;
	int ret;

	ret = xenbus_printf(xbt, dir, "sectors", "%llu", (unsigned long long)dev->vbd.sectors);
	if (!ret)
		ret = xenbus_printf(xbt, dir, "info", "%u", disk_info(dev));
	if (!ret)
		ret = xenbus_printf(xbt, dir, "sector-size", "%u",
				    compat_bdev_logical_block_size(bdev));
	if (!ret)
		ret = xenbus_printf(xbt, dir, "physical-sector-size", "%u",
				    compat_bdev_physical_block_size(bdev));
	return ret;
}

static int write_all(struct xenbus_transaction xbt, void *data)
{
	struct blkback *dev = data;
	const char *dir = dev->xbdev->nodename;
	bool cache = compat_bdev_write_cache(dev->vbd.bdev);
	int ret;

	ret = xenbus_printf(xbt, dir, "feature-flush-cache", "%d", cache);
	if (!ret)
		ret = xenbus_printf(xbt, dir, "feature-barrier", "%d", cache);
	if (!ret)
		ret = write_discard(dev, xbt);
	if (!ret)
		ret = xenbus_printf(xbt, dir, "feature-persistent", "%u", dev->persistent);
	if (!ret)
		ret = xenbus_printf(xbt, dir, "feature-max-indirect-segments", "%u",
				    MAX_INDIRECT_SEGS);
	if (!ret)
		ret = write_disk(dev, xbt);
	return ret;
}

/* What the disk is and what we can do, all at once. */
int blkback_store_connect(struct blkback *dev)
{
	int ret = store_transact(write_all, dev);

	if (ret)
		xenbus_dev_fatal(dev->xbdev, ret, "writing the disk's properties");
	return ret;
}

static int write_size(struct xenbus_transaction xbt, void *data)
{
	struct blkback *dev = data;
	const char *dir = dev->xbdev->nodename;
	int ret = xenbus_printf(xbt, dir, "sectors", "%llu",
				(unsigned long long)dev->vbd.sectors);

	return ret ? ret : xenbus_printf(xbt, dir, "state", "%d", dev->xbdev->state);
}

/* The new size, and our state once more: that is what frontends watch. */
int blkback_store_resize(struct blkback *dev)
{
	return store_transact(write_size, dev);
}

static int read_abi(struct blkback *dev)
{
	char *abi = xenbus_read(XBT_NIL, dev->xbdev->otherend, "protocol", NULL);
	int ret = 0;

	/* Frontends of old did not say: they were like us. */
	dev->abi = !strcmp(XEN_IO_PROTO_ABI_NATIVE, XEN_IO_PROTO_ABI_X86_32) ? WIRE_X86_32 :
									       WIRE_64;
	if (IS_ERR(abi))
		return 0;
	if (!strcmp(abi, XEN_IO_PROTO_ABI_X86_32))
		dev->abi = WIRE_X86_32;
	else if (!strcmp(abi, XEN_IO_PROTO_ABI_X86_64) || !strcmp(abi, XEN_IO_PROTO_ABI_ARM))
		dev->abi = WIRE_64;
	else if (strcmp(abi, XEN_IO_PROTO_ABI_NATIVE))
		ret = -EPROTONOSUPPORT;
	kfree(abi);
	return ret;
}

/* How the frontend wants to talk: layout, number of rings, persistent grants. */
int blkback_store_read_frontend(struct blkback *dev)
{
	const char *dir = dev->xbdev->otherend;
	int ret = read_abi(dev);

	if (ret) {
		xenbus_dev_fatal(dev->xbdev, ret, "the frontend's protocol is not known");
		return ret;
	}
	dev->nr_rings = xenbus_read_unsigned(dir, "multi-queue-num-queues", 1);
	if (!dev->nr_rings || dev->nr_rings > dev->max_rings) {
		xenbus_dev_fatal(dev->xbdev, -EINVAL, "%u queues were not offered", dev->nr_rings);
		return -EINVAL;
	}
	dev->persistent = READ_ONCE(blkback_persistent) &&
			  xenbus_read_unsigned(dir, "feature-persistent", 0);
	return 0;
}

/*
 * Where the frontend says how many pages, they are numbered; where it does not, there
 * is one without a number, and numbered ones are of a driver that was there before. Of
 * those that say "one page" some use the other name.
 */
static int read_refs(const char *dir, grant_ref_t *refs, unsigned int nr, bool numbered)
{
	char node[20];
	unsigned int i;

	for (i = 0; numbered && i < nr; i++) {
		snprintf(node, sizeof(node), "ring-ref%u", i);
		if (xenbus_scanf(XBT_NIL, dir, node, "%u", &refs[i]) != 1)
			break;
	}
	if (numbered && i == nr)
		return 0;
	if (nr == 1 && xenbus_scanf(XBT_NIL, dir, "ring-ref", "%u", &refs[0]) == 1)
		return 0;
	return -ENOENT;
}

/* Pages and event channel of a ring; an error was written to the store. */
int blkback_store_read_ring(struct blkback *dev, unsigned int n, grant_ref_t *refs,
			    unsigned int *nr, evtchn_port_t *port)
{
	const char *frontend = dev->xbdev->otherend;
	unsigned int order = 0;
	bool numbered;
	char *dir;
	int ret;

	numbered = xenbus_scanf(XBT_NIL, frontend, "ring-page-order", "%u", &order) == 1;
	if (order > blkback_max_ring_order) {
		xenbus_dev_fatal(dev->xbdev, -EINVAL, "rings of order %u were not offered", order);
		return -EINVAL;
	}
	*nr = 1 << order;
	dir = dev->nr_rings == 1 ? kstrdup(frontend, GFP_KERNEL) :
				   kasprintf(GFP_KERNEL, "%s/queue-%u", frontend, n);
	if (!dir) {
		ret = -ENOMEM;
	} else {
		ret = read_refs(dir, refs, *nr, numbered);
		if (!ret && xenbus_scanf(XBT_NIL, dir, "event-channel", "%u", port) != 1)
			ret = -ENOENT;
		kfree(dir);
	}
	if (ret)
		xenbus_dev_fatal(dev->xbdev, ret, "reading ring %u of the frontend", n);
	return ret;
}
