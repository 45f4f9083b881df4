/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <xen/event_channel.h>
#include <xen/hvm/hvm_op.h>
#include <xen/memory.h>

#include "xy_memory.h"

/* Enough extents for 4 MiB of single pages, or 1 GiB of 2 MiB ones, in one call. */
#define BATCH 1024

static long populate_batch(struct xy_call *c, uint16_t domid, const uint64_t *gfns, size_t n,
			   unsigned int order)
{
	struct xen_memory_reservation res = {
		.nr_extents = n, .extent_order = order, .domid = domid,
	};
	xen_pfn_t *buf = xy_buf_alloc(c, BATCH * sizeof(*buf));
	long ret;

	if (!buf)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		buf[i] = gfns[i];
	set_xen_guest_handle(res.extent_start, buf);
	ret = xy_call_op(c, __HYPERVISOR_memory_op, XENMEM_populate_physmap, &res, sizeof(res));
	xy_buf_free(c, buf, BATCH * sizeof(*buf));
	return ret;
}

long xy_populate(struct xy_call *c, uint16_t domid, const uint64_t *gfns, size_t n,
		 unsigned int order)
{
	size_t done = 0;

	while (done < n) {
		size_t batch = n - done < BATCH ? n - done : BATCH;
		long ret = populate_batch(c, domid, gfns + done, batch, order);

		if (ret < 0)
			return done ? (long)done : ret;
		done += ret;
		if ((size_t)ret < batch)
			break;
	}
	return done;
}

int xy_add_grant_frame(struct xy_call *c, uint16_t domid, unsigned int frame, uint64_t gfn)
{
	struct xen_add_to_physmap arg = {
		.domid = domid, .space = XENMAPSPACE_grant_table, .idx = frame, .gpfn = gfn,
	};

	return (int)xy_call_op(c, __HYPERVISOR_memory_op, XENMEM_add_to_physmap, &arg,
			       sizeof(arg));
}

int xy_remove_frame(struct xy_call *c, uint16_t domid, uint64_t gfn)
{
	struct xen_remove_from_physmap arg = { .domid = domid, .gpfn = gfn };

	return (int)xy_call_op(c, __HYPERVISOR_memory_op, XENMEM_remove_from_physmap, &arg,
			       sizeof(arg));
}

long xy_shared_pages(struct xy_call *c)
{
	return xy_hcall(c, __HYPERVISOR_memory_op, XENMEM_get_sharing_shared_pages, 0);
}

long xy_freed_pages(struct xy_call *c)
{
	return xy_hcall(c, __HYPERVISOR_memory_op, XENMEM_get_sharing_freed_pages, 0);
}

int xy_hvm_param_set(struct xy_call *c, uint16_t domid, uint32_t param, uint64_t value)
{
	struct xen_hvm_param arg = { .domid = domid, .index = param, .value = value };

	return (int)xy_call_op(c, __HYPERVISOR_hvm_op, HVMOP_set_param, &arg, sizeof(arg));
}

int xy_hvm_param_get(struct xy_call *c, uint16_t domid, uint32_t param, uint64_t *value)
{
	struct xen_hvm_param arg = { .domid = domid, .index = param };
	int ret = (int)xy_call_op(c, __HYPERVISOR_hvm_op, HVMOP_get_param, &arg, sizeof(arg));

	if (!ret)
		*value = arg.value;
	return ret;
}

int xy_port_alloc(struct xy_call *c, uint16_t domid, uint16_t remote)
{
	struct evtchn_alloc_unbound arg = { .dom = domid, .remote_dom = remote };
	int ret = (int)xy_call_op(c, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound,
				  &arg, sizeof(arg));

	return ret ? ret : (int)arg.port;
}
