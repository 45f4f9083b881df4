// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers: a pairing heap for each CPU, earliest first, linked through the timers
 * themselves. Each comes before its children, which are a list in no order;
 * what has to be sorted is sorted when the first is taken away.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/timer.h>

enum timer_state { TIMER_INACTIVE, TIMER_QUEUED, TIMER_KILLED };

struct timers {
	spinlock_t lock;		/* RANK_TIMER; irq */
	struct timer *first;
	struct timer *running;		/* its function is being called */
};

static DEFINE_PER_CPU(struct timers, timers);

/* Of two heaps, either of which may be NULL: the later one becomes a child. */
static struct timer *merge(struct timer *a, struct timer *b)
{
	struct timer *child;

	if (!a || !b)
		return a ? a : b;
	child = b->expires < a->expires ? a : b;
	a = child == a ? b : a;
	child->prev = a;
	child->next = a->child;
	if (child->next)
		child->next->prev = child;
	a->child = child;
	return a;
}

/* A list of heaps into one: in pairs, then those from the last to the first. */
static struct timer *merge_list(struct timer *list)
{
	struct timer *pairs = NULL, *all = NULL;

	while (list) {
		struct timer *a = list, *b = a->next, *pair;

		list = b ? b->next : NULL;
		pair = merge(a, b);
		pair->next = pairs;
		pairs = pair;
	}
	while (pairs) {
		struct timer *rest = pairs->next;

		all = merge(all, pairs);
		pairs = rest;
	}
	return all;
}

static void queue(struct timers *ts, struct timer *t)
{
	t->child = t->next = t->prev = NULL;
	t->state = TIMER_QUEUED;
	ts->first = merge(ts->first, t);
}

static void dequeue(struct timers *ts, struct timer *t)
{
	struct timer *below;

	if (t->state != TIMER_QUEUED)
		return;
	t->state = TIMER_INACTIVE;
	below = merge_list(t->child);
	if (ts->first == t) {
		ts->first = below;
		return;
	}
	/* prev is the one before in its list, or whose first child it is. */
	if (t->prev->child == t)
		t->prev->child = t->next;
	else
		t->prev->next = t->next;
	if (t->next)
		t->next->prev = t->prev;
	ts->first = merge(ts->first, below);
}

/* The timer's CPU may change until its lock is held. Interrupts off on return. */
static struct timers *lock_timer(struct timer *t, unsigned long *flags)
{
	for (;;) {
		unsigned int cpu = READ_ONCE(t->cpu);
		struct timers *ts = &per_cpu(timers, cpu);

		*flags = spin_lock_irqsave(&ts->lock);
		if (likely(cpu == t->cpu))
			return ts;
		spin_unlock_irqrestore(&ts->lock, *flags);
	}
}

void timer_init_cpu(unsigned int cpu)
{
	spin_lock_init(&per_cpu(timers, cpu).lock, RANK_TIMER);
}

void init_timer(struct timer *t, void (*fn)(void *), void *data, unsigned int cpu)
{
	*t = (struct timer){ .fn = fn, .data = data, .cpu = cpu, .state = TIMER_INACTIVE };
}

/* Is a new earliest time to be programmed? Tells the timer's CPU. */
static void kick(struct timers *ts, struct timer *t)
{
	if (ts->first == t)
		cpu_raise_softirq(t->cpu, TIMER_SOFTIRQ);
}

void set_timer(struct timer *t, s_time_t expires)
{
	unsigned long flags;
	struct timers *ts = lock_timer(t, &flags);

	if (t->state != TIMER_KILLED) {
		dequeue(ts, t);
		t->expires = expires;
		queue(ts, t);
		kick(ts, t);
	}
	spin_unlock_irqrestore(&ts->lock, flags);
}

void stop_timer(struct timer *t)
{
	unsigned long flags;
	struct timers *ts;

	if (!t->fn)
		return;		/* never initialised: half-built owner */
	ts = lock_timer(t, &flags);
	dequeue(ts, t);
	spin_unlock_irqrestore(&ts->lock, flags);
}

void migrate_timer(struct timer *t, unsigned int cpu)
{
	unsigned long flags;
	struct timers *ts;
	bool active;

	if (t->cpu == cpu || !t->fn)
		return;
	ts = lock_timer(t, &flags);
	active = timer_is_active(t);
	dequeue(ts, t);
	t->cpu = cpu;
	spin_unlock_irqrestore(&ts->lock, flags);
	/* A set_timer() in this gap wins; ours would only be later news. */
	if (active) {
		ts = lock_timer(t, &flags);
		if (t->state == TIMER_INACTIVE) {
			queue(ts, t);
			kick(ts, t);
		}
		spin_unlock_irqrestore(&ts->lock, flags);
	}
}

void kill_timer(struct timer *t)
{
	unsigned long flags;
	struct timers *ts;
	unsigned int cpu;

	if (!t->fn)
		return;
	ts = lock_timer(t, &flags);
	dequeue(ts, t);
	t->state = TIMER_KILLED;
	spin_unlock_irqrestore(&ts->lock, flags);
	/*
	 * Its function may be running on another CPU, not only on its last one if it
	 * was migrated; from itself it cannot wait. Acquire pairs with timer_softirq().
	 */
	for_each_online_cpu(cpu)
		while (cpu != smp_processor_id() &&
		       atomic_load_acquire(&per_cpu(timers, cpu).running) == t)
			cpu_relax();
}

bool timer_is_active(const struct timer *t)
{
	return t->state == TIMER_QUEUED;
}

static void timer_softirq(void)
{
	struct timers *ts = &this_cpu(timers);
	struct timer *t;

	spin_lock_irq(&ts->lock);
	while ((t = ts->first) != NULL && t->expires <= NOW()) {
		void (*fn)(void *) = t->fn;
		void *data = t->data;

		dequeue(ts, t);
		WRITE_ONCE(ts->running, t);
		spin_unlock_irq(&ts->lock);
		fn(data);
		spin_lock_irq(&ts->lock);
		/* Release: what the function did with its data comes before kill_timer() returns. */
		atomic_store_release(&ts->running, NULL);
	}
	/* 0 would be none. */
	arch_reprogram_timer(t ? max_t(s_time_t, t->expires, 1) : 0);
	spin_unlock_irq(&ts->lock);
}

void timers_init(void)
{
	open_softirq(TIMER_SOFTIRQ, timer_softirq);
	timer_init_cpu(smp_processor_id());
}
