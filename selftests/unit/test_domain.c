// SPDX-License-Identifier: GPL-2.0-only
/* Making and unmaking domains: nothing may be left behind, wherever it failed. */
#include <xen/xmalloc.h>
#include "unit.h"

/* Slabs keep one empty page a class; fill them first so that counts compare. */
static void warm_up(void)
{
	for (int i = 0; i < 3; i++)
		host_destroy_guest(host_create_guest(2, 16));
}

static void create_and_destroy(unsigned int rounds)
{
	for (unsigned int i = 0; i < rounds; i++) {
		struct domain *d = host_create_guest(1 + i % 8, i % 40);
		domid_t id = d->domain_id;

		CHECK_EQ(domain_unpause_by_controller(d), 0);
		host_destroy_guest(d);
		CHECK(!domain_get_by_id(id));
	}
}

TEST(destroy_returns_every_page)
{
	unsigned long before;

	create_and_destroy(40);
	before = avail_heap_pages();
	create_and_destroy(200);
	CHECK_EQ(avail_heap_pages(), before);
}

static struct domain *try_create(int *rc)
{
	struct xen_domctl_createdomain cfg = {
		.max_vcpus = 4, .max_evtchn_port = 1023, .max_grant_frames = 8,
		.max_maptrack_frames = 8, .grant_opts = 1,
	};
	struct domain *d = domain_create(domain_alloc_id(), &cfg, false);

	*rc = 0;
	if (IS_ERR(d)) {
		*rc = PTR_ERR(d);
		return NULL;
	}
	for (unsigned int i = 0; i < 4 && !*rc; i++) {
		struct vcpu *v = vcpu_create(d, i);

		if (IS_ERR(v))
			*rc = PTR_ERR(v);
	}
	return d;
}

TEST(every_allocation_may_fail)
{
	unsigned long before;
	int rc = -ENOMEM;

	warm_up();
	before = avail_heap_pages();
	for (unsigned long n = 1; rc; n++) {
		struct domain *d;

		CHECK(n < 1000);
		alloc_fail_nth(n);
		d = try_create(&rc);
		alloc_fail_nth(0);
		CHECK(rc == 0 || rc == -ENOMEM);
		if (d)
			host_destroy_guest(d);
		host_run_pending();
		CHECK(avail_heap_pages() + 14 >= before);
	}
	/* And nothing accumulates over the rounds. */
	CHECK(avail_heap_pages() + 14 >= before);
}

TEST(foreign_page_keeps_the_dead)
{
	unsigned long before;
	struct domain *d;
	struct page_info *pg;
	domid_t id;

	warm_up();
	before = avail_heap_pages();
	d = host_create_guest(1, 4);
	id = d->domain_id;
	pg = virt_to_page(host_guest_page(d, 2));
	CHECK(get_page(pg, d));
	CHECK_EQ(p2m_set_page(hardware_domain, _gfn(0x1000), page_to_mfn(pg),
			       p2m_map_foreign_rw), 0);
	host_destroy_guest(d);
	d = domain_get_by_id(id);
	CHECK(d);
	CHECK_EQ(d->tot_pages, 1);
	put_domain(d);
	CHECK_EQ(p2m_remove_page(hardware_domain, _gfn(0x1000), INVALID_MFN), 0);
	host_run_pending();
	CHECK(!domain_get_by_id(id));
	/* dom0's tables for the hole may stay. */
	CHECK(avail_heap_pages() + 4 >= before);
}

static long create_with_id(domid_t id)
{
	struct xen_domctl_createdomain cfg = {
		.max_vcpus = 1, .max_evtchn_port = 1023, .max_grant_frames = 8,
		.max_maptrack_frames = 8, .grant_opts = 1,
	};
	struct domain *d = domain_create(id, &cfg, false);

	return IS_ERR(d) ? PTR_ERR(d) : 0;
}

TEST(shared_frame_keeps_the_dead)
{
	struct domain *d = host_create_guest(1, 4);
	domid_t id = d->domain_id;
	mfn_t mfn;

	CHECK_EQ(grant_table_get_shared_frame(d, 0, &mfn), 0);
	CHECK(get_page(mfn_to_page(mfn), d));
	CHECK_EQ(p2m_set_page(hardware_domain, _gfn(0x1000), mfn, p2m_map_foreign_rw), 0);
	host_destroy_guest(d);
	/* All but the frame has gone: nobody may use what is left, nor its id. */
	CHECK(domain_of_page_id(id) == d);
	CHECK(!domain_get_by_id(id));
	CHECK(domain_get_from(id) == NULL);
	CHECK_EQ(create_with_id(id), -EEXIST);
	CHECK_EQ(p2m_remove_page(hardware_domain, _gfn(0x1000), INVALID_MFN), 0);
	host_run_pending();
	CHECK(!domain_of_page_id(id));
	CHECK_EQ(create_with_id(id), 0);
	host_destroy_guest(domain_of_page_id(id));
}

TEST(pause_counts)
{
	struct domain *d = host_create_guest(1, 0);

	CHECK_EQ(domain_unpause_by_controller(d), 0);
	CHECK_EQ(domain_unpause_by_controller(d), -EINVAL);
	CHECK_EQ(domain_pause_by_controller(d), 0);
	CHECK_EQ(domain_pause_by_controller(d), 0);
	CHECK_EQ(d->pause_count, 2);
	CHECK_EQ(domain_unpause_by_controller(d), 0);
	CHECK(!vcpu_runnable(d->vcpu[0]));
	host_destroy_guest(d);
}

static unsigned int fired;

static void count_up(void *data)
{
	fired += *(unsigned int *)data;
}

static s_time_t last_fired;
static unsigned int fired;

static void in_order(void *data)
{
	struct timer *t = data;

	CHECK(t->expires >= last_fired && !timer_is_active(t));
	last_fired = t->expires;
	fired++;
}

/* Set, set again, stopped and moved at random: what is left fires in order. */
TEST(timers_that_are_changed_fire_in_order)
{
	static struct timer t[500];
	uint64_t r = 1;
	unsigned int active = 0;

	last_fired = fired = 0;
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++)
		init_timer(&t[i], in_order, &t[i], 0);
	for (unsigned int n = 0; n < 20000; n++) {
		struct timer *x;

		r = r * 6364136223846793005UL + 1442695040888963407UL;
		x = &t[(r >> 33) % ARRAY_SIZE(t)];
		if (r >> 40 & 3)
			set_timer(x, NOW() + 1 + (r >> 44) % 10000);
		else
			stop_timer(x);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++)
		active += timer_is_active(&t[i]);
	host_advance_time(5000);
	host_run_pending();
	CHECK(fired && fired < active);
	host_advance_time(6000);
	host_run_pending();
	CHECK_EQ(fired, active);
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++)
		kill_timer(&t[i]);
}

TEST(timers_fire_in_order_and_once)
{
	static struct timer t[100];
	static unsigned int one = 1;

	fired = 0;
	for (int i = 0; i < 100; i++) {
		init_timer(&t[i], count_up, &one, 0);
		set_timer(&t[i], NOW() + 1000 * (i * 37 % 100 + 1));
	}
	host_run_pending();
	CHECK_EQ(fired, 0);
	host_advance_time(50 * 1000);
	host_run_pending();
	CHECK_EQ(fired, 50);
	for (int i = 0; i < 100; i += 2)
		stop_timer(&t[i]);
	host_advance_time(SECONDS(1));
	host_run_pending();
	CHECK(fired < 100);
	for (int i = 0; i < 100; i++) {
		kill_timer(&t[i]);
		set_timer(&t[i], NOW() - 1);
	}
	one = 1000;
	host_run_pending();
	CHECK(fired < 100);
}

/* More pages in others' hands than one step looks at: destruction comes to its end all the same. */
TEST(destroy_with_many_pages_in_use)
{
	unsigned long nr = 6000;
	struct domain *d = host_create_guest(1, 0);
	domid_t id = d->domain_id;
	struct page_info **pg = xzalloc_array(struct page_info *, nr);

	CHECK(pg);
	d->max_pages = nr;
	for (unsigned long i = 0; i < nr; i++) {
		pg[i] = alloc_domheap_page(d, MEMF_no_scrub);
		CHECK(pg[i] && get_page(pg[i], d));
	}
	for (unsigned int step = 0; domain_kill(d) == -ERESTART; step++)
		CHECK(step < 100);
	CHECK_EQ(d->is_dying, DOMDYING_dead);
	for (unsigned long i = 0; i < nr; i++)
		put_page(pg[i]);
	xfree(pg);
	host_run_pending();
	CHECK(!domain_of_page_id(id));
}

/* What the toolstack maps into a domain whose map was emptied would never be let go. */
TEST(dying_domain_maps_nothing)
{
	struct domain *d = host_create_guest(1, 4), *other = host_create_guest(1, 4);
	struct page_info *pg = virt_to_page(host_guest_page(other, 1));

	CHECK(get_domain(d));
	host_destroy_guest(d);
	CHECK(get_page(pg, other));
	CHECK_EQ(p2m_set_page(d, _gfn(1), page_to_mfn(pg), p2m_map_foreign_rw), -EINVAL);
	put_page(pg);
	put_domain(d);
	host_run_pending();
	host_destroy_guest(other);
}
