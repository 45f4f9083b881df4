// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of a device: files physical_device and mode, and a folder statistics, of
 * the device in sysfs; what programs of old look for.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "blkback.h"

void blkback_stats_count(struct blkback_stats *sum, const struct blkback_stats *s)
{
	sum->rd_req += READ_ONCE(s->rd_req);
	sum->wr_req += READ_ONCE(s->wr_req);
	sum->oo_req += READ_ONCE(s->oo_req);
	sum->f_req += READ_ONCE(s->f_req);
	sum->ds_req += READ_ONCE(s->ds_req);
	sum->rd_sect += READ_ONCE(s->rd_sect);
	sum->wr_sect += READ_ONCE(s->wr_sect);
}

/* With the mutex. */
void blkback_stats_sum(struct blkback *dev, struct blkback_stats *sum)
{
	unsigned int i;

	memset(sum, 0, sizeof(*sum));
	blkback_stats_count(sum, &dev->gone);
	for (i = 0; dev->rings && i < dev->nr_rings; i++)
		blkback_stats_count(sum, &dev->rings[i].stats);
}

#define COUNTER(name)								\
static ssize_t name##_show(struct device *d, struct device_attribute *attr, char *buf) \
{										\
	struct blkback *dev = dev_get_drvdata(d);				\
	struct blkback_stats sum = {};						\
										\
	if (dev) {								\
		mutex_lock(&dev->mutex);					\
		blkback_stats_sum(dev, &sum);					\
		mutex_unlock(&dev->mutex);					\
	}									\
	return sysfs_emit(buf, "%llu\n", sum.name);				\
}										\
static DEVICE_ATTR_RO(name)

COUNTER(oo_req);
COUNTER(rd_req);
COUNTER(wr_req);
COUNTER(f_req);
COUNTER(ds_req);
COUNTER(rd_sect);
COUNTER(wr_sect);

static struct attribute *counters[] = {
	&dev_attr_oo_req.attr,
	&dev_attr_rd_req.attr,
	&dev_attr_wr_req.attr,
	&dev_attr_f_req.attr,
	&dev_attr_ds_req.attr,
	&dev_attr_rd_sect.attr,
	&dev_attr_wr_sect.attr,
	NULL
};

static const struct attribute_group statistics = {
	.name = "statistics",
	.attrs = counters,
};

static ssize_t physical_device_show(struct device *d, struct device_attribute *attr, char *buf)
{
	struct blkback *dev = dev_get_drvdata(d);
	ssize_t ret = -ENODEV;

	if (!dev)
		return ret;
	mutex_lock(&dev->mutex);
	if (dev->vbd.bdev)
		ret = sysfs_emit(buf, "%x:%x\n", MAJOR(dev->vbd.dev), MINOR(dev->vbd.dev));
	mutex_unlock(&dev->mutex);
	return ret;
}
static DEVICE_ATTR_RO(physical_device);

static ssize_t mode_show(struct device *d, struct device_attribute *attr, char *buf)
{
	struct blkback *dev = dev_get_drvdata(d);
	ssize_t ret = -ENODEV;

	if (!dev)
		return ret;
	mutex_lock(&dev->mutex);
	if (dev->mode)
		ret = sysfs_emit(buf, "%s\n", dev->mode);
	mutex_unlock(&dev->mutex);
	return ret;
}
static DEVICE_ATTR_RO(mode);

static struct attribute *plain[] = {
	&dev_attr_physical_device.attr,
	&dev_attr_mode.attr,
	NULL
};

static const struct attribute_group properties = {
	.attrs = plain,
};

static const struct attribute_group *groups[] = { &properties, &statistics, NULL };

int blkback_stats_add(struct xenbus_device *xbdev)
{
	return sysfs_create_groups(&xbdev->dev.kobj, groups);
}

void blkback_stats_remove(struct xenbus_device *xbdev)
{
	sysfs_remove_groups(&xbdev->dev.kobj, groups);
}
