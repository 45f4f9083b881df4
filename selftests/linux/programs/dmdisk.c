// SPDX-License-Identifier: GPL-2.0-only
/*
 * A disk that can be stopped: the whole of another one, through the device mapper.
 *
 *   dmdisk make NAME DEV	prints its node, which it makes
 *   dmdisk stop NAME		requests wait from now on
 *   dmdisk go NAME		they go on
 *   dmdisk remove NAME
 *
 * Exit status 0, or 1 and a line on standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define CONTROL "/dev/mapper/control"

/* A call's head, and a table of one line behind it. */
struct call {
	struct dm_ioctl dm;
	struct dm_target_spec spec;
	char words[64];
};

static const char *name;

static void fail(const char *what)
{
	fprintf(stderr, "dmdisk: %s: %s: %s\n", name, what, strerror(errno));
	exit(1);
}

static void call(unsigned long op, struct call *c, const char *what)
{
	int fd = open(CONTROL, O_RDWR | O_CLOEXEC);

	c->dm.version[0] = DM_VERSION_MAJOR;
	c->dm.data_size = sizeof(*c);
	c->dm.data_start = sizeof(c->dm);
	snprintf(c->dm.name, sizeof(c->dm.name), "%s", name);
	if (fd < 0 || ioctl(fd, op, c))
		fail(what);
	close(fd);
}

static uint64_t bytes_of(const char *dev)
{
	uint64_t bytes = 0;
	int fd = open(dev, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &bytes))
		fail(dev);
	close(fd);
	return bytes;
}

static void suspend(unsigned int flags)
{
	struct call c = { .dm.flags = flags };

	call(DM_DEV_SUSPEND, &c, "suspend or resume");
}

static void make(const char *dev)
{
	struct call c = { 0 }, table = { .dm.target_count = 1 };
	char node[32];

	call(DM_DEV_CREATE, &c, "create");
	table.spec.length = bytes_of(dev) / 512;
	strcpy(table.spec.target_type, "linear");
	snprintf(table.words, sizeof(table.words), "%s 0", dev);
	call(DM_TABLE_LOAD, &table, "table");
	suspend(0);
	snprintf(node, sizeof(node), "/dev/dm-%u", minor(c.dm.dev));
	if (mknod(node, S_IFBLK | 0600, c.dm.dev) && errno != EEXIST)
		fail(node);
	puts(node);
}

int main(int argc, char **argv)
{
	struct call c = { 0 };

	if (argc < 3) {
		fprintf(stderr, "usage: dmdisk make|stop|go|remove NAME [DEV]\n");
		return 1;
	}
	name = argv[2];
	if (!strcmp(argv[1], "make") && argc == 4)
		make(argv[3]);
	else if (!strcmp(argv[1], "stop"))
		suspend(DM_SUSPEND_FLAG | DM_SKIP_LOCKFS_FLAG | DM_NOFLUSH_FLAG);
	else if (!strcmp(argv[1], "go"))
		suspend(0);
	else if (!strcmp(argv[1], "remove"))
		call(DM_DEV_REMOVE, &c, "remove");
	else
		return 1;
	return 0;
}
