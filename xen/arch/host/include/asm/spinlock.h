/* SPDX-License-Identifier: GPL-2.0-only */
/* Taking a spin lock; the contract is in xen/spinlock.h, which includes this. */
#ifndef ASM_SPINLOCK_H
#define ASM_SPINLOCK_H

static inline bool arch_spin_take(uint32_t *word)
{
	uint32_t old = __atomic_load_n(word, __ATOMIC_RELAXED);

	return !(old & SPIN_BUSY) &&
	       __atomic_compare_exchange_n(word, &old, old + SPIN_TAKE, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

#endif
