/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_FILES_H
#define XYLEM_COMPAT_FILES_H

#include <linux/fs.h>

/* Device files without a position; 6.12 dropped the function that says no. */
#if COMPAT_SINCE(6, 12)
#define compat_no_llseek NULL
#else
#define compat_no_llseek no_llseek
#endif

/* Entries that stay in memory need no function of their own since 7.0. */
#if COMPAT_SINCE(7, 0)
#define compat_kill_litter_super kill_anon_super
#else
#define compat_kill_litter_super kill_litter_super
#endif

#endif /* XYLEM_COMPAT_FILES_H */
