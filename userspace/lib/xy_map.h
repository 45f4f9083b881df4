/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mapping another domain's memory. Mappings are shared, not inherited by exec,
 * and hold a reference on each page until unmapped; a child of fork must not
 * touch them. Threads: as for struct xy_call.
 */
#ifndef XY_MAP_H
#define XY_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "xy_call.h"

/*
 * Maps @n guest frames of @domid side by side, all or nothing. @prot as for
 * mmap. On failure returns a negative errno: the first frame's that could not
 * be mapped.
 */
int xy_map_frames(struct xy_call *c, uint16_t domid, int prot, const uint64_t *gfns,
		  size_t n, void **out);
/* The same for @n frames that follow each other from @gfn. */
int xy_map_range(struct xy_call *c, uint16_t domid, int prot, uint64_t gfn, size_t n, void **out);

/*
 * Maps @n frames of a resource (XENMEM_resource_*). -EOPNOTSUPP or -ENOTTY when
 * the hypervisor or the kernel cannot: callers have a second way.
 */
int xy_map_resource(struct xy_call *c, uint16_t domid, uint32_t type, uint32_t id,
		    uint32_t frame, size_t n, void **out);

/* Ends a mapping of @n pages; accepts NULL. */
void xy_unmap(struct xy_call *c, void *addr, size_t n);

#endif
