/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernel versions. Included before everything else in each
 * source file. Drivers are written for the newest kernel, or call a wrapper
 * named compat_*; only files of this folder look at LINUX_VERSION_CODE.
 *
 * A wrapper lives in the header of its subsystem, next to the version that
 * changed it. compat/net.h and the like, which pull in large headers, are
 * included by the drivers that need them, not from here.
 */
#ifndef XYLEM_COMPAT_H
#define XYLEM_COMPAT_H

#include <linux/version.h>

#define COMPAT_SINCE(major, minor) \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0))

#endif /* XYLEM_COMPAT_H */
