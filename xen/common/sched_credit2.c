// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scheduler in the style of credit2. Each vCPU has credit that running burns,
 * the faster the smaller its weight; the one with most credit runs. When the
 * best one's credit is used up everybody gets new credit. All CPUs take from
 * one queue, so that load balances itself; a vCPU prefers the CPU it was on.
 *
 * A cap gives a domain a budget of CPU time for each period. When it is used up
 * the domain's vCPUs are parked until the next period.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/xmalloc.h>
#include <public/sysctl.h>

#define DEFAULT_WEIGHT	256U
#define CREDIT_INIT	MILLISECS(10)
#define SLICE_MIN	MICROSECS(500)
#define SLICE_MAX	MILLISECS(10)
#define MIGRATE_BIAS	MICROSECS(500)	/* credit a vCPU must lead by to leave its last CPU */
#define CAP_PERIOD	MILLISECS(10)

struct sched_dom_data {
	struct domain *domain;
	uint16_t weight, cap;		/* cap: percent of one CPU, 0 = none */
	s_time_t budget;		/* left in this period; capped domains */
	bool parked;
	struct timer refill;
};

struct sched_unit_data {
	struct list_head runq;		/* sorted by falling credit */
	struct vcpu *vcpu;
	struct sched_dom_data *dom;
	s_time_t credit;
	s_time_t start;			/* when its running time was last charged */
	s_time_t chosen;		/* when it came to the CPU it is on */
	bool queued, yielded;
};

static struct runqueue {
	spinlock_t lock;
	struct list_head queue;
	cpumask_t cpus, idle, tickled;	/* tickled: told to look, has not yet */
	unsigned int max_weight;
} rq = { .lock = SPIN_LOCK_INIT(RANK_SCHED), .queue = LIST_HEAD_INIT(rq.queue) };

static struct vcpu *curr_on(unsigned int cpu)
{
	return per_cpu(sched_cpu, cpu).curr;
}

static void enqueue(struct sched_unit_data *s)
{
	struct sched_unit_data *pos;

	list_for_each_entry(pos, &rq.queue, runq)
		if (s->credit > pos->credit)
			break;
	list_add_tail(&s->runq, &pos->runq);
	s->queued = true;
}

static void dequeue(struct sched_unit_data *s)
{
	list_del(&s->runq);
	s->queued = false;
}

static void charge_budget(struct sched_dom_data *dom, s_time_t used)
{
	if (!dom->cap)
		return;
	dom->budget -= used;
	if (dom->budget <= 0)
		dom->parked = true;
}

static void burn(struct sched_unit_data *s, s_time_t now)
{
	s_time_t used = now - s->start;

	s->start = now;
	if (used <= 0)
		return;
	/* Who was alone ran without interruption, for days maybe: it owes less than that. */
	s->credit -= min_t(s_time_t, used, SECONDS(1)) * rq.max_weight / s->dom->weight;
	charge_budget(s->dom, used);
}

/* Also those running: what is left of it they keep, bounded. */
static void give_credit(struct sched_unit_data *s)
{
	rq.max_weight = max(rq.max_weight, (unsigned int)s->dom->weight);
	s->credit = min_t(s_time_t, max_t(s_time_t, s->credit, -CREDIT_INIT) + CREDIT_INIT,
			  CREDIT_INIT + SLICE_MIN);
}

static void reset_credit(s_time_t now)
{
	struct sched_unit_data *s;
	unsigned int cpu;

	for_each_cpu(cpu, &rq.cpus)
		if (curr_on(cpu) && !is_idle_vcpu(curr_on(cpu)))
			burn(curr_on(cpu)->sched, now);
	/* Anew, of those who get credit: one that has left does not count for ever. */
	rq.max_weight = 1;
	list_for_each_entry(s, &rq.queue, runq)
		give_credit(s);
	for_each_cpu(cpu, &rq.cpus)
		if (curr_on(cpu) && !is_idle_vcpu(curr_on(cpu)))
			give_credit(curr_on(cpu)->sched);
}

static void tickle(unsigned int cpu)
{
	cpumask_set_cpu(cpu, &rq.tickled);
	cpu_raise_softirq(cpu, SCHEDULE_SOFTIRQ);
}

static bool may_run_on(const struct vcpu *v, unsigned int cpu)
{
	return cpumask_test_cpu(cpu, &v->hard_affinity);
}

/* An idle CPU that v may use: its last one if possible, then one it likes. */
static unsigned int find_idle_cpu(const struct vcpu *v)
{
	unsigned int cpu, found = NR_CPUS;

	for_each_cpu(cpu, &rq.idle) {
		if (!may_run_on(v, cpu) || cpumask_test_cpu(cpu, &rq.tickled))
			continue;
		if (cpu == v->processor)
			return cpu;
		if (found == NR_CPUS || cpumask_test_cpu(cpu, &v->soft_affinity))
			found = cpu;
	}
	return found;
}

/*
 * A queued vCPU wants to run: wake an idle CPU, or see to the one whose vCPU has
 * least credit. That looks again now if it is to make room, else when its slice
 * is over: one that ran alone had no timer for that.
 */
static void find_cpu_for(struct sched_unit_data *s)
{
	unsigned int cpu = find_idle_cpu(s->vcpu), worst = NR_CPUS;
	s_time_t least = STIME_MAX, now = NOW();

	if (cpu < NR_CPUS) {
		tickle(cpu);
		return;
	}
	for_each_cpu(cpu, &rq.cpus) {
		struct vcpu *v = curr_on(cpu);

		if (!may_run_on(s->vcpu, cpu) || !v || is_idle_vcpu(v))
			continue;
		/* It is about to look at the queue anyway. */
		if (cpumask_test_cpu(cpu, &rq.tickled))
			return;
		burn(v->sched, now);
		if (v->sched->credit < least) {
			least = v->sched->credit;
			worst = cpu;
		}
	}
	if (worst >= NR_CPUS)
		return;
	if (least < s->credit && now - curr_on(worst)->sched->chosen >= SLICE_MIN)
		tickle(worst);
	else
		sched_arm_slice(&per_cpu(sched_cpu, worst), now + SLICE_MIN);
}

static void make_runnable(struct vcpu *v)
{
	struct sched_unit_data *s = v->sched;

	if (s->queued || s->dom->parked)
		return;
	enqueue(s);
	find_cpu_for(s);
}

static void cs2_sleep(struct vcpu *v)
{
	if (v->sched->queued)
		dequeue(v->sched);
}

static void cs2_context_saved(struct vcpu *v)
{
	if (vcpu_runnable(v))
		make_runnable(v);
}

static bool cs2_anyone_waits(const struct vcpu *v)
{
	return READ_ONCE(rq.queue.next) != &rq.queue;
}

static void cs2_yield(struct vcpu *v)
{
	v->sched->yielded = true;
}

/* The best queued vCPU for this CPU, or NULL. */
static struct sched_unit_data *best_for(unsigned int cpu)
{
	struct sched_unit_data *s, *best = NULL;

	list_for_each_entry(s, &rq.queue, runq) {
		if (!may_run_on(s->vcpu, cpu))
			continue;
		if (s->vcpu->processor == cpu || !best)
			best = !best || best->credit - s->credit < MIGRATE_BIAS ? s : best;
		if (best && (best->vcpu->processor == cpu ||
			     best->credit - s->credit >= MIGRATE_BIAS))
			break;
	}
	return best;
}

/* Not before it ran for a while: two that wake each other would do nothing but switch. */
static bool keeps_running(struct vcpu *prev, const struct sched_unit_data *other, s_time_t now)
{
	struct sched_unit_data *s = prev->sched;

	if (is_idle_vcpu(prev) || !vcpu_runnable(prev) || s->dom->parked ||
	    !may_run_on(prev, smp_processor_id()))
		return false;
	if (!other)
		return true;
	return !s->yielded && (now - s->chosen < SLICE_MIN || s->credit >= other->credit);
}

static s_time_t slice_for(const struct sched_unit_data *s)
{
	s_time_t t = s->credit;

	if (!list_empty(&rq.queue))
		t -= list_first_entry(&rq.queue, struct sched_unit_data, runq)->credit;
	t = min_t(s_time_t, max_t(s_time_t, t, SLICE_MIN), SLICE_MAX);
	return s->dom->cap ? min_t(s_time_t, t, max_t(s_time_t, s->dom->budget, MICROSECS(100))) : t;
}

static struct sched_decision cs2_schedule(s_time_t now)
{
	unsigned int cpu = smp_processor_id();
	struct sched_unit_data *best;
	struct vcpu *prev = current, *next;

	cpumask_test_and_clear_cpu(cpu, &rq.tickled);
	if (!is_idle_vcpu(prev))
		burn(prev->sched, now);
	best = best_for(cpu);
	if (keeps_running(prev, best, now)) {
		next = prev;
	} else if (best) {
		next = best->vcpu;
		dequeue(best);
		best->start = best->chosen = now;
	} else {
		next = this_cpu(sched_cpu).idle;
	}
	if (!is_idle_vcpu(prev))
		prev->sched->yielded = false;
	if (is_idle_vcpu(next)) {
		cpumask_set_cpu(cpu, &rq.idle);
		return (struct sched_decision){ next, -1 };
	}
	cpumask_test_and_clear_cpu(cpu, &rq.idle);
	if (next->sched->credit <= 0) {
		reset_credit(now);
		/* Neither queued any more nor on the CPU yet. */
		if (next != prev)
			give_credit(next->sched);
	}
	/* Alone and without a cap it needs no interruption at all. */
	if (list_empty(&rq.queue) && !next->sched->dom->cap)
		return (struct sched_decision){ next, -1 };
	return (struct sched_decision){ next, slice_for(next->sched) };
}

static void refill_budget(void *data)
{
	struct sched_dom_data *dom = data;
	unsigned long flags = spin_lock_irqsave(&rq.lock);
	s_time_t full = CAP_PERIOD * dom->cap / 100;
	struct vcpu *v;

	/* Its vCPUs are being freed, each after our lock was held. */
	if (dom->domain->is_dying) {
		spin_unlock_irqrestore(&rq.lock, flags);
		return;
	}
	dom->budget = min_t(s_time_t, dom->budget + full, full);
	dom->parked = dom->cap && dom->budget <= 0;
	if (!dom->parked)
		for_each_vcpu(dom->domain, v)
			if (vcpu_runnable(v) && !READ_ONCE(v->is_running))
				make_runnable(v);
	if (dom->cap)
		set_timer(&dom->refill, NOW() + CAP_PERIOD);
	spin_unlock_irqrestore(&rq.lock, flags);
}

static int cs2_init_cpu(unsigned int cpu)
{
	unsigned long flags = spin_lock_irqsave(&rq.lock);

	per_cpu(sched_cpu, cpu).lock = &rq.lock;
	cpumask_set_cpu(cpu, &rq.cpus);
	cpumask_set_cpu(cpu, &rq.idle);
	rq.max_weight = max(rq.max_weight, DEFAULT_WEIGHT);
	spin_unlock_irqrestore(&rq.lock, flags);
	return 0;
}

static int cs2_init_domain(struct domain *d)
{
	struct sched_dom_data *dom = xzalloc(struct sched_dom_data);

	if (!dom)
		return -ENOMEM;
	dom->domain = d;
	dom->weight = DEFAULT_WEIGHT;
	init_timer(&dom->refill, refill_budget, dom, smp_processor_id());
	d->sched = dom;
	return 0;
}

static void cs2_free_domain(struct domain *d)
{
	kill_timer(&d->sched->refill);
	xfree(d->sched);
}

static int cs2_init_vcpu(struct vcpu *v)
{
	struct sched_unit_data *s = xzalloc(struct sched_unit_data);

	if (!s)
		return -ENOMEM;
	INIT_LIST_HEAD(&s->runq);
	s->vcpu = v;
	s->dom = v->domain->sched;
	s->credit = CREDIT_INIT;
	v->sched = s;
	return 0;
}

static void cs2_free_vcpu(struct vcpu *v)
{
	xfree(v->sched);
}

static void cs2_insert_vcpu(struct vcpu *v)
{
	if (vcpu_runnable(v))
		make_runnable(v);
}

static unsigned int cs2_pick_cpu(struct vcpu *v)
{
	cpumask_t can;
	unsigned int cpu = find_idle_cpu(v);

	if (cpu < NR_CPUS)
		return cpu;
	cpumask_and(&can, &v->hard_affinity, &rq.cpus);
	cpu = cpumask_first(&can);
	/* Affinity without an online CPU is refused before; be safe. */
	return cpu < NR_CPUS ? cpu : cpumask_first(&cpu_online_map);
}

static void cs2_affinity_changed(struct vcpu *v)
{
	if (v->sched->queued)
		find_cpu_for(v->sched);
}

/* Credit burnt in other units is a question of one reset. */
static void set_weight(struct sched_dom_data *dom, unsigned int weight)
{
	dom->weight = weight;
	rq.max_weight = max(rq.max_weight, weight);
}

static void set_cap(struct sched_dom_data *dom, unsigned int cap)
{
	dom->cap = cap;
	dom->budget = CAP_PERIOD * cap / 100;
	dom->parked = false;
	/* The timer's function takes our lock: let it do the rest on its own. */
	set_timer(&dom->refill, NOW());
}

static int cs2_adjust(struct domain *d, struct xen_domctl_scheduler_op *op)
{
	struct xen_domctl_sched_credit2 *p = &op->u.credit2;
	struct sched_dom_data *dom = d->sched;
	unsigned long flags;
	int rc = 0;

	flags = spin_lock_irqsave(&rq.lock);
	switch (op->cmd) {
	case XEN_DOMCTL_SCHEDOP_getinfo:
		p->weight = dom->weight;
		p->cap = dom->cap;
		break;
	case XEN_DOMCTL_SCHEDOP_putinfo:
		/* 0 and ~0 mean "leave as it is". */
		if (p->weight)
			set_weight(dom, p->weight);
		if (p->cap != (uint16_t)~0U)
			set_cap(dom, p->cap);
		break;
	default:
		rc = -EINVAL;
		break;
	}
	spin_unlock_irqrestore(&rq.lock, flags);
	return rc;
}

/* The rate limit: how long a vCPU runs before another may take its place, us. */
static int cs2_adjust_global(struct xen_sysctl_scheduler_op *op)
{
	struct xen_sysctl_credit2_schedule *p = &op->u.sched_credit2;

	if (op->cmd == XEN_SYSCTL_SCHEDOP_putinfo && p->ratelimit_us != SLICE_MIN / 1000)
		return -EOPNOTSUPP;
	p->ratelimit_us = SLICE_MIN / 1000;
	return 0;
}

static void cs2_dump(unsigned int cpu)
{
	struct sched_unit_data *s;
	unsigned long flags;

	if (cpu != cpumask_first(&rq.cpus))
		return;
	flags = spin_lock_irqsave(&rq.lock);
	list_for_each_entry(s, &rq.queue, runq)
		printk(" queued %pv credit %lld weight %u cap %u\n", s->vcpu,
		       (long long)s->credit, s->dom->weight, s->dom->cap);
	spin_unlock_irqrestore(&rq.lock, flags);
}

const struct scheduler sched_credit2 = {
	.name = "SMP Credit Scheduler rev2",
	.opt_name = "credit2",
	.sched_id = XEN_SCHEDULER_CREDIT2,
	.init_cpu = cs2_init_cpu,
	.init_domain = cs2_init_domain,
	.free_domain = cs2_free_domain,
	.init_vcpu = cs2_init_vcpu,
	.free_vcpu = cs2_free_vcpu,
	.insert_vcpu = cs2_insert_vcpu,
	.remove_vcpu = cs2_sleep,
	.pick_cpu = cs2_pick_cpu,
	.wake = make_runnable,
	.sleep = cs2_sleep,
	.yield = cs2_yield,
	.anyone_waits = cs2_anyone_waits,
	.context_saved = cs2_context_saved,
	.schedule = cs2_schedule,
	.adjust = cs2_adjust,
	.adjust_global = cs2_adjust_global,
	.affinity_changed = cs2_affinity_changed,
	.dump = cs2_dump,
};
