// SPDX-License-Identifier: GPL-2.0-only
/* Deferred work of each CPU, tasklets, and calls on other CPUs. */
#include <xen/lib.h>
#include <xen/softirq.h>
#include <xen/spinlock.h>

DEFINE_PER_CPU(unsigned long, softirq_pending_);
static void run_tasklets(void);
static void (*handlers[NR_SOFTIRQS])(void) = { [TASKLET_SOFTIRQ] = run_tasklets };

static DEFINE_PER_CPU(struct tasklet *, tasklet_head);
static DEFINE_PER_CPU(struct tasklet **, tasklet_tail);

void open_softirq(enum softirq_nr nr, void (*handler)(void))
{
	handlers[nr] = handler;
}

void raise_softirq(enum softirq_nr nr)
{
	atomic_or(&this_cpu(softirq_pending_), BIT(nr));
}

void cpu_raise_softirq(unsigned int cpu, enum softirq_nr nr)
{
	unsigned long old = atomic_or(&per_cpu(softirq_pending_, cpu), BIT(nr));

	/* Whoever set the first bit has sent the interrupt already. */
	if (!(old & BIT(nr)) && cpu != smp_processor_id())
		arch_send_event_check(cpu);
}

void do_softirq(void)
{
	unsigned long pending;

	while ((pending = atomic_xchg(&this_cpu(softirq_pending_), 0)) != 0) {
		for (; pending; pending &= pending - 1) {
			unsigned int nr = ffsl_(pending);

			if (nr < NR_SOFTIRQS && handlers[nr])
				handlers[nr]();
		}
	}
}

static void run_tasklets(void)
{
	unsigned long flags = local_irq_save();
	struct tasklet *t = this_cpu(tasklet_head);

	this_cpu(tasklet_head) = NULL;
	this_cpu(tasklet_tail) = &this_cpu(tasklet_head);
	local_irq_restore(flags);

	while (t) {
		struct tasklet *next = t->next;

		/* From here on it may be scheduled again, also by its own function. */
		atomic_store_release(&t->queued, false);
		t->fn(t->data);
		t = next;
	}
}

void tasklet_schedule(struct tasklet *t)
{
	unsigned long flags;

	if (__atomic_exchange_n(&t->queued, true, __ATOMIC_ACQ_REL))
		return;
	flags = local_irq_save();
	if (!this_cpu(tasklet_tail))
		this_cpu(tasklet_tail) = &this_cpu(tasklet_head);
	t->next = NULL;
	*this_cpu(tasklet_tail) = t;
	this_cpu(tasklet_tail) = &t->next;
	local_irq_restore(flags);
	raise_softirq(TASKLET_SOFTIRQ);
}

/* One call at a time for the whole machine: these are rare (debug keys, halting). */
static DEFINE_SPINLOCK(call_lock, RANK_DOMCTL);
static struct {
	void (*fn)(void *);
	void *data;
	cpumask_t todo;
	bool wait;
} call;

void smp_call_function_interrupt(void)
{
	unsigned int cpu = smp_processor_id();
	void (*fn)(void *);
	void *data;

	if (!cpumask_test_cpu(cpu, &call.todo))
		return;
	smp_rmb();	/* pairs with the barrier before todo is set: of this call, not the last */
	fn = call.fn;
	data = call.data;
	if (!call.wait)
		cpumask_test_and_clear_cpu(cpu, &call.todo);
	fn(data);
	/* Full barrier: what fn did is visible before the caller goes on. */
	if (call.wait)
		cpumask_test_and_clear_cpu(cpu, &call.todo);
}

void on_cpus(const cpumask_t *mask, void (*fn)(void *data), void *data, bool wait)
{
	unsigned int me = smp_processor_id();
	cpumask_t others;

	/* Interrupts stay on while waiting for the lock: its holder may be waiting for us. */
	spin_lock(&call_lock);
	cpumask_and(&others, mask, &cpu_online_map);
	if (cpumask_test_and_clear_cpu(me, &others)) {
		unsigned long flags = local_irq_save();

		fn(data);
		local_irq_restore(flags);
	}
	if (!cpumask_empty(&others)) {
		call.fn = fn;
		call.data = data;
		call.wait = wait;
		smp_wmb();	/* before todo is set: pairs with the interrupt's delivery */
		call.todo = others;
		arch_send_call_function(&others);
		while (!cpumask_empty((cpumask_t *)&call.todo)) {
			barrier();
			cpu_relax();
		}
	}
	spin_unlock(&call_lock);
}
