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

int grant_table_get_shared_frames(struct domain *d, unsigned long idx, unsigned int nr, mfn_t *mfns)
{
	int rc = idx + nr < idx ? -EINVAL : grow_to(d, idx + nr);

	for (unsigned int i = 0; !rc && i < nr; i++)
		mfns[i] = virt_to_mfn(d->grant.shared[idx + i]);
	return rc;
}

int grant_table_get_shared_frame(struct domain *d, unsigned long idx, mfn_t *mfn)
{
	return grant_table_get_shared_frames(d, idx, 1, mfn);
}

int grant_table_seed(struct domain *d, grant_ref_t ref, gfn_t gfn, domid_t to)
{
	grant_entry_v1_t *e;

	if (!ref_is_valid(&d->grant, ref))
		return -EINVAL;
	e = shared_of(&d->grant, ref);
	e->frame = gfn_x(gfn);
	e->domid = to;
	smp_wmb();	/* flags make the entry valid: last */
	WRITE_ONCE(e->flags, GTF_permit_access);
	return 0;
}

int grant_table_init(struct domain *d, uint32_t max_frames, uint32_t max_maptrack,
		     uint32_t max_version)
{
	struct grant_table *gt = &d->grant;

	spin_lock_init(&gt->lock, RANK_GRANT);
	gt->version = 1;
	gt->max_frames = (int32_t)max_frames < 0 ? DEFAULT_MAX_FRAMES : max_frames;
	gt->max_maptrack_frames = (int32_t)max_maptrack < 0 ? DEFAULT_MAX_MAPTRACK : max_maptrack;
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

int grant_table_vcpu_init(struct vcpu *v)
{
	spin_lock_init(&v->maptrack.lock, RANK_MAPTRACK);
	v->maptrack.free_head = v->maptrack.free_tail = MAPTRACK_END;
	return 0;
}

void grant_table_vcpu_destroy(struct vcpu *v)
{
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
			grant_release(rd, m->ref, m->flags & GNTMAP_readonly);
		if (m->flags & GNTMAP_device_map)
			grant_release(rd, m->ref, m->flags & GNTMAP_readonly);
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
	g->version = d->grant.version;
	put_domain(d);
	return 0;
}

static long op_set_version(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_set_version *s = arg;
	uint32_t asked = s->version;

	s->version = ctx->v->domain->grant.version;
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

#define ROW(op, T, o, fn) \
	[GNTTABOP_##op] = { #op, sizeof(struct T), o, HC_ANYBODY, HC_NO_TARGET, 0, fn, NULL }

static const struct hc_subop grant_ops[] = {
	ROW(query_size, gnttab_query_size, HC_OUT_SUCCESS, op_query_size),
	ROW(setup_table, gnttab_setup_table, HC_OUT_SUCCESS, op_setup_table),
	ROW(get_version, gnttab_get_version, HC_OUT_SUCCESS, op_get_version),
	ROW(set_version, gnttab_set_version, HC_OUT_ALWAYS, op_set_version),
	ROW(get_status_frames, gnttab_get_status_frames, HC_OUT_SUCCESS, op_get_status_frames),
	ROW(dump_table, gnttab_dump_table, HC_OUT_SUCCESS, op_dump_table),
	ROW(swap_grant_ref, gnttab_swap_grant_ref, HC_OUT_SUCCESS, op_swap),
};

const struct hc_table grant_table_op_table = {
	.name = "grant_table_op",
	.nr_ops = ARRAY_SIZE(grant_ops),
	.ops = grant_ops,
	.unknown = -ENOSYS,
};

/* The same single structure for each element of the array. */
static long each_single(struct hc_ctx *ctx)
{
	unsigned int count = ctx->args[2];
	size_t size;
	long rc;

	if (ctx->cmd >= ARRAY_SIZE(grant_ops) || !grant_ops[ctx->cmd].handler)
		return -ENOSYS;
	size = grant_ops[ctx->cmd].size;
	if ((ctx->cmd == GNTTABOP_query_size || ctx->cmd == GNTTABOP_setup_table) && count != 1)
		return -EINVAL;
	if (ctx->cmd == GNTTABOP_set_version || ctx->cmd == GNTTABOP_get_version)
		return hc_dispatch(&grant_table_op_table, ctx);
	for (unsigned int i = 0; i < count; i++) {
		if (i && gnttab_preempt(ctx, i, size))
			return -ERESTART;
		ctx->arg_va = ctx->args[1] + i * size;
		rc = hc_dispatch(&grant_table_op_table, ctx);
		if (rc)
			return rc;
	}
	return 0;
}

bool gnttab_preempt(struct hc_ctx *ctx, unsigned int done, size_t size)
{
	if (!hypercall_preempt_check())
		return false;
	ctx->args[1] += done * size;
	ctx->args[2] -= done;
	return true;
}

long do_grant_table_op(struct hc_ctx *ctx)
{
	ctx->cmd = ctx->args[0];
	ctx->arg_va = ctx->args[1];
	if ((int)ctx->args[2] < 0)
		return -EINVAL;
	ctx->args[2] = (unsigned int)ctx->args[2];
	switch (ctx->cmd) {
	case GNTTABOP_map_grant_ref:
		return gnttab_map(ctx);
	case GNTTABOP_unmap_grant_ref:
		return gnttab_unmap(ctx, false);
	case GNTTABOP_unmap_and_replace:
		return gnttab_unmap(ctx, true);
	case GNTTABOP_copy:
		return gnttab_copy(ctx);
	case GNTTABOP_cache_flush:
		return gnttab_cache_flush(ctx);
	default:
		return each_single(ctx);
	}
}

void grant_table_dump(struct domain *d)
{
	struct grant_table *gt = &d->grant;

	/* Without gt->lock: a console may be slow, and what is shown is old anyway. */
	printk("%pd: grant table version %u, %u of %u frames, %u maptrack pages\n", d,
	       READ_ONCE(gt->version), READ_ONCE(gt->nr_frames), gt->max_frames,
	       READ_ONCE(gt->maptrack_pages));
	for (grant_ref_t ref = 0; ref_is_valid(gt, ref); ref++) {
		struct active_grant *a = active_of(gt, ref);

		spin_lock(&a->lock);
		if (a->readers | a->writers)
			printk("  ref %u: d%u mfn %lx, %u readers, %u writers\n", ref, a->domid,
			       a->page ? mfn_x(page_to_mfn(a->page)) : 0, a->readers, a->writers);
		spin_unlock(&a->lock);
	}
}
