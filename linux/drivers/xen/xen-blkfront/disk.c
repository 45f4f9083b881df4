// SPDX-License-Identifier: GPL-2.0-only
/*
 * The disk as the kernel sees it.
 */
#include <linux/cdrom.h>
#include <linux/hdreg.h>
#include <linux/major.h>
#include <linux/module.h>

#include "blkfront.h"

#define PAGE_SECTS	(XEN_PAGE_SIZE >> SECTOR_SHIFT)

/* There is no such thing; partitioning programs want one that covers the disk. */
static int getgeo(struct gendisk *disk, struct hd_geometry *geo)
{
	sector_t cylinders = get_capacity(disk);

	geo->heads = 255;
	geo->sectors = 63;
	sector_div(cylinders, geo->heads * geo->sectors);
	geo->cylinders = min_t(sector_t, cylinders, 65535);
	return 0;
}
COMPAT_GETGEO(getgeo);

/* Of a CD-ROM drive's requests those that programs need to read a disc's data. */
static int disc_ioctl(struct gendisk *disk, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case CDROMMULTISESSION:
		return clear_user((void __user *)arg, sizeof(struct cdrom_multisession)) ?
			-EFAULT : 0;
	case CDROM_GET_CAPABILITY:
		return 0;
	default:
		return -ENOTTY;
	}
}
COMPAT_DISK_IOCTL(disc_ioctl);

static const struct block_device_operations disk_ops = {
	.owner = THIS_MODULE,
	.getgeo = compat_getgeo,
};

static const struct block_device_operations cdrom_ops = {
	.owner = THIS_MODULE,
	.getgeo = compat_getgeo,
	.ioctl = compat_disk_ioctl,
	.compat_ioctl = blkdev_compat_ptr_ioctl,
};

static void fill_limits(struct blkfront *dev, struct compat_limits *lim)
{
	const struct blkfront_features *f = &dev->features;

	lim->logical_block_size = f->sector_size;
	lim->physical_block_size = f->physical_sector_size;
	lim->write_cache = f->flush || f->barrier;
	/* Copied data is packed into whole pages; granted pages start anywhere. */
	lim->max_hw_sectors = f->bounce ? f->segs * PAGE_SECTS : (f->segs - 1) * PAGE_SECTS;
	/* One of a larger page may need a grant for each of its parts. */
	lim->max_segments = f->bounce ? BLK_MAX_SEGMENTS * 32 :
					f->segs / (PAGE_SIZE / XEN_PAGE_SIZE);
	lim->grant_segments = !f->bounce;
	if (f->discard) {
		lim->max_discard_sectors = UINT_MAX >> SECTOR_SHIFT;
		lim->discard_granularity = f->discard_granularity;
		lim->discard_alignment = f->discard_alignment;
		lim->max_secure_sectors = f->secure ? UINT_MAX >> SECTOR_SHIFT : 0;
	}
}

static int alloc_tags(struct blkfront *dev)
{
	dev->tags.ops = &blkfront_mq_ops;
	dev->tags.nr_hw_queues = dev->nr_rings;
	dev->tags.queue_depth = dev->rings[0].nr_slots;
	dev->tags.numa_node = NUMA_NO_NODE;
	dev->tags.flags = COMPAT_MQ_FLAGS;
	dev->tags.cmd_size = sizeof(struct blkfront_rq);
	dev->tags.driver_data = dev;
	return blk_mq_alloc_tag_set(&dev->tags);
}

/* The disk of a connected device, not known to anybody yet. */
int blkfront_disk_alloc(struct blkfront *dev)
{
	struct compat_limits lim = {};
	struct gendisk *disk;
	int ret;

	ret = alloc_tags(dev);
	if (ret)
		return ret;
	disk = compat_alloc_disk(&dev->tags, dev);
	if (IS_ERR(disk)) {
		ret = PTR_ERR(disk);
		goto free_tags;
	}
	ret = blkfront_names_claim(dev, dev->vdev, disk->disk_name, sizeof(disk->disk_name));
	if (ret) {
		dev_err(&dev->xbdev->dev, "virtual device %d %s\n", dev->vdev,
			ret == -EBUSY ? "is in use" : "is no disk's number");
		goto free_disk;
	}
	disk->major = XENVBD_MAJOR;
	disk->first_minor = dev->minor;
	disk->minors = dev->nr_minors;
	disk->fops = dev->features.info & VDISK_CDROM ? &cdrom_ops : &disk_ops;
	if (dev->features.info & (VDISK_REMOVABLE | VDISK_CDROM))
		disk->flags |= GENHD_FL_REMOVABLE;
	if (dev->features.info & VDISK_CDROM)
		disk->flags |= COMPAT_DISK_CD;
	fill_limits(dev, &lim);
	compat_set_limits(disk->queue, &lim);
	set_disk_ro(disk, !!(dev->features.info & (VDISK_READONLY | VDISK_CDROM)));
	set_capacity(disk, dev->features.sectors);
	dev->disk = disk;
	return 0;
free_disk:
	compat_put_disk(disk);
free_tags:
	blk_mq_free_tag_set(&dev->tags);
	return ret;
}

static const char *feature(bool on, const char *name)
{
	return on ? name : "";
}

/* Make it known. It is used before this returns: its partitions are read. */
int blkfront_disk_publish(struct blkfront *dev)
{
	const struct blkfront_features *f = &dev->features;
	int ret = compat_add_disk(&dev->xbdev->dev, dev->disk);

	if (ret)
		return ret;
	dev->published = true;
	dev_info(&dev->xbdev->dev, "%s: %llu sectors, %u queue%s of %u, %u segments%s%s%s%s\n",
		 dev->disk->disk_name, (unsigned long long)f->sectors, dev->nr_rings,
		 dev->nr_rings == 1 ? "" : "s", dev->rings[0].nr_slots, f->segs,
		 feature(f->persistent, ", persistent grants"), feature(f->flush, ", flush"),
		 feature(f->barrier, ", barrier"), feature(f->discard, ", discard"));
	return 0;
}

/*
 * Another backend may have other limits. With requests on their way: whoever changes
 * the queue's settings holds a lock that is wanted here, and waits for their end.
 */
void blkfront_disk_renew(struct blkfront *dev)
{
	struct compat_limits lim = {};

	fill_limits(dev, &lim);
	compat_set_limits(dev->disk->queue, &lim);
	compat_set_size(dev->disk, dev->features.sectors);
}

void blkfront_disk_resize(struct blkfront *dev)
{
	if (compat_set_size(dev->disk, dev->features.sectors))
		dev_info_ratelimited(&dev->xbdev->dev, "%s: now %llu sectors\n",
				     dev->disk->disk_name,
				     (unsigned long long)dev->features.sectors);
}

/* The disk goes at once; who has it open gets errors. Requests must not wait. */
void blkfront_disk_remove(struct blkfront *dev)
{
	if (!dev->disk)
		return;
	if (dev->published)
		del_gendisk(dev->disk);
	dev->published = false;
	blkfront_names_release(dev);
	compat_put_disk(dev->disk);
	dev->disk = NULL;
	blk_mq_free_tag_set(&dev->tags);
}
