// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the bus does with a disk's frontend after a suspend: whoever loads this module
 * has the other end prepared. disk=/dev/xvdX names it; loading succeeds when the driver
 * says that it could be done.
 */

#include <linux/blkdev.h>
#include <linux/module.h>
#include <xen/xenbus.h>

#include "blkbdev.h"

/* Of the bus; its header is not among those that modules are built with. */
int xenbus_dev_resume(struct device *dev);

static char *disk;
module_param(disk, charp, 0);
MODULE_PARM_DESC(disk, "Node of the disk");

/* A disk's parent is its device on the bus. With a reference. */
static struct device *find(void)
{
	struct compat_bdev handle;
	struct device *parent;
	dev_t number;
	int ret = disk ? lookup_bdev(disk, &number) : -EINVAL;

	if (!ret)
		ret = compat_bdev_open(&handle, number, true);
	if (ret)
		return ERR_PTR(ret);
	parent = get_device(disk_to_dev(compat_bdev_of(&handle)->bd_disk)->parent);
	compat_bdev_close(&handle, true);
	if (parent && strcmp(parent->bus->name, "xen")) {
		put_device(parent);
		parent = NULL;
	}
	return parent ? parent : ERR_PTR(-ENODEV);
}

static int __init resume_test_init(void)
{
	struct device *dev = find();
	int ret;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	ret = xenbus_dev_resume(dev);
	put_device(dev);
	return ret;
}
module_init(resume_test_init);

static void __exit resume_test_exit(void)
{
}
module_exit(resume_test_exit);

MODULE_DESCRIPTION("Resumes a disk's frontend");
MODULE_AUTHOR("The Xylem authors");
MODULE_LICENSE("GPL");
