// SPDX-License-Identifier: GPL-2.0-only
/*
 * The 2-level bitmaps: who sets which bit, and when a vCPU is told.
 *
 * Sending sets the pending bit; unless it was set or the port is masked, the
 * selector bit of the vCPU and its upcall flag follow. Nothing in here depends on
 * an interrupt being taken.
 */
#include "test.h"

static unsigned int a, b;

static void clear_all(void)
{
	volatile struct vcpu_info *v = vcpu_info(0);

	event_clear(b);
	v->evtchn_pending_sel = 0;
	v->evtchn_upcall_pending = 0;
}

void test_main(void)
{
	volatile struct vcpu_info *v;

	event_init_cpu();
	irq_mask(event_irq());
	v = vcpu_info(0);
	check(vcpu_info(0)->evtchn_upcall_pending, "a new vcpu_info starts with an upcall");
	evtchn_pair(&a, &b);
	check(event_pending(a), "binding makes the new end pending: an event may have been lost");
	event_clear(a);
	clear_all();

	check(!event_pending(b), "nothing is pending at first");
	check_eq(evtchn_send(a), 0, "sending");
	check(event_pending(b), "the other end is pending");
	check(!event_pending(a), "this end is not");
	check_eq(v->evtchn_pending_sel, BIT(b / 64), "its word is selected");
	check(v->evtchn_upcall_pending, "the vCPU is told");

	v->evtchn_pending_sel = 0;
	v->evtchn_upcall_pending = 0;
	check_eq(evtchn_send(a), 0, "sending again");
	check(!v->evtchn_pending_sel && !v->evtchn_upcall_pending,
	      "what is pending already tells nobody");

	clear_all();
	event_mask(b);
	check_eq(evtchn_send(a), 0, "sending to a masked port");
	check(event_pending(b), "it is pending");
	check(!v->evtchn_pending_sel && !v->evtchn_upcall_pending, "nobody is told");
	check_eq(evtchn_unmask(b), 0, "unmasking by hypercall");
	check(!event_masked(b), "clears the mask");
	check_eq(v->evtchn_pending_sel, BIT(b / 64), "selects the word");
	check(v->evtchn_upcall_pending, "tells the vCPU");

	clear_all();
	event_mask(b);
	check_eq(evtchn_unmask(b), 0, "unmasking a port with nothing pending");
	check(!v->evtchn_pending_sel && !v->evtchn_upcall_pending, "tells nobody");
	check_eq(evtchn_unmask(5000), -EINVAL, "unmasking a port beyond all");

	/* The guest may have set the bits by itself: the hypervisor believes them. */
	event_mask(b);
	evtchn_send(a);
	event_clear(b);
	check_eq(evtchn_unmask(b), 0, "unmasking what the guest has cleared");
	check(!v->evtchn_upcall_pending, "tells nobody");

	/* A port in another word than the first. */
	for (long p = 0; p < 200; p++)
		evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF);
	evtchn_pair(&a, &b);
	clear_all();
	check(b >= 128, "a high port (%u)", b);
	evtchn_send(a);
	check(event_pending(b), "is pending after a send");
	check_eq(v->evtchn_pending_sel, BIT(b / 64), "and selects its own word");
	clear_all();

	/* Closing a pending port: it comes back clean. */
	evtchn_send(a);
	check_eq(evtchn_close(b), 0, "closing a pending port");
	check(!event_pending(b), "clears it");
}
