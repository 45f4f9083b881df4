// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCHEDOP_poll: sleep until one of some ports is pending, or a time has come.
 */
#include "test.h"

static unsigned int a, b;

static long poll(evtchn_port_t *ports, unsigned int n, u64 deadline)
{
	struct sched_poll p = { .nr_ports = n, .timeout = deadline };

	set_xen_guest_handle(p.ports, ports);
	return sched_op(SCHEDOP_poll, &p);
}

/*
 * System time began when the hypervisor started the clock, that is some time
 * after the physical counter: a deadline from this is that much late at most.
 */
static u64 ns_from_now(u64 ns)
{
	return read_sysreg(cntpct_el0) * (1000000000 / read_sysreg(cntfrq_el0)) + ns;
}

void test_main(void)
{
	evtchn_port_t ports[3];
	u64 start, took;

	event_init_cpu();
	irq_mask(event_irq());
	evtchn_pair(&a, &b);
	event_mask(b);
	event_clear(b);
	ports[0] = b;

	evtchn_send(a);
	check_eq(poll(ports, 1, 0), 0, "a port that is pending does not let us sleep");
	event_clear(b);

	start = now();
	check_eq(poll(ports, 1, ns_from_now(2000000)), 0, "a deadline ends the sleep");
	took = (now() - start) / ticks_of_us(1);
	check(took >= 1900 && took < 500000, "after the time asked for");
	printk("# %lu us\n", took);
	check_eq(poll(ports, 1, 1), 0, "a deadline in the past");
	check_eq(poll(NULL, 0, ns_from_now(1000000)), 0, "no ports: the deadline alone counts");

	ports[0] = 5000;
	check_eq(poll(ports, 1, ns_from_now(1000000)), -EINVAL, "a port beyond all");
	check_eq(poll(ports, 129, ns_from_now(1000000)), -EINVAL, "too many ports");
	check_eq(poll(ports, 0xffffffff, ns_from_now(1000000)), -EINVAL, "a wild number of ports");
	check_eq(poll(bad_pointers()->p, 1, ns_from_now(1000000)), -EFAULT, "ports at a bad address");
}
