/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks: what differs between kernels.
 */
#ifndef XYLEM_COMPAT_LOCK_H
#define XYLEM_COMPAT_LOCK_H

#include <linux/spinlock.h>
#include "compat.h"

/*
 * The real-time patches for 5.10 and 6.1 tell sparse of a lock that was tried for, but of none
 * that was waited for or given back.
 */
#if defined(CONFIG_PREEMPT_RT) && !COMPAT_SINCE(6, 12)
#define compat_spin_trylock(lock) rt_spin_trylock(lock)
#else
#define compat_spin_trylock(lock) spin_trylock(lock)
#endif

#endif
