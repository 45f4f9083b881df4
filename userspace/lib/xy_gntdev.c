/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "xy_gntdev.h"
#include "xy_linux.h"

#define XEN_PAGE_SIZE 4096UL

struct xy_gntdev {
	int fd;
};

int xy_gntdev_open(struct xy_gntdev **out)
{
	struct xy_gntdev *g = malloc(sizeof(*g));

	if (!g)
		return -ENOMEM;
	g->fd = open("/dev/xen/gntdev", O_RDWR | O_CLOEXEC);
	if (g->fd < 0) {
		int err = -errno;

		free(g);
		return err;
	}
	*out = g;
	return 0;
}

void xy_gntdev_close(struct xy_gntdev *g)
{
	if (!g)
		return;
	close(g->fd);
	free(g);
}

static int release(struct xy_gntdev *g, uint64_t index)
{
	struct xyl_gntdev_unmap unmap = { .index = index, .count = 1 };

	return ioctl(g->fd, XYL_GNTDEV_UNMAP, &unmap) ? -errno : 0;
}

int xy_gntdev_map(struct xy_gntdev *g, uint16_t domid, uint32_t ref, int prot, void **out)
{
	struct xyl_gntdev_map map = { .count = 1, .refs = { { domid, ref } } };
	void *p;

	if (ioctl(g->fd, XYL_GNTDEV_MAP, &map))
		return -errno;
	/* The grant is only mapped here: the ioctl above reserves a number. */
	p = mmap(NULL, XEN_PAGE_SIZE, prot, MAP_SHARED, g->fd, (off_t)map.index);
	if (p == MAP_FAILED) {
		int err = -errno;

		release(g, map.index);
		return err;
	}
	*out = p;
	return 0;
}

int xy_gntdev_unmap(struct xy_gntdev *g, void *addr)
{
	struct xyl_gntdev_offset off = { .vaddr = (uintptr_t)addr };

	if (!addr)
		return 0;
	if (ioctl(g->fd, XYL_GNTDEV_OFFSET, &off))
		return -errno;
	if (munmap(addr, XEN_PAGE_SIZE))
		return -errno;
	return release(g, off.offset);
}
