// SPDX-License-Identifier: GPL-2.0-only
/*
 * Continuations that a guest makes up, and long calls that are cut short.
 *
 * A long call is resumed by its own arguments: a guest may begin with arguments
 * that look like the middle of one. And a domain may be destroyed between two
 * steps of a call of its own, or while a long call of dom0 works on it.
 */
#include "test.h"

#define MANY	2048

/* memory_op: the upper bits of the command hold the extent to go on with. */
static void forged_memory(void)
{
	static xen_pfn_t frames[MANY];
	struct xen_memory_reservation r = { .nr_extents = MANY, .domid = DOMID_SELF };
	static const unsigned long starts[] = {
		1, 2, MANY - 1, MANY, MANY + 1, 1UL << 20, (1UL << 26) - 1, 1UL << 40, ~0UL >> 6,
	};

	for (unsigned int i = 0; i < MANY; i++)
		frames[i] = (GUEST_RAM_BASE >> PAGE_SHIFT) + (1 << 18) + i;
	set_xen_guest_handle(r.extent_start, frames);
	for (unsigned int i = 0; i < ARRAY_SIZE(starts); i++)
		for (unsigned int cmd = 0; cmd < 30; cmd++)
			hypercall(__HYPERVISOR_memory_op, cmd | starts[i] << 6, (u64)&r, 0, 0, 0);
	hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap | 5UL << 6, (u64)&r, 0, 0, 0);
}

/* grant_table_op: bits above the command; multicall, console_io: counts and pointers move. */
static void forged_others(void)
{
	static struct gnttab_copy ops[16];
	/* Behind them there is nothing: a wild count must end there. */
	struct multicall_entry *calls = bad_straddle(16 * sizeof(*calls));
	static char text[64];

	for (unsigned int shift = 6; shift < 64; shift += 3)
		for (unsigned int cmd = 0; cmd < 13; cmd++)
			hypercall(__HYPERVISOR_grant_table_op, cmd | 1UL << shift, (u64)ops, 16, 0, 0);
	for (unsigned int i = 0; i < 16; i++)
		hypercall(__HYPERVISOR_multicall, (u64)&calls[i], 0xffffffff, 0, 0, 0);
	hypercall(__HYPERVISOR_multicall, (u64)calls, 1UL << 40, 0, 0, 0);
	hypercall(__HYPERVISOR_console_io, CONSOLEIO_write | 1UL << 40, 64, (u64)text, 0, 0);
	hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_reset | 1UL << 40, (u64)text, 0, 0, 0);
	hypercall(__HYPERVISOR_event_channel_op, 14, (u64)text, 0, 0, 0);
}

/* Long calls one after the other, until we are destroyed in one of them. */
static void long_calls(struct child_params *p)
{
	static struct gnttab_copy ops[256];
	static xen_pfn_t frames[1024];
	struct xen_memory_reservation r = { .nr_extents = 1024, .domid = DOMID_SELF };
	u64 src = gfn_of(page_alloc(1)), dst = gfn_of(page_alloc(1));

	for (unsigned int i = 0; i < 256; i++) {
		ops[i].source.domid = DOMID_SELF;
		ops[i].dest.domid = DOMID_SELF;
		ops[i].source.u.gmfn = src;
		ops[i].dest.u.gmfn = dst;
		ops[i].len = 4096;
	}
	for (unsigned int i = 0; i < 1024; i++)
		frames[i] = (GUEST_RAM_BASE >> PAGE_SHIFT) + (p->ram_bytes >> PAGE_SHIFT) - 1 - i;
	set_xen_guest_handle(r.extent_start, frames);
	for (;;) {
		grant_table_op(GNTTABOP_copy, ops, 256);
		memory_op(XENMEM_decrease_reservation, &r);
		memory_op(XENMEM_populate_physmap, &r);
		p->out[1]++;
	}
}

void child_main(struct child_params *p)
{
	forged_memory();
	forged_others();
	p->out[0] = 1;
	long_calls(p);
}

void test_main(void)
{
	u64 before = 0;

	for (unsigned int i = 0; i < 4; i++) {
		struct child c;

		if (child_create_empty(&c, 16, 1) || child_populate(&c) || child_load(&c))
			check(false, "domain %u is made", i);
		child_unpause(&c);
		if (!wait_until(c.params->out[0], 5000000))
			check(false, "domain %u survives its forged continuations", i);
		wait_until(c.params->out[1] > i, 2000000);
		delay_us(100 + i * 377);
		if (child_destroy(&c) || !child_gone(c.id, 5000000))
			check(false, "domain %u is destroyed", i);
		if (i == 0)
			before = host_free_settled();
	}
	check(true, "four guests were destroyed in long calls");
	check((long)(before - host_free_settled()) <= 4, "every page is back");
	printk("# %ld pages fewer\n", (long)(before - host_free_settled()));
}
