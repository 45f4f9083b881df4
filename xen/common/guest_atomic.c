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

uint32_t guest_cmpxchg_slow(struct domain *d, uint32_t *p, uint32_t old, uint32_t new)
{
	stop_peer(d);
	while (!guest_cmpxchg32(p, &old, new))
		cpu_relax();
	domain_unpause(d);
	return old;
}

uint32_t guest_change_slow(struct domain *d, uint32_t *p, uint32_t clear, uint32_t set)
{
	uint32_t old;

	stop_peer(d);
	while (!guest_change32(p, clear, set, &old))
		cpu_relax();
	domain_unpause(d);
	return old;
}
