/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The block layer and grants as the block drivers use them, for all kernels.
 */
#ifndef XYLEM_COMPAT_BLK_H
#define XYLEM_COMPAT_BLK_H

#include <linux/blkdev.h>
#include <linux/blk-mq.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <xen/grant_table.h>
#include <xen/xenbus.h>
#include "grants.h"
#include "xbremove.h"

#if !COMPAT_SINCE(5, 11)
#include <linux/genhd.h>
#endif

#ifndef SECTOR_SIZE
#define SECTOR_SIZE (1 << SECTOR_SHIFT)
#endif

/*
 * Pieces of a request's data that a single map covers: several pages at once where a
 * map is nothing but an address.
 */
#if defined(CONFIG_HIGHMEM) || defined(CONFIG_KMAP_LOCAL)
#define compat_for_each_span(bv, rq, iter)	rq_for_each_segment(bv, rq, iter)
#else
#define compat_for_each_span(bv, rq, iter)	rq_for_each_bvec(bv, rq, iter)
#endif

/* Maps of them, in any context. */
static inline void *compat_bvec_map(const struct bio_vec *bv)
{
#if COMPAT_SINCE(5, 11)
	return kmap_local_page(bv->bv_page) + bv->bv_offset;
#else
	return kmap_atomic(bv->bv_page) + bv->bv_offset;
#endif
}

static inline void compat_bvec_unmap(void *addr)
{
#if COMPAT_SINCE(5, 11)
	kunmap_local(addr);
#else
	kunmap_atomic(addr);
#endif
}

/*
 * Limits of a queue, in 512-byte sectors. grant_segments: a segment is at most a page,
 * does not cross one, and is whole blocks; so must be what is left of it in its page.
 */
struct compat_limits {
	unsigned int logical_block_size, physical_block_size;
	unsigned int max_hw_sectors, max_segments;
	bool grant_segments;
	bool write_cache;
	unsigned int max_discard_sectors, max_secure_sectors;
	unsigned int discard_granularity, discard_alignment;
};

static inline unsigned int compat_alignment(const struct compat_limits *from)
{
	return (from->grant_segments ? from->logical_block_size : SECTOR_SIZE) - 1;
}

#if COMPAT_SINCE(6, 9)

static inline void compat_set_limits(struct request_queue *q, const struct compat_limits *from)
{
	struct queue_limits lim = queue_limits_start_update(q);

	lim.logical_block_size = from->logical_block_size;
	lim.physical_block_size = from->physical_block_size;
	lim.io_min = from->physical_block_size;
	lim.max_hw_sectors = from->max_hw_sectors;
	lim.max_segments = min_t(unsigned int, from->max_segments, USHRT_MAX);
	lim.dma_alignment = compat_alignment(from);
	if (from->grant_segments) {
		lim.max_segment_size = PAGE_SIZE;
		lim.seg_boundary_mask = PAGE_SIZE - 1;
	} else {
		lim.max_segment_size = UINT_MAX;
		lim.seg_boundary_mask = ULONG_MAX;
	}
	lim.max_hw_discard_sectors = from->max_discard_sectors;
	lim.discard_granularity = from->discard_granularity;
	lim.discard_alignment = from->discard_alignment;
	lim.max_secure_erase_sectors = from->max_secure_sectors;
#if COMPAT_SINCE(6, 11)
	lim.features &= ~(BLK_FEAT_WRITE_CACHE | BLK_FEAT_ROTATIONAL);
	if (from->write_cache)
		lim.features |= BLK_FEAT_WRITE_CACHE;
#else
	blk_queue_write_cache(q, from->write_cache, false);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
#endif
	if (queue_limits_commit_update(q, &lim))
		pr_warn_ratelimited("xen-blkfront: limits were refused\n");
}

#else /* before 6.9: a function a limit */

static inline void compat_set_discard(struct request_queue *q, const struct compat_limits *from)
{
	q->limits.discard_granularity = from->discard_granularity;
	q->limits.discard_alignment = from->discard_alignment;
	blk_queue_max_discard_sectors(q, from->max_discard_sectors);
#if COMPAT_SINCE(5, 19)
	blk_queue_max_secure_erase_sectors(q, from->max_secure_sectors);
#else
	if (from->max_discard_sectors)
		blk_queue_flag_set(QUEUE_FLAG_DISCARD, q);
	else
		blk_queue_flag_clear(QUEUE_FLAG_DISCARD, q);
	if (from->max_secure_sectors)
		blk_queue_flag_set(QUEUE_FLAG_SECERASE, q);
	else
		blk_queue_flag_clear(QUEUE_FLAG_SECERASE, q);
#endif
}

static inline void compat_set_limits(struct request_queue *q, const struct compat_limits *from)
{
	blk_queue_logical_block_size(q, from->logical_block_size);
	blk_queue_physical_block_size(q, from->physical_block_size);
	blk_queue_max_hw_sectors(q, from->max_hw_sectors);
	blk_queue_max_segments(q, min_t(unsigned int, from->max_segments, USHRT_MAX));
	blk_queue_dma_alignment(q, compat_alignment(from));
	if (from->grant_segments) {
		blk_queue_max_segment_size(q, PAGE_SIZE);
		blk_queue_segment_boundary(q, PAGE_SIZE - 1);
	} else {
		blk_queue_max_segment_size(q, UINT_MAX);
		blk_queue_segment_boundary(q, ULONG_MAX);
	}
	compat_set_discard(q, from);
	blk_queue_write_cache(q, from->write_cache, false);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
}

#endif

/* Requests are in order already, and the other end sorts once more. */
#if COMPAT_SINCE(6, 14)
#define COMPAT_MQ_FLAGS		BLK_MQ_F_NO_SCHED_BY_DEFAULT
#elif COMPAT_SINCE(5, 14)
#define COMPAT_MQ_FLAGS		(BLK_MQ_F_SHOULD_MERGE | BLK_MQ_F_NO_SCHED_BY_DEFAULT)
#else
#define COMPAT_MQ_FLAGS		BLK_MQ_F_SHOULD_MERGE
#endif

/* A disk with a queue of its own, from allocation to the last reference. */
static inline struct gendisk *compat_alloc_disk(struct blk_mq_tag_set *set, void *data)
{
#if COMPAT_SINCE(6, 9)
	return blk_mq_alloc_disk(set, NULL, data);
#elif COMPAT_SINCE(5, 15)
	return blk_mq_alloc_disk(set, data);
#else
	struct request_queue *q = blk_mq_init_queue_data(set, data);
	struct gendisk *disk;

	if (IS_ERR(q))
		return ERR_CAST(q);
	/* Minors are set later, before the disk is added. */
	disk = alloc_disk(1);
	if (!disk) {
		blk_cleanup_queue(q);
		return ERR_PTR(-ENOMEM);
	}
	disk->queue = q;
	return disk;
#endif
}

static inline int compat_add_disk(struct device *parent, struct gendisk *disk)
{
#if COMPAT_SINCE(5, 15)
	return device_add_disk(parent, disk, NULL);
#else
	device_add_disk(parent, disk, NULL);
	return 0;
#endif
}

/* Requests from now on fail, whatever the driver does. */
static inline void compat_mark_disk_dead(struct gendisk *disk)
{
#if COMPAT_SINCE(6, 0)
	blk_mark_disk_dead(disk);
#else
	blk_set_queue_dying(disk->queue);
	set_capacity(disk, 0);
#endif
}

static inline void compat_put_disk(struct gendisk *disk)
{
#if COMPAT_SINCE(6, 0)
	put_disk(disk);
#elif COMPAT_SINCE(5, 15)
	blk_cleanup_disk(disk);
#else
	blk_cleanup_queue(disk->queue);
	put_disk(disk);
#endif
}

/* True when the size is another now; whoever has the disk open sees it, udev hears it. */
static inline bool compat_set_size(struct gendisk *disk, sector_t sectors)
{
#if COMPAT_SINCE(5, 11)
	return set_capacity_and_notify(disk, sectors);
#else
	char *env[] = { "RESIZE=1", NULL };
	bool changed = get_capacity(disk) != sectors;

	set_capacity(disk, sectors);
	revalidate_disk_size(disk, true);
	if (changed)
		kobject_uevent_env(&disk_to_dev(disk)->kobj, KOBJ_CHANGE, env);
	return changed;
#endif
}

#if COMPAT_SINCE(5, 17)
#define COMPAT_DISK_CD		0
#else
#define COMPAT_DISK_CD		GENHD_FL_CD
#endif

/* Operations of a disk, written with the disk as their argument. */
#if COMPAT_SINCE(6, 18)
#define COMPAT_GETGEO(fn)						\
	static int compat_getgeo(struct gendisk *disk, struct hd_geometry *geo)	\
	{								\
		return fn(disk, geo);					\
	}
#else
#define COMPAT_GETGEO(fn)						\
	static int compat_getgeo(struct block_device *bdev, struct hd_geometry *geo) \
	{								\
		return fn(bdev->bd_disk, geo);				\
	}
#endif

#if COMPAT_SINCE(6, 5)
typedef blk_mode_t compat_blk_mode_t;
#else
typedef fmode_t compat_blk_mode_t;
#endif

#define COMPAT_DISK_IOCTL(fn)						\
	static int compat_disk_ioctl(struct block_device *bdev,		\
				     compat_blk_mode_t mode, unsigned int cmd,	\
				     unsigned long arg)			\
	{								\
		return fn(bdev->bd_disk, cmd, arg);			\
	}

/* False: the peer holds it. */
static inline bool compat_try_end_foreign_access(grant_ref_t ref)
{
	return gnttab_try_end_foreign_access(ref);
}

#endif /* XYLEM_COMPAT_BLK_H */
