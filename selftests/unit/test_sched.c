// SPDX-License-Identifier: GPL-2.0-only
/* Scheduling on one CPU whose time the tests make pass. */
#include <xen/sched.h>
#include <xen/softirq.h>
#include <public/sched.h>
#include "unit.h"

#define TICK MICROSECS(100)

/* Lets the CPU run what the scheduler chooses. */
static void run_for(s_time_t ns)
{
	set_current(this_cpu(sched_cpu).curr);
	for (; ns > 0; ns -= TICK) {
		host_advance_time(TICK);
		raise_softirq(TIMER_SOFTIRQ);
		do_softirq();
	}
	host_run_as(NULL);
}

static struct domain *runnable_guest(void)
{
	struct domain *d = host_create_guest(1, 4);

	vcpu_wake(d->vcpu[0]);
	clear_bit(ffsl_(VPF_down), &d->vcpu[0]->pause_flags);
	CHECK_EQ(domain_unpause_by_controller(d), 0);
	return d;
}

static uint64_t run_time(struct domain *d)
{
	struct vcpu_runstate_info rs;

	vcpu_runstate_get(d->vcpu[0], &rs);
	return rs.time[RUNSTATE_running];
}

static void set_sched(struct domain *d, uint16_t weight, uint16_t cap)
{
	struct xen_domctl_scheduler_op op = {
		.sched_id = XEN_SCHEDULER_CREDIT2, .cmd = XEN_DOMCTL_SCHEDOP_putinfo,
		.u.credit2 = { .weight = weight, .cap = cap },
	};

	CHECK_EQ(sched_adjust(d, &op), 0);
}

static void end(struct domain *d)
{
	domain_pause_nosync(d);	/* waiting is for those with a CPU of their own */
	run_for(TICK);
	host_destroy_guest(d);
}

TEST(sched_equal_weights_share_equally)
{
	struct domain *a = runnable_guest(), *b = runnable_guest();
	uint64_t ta, tb;

	run_for(SECONDS(1));
	ta = run_time(a);
	tb = run_time(b);
	CHECK(ta > MILLISECS(450) && ta < MILLISECS(550));
	CHECK(tb > MILLISECS(450) && tb < MILLISECS(550));
	end(a);
	end(b);
}

TEST(sched_weight_is_a_share)
{
	struct domain *a = runnable_guest(), *b = runnable_guest();

	set_sched(a, 768, 0);
	run_for(SECONDS(1));
	CHECK(run_time(a) > 2 * run_time(b));
	CHECK(run_time(a) < 4 * run_time(b));
	end(a);
	end(b);
}

/* What a vCPU that was alone for two days has burnt is counted without overflow. */
TEST(sched_alone_for_days)
{
	struct domain *a = runnable_guest(), *b;

	set_sched(a, 65535, 0);
	set_sched(a, 256, 0);
	run_for(MILLISECS(1));
	host_advance_time(SECONDS(2 * 86400UL));
	b = runnable_guest();
	run_for(SECONDS(1));
	CHECK(run_time(b) > MILLISECS(400));
	end(a);
	end(b);
}

TEST(sched_cap_parks_and_comes_back)
{
	struct domain *d = runnable_guest();

	set_sched(d, 0, 25);
	run_for(SECONDS(1));
	CHECK(run_time(d) > MILLISECS(200) && run_time(d) < MILLISECS(300));
	/* Without the cap what was parked runs again. */
	set_sched(d, 0, 0);
	run_for(SECONDS(1));
	CHECK(run_time(d) > MILLISECS(1150));
	end(d);
}

/* The refill of a capped domain that is being destroyed finds no vCPU to look at. */
TEST(sched_capped_domain_dies)
{
	struct domain *d = runnable_guest();

	set_sched(d, 0, 10);
	run_for(MILLISECS(50));
	domain_pause_nosync(d);
	run_for(TICK);
	CHECK(get_domain(d));
	host_destroy_guest(d);
	run_for(MILLISECS(50));
	put_domain(d);
	host_run_pending();
	run_for(MILLISECS(50));
}

TEST(sched_wake_during_the_switch)
{
	struct domain *d = runnable_guest();
	struct vcpu *v = d->vcpu[0];

	run_for(MILLISECS(1));
	set_bit(ffsl_(VPF_blocked), &v->pause_flags);
	vcpu_sleep_nosync(v);
	run_for(TICK);
	CHECK(!v->is_running);
	CHECK_EQ(v->runstate.info.state, RUNSTATE_blocked);
	vcpu_unblock(v);
	run_for(MILLISECS(1));
	CHECK(v->is_running);
	end(d);
}
