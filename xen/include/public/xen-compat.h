/* SPDX-License-Identifier: MIT */
/*
 * Which edition of the interface a source file is written for.
 *
 * A program may define __XEN_INTERFACE_VERSION__ before its first include. It
 * is 0xMMmmpp: Xen major, minor and patch. The hypervisor and the tools always
 * speak the latest one. Editions before 4.7 gave other meanings to some of the
 * names here; they are refused instead of being misread.
 */
#ifndef __XEN_PUBLIC_XEN_COMPAT_H__
#define __XEN_PUBLIC_XEN_COMPAT_H__

#define __XEN_LATEST_INTERFACE_VERSION__	0x00040e00
#define __XEN_OLDEST_INTERFACE_VERSION__	0x00040700

#if defined(__XEN__) || defined(__XEN_TOOLS__)
#undef __XEN_INTERFACE_VERSION__
#endif

#ifndef __XEN_INTERFACE_VERSION__
#define __XEN_INTERFACE_VERSION__	__XEN_LATEST_INTERFACE_VERSION__
#endif

#if __XEN_INTERFACE_VERSION__ > __XEN_LATEST_INTERFACE_VERSION__
#error "__XEN_INTERFACE_VERSION__ is newer than these headers"
#endif
#if __XEN_INTERFACE_VERSION__ < __XEN_OLDEST_INTERFACE_VERSION__
#error "__XEN_INTERFACE_VERSION__ is older than these headers support"
#endif

#if !defined(__ASSEMBLY__)
#if defined(__KERNEL__)
#include <linux/types.h>
#else
#include <stddef.h>
#include <stdint.h>
#endif
#endif

/* The dimension of an array that ends a structure, as far as the dialect goes. */
#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 199901L
#define XEN_FLEX_ARRAY_DIM
#elif defined(__GNUC__)
#define XEN_FLEX_ARRAY_DIM	0
#else
#define XEN_FLEX_ARRAY_DIM	1
#endif
#define COMPAT_FLEX_ARRAY_DIM	XEN_FLEX_ARRAY_DIM

/*
 * A structure without members has size 0 in GNU C and 1 in C++. An array of no
 * elements has size 0 in both, and keeps what follows at its offset.
 */
#define XEN_NO_MEMBERS		__extension__ char xen_no_members[0]

#endif
