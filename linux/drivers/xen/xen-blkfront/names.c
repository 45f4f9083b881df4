// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual disk's number in the store is a device number of old: of the IDE and
 * SCSI majors, whose disks had names of their own, or of major 202 with 16 minors a
 * disk; with bit 28 set it is an extended one of 256 minors a disk. Whichever it is,
 * the disk becomes xvdX, and no two may have the same minors.
 */
#include <linux/bitmap.h>
#include <linux/major.h>
#include <linux/slab.h>

#include "blkfront.h"

#define VDEV_EXTENDED	28
#define MINORS_PLAIN	16
#define MINORS_EXTENDED	256
#define MINORS_IDE	64

/* In units of 16 minors; Linux has 20 bits of them. */
#define UNITS		((1 << 20) / MINORS_PLAIN)

static DEFINE_MUTEX(names_mutex);
static DECLARE_BITMAP(used, UNITS);

/* First minor of the disk, or an error. */
static int translate(unsigned int major, unsigned int minor)
{
	switch (major) {
	case XENVBD_MAJOR:
		return minor;
	case XEN_IDE0_MAJOR:
		return minor / MINORS_IDE * MINORS_PLAIN;
	case XEN_IDE1_MAJOR:
		return (minor / MINORS_IDE + 2) * MINORS_PLAIN;
	case XEN_SCSI_DISK0_MAJOR:
		return minor;
	case XEN_SCSI_DISK1_MAJOR ... XEN_SCSI_DISK7_MAJOR:
		return minor + (major - XEN_SCSI_DISK1_MAJOR + 1) * 256;
	case XEN_SCSI_DISK8_MAJOR ... XEN_SCSI_DISK15_MAJOR:
		return minor + (major - XEN_SCSI_DISK8_MAJOR + 8) * 256;
	}
	return -ENODEV;
}

/* Letters of disk number n: a ... z, aa ... zz, aaa ... */
static void letters(unsigned int n, char *out, size_t size)
{
	char rev[8];
	unsigned int len = 0;

	do {
		rev[len++] = 'a' + n % 26;
		n /= 26;
	} while (n-- && len < sizeof(rev));
	while (len && size > 1) {
		*out++ = rev[--len];
		size--;
	}
	*out = '\0';
}

static int claim(unsigned int minor, unsigned int nr)
{
	unsigned int first = minor / MINORS_PLAIN, n = DIV_ROUND_UP(nr, MINORS_PLAIN);
	int ret = -EBUSY;

	if (first + n > UNITS)
		return -ENODEV;
	mutex_lock(&names_mutex);
	if (find_next_bit(used, first + n, first) >= first + n) {
		bitmap_set(used, first, n);
		ret = 0;
	}
	mutex_unlock(&names_mutex);
	return ret;
}

/*
 * Set dev->minor and nr_minors and write the disk's name. -ENODEV for a number that
 * means nothing, -EBUSY when another disk has it.
 */
int blkfront_names_claim(struct blkfront *dev, int vdev, char *name, size_t size)
{
	unsigned int per_disk = MINORS_PLAIN, part;
	char disk[8];
	int minor, ret;

	if (vdev < 0 || vdev >> (VDEV_EXTENDED + 1))
		return -ENODEV;
	if (vdev >> VDEV_EXTENDED) {
		minor = vdev & ((1 << VDEV_EXTENDED) - 1);
		per_disk = MINORS_EXTENDED;
	} else {
		minor = translate(vdev >> 8, vdev & 0xff);
	}
	if (minor < 0 || minor >= 1 << 20)
		return -ENODEV;
	/* A disk that stands for a partition has no partitions. */
	part = minor % per_disk;
	dev->nr_minors = part ? 1 : per_disk;
	dev->minor = minor;
	letters(minor / per_disk, disk, sizeof(disk));
	if (part)
		snprintf(name, size, "xvd%s%u", disk, part);
	else
		snprintf(name, size, "xvd%s", disk);
	/* Partitions that are disks of their own share a unit: the kernel tells them apart. */
	ret = part ? 0 : claim(minor, per_disk);
	dev->vdev = ret ? -1 : vdev;
	return ret;
}

void blkfront_names_release(struct blkfront *dev)
{
	if (dev->vdev < 0)
		return;
	if (dev->nr_minors > 1) {
		mutex_lock(&names_mutex);
		bitmap_clear(used, dev->minor / MINORS_PLAIN,
			     DIV_ROUND_UP(dev->nr_minors, MINORS_PLAIN));
		mutex_unlock(&names_mutex);
	}
	dev->vdev = -1;
}
