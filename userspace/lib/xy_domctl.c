/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <xen/sched.h>

#include "xy_domctl.h"

int xy_domctl(struct xy_call *c, struct xen_domctl *op)
{
	op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	return (int)xy_call_arg(c, __HYPERVISOR_domctl, op, sizeof(*op));
}

static int simple(struct xy_call *c, uint16_t domid, uint32_t cmd)
{
	struct xen_domctl op = { .cmd = cmd, .domain = domid };

	return xy_domctl(c, &op);
}

int xy_domain_create(struct xy_call *c, struct xen_domctl_createdomain *cfg, uint16_t *domid)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_createdomain, .domain = *domid };
	int ret;

	op.u.createdomain = *cfg;
	ret = xy_domctl(c, &op);
	if (ret)
		return ret;
	*domid = op.domain;
	*cfg = op.u.createdomain;
	return 0;
}

int xy_domain_pause(struct xy_call *c, uint16_t domid)
{
	return simple(c, domid, XEN_DOMCTL_pausedomain);
}

int xy_domain_unpause(struct xy_call *c, uint16_t domid)
{
	return simple(c, domid, XEN_DOMCTL_unpausedomain);
}

int xy_domain_destroy(struct xy_call *c, uint16_t domid)
{
	return simple(c, domid, XEN_DOMCTL_destroydomain);
}

int xy_domain_shutdown(struct xy_call *c, uint16_t domid, unsigned int reason)
{
	struct sched_remote_shutdown arg = { .domain_id = domid, .reason = reason };

	return (int)xy_call_op(c, __HYPERVISOR_sched_op, SCHEDOP_remote_shutdown, &arg,
			       sizeof(arg));
}

int xy_domain_info(struct xy_call *c, uint16_t domid, struct xen_domctl_getdomaininfo *out)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_getdomaininfo, .domain = domid };
	int ret = xy_domctl(c, &op);

	if (ret)
		return ret;
	/* The hypervisor may answer for the next existing domain. */
	if (op.u.getdomaininfo.domain != domid)
		return -ESRCH;
	*out = op.u.getdomaininfo;
	return 0;
}

int xy_domain_max_vcpus(struct xy_call *c, uint16_t domid, uint32_t max)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_max_vcpus, .domain = domid };

	op.u.max_vcpus.max = max;
	return xy_domctl(c, &op);
}

int xy_domain_max_mem(struct xy_call *c, uint16_t domid, uint64_t kib)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_max_mem, .domain = domid };

	op.u.max_mem.max_memkb = kib;
	return xy_domctl(c, &op);
}

int xy_domain_paging_pool(struct xy_call *c, uint16_t domid, uint64_t bytes)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_set_paging_mempool_size, .domain = domid };

	op.u.paging_mempool.size = bytes;
	return xy_domctl(c, &op);
}

int xy_domain_address_size(struct xy_call *c, uint16_t domid, uint32_t bits)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_set_address_size, .domain = domid };

	op.u.address_size.size = bits;
	return xy_domctl(c, &op);
}

/* Both maps travel in one buffer page: hard at its start, soft behind. */
static int affinity(struct xy_call *c, struct xen_domctl *op, uint8_t *hard, uint8_t *soft,
		    uint32_t bits)
{
	struct xen_domctl_vcpuaffinity *a = &op->u.vcpuaffinity;
	size_t bytes = (bits + 7) / 8;
	uint8_t *buf;
	int ret;

	if (bytes > XY_CPUMAP_BYTES)
		return -EINVAL;
	buf = xy_buf_alloc(c, 2 * XY_CPUMAP_BYTES);
	if (!buf)
		return -ENOMEM;
	if (hard) {
		memcpy(buf, hard, bytes);
		a->flags |= XEN_VCPUAFFINITY_HARD;
		a->cpumap_hard.nr_bits = bits;
		set_xen_guest_handle(a->cpumap_hard.bitmap, buf);
	}
	if (soft) {
		memcpy(buf + XY_CPUMAP_BYTES, soft, bytes);
		a->flags |= XEN_VCPUAFFINITY_SOFT;
		a->cpumap_soft.nr_bits = bits;
		set_xen_guest_handle(a->cpumap_soft.bitmap, buf + XY_CPUMAP_BYTES);
	}
	ret = xy_domctl(c, op);
	if (hard)
		memcpy(hard, buf, bytes);
	if (soft)
		memcpy(soft, buf + XY_CPUMAP_BYTES, bytes);
	xy_buf_free(c, buf, 2 * XY_CPUMAP_BYTES);
	return ret;
}

int xy_vcpu_set_affinity(struct xy_call *c, uint16_t domid, uint32_t vcpu,
			 const uint8_t *hard, const uint8_t *soft, uint32_t bits)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_setvcpuaffinity, .domain = domid };
	uint8_t h[XY_CPUMAP_BYTES], s[XY_CPUMAP_BYTES];
	size_t bytes = (bits + 7) / 8;

	if (bytes > XY_CPUMAP_BYTES)
		return -EINVAL;
	/* The hypervisor writes the effective masks back: to copies. */
	if (hard)
		memcpy(h, hard, bytes);
	if (soft)
		memcpy(s, soft, bytes);
	op.u.vcpuaffinity.vcpu = vcpu;
	return affinity(c, &op, hard ? h : NULL, soft ? s : NULL, bits);
}

int xy_vcpu_get_affinity(struct xy_call *c, uint16_t domid, uint32_t vcpu,
			 uint8_t *hard, uint8_t *soft, uint32_t bits)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_getvcpuaffinity, .domain = domid };

	op.u.vcpuaffinity.vcpu = vcpu;
	return affinity(c, &op, hard, soft, bits);
}

int xy_domain_node_affinity(struct xy_call *c, uint16_t domid, const uint8_t *nodes,
			    uint32_t bits)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_setnodeaffinity, .domain = domid };
	size_t bytes = (bits + 7) / 8;
	void *buf = xy_buf_alloc(c, bytes);
	int ret;

	if (!buf)
		return -ENOMEM;
	memcpy(buf, nodes, bytes);
	op.u.nodeaffinity.nodemap.nr_bits = bits;
	set_xen_guest_handle(op.u.nodeaffinity.nodemap.bitmap, buf);
	ret = xy_domctl(c, &op);
	xy_buf_free(c, buf, bytes);
	return ret;
}

int xy_domain_sched_get(struct xy_call *c, uint16_t domid, uint32_t sched_id,
			uint16_t *weight, uint16_t *cap)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_scheduler_op, .domain = domid };
	struct xen_domctl_scheduler_op *s = &op.u.scheduler_op;
	int ret;

	s->sched_id = sched_id;
	s->cmd = XEN_DOMCTL_SCHEDOP_getinfo;
	ret = xy_domctl(c, &op);
	if (ret)
		return ret;
	switch (sched_id) {
	case XEN_SCHEDULER_CREDIT2:
		*weight = s->u.credit2.weight;
		*cap = s->u.credit2.cap;
		return 0;
	case XEN_SCHEDULER_CREDIT:
		*weight = s->u.credit.weight;
		*cap = s->u.credit.cap;
		return 0;
	}
	return -EOPNOTSUPP;
}

int xy_domain_sched_set(struct xy_call *c, uint16_t domid, uint32_t sched_id,
			uint16_t weight, uint16_t cap)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_scheduler_op, .domain = domid };
	struct xen_domctl_scheduler_op *s = &op.u.scheduler_op;

	s->sched_id = sched_id;
	s->cmd = XEN_DOMCTL_SCHEDOP_putinfo;
	switch (sched_id) {
	case XEN_SCHEDULER_CREDIT2:
		s->u.credit2.weight = weight;
		s->u.credit2.cap = cap;
		break;
	case XEN_SCHEDULER_CREDIT:
		s->u.credit.weight = weight;
		s->u.credit.cap = cap;
		break;
	default:
		return -EOPNOTSUPP;
	}
	return xy_domctl(c, &op);
}

int xy_vcpu_info(struct xy_call *c, uint16_t domid, uint32_t vcpu,
		 struct xen_domctl_getvcpuinfo *out)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_getvcpuinfo, .domain = domid };
	int ret;

	op.u.getvcpuinfo.vcpu = vcpu;
	ret = xy_domctl(c, &op);
	if (!ret)
		*out = op.u.getvcpuinfo;
	return ret;
}

int xy_vcpu_set_context(struct xy_call *c, uint16_t domid, uint32_t vcpu,
			const struct vcpu_guest_context *ctx)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_setvcpucontext, .domain = domid };
	struct vcpu_guest_context *buf = xy_buf_alloc(c, sizeof(*buf));
	int ret;

	if (!buf)
		return -ENOMEM;
	*buf = *ctx;
	op.u.vcpucontext.vcpu = vcpu;
	set_xen_guest_handle(op.u.vcpucontext.ctxt, buf);
	ret = xy_domctl(c, &op);
	xy_buf_free(c, buf, sizeof(*buf));
	return ret;
}

int xy_domain_cacheflush(struct xy_call *c, uint16_t domid, uint64_t gfn, uint64_t n)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_cacheflush, .domain = domid };

	op.u.cacheflush.start_pfn = gfn;
	op.u.cacheflush.nr_pfns = n;
	return xy_domctl(c, &op);
}
