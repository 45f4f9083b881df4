/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Internal: what an architecture supplies to the guest builder, in one file
 * xy_arch_<arch>.c chosen by the build.
 */
#ifndef XY_ARCH_H
#define XY_ARCH_H

#include "xy_blob.h"
#include "xy_build.h"
#include "xy_layout.h"

/* The fixed map of this ABI. */
extern const struct xy_guest_map xy_arch_map;

/* Before the domain is made: architecture part and flags of the configuration. */
void xy_arch_config(const struct xy_guest *g, struct xen_domctl_createdomain *cfg);

/* After it is made, before it has memory. */
int xy_arch_prepare(struct xy_call *c, struct xy_guest *g, struct xy_err *err);

/* Checks the unpacked kernel and says where it wants to be. */
int xy_arch_kernel(const struct xy_blob *kernel, struct xy_image *image, struct xy_err *err);

/* Writes what the kernel learns the machine from to layout->dtb. */
int xy_arch_describe(struct xy_call *c, const struct xy_guest *g, const struct xy_layout *layout,
		     struct xy_err *err);

/* Registers of vCPU 0, and how events arrive. */
int xy_arch_start_state(struct xy_call *c, const struct xy_guest *g,
			const struct xy_layout *layout, struct xy_err *err);

#endif
