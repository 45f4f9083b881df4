/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spin locks with a rank (see lock_rank.h).
 * spin_lock() leaves interrupts alone: a lock whose rank says "irq" must be
 * taken with the _irqsave form, everywhere.
 *
 * Whoever finds the lock free takes it; a waiter that was overtaken too often
 * claims the next turn. A queue of tickets would be fairer, but gives a turn to
 * CPUs that do not run: where the machine is itself a virtual one (a cloud's, an
 * emulator's), each turn then lasts until its host runs that CPU again.
 */
#ifndef XEN_SPINLOCK_H
#define XEN_SPINLOCK_H

#include <xen/atomic.h>
#include <xen/compiler.h>
#include <xen/lock_rank.h>
#include <xen/types.h>
#include <asm/system.h>

typedef struct spinlock {
	union {
		uint32_t word;		/* what a lock operation compares */
		struct {
			uint8_t locked;		/* 0 or 1: its holder's to clear */
			uint8_t claimed;	/* 0 or 1: its claimant's to clear */
			uint16_t turns;		/* times taken */
		};
	};
	uint8_t rank;		/* enum lock_rank */
} spinlock_t;

#define SPIN_BUSY	0xffffu		/* locked and claimed */
#define SPIN_LOCKED	1u
#define SPIN_CLAIMED	0x100u
#define SPIN_TAKE	0x10001u	/* added to take a lock: locked, and one more turn */

#define SPIN_LOCK_INIT(r) { .rank = (r) }
#define DEFINE_SPINLOCK(name, r) spinlock_t name = SPIN_LOCK_INIT(r)

static inline void spin_lock_init(spinlock_t *l, enum lock_rank rank)
{
	*l = (spinlock_t)SPIN_LOCK_INIT(rank);
}

/*
 * The architecture's: adds SPIN_TAKE to *word if no bit of SPIN_BUSY is set, else
 * returns false. Acquire pairs with the release in spin_unlock().
 */
static inline bool arch_spin_take(uint32_t *word);
#include <asm/spinlock.h>

void spin_wait(spinlock_t *l);

#ifdef XYLEM_DEBUG
void spin_lock(spinlock_t *l);
void spin_unlock(spinlock_t *l);
#else
static inline void spin_lock(spinlock_t *l)
{
	if (unlikely(!arch_spin_take(&l->word)))
		spin_wait(l);
}

/* A store of one byte: a claim made meanwhile stays. */
static inline void spin_unlock(spinlock_t *l)
{
	atomic_store_release(&l->locked, (uint8_t)0);
}
#endif
bool spin_trylock(spinlock_t *l);
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

#endif
