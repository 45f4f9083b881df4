// SPDX-License-Identifier: GPL-2.0-only
/* The operations of the table. */
#include "bench.h"

static unsigned int port_a, port_b;
static volatile u64 arrived;

bool bench_counting(void)
{
	struct dt_node n;
	const char *args;

	return dt_find(&n, "chosen") && (args = dt_prop(&n, "bootargs", NULL)) &&
	       strstr(args, "count");
}

static void null_hypercall(void)
{
	xen_version(XENVER_version, NULL);
}

static void psci_version(void)
{
	psci(0x84000000, 0, 0, 0);
}

static void copy_out(void)
{
	static char buf[16];

	xen_version(XENVER_extraversion, buf);
}

static volatile xen_ulong_t *pending_words;
static struct evtchn_send send_op;

static bool setup_masked(void)
{
	pending_words = shared_info()->evtchn_pending;
	event_init_cpu();
	evtchn_pair(&port_a, &port_b);
	send_op.port = port_a;
	irq_mask(event_irq());
	event_mask(port_b);
	return true;
}

/* Clears what the send has set, so that each one does all of its work. */
static void send_masked(void)
{
	event_channel_op(EVTCHNOP_send, &send_op);
	pending_words[port_b / 64] = 0;
}

/* The event is pending already, as in a queue that is not emptied. */
static void send_pending(void)
{
	event_channel_op(EVTCHNOP_send, &send_op);
}

/* The least that a kernel's handler does for one event. */
static void lean_upcall(void)
{
	volatile struct vcpu_info *v = vcpu_info(0);

	v->evtchn_upcall_pending = 0;
	v->evtchn_pending_sel = 0;
	pending_words[port_b / 64] = 0;
	arrived++;
}

static bool setup_event_self(void)
{
	event_upcall_hook = lean_upcall;
	event_unmask(port_b);
	irq_unmask(event_irq());
	irq_enable();
	return true;
}

static void event_self(void)
{
	u64 before = arrived;

	event_channel_op(EVTCHNOP_send, &send_op);
	while (arrived == before)
		;
}

static void sgi_handler(unsigned int irq __unused)
{
	arrived++;
}

static bool setup_sgi(void)
{
	event_upcall_hook = NULL;
	irq_mask(event_irq());
	irq_handler(1, sgi_handler);
	return true;
}

static void sgi_self(void)
{
	u64 before = arrived;

	write_sysreg_s(ICC_SGI1R_EL1, 1 << 24 | 1);
	isb();
	while (arrived == before)
		;
}

static void gicd_read(void)
{
	mmio_read32(gic.dist + GICD_CTLR);
}

static void timer_handler(unsigned int irq __unused)
{
	write_sysreg(cntv_ctl_el0, 0);
	isb();
	arrived++;
}

static bool setup_timer(void)
{
	irq_handler(IRQ_VTIMER, timer_handler);
	irq_unmask(IRQ_VTIMER);
	return true;
}

static void timer(void)
{
	u64 before = arrived;

	write_sysreg(cntv_cval_el0, 0);
	write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
	isb();
	while (arrived == before)
		;
}

#define REF	GRANT_FIRST_FREE

static u64 grant_at;

static bool setup_grant(void)
{
	irq_disable();
	irq_mask(IRQ_VTIMER);
	grant_access(REF, 0, gfn_of(page_alloc(1)), 0);
	grant_at = gfn_hole() << PAGE_SHIFT;
	return true;
}

static struct gnttab_map_grant_ref map_op;
static struct gnttab_unmap_grant_ref unmap_op;

static void grant_map_unmap(void)
{
	map_op.host_addr = grant_at;
	map_op.flags = GNTMAP_host_map;
	map_op.ref = REF;
	map_op.dom = 0;
	grant_table_op(GNTTABOP_map_grant_ref, &map_op, 1);
	unmap_op.host_addr = grant_at;
	unmap_op.dev_bus_addr = 0;
	unmap_op.handle = map_op.handle;
	grant_table_op(GNTTABOP_unmap_grant_ref, &unmap_op, 1);
}

#define COPIES	64

static struct gnttab_copy copies[COPIES];

static bool setup_copy(void)
{
	for (unsigned int i = 0; i < COPIES; i++) {
		grant_ref_t src = REF + 1 + 2 * i, dst = src + 1;

		grant_access(src, 0, gfn_of(page_alloc(1)), GTF_readonly);
		grant_access(dst, 0, gfn_of(page_alloc(1)), 0);
		copies[i].source.u.ref = src;
		copies[i].dest.u.ref = dst;
		copies[i].len = PAGE_SIZE;
		copies[i].flags = GNTCOPY_source_gref | GNTCOPY_dest_gref;
	}
	return true;
}

static void copy_one(void)
{
	grant_table_op(GNTTABOP_copy, copies, 1);
}

static void copy_many(void)
{
	grant_table_op(GNTTABOP_copy, copies, COPIES);
}

static u64 balloon_gfn;

static bool setup_balloon(void)
{
	balloon_gfn = gfn_of(page_alloc(1));
	return true;
}

static void balloon(void)
{
	balloon_out(balloon_gfn);
	balloon_in(balloon_gfn);
}

/* Another vCPU on the same physical CPU: an event there, it answers with one. */
static long port_there, port_back;
static volatile u64 pings, pongs;
static bool pingpong_ready;

static void pong(void)
{
	volatile struct vcpu_info *v = vcpu_info(this_cpu()->id);

	v->evtchn_upcall_pending = 0;
	v->evtchn_pending_sel = 0;
	if (this_cpu()->id == 0) {
		pending_words[port_back / 64] = 0;
		pongs++;
	} else {
		pending_words[port_there / 64] = 0;
		pings++;
	}
}

static void second(void *arg __unused)
{
	event_init_cpu();
	pingpong_ready = true;
	for (u64 seen = 0; ; ) {
		static struct evtchn_send op;

		if (pings == seen) {
			irq_wait();
			continue;
		}
		seen = pings;
		op.port = port_back;
		event_channel_op(EVTCHNOP_send, &op);
	}
}

static bool setup_pingpong(void)
{
	if (cpu_count() < 2)
		return false;
	irq_disable();
	event_upcall_hook = pong;
	if (cpu_start(1, second, NULL))
		return false;
	irq_unmask(event_irq());
	port_there = evtchn_bind_ipi(1);
	port_back = evtchn_bind_ipi(0);
	return wait_until(READ_ONCE(pingpong_ready), 1000000);
}

static void pingpong(void)
{
	u64 before = pongs;

	send_op.port = port_there;
	event_channel_op(EVTCHNOP_send, &send_op);
	while (pongs == before)
		irq_wait();
}

const struct bench_op bench_ops[] = {
	{ "null-hypercall", NULL, null_hypercall, 1, 0, false },
	{ "psci-version", NULL, psci_version, 1, 0, false },
	{ "copy-16-out", NULL, copy_out, 1, 0, false },
	{ "event-send-masked", setup_masked, send_masked, 1, 0, false },
	{ "event-send-pending", NULL, send_pending, 1, 0, false },
	{ "event-self", setup_event_self, event_self, 1, 0, false },
	{ "sgi-self", setup_sgi, sgi_self, 1, 0, false },
	{ "gicd-read", NULL, gicd_read, 1, 0, false },
	{ "vtimer", setup_timer, timer, 1, 0, false },
	{ "grant-map-unmap", setup_grant, grant_map_unmap, 1, 0, false },
	{ "grant-copy-1", setup_copy, copy_one, 1, 0, false },
	{ "grant-copy-64", NULL, copy_many, COPIES, 100, false },
	{ "balloon-dom0", setup_balloon, balloon, 1, 0, false },
	{ "balloon-guest", setup_balloon, balloon, 1, 500, true },
	{ "event-vcpu-vcpu", setup_pingpong, pingpong, 1, 500, false },
	{ NULL, NULL, NULL, 0, 0, false },
};
