/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making a guest: an empty domain first, then its memory, kernel and start
 * state. Between the two, and after, the domain is paused and the caller's: on
 * failure nothing is destroyed here, xy_domain_destroy() takes all back.
 *
 * All return 0, or a negative errno with a sentence in @err.
 */
#ifndef XY_BUILD_H
#define XY_BUILD_H

#include <stdint.h>

#include <xen/xen.h>
#include <xen/domctl.h>

#include "xy_call.h"
#include "xy_err.h"

enum xy_gic { XY_GIC_NATIVE, XY_GIC_V2, XY_GIC_V3 };

struct xy_guest {
	/* in */
	uint8_t uuid[16];
	const char *kernel;		/* path */
	const char *ramdisk;		/* path, or NULL */
	const char *cmdline;		/* or NULL */
	uint64_t memory_kib;		/* at start */
	uint64_t max_memory_kib;	/* limit while running, at least memory_kib */
	uint64_t paging_kib;		/* for page tables; 0: as the size asks for */
	unsigned int max_vcpus;		/* CPU 0 starts, the guest starts the others */
	unsigned int max_grant_frames, max_maptrack_frames, max_evtchn_port;
	uint32_t cpupool;
	enum xy_gic gic;
	/* out */
	uint16_t domid;
	uint64_t store_gfn, console_gfn;
	uint32_t store_port, console_port;	/* the guest's ends */
	struct xen_domctl_createdomain created;	/* as the hypervisor completed it */
};

/* A domain with vCPUs and limits, and nothing in it; sets domid. */
int xy_guest_create(struct xy_call *c, struct xy_guest *g, struct xy_err *err);
/* Fills it: RAM, kernel, ramdisk, device tree, shared pages, ports, first vCPU. */
int xy_guest_load(struct xy_call *c, struct xy_guest *g, struct xy_err *err);

/* Highest number of vCPUs a guest can have here. */
unsigned int xy_guest_max_vcpus(void);

#endif
