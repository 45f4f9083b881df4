/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device that no driver takes in the end. The bus reads the other end's path before it
 * calls probe(), and frees that before the next probe(), or when a driver leaves the
 * device; for one that goes away without either the kernel's bus forgets it. Ours frees it
 * itself: then there is nothing left to free.
 */
#ifndef XYLEM_PROBE_FAILED_H
#define XYLEM_PROBE_FAILED_H

#include <linux/slab.h>
#include <xen/xenbus.h>

/* The last thing that probe() does. Returns its error. */
static inline int probe_failed(struct xenbus_device *xdev, int err)
{
	kfree(xdev->otherend);
	xdev->otherend = NULL;
	return err;
}

#endif
