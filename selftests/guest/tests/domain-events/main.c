// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event channels between two domains: offered by one, bound by the other.
 */
#include "test.h"

void child_main(struct child_params *p)
{
	long port;

	event_init_cpu();
	port = evtchn_bind_interdomain(0, p->arg[0]);
	p->out[0] = port;
	if (port < 0)
		child_exit(1);
	p->out[1] = evtchn_bind_interdomain(0, p->arg[0]);	/* a second time */
	p->out[2] = evtchn_bind_interdomain(0, p->arg[1]);	/* offered to another domain */
	p->out[3] = evtchn_alloc_unbound(0, 0);			/* in a domain not ours */
	p->out[4] = 1;
	while (event_count(port) < 11) {
		p->out[6] = event_count(port);
		irq_wait();
	}
	for (unsigned int i = 0; i < 10; i++)
		evtchn_send(port);
	p->out[5] = event_count(port);
}

void test_main(void)
{
	struct evtchn_status st;
	struct child c;
	long port, other;

	event_init_cpu();
	child_create(&c, 8, 1);
	port = evtchn_alloc_unbound(DOMID_SELF, c.id);
	other = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF);
	check(port > 0 && other > 0, "two ports are offered");
	c.params->arg[0] = port;
	c.params->arg[1] = other;
	check_eq(child_unpause(&c), 0, "the domain is started");
	check(wait_until(c.params->out[4], 2000000), "it has bound its end");
	check((long)c.params->out[0] > 0, "successfully");
	check_eq(c.params->out[1], -EINVAL, "not a second time");
	check_eq(c.params->out[2], -EINVAL, "nor the port of another");
	check_eq(c.params->out[3], -EPERM, "nor made one here");
	check_eq(evtchn_status(DOMID_SELF, port, &st), EVTCHNSTAT_interdomain, "our end knows");
	check_eq(st.u.interdomain.dom, c.id, "by whom");
	check_eq(st.u.interdomain.port, c.params->out[0], "and where");
	check_eq(evtchn_status(c.id, c.params->out[0], &st), EVTCHNSTAT_interdomain,
		 "dom0 may look at the other end");

	/* Binding may have made one pending already: at most eleven are needed. */
	for (u64 seen = c.params->out[6]; seen < 10; seen++) {
		evtchn_send(port);
		if (!wait_until(c.params->out[6] > seen, 1000000))
			break;
	}
	evtchn_send(port);
	check(child_wait(&c, 3000000), "it has seen our events");
	check(wait_until(event_count(port) > 0, 1000000), "and we have seen its events");
	check(wait_until(evtchn_status(DOMID_SELF, port, NULL) == EVTCHNSTAT_interdomain, 1000),
	      "its end lives on until it is destroyed");
	check_eq(child_destroy(&c), 0, "it is destroyed");
	check(wait_until(evtchn_status(DOMID_SELF, port, NULL) == EVTCHNSTAT_unbound, 1000000),
	      "then our end is unbound");
	check_eq(evtchn_send(port), 0, "sending to it is no error");
	check_eq(evtchn_close(port), 0, "it can be closed");
}
