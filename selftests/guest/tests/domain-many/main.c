// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thousand domains at a time, of 255 VMIDs (8 bits on cortex-a57).
 *
 * All of them run, again and again, and each checks that a page of its own, at
 * the same address in all, holds what it wrote: a TLB entry of another domain
 * with the same VMID would show something else.
 */
#include "test.h"

#define DOMAINS	1000

static struct child c[DOMAINS];

void child_main(struct child_params *p)
{
	volatile u64 *page = page_alloc(1);

	event_init_cpu();
	evtchn_bind_interdomain(0, p->arg[0]);
	page[0] = p->self;
	for (;;) {
		p->out[0]++;
		if (page[0] != p->self)
			p->out[1]++;
		irq_wait();
	}
}

void test_main(void)
{
	unsigned int made, bad = 0, stuck = 0;
	u64 before = host_free_settled();

	for (made = 0; made < DOMAINS; made++) {
		struct child *k = &c[made];

		if (child_create_empty(k, 1, 1) || child_populate(k) || child_load(k))
			break;
		k->params->arg[0] = evtchn_alloc_unbound(DOMID_SELF, k->id);
		if (child_unpause(k))
			break;
	}
	check_eq(made, DOMAINS, "they are made");
	printk("# %lu KiB each, 1 MiB of it memory of its own\n", (before - host_free_pages()) * 4 / (made ? made : 1));
	for (unsigned int round = 2; round < 5; round++)
		for (unsigned int i = 0; i < made; i++) {
			evtchn_send(c[i].params->arg[0]);
			if (!wait_until(c[i].params->out[0] >= round, 3000000))
				stuck++;
		}
	for (unsigned int i = 0; i < made; i++)
		bad += c[i].params->out[1];
	check_eq(stuck, 0, "each runs each time it is woken");
	check_eq(bad, 0, "each sees its own memory");
	for (unsigned int i = 0; i < made; i++)
		if (child_destroy(&c[i]) || !child_gone(c[i].id, 1000000))
			check(false, "domain %u is destroyed", c[i].id);
	check((long)(before - host_free_settled()) <= 8 + (long)made / 16, "their pages are back");
	printk("# %ld pages fewer\n", (long)(before - host_free_settled()));
}
