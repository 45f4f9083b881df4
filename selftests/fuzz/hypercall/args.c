// SPDX-License-Identifier: GPL-2.0-only
/* Numbers, structures and shared memory that get past the first checks better than noise. */
#include <xen/evtchn_if.h>
#include <xen/grant_if.h>
#include <public/memory.h>
#include <public/platform.h>
#include <public/sched.h>
#include <public/sysctl.h>
#include "fuzz.h"

domid_t some_domid(void)
{
	struct domain *d;
	domid_t id = 0;

	/* The n-th of those there are. */
	for (unsigned int n = rnd(6); n && (d = domain_get_from(id + 1)) != NULL; n--) {
		id = d->domain_id;
		put_domain(d);
	}
	return id;
}

guest_va_t some_address(void)
{
	uint64_t page = rnd(NR_PAGES + 4) << PAGE_SHIFT;

	switch (rnd(6)) {
	case 0:
		return page + PAGE_SIZE - rnd(64);	/* straddles */
	case 1:
		return rnd64();
	case 2:
		return (LIST_GFN << PAGE_SHIFT) + rnd(256) * 8;
	default:
		return page + (rnd(PAGE_SIZE) & ~7U);
	}
}

uint64_t word(void)
{
	switch (rnd(16)) {
	case 0 ... 3:
		return rnd(8);
	case 4:
	case 5:
		return some_domid();
	case 6:
		return DOMID_FIRST_RESERVED + rnd(16);	/* DOMID_SELF is the first */
	case 7:
	case 8:
		return rnd(NR_PAGES + 8);		/* gfn, port, reference */
	case 9:
		return rnd(200);
	case 10:
		return 1UL << rnd(64);
	case 11:
		return ~0UL - rnd(4);
	case 12:
		return HOST_MEMORY_BASE + (rnd64() % HOST_MEMORY_SIZE & PAGE_MASK);
	case 13:
		return rnd64();
	default:
		return some_address();
	}
}

/* Naturally aligned fields of random widths. */
static void fill_fields(void *buf, size_t size)
{
	for (size_t off = 0; off < size;) {
		size_t width = 1UL << rnd(4);
		uint64_t v = word();

		if (off % width || off + width > size)
			continue;
		memcpy((char *)buf + off, &v, width);
		off += width;
	}
}

static domid_t target(void)
{
	return one_in(3) ? DOMID_SELF : some_domid();
}

#define LIST(n) ((void *)(uintptr_t)((LIST_GFN << PAGE_SHIFT) + (n) * 512))

static void memory_argument(unsigned int cmd, void *buf)
{
	struct xen_memory_reservation *r = buf;
	struct xen_add_to_physmap *a = buf;
	struct xen_add_to_physmap_batch *b = buf;
	struct xen_remove_from_physmap *rm = buf;
	struct xen_mem_acquire_resource *res = buf;

	switch (cmd) {
	case XENMEM_populate_physmap:
	case XENMEM_decrease_reservation:
		r->extent_start.p = LIST(rnd(8));
		r->nr_extents = rnd(12);
		r->extent_order = one_in(3) ? rnd(11) : 0;
		r->mem_flags = 0;
		r->domid = target();
		break;
	case XENMEM_add_to_physmap:
		a->domid = target();
		a->space = rnd(6);
		a->idx = rnd(5);
		a->gpfn = one_in(2) ? SHARED_GFN + rnd(4) : rnd(NR_PAGES * 2);
		break;
	case XENMEM_add_to_physmap_batch:
		b->domid = target();
		b->space = one_in(2) ? XENMAPSPACE_gmfn_foreign : rnd(6);
		b->size = rnd(12);
		b->u.foreign_domid = one_in(4) ? 0 : target();
		b->idxs.p = LIST(rnd(8));
		b->gpfns.p = LIST(rnd(8));
		b->errs.p = LIST(rnd(8));
		break;
	case XENMEM_remove_from_physmap:
		rm->domid = target();
		rm->gpfn = rnd(NR_PAGES * 2);
		break;
	case XENMEM_acquire_resource:
		res->domid = some_domid();
		res->type = XENMEM_resource_grant_table;
		res->id = 0;
		res->pad = 0;
		res->nr_frames = rnd(4);
		res->frame = rnd(4);
		res->frame_list.p = one_in(8) ? NULL : LIST(rnd(8));
		break;
	}
}

#define NR_REFS 8	/* of which there are grants */

/* Mostly where the page behind the handle is really mapped. */
static void find_mapping(struct gnttab_unmap_grant_ref *u)
{
	struct domain *d = current->domain;

	for (unsigned long gfn = NR_PAGES; gfn < NR_PAGES * 2 && !one_in(24); gfn++) {
		enum p2m_type t;

		p2m_lookup(d, _gfn(gfn), &t, NULL);
		if (p2m_is_grant(t))
			u->host_addr = gfn << PAGE_SHIFT;
	}
}

/* Fills one element, whose size is returned. */
static size_t grant_element(unsigned int cmd, void *buf)
{
	struct gnttab_map_grant_ref *m = buf;
	struct gnttab_unmap_grant_ref *u = buf;
	struct gnttab_copy *c = buf;

	switch (cmd) {
	case GNTTABOP_map_grant_ref:
		m->host_addr = (uint64_t)rnd(NR_PAGES * 2) << PAGE_SHIFT;
		m->flags = one_in(4) ? rnd(32) :
			   GNTMAP_host_map | (one_in(2) ? GNTMAP_readonly : 0) |
			   (one_in(2) ? GNTMAP_device_map : 0);
		m->ref = rnd(NR_REFS);
		m->dom = one_in(4) ? current->domain->domain_id : some_domid();
		return sizeof(*m);
	case GNTTABOP_unmap_grant_ref:
		u->host_addr = one_in(4) ? 0 : (uint64_t)rnd(NR_PAGES * 2) << PAGE_SHIFT;
		u->dev_bus_addr = one_in(2) ? 0 : word();
		u->handle = rnd(NR_REFS);
		find_mapping(u);
		return sizeof(*u);
	case GNTTABOP_copy:
		c->flags = rnd(4);
		c->len = rnd(200);
		c->source.offset = rnd(PAGE_SIZE);
		c->dest.offset = rnd(PAGE_SIZE);
		c->source.domid = c->flags & GNTCOPY_source_gref ? some_domid() : DOMID_SELF;
		c->dest.domid = c->flags & GNTCOPY_dest_gref ? some_domid() : DOMID_SELF;
		c->source.u.ref = rnd(NR_REFS);
		c->dest.u.ref = rnd(NR_REFS);
		return sizeof(*c);
	}
	return HC_MAX_ARG_SIZE * 2;
}

static void grant_argument(unsigned int cmd, void *buf)
{
	size_t size = grant_element(cmd, buf);

	for (size_t at = size; at + size <= HC_MAX_ARG_SIZE * 2; at += size)
		grant_element(cmd, (char *)buf + at);
}


static void domctl_argument(unsigned int cmd, void *buf)
{
	struct xen_domctl *op = buf;

	op->cmd = cmd;
	op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	op->domain = some_domid();
	switch (cmd) {
	case XEN_DOMCTL_createdomain:
		op->domain = one_in(2) ? 0 : 1000 + rnd(8);
		op->u.createdomain.max_vcpus = rnd(5);
		op->u.createdomain.max_grant_frames = rnd(6);
		op->u.createdomain.max_maptrack_frames = rnd(6);
		op->u.createdomain.grant_opts = 1;
		break;
	case XEN_DOMCTL_max_vcpus:
		op->u.max_vcpus.max = rnd(5);
		break;
	case XEN_DOMCTL_setvcpuaffinity:
	case XEN_DOMCTL_getvcpuaffinity:
		op->u.vcpuaffinity.vcpu = rnd(3);
		op->u.vcpuaffinity.flags = rnd(8);
		op->u.vcpuaffinity.cpumap_hard.nr_bits = rnd(80);
		op->u.vcpuaffinity.cpumap_hard.bitmap.p = LIST(rnd(8));
		op->u.vcpuaffinity.cpumap_soft.nr_bits = rnd(80);
		op->u.vcpuaffinity.cpumap_soft.bitmap.p = LIST(rnd(8));
		break;
	case XEN_DOMCTL_setvcpucontext:
	case XEN_DOMCTL_getvcpucontext:
		op->u.vcpucontext.vcpu = rnd(3);
		op->u.vcpucontext.ctxt.p = LIST(rnd(8));
		break;
	case XEN_DOMCTL_getvcpuinfo:
		op->u.getvcpuinfo.vcpu = rnd(3);
		break;
	case XEN_DOMCTL_scheduler_op:
		op->u.scheduler_op.sched_id = XEN_SCHEDULER_CREDIT2;
		op->u.scheduler_op.cmd = rnd(3);
		break;
	}
}

/* A port of another domain that waits for ours, if there is one. */
static void find_unbound(struct evtchn_bind_interdomain *b)
{
	domid_t me = current->domain->domain_id;
	struct domain *d;

	for (domid_t id = 0; (d = domain_get_from(id)) != NULL;) {
		id = d->domain_id + 1;
		for (evtchn_port_t p = 1; evtchn_port_is_valid(d, p) && p < 32; p++) {
			struct evtchn *chn = evtchn_of(d, p);

			if (READ_ONCE(chn->state) != ECS_UNBOUND ||
			    READ_ONCE(chn->u.unbound_remote) != me || one_in(3))
				continue;
			b->remote_dom = d->domain_id;
			b->remote_port = p;
		}
		put_domain(d);
	}
}

static void evtchn_argument(unsigned int cmd, void *buf)
{
	struct evtchn_alloc_unbound *a = buf;
	struct evtchn_bind_interdomain *b = buf;
	struct evtchn_bind_virq *virq = buf;
	struct evtchn_bind_vcpu *vcpu = buf;
	struct evtchn_init_control *i = buf;
	struct evtchn_expand_array *e = buf;
	struct evtchn_set_priority *prio = buf;

	switch (cmd) {
	case EVTCHNOP_alloc_unbound:
		a->dom = target();
		a->remote_dom = target();
		break;
	case EVTCHNOP_bind_interdomain:
		b->remote_dom = target();
		b->remote_port = rnd(16);
		find_unbound(b);
		break;
	case EVTCHNOP_bind_virq:
		virq->virq = rnd(16);
		virq->vcpu = rnd(2);
		break;
	case EVTCHNOP_bind_ipi:
		((struct evtchn_bind_ipi *)buf)->vcpu = rnd(2);
		break;
	case EVTCHNOP_bind_vcpu:
		vcpu->port = rnd(16);
		vcpu->vcpu = rnd(3);
		break;
	case EVTCHNOP_close:
	case EVTCHNOP_send:
	case EVTCHNOP_unmask:
		*(evtchn_port_t *)buf = rnd(16);
		break;
	case EVTCHNOP_status:
		((struct evtchn_status *)buf)->dom = target();
		((struct evtchn_status *)buf)->port = rnd(16);
		break;
	case EVTCHNOP_set_priority:
		prio->port = rnd(16);
		prio->priority = rnd(18);
		break;
	case EVTCHNOP_init_control:
		i->control_gfn = FIFO_GFN + rnd(2);
		i->offset = rnd(10) * 64;
		i->vcpu = rnd(3);
		break;
	case EVTCHNOP_expand_array:
		e->array_gfn = FIFO_GFN + 2;
		break;
	case EVTCHNOP_reset:
		((struct evtchn_reset *)buf)->dom = one_in(4) ? target() : DOMID_INVALID;
		break;
	}
}

static void vcpu_argument(unsigned int cmd, void *buf)
{
	struct vcpu_register_vcpu_info *info = buf;
	struct vcpu_register_runstate_memory_area *area = buf;

	switch (cmd) {
	case VCPUOP_register_vcpu_info:
		info->mfn = rnd(NR_PAGES);
		info->offset = rnd(PAGE_SIZE) & ~7U;
		break;
	case VCPUOP_register_runstate_memory_area:
		area->addr.h.p = (void *)(uintptr_t)some_address();
		break;
	}
}

void make_argument(const struct hc_ctx *ctx, unsigned int cmd, guest_va_t va)
{
	uint64_t buf[HC_MAX_ARG_SIZE * 2 / sizeof(uint64_t)];
	bool grant = ctx->nr == __HYPERVISOR_grant_table_op;
	struct xen_sysctl *sysctl = (struct xen_sysctl *)buf;
	struct xen_platform_op *platform = (struct xen_platform_op *)buf;

	fill_fields(buf, sizeof(buf));
	if (!one_in(8)) {
		switch (ctx->nr) {
		case __HYPERVISOR_memory_op:
			memory_argument(cmd, buf);
			break;
		case __HYPERVISOR_grant_table_op:
			grant_argument(cmd, buf);
			break;
		case __HYPERVISOR_event_channel_op:
			evtchn_argument(cmd, buf);
			break;
		case __HYPERVISOR_vcpu_op:
			vcpu_argument(cmd, buf);
			break;
		case __HYPERVISOR_domctl:
			domctl_argument(cmd, buf);
			break;
		case __HYPERVISOR_sysctl:
			sysctl->cmd = cmd;
			sysctl->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
			break;
		case __HYPERVISOR_platform_op:
			platform->cmd = XENPF_settime64;
			platform->interface_version = XENPF_INTERFACE_VERSION;
			break;
		}
	}
	/* Not there, or read-only: part of the test. */
	(void)!copy_to_guest_va(va, buf, grant ? sizeof(buf) : HC_MAX_ARG_SIZE);
}

/* ---- memory shared with the hypervisor ---- */

static void write_page(struct domain *d, unsigned long gfn, bool any)
{
	uint64_t words[64];

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = any ? word() : rnd(NR_PAGES);
	(void)!host_copy_to_guest(d, (gfn << PAGE_SHIFT) + rnd(8) * sizeof(words), words,
				  sizeof(words));
}

static void write_grants(struct domain *d)
{
	for (unsigned int n = 0; n < NR_REFS; n++) {
		grant_entry_v1_t *e = shared_of(&d->grant, n);
		uint32_t frame = one_in(4) ? SHARED_GFN + rnd(4) : rnd(NR_PAGES);

		e->frame = one_in(8) ? (uint32_t)word() : frame;
		e->domid = some_domid();
		e->flags = one_in(8) ? (uint16_t)word() :
			   GTF_permit_access | (one_in(4) ? GTF_readonly : 0);
	}
}

static void write_event_words(struct domain *d)
{
	uint32_t words[64];

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = rnd64() & (rnd64() | 0x1ffff);
	(void)!host_copy_to_guest(d, (FIFO_GFN + rnd(3)) << PAGE_SHIFT, words, sizeof(words));
}

void scribble(struct domain *d)
{
	uint64_t *si = (uint64_t *)d->shared_info;

	switch (rnd(5)) {
	case 0:
		for (unsigned int i = 0; i < 8; i++)
			si[rnd(PAGE_SIZE / sizeof(*si))] = rnd64();
		break;
	case 1:
		write_event_words(d);
		break;
	case 2:
		write_page(d, LIST_GFN + rnd(NR_PAGES - LIST_GFN), one_in(4));
		break;
	default:
		write_grants(d);
		break;
	}
}
