// SPDX-License-Identifier: GPL-2.0-only
/*
 * EVTCHNOP_reset closes every port of the domain, and what is left works.
 */
#include "test.h"

void test_main(void)
{
	struct evtchn_reset op = { .dom = DOMID_SELF };
	unsigned int a, b;
	long port;

	event_init_cpu();
	for (unsigned int i = 0; i < 300; i++)
		evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF);
	evtchn_pair(&a, &b);
	event_mask(b);
	evtchn_send(a);
	check(evtchn_bind_virq(VIRQ_DEBUG, 0) > 0, "VIRQ_DEBUG is bound");

	check_eq(event_channel_op(EVTCHNOP_reset, &op), 0, "reset");
	check_eq(evtchn_status(DOMID_SELF, 1, NULL), EVTCHNSTAT_closed, "port 1 is closed");
	check_eq(evtchn_status(DOMID_SELF, b, NULL), EVTCHNSTAT_closed, "the last one, too");
	check(!event_pending(b), "nothing is pending");
	check(evtchn_bind_virq(VIRQ_DEBUG, 0) > 0, "VIRQ_DEBUG can be bound again");
	port = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF);
	check(port > 0 && port < 4, "ports start from the lowest again (%ld)", port);
	evtchn_pair(&a, &b);
	event_unmask(b);
	evtchn_send(a);
	check(wait_until(event_count(b) == 1, 100000), "events arrive as before");

	op.dom = 1234;
	check_eq(event_channel_op(EVTCHNOP_reset, &op), -ESRCH, "a domain that is not there");
}
