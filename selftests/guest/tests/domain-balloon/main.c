// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that balloons: pages go back to the host, and the limit holds.
 *
 * What it gets holds nothing of another domain. Its own words may come back: a
 * page that returns to the domain it came from need not be scrubbed.
 */
#include "test.h"

#define N	512
#define MINE	0xdeadbeefUL
#define SECRET	0x5ec7e75ec7e7UL

static xen_pfn_t frames[N];

static long batch(unsigned int cmd, unsigned int n)
{
	struct xen_memory_reservation r = { .nr_extents = n, .domid = DOMID_SELF };

	set_xen_guest_handle(r.extent_start, frames);
	return memory_op(cmd, &r);
}

static void meet(struct child_params *p, u64 step)
{
	p->out[0] = step;
	while (p->arg[0] < step)
		sched_op(SCHEDOP_yield, NULL);
}

static unsigned int count_secrets(const u64 *mem, unsigned int pages)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < pages * 512; i++)
		n += mem[i] == SECRET;
	return n;
}

/* The domain before: its memory must not be seen again. */
static void leave_secrets(void)
{
	u64 *mem = page_reserve(3 * N);

	for (unsigned int i = 0; i < 3 * N * 512; i++)
		mem[i] = SECRET;
}

void child_main(struct child_params *p)
{
	domid_t self = DOMID_SELF;
	u64 *mem;

	if (p->arg[1]) {
		leave_secrets();
		return;
	}
	mem = page_reserve(3 * N);
	p->out[10] = count_secrets(mem, 3 * N);

	for (unsigned int i = 0; i < N; i++) {
		frames[i] = gfn_of(mem) + i;
		mem[i * 512] = MINE;
	}
	p->out[2] = memory_op(XENMEM_current_reservation, &self);
	p->out[3] = batch(XENMEM_decrease_reservation, N);
	p->out[4] = memory_op(XENMEM_current_reservation, &self);
	meet(p, 1);
	p->out[5] = batch(XENMEM_populate_physmap, N);
	p->out[6] = count_secrets(mem, N);
	/* More than max_mem: the rest of one MiB, and then no more. */
	for (unsigned int i = 0; i < N; i++)
		frames[i] = (GUEST_RAM_BASE + BIT(30)) / PAGE_SIZE + i;
	p->out[7] = batch(XENMEM_populate_physmap, N);
	p->out[8] = memory_op(XENMEM_current_reservation, &self);
	p->out[9] = memory_op(XENMEM_maximum_reservation, &self);
}

void test_main(void)
{
	u64 free;
	struct child c;

	child_create(&c, 8, 1);
	c.params->arg[1] = 1;
	child_unpause(&c);
	require(child_wait(&c, 5000000), "a domain fills its memory with secrets");
	child_destroy(&c);
	check(child_gone(c.id, 1000000), "it is gone");

	child_create(&c, 8, 1);
	free = host_free_settled();
	child_unpause(&c);
	require(wait_until(c.params->out[0] == 1, 3000000), "it gives pages back");
	check_eq(c.params->out[2], 8 * 256, "it began with 8 MiB");
	check_eq(c.params->out[3], N, "it gave 512 pages back");
	check_eq(c.params->out[4], 8 * 256 - N, "it has so many fewer");
	check(host_free_settled() >= free + N - 8, "the host has so many more");
	c.params->arg[0] = 1;
	require(child_wait(&c, 5000000), "it takes them again");
	check_eq(c.params->out[5], N, "it got 512 pages");
	check_eq(c.params->out[6], 0, "there is nothing of another domain in them");
	check_eq(c.params->out[10], 0, "nor was there in what it began with");
	check_eq(c.params->out[7], 256, "it gets no more than its limit");
	check_eq(c.params->out[8], 9 * 256, "which it has reached");
	check_eq(c.params->out[9], 9 * 256, "and can ask for");
	check_eq(child_destroy(&c), 0, "it is destroyed");
	check(child_gone(c.id, 1000000), "it is gone");
}
