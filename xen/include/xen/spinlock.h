/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticket spin locks with a rank (see lock_rank.h), and readers/writer locks.
 * spin_lock() leaves interrupts alone: a lock whose rank says "irq" must be
 * taken with the _irqsave form, everywhere.
 */
#ifndef XEN_SPINLOCK_H
#define XEN_SPINLOCK_H

#include <xen/atomic.h>
#include <xen/compiler.h>
#include <xen/lock_rank.h>
#include <xen/types.h>
#include <asm/system.h>

typedef struct spinlock {
	uint16_t owner;		/* ticket being served */
	uint16_t next;		/* next ticket to hand out */
	uint8_t rank;		/* enum lock_rank */
	uint16_t holder;	/* debug: CPU + 1, 0 = free */
} spinlock_t;

#define SPIN_LOCK_INIT(r) { .rank = (r) }
#define DEFINE_SPINLOCK(name, r) spinlock_t name = SPIN_LOCK_INIT(r)

static inline void spin_lock_init(spinlock_t *l, enum lock_rank rank)
{
	*l = (spinlock_t)SPIN_LOCK_INIT(rank);
}

#ifdef XYLEM_DEBUG
void spin_lock(spinlock_t *l);
void spin_unlock(spinlock_t *l);
#else
/* Acquire pairs with the release in spin_unlock(). */
static inline void spin_lock(spinlock_t *l)
{
	uint16_t ticket = __atomic_fetch_add(&l->next, 1, __ATOMIC_RELAXED);

	while (unlikely(atomic_load_acquire(&l->owner) != ticket))
		cpu_relax();
}

static inline void spin_unlock(spinlock_t *l)
{
	atomic_store_release(&l->owner, (uint16_t)(l->owner + 1));
}
#endif
bool spin_trylock(spinlock_t *l);
bool spin_is_locked(const spinlock_t *l);
/* Lowest address first; a may equal b. */
void double_lock(spinlock_t *a, spinlock_t *b);
void double_unlock(spinlock_t *a, spinlock_t *b);

static inline unsigned long spin_lock_irqsave(spinlock_t *l)
{
	unsigned long flags = local_irq_save();

	spin_lock(l);
	return flags;
}

static inline void spin_unlock_irqrestore(spinlock_t *l, unsigned long flags)
{
	spin_unlock(l);
	local_irq_restore(flags);
}

static inline void spin_lock_irq(spinlock_t *l)
{
	local_irq_disable();
	spin_lock(l);
}

static inline void spin_unlock_irq(spinlock_t *l)
{
	spin_unlock(l);
	local_irq_enable();
}

/* Writers are preferred: a steady stream of readers cannot starve them. */
typedef struct rwlock {
	spinlock_t writer;
	uint32_t readers;
} rwlock_t;

#define RW_LOCK_INIT(r) { .writer = SPIN_LOCK_INIT(r) }
#define DEFINE_RWLOCK(name, r) rwlock_t name = RW_LOCK_INIT(r)

void rwlock_init(rwlock_t *l, enum lock_rank rank);
void read_lock(rwlock_t *l);
void read_unlock(rwlock_t *l);
void write_lock(rwlock_t *l);
void write_unlock(rwlock_t *l);

#endif
