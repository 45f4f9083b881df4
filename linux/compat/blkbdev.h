/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Block devices as xen-blkback uses them, and its timers, for all kernels.
 */
#ifndef XYLEM_COMPAT_BLKBDEV_H
#define XYLEM_COMPAT_BLKBDEV_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/file.h>
#include <linux/timer.h>
#include <xen/events.h>
#include <xen/xenbus.h>

#if !COMPAT_SINCE(6, 0)
typedef unsigned int blk_opf_t;
#endif

#if COMPAT_SINCE(6, 9)

struct compat_bdev {
	struct file *file;
};

static inline int compat_bdev_open(struct compat_bdev *b, dev_t dev, bool readonly)
{
	blk_mode_t mode = BLK_OPEN_READ | (readonly ? 0 : BLK_OPEN_WRITE);

	b->file = bdev_file_open_by_dev(dev, mode, NULL, NULL);
	return PTR_ERR_OR_ZERO(b->file);
}

static inline struct block_device *compat_bdev_of(const struct compat_bdev *b)
{
	return file_bdev(b->file);
}

static inline void compat_bdev_close(struct compat_bdev *b, bool readonly)
{
#if COMPAT_SINCE(6, 10)
	bdev_fput(b->file);
#else
	fput(b->file);
#endif
}

#elif COMPAT_SINCE(6, 7)

struct compat_bdev {
	struct bdev_handle *handle;
};

static inline int compat_bdev_open(struct compat_bdev *b, dev_t dev, bool readonly)
{
	b->handle = bdev_open_by_dev(dev, BLK_OPEN_READ | (readonly ? 0 : BLK_OPEN_WRITE), NULL,
				     NULL);
	return PTR_ERR_OR_ZERO(b->handle);
}

static inline struct block_device *compat_bdev_of(const struct compat_bdev *b)
{
	return b->handle->bdev;
}

static inline void compat_bdev_close(struct compat_bdev *b, bool readonly)
{
	bdev_release(b->handle);
}

#else /* before 6.7: the device itself */

struct compat_bdev {
	struct block_device *bdev;
};

static inline struct block_device *compat_bdev_of(const struct compat_bdev *b)
{
	return b->bdev;
}

#if COMPAT_SINCE(6, 5)
static inline int compat_bdev_open(struct compat_bdev *b, dev_t dev, bool readonly)
{
	b->bdev = blkdev_get_by_dev(dev, BLK_OPEN_READ | (readonly ? 0 : BLK_OPEN_WRITE), NULL,
				    NULL);
	return PTR_ERR_OR_ZERO(b->bdev);
}

static inline void compat_bdev_close(struct compat_bdev *b, bool readonly)
{
	blkdev_put(b->bdev, NULL);
}
#else
static inline int compat_bdev_open(struct compat_bdev *b, dev_t dev, bool readonly)
{
	b->bdev = blkdev_get_by_dev(dev, FMODE_READ | (readonly ? 0 : FMODE_WRITE), NULL);
	return PTR_ERR_OR_ZERO(b->bdev);
}

static inline void compat_bdev_close(struct compat_bdev *b, bool readonly)
{
	blkdev_put(b->bdev, FMODE_READ | (readonly ? 0 : FMODE_WRITE));
}
#endif

#endif

static inline sector_t compat_bdev_nr_sectors(struct block_device *bdev)
{
#if COMPAT_SINCE(5, 16)
	return bdev_nr_sectors(bdev);
#else
	return i_size_read(bdev->bd_inode) >> SECTOR_SHIFT;
#endif
}

static inline unsigned int compat_bdev_logical_block_size(struct block_device *bdev)
{
	return bdev_logical_block_size(bdev);
}

static inline unsigned int compat_bdev_physical_block_size(struct block_device *bdev)
{
	return bdev_physical_block_size(bdev);
}

static inline bool compat_bdev_is_removable(struct block_device *bdev)
{
	return bdev->bd_disk->flags & GENHD_FL_REMOVABLE;
}

#if COMPAT_SINCE(5, 19)

static inline bool compat_bdev_write_cache(struct block_device *bdev)
{
	return bdev_write_cache(bdev);
}

static inline bool compat_bdev_can_discard(struct block_device *bdev)
{
	return bdev_max_discard_sectors(bdev);
}

static inline bool compat_bdev_can_secure_erase(struct block_device *bdev)
{
	return bdev_max_secure_erase_sectors(bdev);
}

/* Bytes. */
static inline unsigned int compat_bdev_discard_granularity(struct block_device *bdev)
{
	return bdev_discard_granularity(bdev);
}

/* Sectors of 512 bytes that a bio may discard at once. */
static inline sector_t compat_bdev_most_discard(struct block_device *bdev, bool secure)
{
	sector_t most = UINT_MAX >> SECTOR_SHIFT;

	return secure ? min_t(sector_t, most, bdev_max_secure_erase_sectors(bdev)) : most;
}

#else

static inline bool compat_bdev_write_cache(struct block_device *bdev)
{
	return test_bit(QUEUE_FLAG_WC, &bdev_get_queue(bdev)->queue_flags);
}

static inline bool compat_bdev_can_discard(struct block_device *bdev)
{
	return blk_queue_discard(bdev_get_queue(bdev));
}

static inline bool compat_bdev_can_secure_erase(struct block_device *bdev)
{
	return blk_queue_secure_erase(bdev_get_queue(bdev));
}

static inline unsigned int compat_bdev_discard_granularity(struct block_device *bdev)
{
	return bdev_get_queue(bdev)->limits.discard_granularity;
}

static inline sector_t compat_bdev_most_discard(struct block_device *bdev, bool secure)
{
	return UINT_MAX >> SECTOR_SHIFT;
}

#endif

static inline unsigned int compat_bdev_discard_alignment(struct block_device *bdev)
{
	int bytes = bdev_discard_alignment(bdev);

	return bytes > 0 ? bytes : 0;
}

static inline void compat_bio_init(struct bio *bio, struct block_device *bdev,
				   struct bio_vec *vecs, unsigned short nr, blk_opf_t opf)
{
#if COMPAT_SINCE(5, 18)
	bio_init(bio, bdev, vecs, nr, opf);
#else
	bio_init(bio, vecs, nr);
	bio_set_dev(bio, bdev);
	bio->bi_opf = opf;
#endif
}

static inline int compat_bind_interdomain_lateeoi(struct xenbus_device *xbdev,
						  evtchn_port_t port, irq_handler_t handler,
						  const char *name, void *data)
{
#if COMPAT_SINCE(5, 12)
	return bind_interdomain_evtchn_to_irqhandler_lateeoi(xbdev, port, handler, 0, name, data);
#else
	return bind_interdomain_evtchn_to_irqhandler_lateeoi(xbdev->otherend_id, port, handler, 0,
							     name, data);
#endif
}

#if COMPAT_SINCE(6, 16)
#define compat_timer_container(var, timer, member) timer_container_of(var, timer, member)
#else
#define compat_timer_container(var, timer, member) from_timer(var, timer, member)
#endif

static inline void compat_timer_delete_sync(struct timer_list *timer)
{
#if COMPAT_SINCE(6, 2)
	timer_delete_sync(timer);
#else
	del_timer_sync(timer);
#endif
}

#endif /* XYLEM_COMPAT_BLKBDEV_H */
