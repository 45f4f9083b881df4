// SPDX-License-Identifier: GPL-2.0-only
#include "cpu.h"
#include "child.h"
#include "dt.h"
#include "gic.h"
#include "hypercall.h"
#include "memory.h"
#include "mmu.h"
#include "report.h"
#include "timer.h"

#define PSCI_CPU_OFF	0x84000002UL
#define PSCI_CPU_ON	0xc4000003UL

struct per_cpu per_cpu[MAX_CPUS];

void secondary_entry(void);
void secondary_c(void);

unsigned int cpu_count(void)
{
	struct dt_node n = { 0 };
	unsigned int count = 0;

	if (child_params)
		return child_params->vcpus;
	while (dt_next(&n))
		if (!strncmp(n.name, "cpu@", 4))
			count++;
	return MIN(count, MAX_CPUS);
}

int cpu_start(unsigned int cpu, void (*fn)(void *), void *arg)
{
	struct per_cpu *c = &per_cpu[cpu];

	if (!c->stack)
		c->stack = (u64)page_alloc(4) + 4 * PAGE_SIZE;
	c->id = cpu;
	c->fn = fn;
	c->arg = arg;
	c->done = false;
	/* The CPU starts with its caches off. */
	for (u64 p = (u64)c & ~63UL; p < (u64)(c + 1); p += 64)
		asm volatile("dc civac, %0" : : "r" (p) : "memory");
	dsb(sy);
	return psci(PSCI_CPU_ON, cpu_mpidr(cpu), (u64)secondary_entry, (u64)c);
}

void cpu_join(unsigned int cpu)
{
	if (wait_until(per_cpu[cpu].done, 5000000))
		return;
	printk("# affinity info %d\n", psci(0xc4000004UL, cpu_mpidr(cpu), 0, 0));
	report_error("CPU %u does not come back", cpu);
	report_finish();
}

void secondary_c(void)
{
	struct per_cpu *c = this_cpu();

	mmu_on();
	gic_init_cpu();
	c->online = true;
	c->fn(c->arg);
	irq_disable();
	c->online = false;
	c->done = true;
	dsb(sy);
	psci(PSCI_CPU_OFF, 0, 0, 0);
	report_error("CPU_OFF returned");
	report_finish();
}
