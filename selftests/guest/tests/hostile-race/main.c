// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared memory that changes while the hypervisor looks at it.
 *
 * One vCPU of a guest makes calls whose arguments, grant entries, event words and
 * multicall lists another vCPU keeps flipping between good and bad values. The
 * hypervisor must read each field once, and bound its own atomic operations on
 * words that never stop changing. Dom0 watches that it still gets its turn.
 */
#include "test.h"

#define REF		GRANT_FIRST_FREE
#define ROUNDS		1500

static volatile bool stop;
static volatile u64 flips;

static struct gnttab_copy copy_op;
static struct gnttab_map_grant_ref map_op;
static struct multicall_entry calls[4];
static volatile struct grant_entry_v1 *table;
static volatile event_word_t *words;
static u64 good_gfn, other_gfn;

/* The other vCPU: never the same value for long. */
static void flipper(void *arg __unused)
{
	u64 n = 0;

	while (!stop) {
		volatile struct grant_entry_v1 *e = &table[REF];

		n++;
		e->flags = n & 1 ? GTF_permit_access : 0xffff;
		e->domid = n & 2 ? DOMID_SELF : child_params->self;
		e->frame = n & 4 ? (u32)good_gfn : 0xffffffff;
		e->flags = n & 8 ? GTF_permit_access | GTF_readonly : GTF_permit_access;

		WRITE_ONCE(copy_op.source.offset, n & 1 ? 0 : 0xffff);
		WRITE_ONCE(copy_op.len, n & 2 ? 4096 : 0xffff);
		WRITE_ONCE(copy_op.dest.u.gmfn, n & 4 ? other_gfn : ~0UL);
		WRITE_ONCE(copy_op.flags, n & 8 ? GNTCOPY_source_gref : 0);
		WRITE_ONCE(map_op.ref, n & 1 ? REF : 0xffffffff);
		WRITE_ONCE(map_op.flags, n & 2 ? GNTMAP_host_map : 0xffff);
		for (unsigned int i = 0; i < 4; i++) {
			WRITE_ONCE(calls[i].op, n & 1 ? __HYPERVISOR_xen_version : ~0UL);
			WRITE_ONCE(calls[i].args[0], n & 2 ? XENVER_pagesize : 0xffffffff);
		}
		if (words)
			for (unsigned int p = 1; p < 16; p++)
				__atomic_fetch_xor(&words[p], n * 0x9e3779b9u, __ATOMIC_RELAXED);
		flips++;
	}
}

static void fifo_on(void)
{
	struct evtchn_init_control ctl = { .control_gfn = gfn_of(page_alloc(1)) };
	struct evtchn_expand_array array = { 0 };

	if (event_channel_op(EVTCHNOP_init_control, &ctl))
		return;
	ctl.control_gfn = gfn_of(page_alloc(1));
	ctl.vcpu = 1;
	event_channel_op(EVTCHNOP_init_control, &ctl);
	words = page_alloc(1);
	array.array_gfn = gfn_of(words);
	event_channel_op(EVTCHNOP_expand_array, &array);
}

void child_main(struct child_params *p)
{
	unsigned int a, b;
	u64 hole = gfn_hole() << PAGE_SHIFT;

	table = grant_table(1);
	good_gfn = gfn_of(page_alloc(1));
	other_gfn = gfn_of(page_alloc(1));
	event_init_cpu();
	irq_mask(event_irq());
	fifo_on();
	evtchn_pair(&a, &b);
	cpu_start(1, flipper, NULL);
	wait_until(flips > 0, 1000000);

	for (unsigned int i = 0; i < ROUNDS; i++) {
		copy_op.source.domid = DOMID_SELF;
		copy_op.dest.domid = DOMID_SELF;
		copy_op.source.u.ref = REF;
		grant_table_op(GNTTABOP_copy, &copy_op, 1);
		map_op.dom = p->self;
		map_op.host_addr = hole;
		grant_table_op(GNTTABOP_map_grant_ref, &map_op, 1);
		if (map_op.status == GNTST_okay)
			grant_unmap(hole, map_op.handle);
		multicall(calls, 4);
		evtchn_send(a);
		evtchn_unmask(b);
		p->out[0] = i;
	}
	stop = true;
	cpu_join(1);
	p->out[1] = flips;
}

void test_main(void)
{
	struct child c;
	u64 worst = 0, last;
	bool ended = false;
	u64 end;

	child_create(&c, 8, 2);
	child_unpause(&c);
	end = now() + ticks_of_us(30000000);
	for (last = now(); !ended && now() < end; last = now()) {
		xen_version(XENVER_version, NULL);
		if (now() - last > worst)
			worst = now() - last;
		irq_enable();
		isb();
		irq_disable();
		ended = c.params->exited || child_info(c.id, NULL) & XEN_DOMINF_shutdown;
	}
	printk("# %lu rounds, %lu flips; dom0 waited for %lu us at most\n", c.params->out[0],
	       c.params->out[1], worst / ticks_of_us(1));
	check(ended, "the guest comes to an end, or is ended");
	check(xen_version(XENVER_version, NULL) > 0, "the hypervisor answers");
	check_eq(child_destroy(&c), 0, "the guest is destroyed");
	check(child_gone(c.id, 5000000), "it is gone");
}
