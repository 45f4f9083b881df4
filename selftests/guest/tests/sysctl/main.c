// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host-wide operations that the toolstack calls, with the answers it needs.
 */
#include "test.h"

static struct xen_sysctl op;

static long do_op(unsigned int cmd)
{
	op.cmd = cmd;
	return sysctl(&op);
}

static void check_physinfo(void)
{
	struct xen_sysctl_physinfo *p = &op.u.physinfo;

	memset(&op, 0, sizeof(op));
	check_eq(do_op(XEN_SYSCTL_physinfo), 0, "physinfo");
	check_eq(p->nr_cpus, 2, "it counts the CPUs");
	check(p->max_cpu_id >= 1 && p->nr_nodes == 1, "it knows their greatest number, and one node");
	check(p->total_pages > 100000 && p->total_pages <= 131072, "it knows the memory");
	check(p->free_pages > 0 && p->free_pages < p->total_pages, "some of which is free");
	check(p->capabilities & XEN_SYSCTL_PHYSCAP_hvm && p->capabilities & XEN_SYSCTL_PHYSCAP_hap,
	      "guests are of the kind that Arm has");
	check(!(p->capabilities & XEN_SYSCTL_PHYSCAP_pv), "and of no other");
	check(p->capabilities & XEN_SYSCTL_PHYSCAP_gnttab_v1, "with grants of version 1");
}

static void check_domains(void)
{
	static struct xen_domctl_getdomaininfo list[4];
	struct xen_sysctl_getdomaininfolist *g = &op.u.getdomaininfolist;
	struct child c;
	domid_t id;

	child_create(&c, 2, 1);
	id = c.id;
	memset(&op, 0, sizeof(op));
	g->max_domains = 4;
	set_xen_guest_handle(g->buffer, list);
	check_eq(do_op(XEN_SYSCTL_getdomaininfolist), 0, "getdomaininfolist");
	check_eq(g->num_domains, 2, "there are two domains");
	check(list[0].domain == 0 && list[1].domain == id, "dom0 and the one just made");
	check_eq(list[0].tot_pages, 128 * 256, "dom0 has its pages");
	check_eq(list[0].nr_online_vcpus, 1, "and one vCPU on");
	g->first_domain = id;
	check_eq(do_op(XEN_SYSCTL_getdomaininfolist), 0, "from the second on");
	check_eq(g->num_domains, 1, "there is one");
	g->first_domain = id + 1;
	check_eq(do_op(XEN_SYSCTL_getdomaininfolist), 0, "from the third on");
	check_eq(g->num_domains, 0, "there is none");
	g->first_domain = 0;
	g->max_domains = 1;
	check_eq(do_op(XEN_SYSCTL_getdomaininfolist), 0, "no more than asked for");
	check_eq(g->num_domains, 1, "is given");
	set_xen_guest_handle(g->buffer, bad_pointers()->p);
	check_eq(do_op(XEN_SYSCTL_getdomaininfolist), -EFAULT, "into a bad address");
	child_destroy(&c);
}

static void check_topology(void)
{
	static struct xen_sysctl_cputopo topo[8];
	static struct xen_sysctl_meminfo mem[4];
	static uint32_t distance[16];
	struct xen_sysctl_cputopoinfo *t = &op.u.cputopoinfo;
	struct xen_sysctl_numainfo *n = &op.u.numainfo;

	memset(&op, 0, sizeof(op));
	check_eq(do_op(XEN_SYSCTL_cputopoinfo), 0, "cputopoinfo without a buffer");
	check_eq(t->num_cpus, 2, "tells the number");
	t->num_cpus = 8;
	set_xen_guest_handle(t->cputopo, topo);
	check_eq(do_op(XEN_SYSCTL_cputopoinfo), 0, "and with one");
	check(topo[0].node == 0 && topo[1].node == 0, "the nodes");

	memset(&op, 0, sizeof(op));
	n->num_nodes = 4;
	set_xen_guest_handle(n->meminfo, mem);
	set_xen_guest_handle(n->distance, distance);
	check_eq(do_op(XEN_SYSCTL_numainfo), 0, "numainfo");
	check_eq(n->num_nodes, 1, "one node");
	check(mem[0].memsize > 0 && mem[0].memfree > 0, "has the memory");
	check_eq(distance[0], 10, "at distance 10 of itself");
}

static void check_pools(void)
{
	struct xen_sysctl_cpupool_op *p = &op.u.cpupool_op;
	static u8 map[8];

	memset(&op, 0, sizeof(op));
	check_eq(do_op(XEN_SYSCTL_sched_id), 0, "sched_id");
	check_eq(op.u.sched_id.sched_id, XEN_SCHEDULER_CREDIT2, "is credit2");

	memset(&op, 0, sizeof(op));
	p->op = XEN_SYSCTL_CPUPOOL_OP_INFO;
	p->cpumap.nr_bits = 64;
	set_xen_guest_handle(p->cpumap.bitmap, map);
	check_eq(do_op(XEN_SYSCTL_cpupool_op), 0, "information about the first pool");
	check_eq(p->cpupool_id, 0, "it is pool 0");
	check_eq(map[0], 3, "with both CPUs");
	check(p->n_dom >= 1, "and dom0");
	p->op = XEN_SYSCTL_CPUPOOL_OP_INFO;
	p->cpupool_id = 1;
	check_eq(do_op(XEN_SYSCTL_cpupool_op), -ENOENT, "there is no other");
	memset(&op, 0, sizeof(op));
	p->op = XEN_SYSCTL_CPUPOOL_OP_FREEINFO;
	p->cpumap.nr_bits = 64;
	set_xen_guest_handle(p->cpumap.bitmap, map);
	check_eq(do_op(XEN_SYSCTL_cpupool_op), 0, "free CPUs");
	check_eq(map[0], 0, "there are none");
}

static void check_console(void)
{
	static char text[16384];
	struct xen_sysctl_readconsole *r = &op.u.readconsole;

	memset(&op, 0, sizeof(op));
	r->count = sizeof(text) - 1;
	set_xen_guest_handle(r->buffer, text);
	check_eq(do_op(XEN_SYSCTL_readconsole), 0, "readconsole");
	check(r->count > 100 && r->count < sizeof(text), "there is some text");
	text[MIN(r->count, sizeof(text) - 1)] = 0;
	check(strstr(text, "dom0") || strstr(text, "Dom0") || strstr(text, "DOMAIN 0"),
	      "in which dom0 is named");
	set_xen_guest_handle(r->buffer, bad_pointers()->p);
	r->count = 100;
	check_eq(do_op(XEN_SYSCTL_readconsole), -EFAULT, "into a bad address");
}

void test_main(void)
{
	check_physinfo();
	check_domains();
	check_topology();
	check_pools();
	check_console();

	memset(&op, 0, sizeof(op));
	check(do_op(999) < 0, "an unknown operation");
	op.cmd = XEN_SYSCTL_physinfo;
	op.interface_version = XEN_SYSCTL_INTERFACE_VERSION + 1;
	check_eq(HC(__HYPERVISOR_sysctl, &op, 0, 0, 0), -EACCES, "another interface version");
}
