// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that hammers the words on which the hypervisor does atomics.
 *
 * With exclusive loads and stores a hypervisor's update can be made to fail
 * as long as another vCPU writes nearby. The sender is dom0: an event to that
 * guest must not take it longer than a bounded time, and the guest may be
 * paused for it, but dom0 not stopped (XSA-295).
 */
#include "test.h"

static void hammer(void *arg)
{
	volatile u64 *p = arg;

	for (;;)
		for (unsigned int i = 0; i < 4096 / 8; i += 8)
			asm volatile("1: ldxr x0, [%0]; add x0, x0, #0; stxr w1, x0, [%0]\n"
				     "str x0, [%0]" : : "r" (p + i) : "x0", "x1", "memory");
}

void child_main(struct child_params *p)
{
	long port;

	event_init_cpu();
	irq_mask(event_irq());
	port = evtchn_bind_interdomain(0, p->arg[0]);
	p->out[1] = port;
	cpu_start(1, hammer, (void *)shared_info());
	p->out[0] = 1;
	hammer((void *)vcpu_info(0));
}

void test_main(void)
{
	struct child c;
	long port;
	u64 worst = 0, last;

	child_create(&c, 8, 2);
	port = evtchn_alloc_unbound(DOMID_SELF, c.id);
	c.params->arg[0] = port;
	child_unpause(&c);
	require(wait_until(c.params->out[0], 3000000), "the guest hammers");
	check((long)c.params->out[1] > 0, "its port is bound");
	for (unsigned int i = 0; i < 300; i++) {
		last = now();
		if (evtchn_send(port))
			check(false, "send %u", i);
		if (now() - last > worst)
			worst = now() - last;
	}
	printk("# the longest send took %lu us\n", worst / ticks_of_us(1));
	check(worst < ticks_of_us(1000000), "every send ended in bounded time");
	check_eq(child_destroy(&c), 0, "the guest is destroyed");
	check(child_gone(c.id, 5000000), "it is gone");
}
