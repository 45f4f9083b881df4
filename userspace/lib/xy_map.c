/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "xy_linux.h"
#include "xy_map.h"

#define XEN_PAGE_SIZE 4096UL

static int reserve(struct xy_call *c, int prot, size_t n, void **out)
{
	void *p = mmap(NULL, n * XEN_PAGE_SIZE, prot, MAP_SHARED, xy_call_fd(c), 0);

	if (p == MAP_FAILED)
		return -errno;
	*out = p;
	return 0;
}

static int first_error(const int *errs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (errs[i])
			return errs[i];
	return 0;
}

int xy_map_frames(struct xy_call *c, uint16_t domid, int prot, const uint64_t *gfns,
		  size_t n, void **out)
{
	struct xyl_mmapbatch_v2 batch = { .num = n, .dom = domid, .arr = gfns };
	void *p = NULL;
	int ret;

	if (!n || n > (1U << 30))
		return -EINVAL;
	batch.err = calloc(n, sizeof(int));
	if (!batch.err)
		return -ENOMEM;
	ret = reserve(c, prot, n, &p);
	if (ret)
		goto out_free;
	batch.addr = xy_addr(p);
	if (ioctl(xy_call_fd(c), XYL_PRIVCMD_MMAPBATCH_V2, &batch))
		ret = -errno;
	/* Some errors are only told per frame, with a good status of the whole. */
	if (first_error(batch.err, n))
		ret = first_error(batch.err, n);
	if (ret)
		munmap(p, n * XEN_PAGE_SIZE);
	else
		*out = p;
out_free:
	free(batch.err);
	return ret;
}

int xy_map_range(struct xy_call *c, uint16_t domid, int prot, uint64_t gfn, size_t n, void **out)
{
	uint64_t *gfns = calloc(n ? n : 1, sizeof(*gfns));
	int ret;

	if (!gfns)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		gfns[i] = gfn + i;
	ret = xy_map_frames(c, domid, prot, gfns, n, out);
	free(gfns);
	return ret;
}

int xy_map_resource(struct xy_call *c, uint16_t domid, uint32_t type, uint32_t id,
		    uint32_t frame, size_t n, void **out)
{
	struct xyl_mmap_resource res = {
		.dom = domid, .type = type, .id = id, .idx = frame, .num = n,
	};
	void *p = NULL;
	int ret = reserve(c, PROT_READ | PROT_WRITE, n, &p);

	if (ret)
		return ret;
	res.addr = xy_addr(p);
	if (ioctl(xy_call_fd(c), XYL_PRIVCMD_MMAP_RESOURCE, &res)) {
		ret = -errno;
		munmap(p, n * XEN_PAGE_SIZE);
		return ret;
	}
	*out = p;
	return 0;
}

void xy_unmap(struct xy_call *c, void *addr, size_t n)
{
	(void)c;
	if (addr)
		munmap(addr, n * XEN_PAGE_SIZE);
}
