// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest's own CPUs going off and on; the last one that goes off ends nothing,
 * and the domain can still be destroyed.
 */
#include "test.h"

static volatile u64 runs;

static void work(void *arg __unused)
{
	__atomic_fetch_add(&runs, 1, __ATOMIC_SEQ_CST);
}

void child_main(struct child_params *p)
{
	for (unsigned int i = 0; i < 10; i++)
		for (unsigned int cpu = 1; cpu < 3; cpu++) {
			u64 before = runs;

			if (cpu_start(cpu, work, NULL))
				p->out[1]++;
			if (!wait_until(runs > before, 1000000))
				p->out[2]++;
			cpu_join(cpu);
			if (!wait_until(psci(0xc4000004UL, cpu, 0, 0) == 1, 1000000))
				p->out[3]++;
			/* Xen 4.17 needs a while here; see psci-restart. */
			delay_us(5000);
		}
	p->out[0] = runs;
	psci(0x84000002UL, 0, 0, 0);
}

void test_main(void)
{
	struct xen_domctl_getdomaininfo info;
	struct child c;

	child_create(&c, 8, 3);
	child_unpause(&c);
	require(wait_until(c.params->out[0], 10000000), "it has turned its CPUs off and on");
	check_eq(c.params->out[0], 20, "twenty times");
	check_eq(c.params->out[1], 0, "each could be started");
	check_eq(c.params->out[2], 0, "each ran");
	check_eq(c.params->out[3], 0, "each went off");
	delay_us(20000);
	check(child_info(c.id, &info) >= 0, "with all CPUs off it is still there");
	check_eq(info.nr_online_vcpus, 0, "no CPU is on");
	check_eq(child_destroy(&c), 0, "it is destroyed");
	check(child_gone(c.id, 1000000), "it is gone");
}
