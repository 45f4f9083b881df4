/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Guest memory, parameters and ports of a domain that is being built. Negative
 * errno of the hypervisor on failure.
 */
#ifndef XY_MEMORY_H
#define XY_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include <xen/xen.h>

#include "xy_call.h"

/*
 * Gives the domain @n extents of 2^@order pages at @gfns (each aligned to its
 * size). Returns how many it got, from the front: fewer when memory is short or
 * the order is not to be had.
 */
long xy_populate(struct xy_call *c, uint16_t domid, const uint64_t *gfns, size_t n,
		 unsigned int order);

/* Maps a frame of the domain's grant table at @gfn; and takes a frame out again. */
int xy_add_grant_frame(struct xy_call *c, uint16_t domid, unsigned int frame, uint64_t gfn);
int xy_remove_frame(struct xy_call *c, uint16_t domid, uint64_t gfn);

/* Pages shared between domains, machine wide: used by all, and saved by sharing. */
long xy_shared_pages(struct xy_call *c);
long xy_freed_pages(struct xy_call *c);

/* HVM_PARAM_* */
int xy_hvm_param_set(struct xy_call *c, uint16_t domid, uint32_t param, uint64_t value);
int xy_hvm_param_get(struct xy_call *c, uint16_t domid, uint32_t param, uint64_t *value);

/* A port of @domid that @remote may bind to; returns it. */
int xy_port_alloc(struct xy_call *c, uint16_t domid, uint16_t remote);

#endif
