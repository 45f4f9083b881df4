/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's character devices under /dev/xen: ioctl numbers and arguments.
 * The layouts are Linux's and the same for 32- and 64-bit callers.
 */
#ifndef XY_LINUX_H
#define XY_LINUX_H

#include <stdint.h>
#include <sys/ioctl.h>

/* /dev/xen/privcmd */
struct xyl_hypercall {
	uint64_t op;
	uint64_t arg[5];
};

struct xyl_mmapbatch_v2 {
	unsigned int num;
	uint16_t dom;
	uint64_t addr;
	const uint64_t *arr;
	int *err;		/* one negative errno, or 0, per frame */
};

struct xyl_mmap_resource {
	uint16_t dom;
	uint32_t type;
	uint32_t id;
	uint32_t idx;
	uint64_t num;
	uint64_t addr;
};

#define XYL_PRIVCMD_HYPERCALL	_IOC(_IOC_NONE, 'P', 0, sizeof(struct xyl_hypercall))
#define XYL_PRIVCMD_MMAPBATCH_V2 _IOC(_IOC_NONE, 'P', 4, sizeof(struct xyl_mmapbatch_v2))
#define XYL_PRIVCMD_MMAP_RESOURCE _IOC(_IOC_NONE, 'P', 7, sizeof(struct xyl_mmap_resource))

/* /dev/xen/evtchn: the ioctl returns the local port */
struct xyl_evtchn_bind_virq {
	unsigned int virq;
};

struct xyl_evtchn_bind_interdomain {
	unsigned int remote_domain;
	unsigned int remote_port;
};

struct xyl_evtchn_bind_unbound {
	unsigned int remote_domain;
};

struct xyl_evtchn_port {
	unsigned int port;
};

#define XYL_EVTCHN_BIND_VIRQ	_IOC(_IOC_NONE, 'E', 0, sizeof(struct xyl_evtchn_bind_virq))
#define XYL_EVTCHN_BIND_INTERDOMAIN \
	_IOC(_IOC_NONE, 'E', 1, sizeof(struct xyl_evtchn_bind_interdomain))
#define XYL_EVTCHN_BIND_UNBOUND	_IOC(_IOC_NONE, 'E', 2, sizeof(struct xyl_evtchn_bind_unbound))
#define XYL_EVTCHN_UNBIND	_IOC(_IOC_NONE, 'E', 3, sizeof(struct xyl_evtchn_port))
#define XYL_EVTCHN_NOTIFY	_IOC(_IOC_NONE, 'E', 4, sizeof(struct xyl_evtchn_port))

/* /dev/xen/gntdev */
struct xyl_gntdev_ref {
	uint32_t domid;
	uint32_t ref;
};

struct xyl_gntdev_map {
	uint32_t count;
	uint32_t pad;
	uint64_t index;		/* out: offset for mmap */
	struct xyl_gntdev_ref refs[1];	/* count of them */
};

struct xyl_gntdev_unmap {
	uint64_t index;
	uint32_t count;
	uint32_t pad;
};

struct xyl_gntdev_offset {
	uint64_t vaddr;
	uint64_t offset;
	uint32_t count;
	uint32_t pad;
};

#define XYL_GNTDEV_MAP		_IOC(_IOC_NONE, 'G', 0, sizeof(struct xyl_gntdev_map))
#define XYL_GNTDEV_UNMAP	_IOC(_IOC_NONE, 'G', 1, sizeof(struct xyl_gntdev_unmap))
#define XYL_GNTDEV_OFFSET	_IOC(_IOC_NONE, 'G', 2, sizeof(struct xyl_gntdev_offset))

#endif
