/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Debian 12's sparse lacks for the headers of newer kernels. check-build gives it to
 * sparse alone, which reads types and locks and makes no code of it.
 */
#define __typeof_unqual__ __typeof__
/* Asked of the strings of MODULE_INFO(), where it must be a constant (6.18 and later). */
#define __builtin_strlen(s) (sizeof(s) - 1)
