// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations on domains that the toolstack calls, with the answers it needs.
 */
#include "test.h"

static struct xen_domctl op;

static long do_op(domid_t id, unsigned int cmd)
{
	op.domain = id;
	op.cmd = cmd;
	return domctl(&op);
}

void child_main(struct child_params *p)
{
	for (;;) {
		p->out[0]++;
		sched_op(SCHEDOP_yield, NULL);
	}
}

static void check_vcpus(struct child *c)
{
	static struct vcpu_guest_context ctx;
	static u8 map[8], soft[8];
	struct xen_domctl_getvcpuinfo *v = &op.u.getvcpuinfo;
	struct xen_domctl_vcpuaffinity *a = &op.u.vcpuaffinity;

	memset(&op, 0, sizeof(op));
	check_eq(do_op(c->id, XEN_DOMCTL_getvcpuinfo), 0, "getvcpuinfo of vCPU 0");
	check(v->online && v->cpu_time > 0, "it is on and has run");
	v->vcpu = 1;
	check_eq(do_op(c->id, XEN_DOMCTL_getvcpuinfo), 0, "of vCPU 1");
	check(!v->online, "it is off");
	v->vcpu = 2;
	check_eq(do_op(c->id, XEN_DOMCTL_getvcpuinfo), -EINVAL, "of one that is not there");

	memset(&op, 0, sizeof(op));
	set_xen_guest_handle(op.u.vcpucontext.ctxt, &ctx);
	check_eq(do_op(c->id, XEN_DOMCTL_getvcpucontext), 0, "getvcpucontext");
	check(ctx.user_regs.pc64 >= GUEST_RAM_BASE && ctx.user_regs.pc64 < GUEST_RAM_BASE + BIT(23),
	      "its PC is in its memory");
	check_eq(ctx.user_regs.cpsr & 15, 5, "it is at EL1");
	check_eq(ctx.sctlr & 1, 1, "its MMU is on");
	op.u.vcpucontext.vcpu = 1;
	check_eq(do_op(c->id, XEN_DOMCTL_getvcpucontext), -ENODATA, "of one that never ran");

	memset(&op, 0, sizeof(op));
	a->flags = XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT;
	a->cpumap_hard.nr_bits = a->cpumap_soft.nr_bits = 64;
	set_xen_guest_handle(a->cpumap_hard.bitmap, map);
	set_xen_guest_handle(a->cpumap_soft.bitmap, soft);
	check_eq(do_op(c->id, XEN_DOMCTL_getvcpuaffinity), 0, "getvcpuaffinity");
	check(map[0] & 1, "it may run on CPU 0");
	memset(map, 0, sizeof(map));
	map[0] = 1;
	a->flags = XEN_VCPUAFFINITY_HARD;
	check_eq(do_op(c->id, XEN_DOMCTL_setvcpuaffinity), 0, "setvcpuaffinity to it");
	map[0] = 0;
	a->flags = XEN_VCPUAFFINITY_HARD;
	check_eq(do_op(c->id, XEN_DOMCTL_setvcpuaffinity), -EINVAL, "but not to none");
}

static void check_settings(struct child *c)
{
	struct xen_domctl_scheduler_op *s = &op.u.scheduler_op;
	struct xen_domctl_getdomaininfo info;

	memset(&op, 0, sizeof(op));
	s->sched_id = XEN_SCHEDULER_CREDIT2;
	s->cmd = XEN_DOMCTL_SCHEDOP_getinfo;
	check_eq(do_op(c->id, XEN_DOMCTL_scheduler_op), 0, "scheduler_op get");
	check_eq(s->u.credit2.weight, 256, "the weight is 256");
	s->cmd = XEN_DOMCTL_SCHEDOP_putinfo;
	s->u.credit2.weight = 512;
	s->u.credit2.cap = 0;
	check_eq(do_op(c->id, XEN_DOMCTL_scheduler_op), 0, "scheduler_op put");
	s->cmd = XEN_DOMCTL_SCHEDOP_getinfo;
	do_op(c->id, XEN_DOMCTL_scheduler_op);
	check_eq(s->u.credit2.weight, 512, "the weight is what was put");
	s->sched_id = XEN_SCHEDULER_CREDIT;
	check_eq(do_op(c->id, XEN_DOMCTL_scheduler_op), -EINVAL, "of another scheduler");

	memset(&op, 0, sizeof(op));
	op.u.max_mem.max_memkb = 20 * 1024;
	check_eq(do_op(c->id, XEN_DOMCTL_max_mem), 0, "max_mem");
	child_info(c->id, &info);
	check_eq(info.max_pages, 20 * 256, "is in force");

	memset(&op, 0, sizeof(op));
	for (unsigned int i = 0; i < sizeof(op.u.setdomainhandle.handle); i++)
		op.u.setdomainhandle.handle[i] = i + 1;
	check_eq(do_op(c->id, XEN_DOMCTL_setdomainhandle), 0, "setdomainhandle");
	child_info(c->id, &info);
	check(info.handle[0] == 1 && info.handle[15] == 16, "is in force");

	memset(&op, 0, sizeof(op));
	check_eq(do_op(c->id, XEN_DOMCTL_get_address_size), 0, "get_address_size");
	check_eq(op.u.address_size.size, 64, "is 64");
	memset(&op, 0, sizeof(op));
	check_eq(do_op(c->id, XEN_DOMCTL_get_paging_mempool_size), 0, "get_paging_mempool_size");
	check(op.u.paging_mempool.size > 0, "is not nothing");
}

/* Toolstacks go through the domains with it: of an id nobody has, the next one's. */
static void check_next(const struct child *first)
{
	struct child gap, last;

	check_eq(child_create_empty(&gap, 1, 1), 0, "another domain");
	check_eq(child_create_empty(&last, 1, 1), 0, "and a third");
	check_eq(child_destroy(&gap), 0, "the one between is destroyed");
	check(child_gone(gap.id, 2000000), "and gone");
	check_eq(do_op(gap.id, XEN_DOMCTL_getdomaininfo), 0, "getdomaininfo of its id");
	check_eq(op.domain, last.id, "is about the next");
	check_eq(op.u.getdomaininfo.domain, last.id, "which it names");
	check_eq(do_op(first->id, XEN_DOMCTL_getdomaininfo), 0, "of one that is there");
	check_eq(op.domain, first->id, "it is about that one");
	check_eq(child_destroy(&last), 0, "the third is destroyed");
	check(child_gone(last.id, 2000000), "and gone");
	check_eq(do_op(last.id, XEN_DOMCTL_getdomaininfo), -ESRCH, "there is none behind it");
	check_eq(do_op(DOMID_SELF, XEN_DOMCTL_getdomaininfo), -EINVAL, "nor has it other names");
}

void test_main(void)
{
	struct xen_domctl_getdomaininfo info;
	struct child c;

	child_create(&c, 8, 2);
	child_unpause(&c);
	require(wait_until(c.params->out[0], 2000000), "a domain runs");
	check_eq(child_pause(&c), 0, "and is paused");
	check_vcpus(&c);
	check_settings(&c);

	check_eq(child_info(5000, &info), -ESRCH, "a domain that is not there");
	check_next(&c);
	memset(&op, 0, sizeof(op));
	check_eq(do_op(0, XEN_DOMCTL_pausedomain), -EINVAL, "dom0 cannot pause itself");
	check_eq(do_op(0, XEN_DOMCTL_destroydomain), -EINVAL, "nor destroy itself");
	check_eq(do_op(5000, XEN_DOMCTL_unpausedomain), -ESRCH, "unpausing nobody");
	check_eq(do_op(c.id, 999), -ENOSYS, "an unknown operation");
	op.cmd = XEN_DOMCTL_pausedomain;
	op.interface_version = XEN_DOMCTL_INTERFACE_VERSION - 1;
	check_eq(HC(__HYPERVISOR_domctl, &op, 0, 0, 0), -EACCES, "another interface version");
	check_eq(child_destroy(&c), 0, "the domain is destroyed");
	check_eq(do_op(c.id, XEN_DOMCTL_destroydomain), -ESRCH, "but once");
}
