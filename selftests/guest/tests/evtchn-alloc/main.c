// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocating, binding, looking at and closing ports.
 *
 * Ports are handed out lowest first, a closed one is handed out again, and the
 * status of a port says what it is bound to. The limit is reached with an error
 * and not with a crash.
 */
#include "test.h"

static void status_of(unsigned int port, unsigned int want, struct evtchn_status *st,
		      const char *what)
{
	check_eq(evtchn_status(DOMID_SELF, port, st), want, "%s", what);
}

void test_main(void)
{
	struct evtchn_status st;
	long a, b, c, n = 0, last = 0, ret;

	status_of(1, EVTCHNSTAT_closed, &st, "port 1 is closed at first");
	a = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF);
	check_eq(a, 1, "the first port is 1");
	status_of(a, EVTCHNSTAT_unbound, &st, "it is unbound");
	check(st.u.unbound.dom == DOMID_SELF || st.u.unbound.dom == 0,
	      "its remote domain is this one (%u)", st.u.unbound.dom);

	b = evtchn_bind_interdomain(DOMID_SELF, a);
	check_eq(b, 2, "the other end is port 2");
	status_of(a, EVTCHNSTAT_interdomain, &st, "the first end is bound now");
	check_eq(st.u.interdomain.dom, 0, "to this domain");
	check_eq(st.u.interdomain.port, b, "to the other end");
	status_of(b, EVTCHNSTAT_interdomain, &st, "the other end is bound");
	check_eq(st.u.interdomain.port, a, "to the first");
	check_eq(st.vcpu, 0, "and notifies vCPU 0");
	check_eq(evtchn_bind_interdomain(DOMID_SELF, a), -EINVAL, "a bound port is not bound again");

	check_eq(evtchn_close(b), 0, "one end is closed");
	status_of(b, EVTCHNSTAT_closed, &st, "it is closed");
	status_of(a, EVTCHNSTAT_unbound, &st, "the first end is unbound again");
	check_eq(evtchn_send(a), 0, "sending to nobody is no error");
	c = evtchn_bind_interdomain(DOMID_SELF, a);
	check_eq(c, b, "and can be bound again, at the same port");
	check_eq(evtchn_close(a), 0, "the first end is closed");
	check_eq(evtchn_close(c), 0, "the second end is closed");
	check_eq(evtchn_close(c), -EINVAL, "a closed port is not closed again");

	check_eq(evtchn_alloc_unbound(0x7ff3, DOMID_SELF), -ESRCH, "for a reserved domain id");
	check_eq(evtchn_alloc_unbound(1234, DOMID_SELF), -ESRCH, "for a domain that is not there");
	check_eq(evtchn_bind_interdomain(1234, 1), -ESRCH, "with a domain that is not there");
	check_eq(evtchn_bind_interdomain(DOMID_SELF, 0), -EINVAL, "with port 0");
	check_eq(evtchn_bind_interdomain(DOMID_SELF, 3), -EINVAL, "with a closed port");
	check_eq(evtchn_bind_interdomain(DOMID_SELF, 0xffffffff), -EINVAL, "with a wild port");
	check_eq(evtchn_close(0), -EINVAL, "closing port 0");
	check_eq(evtchn_close(4096), -EINVAL, "closing a port beyond all");
	check_eq(evtchn_close(0xffffffff), -EINVAL, "closing a wild port");
	check_eq(evtchn_send(0), -EINVAL, "sending to port 0");
	check_eq(evtchn_send(77), -EINVAL, "sending to a closed port");
	check_eq(evtchn_send(0xfffffff0), -EINVAL, "sending to a wild port");
	check_eq(evtchn_status(DOMID_SELF, 5000, NULL), -EINVAL, "status of a port beyond all");
	check_eq(evtchn_status(1234, 1, NULL), -ESRCH, "status in a domain that is not there");

	while ((ret = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF)) > 0) {
		last = ret;
		n++;
	}
	check_eq(ret, -ENOSPC, "ports run out with an error");
	check_eq(n, 4095, "after 4095 of them");
	check_eq(last, 4095, "the last is 4095");
	check_eq(evtchn_close(2000), 0, "one in the middle is closed");
	check_eq(evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF), 2000, "and handed out again");
	for (long i = 1; i <= last; i++)
		if (evtchn_close(i))
			check(false, "closing %ld", i);
	check_eq(evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF), 1, "all closed, 1 is first again");
}
