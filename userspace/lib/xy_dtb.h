/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device tree of an Arm guest, made from nothing. Pure: needs libfdt only. */
#ifndef XY_DTB_H
#define XY_DTB_H

#include "xy_layout.h"

struct xy_dtb_params {
	const struct xy_guest_map *map;
	const struct xy_layout *layout;
	unsigned int major, minor;	/* version the hypervisor calls itself */
	unsigned int vcpus;
	unsigned int gic_version;	/* 2 or 3 */
	uint32_t clock_frequency;	/* of the timer; 0: as the register says */
	unsigned int addr_bits;		/* of guest physical addresses */
	const char *cmdline;		/* NULL: none */
};

/*
 * Writes a tree of at most @size bytes to @buf. -ENOSPC when it does not fit,
 * -EINVAL for a GIC or a number of vCPUs that there cannot be.
 */
int xy_dtb_make(const struct xy_dtb_params *p, void *buf, size_t size, struct xy_err *err);

#endif
