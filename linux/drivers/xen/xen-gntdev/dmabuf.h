/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA buffers and grants: another domain's granted pages as a buffer for this kernel's
 * drivers (an export), and a driver's buffer granted to another domain (an import).
 *
 * An export is the buffer's: it goes when nobody has the buffer any more, which may be
 * long after the file is closed. An import is the file's, and goes with it; but while the
 * peer still has one of its pages mapped, the buffer stays with us.
 */
#ifndef XYLEM_GNTDEV_DMABUF_H
#define XYLEM_GNTDEV_DMABUF_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>

struct device;

/* A file's exports, for who waits for their end. */
struct exports {
	refcount_t users;		/* the file, and each of them */
	struct mutex lock;
	struct list_head list;		/* the latest first */
};

struct gntdev_dmabufs {
	struct exports *exports;	/* made with the first */
	struct mutex lock;		/* for making it, and for imports */
	struct list_head imports;
};

#ifdef CONFIG_DMA_SHARED_BUFFER
void dmabuf_exit(void);
/* As what drivers see us. */
struct device *dmabuf_device(void);
void dmabuf_open(struct gntdev_dmabufs *d);
void dmabuf_release(struct gntdev_dmabufs *d);

/* The four ioctls: 0, -ENOTTY if it is none of them, or its error. */
long dmabuf_ioctl(struct gntdev_dmabufs *d, unsigned int cmd, void __user *arg);

/* dmabuf-export.c */
long dmabuf_export(struct gntdev_dmabufs *d, void __user *arg);
long dmabuf_wait_released(struct gntdev_dmabufs *d, void __user *arg);
void exports_put(struct exports *x);

/* dmabuf-import.c */
long dmabuf_import(struct gntdev_dmabufs *d, void __user *arg);
long dmabuf_import_release(struct gntdev_dmabufs *d, void __user *arg);
void imports_release(struct gntdev_dmabufs *d);
void imports_exit(void);
#else
static inline void dmabuf_exit(void) { }
static inline void dmabuf_open(struct gntdev_dmabufs *d) { }
static inline void dmabuf_release(struct gntdev_dmabufs *d) { }

static inline long dmabuf_ioctl(struct gntdev_dmabufs *d, unsigned int cmd, void __user *arg)
{
	return -ENOTTY;
}
#endif

#endif /* XYLEM_GNTDEV_DMABUF_H */
