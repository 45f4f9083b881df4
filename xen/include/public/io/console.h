/* SPDX-License-Identifier: MIT */
/*
 * A guest's console: one page with a ring for each direction, seen from the
 * guest. Indices run freely and are masked when used. The producer writes the
 * bytes, then (write barrier) its index, then sends the event.
 */
#ifndef __XEN_PUBLIC_IO_CONSOLE_H__
#define __XEN_PUBLIC_IO_CONSOLE_H__

#include "../xen-compat.h"

typedef uint32_t XENCONS_RING_IDX;

#define MASK_XENCONS_IDX(idx, ring)	((idx) & (sizeof(ring) - 1))

struct xencons_interface {
	char in[1024];			/* typed, to the guest */
	char out[2048];			/* printed, by the guest */
	XENCONS_RING_IDX in_cons, in_prod;
	XENCONS_RING_IDX out_cons, out_prod;
};

/* memcpy() is the user's. */
#ifdef XEN_WANT_FLEX_CONSOLE_RING
#include "ring.h"
DEFINE_XEN_FLEX_RING(xencons);
#endif

#endif
