// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creating and destroying many domains returns every page.
 *
 * Some are destroyed before they have memory, vCPUs or an image, some while
 * they are paused, some while they run; of some the destruction is broken off
 * and taken up again after that of another.
 */
#include "test.h"

#define CYCLES	200
/* Pages that a heap may keep in its pools; a leak would be one in ten cycles. */
#define SLACK	10

void child_main(struct child_params *p)
{
	p->out[0] = 1;
	for (;;)
		sched_op(SCHEDOP_yield, NULL);
}

static bool cycle(unsigned int i)
{
	struct child c;

	if (child_create_empty(&c, 2, 1 + i % 3))
		return false;
	if (i % 5 > 0 && child_populate(&c))
		return false;
	if (i % 5 > 1 && child_load(&c))
		return false;
	if (i % 5 > 2 && child_unpause(&c))
		return false;
	if (i % 5 > 3 && !wait_until(c.params->out[0], 2000000))
		return false;
	return child_destroy(&c) == 0 && child_gone(c.id, 2000000);
}

/* Two at a time; the toolstack gives up at each -EAGAIN and turns to the other one. */
static bool interleaved(void)
{
	struct child c[2];
	unsigned int gone = 0;

	for (unsigned int i = 0; i < 2; i++)
		if (child_create_empty(&c[i], 16, 2) || child_populate(&c[i]) || child_load(&c[i]) ||
		    child_unpause(&c[i]))
			return false;
	for (unsigned int i = 0; i < 2; i++)
		child_unmap(&c[i]);
	for (unsigned int i = 0; gone < 2 && i < 100000; i++) {
		struct child *k = &c[i & 1];
		long ret = k->exists ? child_destroy_step(k) : -EAGAIN;

		if (ret == 0)
			gone++;
		else if (ret != -EAGAIN)
			return false;
	}
	return gone == 2 && child_gone(c[0].id, 2000000) && child_gone(c[1].id, 2000000);
}

void test_main(void)
{
	u64 before;
	unsigned int done;
	long lost;

	/* What is allocated once and kept, is so after the first. */
	check(interleaved(), "two at a time");
	for (done = 0; done < 15; done++)
		if (!cycle(done))
			break;
	check_eq(done, 15, "the first domains");
	before = host_free_settled();
	for (done = 0; done < CYCLES; done++)
		if (done % 20 == 19 ? !interleaved() : !cycle(done))
			break;
	check_eq(done, CYCLES, "domains are created and destroyed");
	lost = before - host_free_settled();
	printk("# %ld pages fewer\n", lost);
	check(lost <= SLACK, "every page is back");
}
