// SPDX-License-Identifier: GPL-2.0-only
/* What exports and imports of DMA buffers have in common. */

#include <linux/dma-mapping.h>
#include "dma-buffers.h"
#include "dmabuf.h"
#include "gntdev.h"

/* A device without a bus of its own, which reaches all memory. */
struct device *dmabuf_device(void)
{
	struct device *dev = gntdev_device();

	dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(64));
	return dev;
}

void dmabuf_exit(void)
{
	imports_exit();
}

void dmabuf_open(struct gntdev_dmabufs *d)
{
	mutex_init(&d->lock);
	INIT_LIST_HEAD(&d->imports);
}

void dmabuf_release(struct gntdev_dmabufs *d)
{
	imports_release(d);
	if (d->exports)
		exports_put(d->exports);
}

long dmabuf_ioctl(struct gntdev_dmabufs *d, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case IOCTL_GNTDEV_DMABUF_EXP_FROM_REFS:		return dmabuf_export(d, arg);
	case IOCTL_GNTDEV_DMABUF_EXP_WAIT_RELEASED:	return dmabuf_wait_released(d, arg);
	case IOCTL_GNTDEV_DMABUF_IMP_TO_REFS:		return dmabuf_import(d, arg);
	case IOCTL_GNTDEV_DMABUF_IMP_RELEASE:		return dmabuf_import_release(d, arg);
	default:					return -ENOTTY;
	}
}

COMPAT_IMPORT_NS(DMA_BUF);
