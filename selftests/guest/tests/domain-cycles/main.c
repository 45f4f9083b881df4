// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creating and destroying many domains returns every page.
 *
 * Some are destroyed before they have memory, vCPUs or an image, some while
 * they are paused, some while they run.
 */
#include "test.h"

#define CYCLES	40
/* Pages that a heap may keep in its pools; a leak would be one per five cycles at least. */
#define SLACK	4

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

void test_main(void)
{
	u64 before;
	unsigned int done;
	long lost;

	/* What is allocated once and kept, is so after the first. */
	for (done = 0; done < 15; done++)
		if (!cycle(done))
			break;
	check_eq(done, 15, "the first domains");
	before = host_free_settled();
	for (done = 0; done < CYCLES; done++)
		if (!cycle(done))
			break;
	check_eq(done, CYCLES, "domains are created and destroyed");
	lost = before - host_free_settled();
	printk("# %ld pages fewer\n", lost);
	check(lost <= SLACK, "every page is back");
}
