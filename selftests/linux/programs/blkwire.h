/* SPDX-License-Identifier: GPL-2.0-only */
/* A block ring as its ends see it, and pages to share; for one page and Arm or x86-64. */
#ifndef BLKWIRE_H
#define BLKWIRE_H

#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "xendev.h"

#define PAGE		4096
#define RING_ENTRIES	32

enum { INITIALISING = 1, INIT_WAIT, INITIALISED, CONNECTED, CLOSING, CLOSED };
enum { OP_READ, OP_WRITE, OP_BARRIER, OP_FLUSH, OP_DISCARD = 5, OP_INDIRECT };

struct segment {
	uint32_t gref;
	uint8_t first, last, pad[2];
};

struct request {
	uint8_t op, arg;
	uint16_t arg16;
	uint32_t pad;
	uint64_t id, sector;
	union {
		struct segment segs[11];
		uint64_t nr_sectors;
		struct {
			uint16_t handle, pad;
			uint32_t grefs[8];
		} indirect;
	};
};

struct response {
	uint64_t id;
	uint8_t op, pad;
	int16_t status;
};

union entry {
	struct request req;
	struct response rsp;
};

struct shared_ring {
	volatile uint32_t req_prod, req_event, rsp_prod, rsp_event;
	uint8_t pad[48];
	union entry entries[RING_ENTRIES];
};

_Static_assert(sizeof(struct request) == 112, "a request's size");

/* A page granted to this domain itself; NULL when that fails. */
static inline void *page_grant(int writable, uint32_t *gref)
{
	static int fd = -1;
	struct gntalloc_alloc arg = { .flags = writable, .count = 1 };
	void *p;

	if (fd < 0)
		fd = open("/dev/xen/gntalloc", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, GNTALLOC_ALLOC, &arg))
		return NULL;
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, arg.index);
	*gref = arg.refs[0];
	return p == MAP_FAILED ? NULL : p;
}

/* A page that this domain granted to itself. */
static inline void *page_map(uint32_t gref)
{
	static int fd = -1;
	struct gntdev_map arg = { .count = 1, .refs = { { .ref = gref } } };
	void *p;

	if (fd < 0)
		fd = open("/dev/xen/gntdev", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, GNTDEV_MAP, &arg))
		return NULL;
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, arg.index);
	return p == MAP_FAILED ? NULL : p;
}

static inline void barrier_full(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
