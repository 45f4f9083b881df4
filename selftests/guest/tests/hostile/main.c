// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that calls everything with everything.
 *
 * Each sub-operation of each hypercall that a domain can reach, with argument
 * structures at bad addresses and structures full of bad numbers: nothing may
 * end but this domain, and the hypervisor must go on answering dom0, which
 * watches. The walk is made in a second domain, so that what the guest breaks is
 * its own; a third one has a timer that must go on ticking.
 */
#include "test.h"

struct target {
	unsigned int call;
	unsigned int first, last;	/* sub-operations */
	u8 pos;				/* which argument is the structure */
};

static const struct target targets[] = {
	{ __HYPERVISOR_memory_op, 0, 30, 1 },
	{ __HYPERVISOR_xen_version, 0, 12, 1 },
	{ __HYPERVISOR_console_io, 0, 3, 2 },
	{ __HYPERVISOR_grant_table_op, 0, 14, 1 },
	{ __HYPERVISOR_vm_assist, 0, 3, 1 },
	{ __HYPERVISOR_vcpu_op, 0, 16, 2 },
	{ __HYPERVISOR_event_channel_op, 0, 16, 1 },
	{ __HYPERVISOR_hvm_op, 0, 28, 1 },
	{ __HYPERVISOR_physdev_op, 0, 34, 1 },
	{ __HYPERVISOR_platform_op, 0, 0, 0 },
	{ __HYPERVISOR_domctl, 0, 0, 0 },
	{ __HYPERVISOR_sysctl, 0, 0, 0 },
	{ __HYPERVISOR_dm_op, 0, 3, 2 },
	{ __HYPERVISOR_xsm_op, 0, 0, 0 },
	{ __HYPERVISOR_argo_op, 0, 6, 1 },
	{ __HYPERVISOR_hypfs_op, 0, 5, 1 },
	{ __HYPERVISOR_kexec_op, 0, 6, 1 },
	{ __HYPERVISOR_xenpmu_op, 0, 6, 1 },
	{ __HYPERVISOR_multicall, 0, 0, 0 },
};

/* Poll may sleep for ever; shutdown and the watchdog end us: they are not walked. */
static const unsigned int sched_ops[] = { 0, 4, 7, 8, 9 };

static u64 calls;

static void call(const struct target *t, unsigned int cmd, u64 p, u64 extra)
{
	u64 a[5] = { cmd, extra, extra, extra, extra };

	a[t->pos] = p;
	if (t->pos)
		a[0] = cmd;
	hypercall(t->call, a[0], a[1], a[2], a[3], a[4]);
	calls++;
}

static const u64 values[] = {
	0, 1, 2, 7, 0x7ff0, 0x7ff1, 0x7ff4, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
	1UL << 32, 1UL << 40, 1UL << 52, 1UL << 63, ~0UL, ~0UL - 4095,
};

static void walk(const struct target *t, u64 *s)
{
	for (unsigned int cmd = t->first; cmd <= t->last; cmd++) {
		for (const struct bad_pointer *b = bad_pointers(); b->name; b++)
			for (unsigned int i = 0; i < ARRAY_SIZE(values); i += 5)
				call(t, cmd, (u64)b->p, values[i]);
		call(t, cmd, (u64)bad_straddle(1), 1);
		call(t, cmd, (u64)bad_straddle(9), 1);

		/* The same value everywhere, then a mixture. */
		for (unsigned int i = 0; i < ARRAY_SIZE(values); i++) {
			for (unsigned int j = 0; j < 16; j++)
				s[j] = values[i];
			call(t, cmd, (u64)s, 1);
			for (unsigned int j = 0; j < 16; j++)
				s[j] = values[(i * 7 + j * 3) % ARRAY_SIZE(values)];
			call(t, cmd, (u64)s, i & 1 ? 1 : 3);
			/* Handles that are good, counts that are not. */
			for (unsigned int j = 0; j < 16; j += 2)
				s[j] = (u64)s + 512;
			call(t, cmd, (u64)s, 1);
		}
	}
}

/* The second part: random structures, the same in every run. */
static u64 seed = 88172645463325252;

static u64 random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void fuzz(u64 *s, unsigned int rounds)
{
	for (unsigned int r = 0; r < rounds; r++) {
		const struct target *t = &targets[random() % ARRAY_SIZE(targets)];
		unsigned int cmd = t->first + random() % (t->last - t->first + 1);

		for (unsigned int j = 0; j < 32; j++)
			switch (random() & 7) {
			case 0:
				s[j] = random();
				break;
			case 1:
				s[j] = values[random() % ARRAY_SIZE(values)];
				break;
			case 2:
				s[j] = (u64)s + (random() & 0xff8);
				break;
			default:
				s[j] = random() & 15;
				break;
			}
		call(t, cmd, (u64)s, random() & 3);
	}
}

static void tick(unsigned int irq __unused)
{
	write_sysreg(cntv_cval_el0, read_sysreg(cntvct_el0) + ticks_of_us(1000));
	write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
	isb();
}

/* The neighbour: counts its ticks and the longest time between two. */
static void neighbour(struct child_params *p)
{
	u64 last = now(), t;

	irq_handler(IRQ_VTIMER, tick);
	irq_unmask(IRQ_VTIMER);
	tick(0);
	for (;;) {
		irq_wait();
		t = now();
		if (t - last > p->out[1])
			p->out[1] = t - last;
		last = t;
		p->out[0] = irq_count(IRQ_VTIMER, 0);
	}
}

void child_main(struct child_params *p)
{
	u64 *s = page_alloc(2);

	if (p->arg[1])
		neighbour(p);

	for (unsigned int i = 0; i < ARRAY_SIZE(targets); i++) {
		p->out[1] = i;
		walk(&targets[i], s);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(sched_ops); i++)
		for (const struct bad_pointer *b = bad_pointers(); b->name; b++)
			sched_op(sched_ops[i], b->p);
	p->out[1] = 100;
	fuzz(s, p->arg[0]);
	p->out[2] = calls;
}

void test_main(void)
{
	struct xen_domctl_getdomaininfo info;
	struct child c, n;
	bool ended;
	long flags;
	u64 ticks;

	child_create(&n, 2, 1);
	n.params->arg[1] = 1;
	child_unpause(&n);
	check(wait_until(n.params->out[0] > 3, 1000000), "the neighbour ticks");
	child_create(&c, 8, 1);
	c.params->arg[0] = 4000;
	child_unpause(&c);
	ended = wait_until(c.params->exited ||
			   child_info(c.id, NULL) & XEN_DOMINF_shutdown, 30000000);
	flags = child_info(c.id, &info);
	printk("# at %lu, calls %lu, flags %lx\n", c.params->out[1], c.params->out[2], flags);
	check(ended, "the walk comes to an end");
	check(xen_version(XENVER_version, NULL) > 0, "the hypervisor answers");
	check_eq(evtchn_alloc_unbound(DOMID_SELF, c.id) > 0, 1, "and works");
	check_eq(child_destroy(&c), 0, "the guest is destroyed");
	ticks = n.params->out[0];
	check(wait_until(n.params->out[0] > ticks + 3, 1000000), "the neighbour still ticks");
	printk("# %lu ticks, at most %lu us apart\n", ticks, n.params->out[1] / ticks_of_us(1));
	check(n.params->out[1] < ticks_of_us(2000000), "and was never held up for long");
	check_eq(child_destroy(&n), 0, "it is destroyed, too");
	check(child_gone(c.id, 5000000), "it is gone");
}
