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

static unsigned long start_of(const struct hc_ctx *ctx)
{
	return (uint32_t)ctx->args[0] >> EXTENT_SHIFT;
}

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

static unsigned int memf_of(unsigned int mem_flags)
{
	unsigned int bits = XENMEMF_get_address_bits(mem_flags);

	return bits && bits <= 32 ? MEMF_below4g : 0;
}

static int populate_fresh(struct domain *d, gfn_t gfn, unsigned int order, unsigned int mem_flags)
{
	struct page_info *pg = alloc_domheap_pages(d, order, memf_of(mem_flags));
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

/* Counted, and shown nowhere: translated domains have no use for it. There is no list. */
static int increase_one(struct extents *e, gfn_t gfn)
{
	return alloc_domheap_pages(e->d, e->r.extent_order, memf_of(e->r.mem_flags)) ? 0 : -ENOMEM;
}

/* Element i is next: is it time to stop? Then the call goes on there. */
static bool preempt(struct hc_ctx *ctx, unsigned long start, unsigned long i)
{
	if (i == start || !hypercall_preempt_check())
		return false;
	ctx->args[0] = ctx->cmd | (i << EXTENT_SHIFT);
	return true;
}

static long each_extent(struct extents *e, int (*one)(struct extents *, gfn_t))
{
	unsigned long i;

	for (i = e->start; i < e->r.nr_extents; i++) {
		xen_pfn_t gfn = 0;

		if (preempt(e->ctx, e->start, i))
			return -ERESTART;
		if (one != increase_one && copy_elem_from_guest(&gfn, e->r.extent_start, i))
			break;
		if (one(e, _gfn(gfn)))
			break;
	}
	return i;
}

/* The whole domain of the reservation may be worked on, or -Exxx. */
static long reservation(struct hc_ctx *ctx, unsigned long start,
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
		return each_extent(&e, one);
	e.d = domain_get_by_id(e.r.domid);
	if (!e.d)
		return start;
	if (!control)
		rc = -EPERM;
	else if (e.d->is_dying)
		rc = start;
	else
		rc = each_extent(&e, one);
	put_domain(e.d);
	return rc;
}

/* ---- what a domain has ---- */

static long op_current_reservation(struct hc_ctx *ctx, void *arg)
{
	return READ_ONCE(ctx->target->tot_pages);
}

static long op_maximum_reservation(struct hc_ctx *ctx, void *arg)
{
	return READ_ONCE(ctx->target->max_pages);
}

static long op_maximum_gpfn(struct hc_ctx *ctx, void *arg)
{
	return gfn_x(READ_ONCE(ctx->target->p2m.max_mapped));
}

static long op_claim_pages(struct hc_ctx *ctx, void *arg)
{
	const struct xen_memory_reservation *r = arg;
	unsigned long nr = r->nr_extents;
	struct domain *d;
	long rc = -EINVAL;

	if (!guest_handle_is_null(r->extent_start) || r->extent_order || r->mem_flags)
		return -EINVAL;
	d = domain_get_by_id(r->domid);
	if (!d)
		return -EINVAL;
	spin_lock(&d->page_lock);
	/* What it has counts. */
	if (!nr)
		rc = claim_heap_pages(d, 0);
	else if (nr > d->tot_pages && nr <= d->max_pages && !d->is_dying)
		rc = claim_heap_pages(d, nr - d->tot_pages);
	spin_unlock(&d->page_lock);
	put_domain(d);
	return rc;
}

static long op_maximum_ram_page(struct hc_ctx *ctx, void *arg)
{
	return max_ram_mfn();
}

/* There is no sharing, so nothing was saved by it. */
static long op_sharing(struct hc_ctx *ctx, void *arg)
{
	return 0;
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

static long op_add_to_physmap(struct hc_ctx *ctx, void *arg)
{
	const struct xen_add_to_physmap *a = arg;

	/* A foreign page needs the batch's foreign_domid. */
	if (a->space == XENMAPSPACE_gmfn_foreign || a->space == XENMAPSPACE_gmfn_range)
		return -ENOSYS;
	return add_one(ctx->target, a->space, DOMID_INVALID, a->idx, _gfn(a->gpfn));
}

/* How many elements of a batch are copied in and out at once. */
#define BATCH_CHUNK 16

/*
 * Elements from first on, at most nr. Returns how many were done, or -EFAULT: numbers
 * that cannot be read are tried again alone, so that those before a bad address are done
 * and have a status. Those whose status cannot be written are done all the same.
 */
static int batch_chunk(struct domain *d, const struct xen_add_to_physmap_batch *b,
		       unsigned long first, unsigned int nr)
{
	xen_ulong_t idxs[BATCH_CHUNK];
	xen_pfn_t gfns[BATCH_CHUNK];
	int errs[BATCH_CHUNK];

	if (copy_from_guest_va(idxs, guest_handle_elem(b->idxs, first), nr * sizeof(*idxs)) ||
	    copy_from_guest_va(gfns, guest_handle_elem(b->gpfns, first), nr * sizeof(*gfns)))
		return nr > 1 ? batch_chunk(d, b, first, 1) : -EFAULT;
	for (unsigned int i = 0; i < nr; i++)
		errs[i] = add_one(d, b->space, b->u.foreign_domid, idxs[i], _gfn(gfns[i]));
	if (copy_to_guest_va(guest_handle_elem(b->errs, first), errs, nr * sizeof(*errs)))
		return -EFAULT;
	return nr;
}

static long op_add_to_physmap_batch(struct hc_ctx *ctx, void *arg)
{
	const struct xen_add_to_physmap_batch *b = arg;
	unsigned long start = start_of(ctx), i = start;
	int done;

	if (b->space == XENMAPSPACE_gmfn_range)
		return -EOPNOTSUPP;
	if (start > b->size || (b->space != XENMAPSPACE_gmfn_foreign &&
				b->space != XENMAPSPACE_dev_mmio && b->u.res0))
		return -EINVAL;
	for (; i < b->size; i += done) {
		if (preempt(ctx, start, i))
			return -ERESTART;
		done = batch_chunk(ctx->target, b, i, min(b->size - i, (unsigned long)BATCH_CHUNK));
		if (done < 0)
			return done;
	}
	return 0;
}

static long op_remove_from_physmap(struct hc_ctx *ctx, void *arg)
{
	gfn_t gfn = _gfn(((struct xen_remove_from_physmap *)arg)->gpfn);
	struct page_info *pg = get_page_from_gfn(ctx->target, gfn, NULL);
	int rc;

	if (!pg)
		return -ENOENT;
	rc = p2m_remove_page(ctx->target, gfn, page_to_mfn(pg));
	put_page(pg);
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

static long acquire_frames(struct hc_ctx *ctx, const struct xen_mem_acquire_resource *res)
{
	unsigned long start = start_of(ctx);
	int rc = 0;

	for (unsigned long i = start; i < res->nr_frames && !rc; i++) {
		xen_pfn_t gfn;
		mfn_t mfn;

		if (preempt(ctx, start, i))
			return -ERESTART;
		if (copy_elem_from_guest(&gfn, res->frame_list, i))
			return -EFAULT;
		rc = grant_table_get_shared_frame(ctx->target, res->frame + i, &mfn);
		if (!rc)
			rc = map_resource_frame(ctx->target, mfn, _gfn(gfn));
	}
	return rc;
}

static long resource_size(struct hc_ctx *ctx)
{
	uint32_t nr = ctx->target->grant.max_frames;

	return copy_to_guest_va(ctx->arg_va + offsetof(struct xen_mem_acquire_resource, nr_frames),
				&nr, sizeof(nr));
}

static long op_acquire_resource(struct hc_ctx *ctx, void *arg)
{
	const struct xen_mem_acquire_resource *res = arg;

	if (res->pad)
		return -EINVAL;
	if (res->type != XENMEM_resource_grant_table)
		return -EOPNOTSUPP;
	if (res->id != XENMEM_resource_grant_table_id_shared)
		return -EINVAL;		/* no status frames: version 1 */
	if (guest_handle_is_null(res->frame_list))
		return res->nr_frames ? -EINVAL : resource_size(ctx);
	if (res->frame + res->nr_frames < res->frame || start_of(ctx) > res->nr_frames)
		return -EINVAL;
	return acquire_frames(ctx, res);
}

#define NONE(op, fn) \
	[XENMEM_##op] = { #op, 0, HC_OUT_NEVER, HC_ANYBODY, HC_NO_TARGET, 0, fn, NULL }
#define ROW(op, T, who, fl, fn) \
	[XENMEM_##op] = { #op, sizeof(struct T), HC_OUT_NEVER, who, offsetof(struct T, domid), fl, \
			  fn, NULL }
#define ON_DOMAIN(op, T, fl, fn) ROW(op, T, HC_CONTROL_OR_SELF, HC_DYING_OK | (fl), fn)

static const struct hc_subop memory_ops[] = {
	NONE(maximum_ram_page, op_maximum_ram_page),
	NONE(get_sharing_freed_pages, op_sharing),
	NONE(get_sharing_shared_pages, op_sharing),
	ON_DOMAIN(current_reservation, xen_memory_domain, 0, op_current_reservation),
	ON_DOMAIN(maximum_reservation, xen_memory_domain, 0, op_maximum_reservation),
	ON_DOMAIN(maximum_gpfn, xen_memory_domain, 0, op_maximum_gpfn),
	ON_DOMAIN(add_to_physmap, xen_add_to_physmap, 0, op_add_to_physmap),
	ON_DOMAIN(add_to_physmap_batch, xen_add_to_physmap_batch, HC_RESTARTABLE,
		  op_add_to_physmap_batch),
	ON_DOMAIN(remove_from_physmap, xen_remove_from_physmap, 0, op_remove_from_physmap),
	/* Like mapping foreign memory: not the caller's own. */
	ROW(acquire_resource, xen_mem_acquire_resource, HC_CONTROL,
	    HC_DYING_OK | HC_NO_SELF | HC_RESTARTABLE, op_acquire_resource),
	[XENMEM_claim_pages] = { "claim_pages", sizeof(struct xen_memory_reservation),
				 HC_OUT_NEVER, HC_CONTROL, HC_NO_TARGET, 0, op_claim_pages, NULL },
};

const struct hc_table memory_op_table = HC_TABLE(memory_ops);

long do_memory_op(struct hc_ctx *ctx)
{
	ctx->cmd = ctx->args[0] & CMD_MASK;
	ctx->arg_va = ctx->args[1];
	switch (ctx->cmd) {
	case XENMEM_increase_reservation:
		return reservation(ctx, start_of(ctx), increase_one);
	case XENMEM_decrease_reservation:
		return reservation(ctx, start_of(ctx), decrease_one);
	case XENMEM_populate_physmap:
		return reservation(ctx, start_of(ctx), populate_one);
	}
	if (start_of(ctx) && !(ctx->cmd < ARRAY_SIZE(memory_ops) &&
			       memory_ops[ctx->cmd].flags & HC_RESTARTABLE))
		return -ENOSYS;
	return hc_dispatch(&memory_op_table, ctx);
}
