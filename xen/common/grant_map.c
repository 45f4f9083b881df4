// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping and unmapping grants.
 *
 * What is mapped is kept by the pins of its handle, one for each part: an entry of
 * the stage-2 tables has no reference of its own. It is removed, and the TLBs are
 * clean, before a pin is dropped.
 */
#include <xen/grant_if.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>

#define MAP_PARTS	(GNTMAP_device_map | GNTMAP_host_map)
#define UNMAP_BATCH	16	/* unmappings with one TLB flush */

static unsigned int nr_parts(unsigned int flags)
{
	return !!(flags & GNTMAP_host_map) + !!(flags & GNTMAP_device_map);
}

static enum p2m_type map_type(unsigned int flags)
{
	return flags & GNTMAP_readonly ? p2m_grant_map_ro : p2m_grant_map_rw;
}

static int16_t map_with(struct domain *d, struct domain *rd, struct grant_mapping *m,
			struct gnttab_map_grant_ref *op)
{
	bool readonly = op->flags & GNTMAP_readonly;
	unsigned int pins = nr_parts(op->flags);
	struct grant_mapping made;
	struct page_info *page;
	int16_t status = grant_acquire(rd, op->ref, d->domain_id, readonly, pins, &page);

	if (status)
		return status;
	if (p2m_set_page(d, gaddr_to_gfn(op->host_addr), page_to_mfn(page),
			 map_type(op->flags))) {
		grant_release(rd, op->ref, readonly, pins);
		return GNTST_general_error;
	}
	made = (struct grant_mapping){
		.ref = op->ref, .domid = rd->domain_id, .vcpu = m->vcpu,
		.flags = op->flags & (MAP_PARTS | GNTMAP_readonly),
	};
	/* Release: an unmap that sees it sees the pins and the entry. */
	atomic_store_release(&m->word, made.word);
	op->dev_bus_addr = page_to_maddr(page);
	return GNTST_okay;
}

static int16_t map_one(struct hc_ctx *ctx, struct gnttab_map_grant_ref *op)
{
	struct domain *rd;
	struct grant_mapping *m;
	uint32_t handle;
	int16_t status;

	if (!(op->flags & MAP_PARTS))
		return GNTST_bad_gntref;
	/* PV's ways to map; and for devices alone there is nothing without an IOMMU. */
	if (op->flags & (GNTMAP_contains_pte | GNTMAP_application_map) ||
	    !(op->flags & GNTMAP_host_map))
		return GNTST_general_error;
	rd = find_granter(ctx, op->dom);
	if (!rd)
		return GNTST_bad_domain;
	m = maptrack_get(ctx->v, &handle);
	if (!m)
		return GNTST_no_space;
	status = map_with(ctx->v->domain, rd, m, op);
	if (status)
		maptrack_put(ctx->v->domain, handle, m);
	else
		op->handle = handle;
	return status;
}

/* ---- unmapping ---- */

/* Parts taken out of a mapping: their pins are ours to drop, and keep the granter. */
struct unmap {
	struct domain *rd;
	grant_ref_t ref;
	uint8_t parts;
	bool readonly;
};

static uint8_t parts_asked(const struct gnttab_unmap_grant_ref *op, uint8_t have)
{
	uint8_t parts = 0;

	if (op->host_addr)
		parts |= GNTMAP_host_map;
	if (op->dev_bus_addr)
		parts |= GNTMAP_device_map;
	return parts & have;
}

/*
 * Under the entry's lock, which is held for each change of its mappings but their
 * making, so that no other vCPU undoes the same parts: the guest loses sight of the
 * page and the handle its parts, or nothing changes.
 */
static int16_t take_parts(struct domain *d, const struct gnttab_unmap_grant_ref *op,
			  struct grant_mapping *m, struct grant_mapping seen,
			  const struct active_grant *a, struct unmap *u, bool flush)
{
	struct grant_mapping now = { .word = READ_ONCE(m->word) };
	uint8_t flags = now.flags, parts = parts_asked(op, flags);

	/* It may have had another life since it was looked at. */
	if (now.domid != seen.domid || now.ref != seen.ref || !(flags & MAP_PARTS))
		return GNTST_bad_handle;
	if (op->dev_bus_addr && (flags & GNTMAP_device_map) &&
	    op->dev_bus_addr != page_to_maddr(a->page))
		return GNTST_bad_dev_addr;
	if (!parts)
		return GNTST_okay;
	u->readonly = flags & GNTMAP_readonly;
	now.flags = flags & MAP_PARTS & ~parts ? flags & ~parts : 0;
	if ((parts & GNTMAP_host_map) &&
	    p2m_remove_grant(d, gaddr_to_gfn(op->host_addr), page_to_mfn(a->page),
			     map_type(flags), flush))
		return GNTST_general_error;
	u->parts = parts;
	WRITE_ONCE(m->word, now.word);
	if (!now.flags)
		maptrack_put(d, op->handle, m);
	return GNTST_okay;
}

static int16_t unmap_one(struct hc_ctx *ctx, const struct gnttab_unmap_grant_ref *op,
			 struct unmap *u, bool flush)
{
	struct domain *d = ctx->v->domain;
	struct grant_mapping *at = maptrack_of(d, op->handle), m;
	struct active_grant *a;
	int16_t status;

	u->parts = 0;
	if (!at)
		return GNTST_bad_handle;
	m.word = atomic_load_acquire(&at->word);
	if (!m.flags)
		return GNTST_bad_handle;
	u->ref = m.ref;
	u->rd = find_granter(ctx, m.domid);
	if (!u->rd)
		return GNTST_bad_domain;
	/* It may be another domain by now, with that one's id. */
	if (!ref_is_valid(&u->rd->grant, m.ref))
		return GNTST_bad_handle;
	a = active_of(&u->rd->grant, m.ref);
	spin_lock(&a->lock);
	status = take_parts(d, op, at, m, a, u, flush);
	spin_unlock(&a->lock);
	return status;
}

/* Out of the guest's sight one by one, then one flush, then the pages may go. */
static void unmap_batch(struct hc_ctx *ctx, struct gnttab_unmap_grant_ref *ops, unsigned int nr)
{
	struct domain *d = ctx->v->domain;
	struct unmap u[UNMAP_BATCH];

	/* The last one flushes for all, but when something is wrong with it. */
	for (unsigned int i = 0; i < nr; i++)
		ops[i].status = unmap_one(ctx, &ops[i], &u[i], i + 1 == nr);
	/* Acquire pairs with the release in flush_now(): clear, what we removed is flushed. */
	if (unlikely(atomic_load_acquire(&d->p2m.need_flush))) {
		spin_lock(&d->p2m.lock);
		p2m_unlock(d);
	}
	for (unsigned int i = 0; i < nr; i++)
		if (u[i].parts)
			grant_release(u[i].rd, u[i].ref, u[i].readonly, nr_parts(u[i].parts));
}

/* ---- calls ---- */

long gnttab_map(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_map_grant_ref *op = arg;

	op->status = map_one(ctx, op);
	return 0;
}

/* Nobody would know the handle. */
void gnttab_undo_map(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_map_grant_ref *op = arg;
	struct gnttab_unmap_grant_ref u = {
		.host_addr = op->host_addr, .handle = op->handle,
		.dev_bus_addr = op->flags & GNTMAP_device_map ? op->dev_bus_addr : 0,
	};

	if (op->status == GNTST_okay)
		unmap_batch(ctx, &u, 1);
}

/* Replacing needs the guest's page tables: PV only. Without a new address it is an unmap. */
long gnttab_replace(struct hc_ctx *ctx, void *arg)
{
	struct gnttab_unmap_and_replace *op = arg;
	struct gnttab_unmap_grant_ref u = { .host_addr = op->host_addr, .handle = op->handle };

	op->status = GNTST_general_error;
	if (!op->new_addr) {
		unmap_batch(ctx, &u, 1);
		op->status = u.status;
	}
	return 0;
}

/* By itself and not element by element: for one TLB flush a batch. */
long gnttab_unmap(struct hc_ctx *ctx)
{
	struct gnttab_unmap_grant_ref ops[UNMAP_BATCH];
	unsigned int count = ctx->args[2], nr;
	long rc = 0;

	ctx->target = NULL;
	for (unsigned int i = 0; i < count && !rc; i += nr) {
		struct hc_arg arg;
		size_t size;

		if (i && hc_array_preempt(ctx, i, sizeof(ops[0]))) {
			rc = -ERESTART;
			break;
		}
		nr = min_t(unsigned int, count - i, UNMAP_BATCH);
		size = nr * sizeof(ops[0]);
		ctx->arg_va = ctx->args[1] + (guest_va_t)i * sizeof(ops[0]);
		rc = hc_fetch(ctx, &arg, ops, size);
		if (rc)
			break;
		unmap_batch(ctx, ops, nr);
		rc = hc_deliver(ctx, &arg, ops, size);
	}
	hc_put_target(ctx);
	return rc;
}
