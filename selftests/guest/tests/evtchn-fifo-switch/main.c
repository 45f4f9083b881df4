// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing from 2-level to FIFO with ports in use, growing the array, and back.
 */
#include "test.h"

static volatile event_word_t *words;

static long expand(void)
{
	struct evtchn_expand_array op = { .array_gfn = gfn_of(page_alloc(1)) };

	return event_channel_op(EVTCHNOP_expand_array, &op);
}

void test_main(void)
{
	struct evtchn_init_control ctl = { .control_gfn = gfn_of(page_alloc(1)) };
	struct evtchn_expand_array op = { 0 };
	struct evtchn_reset reset = { .dom = DOMID_SELF };
	unsigned int a, b;
	long port, ret = 0;

	event_init_cpu();
	irq_mask(event_irq());
	evtchn_pair(&a, &b);

	require(event_channel_op(EVTCHNOP_init_control, &ctl) == 0, "init_control with ports in use");
	words = page_alloc(1);
	op.array_gfn = gfn_of(words);
	require(event_channel_op(EVTCHNOP_expand_array, &op) == 0, "expand_array");
	evtchn_send(a);
	check(words[b] & 1u << EVTCHN_FIFO_PENDING, "an old port's event is pending in its word");

	while ((port = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF)) > 0)
		if (port >= 1023)
			break;
	check_eq(port, 1023, "ports up to 1023 fit the first page");
	port = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF);
	printk("# without a page for it: %ld\n", port);
	check_eq(expand(), 0, "a second page");
	port = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF);
	check(port >= 1024, "a port beyond 1023");
	for (unsigned int i = 2; i < 128 && !ret; i++)
		ret = expand();
	check_eq(ret, 0, "128 pages in all");
	check_eq(expand(), -ENOSPC, "and no more");

	check_eq(event_channel_op(EVTCHNOP_reset, &reset), 0, "reset");
	evtchn_pair(&a, &b);
	event_unmask(b);
	event_clear(b);
	evtchn_send(a);
	check(event_pending(b), "after it the bitmaps are in use again");
}
