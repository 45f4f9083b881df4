// SPDX-License-Identifier: GPL-2.0-only
/*
 * memory_op: the reservation of a domain and its physical map.
 *
 * Operations on extents return how many were done. The bits of the command above
 * the operation say where a continued call goes on; they are the guest's word
 * and only ever skip extents.
 */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <public/memory.h>

#define EXTENT_SHIFT	6	/* MEMOP_EXTENT_SHIFT of the ABI's continuations */
#define CMD_MASK	((1U << EXTENT_SHIFT) - 1)
#define MAX_ORDER_GUEST	9U	/* 2 MiB; the control domain may have MAX_ORDER */

struct extents {
	struct hc_ctx *ctx;
	struct domain *d;
	struct xen_memory_reservation r;
	unsigned long start;
};

/* ---- extents ---- */

static int populate_direct(struct domain *d, gfn_t gfn, unsigned int order)
{
	mfn_t mfn = _mfn(gfn_x(gfn));
	unsigned long nr = 1UL << order, i;
	int rc = -EINVAL;

	/* Only what it owned and ballooned out comes back, at its own address. */
	for (i = 0; i < nr; i++)
		if (!mfn_valid(mfn_add(mfn, i)) || !get_page(mfn_to_page(mfn_add(mfn, i)), d))
			break;
	if (i == nr)
		rc = p2m_map_range(d, gfn, nr, mfn, p2m_ram_rw);
	while (i--)
		put_page(mfn_to_page(mfn_add(mfn, i)));
	return rc;
}

static int populate_fresh(struct domain *d, gfn_t gfn, unsigned int order, unsigned int mem_flags)
{
	unsigned int bits = XENMEMF_get_address_bits(mem_flags);
	struct page_info *pg = alloc_domheap_pages(d, order, bits && bits <= 32 ? MEMF_below4g : 0);
	int rc;

	if (!pg)
		return -ENOMEM;
	/* The guest's extent need not be aligned. */
	rc = p2m_map_range(d, gfn, 1UL << order, page_to_mfn(pg), p2m_ram_rw);
	for (unsigned long i = 0; rc && i < 1UL << order; i++) {
		/* Destroying the domain may have freed it already, for somebody else to own. */
		if (!get_page(pg + i, d))
			continue;
		page_drop_allocation(pg + i);
		put_page(pg + i);
	}
	return rc;
}

static int populate_one(struct extents *e, gfn_t gfn)
{
	if (!p2m_in_range(&e->d->p2m, gfn, 1UL << e->r.extent_order))
		return -EINVAL;
	if (e->d->is_direct_mapped)
		return populate_direct(e->d, gfn, e->r.extent_order);
	return populate_fresh(e->d, gfn, e->r.extent_order, e->r.mem_flags);
}

static int remove_page(struct domain *d, gfn_t gfn)
{
	struct page_info *pg;
	int rc = p2m_remove_ram_page(d, gfn, &pg);

	if (rc)
		return rc;
	/*
	 * Without an IOMMU devices reach dom0's memory by machine address: the page
	 * stays its own, to come back where it was. Shared hypervisor pages are only
	 * unmapped.
	 */
	if (!d->is_direct_mapped && !(READ_ONCE(pg->state) & PGC_heap))
		page_drop_allocation(pg);
	put_page(pg);
	return 0;
}

static int decrease_one(struct extents *e, gfn_t gfn)
{
	for (unsigned long i = 0; i < 1UL << e->r.extent_order; i++) {
		int rc = remove_page(e->d, gfn_add(gfn, i));

		if (rc)
			return rc;
	}
	return 0;
}

static long each_extent(struct extents *e, unsigned int cmd, int (*one)(struct extents *, gfn_t))
{
	unsigned long i;

	for (i = e->start; i < e->r.nr_extents; i++) {
		xen_pfn_t gfn;

		if (i != e->start && hypercall_preempt_check()) {
			e->ctx->args[0] = cmd | (i << EXTENT_SHIFT);
			return -ERESTART;
		}
		if (copy_elem_from_guest(&gfn, e->r.extent_start, i))
			break;
		if (one(e, _gfn(gfn)))
			break;
	}
	return i;
}

/* The whole domain of the reservation may be worked on, or -Exxx. */
static long reservation(struct hc_ctx *ctx, unsigned int cmd, unsigned long start,
			int (*one)(struct extents *, gfn_t))
{
	struct extents e = { .ctx = ctx, .start = start };
	bool control = is_control_domain(ctx->v->domain);
	long rc;

	if (copy_from_guest_va(&e.r, ctx->arg_va, sizeof(e.r)))
		return start;
	/* Continuation bits must hold every number of extents. */
	if (e.r.nr_extents > (UINT32_MAX >> EXTENT_SHIFT) || start >= e.r.nr_extents ||
	    e.r.extent_order > (control ? MAX_ORDER : MAX_ORDER_GUEST))
		return start;
	/* Its own domain lives as long as the caller does. */
	e.d = ctx->v->domain;
	if (e.r.domid == DOMID_SELF || e.r.domid == e.d->domain_id)
		return each_extent(&e, cmd, one);
	e.d = domain_get_by_id(e.r.domid);
	if (!e.d)
		return start;
	if (!control)
		rc = -EPERM;
	else if (e.d->is_dying)
		rc = start;
	else
		rc = each_extent(&e, cmd, one);
	put_domain(e.d);
	return rc;
}

/* ---- what a domain has ---- */

static long op_of_domain(struct hc_ctx *ctx, long (*fn)(struct domain *))
{
	struct xen_memory_domain arg;
	struct domain *d;
	long rc = -EPERM;

	if (copy_from_guest_va(&arg, ctx->arg_va, sizeof(arg)))
		return -EFAULT;
	d = domain_get_by_any_id(arg.domid);
	if (!d)
		return -ESRCH;
	if (d == ctx->v->domain || is_control_domain(ctx->v->domain))
		rc = fn(d);
	put_domain(d);
	return rc;
}

static long current_reservation(struct domain *d)
{
	return d->tot_pages;
}

static long maximum_reservation(struct domain *d)
{
	return d->max_pages;
}

static long maximum_gpfn(struct domain *d)
{
	return gfn_x(READ_ONCE(d->p2m.max_mapped));
}

/* ---- the physical map ---- */

static int map_foreign(struct domain *d, domid_t from, gfn_t src, gfn_t dst)
{
	struct domain *od = domain_get_by_any_id(from);
	struct page_info *pg;
	enum p2m_type t;
	int rc;

	if (!od)
		return -ESRCH;
	/* Its own memory it has already; and a cycle would keep it for ever. */
	if (od == d || !is_control_domain(current->domain)) {
		put_domain(od);
		return od == d ? -EINVAL : -EPERM;
	}
	pg = get_page_from_gfn(od, src, &t);
	put_domain(od);
	if (!pg)
		return -EINVAL;
	rc = p2m_is_ram(t) ? p2m_set_page(d, dst, page_to_mfn(pg), t == p2m_ram_rw ?
					   p2m_map_foreign_rw : p2m_map_foreign_ro) : -EINVAL;
	if (rc)
		put_page(pg);
	return rc;
}

static int map_grant_frame(struct domain *d, unsigned long idx, gfn_t gfn)
{
	mfn_t mfn;
	int rc = grant_table_get_shared_frame(d, idx, &mfn);

	return rc ? rc : p2m_map_heap_page(d, gfn, mfn);
}

static int add_one(struct domain *d, unsigned int space, domid_t foreign, unsigned long idx,
		   gfn_t gfn)
{
	if (!p2m_in_range(&d->p2m, gfn, 1))
		return -EINVAL;
	switch (space) {
	case XENMAPSPACE_shared_info:
		return idx ? -EINVAL : p2m_map_heap_page(d, gfn, virt_to_mfn(d->shared_info));
	case XENMAPSPACE_grant_table:
		return map_grant_frame(d, idx, gfn);
	case XENMAPSPACE_gmfn_foreign:
		return map_foreign(d, foreign, _gfn(idx), gfn);
	default:
		return arch_add_to_physmap(d, space, idx, gfn);
	}
}

static bool may_change_map(struct hc_ctx *ctx, const struct domain *d)
{
	return d == ctx->v->domain || is_control_domain(ctx->v->domain);
}

static long add_to_physmap(struct hc_ctx *ctx)
{
	struct xen_add_to_physmap arg;
	struct domain *d;
	long rc;

	if (copy_from_guest_va(&arg, ctx->arg_va, sizeof(arg)))
		return -EFAULT;
	/* A foreign page needs the batch's foreign_domid. */
	if (arg.space == XENMAPSPACE_gmfn_foreign || arg.space == XENMAPSPACE_gmfn_range)
		return -ENOSYS;
	d = domain_get_by_any_id(arg.domid);
	if (!d)
		return -ESRCH;
	rc = may_change_map(ctx, d) ? add_one(d, arg.space, DOMID_INVALID, arg.idx, _gfn(arg.gpfn))
				    : -EPERM;
	put_domain(d);
	return rc;
}

static int batch_element(struct domain *d, const struct xen_add_to_physmap_batch *b,
			 unsigned int i)
{
	xen_ulong_t idx;
	xen_pfn_t gfn;
	int err;

	if (copy_elem_from_guest(&idx, b->idxs, i) || copy_elem_from_guest(&gfn, b->gpfns, i))
		return -EFAULT;
	err = add_one(d, b->space, b->u.foreign_domid, idx, _gfn(gfn));
	return copy_elem_to_guest(b->errs, i, &err) ? -EFAULT : 0;
}

static long add_batch(struct hc_ctx *ctx, struct domain *d, struct xen_add_to_physmap_batch *b,
		      unsigned long start)
{
	for (unsigned long i = start; i < b->size; i++) {
		int rc;

		if (i != start && hypercall_preempt_check()) {
			ctx->args[0] = XENMEM_add_to_physmap_batch | (i << EXTENT_SHIFT);
			return -ERESTART;
		}
		rc = batch_element(d, b, i);
		if (rc)
			return rc;
	}
	return 0;
}

static long add_to_physmap_batch(struct hc_ctx *ctx, unsigned long start)
{
	struct xen_add_to_physmap_batch b;
	struct domain *d;
	long rc;

	if (copy_from_guest_va(&b, ctx->arg_va, sizeof(b)))
		return -EFAULT;
	if (b.space == XENMAPSPACE_gmfn_range)
		return -EOPNOTSUPP;
	if (start > b.size || (b.space != XENMAPSPACE_gmfn_foreign &&
			       b.space != XENMAPSPACE_dev_mmio && b.u.res0))
		return -EINVAL;
	d = domain_get_by_any_id(b.domid);
	if (!d)
		return -ESRCH;
	rc = may_change_map(ctx, d) ? add_batch(ctx, d, &b, start) : -EPERM;
	put_domain(d);
	return rc;
}

static int remove_mapping(struct domain *d, gfn_t gfn)
{
	struct page_info *pg = get_page_from_gfn(d, gfn, NULL);
	int rc;

	if (!pg)
		return -ENOENT;
	rc = p2m_remove_page(d, gfn, page_to_mfn(pg));
	put_page(pg);
	return rc;
}

static long remove_from_physmap(struct hc_ctx *ctx)
{
	struct xen_remove_from_physmap arg;
	struct domain *d;
	long rc;

	if (copy_from_guest_va(&arg, ctx->arg_va, sizeof(arg)))
		return -EFAULT;
	d = domain_get_by_any_id(arg.domid);
	if (!d)
		return -ESRCH;
	rc = may_change_map(ctx, d) ? remove_mapping(d, _gfn(arg.gpfn)) : -EPERM;
	put_domain(d);
	return rc;
}

/* ---- acquire_resource ---- */

static int map_resource_frame(struct domain *owner, mfn_t mfn, gfn_t gfn)
{
	struct page_info *pg = mfn_to_page(mfn);
	int rc;

	if (!get_page(pg, owner))
		return -EINVAL;
	rc = p2m_set_page(current->domain, gfn, mfn, p2m_map_foreign_rw);
	if (rc)
		put_page(pg);
	return rc;
}

static long acquire_frames(struct hc_ctx *ctx, struct domain *d,
			   struct xen_mem_acquire_resource *res, unsigned long start)
{
	for (unsigned long i = start; i < res->nr_frames; i++) {
		xen_pfn_t gfn;
		mfn_t mfn;
		int rc;

		if (i != start && hypercall_preempt_check()) {
			ctx->args[0] = XENMEM_acquire_resource | (i << EXTENT_SHIFT);
			return -ERESTART;
		}
		if (copy_elem_from_guest(&gfn, res->frame_list, i))
			return -EFAULT;
		rc = grant_table_get_shared_frames(d, res->frame + i, 1, &mfn);
		if (!rc)
			rc = map_resource_frame(d, mfn, _gfn(gfn));
		if (rc)
			return rc;
	}
	return 0;
}

static long resource_size(struct hc_ctx *ctx, struct domain *d)
{
	uint32_t nr = d->grant.max_frames;

	return copy_to_guest_va(ctx->arg_va + offsetof(struct xen_mem_acquire_resource, nr_frames),
				&nr, sizeof(nr));
}

static long resource_of(struct hc_ctx *ctx, struct domain *d,
			struct xen_mem_acquire_resource *res, unsigned long start)
{
	if (res->type != XENMEM_resource_grant_table)
		return -EOPNOTSUPP;
	if (res->id != XENMEM_resource_grant_table_id_shared)
		return -EINVAL;		/* no status frames: version 1 */
	if (guest_handle_is_null(res->frame_list))
		return res->nr_frames ? -EINVAL : resource_size(ctx, d);
	if (res->frame + res->nr_frames < res->frame || start > res->nr_frames)
		return -EINVAL;
	return acquire_frames(ctx, d, res, start);
}

static long acquire_resource(struct hc_ctx *ctx, unsigned long start)
{
	struct xen_mem_acquire_resource res;
	struct domain *d;
	long rc = -EPERM;

	if (copy_from_guest_va(&res, ctx->arg_va, sizeof(res)))
		return -EFAULT;
	if (res.pad)
		return -EINVAL;
	/* Like mapping foreign memory: not the caller's own. */
	d = domain_get_by_id(res.domid);
	if (!d)
		return -ESRCH;
	if (d == ctx->v->domain)
		rc = -EINVAL;
	else if (is_control_domain(ctx->v->domain))
		rc = resource_of(ctx, d, &res, start);
	put_domain(d);
	return rc;
}

long do_memory_op(struct hc_ctx *ctx)
{
	unsigned long start = (uint32_t)ctx->args[0] >> EXTENT_SHIFT;
	unsigned int cmd = ctx->args[0] & CMD_MASK;

	ctx->cmd = cmd;
	ctx->arg_va = ctx->args[1];
	switch (cmd) {
	case XENMEM_populate_physmap:
		return reservation(ctx, cmd, start, populate_one);
	case XENMEM_decrease_reservation:
		return reservation(ctx, cmd, start, decrease_one);
	case XENMEM_add_to_physmap_batch:
		return add_to_physmap_batch(ctx, start);
	case XENMEM_acquire_resource:
		return acquire_resource(ctx, start);
	}
	if (start)
		return -ENOSYS;
	switch (cmd) {
	case XENMEM_maximum_ram_page:
		return max_ram_mfn();
	case XENMEM_current_reservation:
		return op_of_domain(ctx, current_reservation);
	case XENMEM_maximum_reservation:
		return op_of_domain(ctx, maximum_reservation);
	case XENMEM_maximum_gpfn:
		return op_of_domain(ctx, maximum_gpfn);
	case XENMEM_add_to_physmap:
		return add_to_physmap(ctx);
	case XENMEM_remove_from_physmap:
		return remove_from_physmap(ctx);
	case XENMEM_get_sharing_freed_pages:
	case XENMEM_get_sharing_shared_pages:
		return 0;	/* there is no sharing, so nothing was saved by it */
	default:
		return -ENOSYS;
	}
}
