// SPDX-License-Identifier: GPL-2.0-only
/*
 * In debug and host builds each CPU keeps the ranks it holds, and taking a lock
 * out of order stops the machine at the first try and not at the first deadlock.
 */
#include <xen/atomic.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <xen/spinlock.h>

/* A waiter that saw this many others take the lock claims the next turn. */
#define MAX_OVERTAKEN	64

#ifdef XYLEM_DEBUG
#define MAX_HELD 16

struct held_locks {
	unsigned int nr;
	const spinlock_t *lock[MAX_HELD];
};

static DEFINE_PER_CPU(struct held_locks, held_locks);

/*
 * Interrupts are off while the array changes: an interrupt handler's locks are
 * pushed and popped above those of the code it interrupted.
 */
static void rank_acquire(const spinlock_t *l, bool trylock)
{
	unsigned long flags = local_irq_save();
	struct held_locks *h = &this_cpu(held_locks);

	for (unsigned int i = 0; !trylock && i < h->nr; i++) {
		const spinlock_t *o = h->lock[i];

		if (o->rank > l->rank || (o->rank == l->rank && o >= l))
			panic("lock order: rank %u (%p) taken while rank %u (%p) is held",
			      l->rank, (const void *)l, o->rank, (const void *)o);
	}
	if (h->nr < MAX_HELD)
		h->lock[h->nr++] = l;
	local_irq_restore(flags);
}

static void rank_release(const spinlock_t *l)
{
	unsigned long flags = local_irq_save();
	struct held_locks *h = &this_cpu(held_locks);

	for (unsigned int i = h->nr; i-- > 0;) {
		if (h->lock[i] != l)
			continue;
		for (h->nr--; i < h->nr; i++)
			h->lock[i] = h->lock[i + 1];
		break;
	}
	local_irq_restore(flags);
}

void spin_lock(spinlock_t *l)
{
	rank_acquire(l, false);
	if (!arch_spin_take(&l->word))
		spin_wait(l);
}

void spin_unlock(spinlock_t *l)
{
	rank_release(l);
	atomic_store_release(&l->locked, (uint8_t)0);
}
#else
static inline void rank_acquire(const spinlock_t *l, bool trylock) {}
#endif

/* For the claimant only: takes the lock when it is free. Pairs as arch_spin_take(). */
static bool take_claimed(spinlock_t *l)
{
	uint32_t word = atomic_load(&l->word);

	return (word & SPIN_BUSY) == SPIN_CLAIMED &&
	       __atomic_compare_exchange_n(&l->word, &word, word - SPIN_CLAIMED + SPIN_TAKE, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static bool claim(spinlock_t *l)
{
	return !(__atomic_fetch_or(&l->word, SPIN_CLAIMED, __ATOMIC_RELAXED) & SPIN_CLAIMED);
}

/*
 * Turns are counted, not time: only a waiter that runs sees others pass, so that a
 * claim is not left behind by a CPU which the machine's host has put aside.
 */
void spin_wait(spinlock_t *l)
{
	uint16_t turns = atomic_load(&l->turns);
	unsigned int overtaken = 0;
	bool mine = false;

	while (!(mine ? take_claimed(l) : arch_spin_take(&l->word))) {
		uint16_t now = atomic_load(&l->turns);

		if (now != turns && ++overtaken >= MAX_OVERTAKEN && !mine)
			mine = claim(l);
		turns = now;
		cpu_relax();
	}
}

bool spin_trylock(spinlock_t *l)
{
	if (!arch_spin_take(&l->word))
		return false;
	rank_acquire(l, true);
	return true;
}

void double_lock(spinlock_t *a, spinlock_t *b)
{
	if (a == b) {
		spin_lock(a);
		return;
	}
	spin_lock(a < b ? a : b);
	spin_lock(a < b ? b : a);
}

void double_unlock(spinlock_t *a, spinlock_t *b)
{
	spin_unlock(a);
	if (a != b)
		spin_unlock(b);
}
