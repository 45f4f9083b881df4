// SPDX-License-Identifier: GPL-2.0-only
/* Copying between pages by grant or by own frame, and cache maintenance on granted pages. */
#include <xen/grant_if.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>

/* One end of a copy. */
struct end {
	struct domain *d;	/* when by reference */
	struct page_info *page;
	bool by_ref, readonly;
	grant_ref_t ref;
};

static int16_t take_by_ref(struct hc_ctx *ctx, const struct gnttab_copy_ptr *p, struct end *e)
{
	struct domain *self = ctx->v->domain;

	e->d = p->domid == DOMID_SELF ? self : find_granter(ctx, p->domid);
	if (!e->d)
		return GNTST_bad_domain;
	e->ref = p->u.ref;
	return grant_acquire(e->d, e->ref, self->domain_id, e->readonly, 1, &e->page);
}

/* By frame only of its own memory. */
static int16_t take_by_frame(struct hc_ctx *ctx, const struct gnttab_copy_ptr *p, struct end *e)
{
	if (p->domid != DOMID_SELF)
		return GNTST_permission_denied;
	e->page = get_ram_page_from_gfn(ctx->v->domain, _gfn(p->u.gmfn), !e->readonly);
	return e->page ? GNTST_okay : GNTST_bad_page;
}

static void let_go(struct end *e)
{
	if (!e->page)
		return;
	if (e->by_ref)
		grant_release(e->d, e->ref, e->readonly, 1);
	else
		put_page(e->page);
}

static int16_t take(struct hc_ctx *ctx, const struct gnttab_copy_ptr *p, struct end *e)
{
	return e->by_ref ? take_by_ref(ctx, p, e) : take_by_frame(ctx, p, e);
}

static void move(const struct gnttab_copy *op, const struct end *src, const struct end *dst)
{
	char *from = map_domain_page(page_to_mfn(src->page));
	char *to = map_domain_page(page_to_mfn(dst->page));

	/* Either end may be being written by its owner: bytes, not values, are copied. */
	if (unlikely(src->page == dst->page))
		memmove(to + op->dest.offset, from + op->source.offset, op->len);
	else
		memcpy(to + op->dest.offset, from + op->source.offset, op->len);
	unmap_domain_page(to);
	unmap_domain_page(from);
}

static int16_t copy_one(struct hc_ctx *ctx, const struct gnttab_copy *op)
{
	struct end src = { .by_ref = op->flags & GNTCOPY_source_gref, .readonly = true };
	struct end dst = { .by_ref = op->flags & GNTCOPY_dest_gref };
	int16_t status;

	if (op->source.offset + op->len > PAGE_SIZE || op->dest.offset + op->len > PAGE_SIZE)
		return GNTST_bad_copy_arg;
	status = take(ctx, &op->source, &src);
	/*
	 * Two granters besides the caller: taking the second drops our reference on
	 * the first, which its pinned page keeps.
	 */
	if (!status)
		status = take(ctx, &op->dest, &dst);
	if (!status)
		move(op, &src, &dst);
	let_go(&dst);
	let_go(&src);
	return status;
}

long gnttab_copy(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_copy *op = arg;

	op->status = copy_one(ctx, op);
	return 0;
}

/* ---- cache_flush ---- */

static long flush_page(struct hc_ctx *ctx, const struct gnttab_cache_flush *op)
{
	struct page_info *pg;
	struct domain *owner;
	bool may;
	char *va;

	if (!mfn_valid(maddr_to_mfn(op->a.dev_bus_addr)))
		return -EINVAL;
	pg = mfn_to_page(maddr_to_mfn(op->a.dev_bus_addr));
	owner = domain_get_by_id(page_owner_id(pg));
	if (!owner)
		return -EPERM;
	may = get_page(pg, owner);
	if (may && owner != ctx->v->domain && !grant_is_pinned(owner, pg, ctx->v->domain->domain_id)) {
		put_page(pg);
		may = false;
	}
	put_domain(owner);
	if (!may)
		return -EPERM;
	va = map_domain_page(page_to_mfn(pg));
	arch_cache_maintain(va + op->offset, op->length, op->op & GNTTAB_CACHE_CLEAN,
			    op->op & GNTTAB_CACHE_INVAL);
	unmap_domain_page(va);
	put_page(pg);
	return 0;
}

long gnttab_cache_flush(struct hc_ctx *ctx, void *arg)
{
	const struct gnttab_cache_flush *op = arg;

	if (op->op & ~(GNTTAB_CACHE_CLEAN | GNTTAB_CACHE_INVAL | GNTTAB_CACHE_SOURCE_GREF))
		return -EINVAL;
	if (op->offset >= PAGE_SIZE || op->length > PAGE_SIZE ||
	    op->offset + op->length > PAGE_SIZE)
		return -EINVAL;
	if (!op->length || !(op->op & (GNTTAB_CACHE_CLEAN | GNTTAB_CACHE_INVAL)))
		return 0;
	if (op->op & GNTTAB_CACHE_SOURCE_GREF)
		return -EOPNOTSUPP;
	return flush_page(ctx, op);
}
