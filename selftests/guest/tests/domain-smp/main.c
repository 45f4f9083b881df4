// SPDX-License-Identifier: GPL-2.0-only
/*
 * A domain with more vCPUs than the machine has CPUs: all run, interrupts
 * between them arrive, floating-point registers are each vCPU's own.
 */
#include "test.h"

#define VCPUS	4

static volatile u64 up, rounds[VCPUS], bad;
static struct child_params *params;

/* Fills or checks v0-v31 with a pattern; false when a register has changed. */
static void fp_fill(u64 pattern)
{
	asm volatile(
		"mov x9, %0\n"
		".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
		"fmov d\\n, x9\n"
		"add x9, x9, #1\n"
		".endr\n"
		: : "r" (pattern) : "x9", "memory");
}

static bool fp_check(u64 pattern)
{
	u64 wrong = 0;

	asm volatile(
		"mov x9, %1\n"
		"mov %0, #0\n"
		".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
		"fmov x10, d\\n\n"
		"eor x10, x10, x9\n"
		"orr %0, %0, x10\n"
		"add x9, x9, #1\n"
		".endr\n"
		: "=&r" (wrong) : "r" (pattern) : "x9", "x10", "memory");
	return !wrong;
}

static void work(void *arg)
{
	u64 cpu = (u64)arg, pattern = (cpu + 1) * 0x0101010101010101;

	__atomic_fetch_add(&up, 1, __ATOMIC_SEQ_CST);
	while (up < VCPUS)
		sched_op(SCHEDOP_yield, NULL);
	fp_fill(pattern);
	for (unsigned int i = 0; i < 40; i++) {
		for (volatile unsigned int j = 0; j < 300; j++)
			;
		if (!fp_check(pattern))
			bad++;
		rounds[cpu]++;
		send_sgi(2, (cpu + 1) % VCPUS);
		sched_op(SCHEDOP_yield, NULL);
		irq_enable();
		isb();
		irq_disable();
	}
	wait_until(irq_count(2, cpu), 5000000);
	params->out[4 + cpu] = irq_count(2, cpu);
}

void child_main(struct child_params *p)
{
	params = p;
	for (u64 i = 1; i < VCPUS; i++)
		p->out[3] |= cpu_start(i, work, (void *)i);
	work((void *)0);
	for (u64 i = 1; i < VCPUS; i++)
		wait_until(rounds[i] >= 40 && !READ_ONCE(per_cpu[i].online), 15000000);
	p->out[0] = up;
	p->out[1] = bad;
	p->out[2] = rounds[0] + rounds[1] + rounds[2] + rounds[3];
}

void test_main(void)
{
	struct child c;

	child_create(&c, 8, VCPUS);
	child_unpause(&c);
	require(child_wait(&c, 25000000), "it runs to its end");
	check_eq(c.params->out[3], 0, "each vCPU could be started");
	check_eq(c.params->out[0], VCPUS, "each ran");
	check_eq(c.params->out[1], 0, "no floating-point register changed");
	check_eq(c.params->out[2], VCPUS * 40, "each ran to its end");
	check(c.params->out[4] && c.params->out[5] && c.params->out[6] && c.params->out[7],
	      "interrupts arrived at each");
	check_eq(child_destroy(&c), 0, "it is destroyed");
}
