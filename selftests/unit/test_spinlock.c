// SPDX-License-Identifier: GPL-2.0-only
/* Spin locks between two CPUs, of which one does not always run. */
#include <xen/atomic.h>
#include <xen/spinlock.h>
#include "thread.h"
#include "unit.h"

#define ROUNDS	20000

static DEFINE_SPINLOCK(lock, RANK_DOMAIN);
static unsigned long shared;
static unsigned int other_waits, other_took;

static void take_once(void)
{
	host_cpu = 1;
	atomic_store(&other_waits, 1);
	spin_lock(&lock);
	atomic_store(&other_took, 1);
	spin_unlock(&lock);
}

static void start_waiter(void)
{
	other_waits = other_took = 0;
	spin_lock(&lock);
	thread_start(take_once);
	while (!atomic_load(&other_waits))
		cpu_relax();
	for (int i = 0; i < 100; i++)
		cpu_relax();
}

/* A turn must not be kept for a CPU that does not run. */
TEST(spinlock_is_free_although_a_waiter_was_put_aside)
{
	start_waiter();
	thread_put_aside();
	spin_unlock(&lock);
	for (int i = 0; i < 1000; i++) {
		CHECK(spin_trylock(&lock));
		spin_unlock(&lock);
	}
	CHECK(!atomic_load(&other_took));
	thread_go_on();
	thread_end();
	CHECK(atomic_load(&other_took));
	CHECK(!lock.locked);
}

/* The lock is free only while the waiter does not look: in the end it claims the next turn. */
TEST(spinlock_waiter_is_not_overtaken_for_ever)
{
	unsigned int turns = 0;
	bool again = true;

	start_waiter();
	while (again) {
		CHECK(turns++ < 10000);
		thread_put_aside();
		spin_unlock(&lock);
		again = spin_trylock(&lock);
		thread_go_on();
	}
	thread_end();
	CHECK(turns > 1);
	CHECK(atomic_load(&other_took));
	CHECK_EQ(lock.word & SPIN_BUSY, 0);
}

static void count(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		spin_lock(&lock);
		shared++;
		spin_unlock(&lock);
	}
}

static void count_on_cpu1(void)
{
	host_cpu = 1;
	count();
}

TEST(spinlock_excludes)
{
	shared = 0;
	thread_start(count_on_cpu1);
	count();
	thread_end();
	CHECK_EQ(shared, 2 * ROUNDS);
	CHECK_EQ(lock.word & SPIN_BUSY, 0);
}
