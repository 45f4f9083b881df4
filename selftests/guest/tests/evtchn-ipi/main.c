// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inter-processor events: bound to one vCPU, delivered to that one.
 */
#include "test.h"

static volatile u64 ready, stop;

static void second(void *arg __unused)
{
	event_init_cpu();
	ready = 1;
	while (!stop)
		irq_wait();
}

void test_main(void)
{
	long to0, to1;
	u64 before;
	struct evtchn_status st;

	event_init_cpu();
	check_eq(cpu_start(1, second, NULL), 0, "CPU 1 starts");
	check(wait_for(&ready, 1, 1000000), "and is ready");

	to1 = evtchn_bind_ipi(1);
	check(to1 > 0, "a port for CPU 1 (%ld)", to1);
	check_eq(evtchn_status(DOMID_SELF, to1, &st), EVTCHNSTAT_ipi, "its status says so");
	check_eq(st.vcpu, 1, "and names the CPU");
	check_eq(evtchn_bind_vcpu(to1, 0), -EINVAL, "it cannot be moved");
	wait_until(false, 100);
	before = upcalls[0];
	for (u64 i = 1; i <= 20; i++) {
		evtchn_send(to1);
		if (!wait_until(event_count(to1) == i, 1000000))
			break;
	}
	check_eq(event_count(to1), 20, "twenty events arrive");
	check_eq(upcalls[0], before, "none of them at CPU 0");
	check(upcalls[1] >= 20, "all of them at CPU 1 (%lu)", upcalls[1]);

	to0 = evtchn_bind_ipi(0);
	evtchn_send(to0);
	check(wait_until(event_count(to0) == 1, 1000000), "one to this CPU arrives");
	check_eq(evtchn_bind_ipi(2), -ENOENT, "a vCPU that is not there");
	check_eq(evtchn_bind_ipi(0xffffffff), -ENOENT, "a wild vCPU");

	stop = 1;
	evtchn_send(to1);
	cpu_join(1);
}
