// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of scheduling that every scheduler shares: who is runnable, waking
 * and stopping, the switch itself, accounting of run states.
 *
 * A vCPU is running (is_running: from being chosen until its context is saved),
 * queued by the scheduler, or neither. Who finds it runnable and neither queues
 * it: vcpu_wake(), or context_saved() when a wake came during the switch.
 */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/xmalloc.h>

struct domain idle_domain_ = { .domain_id = DOMID_IDLE, .max_vcpus = NR_CPUS };
static struct vcpu *idle_vcpus[NR_CPUS];

DEFINE_PER_CPU(struct sched_cpu, sched_cpu);
const struct scheduler *sched_ops;

static const struct scheduler *const schedulers[] = { &sched_credit2 };
static char opt_sched[16] = "credit2";
string_param("sched", opt_sched);

/*
 * The lock of the run queue that v belongs to. v may move between queues until
 * it is held.
 */
spinlock_t *sched_lock_vcpu(const struct vcpu *v, unsigned long *flags)
{
	for (;;) {
		unsigned int cpu = READ_ONCE(v->processor);
		spinlock_t *lock = per_cpu(sched_cpu, cpu).lock;

		*flags = spin_lock_irqsave(lock);
		if (likely(cpu == v->processor || per_cpu(sched_cpu, v->processor).lock == lock))
			return lock;
		spin_unlock_irqrestore(lock, *flags);
	}
}

static void vcpu_runstate_change(struct vcpu *v, int new_state, s_time_t now)
{
	struct vcpu_runstate_info *rs = &v->runstate.info;
	s_time_t delta = now - (s_time_t)rs->state_entry_time;

	if (rs->state == new_state)
		return;
	if (delta > 0) {
		rs->time[rs->state] += delta;
		rs->state_entry_time = now;
	}
	rs->state = new_state;
}

void vcpu_runstate_get(const struct vcpu *v, struct vcpu_runstate_info *info)
{
	unsigned long flags;
	spinlock_t *lock = sched_lock_vcpu(v, &flags);
	s_time_t delta;

	*info = v->runstate.info;
	delta = NOW() - (s_time_t)info->state_entry_time;
	if (delta > 0)
		info->time[info->state] += delta;
	spin_unlock_irqrestore(lock, flags);
}

static int idle_reason(const struct vcpu *v)
{
	return v->pause_flags & (VPF_blocked | VPF_poll) && !(v->pause_flags & VPF_down)
	       ? RUNSTATE_blocked : RUNSTATE_offline;
}

void vcpu_wake(struct vcpu *v)
{
	unsigned long flags;
	spinlock_t *lock;

	/* What made it runnable, before is_running: pairs with context_saved(). */
	smp_mb();
	lock = sched_lock_vcpu(v, &flags);

	if (vcpu_runnable(v)) {
		if (v->runstate.info.state >= RUNSTATE_blocked)
			vcpu_runstate_change(v, RUNSTATE_runnable, NOW());
		if (!READ_ONCE(v->is_running))
			sched_ops->wake(v);
	} else if (v->runstate.info.state == RUNSTATE_blocked) {
		vcpu_runstate_change(v, RUNSTATE_offline, NOW());
	}
	spin_unlock_irqrestore(lock, flags);
}

void vcpu_unblock(struct vcpu *v)
{
	if (!test_and_clear_bit(ffsl_(VPF_blocked), &v->pause_flags) &&
	    !(READ_ONCE(v->pause_flags) & VPF_poll))
		return;
	/* An event the vCPU was not polling for ends the poll as well. */
	if (test_and_clear_bit(ffsl_(VPF_poll), &v->pause_flags))
		clear_bit(v->vcpu_id, v->domain->poll_mask);
	vcpu_wake(v);
}

void vcpu_block_current(void)
{
	struct vcpu *v = current;

	set_bit(ffsl_(VPF_blocked), &v->pause_flags);
	/* Pairs with the barrier of senders: they set pending, then look at pause_flags. */
	smp_mb();
	if (!arch_vcpu_has_pending(v)) {
		raise_softirq(SCHEDULE_SOFTIRQ);
		return;
	}
	clear_bit(ffsl_(VPF_blocked), &v->pause_flags);
	/* Who saw us blocked sends no interrupt: look for work after the flag is clear. */
	smp_mb();
}

void vcpu_yield_current(void)
{
	struct vcpu *v = current;
	unsigned long flags;
	spinlock_t *lock;

	/* Waiting loops of guests come here often: not all of them through one lock. */
	if (!sched_ops->anyone_waits(v))
		return;
	lock = sched_lock_vcpu(v, &flags);
	sched_ops->yield(v);
	spin_unlock_irqrestore(lock, flags);
	raise_softirq(SCHEDULE_SOFTIRQ);
}

void vcpu_sleep_nosync(struct vcpu *v)
{
	unsigned long flags;
	spinlock_t *lock = sched_lock_vcpu(v, &flags);

	if (!vcpu_runnable(v)) {
		if (READ_ONCE(v->is_running))
			cpu_raise_softirq(v->processor, SCHEDULE_SOFTIRQ);
		else
			sched_ops->sleep(v);
		if (v->runstate.info.state == RUNSTATE_runnable)
			vcpu_runstate_change(v, RUNSTATE_offline, NOW());
	}
	spin_unlock_irqrestore(lock, flags);
}

void vcpu_sleep_sync(struct vcpu *v)
{
	vcpu_sleep_nosync(v);
	/* Acquire pairs with the release in context_switch(): its context is in memory. */
	while (!vcpu_runnable(v) && __atomic_load_n(&v->is_running, __ATOMIC_ACQUIRE))
		cpu_relax();
}

static void slice_expired(void *unused)
{
	raise_softirq(SCHEDULE_SOFTIRQ);
}

/*
 * An earlier time that is set already will do: the decision is made again then.
 * Nor is a timer stopped that has lost its reason. Vcpus that take turns would
 * otherwise program the timer at each switch.
 */
void sched_arm_slice(struct sched_cpu *sc, s_time_t at)
{
	if (!timer_is_active(&sc->slice) || sc->slice.expires > at)
		set_timer(&sc->slice, at);
}

static void account_switch(struct vcpu *prev, struct vcpu *next, s_time_t now)
{
	vcpu_runstate_change(prev, vcpu_runnable(prev) ? RUNSTATE_runnable : idle_reason(prev), now);
	vcpu_runstate_change(next, RUNSTATE_running, now);
}

/*
 * A wake during the switch saw is_running and left the queueing to us. Who made
 * prev runnable and now looks at is_running sees it clear, or we see prev
 * runnable: pairs with the barrier in vcpu_wake().
 */
static void context_saved(struct vcpu *prev)
{
	unsigned long flags;
	spinlock_t *lock;

	if (is_idle_vcpu(prev))
		return;
	update_runstate_area(prev);
	smp_mb();
	if (!vcpu_runnable(prev))
		return;
	lock = sched_lock_vcpu(prev, &flags);
	if (!prev->is_running)
		sched_ops->context_saved(prev);
	spin_unlock_irqrestore(lock, flags);
}

static void schedule(void)
{
	struct sched_cpu *sc = &this_cpu(sched_cpu);
	struct vcpu *prev = current, *next;
	struct sched_decision dec;
	s_time_t now;

	local_irq_disable();
	spin_lock(sc->lock);
	now = NOW();
	dec = sched_ops->schedule(now);
	next = dec.next;
	sc->curr = next;
	if (dec.time >= 0 && !is_idle_vcpu(next))
		sched_arm_slice(sc, now + dec.time);
	if (prev == next) {
		spin_unlock(sc->lock);
		local_irq_enable();
		return;
	}
	account_switch(prev, next, now);
	next->is_running = true;
	next->processor = smp_processor_id();
	WRITE_ONCE(sc->leaving, prev);
	spin_unlock(sc->lock);

	context_switch(prev, next);
	local_irq_enable();
	context_saved(prev);
	/* Release pairs with sched_destroy_vcpu(): prev may be freed from here on. */
	atomic_store_release(&sc->leaving, NULL);
	if (!is_idle_vcpu(next))
		update_runstate_area(next);
}

struct vcpu *alloc_idle_vcpu(unsigned int cpu)
{
	struct vcpu *v = idle_vcpus[cpu];

	if (v)
		return v;
	v = xzalloc(struct vcpu);
	if (!v)
		return NULL;
	v->domain = &idle_domain_;
	v->vcpu_id = cpu;
	v->processor = cpu;
	v->is_running = true;
	v->vcpu_info = NULL;
	v->runstate.info.state = RUNSTATE_running;
	v->runstate.info.state_entry_time = NOW();
	spin_lock_init(&v->runstate.lock, RANK_LEAF);
	cpumask_set_cpu(cpu, &v->hard_affinity);
	idle_vcpus[cpu] = v;
	return v;
}

void __init scheduler_init(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(schedulers); i++)
		if (!strcmp(schedulers[i]->opt_name, opt_sched))
			sched_ops = schedulers[i];
	if (!sched_ops) {
		printk(XENLOG_ERR "sched=%s: no such scheduler, using credit2\n", opt_sched);
		sched_ops = &sched_credit2;
	}
	printk(XENLOG_INFO "Using scheduler: %s (%s)\n", sched_ops->name, sched_ops->opt_name);
	spin_lock_init(&idle_domain_.page_lock, RANK_PAGE_LIST);
	idle_domain_.vcpu = idle_vcpus;
	idle_domain_.refcount = 1;
	open_softirq(SCHEDULE_SOFTIRQ, schedule);
}

int scheduler_init_cpu(unsigned int cpu)
{
	struct sched_cpu *sc = &per_cpu(sched_cpu, cpu);

	sc->idle = alloc_idle_vcpu(cpu);
	if (!sc->idle)
		return -ENOMEM;
	sc->curr = sc->idle;
	init_timer(&sc->slice, slice_expired, NULL, cpu);
	return sched_ops->init_cpu(cpu);
}

uint64_t get_cpu_idle_time(unsigned int cpu)
{
	struct vcpu_runstate_info rs = { 0 };

	if (cpu < NR_CPUS && idle_vcpus[cpu])
		vcpu_runstate_get(idle_vcpus[cpu], &rs);
	return rs.time[RUNSTATE_running];
}

int sched_init_domain(struct domain *d, const struct xen_domctl_createdomain *cfg)
{
	return sched_ops->init_domain(d);
}

void sched_destroy_domain(struct domain *d)
{
	if (d->sched)
		sched_ops->free_domain(d);
	d->sched = NULL;
}

int sched_init_vcpu(struct vcpu *v)
{
	unsigned long flags;
	spinlock_t *lock;
	int rc;

	/* New vCPUs start spread over the CPUs that are there. */
	v->processor = cpumask_first(&cpu_online_map);
	rc = sched_ops->init_vcpu(v);
	if (rc)
		return rc;
	lock = sched_lock_vcpu(v, &flags);
	v->processor = sched_ops->pick_cpu(v);
	spin_unlock_irqrestore(lock, flags);
	lock = sched_lock_vcpu(v, &flags);
	sched_ops->insert_vcpu(v);
	spin_unlock_irqrestore(lock, flags);
	return 0;
}

void sched_destroy_vcpu(struct vcpu *v)
{
	unsigned long flags;
	spinlock_t *lock;
	unsigned int cpu;

	if (!v->sched)
		return;
	/* It does not run, but the CPU it ran on last may still be looking at it. */
	for_each_online_cpu(cpu)
		while (atomic_load_acquire(&per_cpu(sched_cpu, cpu).leaving) == v)
			cpu_relax();
	lock = sched_lock_vcpu(v, &flags);
	sched_ops->remove_vcpu(v);
	spin_unlock_irqrestore(lock, flags);
	sched_ops->free_vcpu(v);
	v->sched = NULL;
}

static int set_affinity(struct vcpu *v, cpumask_t *which, const cpumask_t *mask)
{
	unsigned long flags;
	spinlock_t *lock;

	if (!cpumask_intersects(mask, &cpu_online_map))
		return -EINVAL;
	lock = sched_lock_vcpu(v, &flags);
	*which = *mask;
	sched_ops->affinity_changed(v);
	if (READ_ONCE(v->is_running) && !cpumask_test_cpu(v->processor, &v->hard_affinity))
		cpu_raise_softirq(v->processor, SCHEDULE_SOFTIRQ);
	spin_unlock_irqrestore(lock, flags);
	return 0;
}

int vcpu_set_hard_affinity(struct vcpu *v, const cpumask_t *mask)
{
	return set_affinity(v, &v->hard_affinity, mask);
}

int vcpu_set_soft_affinity(struct vcpu *v, const cpumask_t *mask)
{
	return set_affinity(v, &v->soft_affinity, mask);
}

long sched_adjust(struct domain *d, struct xen_domctl_scheduler_op *op)
{
	if (op->sched_id != sched_ops->sched_id)
		return -EINVAL;
	return sched_ops->adjust(d, op);
}

void sched_dump_runqueues(void)
{
	unsigned int cpu;

	printk("Scheduler: %s\n", sched_ops->name);
	for_each_online_cpu(cpu) {
		printk("CPU%u runs %pv\n", cpu, per_cpu(sched_cpu, cpu).curr);
		sched_ops->dump(cpu);
	}
}
