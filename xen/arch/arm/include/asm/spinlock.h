/* SPDX-License-Identifier: GPL-2.0-only */
/* Taking a spin lock; the contract is in xen/spinlock.h, which includes this. */
#ifndef ASM_SPINLOCK_H
#define ASM_SPINLOCK_H

/* The compiler's compare-and-exchange reads the word twice and compares twice. */
static inline bool arch_spin_take(uint32_t *word)
{
	uint32_t old, failed;

	__asm__ goto("1:	ldaxr	%w[old], %[word]\n"
		     "	tst	%w[old], %[mask]\n"
		     "	b.ne	%l[busy]\n"
		     "	add	%w[old], %w[old], %[locked]\n"
		     "	add	%w[old], %w[old], %[turn]\n"
		     "	stxr	%w[failed], %w[old], %[word]\n"
		     "	cbnz	%w[failed], 1b\n"
		     : [old] "=&r" (old), [failed] "=&r" (failed), [word] "+Q" (*word)
		     : [mask] "i" (SPIN_BUSY), [locked] "i" (SPIN_LOCKED),
		       [turn] "i" (SPIN_TAKE - SPIN_LOCKED)
		     : "cc", "memory"
		     : busy);
	return true;
busy:
	return false;
}

#endif
