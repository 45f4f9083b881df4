// SPDX-License-Identifier: GPL-2.0-only
/*
 * What both ends say to each other in the store. Numbers of the backend are bounded
 * before use; the disk's geometry must make sense.
 */
#include <linux/cpumask.h>
#include <linux/log2.h>

#include "blkfront.h"
#include "store-transact.h"

static unsigned int offer(struct blkfront *dev, const char *node, unsigned int missing)
{
	return xenbus_read_unsigned(dev->xbdev->otherend, node, missing);
}

/*
 * How many rings, of how many pages. A disk that comes back after a migration has the
 * queues that it had; when the new backend takes less, queues share its rings.
 */
void blkfront_negotiate_rings(struct blkfront *dev)
{
	unsigned int queues = max(offer(dev, "multi-queue-max-queues", 1), 1u);
	unsigned int order = offer(dev, "max-ring-page-order", 0);

	if (!dev->rings) {
		unsigned int most = blkfront_max_queues;

		if (!most || most > nr_cpu_ids)
			most = nr_cpu_ids;
		dev->nr_rings = min3(queues, most, num_online_cpus());
		dev->max_ring_order = min3(order, blkfront_max_ring_order,
					   (unsigned int)BLKFRONT_MAX_RING_ORDER);
	}
	dev->nr_used = min(queues, dev->nr_rings);
	dev->features.ring_order = min(order, dev->max_ring_order);
}

static int write_ring(struct xenbus_transaction xbt, struct blkfront_ring *ring, const char *dir)
{
	char node[20];
	unsigned int i;
	int ret;

	if (ring->nr_pages == 1) {
		ret = xenbus_printf(xbt, dir, "ring-ref", "%u", ring->grefs[0]);
		if (ret)
			return ret;
	} else {
		for (i = 0; i < ring->nr_pages; i++) {
			snprintf(node, sizeof(node), "ring-ref%u", i);
			ret = xenbus_printf(xbt, dir, node, "%u", ring->grefs[i]);
			if (ret)
				return ret;
		}
	}
	return xenbus_printf(xbt, dir, "event-channel", "%u", ring->port);
}

static int write_queues(struct xenbus_transaction xbt, struct blkfront *dev)
{
	const char *dir = dev->xbdev->nodename;
	unsigned int i;
	char *path;
	int ret;

	if (dev->nr_used == 1)
		return write_ring(xbt, &dev->rings[0], dir);
	ret = xenbus_printf(xbt, dir, "multi-queue-num-queues", "%u", dev->nr_used);
	for (i = 0; i < dev->nr_used && !ret; i++) {
		path = kasprintf(GFP_KERNEL, "%s/queue-%u", dir, i);
		if (!path)
			return -ENOMEM;
		ret = write_ring(xbt, &dev->rings[i], path);
		kfree(path);
	}
	return ret;
}

static int write_all(struct xenbus_transaction xbt, void *data)
{
	struct blkfront *dev = data;
	const char *dir = dev->xbdev->nodename;
	int ret = 0;

	/* A driver that was here before may have had more of either. */
	xenbus_rm(xbt, dir, "ring-page-order");
	xenbus_rm(xbt, dir, "multi-queue-num-queues");
	if (dev->features.ring_order)
		ret = xenbus_printf(xbt, dir, "ring-page-order", "%u", dev->features.ring_order);
	if (!ret)
		ret = write_queues(xbt, dev);
	if (!ret)
		ret = xenbus_printf(xbt, dir, "protocol", "%s", XEN_IO_PROTO_ABI_NATIVE);
	if (!ret)
		ret = xenbus_printf(xbt, dir, "feature-persistent", "%u", dev->offered);
	return ret;
}

/* Tell the backend where the rings are, all at once. */
int blkfront_negotiate_announce(struct blkfront *dev)
{
	int ret;

	/* The parameter may change until the backend has answered. */
	dev->offered = READ_ONCE(blkfront_persistent);
	ret = store_transact(write_all, dev);
	if (ret)
		xenbus_dev_fatal(dev->xbdev, ret, "announcing the rings");
	return ret;
}

/* The size alone; it changes while a disk is in use. */
int blkfront_negotiate_size(struct blkfront *dev)
{
	unsigned long long sectors;

	if (xenbus_scanf(XBT_NIL, dev->xbdev->otherend, "sectors", "%llu", &sectors) != 1)
		return -ENOENT;
	if (sectors >> (63 - SECTOR_SHIFT))
		return -EFBIG;
	/* Whole blocks; how large they are is read later the first time. */
	if (dev->features.sector_size)
		sectors = round_down(sectors, (u64)(dev->features.sector_size >> SECTOR_SHIFT));
	dev->features.sectors = sectors;
	return 0;
}

static bool plausible(unsigned int size)
{
	return is_power_of_2(size) && size >= SECTOR_SIZE && size <= PAGE_SIZE;
}

static int read_geometry(struct blkfront *dev)
{
	struct blkfront_features *f = &dev->features;
	int ret = blkfront_negotiate_size(dev);

	if (ret)
		return ret;
	f->info = offer(dev, "info", 0);
	f->sector_size = offer(dev, "sector-size", SECTOR_SIZE);
	if (!plausible(f->sector_size))
		return -EINVAL;
	f->physical_sector_size = offer(dev, "physical-sector-size", f->sector_size);
	if (!is_power_of_2(f->physical_sector_size) || f->physical_sector_size < f->sector_size)
		f->physical_sector_size = f->sector_size;
	f->sectors = round_down(f->sectors, (sector_t)(f->sector_size >> SECTOR_SHIFT));
	return 0;
}

static void read_discard(struct blkfront *dev)
{
	struct blkfront_features *f = &dev->features;
	unsigned int granularity = offer(dev, "discard-granularity", f->physical_sector_size);

	f->discard = offer(dev, "feature-discard", 0);
	f->secure = f->discard && offer(dev, "discard-secure", 0);
	f->discard_granularity = is_power_of_2(granularity) && granularity >= f->sector_size ?
				 granularity : f->physical_sector_size;
	f->discard_alignment = offer(dev, "discard-alignment", 0) % f->discard_granularity;
}

/* What the disk is and what its backend can do. */
int blkfront_negotiate_disk(struct blkfront *dev)
{
	struct blkfront_features *f = &dev->features;
	int ret = read_geometry(dev);

	if (ret) {
		xenbus_dev_fatal(dev->xbdev, ret, "the backend's geometry makes no sense");
		return ret;
	}
	f->flush = offer(dev, "feature-flush-cache", 0);
	f->barrier = offer(dev, "feature-barrier", 0);
	read_discard(dev);
	f->persistent = dev->offered && offer(dev, "feature-persistent", 0);
	f->bounce = f->persistent || !blkfront_trusted ||
		    !xenbus_read_unsigned(dev->xbdev->nodename, "trusted", 1);
	f->segs = min3(offer(dev, "feature-max-indirect-segments", 0), blkfront_max_indirect,
		       (unsigned int)MAX_SEGS);
	f->segs = max_t(unsigned int, f->segs, BLKIF_MAX_SEGMENTS_PER_REQUEST);
	if (f->segs < LEAST_SEGS) {
		xenbus_dev_fatal(dev->xbdev, -EINVAL,
				 "requests of %u segments hold less than a page of this kernel",
				 f->segs);
		return -EINVAL;
	}
	return 0;
}
