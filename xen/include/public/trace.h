/* SPDX-License-Identifier: MIT */
/*
 * Records of the trace buffers (XEN_SYSCTL_tbuf_op).
 */
#ifndef __XEN_PUBLIC_TRACE_H__
#define __XEN_PUBLIC_TRACE_H__

#include "xen-compat.h"

/* The most 32-bit words that may follow a record's header. */
#define TRACE_EXTRA_MAX		7
#define TRACE_EXTRA_SHIFT	28

#endif
