// SPDX-License-Identifier: GPL-2.0-only
/*
 * The block device behind a virtual one.
 */
#include "blkback.h"

/* Shared with nobody but other backends and readers, as the hot-plug script decided. */
int blkback_vbd_open(struct blkback *dev, dev_t dev_no, bool readonly, bool cdrom)
{
	int ret = compat_bdev_open(&dev->vbd.handle, dev_no, readonly);

	if (ret)
		return ret;
	dev->vbd.bdev = compat_bdev_of(&dev->vbd.handle);
	dev->vbd.dev = dev_no;
	dev->vbd.readonly = readonly;
	dev->vbd.cdrom = cdrom;
	dev->vbd.sectors = blkback_vbd_sectors(dev);
	return 0;
}

void blkback_vbd_close(struct blkback *dev)
{
	if (!dev->vbd.bdev)
		return;
	compat_bdev_close(&dev->vbd.handle, dev->vbd.readonly);
	dev->vbd.bdev = NULL;
}
