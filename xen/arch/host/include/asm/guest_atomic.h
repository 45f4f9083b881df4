/* SPDX-License-Identifier: GPL-2.0-only */
/* The compiler's atomics; a test can make every try fail to reach the bound. */
#ifndef ASM_GUEST_ATOMIC_H
#define ASM_GUEST_ATOMIC_H

#include <xen/types.h>

extern __thread unsigned int host_atomic_failures;	/* so many tries reach the bound */
/* A bit for each compare-and-exchange to come, lowest first: set, another CPU changed the word just before. */
extern __thread unsigned long host_atomic_changes;

static inline bool guest_cmpxchg32(uint32_t *p, uint32_t *old, uint32_t new)
{
	bool changed = host_atomic_changes & 1;

	if (host_atomic_failures) {
		host_atomic_failures--;
		return false;
	}
	host_atomic_changes >>= 1;
	if (changed)
		*old ^= 1;
	else
		__atomic_compare_exchange_n(p, old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return true;
}

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
