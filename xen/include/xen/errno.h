/* SPDX-License-Identifier: GPL-2.0-only */
/* The ABI's error numbers. Functions return 0 or -Exxx. */
#ifndef XEN_ERRNO_H
#define XEN_ERRNO_H

#ifndef __ASSEMBLY__
#include <xen/types.h>

#define XEN_ERRNO(name, value) name = (value),
enum {
#include <public/errno.h>
};

/* Pointers that carry an error. */
#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-4095)
static inline void *ERR_PTR(long e) { return (void *)e; }
static inline long PTR_ERR(const void *p) { return (long)p; }
static inline bool IS_ERR(const void *p) { return IS_ERR_VALUE(p); }
#endif

#endif
