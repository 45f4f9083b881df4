// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an operation costs in executed instructions, guest and hypervisor.
 *
 * Runs as dom0 under -icount shift=0: the counter, 62.5 MHz, then advances by
 * one for every 16 instructions. Each operation is repeated, and the cost of the
 * empty loop is taken off. A second run under the counting plugin executes each
 * operation a few times between marker instructions: see count.c.
 *
 * Lines "bench NAME VALUE" are what the script reads.
 */
#include "bench.h"

#define TICK_INSNS	16

static u64 measure(const struct bench_op *op, u64 loops)
{
	u64 start;

	for (unsigned int i = 0; i < 16; i++)
		op->run();
	start = now();
	for (u64 i = 0; i < loops; i++)
		op->run();
	return (now() - start) * TICK_INSNS;
}

static void nothing(void)
{
	asm volatile("" : : : "memory");
}

static void count(const struct bench_op *op)
{
	/* Steady state: some costs grow with what was done before. */
	for (unsigned int i = 0; i < 500 / op->batch; i++)
		op->run();
	for (unsigned int i = 0; i < BENCH_COUNTED; i++) {
		bench_mark_start();
		op->run();
		bench_mark_stop();
	}
}

/* The cost of one operation without that of the loop around it. */
static u64 cost(const struct bench_op *op)
{
	static const struct bench_op empty = { "empty", NULL, nothing, 1, 0, false };
	u64 loops = op->loops ? op->loops : 2000;

	return (measure(op, loops) - measure(&empty, loops)) / loops / op->batch;
}

/*
 * A guest does what dom0 tells it: arg[0] is the number of the operation, arg[1]
 * whether to count.
 */
void child_main(struct child_params *p)
{
	const struct bench_op *op = &bench_ops[p->arg[0]];

	op->setup();
	if (p->arg[1])
		count(op);
	else
		p->out[0] = cost(op);
}

static bool run_in_guest(unsigned int index, u64 *value)
{
	struct child c;

	if (child_create_empty(&c, 8, 1) || child_populate(&c) || child_load(&c))
		return false;
	c.params->arg[0] = index;
	c.params->arg[1] = bench_counting();
	child_unpause(&c);
	/* Sleep meanwhile: the guest has the only CPU. */
	while (!c.params->exited) {
		struct sched_poll p = { .timeout = read_sysreg(cntpct_el0) * TICK_INSNS + 10000000 };

		sched_op(SCHEDOP_poll, &p);
	}
	*value = c.params->out[0];
	child_destroy(&c);
	return true;
}

static void one(unsigned int index)
{
	const struct bench_op *op = &bench_ops[index];
	u64 value = 0;

	if (op->child ? !run_in_guest(index, &value) : op->setup && !op->setup()) {
		printk("# %s: cannot be measured here\n", op->name);
		return;
	}
	if (bench_counting()) {
		if (!op->child)
			count(op);
		printk("counted %s %u\n", op->name, op->batch);
		return;
	}
	if (!op->child)
		value = cost(op);
	printk("bench %s %lu\n", op->name, value);
}

static void memory_kept(void)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_physinfo };
	u64 dom0 = 0, free;

	if (sysctl(&op))
		return;
	for (unsigned int i = 0; i < ram_banks; i++)
		dom0 += ram[i].size;
	free = op.u.physinfo.free_pages * PAGE_SIZE;
	printk("bench free-bytes %lu\n", free);
	printk("bench dom0-bytes %lu\n", dom0);
}

void test_main(void)
{
	check(true, "running");
	printk("bench boot-ns %lu\n", boot_ticks * TICK_INSNS);
	memory_kept();
	for (unsigned int i = 0; bench_ops[i].name; i++)
		one(i);
}
