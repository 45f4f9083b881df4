// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ticket locks: the order of arrival is the order of service. In debug and host
 * builds each CPU keeps the ranks it holds, and taking a lock out of order stops
 * the machine at the first try and not at the first deadlock.
 */
#include <xen/atomic.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <xen/spinlock.h>

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
	uint16_t ticket;

	rank_acquire(l, false);
	ticket = __atomic_fetch_add(&l->next, 1, __ATOMIC_RELAXED);
	/* Acquire pairs with the release in spin_unlock(). */
	while (atomic_load_acquire(&l->owner) != ticket)
		cpu_relax();
}

void spin_unlock(spinlock_t *l)
{
	rank_release(l);
	atomic_store_release(&l->owner, (uint16_t)(l->owner + 1));
}
#else
static inline void rank_acquire(const spinlock_t *l, bool trylock) {}
#endif

bool spin_trylock(spinlock_t *l)
{
	/* Acquire pairs with the release in spin_unlock(), which is of owner and not of next. */
	uint16_t owner = atomic_load_acquire(&l->owner);
	uint16_t expect = owner;

	if (!__atomic_compare_exchange_n(&l->next, &expect, (uint16_t)(owner + 1), false,
					 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return false;
	rank_acquire(l, true);
	return true;
}

bool spin_is_locked(const spinlock_t *l)
{
	return atomic_load(&l->owner) != atomic_load(&l->next);
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

void rwlock_init(rwlock_t *l, enum lock_rank rank)
{
	spin_lock_init(&l->writer, rank);
	l->readers = 0;
}

/* The writer's lock is held only while the count goes up: a waiting writer holds off readers. */
void read_lock(rwlock_t *l)
{
	spin_lock(&l->writer);
	atomic_inc(&l->readers);
	spin_unlock(&l->writer);
}

void read_unlock(rwlock_t *l)
{
	/* Release pairs with the acquire load in write_lock(). */
	__atomic_sub_fetch(&l->readers, 1, __ATOMIC_RELEASE);
}

void write_lock(rwlock_t *l)
{
	spin_lock(&l->writer);
	while (atomic_load_acquire(&l->readers))
		cpu_relax();
}

void write_unlock(rwlock_t *l)
{
	spin_unlock(&l->writer);
}
