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
