// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pausing a domain stops it, as often as it is paused, and loses nothing.
 */
#include "test.h"

void child_main(struct child_params *p)
{
	event_init_cpu();
	p->out[1] = evtchn_bind_interdomain(0, p->arg[0]);
	for (;;) {
		p->out[0]++;
		p->out[2] = event_count(p->out[1]);
		irq_enable();
		isb();
		irq_disable();
		sched_op(SCHEDOP_yield, NULL);
	}
}

static bool moves(struct child *c)
{
	u64 before = c->params->out[0];

	return wait_until(c->params->out[0] != before, 50000);
}

void test_main(void)
{
	struct xen_domctl_getdomaininfo info;
	struct child c;
	u64 events;

	child_create(&c, 8, 1);
	c.params->arg[0] = evtchn_alloc_unbound(DOMID_SELF, c.id);
	check(!moves(&c), "a new domain does not run");
	check_eq(child_unpause(&c), 0, "it is started");
	check(wait_until(c.params->out[0] > 3, 2000000), "it runs");
	check_eq(child_unpause(&c), -EINVAL, "it cannot be started twice");
	check_eq(child_pause(&c), 0, "it is paused");
	check(!moves(&c), "it stops");
	check(child_info(c.id, &info) & XEN_DOMINF_paused, "its state says so");
	check_eq(child_pause(&c), 0, "it is paused once more");
	events = c.params->out[2];
	evtchn_send(c.params->arg[0]);
	check_eq(child_unpause(&c), 0, "unpaused once");
	check(!moves(&c), "it is still paused");
	check_eq(child_unpause(&c), 0, "unpaused twice");
	check(moves(&c), "it runs");
	check(wait_until(c.params->out[2] > events, 2000000), "an event sent meanwhile arrives");
	check_eq(child_pause(&c), 0, "paused again");
	check_eq(child_destroy(&c), 0, "and destroyed while it is paused");
	check(child_gone(c.id, 1000000), "it is gone");
}
