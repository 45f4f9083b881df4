// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers: a binary heap for each CPU, earliest first. The heap grows in softirq
 * context, where memory may be allocated; a timer that finds no room waits in
 * a list until then, and the CPU's interrupt is set for it all the same.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/timer.h>
#include <xen/xmalloc.h>

enum timer_state { TIMER_INACTIVE, TIMER_HEAP, TIMER_LIST, TIMER_KILLED };

struct timers {
	spinlock_t lock;		/* RANK_TIMER; irq */
	struct timer **heap;		/* heap[0] unused */
	uint32_t nr, size;
	struct timer *overflow;		/* found no room in the heap */
	struct timer *running;		/* its function is being called */
	s_time_t programmed;
	struct timer *initial[33];	/* enough to boot, before memory can be allocated */
};

static DEFINE_PER_CPU(struct timers, timers);

static void place(struct timers *ts, struct timer *t, uint32_t i)
{
	ts->heap[i] = t;
	t->heap_index = i;
}

static void sift_up(struct timers *ts, struct timer *t, uint32_t i)
{
	for (; i > 1 && ts->heap[i / 2]->expires > t->expires; i /= 2)
		place(ts, ts->heap[i / 2], i);
	place(ts, t, i);
}

static void sift_down(struct timers *ts, struct timer *t, uint32_t i)
{
	for (;;) {
		uint32_t c = 2 * i;

		if (c > ts->nr)
			break;
		if (c < ts->nr && ts->heap[c + 1]->expires < ts->heap[c]->expires)
			c++;
		if (ts->heap[c]->expires >= t->expires)
			break;
		place(ts, ts->heap[c], i);
		i = c;
	}
	place(ts, t, i);
}

static void heap_insert(struct timers *ts, struct timer *t)
{
	if (ts->nr + 1 >= ts->size) {
		t->state = TIMER_LIST;
		t->heap_index = 0;
		t->inactive_next = ts->overflow;
		ts->overflow = t;
		return;
	}
	t->state = TIMER_HEAP;
	sift_up(ts, t, ++ts->nr);
}

static void heap_remove(struct timers *ts, struct timer *t)
{
	uint32_t i = t->heap_index;
	struct timer *last = ts->heap[ts->nr--];

	if (last != t) {
		if (i > 1 && ts->heap[i / 2]->expires > last->expires)
			sift_up(ts, last, i);
		else
			sift_down(ts, last, i);
	}
	t->heap_index = 0;
	t->state = TIMER_INACTIVE;
}

static void list_remove(struct timers *ts, struct timer *t)
{
	struct timer **p = &ts->overflow;

	while (*p != t)
		p = &(*p)->inactive_next;
	*p = t->inactive_next;
	t->state = TIMER_INACTIVE;
}

static void deactivate(struct timers *ts, struct timer *t)
{
	if (t->state == TIMER_HEAP)
		heap_remove(ts, t);
	else if (t->state == TIMER_LIST)
		list_remove(ts, t);
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
	struct timers *ts = &per_cpu(timers, cpu);

	spin_lock_init(&ts->lock, RANK_TIMER);
	if (!ts->heap) {
		ts->heap = ts->initial;
		ts->size = ARRAY_SIZE(ts->initial);
	}
}

void init_timer(struct timer *t, void (*fn)(void *), void *data, unsigned int cpu)
{
	*t = (struct timer){ .fn = fn, .data = data, .cpu = cpu, .state = TIMER_INACTIVE };
}

/* Is a new earliest time to be programmed? Tells the timer's CPU. */
static void kick(struct timers *ts, struct timer *t)
{
	if (t->state == TIMER_LIST || (t->state == TIMER_HEAP && t->heap_index == 1))
		cpu_raise_softirq(t->cpu, TIMER_SOFTIRQ);
}

void set_timer(struct timer *t, s_time_t expires)
{
	unsigned long flags;
	struct timers *ts = lock_timer(t, &flags);

	if (t->state != TIMER_KILLED) {
		deactivate(ts, t);
		t->expires = expires;
		heap_insert(ts, t);
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
	deactivate(ts, t);
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
	active = t->state == TIMER_HEAP || t->state == TIMER_LIST;
	deactivate(ts, t);
	t->cpu = cpu;
	spin_unlock_irqrestore(&ts->lock, flags);
	/* A set_timer() in this gap wins; ours would only be later news. */
	if (active) {
		ts = lock_timer(t, &flags);
		if (t->state == TIMER_INACTIVE) {
			heap_insert(ts, t);
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
	deactivate(ts, t);
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
	return t->state == TIMER_HEAP || t->state == TIMER_LIST;
}

static void grow_heap(struct timers *ts)
{
	uint32_t size = ts->size * 2;
	struct timer **bigger, **old;
	unsigned long flags;

	if (!READ_ONCE(ts->overflow))
		return;
	bigger = xzalloc_array(struct timer *, size);
	if (!bigger)
		return;		/* the list still works, slower */
	flags = spin_lock_irqsave(&ts->lock);
	old = ts->heap;
	memcpy(bigger, old, sizeof(*old) * (ts->nr + 1));
	ts->heap = bigger;
	ts->size = size;
	while (ts->overflow) {
		struct timer *t = ts->overflow;

		if (ts->nr + 1 >= ts->size)
			break;
		list_remove(ts, t);
		heap_insert(ts, t);
	}
	spin_unlock_irqrestore(&ts->lock, flags);
	if (old != ts->initial)
		xfree(old);
}

static struct timer *due(struct timers *ts, s_time_t now)
{
	for (struct timer *t = ts->overflow; t; t = t->inactive_next)
		if (t->expires <= now)
			return t;
	return ts->nr && ts->heap[1]->expires <= now ? ts->heap[1] : NULL;
}

static s_time_t next_deadline(const struct timers *ts)
{
	s_time_t next = ts->nr ? ts->heap[1]->expires : STIME_MAX;

	for (struct timer *t = ts->overflow; t; t = t->inactive_next)
		next = min(next, t->expires);
	return next == STIME_MAX ? 0 : max_t(s_time_t, next, 1);
}

static void timer_softirq(void)
{
	struct timers *ts = &this_cpu(timers);
	struct timer *t;

	grow_heap(ts);
	spin_lock_irq(&ts->lock);
	while ((t = due(ts, NOW())) != NULL) {
		void (*fn)(void *) = t->fn;
		void *data = t->data;

		deactivate(ts, t);
		WRITE_ONCE(ts->running, t);
		spin_unlock_irq(&ts->lock);
		fn(data);
		spin_lock_irq(&ts->lock);
		/* Release: what the function did with its data comes before kill_timer() returns. */
		atomic_store_release(&ts->running, NULL);
	}
	arch_reprogram_timer(next_deadline(ts));
	spin_unlock_irq(&ts->lock);
}

void timers_init(void)
{
	open_softirq(TIMER_SOFTIRQ, timer_softirq);
	timer_init_cpu(smp_processor_id());
}
