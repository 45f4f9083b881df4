// SPDX-License-Identifier: GPL-2.0-only
/*
 * The block device behind a virtual one.
 */
#include "blkback.h"

/* Shared with nobody but other backends and readers, as the hot-plug script decided. */
int blkback_vbd_open(struct blkback_vbd *vbd, dev_t dev_no, bool readonly, bool cdrom)
{
	int ret = compat_bdev_open(&vbd->handle, dev_no, readonly);

	if (ret)
		return ret;
	vbd->bdev = compat_bdev_of(&vbd->handle);
	vbd->dev = dev_no;
	vbd->readonly = readonly;
	vbd->cdrom = cdrom;
	vbd->sectors = compat_bdev_nr_sectors(vbd->bdev);
	return 0;
}

void blkback_vbd_close(struct blkback_vbd *vbd)
{
	if (vbd->bdev)
		compat_bdev_close(&vbd->handle, vbd->readonly);
	vbd->bdev = NULL;
}
