// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event channels, grants and the store, as a driver uses them: prints KTAP into the
 * kernel's log while it is loaded. Both ends are this domain, so that nobody else is
 * needed; grants are also tried out to the last one.
 *
 * It is for our core and for the kernel's own alike. Loading it succeeds if all is well.
 */

#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <xen/events.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <asm/xen/hypercall.h>
#include "grants.h"

static int number, bad;

static bool check(bool good, const char *what)
{
	pr_info("ktap: %sok %d %s\n", good ? "" : "not ", ++number, what);
	bad += !good;
	return good;
}

static bool soon(const atomic_t *counter, int want)
{
	int n;

	for (n = 0; n < 2000 && atomic_read(counter) < want; n++)
		usleep_range(1000, 2000);
	return atomic_read(counter) == want;
}

/* Interrupts at the two ends of one channel. */
static atomic_t near = ATOMIC_INIT(0), far = ATOMIC_INIT(0);

static irqreturn_t count_near(int irq, void *dev)
{
	atomic_inc(&near);
	return IRQ_HANDLED;
}

/* The end of interrupt is the test's. */
static irqreturn_t count_far(int irq, void *dev)
{
	atomic_inc(&far);
	return IRQ_HANDLED;
}

static int make_channel(int *near_irq, int *far_irq)
{
	struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
	struct evtchn_bind_interdomain inter = { .remote_dom = DOMID_SELF };
	int ret = HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &alloc);

	if (ret)
		return ret;
	inter.remote_port = alloc.port;
	ret = HYPERVISOR_event_channel_op(EVTCHNOP_bind_interdomain, &inter);
	if (ret)
		return ret;
	*near_irq = bind_evtchn_to_irqhandler(alloc.port, count_near, 0, "near", &near);
	*far_irq = bind_evtchn_to_irqhandler_lateeoi(inter.local_port, count_far, 0, "far",
						     &far);
	return min(*near_irq, *far_irq) < 0 ? -EIO : 0;
}

/* A peer that sends without work has to wait, longer each time; one with work does not. */
static void test_useless(int near_irq, int far_irq)
{
	unsigned long start = jiffies;
	int n;

	atomic_set(&far, 0);
	for (n = 1; n <= 10; n++) {
		notify_remote_via_irq(near_irq);
		if (!soon(&far, n))
			break;
		xen_irq_lateeoi(far_irq, XEN_EOI_FLAG_SPURIOUS);
	}
	check(n == 11, "events without work arrive");
	check(time_after(jiffies, start + HZ / 5), "but not as fast as they are sent");
	/* The last end is still to come. */
	notify_remote_via_irq(near_irq);
	soon(&far, n);
	xen_irq_lateeoi(far_irq, 0);
}

static irqreturn_t ignore(int irq, void *dev)
{
	return IRQ_HANDLED;
}

static void test_virq(void)
{
	static int id;
	int irq = bind_virq_to_irqhandler(VIRQ_DEBUG, 0, ignore, 0, "core-test", &id);

	if (!check(irq > 0, "a virtual interrupt is bound"))
		return;
	unbind_from_irqhandler(irq, &id);
	irq = bind_virq_to_irqhandler(VIRQ_DEBUG, 0, ignore, 0, "core-test", &id);
	check(irq > 0, "it can be bound again");
	if (irq > 0)
		unbind_from_irqhandler(irq, &id);
}

static void test_events(void)
{
	int near_irq, far_irq;

	if (!check(!make_channel(&near_irq, &far_irq), "a channel to ourselves"))
		return;
	msleep(20);
	atomic_set(&near, 0);
	atomic_set(&far, 0);
	xen_irq_lateeoi(far_irq, 0);

	notify_remote_via_irq(far_irq);
	check(soon(&near, 1), "an event arrives");
	notify_remote_via_irq(far_irq);
	check(soon(&near, 2), "and another one");

	notify_remote_via_irq(near_irq);
	check(soon(&far, 1), "an event arrives at the end with a late end");
	notify_remote_via_irq(near_irq);
	notify_remote_via_irq(near_irq);
	msleep(50);
	check(atomic_read(&far) == 1, "no more before the end of interrupt");
	xen_irq_lateeoi(far_irq, 0);
	check(soon(&far, 2), "one more after it");
	xen_irq_lateeoi(far_irq, 0);
	msleep(20);
	check(atomic_read(&far) == 2, "and not a third");

	test_useless(near_irq, far_irq);

	disable_irq(near_irq);
	notify_remote_via_irq(far_irq);
	msleep(20);
	check(atomic_read(&near) == 2, "a disabled interrupt is silent");
	enable_irq(near_irq);
	check(soon(&near, 3), "and is told when it is enabled");

	unbind_from_irqhandler(near_irq, &near);
	unbind_from_irqhandler(far_irq, &far);
	check(irq_from_evtchn(~0u) == (unsigned int)-1, "what is unbound is not known");
}

static void test_many_channels(void)
{
	enum { CHANNELS = 1100 };
	int (*irqs)[2] = vzalloc(CHANNELS * sizeof(*irqs));
	int n, i;

	for (n = 0; n < CHANNELS; n++)
		if (make_channel(&irqs[n][0], &irqs[n][1]))
			break;
	check(n == CHANNELS, "as many channels as need more than one page of words");
	msleep(50);
	atomic_set(&near, 0);
	for (i = 0; i < n; i++)
		notify_remote_via_irq(irqs[i][1]);
	check(soon(&near, n), "each gets its event");
	for (i = 0; i < n; i++) {
		unbind_from_irqhandler(irqs[i][0], &near);
		unbind_from_irqhandler(irqs[i][1], &far);
	}
	vfree(irqs);
}

static int self;

/* Our own grant, mapped at a page without memory, and copied. */
static void test_map(struct page *page, grant_ref_t ref)
{
	struct gnttab_map_grant_ref map;
	struct gnttab_unmap_grant_ref unmap;
	struct page *alias;
	u32 *word = page_address(page), *seen;

	if (!check(!gnttab_alloc_pages(1, &alias), "a page without memory"))
		return;
	seen = page_address(alias);
	gnttab_set_map_op(&map, (unsigned long)seen, GNTMAP_host_map, ref, self);
	gnttab_map_refs(&map, NULL, &alias, 1);
	if (check(map.status == GNTST_okay, "a grant is mapped there")) {
		*word = 0x1234;
		check(READ_ONCE(*seen) == 0x1234, "what is written is seen there");
		WRITE_ONCE(*seen, 0x4321);
		check(READ_ONCE(*word) == 0x4321, "and the other way round");
		check(!gnttab_try_end_foreign_access(ref), "it cannot be ended meanwhile");
		gnttab_set_unmap_op(&unmap, (unsigned long)seen, GNTMAP_host_map, map.handle);
		check(!gnttab_unmap_refs(&unmap, NULL, &alias, 1) &&
		      unmap.status == GNTST_okay, "it is unmapped");
	}
	gnttab_free_pages(1, &alias);
}

static void test_copy(struct page *page, grant_ref_t ref)
{
	struct gnttab_copy copy = {
		.source = { .u.ref = ref, .domid = self },
		.dest = { .domid = DOMID_SELF },
		.len = 64,
		.flags = GNTCOPY_source_gref,
	};
	struct page *to = alloc_page(GFP_KERNEL | __GFP_ZERO);

	memset(page_address(page), 0x5a, 64);
	copy.dest.u.gmfn = xen_page_to_gfn(to);
	gnttab_batch_copy(&copy, 1);
	check(copy.status == GNTST_okay && !memcmp(page_address(page), page_address(to), 64),
	      "a grant is copied");
	copy.source.u.ref = 7;
	gnttab_batch_copy(&copy, 1);
	check(copy.status < 0, "one that is not there is not");
	__free_page(to);
}

/* A grant that is ended while it is mapped: neither it nor its page is free before. */
static void test_deferred(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO), *alias;
	int ref = gnttab_grant_foreign_access(self, xen_page_to_gfn(page), 0), n;
	struct gnttab_map_grant_ref map;
	struct gnttab_unmap_grant_ref unmap;
	grant_ref_t head;
	unsigned long at;

	if (!check(ref > 0 && !gnttab_alloc_pages(1, &alias), "a grant to be mapped"))
		return;
	at = (unsigned long)page_address(alias);
	gnttab_set_map_op(&map, at, GNTMAP_host_map, ref, self);
	gnttab_map_refs(&map, NULL, &alias, 1);
	/* A reference of ours, to see the grant's go. */
	get_page(page);
	compat_end_foreign_access(ref, page);
	msleep(2500);
	check(map.status == GNTST_okay && page_count(page) == 2,
	      "ended while it is mapped: its page stays");
	n = gnttab_alloc_grant_references(1, &head) ? ref : gnttab_claim_grant_reference(&head);
	check(n != ref, "nor is its number given to another");
	if (n != ref)
		gnttab_free_grant_reference(n);
	gnttab_set_unmap_op(&unmap, at, GNTMAP_host_map, map.handle);
	gnttab_unmap_refs(&unmap, NULL, &alias, 1);
	/* Thousands of channels may be on their way out before it, slowly under KASAN. */
	for (n = 0; n < 1200 && page_count(page) != 1; n++)
		msleep(50);
	check(page_count(page) == 1, "it goes when it is unmapped");
	gnttab_free_pages(1, &alias);
	put_page(page);
}

static atomic_t told = ATOMIC_INIT(0), wrong = ATOMIC_INIT(0);

static void tell(void *counter)
{
	atomic_inc(counter);
}

/* All grants are taken; three of them are returned. */
static void test_callbacks(grant_ref_t *heads)
{
	static struct gnttab_free_callback wanted, unwanted;
	int n;

	gnttab_request_free_callback(&wanted, tell, &told, 3);
	gnttab_request_free_callback(&unwanted, tell, &wrong, 2);
	gnttab_cancel_free_callback(&unwanted);
	for (n = 0; n < 2; n++)
		gnttab_free_grant_references(heads[n]);
	check(!atomic_read(&told), "who waits for three grants is not told of two");
	gnttab_free_grant_references(heads[n]);
	check(atomic_read(&told) == 1, "but of three");
	check(!atomic_read(&wrong), "who does not wait any more is not told");
	for (n = 0; n < 3; n++)
		gnttab_alloc_grant_references(1, &heads[n]);
}

static atomic_t telling = ATOMIC_INIT(0);
static grant_ref_t spare;

static void tell_slowly(void *state)
{
	atomic_set(state, 1);
	mdelay(300);
	atomic_set(state, 2);
}

static void free_spare(struct work_struct *work)
{
	gnttab_free_grant_references(spare);
}

/* Who has cancelled a wish may free what it is in: nobody uses it just then. */
static void test_cancelling(grant_ref_t *head)
{
	static struct gnttab_free_callback slow;
	static DECLARE_WORK(work, free_spare);
	int n;

	spare = *head;
	gnttab_request_free_callback(&slow, tell_slowly, &telling, 1);
	schedule_work(&work);
	for (n = 0; n < 5000 && !atomic_read(&telling); n++)
		usleep_range(1000, 2000);
	gnttab_cancel_free_callback(&slow);
	check(atomic_read(&telling) == 2, "who is being told has been when the wish is cancelled");
	flush_work(&work);
	gnttab_alloc_grant_references(1, head);
}

/* Every grant there is: the table grows to its end, then says so, and is as before. */
static void test_exhaustion(void)
{
	unsigned int max = gnttab_max_grant_frames() * (XEN_PAGE_SIZE / 8), n, again;
	grant_ref_t *heads = vzalloc(max * sizeof(*heads));

	for (n = 0; n < max && !gnttab_alloc_grant_references(1, &heads[n]); n++)
		;
	check(n > max / 2 && n < max, "the table grows, and ends");
	check(gnttab_grant_foreign_access(self, 1, 1) == -ENOSPC, "beyond it is no space");
	test_callbacks(heads);
	test_cancelling(&heads[0]);
	for (again = 0; again < n; again++)
		gnttab_free_grant_references(heads[again]);
	for (again = 0; again < n && !gnttab_alloc_grant_references(1, &heads[again]); again++)
		;
	check(again == n, "what was freed can be had again");
	while (again--)
		gnttab_free_grant_references(heads[again]);
	vfree(heads);
}

static void test_grants(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	grant_ref_t head, ref;
	int ret = gnttab_grant_foreign_access(self, xen_page_to_gfn(page), 0);

	if (!check(ret > 0, "a page is granted"))
		return;
	ref = ret;
	test_map(page, ref);
	test_copy(page, ref);
	check(gnttab_try_end_foreign_access(ref), "it is ended when nobody has it");
	__free_page(page);

	check(!gnttab_alloc_grant_references(3, &head), "three at once");
	for (ret = 0; gnttab_claim_grant_reference(&head) >= 0; ret++)
		;
	check(ret == 3 && gnttab_empty_grant_references(&head), "are three");
	test_deferred();
	test_exhaustion();
}

static atomic_t heard = ATOMIC_INIT(0);

static void hear(struct xenbus_watch *watch, const char *path, const char *token)
{
	atomic_inc(&heard);
}

static void test_transaction(void)
{
	struct xenbus_transaction t;
	int value = 0;

	check(!xenbus_transaction_start(&t) &&
	      !xenbus_printf(t, "data", "core-test", "%d", 9) &&
	      xenbus_read_unsigned("data", "core-test", 0) == 8,
	      "a transaction is not seen from outside");
	check(!xenbus_transaction_end(t, 1) &&
	      xenbus_read_unsigned("data", "core-test", 0) == 8, "nor when it is given up");
	check(!xenbus_transaction_start(&t) &&
	      !xenbus_printf(t, "data", "core-test", "%d", 9) &&
	      !xenbus_transaction_end(t, 0) &&
	      xenbus_scanf(XBT_NIL, "data", "core-test", "%d", &value) == 1 && value == 9,
	      "but when it ends well");
}

static void test_store(void)
{
	struct xenbus_watch watch = { .node = "data/core-test", .callback = hear };
	char *long_value = kmalloc(1501, GFP_KERNEL), *back;
	char **list;
	unsigned int n = 0;

	check(!xenbus_printf(XBT_NIL, "data", "core-test", "%d", 7) &&
	      xenbus_read_unsigned("data", "core-test", 0) == 7, "a node is written and read");
	check(IS_ERR(xenbus_read(XBT_NIL, "data", "no-such", NULL)), "one that is not there");

	check(!register_xenbus_watch(&watch) && soon(&heard, 1), "a watch speaks at once");
	xenbus_printf(XBT_NIL, "data", "core-test", "%d", 8);
	check(soon(&heard, 2), "and when the node changes");
	unregister_xenbus_watch(&watch);
	xenbus_printf(XBT_NIL, "data", "core-test", "%d", 8);
	msleep(50);
	check(atomic_read(&heard) == 2, "and not when it is gone");
	test_transaction();

	/* Longer than the ring, shorter than what a node may be. */
	memset(long_value, 'x', 1500);
	long_value[1500] = 0;
	xenbus_write(XBT_NIL, "data", "core-test/long", long_value);
	back = xenbus_read(XBT_NIL, "data", "core-test/long", &n);
	check(!IS_ERR(back) && n == 1500 && !strcmp(back, long_value),
	      "a value longer than the ring");
	if (!IS_ERR(back))
		kfree(back);
	list = xenbus_directory(XBT_NIL, "data", "core-test", &n);
	check(!IS_ERR(list) && n == 1 && !strcmp(list[0], "long"), "a directory");
	if (!IS_ERR(list))
		kfree(list);
	check(!xenbus_rm(XBT_NIL, "data", "core-test") &&
	      !xenbus_exists(XBT_NIL, "data", "core-test"), "is removed with what is below");
	kfree(long_value);
}

static int __init core_test_init(void)
{
	if (!xen_domain())
		return -ENODEV;
	if (xenbus_scanf(XBT_NIL, "domid", "", "%d", &self) != 1)
		return -EIO;
	test_events();
	test_virq();
	test_many_channels();
	test_grants();
	test_store();
	pr_info("ktap: 1..%d\n", number);
	return bad ? -EINVAL : 0;
}
module_init(core_test_init);

static void __exit core_test_exit(void)
{
}
module_exit(core_test_exit);

MODULE_DESCRIPTION("Tests of event channels, grants and the store");
MODULE_AUTHOR("The Xylem authors");
MODULE_LICENSE("GPL");
