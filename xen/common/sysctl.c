// SPDX-License-Identifier: GPL-2.0-only
/* sysctl: what the toolstack asks of the host. */
#include <xen/console.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <public/sysctl.h>

#define ARG(field) (&((struct xen_sysctl *)arg)->u.field)

static long op_readconsole(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_readconsole *r = ARG(readconsole);
	guest_va_t to = guest_handle_va(r->buffer);
	uint32_t index = r->index, done = 0;
	bool incremental = r->incremental;
	char buf[256];

	/* In pieces, each from where the last one ended. */
	while (done < r->count) {
		size_t n = console_ring_read(buf, min_t(size_t, sizeof(buf), r->count - done),
					     &index, false, incremental);

		if (!n)
			break;
		if (copy_to_guest_va(to + done, buf, n))
			return -EFAULT;
		done += n;
		incremental = true;
	}
	if (r->clear)
		console_ring_read(buf, 0, &(uint32_t){ 0 }, true, false);
	r->index = index;
	r->count = done;
	return 0;
}

static long op_physinfo(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_physinfo *pi = ARG(physinfo);

	memset(pi, 0, sizeof(*pi));
	pi->threads_per_core = 1;
	pi->cores_per_socket = 1;
	pi->nr_cpus = cpumask_weight(&cpu_online_map);
	for (unsigned int cpu = 0; cpu < NR_CPUS; cpu++)
		if (cpu_online(cpu))
			pi->max_cpu_id = cpu;
	pi->nr_nodes = 1;
	pi->total_pages = total_heap_pages();
	pi->free_pages = avail_heap_pages();
	pi->outstanding_pages = claimed_heap_pages();
	/* Dirty pages are as good as free; this counts what cannot be had yet: nothing. */
	pi->scrub_pages = 0;
	pi->max_mfn = max_ram_mfn();
	/* The toolstack gives domains the highest version that is said here. */
	pi->capabilities = XEN_SYSCTL_PHYSCAP_gnttab_v1;
	arch_physinfo(pi);
	return 0;
}

static long op_domain_list(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_getdomaininfolist *l = ARG(getdomaininfolist);
	struct xen_domctl_getdomaininfo info;
	uint32_t n = 0;
	struct domain *d;

	for (unsigned int id = l->first_domain; n < l->max_domains && id < DOMID_FIRST_RESERVED;) {
		d = domain_get_from(id);
		if (!d)
			break;
		getdomaininfo(d, &info);
		id = d->domain_id + 1;
		put_domain(d);
		if (copy_elem_to_guest(l->buffer, n, &info))
			return -EFAULT;
		n++;
	}
	l->num_domains = n;
	return 0;
}

static long op_sched_id(struct hc_ctx *ctx, void *arg)
{
	ARG(sched_id)->sched_id = sched_ops->sched_id;
	return 0;
}

static unsigned int nr_domains(void)
{
	unsigned int n = 0;
	struct domain *d;

	for (domid_t id = 0; (d = domain_get_from(id)) != NULL; n++) {
		id = d->domain_id + 1;
		put_domain(d);
	}
	return n;
}

/* One pool with all CPUs: number 0. */
static long op_cpupool(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_cpupool_op *op = ARG(cpupool_op);
	cpumask_t none;

	switch (op->op) {
	case XEN_SYSCTL_CPUPOOL_OP_INFO:
		if (op->cpupool_id != 0 && op->cpupool_id != XEN_SYSCTL_CPUPOOL_PAR_ANY)
			return -ENOENT;
		op->cpupool_id = 0;
		op->sched_id = sched_ops->sched_id;
		op->n_dom = nr_domains();
		return cpumask_to_xenctl(&op->cpumap, &cpu_online_map);
	case XEN_SYSCTL_CPUPOOL_OP_FREEINFO:
		cpumask_clear(&none);
		return cpumask_to_xenctl(&op->cpumap, &none);
	default:
		return -EOPNOTSUPP;
	}
}

static long op_cputopo(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_cputopoinfo *ti = ARG(cputopoinfo);
	unsigned int nr = 0, room = ti->num_cpus;

	for (unsigned int cpu = 0; cpu < NR_CPUS; cpu++)
		if (cpu_online(cpu))
			nr = cpu + 1;
	if (!guest_handle_is_null(ti->cputopo)) {
		nr = min(nr, room);
		for (unsigned int cpu = 0; cpu < nr; cpu++) {
			struct xen_sysctl_cputopo t = {
				cpu_online(cpu) ? cpu : XEN_INVALID_CORE_ID,
				cpu_online(cpu) ? 0 : XEN_INVALID_SOCKET_ID,
				cpu_online(cpu) ? 0 : XEN_INVALID_NODE_ID,
			};

			if (copy_elem_to_guest(ti->cputopo, cpu, &t))
				return -EFAULT;
		}
	}
	ti->num_cpus = nr;
	return 0;
}

static long op_numainfo(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_numainfo *ni = ARG(numainfo);
	xen_sysctl_meminfo_t mem = {
		.memsize = (uint64_t)total_heap_pages() << PAGE_SHIFT,
		.memfree = (uint64_t)avail_heap_pages() << PAGE_SHIFT,
	};
	uint32_t distance = 10;	/* to itself */

	if (!guest_handle_is_null(ni->meminfo) && ni->num_nodes &&
	    copy_elem_to_guest(ni->meminfo, 0, &mem))
		return -EFAULT;
	if (!guest_handle_is_null(ni->distance) && ni->num_nodes &&
	    copy_elem_to_guest(ni->distance, 0, &distance))
		return -EFAULT;
	ni->num_nodes = 1;
	return 0;
}

static long op_cpuinfo(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_getcpuinfo *ci = ARG(getcpuinfo);
	unsigned int nr = 0, cpu;

	for_each_online_cpu(cpu) {
		xen_sysctl_cpuinfo_t info = { .idletime = get_cpu_idle_time(cpu) };

		if (cpu >= ci->max_cpus)
			break;
		if (copy_elem_to_guest(ci->info, cpu, &info))
			return -EFAULT;
		nr = cpu + 1;
	}
	ci->nr_cpus = nr;
	return 0;
}

static long op_availheap(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_availheap *ah = ARG(availheap);

	/* The allocator does not count by width. */
	if (ah->min_bitwidth || ah->max_bitwidth || ah->node > 0)
		return -EOPNOTSUPP;
	ah->avail_bytes = (uint64_t)avail_heap_pages() << PAGE_SHIFT;
	return 0;
}

#define MAX_KEYS 128

static long op_debug_keys(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_debug_keys *k = ARG(debug_keys);
	char c;

	if (k->nr_keys > MAX_KEYS)
		return -E2BIG;
	for (unsigned int i = 0; i < k->nr_keys; i++) {
		if (copy_from_guest_va(&c, guest_handle_va(k->keys) + i, 1))
			return -EFAULT;
		handle_key_now(c);
	}
	return 0;
}

static long op_scheduler(struct hc_ctx *ctx, void *arg)
{
	struct xen_sysctl_scheduler_op *op = ARG(scheduler_op);

	if (op->cpupool_id != 0)
		return -ESRCH;
	if (op->sched_id != sched_ops->sched_id || !sched_ops->adjust_global)
		return -EINVAL;
	return sched_ops->adjust_global(op);
}

static long op_arch(struct hc_ctx *ctx, void *arg)
{
	return arch_do_sysctl(ctx, arg);
}

#define OP_(nr, o, fn) \
	[XEN_SYSCTL_##nr] = { #nr, sizeof(struct xen_sysctl), o, HC_CONTROL, HC_NO_TARGET, 0, fn, NULL }
#define IN(nr, fn)	OP_(nr, HC_OUT_NEVER, fn)
#define INOUT(nr, fn)	OP_(nr, HC_OUT_SUCCESS, fn)

static const struct hc_subop sysctl_ops[] = {
	INOUT(readconsole, op_readconsole),
	INOUT(physinfo, op_physinfo),
	INOUT(sched_id, op_sched_id),
	INOUT(getdomaininfolist, op_domain_list),
	IN(debug_keys, op_debug_keys),
	INOUT(getcpuinfo, op_cpuinfo),
	INOUT(availheap, op_availheap),
	INOUT(cputopoinfo, op_cputopo),
	INOUT(numainfo, op_numainfo),
	INOUT(cpupool_op, op_cpupool),
	INOUT(scheduler_op, op_scheduler),
	INOUT(cpu_hotplug, op_arch),
};

const struct hc_table sysctl_table = HC_TABLE(sysctl_ops);

long do_sysctl(struct hc_ctx *ctx)
{
	BUILD_BUG_ON(sizeof(struct xen_sysctl) > HC_MAX_ARG_SIZE);
	return hc_dispatch_versioned(&sysctl_table, ctx, sizeof(struct xen_sysctl),
				     XEN_SYSCTL_INTERFACE_VERSION);
}
