/* SPDX-License-Identifier: GPL-2.0-only */
/* Bits and bitmaps of unsigned long. */
#ifndef XEN_BITOPS_H
#define XEN_BITOPS_H

#include <xen/atomic.h>
#include <xen/compiler.h>
#include <xen/types.h>

#define BITS_PER_LONG	(8 * sizeof(unsigned long))
#define BITS_TO_LONGS(n) DIV_ROUND_UP(n, BITS_PER_LONG)
#define DECLARE_BITMAP(name, n) unsigned long name[BITS_TO_LONGS(n)]
#define BIT_WORD_(m, nr) (&(m)[(nr) / BITS_PER_LONG])
#define BIT_MASK_(nr)	(1UL << ((nr) % BITS_PER_LONG))

/* Atomic; test_and_* are full barriers. */
static inline void set_bit(unsigned int nr, unsigned long *m)
{
	__atomic_fetch_or(BIT_WORD_(m, nr), BIT_MASK_(nr), __ATOMIC_RELAXED);
}

static inline void clear_bit(unsigned int nr, unsigned long *m)
{
	__atomic_fetch_and(BIT_WORD_(m, nr), ~BIT_MASK_(nr), __ATOMIC_RELAXED);
}

static inline bool test_and_set_bit(unsigned int nr, unsigned long *m)
{
	return atomic_or(BIT_WORD_(m, nr), BIT_MASK_(nr)) & BIT_MASK_(nr);
}

static inline bool test_and_clear_bit(unsigned int nr, unsigned long *m)
{
	return atomic_and(BIT_WORD_(m, nr), ~BIT_MASK_(nr)) & BIT_MASK_(nr);
}

static inline bool test_bit(unsigned int nr, const unsigned long *m)
{
	return READ_ONCE(*BIT_WORD_(m, nr)) & BIT_MASK_(nr);
}

/* Not atomic: the caller's lock protects the bitmap. */
static inline void __set_bit(unsigned int nr, unsigned long *m)
{
	*BIT_WORD_(m, nr) |= BIT_MASK_(nr);
}

static inline void __clear_bit(unsigned int nr, unsigned long *m)
{
	*BIT_WORD_(m, nr) &= ~BIT_MASK_(nr);
}

/* Index of the lowest/highest set bit; x must not be 0. */
static inline unsigned int ffsl_(unsigned long x) { return __builtin_ctzl(x); }
static inline unsigned int flsl_(unsigned long x) { return BITS_PER_LONG - 1 - __builtin_clzl(x); }

unsigned int find_next_bit_(const unsigned long *m, unsigned int size, unsigned int start);

/* First set (clear) bit at or after start, or size when there is none. */
static inline unsigned int find_next_bit(const unsigned long *m, unsigned int size,
					 unsigned int start)
{
	unsigned long word;

	/* Masks of CPUs are mostly a single word. */
	if (!__builtin_constant_p(size) || size > BITS_PER_LONG)
		return find_next_bit_(m, size, start);
	if (start >= size)
		return size;
	word = READ_ONCE(*m) & (~0UL << start);
	return word ? min_t(unsigned int, ffsl_(word), size) : size;
}
unsigned int find_next_zero_bit(const unsigned long *m, unsigned int size, unsigned int start);
#define find_first_bit(m, n)		find_next_bit(m, n, 0)
#define find_first_zero_bit(m, n)	find_next_zero_bit(m, n, 0)
#define for_each_set_bit(b, m, n) \
	for (b = find_first_bit(m, n); b < (n); b = find_next_bit(m, n, b + 1))

/* Smallest order with (PAGE_SIZE << order) >= bytes. */
unsigned int get_order_from_bytes(uint64_t bytes);
unsigned int get_order_from_pages(unsigned long pages);

#endif
