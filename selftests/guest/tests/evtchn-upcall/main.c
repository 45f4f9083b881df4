// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events arrive as an interrupt: the PPI that the device tree names.
 *
 * It is level triggered by the upcall flag: it comes once for many events, again
 * for each new one, not for masked ones, and waits while interrupts are masked.
 */
#include "test.h"

static unsigned int a, b;

static void take(void)
{
	irq_enable();
	isb();
	irq_disable();
}

void test_main(void)
{
	u64 before;

	event_init_cpu();
	evtchn_pair(&a, &b);

	evtchn_send(a);
	check(wait_until(event_count(b) == 1, 100000), "an event arrives");
	check_eq(upcalls[0], 1, "with one upcall");
	for (unsigned int i = 0; i < 10; i++) {
		evtchn_send(a);
		wait_until(event_count(b) == 2 + i, 100000);
	}
	check_eq(event_count(b), 11, "ten more arrive");
	check_eq(upcalls[0], 11, "each with its own upcall");

	before = upcalls[0];
	evtchn_send(a);
	evtchn_send(a);
	evtchn_send(a);
	take();
	wait_until(event_count(b) == 12, 100000);
	take();
	check_eq(event_count(b), 12, "three sends with interrupts masked are one event");
	check_eq(upcalls[0], before + 1, "and one upcall");

	event_mask(b);
	before = upcalls[0];
	evtchn_send(a);
	delay_us(100);
	take();
	check_eq(upcalls[0], before, "a masked event makes no upcall");
	evtchn_unmask(b);
	check(wait_until(event_count(b) == 13, 100000), "it arrives when it is unmasked");

	irq_mask(event_irq());
	evtchn_send(a);
	delay_us(100);
	take();
	check_eq(event_count(b), 13, "no upcall while its interrupt is disabled");
	irq_unmask(event_irq());
	check(wait_until(event_count(b) == 14, 100000), "it comes when that is enabled");

	/* The flag may be cleared before the interrupt is taken: it is then spurious at most. */
	before = event_count(b);
	evtchn_send(a);
	vcpu_info(0)->evtchn_upcall_pending = 0;
	vcpu_info(0)->evtchn_pending_sel = 0;
	event_clear(b);
	take();
	check_eq(event_count(b), before, "an event taken by polling is not delivered again");
	evtchn_send(a);
	check(wait_until(event_count(b) == before + 1, 100000), "the next one is");
}
