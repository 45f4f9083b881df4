// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual interrupts: global ones once per domain, the others once per vCPU.
 */
#include "test.h"

void test_main(void)
{
	struct evtchn_status st;
	long debug, again, dom_exc, console;

	debug = evtchn_bind_virq(VIRQ_DEBUG, 0);
	check(debug > 0, "VIRQ_DEBUG is bound (%ld)", debug);
	check_eq(evtchn_status(DOMID_SELF, debug, &st), EVTCHNSTAT_virq, "its status says so");
	check_eq(st.u.virq, VIRQ_DEBUG, "and names it");
	check_eq(evtchn_bind_virq(VIRQ_DEBUG, 0), -EEXIST, "a second time is refused");
	check_eq(evtchn_bind_vcpu(debug, 0), -EINVAL, "a per-vCPU one cannot be moved");
	check_eq(evtchn_send(debug), -EINVAL, "it cannot be sent to");
	check_eq(evtchn_close(debug), 0, "it is closed");
	again = evtchn_bind_virq(VIRQ_DEBUG, 0);
	check(again > 0, "and bound again");

	dom_exc = evtchn_bind_virq(VIRQ_DOM_EXC, 0);
	check(dom_exc > 0, "VIRQ_DOM_EXC is bound (%ld)", dom_exc);
	check_eq(evtchn_bind_virq(VIRQ_DOM_EXC, 0), -EEXIST, "a second time is refused");
	console = evtchn_bind_virq(VIRQ_CONSOLE, 0);
	check(console > 0, "VIRQ_CONSOLE is bound (%ld)", console);
	check_eq(evtchn_bind_vcpu(console, 0), 0, "a global one can be moved");

	check_eq(evtchn_bind_virq(NR_VIRQS, 0), -EINVAL, "a number beyond all");
	check_eq(evtchn_bind_virq(0xffffffff, 0), -EINVAL, "a wild number");
	check_eq(evtchn_bind_virq(VIRQ_DEBUG, 1), -ENOENT, "a vCPU that is not there");
	check_eq(evtchn_bind_virq(VIRQ_DEBUG, 0xffffffff), -ENOENT, "a wild vCPU");
	check_eq(evtchn_bind_virq(VIRQ_CONSOLE, 1), -EINVAL, "a global one must name vCPU 0");
}
