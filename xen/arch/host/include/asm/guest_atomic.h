/* SPDX-License-Identifier: GPL-2.0-only */
/* The compiler's atomics; a test can make every try fail to reach the bound. */
#ifndef ASM_GUEST_ATOMIC_H
#define ASM_GUEST_ATOMIC_H

#include <xen/types.h>

extern __thread unsigned int host_atomic_failures;	/* so many tries reach the bound */
/* A bit for each compare-and-exchange to come, lowest first: set, another CPU changed the word just before. */
extern __thread unsigned long host_atomic_changes;

#define GUEST_CMPXCHG_(bits, T)							\
static inline bool guest_cmpxchg##bits(T *p, T *old, T new, bool *swapped)	\
{										\
	if (host_atomic_failures) {						\
		host_atomic_failures--;						\
		return false;							\
	}									\
	if (host_atomic_changes & 1) {						\
		host_atomic_changes >>= 1;					\
		*old ^= 1;							\
		*swapped = false;						\
		return true;							\
	}									\
	host_atomic_changes >>= 1;						\
	*swapped = __atomic_compare_exchange_n(p, old, new, false,		\
					       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	return true;								\
}

GUEST_CMPXCHG_(16, uint16_t)
GUEST_CMPXCHG_(32, uint32_t)
GUEST_CMPXCHG_(64, uint64_t)
#undef GUEST_CMPXCHG_

static inline bool guest_change32(uint32_t *p, uint32_t clear, uint32_t set, uint32_t *old)
{
	uint32_t seen = __atomic_load_n(p, __ATOMIC_RELAXED);

	if (host_atomic_failures) {
		host_atomic_failures--;
		return false;
	}
	while (!__atomic_compare_exchange_n(p, &seen, (seen & ~clear) | set, false,
					    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		;
	*old = seen;
	return true;
}

#endif
