/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_XBREMOVE_H
#define XYLEM_COMPAT_XBREMOVE_H

#include "compat.h"

/* What a xenbus driver's remove() returns; nothing reads it. */
#if COMPAT_SINCE(6, 1)
typedef void compat_remove_t;
#define COMPAT_REMOVED
#else
typedef int compat_remove_t;
#define COMPAT_REMOVED 0
#endif

#endif /* XYLEM_COMPAT_XBREMOVE_H */
