// SPDX-License-Identifier: GPL-2.0-only
/*
 * A round makes a control domain and some guests, lets them call whatever comes
 * to mind while domains come and go, then takes all down and counts: no domain
 * and no page may be left.
 */
#include <xen/console.h>
#include "fuzz.h"

#define STEPS		400
#define MAX_DOMAINS	7
#define SLAB_PAGES	16	/* small allocations keep an empty page of each size */
#define ROUND_LIMIT	(many_cpus ? 60 : 30)	/* seconds: what takes longer hangs */

static __thread uint64_t state;
static unsigned int nr_cpus;
bool many_cpus;

/* splitmix64 */
uint64_t rnd64(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

void act_as_nobody(void)
{
	set_current(alloc_idle_vcpu(smp_processor_id()));
}

static void start(struct domain *d)
{
	struct vcpu *v;

	for_each_vcpu(d, v) {
		v->is_initialised = true;
		clear_bit(ffsl_(VPF_down), &v->pause_flags);
	}
	domain_unpause_by_controller(d);
}

static unsigned int count_domains(void)
{
	unsigned int n = 0;
	struct domain *d;

	for (domid_t id = 0; (d = domain_get_from(id)) != NULL; n++) {
		id = d->domain_id + 1;
		put_domain(d);
	}
	return n;
}

static void begin_round(void)
{
	act_as_nobody();
	hardware_domain = NULL;
	hardware_domain = host_create_guest(many_cpus ? nr_cpus + 1 : 2, NR_PAGES);
	hardware_domain->is_privileged = true;
	start(hardware_domain);
	for (unsigned int n = 1 + rnd(3); n; n--)
		start(host_create_guest(1 + rnd(3), NR_PAGES));
}

/* All at once, or a step and then the others' turn. */
static void kill_one(void)
{
	struct domain *d = domain_get_by_id(some_domid());
	bool all = one_in(2);

	if (!d)
		return;
	act_as_nobody();
	do {
		if (!all)
			raise_softirq(TIMER_SOFTIRQ);
	} while (d != hardware_domain && domain_kill(d) == -ERESTART && all);
	put_domain(d);
	host_run_pending();
}

/* What failed half-way stays as it is, for the others to find. */
static void make_one(void)
{
	struct xen_domctl_createdomain cfg = {
		.max_vcpus = 1 + rnd(4), .max_evtchn_port = one_in(3) ? rnd(200) : ~0U,
		.max_grant_frames = 1 + rnd(4), .max_maptrack_frames = rnd(4),
		.grant_opts = XEN_DOMCTL_GRANT_version(1),
	};
	struct domain *d;

	if (count_domains() >= MAX_DOMAINS)
		return;
	act_as_nobody();
	alloc_fail_nth(one_in(2) ? 1 + rnd(60) : 0);
	d = domain_create(domain_alloc_id(), &cfg, false);
	if (!IS_ERR(d)) {
		d->max_pages = rnd(64);
		for (unsigned int i = 0; i < cfg.max_vcpus; i++)
			vcpu_create(d, i);
		for (unsigned long gfn = 0; gfn < NR_PAGES; gfn++) {
			struct page_info *pg = alloc_domheap_page(d, 0);

			if (pg)
				p2m_set_page(d, _gfn(gfn), page_to_mfn(pg), p2m_ram_rw);
		}
		start(d);
	}
	alloc_fail_nth(0);
	host_run_pending();
}

/* Nobody waits for ever: what was shut down, paused or blocked goes on some time. */
static void wake_all(void)
{
	struct domain *d;
	struct vcpu *v;

	act_as_nobody();
	for (domid_t id = 0; (d = domain_get_from(id)) != NULL;) {
		id = d->domain_id + 1;
		if (!d->is_dying) {
			if (d->is_shutting_down)
				domain_resume(d);
			while (d->controller_pause_count)
				domain_unpause_by_controller(d);
			for_each_vcpu(d, v) {
				clear_bit(ffsl_(VPF_down), &v->pause_flags);
				vcpu_unblock(v);
			}
		}
		put_domain(d);
	}
}

static void scribble_one(void)
{
	struct domain *d = domain_get_by_id(some_domid());

	if (!d)
		return;
	if (!d->is_dying)
		scribble(d);
	put_domain(d);
}

/* ---- the same by hypercalls, which exclude each other, for several CPUs ---- */

static void kill_by_call(void)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_destroydomain, .domain = some_domid() };

	control_call(&op);
}

static void make_by_call(void)
{
	struct xen_domctl op = {
		.cmd = XEN_DOMCTL_createdomain,
		.u.createdomain = {
			.max_vcpus = 1 + rnd(3), .max_evtchn_port = ~0U, .max_grant_frames = 4,
			.max_maptrack_frames = 4, .grant_opts = XEN_DOMCTL_GRANT_version(1),
		},
	};
	unsigned int vcpus = op.u.createdomain.max_vcpus;
	struct domain *d;
	struct vcpu *v;

	if (count_domains() >= MAX_DOMAINS || control_call(&op))
		return;
	d = domain_get_by_id(op.domain);
	if (!d)
		return;
	op = (struct xen_domctl){ .cmd = XEN_DOMCTL_max_mem, .domain = d->domain_id,
				  .u.max_mem.max_memkb = NR_PAGES * 8 };
	control_call(&op);
	op = (struct xen_domctl){ .cmd = XEN_DOMCTL_max_vcpus, .domain = d->domain_id,
				  .u.max_vcpus.max = vcpus };
	control_call(&op);
	for (unsigned long gfn = 0; gfn < NR_PAGES; gfn++) {
		struct page_info *pg = alloc_domheap_page(d, 0);

		if (pg)
			p2m_set_page(d, _gfn(gfn), page_to_mfn(pg), p2m_ram_rw);
	}
	for_each_vcpu(d, v) {
		WRITE_ONCE(v->is_initialised, true);
		clear_bit(ffsl_(VPF_down), &v->pause_flags);
	}
	op = (struct xen_domctl){ .cmd = XEN_DOMCTL_unpausedomain, .domain = d->domain_id };
	control_call(&op);
	put_domain(d);
}

static void wake_by_call(void)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_resumedomain, .domain = some_domid() };
	struct domain *d = domain_get_by_id(op.domain);
	struct vcpu *v;

	if (!d)
		return;
	control_call(&op);
	op.cmd = XEN_DOMCTL_unpausedomain;
	control_call(&op);
	for_each_vcpu(d, v) {
		clear_bit(ffsl_(VPF_down), &v->pause_flags);
		vcpu_unblock(v);
	}
	put_domain(d);
}

static void step(void)
{
	switch (rnd(32)) {
	case 0:
		many_cpus ? make_by_call() : make_one();
		break;
	case 1:
		many_cpus ? kill_by_call() : kill_one();
		break;
	case 2:
		many_cpus ? wake_by_call() : wake_all();
		break;
	case 3:
		host_advance_time(MILLISECS(rnd(2000)));
		host_run_pending();
		break;
	case 4 ... 7:
		scribble_one();
		break;
	default:
		random_call();
		break;
	}
}

static bool end_round(unsigned long seed)
{
	struct domain *d;

	act_as_nobody();
	hardware_domain = NULL;
	for (unsigned int tries = 0; count_domains() && tries < 100; tries++) {
		/* In a line: each holds pages of others, which go when all have let go. */
		for (domid_t id = 0; (d = domain_get_from(id)) != NULL;) {
			id = d->domain_id + 1;
			while (domain_kill(d) == -ERESTART)
				host_run_pending();
			put_domain(d);
			if (one_in(2))
				host_run_pending();
		}
		host_run_pending();
	}
	for (unsigned int id = 0; id < DOMID_FIRST_RESERVED; id++) {
		d = domain_of_page_id(id);
		if (!d)
			continue;
		printf("# seed %lu: d%u is left: %u references, %u pages, %lu shared frames\n",
		       seed, id, d->refcount, d->tot_pages, d->heap_page_list.count);
		return false;
	}
	return true;
}

static uint64_t round_seed;

static void steps_of_cpu(unsigned int cpu)
{
	if (cpu) {
		host_cpu = cpu;
		state = round_seed + cpu;
	}
	act_as_nobody();
	for (unsigned int i = 0; i < STEPS; i++)
		step();
	act_as_nobody();
	host_run_pending();
}

static void more_cpus(unsigned int cpu)
{
	if (cpu)
		host_cpu_online(cpu);
}

static bool one_round(unsigned long seed, unsigned long *most)
{
	unsigned long avail;

	fuzz_in_round(seed, ROUND_LIMIT);
	round_seed = seed * 0x2545f4914f6cdd1dULL;
	state = round_seed;
	begin_round();
	fuzz_on_cpus(nr_cpus, steps_of_cpu);
	if (!end_round(seed))
		return false;
	avail = avail_heap_pages();
	*most = max(*most, avail);
	if (avail + SLAB_PAGES >= *most)
		return true;
	printf("# seed %lu: %lu pages have been lost, here or before\n", seed, *most - avail);
	return false;
}

static void harmless(unsigned char key)
{
}

static void do_nothing(void)
{
}

int main(void)
{
	unsigned long seed = fuzz_env("SEED", 1), rounds = fuzz_env("ROUNDS", 0), n = 0, most = 0;
	double end = fuzz_seconds() + fuzz_env("SECONDS", 20);
	bool good = true;

	nr_cpus = min(fuzz_env("THREADS", 1), 8UL);
	many_cpus = nr_cpus > 1;
	host_boot(nr_cpus);
	fuzz_on_cpus(nr_cpus, more_cpus);
	/* We say who runs: see enter_vcpu(). */
	open_softirq(SCHEDULE_SOFTIRQ, do_nothing);
	register_keyhandler('R', harmless, "would restart the machine");
	host_before_access = another_vcpu;
	act_as_nobody();
	good = end_round(0);
	printf("# hypercall fuzzer: seeds from %lu\n", seed);
	while (good && (rounds ? n < rounds : fuzz_seconds() < end))
		good = one_round(seed + n++, &most);
	fuzz_in_round(0, 0);
	printf("# %lu rounds of %u steps\n", n, STEPS);
	printf("%s 1 hypercall\n%d passed, %d failed, 0 skipped\n", good ? "ok" : "not ok",
	       good, !good);
	return !good;
}
