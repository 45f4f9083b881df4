/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before everything else: the C library's headers, which libfdt.h
 * wants, are the build machine's; the public headers from here on are Arm's.
 */
#include <libfdt.h>
#undef __always_inline
#undef __x86_64__
#undef __i386__
#undef __aarch64__
#define __aarch64__ 1
