// SPDX-License-Identifier: GPL-2.0-only
/* Event channels through the hypercall, as dom0 and a guest use them. */
#include <xen/guest_atomic.h>
#include <xen/hypercall.h>
#include <public/sched.h>
#include "unit.h"

#define ARG_PAGE 8UL	/* gfn of hypercall arguments */

static long op(unsigned int cmd, void *arg, size_t size)
{
	void *page = host_guest_page(current->domain, ARG_PAGE);
	long rc;

	memcpy(page, arg, size);
	rc = host_hypercall(__HYPERVISOR_event_channel_op, cmd, ARG_PAGE << PAGE_SHIFT, 0);
	memcpy(arg, page, size);
	return rc;
}

struct pair {
	struct domain *d;
	evtchn_port_t dom0_port, port;
};

static struct pair connect(void)
{
	struct pair p = { .d = host_create_guest(2, 16) };
	struct evtchn_alloc_unbound u = { .dom = p.d->domain_id, .remote_dom = 0 };
	struct evtchn_bind_interdomain b;

	host_run_as(NULL);
	CHECK_EQ(op(EVTCHNOP_alloc_unbound, &u, sizeof(u)), 0);
	p.port = u.port;
	b = (struct evtchn_bind_interdomain){ .remote_dom = p.d->domain_id, .remote_port = u.port };
	CHECK_EQ(op(EVTCHNOP_bind_interdomain, &b, sizeof(b)), 0);
	p.dom0_port = b.local_port;
	return p;
}

static void disconnect(struct pair *p)
{
	struct evtchn_close c = { .port = p->dom0_port };

	host_run_as(NULL);
	CHECK_EQ(op(EVTCHNOP_close, &c, sizeof(c)), 0);
	host_destroy_guest(p->d);
}

TEST(evtchn_send_2l)
{
	struct pair p = connect();
	struct shared_info *si = p.d->shared_info;
	struct evtchn_send s = { .port = p.dom0_port };

	CHECK_EQ(op(EVTCHNOP_send, &s, sizeof(s)), 0);
	CHECK(si->evtchn_pending[0] & (1UL << p.port));
	CHECK(si->vcpu_info[0].evtchn_pending_sel & 1);
	CHECK_EQ(si->vcpu_info[0].evtchn_upcall_pending, 1);
	CHECK_EQ(p.d->vcpu[0]->arch.upcalls, 1);
	CHECK_EQ(op(EVTCHNOP_send, &s, sizeof(s)), 0);
	CHECK_EQ(p.d->vcpu[0]->arch.upcalls, 1);
	disconnect(&p);
}

TEST(evtchn_masked_waits_for_unmask)
{
	struct pair p = connect();
	struct shared_info *si = p.d->shared_info;
	struct evtchn_send s = { .port = p.dom0_port };
	struct evtchn_unmask u = { .port = p.port };

	si->evtchn_mask[0] |= 1UL << p.port;
	CHECK_EQ(op(EVTCHNOP_send, &s, sizeof(s)), 0);
	CHECK_EQ(p.d->vcpu[0]->arch.upcalls, 0);
	host_run_as(p.d->vcpu[0]);
	CHECK_EQ(op(EVTCHNOP_unmask, &u, sizeof(u)), 0);
	CHECK_EQ(p.d->vcpu[0]->arch.upcalls, 1);
	disconnect(&p);
}

TEST(evtchn_errors)
{
	struct evtchn_send s = { .port = 4000 };
	struct evtchn_bind_virq v = { .virq = NR_VIRQS };
	struct evtchn_alloc_unbound u = { .dom = 0x7f00, .remote_dom = 0 };
	struct domain *d = host_create_guest(1, 16);

	CHECK_EQ(op(EVTCHNOP_send, &s, sizeof(s)), -EINVAL);
	CHECK_EQ(op(EVTCHNOP_bind_virq, &v, sizeof(v)), -EINVAL);
	CHECK_EQ(op(EVTCHNOP_alloc_unbound, &u, sizeof(u)), -ESRCH);
	CHECK_EQ(op(99, &u, sizeof(u)), -ENOSYS);
	host_run_as(d->vcpu[0]);
	u = (struct evtchn_alloc_unbound){ .dom = 0, .remote_dom = 0 };
	CHECK_EQ(op(EVTCHNOP_alloc_unbound, &u, sizeof(u)), -EPERM);
	CHECK_EQ(host_hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_status, 0xdead000, 0),
		 -EFAULT);
	host_run_as(NULL);
	host_destroy_guest(d);
}

/* The port cannot be told: it must be free again. */
TEST(evtchn_undone_when_not_delivered)
{
	struct domain *d = host_create_guest(1, 16);
	struct evtchn_alloc_unbound *u = host_guest_page(d, ARG_PAGE);
	unsigned int active = d->evtchn.active;
	mfn_t mfn = virt_to_mfn(u);

	host_run_as(d->vcpu[0]);
	*u = (struct evtchn_alloc_unbound){ .dom = DOMID_SELF, .remote_dom = 0 };
	CHECK_EQ(p2m_set_page(d, _gfn(ARG_PAGE), mfn, p2m_ram_ro), 0);
	CHECK_EQ(host_hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound,
				ARG_PAGE << PAGE_SHIFT, 0), -EFAULT);
	CHECK_EQ(d->evtchn.active, active);
	host_run_as(NULL);
	host_destroy_guest(d);
}

TEST(evtchn_virq_once)
{
	struct domain *d = host_create_guest(2, 16);
	struct evtchn_bind_virq v = { .virq = VIRQ_DEBUG, .vcpu = 1 };
	struct evtchn_bind_vcpu bv;
	struct evtchn_close c;

	host_run_as(d->vcpu[0]);
	CHECK_EQ(op(EVTCHNOP_bind_virq, &v, sizeof(v)), 0);
	c.port = bv.port = v.port;
	bv.vcpu = 0;
	CHECK_EQ(op(EVTCHNOP_bind_vcpu, &bv, sizeof(bv)), -EINVAL);
	CHECK_EQ(op(EVTCHNOP_bind_virq, &v, sizeof(v)), -EEXIST);
	send_guest_vcpu_virq(d->vcpu[1], VIRQ_DEBUG);
	CHECK(evtchn_is_pending(d, c.port));
	CHECK_EQ(op(EVTCHNOP_close, &c, sizeof(c)), 0);
	CHECK(!evtchn_is_pending(d, c.port));
	CHECK_EQ(op(EVTCHNOP_bind_virq, &v, sizeof(v)), 0);
	v = (struct evtchn_bind_virq){ .virq = VIRQ_CONSOLE, .vcpu = 1 };
	CHECK_EQ(op(EVTCHNOP_bind_virq, &v, sizeof(v)), -EINVAL);
	host_run_as(NULL);
	host_destroy_guest(d);
}

/* Before it registers an area of its own: nobody else's vCPU hears of its events. */
TEST(evtchn_unregistered_vcpus_are_apart)
{
	struct domain *a = host_create_guest(2, 16), *b = host_create_guest(2, 16);
	struct evtchn_bind_virq v = { .virq = VIRQ_DEBUG, .vcpu = 1 };
	struct vcpu_register_vcpu_info reg = { .mfn = 5 };

	host_run_as(a->vcpu[0]);
	CHECK_EQ(op(EVTCHNOP_bind_virq, &v, sizeof(v)), 0);
	a->shared_info->evtchn_mask[0] = 0;
	send_guest_vcpu_virq(a->vcpu[1], VIRQ_DEBUG);
	CHECK(local_events_pending(a->vcpu[1]));
	CHECK(!local_events_pending(b->vcpu[1]));
	CHECK(!local_events_pending(a->vcpu[0]));
	/* What came before is in the area when there is one. */
	memcpy(host_guest_page(a, ARG_PAGE), &reg, sizeof(reg));
	CHECK_EQ(host_hypercall(__HYPERVISOR_vcpu_op, VCPUOP_register_vcpu_info, 1,
				ARG_PAGE << PAGE_SHIFT), 0);
	CHECK(((struct vcpu_info *)host_guest_page(a, 5))->evtchn_upcall_pending);
	host_run_as(NULL);
	host_destroy_guest(a);
	host_destroy_guest(b);
}

/* ---- FIFO ---- */

#define CONTROL 4UL
#define WORDS	5UL

static void use_fifo(struct domain *d)
{
	struct evtchn_init_control i = { .control_gfn = CONTROL, .offset = 0, .vcpu = 0 };
	struct evtchn_expand_array e = { .array_gfn = WORDS };

	host_run_as(d->vcpu[0]);
	CHECK_EQ(op(EVTCHNOP_init_control, &i, sizeof(i)), 0);
	CHECK_EQ(i.link_bits, EVTCHN_FIFO_LINK_BITS);
	CHECK_EQ(op(EVTCHNOP_init_control, &i, sizeof(i)), -EINVAL);
	CHECK_EQ(op(EVTCHNOP_expand_array, &e, sizeof(e)), 0);
}

static evtchn_port_t ipi(struct domain *d)
{
	struct evtchn_bind_ipi b = { .vcpu = 0 };

	CHECK_EQ(op(EVTCHNOP_bind_ipi, &b, sizeof(b)), 0);
	return b.port;
}

TEST(fifo_links_in_order)
{
	struct domain *d = host_create_guest(1, 16);
	struct evtchn_fifo_control_block *cb = host_guest_page(d, CONTROL);
	event_word_t *w = host_guest_page(d, WORDS);
	evtchn_port_t p[3];

	use_fifo(d);
	for (int i = 0; i < 3; i++) {
		struct evtchn_send s = { .port = p[i] = ipi(d) };

		CHECK_EQ(op(EVTCHNOP_send, &s, sizeof(s)), 0);
	}
	CHECK_EQ(cb->head[EVTCHN_FIFO_PRIORITY_DEFAULT], p[0]);
	CHECK_EQ(cb->ready, 1U << EVTCHN_FIFO_PRIORITY_DEFAULT);
	CHECK_EQ(w[p[0]] & EVTCHN_FIFO_LINK_MASK, p[1]);
	CHECK_EQ(w[p[1]] & EVTCHN_FIFO_LINK_MASK, p[2]);
	CHECK_EQ(w[p[2]] & EVTCHN_FIFO_LINK_MASK, 0);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(w[p[i]] >> EVTCHN_FIFO_LINKED, 5);	/* pending, linked */
	host_run_as(NULL);
	host_destroy_guest(d);
}

TEST(fifo_priority_has_its_queue)
{
	struct domain *d = host_create_guest(1, 16);
	struct evtchn_fifo_control_block *cb = host_guest_page(d, CONTROL);
	struct evtchn_set_priority sp = { .priority = 2 };
	struct evtchn_send s;

	use_fifo(d);
	s.port = sp.port = ipi(d);
	CHECK_EQ(op(EVTCHNOP_set_priority, &sp, sizeof(sp)), 0);
	CHECK_EQ(op(EVTCHNOP_send, &s, sizeof(s)), 0);
	CHECK_EQ(cb->head[2], s.port);
	CHECK_EQ(cb->ready, 1U << 2);
	sp.priority = 16;
	CHECK_EQ(op(EVTCHNOP_set_priority, &sp, sizeof(sp)), -EINVAL);
	host_run_as(NULL);
	host_destroy_guest(d);
}

/* Links and words full of lies: only this guest may suffer. */
TEST(fifo_hostile_words)
{
	struct domain *d = host_create_guest(1, 16);
	event_word_t *w = host_guest_page(d, WORDS);
	evtchn_port_t p[8];
	unsigned int seed = 1;

	use_fifo(d);
	for (int i = 0; i < 8; i++)
		p[i] = ipi(d);
	for (int round = 0; round < 2000; round++) {
		struct evtchn_send s;

		for (int i = 0; i < 16; i++)
			w[i] = seed = seed * 1103515245 + 12345;
		host_atomic_failures = round % 3 ? 0 : 2;
		s.port = p[round % 8];
		op(EVTCHNOP_send, &s, sizeof(s));
		host_atomic_failures = 0;
	}
	host_run_as(NULL);
	host_destroy_guest(d);
}

TEST(destroy_closes_pairs)
{
	struct pair p = connect();
	struct evtchn_status st = { .dom = DOMID_SELF, .port = p.dom0_port };
	struct evtchn_close c = { .port = p.dom0_port };

	host_destroy_guest(p.d);
	host_run_as(NULL);
	CHECK_EQ(op(EVTCHNOP_status, &st, sizeof(st)), 0);
	CHECK_EQ(st.status, EVTCHNSTAT_unbound);
	CHECK_EQ(op(EVTCHNOP_close, &c, sizeof(c)), 0);
}

/* A word that changes whenever it is to be linked to ends the guest, where no lock is held. */
TEST(fifo_livelock_ends_in_a_crash)
{
	struct domain *d = host_create_guest(1, 16);
	struct evtchn_send s;

	use_fifo(d);
	CHECK_EQ(domain_unpause_by_controller(d), 0);
	s.port = ipi(d);
	CHECK_EQ(op(EVTCHNOP_send, &s, sizeof(s)), 0);
	s.port = ipi(d);
	/* One try to link it, and four more with BUSY set. */
	host_atomic_changes = 0x1f;
	CHECK_EQ(op(EVTCHNOP_send, &s, sizeof(s)), 0);
	CHECK_EQ(host_atomic_changes, 0);
	CHECK(!vcpu_runnable(d->vcpu[0]));
	host_run_pending();
	CHECK(d->is_shut_down);
	CHECK_EQ(d->shutdown_code, SHUTDOWN_crash);
	CHECK_EQ(d->pause_count, 1);
	host_run_as(NULL);
	host_destroy_guest(d);
}

static void reset(void)
{
	struct evtchn_reset r = { .dom = DOMID_SELF };

	CHECK_EQ(op(EVTCHNOP_reset, &r, sizeof(r)), 0);
}

/* A reset from the FIFO leaves ports beyond the 2-level bitmaps: nothing may index with them. */
TEST(reset_leaves_no_port_outside_the_bitmaps)
{
	struct domain *d = host_create_guest(1, 16);
	struct shared_info *si = d->shared_info;
	unsigned char *beyond = (unsigned char *)(si->evtchn_mask + ARRAY_SIZE(si->evtchn_mask));
	size_t size = (unsigned char *)si + PAGE_SIZE - beyond;
	struct evtchn_unmask u;
	evtchn_port_t last = 0;

	use_fifo(d);
	while (last < 8000)
		last = ipi(d);
	reset();
	CHECK(!d->evtchn.fifo);
	memset(beyond, 0xff, size);
	for (u.port = 4096; u.port <= last; u.port++) {
		CHECK_EQ(op(EVTCHNOP_unmask, &u, sizeof(u)), 0);
		CHECK(!evtchn_is_pending(d, u.port));
	}
	for (size_t i = 0; i < size; i++)
		CHECK_EQ(beyond[i], 0xff);
	host_run_as(NULL);
	host_destroy_guest(d);
}

TEST(fifo_event_before_its_page)
{
	struct domain *d = host_create_guest(1, 16);
	struct evtchn_fifo_control_block *cb = host_guest_page(d, CONTROL);
	struct evtchn_expand_array e = { .array_gfn = 6 };
	struct evtchn_send s = { .port = 0 };

	use_fifo(d);
	while (s.port < 1030)
		s.port = ipi(d);
	CHECK_EQ(op(EVTCHNOP_send, &s, sizeof(s)), 0);
	CHECK_EQ(cb->ready, 0);
	CHECK(evtchn_is_pending(d, s.port));
	CHECK_EQ(op(EVTCHNOP_expand_array, &e, sizeof(e)), 0);
	CHECK_EQ(cb->head[EVTCHN_FIFO_PRIORITY_DEFAULT], s.port);
	CHECK_EQ(cb->ready, 1U << EVTCHN_FIFO_PRIORITY_DEFAULT);
	host_run_as(NULL);
	host_destroy_guest(d);
}

/* The toolstack made only the first vCPU, and the next after the guest had switched. */
TEST(fifo_vcpu_made_later)
{
	struct evtchn_init_control i = { .control_gfn = 6, .offset = 0, .vcpu = 1 };
	struct xen_domctl_createdomain cfg = {
		.max_vcpus = 2, .max_evtchn_port = ~0U, .max_grant_frames = 4,
		.max_maptrack_frames = 4, .grant_opts = XEN_DOMCTL_GRANT_version(1),
	};
	struct domain *d = domain_create(domain_alloc_id(), &cfg, false);

	CHECK(!IS_ERR(d));
	d->max_pages = 16;
	CHECK(!IS_ERR(vcpu_create(d, 0)));
	for (unsigned long gfn = 0; gfn < 16; gfn++)
		CHECK_EQ(p2m_set_page(d, _gfn(gfn), page_to_mfn(alloc_domheap_page(d, 0)),
				       p2m_ram_rw), 0);
	use_fifo(d);
	CHECK(!IS_ERR(vcpu_create(d, 1)));
	CHECK_EQ(op(EVTCHNOP_init_control, &i, sizeof(i)), 0);
	host_run_as(NULL);
	host_destroy_guest(d);
}
