/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mapping pages that other domains grant, through /dev/xen/gntdev. Negative
 * errno on failure. Mappings do not survive fork (they are not inherited) nor
 * exec. Threads: one at a time per handle.
 */
#ifndef XY_GNTDEV_H
#define XY_GNTDEV_H

#include <stdint.h>

struct xy_gntdev;

int xy_gntdev_open(struct xy_gntdev **out);
/* Mappings still in place stay until unmapped by the process's end. */
void xy_gntdev_close(struct xy_gntdev *g);	/* accepts NULL */

/* Maps one page granted by @domid; @prot as for mmap. */
int xy_gntdev_map(struct xy_gntdev *g, uint16_t domid, uint32_t ref, int prot, void **out);
int xy_gntdev_unmap(struct xy_gntdev *g, void *addr);	/* accepts NULL */

#endif
