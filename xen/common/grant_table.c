// SPDX-License-Identifier: GPL-2.0-only
/*
 * Grant tables: their size and frames, and the calls that are not about using a
 * grant. Version 1 only; asking for version 2 fails and Linux goes on with 1.
 */
#include <xen/grant_if.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/xmalloc.h>

#define DEFAULT_MAX_FRAMES	64U
#define DEFAULT_MAX_MAPTRACK	1024U
#define LIMIT_FRAMES		4096U

static struct active_grant *alloc_active(void)
{
	struct active_grant *a = xzalloc_array(struct active_grant, ENTRIES_PER_FRAME);

	for (unsigned int i = 0; a && i < ENTRIES_PER_FRAME; i++)
		spin_lock_init(&a[i].lock, RANK_GRANT_ENTRY);
	return a;
}

/* One frame more; gt->lock held. */
static int grow(struct domain *d)
{
	struct grant_table *gt = &d->grant;
	uint32_t n = gt->nr_frames;

	gt->active[n] = alloc_active();
	if (!gt->active[n])
		return -ENOMEM;
	gt->shared[n] = alloc_zeroed_heap_page();
	if (!gt->shared[n]) {
		XFREE(gt->active[n]);
		return -ENOMEM;
	}
	share_heap_page_with_guest(gt->shared[n], d);
	atomic_store_release(&gt->nr_frames, n + 1);
	return 0;
}

static int grow_to(struct domain *d, unsigned long nr)
{
	int rc = 0;

	if (nr > d->grant.max_frames)
		return -EINVAL;
	spin_lock(&d->grant.lock);
	while (!rc && d->grant.nr_frames < nr)
		rc = d->is_dying ? -EINVAL : grow(d);
	spin_unlock(&d->grant.lock);
	return rc;
}

int grant_table_get_shared_frame(struct domain *d, unsigned long idx, mfn_t *mfn)
{
	int rc = idx == ~0UL ? -EINVAL : grow_to(d, idx + 1);

	if (!rc)
		*mfn = virt_to_mfn(d->grant.shared[idx]);
	return rc;
}

/* A negative limit asks for the default. */
static uint32_t limit_or(int32_t asked, uint32_t otherwise)
{
	return asked < 0 ? otherwise : asked;
}

int grant_table_init(struct domain *d, const struct xen_domctl_createdomain *cfg)
{
	struct grant_table *gt = &d->grant;

	spin_lock_init(&gt->lock, RANK_GRANT);
	gt->max_frames = limit_or(cfg->max_grant_frames, DEFAULT_MAX_FRAMES);
	gt->max_maptrack_frames = limit_or(cfg->max_maptrack_frames, DEFAULT_MAX_MAPTRACK);
	if (gt->max_frames < 1 || gt->max_frames > LIMIT_FRAMES)
		return -EINVAL;
	if (gt->max_maptrack_frames > UINT32_MAX / MAPTRACK_PER_PAGE)
		return -EINVAL;
	gt->shared = xzalloc_array(void *, gt->max_frames);
	gt->active = xzalloc_array(struct active_grant *, gt->max_frames);
	gt->maptrack = xzalloc_array(struct grant_mapping *, max(gt->max_maptrack_frames, 1U));
	if (!gt->shared || !gt->active || !gt->maptrack)
		return -ENOMEM;
	return grow_to(d, 1);
}

void grant_table_vcpu_init(struct vcpu *v)
{
	spin_lock_init(&v->maptrack.lock, RANK_MAPTRACK);
	v->maptrack.free_head = MAPTRACK_END;
}

static void release_mapping(struct domain *d, uint32_t handle)
{
	struct grant_mapping *m = maptrack_of(d, handle);
	struct domain *rd;

	if (!m || !m->flags)
		return;
	/* The pins below keep its pages, and those keep rd. */
	rd = domain_get_by_id(m->domid);
	if (rd) {
		if (m->flags & GNTMAP_host_map)
			grant_release(rd, m->ref, m->flags & GNTMAP_readonly, 1);
		if (m->flags & GNTMAP_device_map)
			grant_release(rd, m->ref, m->flags & GNTMAP_readonly, 1);
		put_domain(rd);
	}
	m->flags = 0;
}

int grant_table_release_mappings(struct domain *d)
{
	uint32_t *next = &d->grant.teardown_handle;

	if (!d->grant.maptrack)
		return 0;
	for (; *next < maptrack_limit(d); (*next)++) {
		release_mapping(d, *next);
		if (*next % 64 == 63 && local_softirq_pending()) {
			(*next)++;
			return -ERESTART;
		}
	}
	return 0;
}

/* No pin is left: each holds a page of the domain, and so the domain. */
void grant_table_destroy(struct domain *d)
{
	struct grant_table *gt = &d->grant;

	for (uint32_t i = 0; gt->shared && gt->active && i < gt->nr_frames; i++) {
		unshare_heap_page(gt->shared[i]);
		xfree(gt->active[i]);
	}
	gt->nr_frames = 0;
	for (uint32_t i = 0; gt->maptrack && i < gt->maptrack_pages; i++)
		free_heap_page(gt->maptrack[i]);
	XFREE(gt->shared);
	XFREE(gt->active);
	XFREE(gt->maptrack);
}

/* ---- calls on one structure ---- */

static struct domain *may_look_at(struct hc_ctx *ctx, domid_t id, int16_t *status)
{
	struct domain *d = domain_get_by_any_id(id);

	*status = GNTST_okay;
	if (!d) {
		*status = GNTST_bad_domain;
	} else if (d != ctx->v->domain && !is_control_domain(ctx->v->domain)) {
		put_domain(d);
		*status = GNTST_permission_denied;
		return NULL;
	}
	return d;
}

static long op_query_size(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_query_size *q = arg;
	struct domain *d = may_look_at(ctx, q->dom, &q->status);

	if (!d)
		return 0;
	q->nr_frames = d->grant.nr_frames;
	q->max_nr_frames = d->grant.max_frames;
	put_domain(d);
	return 0;
}

static long op_setup_table(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_setup_table *s = arg;
	struct domain *d = may_look_at(ctx, s->dom, &s->status);
	int rc;

	if (!d)
		return 0;
	rc = grow_to(d, s->nr_frames);
	if (rc)
		s->status = GNTST_general_error;
	for (uint32_t i = 0; !rc && i < s->nr_frames; i++) {
		/* The guest frame that shows it, or none: memory_op keeps it there. */
		xen_pfn_t gfn = virt_to_page(d->grant.shared[i])->u.inuse.type;

		if (copy_elem_to_guest(s->frame_list, i, &gfn)) {
			s->status = GNTST_bad_virt_addr;
			break;
		}
	}
	put_domain(d);
	return 0;
}

static long op_get_version(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_get_version *g = arg;
	int16_t status;
	struct domain *d = may_look_at(ctx, g->dom, &status);

	if (!d)
		return status == GNTST_bad_domain ? -ESRCH : -EPERM;
	g->version = 1;
	put_domain(d);
	return 0;
}

static long op_set_version(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_set_version *s = arg;
	uint32_t asked = s->version;

	s->version = 1;
	if (asked == 1)
		return 0;
	return asked == 2 ? -ENOSYS : -EINVAL;
}

static long op_get_status_frames(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_get_status_frames *g = arg;

	g->status = GNTST_general_error;	/* version 1 has none */
	return 0;
}

static long op_dump_table(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_dump_table *g = arg;
	struct domain *d;

	/* It writes as many lines as there are grants: not for guests. */
	if (!is_control_domain(ctx->v->domain)) {
		g->status = GNTST_permission_denied;
		return 0;
	}
	d = may_look_at(ctx, g->dom, &g->status);
	if (!d)
		return 0;
	grant_table_dump(d);
	put_domain(d);
	return 0;
}

static int16_t swap_entries(struct grant_table *gt, grant_ref_t a, grant_ref_t b)
{
	struct active_grant *x, *y;
	int16_t status = GNTST_eagain;

	if (!ref_is_valid(gt, a) || !ref_is_valid(gt, b))
		return GNTST_bad_gntref;
	if (a == b)
		return GNTST_okay;
	x = active_of(gt, a);
	y = active_of(gt, b);
	double_lock(&x->lock, &y->lock);
	if (!(x->readers | x->writers | y->readers | y->writers)) {
		grant_entry_v1_t tmp = *shared_of(gt, a);

		*shared_of(gt, a) = *shared_of(gt, b);
		*shared_of(gt, b) = tmp;
		status = GNTST_okay;
	}
	double_unlock(&x->lock, &y->lock);
	return status;
}

static long op_swap(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_swap_grant_ref *s = arg;

	s->status = swap_entries(&ctx->v->domain->grant, s->ref_a, s->ref_b);
	return 0;
}

struct domain *find_other_granter(struct hc_ctx *ctx, domid_t id)
{
	hc_put_target(ctx);
	ctx->target = domain_get_by_id(id);
	return ctx->target;
}

#define ROW(op, T, o, fn, un) \
	[GNTTABOP_##op] = { #op, sizeof(struct T), o, HC_ANYBODY, HC_NO_TARGET, HC_RESTARTABLE, fn, un }

static const struct hc_subop grant_ops[] = {
	ROW(map_grant_ref, gnttab_map_grant_ref, HC_OUT_SUCCESS, gnttab_map, gnttab_undo_map),
	ROW(unmap_and_replace, gnttab_unmap_and_replace, HC_OUT_SUCCESS, gnttab_replace, NULL),
	ROW(copy, gnttab_copy, HC_OUT_SUCCESS, gnttab_copy, NULL),
	ROW(cache_flush, gnttab_cache_flush, HC_OUT_NEVER, gnttab_cache_flush, NULL),
	ROW(query_size, gnttab_query_size, HC_OUT_SUCCESS, op_query_size, NULL),
	ROW(setup_table, gnttab_setup_table, HC_OUT_SUCCESS, op_setup_table, NULL),
	ROW(get_version, gnttab_get_version, HC_OUT_SUCCESS, op_get_version, NULL),
	ROW(set_version, gnttab_set_version, HC_OUT_ALWAYS, op_set_version, NULL),
	ROW(get_status_frames, gnttab_get_status_frames, HC_OUT_SUCCESS, op_get_status_frames, NULL),
	ROW(dump_table, gnttab_dump_table, HC_OUT_SUCCESS, op_dump_table, NULL),
	ROW(swap_grant_ref, gnttab_swap_grant_ref, HC_OUT_SUCCESS, op_swap, NULL),
};

const struct hc_table grant_table_op_table = HC_TABLE(grant_ops);

long do_grant_table_op(struct hc_ctx *ctx)
{
	ctx->cmd = ctx->args[0];
	if ((int)ctx->args[2] < 0)
		return -EINVAL;
	ctx->args[2] = (unsigned int)ctx->args[2];
	if (ctx->cmd == GNTTABOP_unmap_grant_ref)
		return gnttab_unmap(ctx);
	switch (ctx->cmd) {
	case GNTTABOP_query_size:
	case GNTTABOP_setup_table:
		if (ctx->args[2] != 1)
			return -EINVAL;
		break;
	case GNTTABOP_set_version:
	case GNTTABOP_get_version:
		ctx->args[2] = 1;	/* no array, whatever the number */
		break;
	}
	return hc_dispatch_array(&grant_table_op_table, ctx);
}

void grant_table_dump(struct domain *d)
{
	struct grant_table *gt = &d->grant;

	/* Without gt->lock: a console may be slow, and what is shown is old anyway. */
	printk("%pd: grant table version 1, %u of %u frames, %u maptrack pages\n", d,
	       READ_ONCE(gt->nr_frames), gt->max_frames, READ_ONCE(gt->maptrack_pages));
	for (grant_ref_t ref = 0; ref_is_valid(gt, ref); ref++) {
		struct active_grant *a = active_of(gt, ref);

		spin_lock(&a->lock);
		if (a->readers | a->writers)
			printk("  ref %u: d%u mfn %lx, %u readers, %u writers\n", ref, a->domid,
			       a->page ? mfn_x(page_to_mfn(a->page)) : 0, a->readers, a->writers);
		spin_unlock(&a->lock);
	}
}
