/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic access to memory a guest can write at the same time. The peer may
 * keep the cache line busy for ever, so each try has a bound (XSA-295): when
 * it is reached *ok becomes false and the caller pauses the peer or fails.
 *
 * The architecture supplies in asm/guest_atomic.h:
 *   bool guest_change32(uint32_t *p, uint32_t clear, uint32_t set, uint32_t *old)
 *       *p = (*p & ~clear) | set, *old = what it was; false: the bound was reached
 *   bool guest_cmpxchg32(uint32_t *p, uint32_t *old, uint32_t new)
 *       *old = what was seen: as it was, when the exchange happened; false: the bound
 */
#ifndef XEN_GUEST_ATOMIC_H
#define XEN_GUEST_ATOMIC_H

#include <xen/compiler.h>
#include <xen/types.h>
#include <asm/guest_atomic.h>

struct domain;

/*
 * On *p of memory shared with d. Return the old bit. When the bound is reached
 * d is paused for the second, unbounded try (domain_pause_nosync + wait).
 */
uint32_t guest_change_slow(struct domain *d, uint32_t *p, uint32_t clear, uint32_t set);

static inline uint32_t guest_change(struct domain *d, uint32_t *p, uint32_t clear, uint32_t set)
{
	uint32_t old;

	if (likely(guest_change32(p, clear, set, &old)))
		return old;
	return guest_change_slow(d, p, clear, set);
}

static inline bool guest_test_and_set_bit(struct domain *d, unsigned int nr, void *p)
{
	return guest_change(d, (uint32_t *)p + nr / 32, 0, 1U << (nr % 32)) & (1U << (nr % 32));
}

static inline bool guest_test_and_clear_bit(struct domain *d, unsigned int nr, void *p)
{
	return guest_change(d, (uint32_t *)p + nr / 32, 1U << (nr % 32), 0) & (1U << (nr % 32));
}

static inline bool guest_test_bit(struct domain *d, unsigned int nr, const void *p)
{
	return READ_ONCE(((const uint32_t *)p)[nr / 32]) & (1U << (nr % 32));
}

static inline void guest_set_bit(struct domain *d, unsigned int nr, void *p)
{
	guest_test_and_set_bit(d, nr, p);
}

static inline void guest_clear_bit(struct domain *d, unsigned int nr, void *p)
{
	guest_test_and_clear_bit(d, nr, p);
}

uint32_t guest_cmpxchg_slow(struct domain *d, uint32_t *p, uint32_t old, uint32_t new);

/* Returns what was in *p; equal to old when the exchange happened. */
static inline uint32_t guest_cmpxchg(struct domain *d, uint32_t *p, uint32_t old, uint32_t new)
{
	if (likely(guest_cmpxchg32(p, &old, new)))
		return old;
	return guest_cmpxchg_slow(d, p, old, new);
}

#endif
