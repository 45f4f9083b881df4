/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic operations over the compiler's builtins. The suffix says the order:
 * none = relaxed, _acquire, _release, _full = sequentially consistent.
 * Only for hypervisor memory; what a guest can write goes through
 * xen/guest_atomic.h, whose loops have a bound (XSA-295).
 */
#ifndef XEN_ATOMIC_H
#define XEN_ATOMIC_H

#include <xen/types.h>

#define atomic_load(p)			__atomic_load_n(p, __ATOMIC_RELAXED)
#define atomic_load_acquire(p)		__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define atomic_store(p, v)		__atomic_store_n(p, v, __ATOMIC_RELAXED)
#define atomic_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define atomic_xchg(p, v)		__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define atomic_add_return(p, v)		__atomic_add_fetch(p, v, __ATOMIC_SEQ_CST)
#define atomic_sub_return(p, v)		__atomic_sub_fetch(p, v, __ATOMIC_SEQ_CST)
#define atomic_inc(p)			((void)__atomic_add_fetch(p, 1, __ATOMIC_RELAXED))
#define atomic_dec(p)			((void)__atomic_sub_fetch(p, 1, __ATOMIC_RELAXED))
#define atomic_or(p, v)			__atomic_fetch_or(p, v, __ATOMIC_SEQ_CST)
#define atomic_and(p, v)		__atomic_fetch_and(p, v, __ATOMIC_SEQ_CST)
/* Returns true when *p was *old and is now new; else *old holds what was seen. */
#define atomic_try_cmpxchg(p, old, new) \
	__atomic_compare_exchange_n(p, old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)

#define smp_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)

#endif
