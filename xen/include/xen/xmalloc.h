/* SPDX-License-Identifier: GPL-2.0-only */
/* Small hypervisor allocations; anything up to MAX_ORDER works. Not from interrupts. */
#ifndef XEN_XMALLOC_H
#define XEN_XMALLOC_H

#include <xen/types.h>

void *xmalloc_bytes(size_t size);	/* 16-byte aligned, contents undefined; NULL on failure */
void *xzalloc_bytes(size_t size);
void xfree(void *p);			/* NULL is fine */

#define xmalloc(type)		((type *)xmalloc_bytes(sizeof(type)))
#define xzalloc(type)		((type *)xzalloc_bytes(sizeof(type)))
/* NULL also when nr * sizeof overflows. */
void *xzalloc_array_(size_t size, size_t nr);
#define xzalloc_array(type, nr)	((type *)xzalloc_array_(sizeof(type), nr))
#define XFREE(p) do { xfree(p); (p) = NULL; } while (0)

#endif
