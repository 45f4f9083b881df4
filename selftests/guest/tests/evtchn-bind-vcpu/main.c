// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moving a port to another vCPU: later events arrive there, and what is
 * pending is not lost.
 */
#include "test.h"

static volatile u64 ready, stop;
static unsigned int a, b;

static void second(void *arg __unused)
{
	event_init_cpu();
	ready = 1;
	while (!stop)
		irq_wait();
}

void test_main(void)
{
	struct evtchn_status st;
	u64 before;

	event_init_cpu();
	evtchn_pair(&a, &b);
	check_eq(cpu_start(1, second, NULL), 0, "CPU 1 starts");
	check(wait_for(&ready, 1, 1000000), "and is ready");

	wait_until(false, 100);
	before = upcalls[0];
	evtchn_send(a);
	check(wait_until(event_count(b) == 1, 1000000), "an event arrives");
	check_eq(upcalls[0], ++before, "at CPU 0");

	check_eq(evtchn_bind_vcpu(b, 1), 0, "the port moves to CPU 1");
	evtchn_status(DOMID_SELF, b, &st);
	check_eq(st.vcpu, 1, "the status knows");
	evtchn_send(a);
	check(wait_until(event_count(b) == 2, 1000000), "the next event arrives");
	check_eq(upcalls[0], before, "not at CPU 0");

	check_eq(evtchn_bind_vcpu(b, 0), 0, "back to CPU 0");
	before = upcalls[1];
	evtchn_send(a);
	check(wait_until(event_count(b) == 3, 1000000), "an event arrives");
	check_eq(upcalls[1], before, "not at CPU 1");

	check_eq(evtchn_bind_vcpu(b, 2), -ENOENT, "a vCPU that is not there");
	check_eq(evtchn_bind_vcpu(b, 0xffffffff), -ENOENT, "a wild vCPU");
	check_eq(evtchn_bind_vcpu(100, 0), -EINVAL, "a closed port");
	check_eq(evtchn_bind_vcpu(0xffffffff, 0), -EINVAL, "a wild port");

	stop = 1;
	evtchn_bind_vcpu(b, 1);
	evtchn_send(a);
	cpu_join(1);
}
