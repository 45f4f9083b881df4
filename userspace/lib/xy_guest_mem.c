/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "xy_domctl.h"
#include "xy_guest_mem.h"
#include "xy_map.h"
#include "xy_memory.h"

#define BATCH		1024	/* extents in one call */
/*
 * Pages mapped at a time. Where the kernel has no unpopulated address space to
 * map at (Arm), each mapped page costs dom0 one of its own for the time being.
 */
#define WINDOW		1024

static const unsigned int orders[] = { 18, 9, 0 };	/* 1 GiB, 2 MiB, 4 KiB */
#define NR_ORDERS (sizeof(orders) / sizeof(orders[0]))

/* Index of the largest order, from @from on, that fits at @gfn with @left pages. */
static size_t fitting(size_t from, uint64_t gfn, uint64_t left)
{
	while (from < NR_ORDERS - 1 &&
	       (gfn & ((1ull << orders[from]) - 1) || left < 1ull << orders[from]))
		from++;
	return from;
}

/* Fills @gfns with extents of one order that follow each other. */
static size_t fill(uint64_t *gfns, uint64_t gfn, uint64_t left, unsigned int order)
{
	size_t n = 0;

	while (n < BATCH && left >= 1ull << order) {
		gfns[n++] = gfn;
		gfn += 1ull << order;
		left -= 1ull << order;
	}
	return n;
}

int xy_guest_populate(struct xy_call *c, uint16_t domid, struct xy_range range,
		      struct xy_err *err)
{
	uint64_t gfn = range.base >> XY_PAGE_SHIFT, left = range.size >> XY_PAGE_SHIFT;
	uint64_t gfns[BATCH], retry_at = gfn;	/* the largest order may be tried here */
	size_t smallest = 0;

	while (left) {
		size_t o, n;
		long got;

		if (gfn >= retry_at)
			smallest = 0;
		o = fitting(smallest, gfn, left);
		n = fill(gfns, gfn, left, orders[o]);
		/* Below a refused large page only its own range is filled in small ones. */
		if (smallest && retry_at > gfn && n > (retry_at - gfn) >> orders[o])
			n = (retry_at - gfn) >> orders[o];
		got = xy_populate(c, domid, gfns, n, orders[o]);
		if (got < 0 && orders[o] == 0)
			return xy_fail(err, (int)got, "cannot get %llu MiB of memory for the "
				       "guest: %s", (unsigned long long)range.size >> 20,
				       strerror((int)-got));
		got = got < 0 ? 0 : got;
		gfn += (uint64_t)got << orders[o];
		left -= (uint64_t)got << orders[o];
		if ((size_t)got == n)
			continue;
		if (orders[o] == 0)
			return xy_fail(err, -ENOMEM, "the host is out of memory: %llu of %llu MiB "
				       "are missing for the guest",
				       (unsigned long long)(left >> (20 - XY_PAGE_SHIFT)) + 1,
				       (unsigned long long)range.size >> 20);
		smallest = o + 1;
		retry_at = gfn + (1ull << orders[o]);
	}
	return 0;
}

static int write_window(struct xy_call *c, uint16_t domid, uint64_t gfn, const uint8_t *data,
			size_t len)
{
	size_t pages = (len + XY_PAGE_SIZE - 1) >> XY_PAGE_SHIFT;
	void *p;
	int ret = xy_map_range(c, domid, PROT_READ | PROT_WRITE, gfn, pages, &p);

	if (ret)
		return ret;
	if (data)
		memcpy(p, data, len);
	else
		memset(p, 0, len);
	memset((uint8_t *)p + len, 0, pages * XY_PAGE_SIZE - len);
	xy_unmap(c, p, pages);
	return 0;
}

int xy_guest_write(struct xy_call *c, uint16_t domid, uint64_t gpa, const void *data, size_t len,
		   struct xy_err *err)
{
	const uint8_t *from = data;
	uint64_t gfn = gpa >> XY_PAGE_SHIFT;
	size_t pages = (len + XY_PAGE_SIZE - 1) >> XY_PAGE_SHIFT;
	int ret = 0;

	for (size_t done = 0; done < len && !ret; done += WINDOW * XY_PAGE_SIZE) {
		size_t part = len - done < WINDOW * XY_PAGE_SIZE ? len - done :
								   WINDOW * XY_PAGE_SIZE;

		ret = write_window(c, domid, gfn + (done >> XY_PAGE_SHIFT),
				   from ? from + done : NULL, part);
	}
	if (ret)
		return xy_fail(err, ret, "cannot map the guest's memory at %#llx: %s",
			       (unsigned long long)gpa, strerror(-ret));
	ret = xy_domain_cacheflush(c, domid, gfn, pages);
	if (ret && ret != -ENOSYS && ret != -EOPNOTSUPP)
		return xy_fail(err, ret, "cannot clean the guest's memory at %#llx: %s",
			       (unsigned long long)gpa, strerror(-ret));
	return 0;
}
