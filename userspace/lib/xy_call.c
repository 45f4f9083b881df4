/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "xy_call.h"
#include "xy_linux.h"

#define CACHED_PAGES 4

struct xy_call {
	int fd;
	int buf_fd;		/* /dev/xen/hypercall, or -1 on kernels without it */
	size_t page;
	unsigned int cached;
	void *cache[CACHED_PAGES];	/* single pages, ready for the next call */
};

static int open_device(const char *name, const char *old_name)
{
	int fd = open(name, O_RDWR | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT && old_name)
		fd = open(old_name, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int xy_call_open(struct xy_call **out)
{
	struct xy_call *c = calloc(1, sizeof(*c));
	int fd;

	if (!c)
		return -ENOMEM;
	fd = open_device("/dev/xen/privcmd", "/proc/xen/privcmd");
	if (fd < 0) {
		free(c);
		return fd;
	}
	c->fd = fd;
	c->buf_fd = open_device("/dev/xen/hypercall", NULL);
	c->page = (size_t)sysconf(_SC_PAGESIZE);
	*out = c;
	return 0;
}

void xy_call_close(struct xy_call *c)
{
	if (!c)
		return;
	while (c->cached)
		munmap(c->cache[--c->cached], c->page);
	if (c->buf_fd >= 0)
		close(c->buf_fd);
	close(c->fd);
	free(c);
}

int xy_call_fd(const struct xy_call *c)
{
	return c->fd;
}

static size_t whole_pages(const struct xy_call *c, size_t size)
{
	return (size + c->page - 1) & ~(c->page - 1);
}

/*
 * The kernel's hypercall device hands out pages that neither swap, migration
 * nor copy-on-write touches. Without it locked anonymous memory comes close:
 * a page moved during the call makes the hypervisor return -EFAULT.
 */
static void *map_buffer(struct xy_call *c, size_t len)
{
	void *p;

	if (c->buf_fd >= 0) {
		p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, c->buf_fd, 0);
		return p == MAP_FAILED ? NULL : p;
	}
	p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED | MAP_POPULATE, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	madvise(p, len, MADV_DONTFORK);
	return p;
}

void *xy_buf_alloc(struct xy_call *c, size_t size)
{
	size_t len = whole_pages(c, size ? size : 1);
	void *p;

	if (len == c->page && c->cached)
		p = c->cache[--c->cached];
	else
		p = map_buffer(c, len);
	if (p)
		memset(p, 0, len);	/* also faults every page in */
	return p;
}

void xy_buf_free(struct xy_call *c, void *buf, size_t size)
{
	size_t len = whole_pages(c, size ? size : 1);

	if (!buf)
		return;
	if (len == c->page && c->cached < CACHED_PAGES)
		c->cache[c->cached++] = buf;
	else
		munmap(buf, len);
}

long xy_hypercall(struct xy_call *c, unsigned int nr, const uint64_t arg[5])
{
	struct xyl_hypercall call = { .op = nr };
	long ret;

	memcpy(call.arg, arg, sizeof(call.arg));
	ret = ioctl(c->fd, XYL_PRIVCMD_HYPERCALL, &call);
	return ret < 0 ? -errno : ret;
}

long xy_call_op(struct xy_call *c, unsigned int nr, unsigned int cmd, void *arg, size_t size)
{
	void *buf = xy_buf_alloc(c, size);
	long ret;

	if (!buf)
		return -ENOMEM;
	memcpy(buf, arg, size);
	ret = xy_hcall(c, nr, cmd, xy_addr(buf));
	memcpy(arg, buf, size);
	xy_buf_free(c, buf, size);
	return ret;
}

long xy_call_arg(struct xy_call *c, unsigned int nr, void *arg, size_t size)
{
	void *buf = xy_buf_alloc(c, size);
	long ret;

	if (!buf)
		return -ENOMEM;
	memcpy(buf, arg, size);
	ret = xy_hcall(c, nr, xy_addr(buf));
	memcpy(arg, buf, size);
	xy_buf_free(c, buf, size);
	return ret;
}
