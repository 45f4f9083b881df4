/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "xy_sysctl.h"

int xy_sysctl(struct xy_call *c, struct xen_sysctl *op)
{
	op->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
	return (int)xy_call_arg(c, __HYPERVISOR_sysctl, op, sizeof(*op));
}

int xy_physinfo(struct xy_call *c, struct xen_sysctl_physinfo *out)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_physinfo };
	int ret = xy_sysctl(c, &op);

	if (!ret)
		*out = op.u.physinfo;
	return ret;
}

int xy_sched_id(struct xy_call *c, uint32_t *id)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_sched_id };
	int ret = xy_sysctl(c, &op);

	if (!ret)
		*id = op.u.sched_id.sched_id;
	return ret;
}

int xy_debug_keys(struct xy_call *c, const char *keys)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_debug_keys };
	size_t len = strlen(keys);
	char *buf = xy_buf_alloc(c, len);
	int ret;

	if (!buf)
		return -ENOMEM;
	memcpy(buf, keys, len);
	op.u.debug_keys.nr_keys = len;
	set_xen_guest_handle(op.u.debug_keys.keys, buf);
	ret = xy_sysctl(c, &op);
	xy_buf_free(c, buf, len);
	return ret;
}

long xy_readconsole(struct xy_call *c, char *buf, uint32_t size, uint32_t *index, int clear)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_readconsole };
	char *bounce = xy_buf_alloc(c, size);
	long ret;

	if (!bounce)
		return -ENOMEM;
	op.u.readconsole.clear = !!clear;
	op.u.readconsole.incremental = 1;
	op.u.readconsole.index = *index;
	op.u.readconsole.count = size;
	set_xen_guest_handle(op.u.readconsole.buffer, bounce);
	ret = xy_sysctl(c, &op);
	if (!ret) {
		ret = op.u.readconsole.count <= size ? op.u.readconsole.count : size;
		memcpy(buf, bounce, ret);
		*index = op.u.readconsole.index;
	}
	xy_buf_free(c, bounce, size);
	return ret;
}

int xy_domain_list(struct xy_call *c, uint16_t first, uint32_t max,
		   struct xen_domctl_getdomaininfo *out)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_getdomaininfolist };
	size_t size = (size_t)max * sizeof(*out);
	void *buf = xy_buf_alloc(c, size);
	int ret;

	if (!buf)
		return -ENOMEM;
	op.u.getdomaininfolist.first_domain = first;
	op.u.getdomaininfolist.max_domains = max;
	set_xen_guest_handle(op.u.getdomaininfolist.buffer, buf);
	ret = xy_sysctl(c, &op);
	if (!ret) {
		ret = op.u.getdomaininfolist.num_domains;
		memcpy(out, buf, (size_t)ret * sizeof(*out));
	}
	xy_buf_free(c, buf, size);
	return ret;
}

int xy_free_cpus(struct xy_call *c, uint8_t *map, uint32_t bits)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_cpupool_op };
	size_t bytes = (bits + 7) / 8;
	uint8_t *buf = xy_buf_alloc(c, bytes);
	int ret;

	if (!buf)
		return -ENOMEM;
	op.u.cpupool_op.op = XEN_SYSCTL_CPUPOOL_OP_FREEINFO;
	op.u.cpupool_op.cpumap.nr_bits = bits;
	set_xen_guest_handle(op.u.cpupool_op.cpumap.bitmap, buf);
	ret = xy_sysctl(c, &op);
	if (!ret)
		memcpy(map, buf, bytes);
	xy_buf_free(c, buf, bytes);
	return ret;
}

int xy_pool_info(struct xy_call *c, uint32_t id, struct xy_pool *out)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_cpupool_op };
	struct xen_sysctl_cpupool_op *p = &op.u.cpupool_op;
	uint8_t *buf = xy_buf_alloc(c, sizeof(out->cpus));
	int ret;

	if (!buf)
		return -ENOMEM;
	p->op = XEN_SYSCTL_CPUPOOL_OP_INFO;
	p->cpupool_id = id;
	p->cpumap.nr_bits = sizeof(out->cpus) * 8;
	set_xen_guest_handle(p->cpumap.bitmap, buf);
	ret = xy_sysctl(c, &op);
	if (!ret) {
		*out = (struct xy_pool){ p->cpupool_id, p->sched_id, p->n_dom, { 0 } };
		memcpy(out->cpus, buf, sizeof(out->cpus));
	}
	xy_buf_free(c, buf, sizeof(out->cpus));
	return ret;
}

int xy_cpu_topology(struct xy_call *c, struct xen_sysctl_cputopo *out, uint32_t max)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_cputopoinfo };
	size_t size = max * sizeof(*out);
	void *buf = xy_buf_alloc(c, size);
	int ret;

	if (!buf)
		return -ENOMEM;
	op.u.cputopoinfo.num_cpus = max;
	set_xen_guest_handle(op.u.cputopoinfo.cputopo, buf);
	ret = xy_sysctl(c, &op);
	if (!ret) {
		memcpy(out, buf, size);
		ret = (int)op.u.cputopoinfo.num_cpus;
	}
	xy_buf_free(c, buf, size);
	return ret;
}

int xy_numa_info(struct xy_call *c, struct xen_sysctl_meminfo *out, uint32_t *distances,
		 uint32_t max)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_numainfo };
	size_t mem_size = max * sizeof(*out), size = mem_size + max * max * sizeof(*distances);
	char *buf = xy_buf_alloc(c, size);
	int ret;

	if (!buf)
		return -ENOMEM;
	op.u.numainfo.num_nodes = max;
	set_xen_guest_handle(op.u.numainfo.meminfo, (void *)buf);
	set_xen_guest_handle(op.u.numainfo.distance, (void *)(buf + mem_size));
	ret = xy_sysctl(c, &op);
	if (!ret) {
		memcpy(out, buf, mem_size);
		memcpy(distances, buf + mem_size, max * max * sizeof(*distances));
		ret = (int)op.u.numainfo.num_nodes;
	}
	xy_buf_free(c, buf, size);
	return ret;
}

static int ratelimit(struct xy_call *c, uint32_t cmd, uint32_t pool, uint32_t *us)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_scheduler_op };
	struct xen_sysctl_scheduler_op *s = &op.u.scheduler_op;
	int ret;

	s->cpupool_id = pool;
	s->sched_id = XEN_SCHEDULER_CREDIT2;
	s->cmd = cmd;
	s->u.sched_credit2.ratelimit_us = *us;
	ret = xy_sysctl(c, &op);
	if (!ret)
		*us = s->u.sched_credit2.ratelimit_us;
	return ret;
}

int xy_ratelimit_get(struct xy_call *c, uint32_t pool, uint32_t *us)
{
	*us = 0;
	return ratelimit(c, XEN_SYSCTL_SCHEDOP_getinfo, pool, us);
}

int xy_ratelimit_set(struct xy_call *c, uint32_t pool, uint32_t us)
{
	return ratelimit(c, XEN_SYSCTL_SCHEDOP_putinfo, pool, &us);
}
