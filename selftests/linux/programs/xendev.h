/* SPDX-License-Identifier: GPL-2.0-only */
/* The ioctls below /dev/xen: numbers and layouts of the kernel's interface. */
#ifndef XENDEV_H
#define XENDEV_H

#include <stdint.h>
#include <sys/ioctl.h>

struct evtchn_arg {
	unsigned int a;
};

struct evtchn_arg2 {
	unsigned int a, b;
};

#define XEN_IOC(type, nr, size)	_IOC(_IOC_NONE, type, nr, size)
#define EVTCHN_BIND_VIRQ	XEN_IOC('E', 0, 4)
#define EVTCHN_BIND_INTERDOMAIN	XEN_IOC('E', 1, 8)
#define EVTCHN_BIND_UNBOUND	XEN_IOC('E', 2, 4)
#define EVTCHN_UNBIND		XEN_IOC('E', 3, 4)
#define EVTCHN_NOTIFY		XEN_IOC('E', 4, 4)
#define EVTCHN_RESET		XEN_IOC('E', 5, 0)
#define EVTCHN_RESTRICT		XEN_IOC('E', 6, 2)
#define EVTCHN_BIND_STATIC	XEN_IOC('E', 7, 4)

struct gnt_ref {
	uint32_t domid, ref;
};

struct gntdev_map {
	uint32_t count, pad;
	uint64_t index;
	struct gnt_ref refs[64];
};

struct gntdev_unmap {
	uint64_t index;
	uint32_t count, pad;
};

struct gntdev_offset {
	uint64_t vaddr, offset;
	uint32_t count, pad;
};

struct gnt_notify {
	uint64_t index;
	uint32_t action, port;
};

struct gntdev_segment {
	union {
		void *virt;
		struct {
			uint32_t ref;
			uint16_t offset, domid;
		} foreign;
	} source, dest;
	uint16_t len, flags;
	int16_t status;
};

struct gntdev_copy {
	unsigned int count;
	struct gntdev_segment *segments;
};

#define GNTDEV_MAP		XEN_IOC('G', 0, 24)
#define GNTDEV_UNMAP		XEN_IOC('G', 1, sizeof(struct gntdev_unmap))
#define GNTDEV_OFFSET		XEN_IOC('G', 2, sizeof(struct gntdev_offset))
#define GNTDEV_MAX		XEN_IOC('G', 3, 4)
#define GNTDEV_NOTIFY		XEN_IOC('G', 7, sizeof(struct gnt_notify))
#define GNTDEV_COPY		XEN_IOC('G', 8, sizeof(struct gntdev_copy))

struct dmabuf_export {
	uint32_t flags, count, fd, domid;
	uint32_t refs[64];
};

struct dmabuf_wait {
	uint32_t fd, ms;
};

struct dmabuf_import {
	uint32_t fd, count, domid, reserved;
	uint32_t refs[64];
};

struct dmabuf_release {
	uint32_t fd, reserved;
};

#define DMABUF_EXPORT		XEN_IOC('G', 9, 20)
#define DMABUF_WAIT		XEN_IOC('G', 10, sizeof(struct dmabuf_wait))
#define DMABUF_IMPORT		XEN_IOC('G', 11, 20)
#define DMABUF_RELEASE		XEN_IOC('G', 12, sizeof(struct dmabuf_release))

struct gntalloc_alloc {
	uint16_t domid, flags;
	uint32_t count;
	uint64_t index;
	uint32_t refs[64];
};

struct gntalloc_free {
	uint64_t index;
	uint32_t count;
};

#define GNTALLOC_ALLOC		XEN_IOC('G', 5, 24)
#define GNTALLOC_FREE		XEN_IOC('G', 6, sizeof(struct gntalloc_free))
#define GNTALLOC_NOTIFY		XEN_IOC('G', 7, sizeof(struct gnt_notify))

struct privcmd_call {
	uint64_t op, arg[5];
};

struct privcmd_batch {
	int num;
	uint16_t dom;
	uint64_t addr;
	uint64_t *arr;
};

struct privcmd_batch_v2 {
	unsigned int num;
	uint16_t dom;
	uint64_t addr;
	const uint64_t *arr;
	int *err;
};

struct privcmd_dm_op {
	uint16_t dom, num;
	const void *bufs;
};

struct privcmd_resource {
	uint16_t dom;
	uint32_t type, id, idx;
	uint64_t num, addr;
};

struct privcmd_range {
	uint64_t va, mfn, npages;
};

struct privcmd_ranges {
	int num;
	uint16_t dom;
	const struct privcmd_range *entry;
};

struct privcmd_gsi {
	uint32_t sbdf;
	uint32_t gsi;
};

struct privcmd_irqfd {
	uint64_t dm_op;
	uint32_t size, fd, flags;
	uint16_t dom;
	uint8_t pad[2];
};

struct privcmd_ioeventfd {
	uint64_t ioreq, ports, addr;
	uint32_t addr_len, event_fd, vcpus, vq, flags;
	uint16_t dom;
	uint8_t pad[2];
};

#define PRIVCMD_CALL		XEN_IOC('P', 0, sizeof(struct privcmd_call))
#define PRIVCMD_RANGES		XEN_IOC('P', 2, sizeof(struct privcmd_ranges))
#define PRIVCMD_BATCH		XEN_IOC('P', 3, sizeof(struct privcmd_batch))
#define PRIVCMD_BATCH_V2	XEN_IOC('P', 4, sizeof(struct privcmd_batch_v2))
#define PRIVCMD_DM_OP		XEN_IOC('P', 5, sizeof(struct privcmd_dm_op))
#define PRIVCMD_RESTRICT	XEN_IOC('P', 6, 2)
#define PRIVCMD_RESOURCE	XEN_IOC('P', 7, sizeof(struct privcmd_resource))
#define PRIVCMD_IRQFD		_IOC(_IOC_WRITE, 'P', 8, sizeof(struct privcmd_irqfd))
#define PRIVCMD_IOEVENTFD	_IOC(_IOC_WRITE, 'P', 9, sizeof(struct privcmd_ioeventfd))
#define PRIVCMD_GSI		XEN_IOC('P', 10, sizeof(struct privcmd_gsi))

#endif
