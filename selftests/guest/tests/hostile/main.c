// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that calls everything with everything.
 *
 * Each sub-operation the hypervisor's descriptors have (hypercall-ops.h is made
 * from them), with argument structures at bad addresses and structures full of
 * bad numbers, and each number they do not have: nothing may end but this domain,
 * and the hypervisor must go on answering dom0, which watches. The walk is made in
 * a second domain, so that what the guest breaks is its own; a third one has a
 * timer that must go on ticking.
 */
#include "test.h"

struct op {
	unsigned int call, cmd;
	unsigned int size;	/* of the argument structure; 0: none or not of one size */
	const char *name;
};

static const struct op ops[] = {
#define OP(call, cmd, size, name) { call, cmd, size, name },
#include "hypercall-ops.h"
};

/* Every number the public header has a name for. */
static const u8 numbers[] = {
#define NR(n) n,
#include "hypercall-numbers.h"
};

#define CMDS	48	/* sub-operations are tried up to this one, known or not */

static u64 calls, called;	/* called: a bit for each number */

/* Which argument the structure is. */
static unsigned int position(unsigned int call)
{
	switch (call) {
	case __HYPERVISOR_multicall:
	case __HYPERVISOR_domctl:
	case __HYPERVISOR_sysctl:
	case __HYPERVISOR_platform_op:
		return 0;
	case __HYPERVISOR_console_io:
	case __HYPERVISOR_vcpu_op:
	case __HYPERVISOR_dm_op:
		return 2;
	default:
		return 1;
	}
}

/* Would sleep for ever or end us, were its argument any good. */
static bool is_fatal(const struct op *op)
{
	return op->call == __HYPERVISOR_sched_op && op->cmd != SCHEDOP_yield &&
	       op->cmd <= SCHEDOP_watchdog;
}

static void call(const struct op *op, u64 p, u64 extra)
{
	u64 a[5] = { op->cmd, extra, extra, extra, extra };

	a[position(op->call)] = p;
	hypercall(op->call, a[0], a[1], a[2], a[3], a[4]);
	called |= 1UL << op->call;
	calls++;
}

static const u64 values[] = {
	0, 1, 2, 7, 0x7ff0, 0x7ff1, 0x7ff4, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
	1UL << 32, 1UL << 40, 1UL << 52, 1UL << 63, ~0UL, ~0UL - 4095,
};

/* Where the sub-operation is named in the structure. */
static void put_cmd(const struct op *op, u64 *s)
{
	if (op->call == __HYPERVISOR_domctl)
		s[0] = (u64)XEN_DOMCTL_INTERFACE_VERSION << 32 | op->cmd;
	if (op->call == __HYPERVISOR_sysctl)
		s[0] = (u64)XEN_SYSCTL_INTERFACE_VERSION << 32 | op->cmd;
}

static void walk_pointers(const struct op *op)
{
	if (op->call == __HYPERVISOR_sched_op && op->cmd == SCHEDOP_block)
		return;		/* no argument at all */
	for (const struct bad_pointer *b = bad_pointers(); b->name; b++)
		for (unsigned int i = 0; i < ARRAY_SIZE(values); i += 5)
			if (!b->readable || !is_fatal(op))
				call(op, (u64)b->p, values[i]);
	if (is_fatal(op))
		return;
	call(op, (u64)bad_straddle(1), 1);
	call(op, (u64)bad_straddle(9), 1);
	if (op->size > 1)
		call(op, (u64)bad_straddle(op->size - 1), 1);
}

static void walk_values(const struct op *op, u64 *s)
{
	/* The same value everywhere, then a mixture. */
	for (unsigned int i = 0; i < ARRAY_SIZE(values); i++) {
		for (unsigned int j = 0; j < 16; j++)
			s[j] = values[i];
		put_cmd(op, s);
		call(op, (u64)s, 1);
		for (unsigned int j = 0; j < 16; j++)
			s[j] = values[(i * 7 + j * 3) % ARRAY_SIZE(values)];
		put_cmd(op, s);
		call(op, (u64)s, i & 1 ? 1 : 3);
		/* Handles that are good, counts that are not. */
		for (unsigned int j = 0; j < 16; j += 2)
			s[j] = (u64)s + 512;
		put_cmd(op, s);
		call(op, (u64)s, 1);
	}
}

static bool is_listed(unsigned int call)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(ops); i++)
		if (ops[i].call == call)
			return true;
	return false;
}

/* What the list does not have: an error each time, whatever the argument. */
static void walk_unknown(unsigned int nr, u64 *s)
{
	for (unsigned int cmd = 0; cmd < CMDS; cmd++) {
		struct op op = { nr, cmd, 0, "" };

		if (is_fatal(&op))
			continue;
		call(&op, 0, 0);
		call(&op, (u64)s, ~0UL);
		call(&op, (u64)bad_straddle(1), 1);
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
		const struct op *op = &ops[random() % ARRAY_SIZE(ops)];

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
		put_cmd(op, s);
		if (!is_fatal(op))
			call(op, (u64)s, random() & 3);
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

	for (unsigned int i = 0; i < ARRAY_SIZE(ops); i++) {
		p->out[1] = i;
		walk_pointers(&ops[i]);
		if (!is_fatal(&ops[i]))
			walk_values(&ops[i], s);
	}
	p->out[1] = 1000;
	for (unsigned int nr = 0; nr < 64; nr++)
		walk_unknown(nr, s);
	p->out[1] = 2000;
	fuzz(s, p->arg[0]);
	p->out[2] = calls;
	p->out[3] = called;
}

/* The list is that of this hypervisor: nothing answers that it does not have. */
static void check_list(void)
{
	unsigned int unknown = 0, missing = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (is_listed(numbers[i]))
			continue;
		unknown++;
		if (hypercall(numbers[i], ~0UL, ~0UL, ~0UL, ~0UL, ~0UL) != -ENOSYS) {
			printk("# hypercall %u is not in the list\n", numbers[i]);
			missing++;
		}
	}
	printk("# %u sub-operations, %u numbers without any\n", (unsigned int)ARRAY_SIZE(ops),
	       unknown);
	check(ARRAY_SIZE(ops) > 80 && ARRAY_SIZE(numbers) > 40, "there is a list to walk");
	check_eq(missing, 0, "all that the hypervisor answers is in it");
}

void test_main(void)
{
	struct xen_domctl_getdomaininfo info;
	struct child c, n;
	bool ended;
	long flags;
	u64 ticks, called_by_child;
	unsigned int left_out = 0;

	check_list();
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
	called_by_child = c.params->out[3];
	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!(called_by_child & 1UL << numbers[i])) {
			printk("# hypercall %u was not called\n", numbers[i]);
			left_out++;
		}
	check_eq(left_out, 0, "it called each number of the public header");
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
