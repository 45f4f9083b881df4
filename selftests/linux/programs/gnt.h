/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages that this domain grants to itself by gntalloc, and maps by gntdev. */
#ifndef GNT_H
#define GNT_H

#include <fcntl.h>
#include <sys/mman.h>

#include "ktap.h"
#include "xendev.h"

#define PAGE 4096

static int self;	/* our own number: dom0's unless an argument says another */

static inline int ours(void)
{
	return !strcmp(word("/proc/cmdline", "test.modules="), "ours");
}

static inline int open_dev(const char *name)
{
	return need(open(name, O_RDWR | O_CLOEXEC), name);
}

static inline int grant(int fd, struct gntalloc_alloc *a, int count, int flags)
{
	*a = (struct gntalloc_alloc){ .domid = self, .flags = flags, .count = count };
	return ioctl(fd, GNTALLOC_ALLOC, a);
}

static inline int drop(int fd, uint64_t index, int count)
{
	struct gntalloc_free f = { .index = index, .count = count };

	return ioctl(fd, GNTALLOC_FREE, &f);
}

static inline int map(int fd, struct gntdev_map *m, const uint32_t *refs, int count)
{
	*m = (struct gntdev_map){ .count = count };
	for (int i = 0; i < count && i < 64; i++)
		m->refs[i] = (struct gnt_ref){ self, refs[i] };
	return ioctl(fd, GNTDEV_MAP, m);
}

static inline int unmap(int fd, uint64_t index, int count)
{
	struct gntdev_unmap u = { .index = index, .count = count };

	return ioctl(fd, GNTDEV_UNMAP, &u);
}

static inline void *at(int fd, int prot, int flags, int count, uint64_t index)
{
	return mmap(NULL, count * PAGE, prot, flags, fd, index);
}

static inline int is_mapped(const void *p)
{
	return p != MAP_FAILED;
}

#endif
