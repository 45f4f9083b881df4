/* SPDX-License-Identifier: GPL-2.0-only */
/* Exclusive access to guest-writable memory with a bounded number of tries. */
#ifndef ASM_GUEST_ATOMIC_H
#define ASM_GUEST_ATOMIC_H

#include <xen/compiler.h>
#include <xen/types.h>

#define GUEST_ATOMIC_TRIES 64

static inline bool guest_cmpxchg32(uint32_t *p, uint32_t *old, uint32_t new)
{
	unsigned int tries = GUEST_ATOMIC_TRIES;
	uint32_t failed, seen;

	do {
		__asm__ __volatile__("	ldaxr	%w[seen], %[p]\n"
				     "	mov	%w[failed], #0\n"
				     "	cmp	%w[seen], %w[old]\n"
				     "	b.ne	1f\n"
				     "	stlxr	%w[failed], %w[new], %[p]\n"
				     "1:\n"
				     : [seen] "=&r" (seen), [failed] "=&r" (failed), [p] "+Q" (*p)
				     : [old] "r" (*old), [new] "r" (new)
				     : "cc", "memory");
	} while (unlikely(failed) && --tries);
	/* Full barrier after, as other atomics that return a value. */
	__asm__ __volatile__("dmb ish" ::: "memory");
	if (unlikely(failed))
		return false;
	*old = seen;
	return true;
}

/* One try of *p = (*p & ~clear) | set; mostly one of them is a constant 0. */
#define GUEST_CHANGE_(insns, ...)					\
	__asm__ __volatile__("	ldaxr	%w[seen], %[p]\n" insns		\
			     "	stlxr	%w[failed], %w[new], %[p]\n"	\
			     : [seen] "=&r" (seen), [new] "=&r" (new),	\
			       [failed] "=&r" (failed), [p] "+Q" (*p)	\
			     : __VA_ARGS__				\
			     : "memory")

/* *p = (*p & ~clear) | set; *old is what it was. Full barrier. */
static __always_inline bool guest_change32(uint32_t *p, uint32_t clear, uint32_t set,
					   uint32_t *old)
{
	unsigned int tries = GUEST_ATOMIC_TRIES;
	uint32_t failed, seen, new;

	do {
		if (__builtin_constant_p(clear) && !clear)
			GUEST_CHANGE_("	orr	%w[new], %w[seen], %w[set]\n",
				      [set] "r" (set));
		else if (__builtin_constant_p(set) && !set)
			GUEST_CHANGE_("	bic	%w[new], %w[seen], %w[clear]\n",
				      [clear] "r" (clear));
		else
			GUEST_CHANGE_("	bic	%w[new], %w[seen], %w[clear]\n"
				      "	orr	%w[new], %w[new], %w[set]\n",
				      [clear] "r" (clear), [set] "r" (set));
	} while (unlikely(failed) && --tries);
	__asm__ __volatile__("dmb ish" ::: "memory");
	*old = seen;
	return !failed;
}
#undef GUEST_CHANGE_

#endif
