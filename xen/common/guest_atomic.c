// SPDX-License-Identifier: GPL-2.0-only
/*
 * Atomic operations on memory shared with a guest. First with a bound; a guest
 * that keeps the location busy past it is paused for one unbounded try.
 */
#include <xen/domain.h>
#include <xen/guest_atomic.h>
#include <xen/sched.h>

/*
 * Not waited for: its vCPUs leave the guest at the interrupt this sends, within
 * the unbounded try's time. Works for the caller's own domain too.
 */
#define stop_peer(d) domain_pause_nosync(d)

#define CMPXCHG(bits)								\
uint##bits##_t guest_cmpxchg_u##bits(struct domain *d, uint##bits##_t *p,	\
				     uint##bits##_t old, uint##bits##_t new)	\
{										\
	bool swapped;								\
										\
	if (likely(guest_cmpxchg##bits(p, &old, new, &swapped)))		\
		return old;							\
	stop_peer(d);								\
	while (!guest_cmpxchg##bits(p, &old, new, &swapped))			\
		cpu_relax();							\
	domain_unpause(d);							\
	return old;								\
}

CMPXCHG(16)
CMPXCHG(32)
CMPXCHG(64)

static uint32_t *word_of(unsigned int nr, void *p)
{
	return (uint32_t *)p + nr / 32;
}

/* A compare that fails because another bit changed is tried again, as often as the guest manages. */
static uint32_t change(struct domain *d, uint32_t *p, uint32_t clear, uint32_t set)
{
	uint32_t old = READ_ONCE(*p), seen;
	unsigned int tries = 0;
	bool paused = false;

	while ((seen = guest_cmpxchg_u32(d, p, old, (old & ~clear) | set)) != old) {
		old = seen;
		if (++tries == 64) {
			stop_peer(d);
			paused = true;
		}
	}
	if (paused)
		domain_unpause(d);
	return old;
}

bool guest_test_and_set_bit(struct domain *d, unsigned int nr, void *p)
{
	return change(d, word_of(nr, p), 0, 1U << (nr % 32)) & (1U << (nr % 32));
}

bool guest_test_and_clear_bit(struct domain *d, unsigned int nr, void *p)
{
	return change(d, word_of(nr, p), 1U << (nr % 32), 0) & (1U << (nr % 32));
}

bool guest_test_bit(struct domain *d, unsigned int nr, const void *p)
{
	return READ_ONCE(((const uint32_t *)p)[nr / 32]) & (1U << (nr % 32));
}

void guest_set_bit(struct domain *d, unsigned int nr, void *p)
{
	change(d, word_of(nr, p), 0, 1U << (nr % 32));
}

void guest_clear_bit(struct domain *d, unsigned int nr, void *p)
{
	change(d, word_of(nr, p), 1U << (nr % 32), 0);
}
