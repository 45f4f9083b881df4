// SPDX-License-Identifier: GPL-2.0-only
/* Mapping and unmapping grants. */
#include <xen/grant_if.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>

#define MAP_PARTS	(GNTMAP_device_map | GNTMAP_host_map)
/* In grant_mapping.flags: parts somebody is undoing. Until it is done the handle is in use. */
#define GOING(parts)	((uint8_t)(((parts) & MAP_PARTS) << 4))
#define UNMAP_BATCH	16	/* unmappings with one TLB flush */

static unsigned int nr_parts(unsigned int flags)
{
	return !!(flags & GNTMAP_host_map) + !!(flags & GNTMAP_device_map);
}

static void release_parts(struct domain *rd, grant_ref_t ref, unsigned int flags)
{
	for (unsigned int n = nr_parts(flags); n; n--)
		grant_release(rd, ref, flags & GNTMAP_readonly);
}

/* Pins one for each part; all or none. */
static int16_t acquire_parts(struct domain *rd, const struct gnttab_map_grant_ref *op,
			     domid_t domid, struct page_info **page)
{
	bool readonly = op->flags & GNTMAP_readonly;
	int16_t status = grant_acquire(rd, op->ref, domid, readonly, page);

	if (status || nr_parts(op->flags) == 1)
		return status;
	status = grant_acquire(rd, op->ref, domid, readonly, page);
	if (status)
		grant_release(rd, op->ref, readonly);
	return status;
}

static int16_t map_host(struct domain *d, const struct gnttab_map_grant_ref *op,
			struct page_info *page)
{
	gfn_t gfn = gaddr_to_gfn(op->host_addr);
	int rc;

	if (!(op->flags & GNTMAP_host_map))
		return GNTST_okay;
	if (gfn_x(gfn) > P2M_MAX_GFN(d))
		return GNTST_general_error;
	get_page_again(page);	/* the mapping's own reference */
	rc = p2m_set_entry(d, gfn, page_to_mfn(page), 0, op->flags & GNTMAP_readonly ?
			   p2m_grant_map_ro : p2m_grant_map_rw);
	if (rc)
		put_page(page);
	return rc ? GNTST_general_error : GNTST_okay;
}

static int16_t map_pinned(struct hc_ctx *ctx, struct domain *rd, struct gnttab_map_grant_ref *op)
{
	struct domain *d = ctx->v->domain;
	struct grant_mapping *m;
	struct page_info *page;
	uint32_t handle = maptrack_get(ctx->v);
	int16_t status;

	if (handle == MAPTRACK_END)
		return GNTST_no_space;
	status = acquire_parts(rd, op, d->domain_id, &page);
	if (!status) {
		status = map_host(d, op, page);
		if (status)
			release_parts(rd, op->ref, op->flags);
	}
	if (status) {
		maptrack_put(d, handle);
		return status;
	}
	m = maptrack_of(d, handle);
	smp_wmb();	/* pairs with is_mapping_of(): the last life's flags are gone */
	WRITE_ONCE(m->ref, op->ref);
	WRITE_ONCE(m->domid, rd->domain_id);
	/* Release: an unmap that sees the flags sees the rest. */
	atomic_store_release(&m->flags, (uint8_t)(op->flags & (MAP_PARTS | GNTMAP_readonly)));
	op->handle = handle;
	op->dev_bus_addr = page_to_maddr(page);
	return GNTST_okay;
}

static void map_one(struct hc_ctx *ctx, struct gnttab_map_grant_ref *op)
{
	struct domain *rd;

	if (!(op->flags & MAP_PARTS)) {
		op->status = GNTST_bad_gntref;
		return;
	}
	/* PV's ways to map; and for devices alone there is nothing without an IOMMU. */
	if (op->flags & (GNTMAP_contains_pte | GNTMAP_application_map) ||
	    !(op->flags & GNTMAP_host_map)) {
		op->status = GNTST_general_error;
		return;
	}
	rd = domain_get_by_id(op->dom);
	if (!rd) {
		op->status = GNTST_bad_domain;
		return;
	}
	op->status = map_pinned(ctx, rd, op);
	put_domain(rd);
}

/* ---- unmapping ---- */

struct unmap {
	struct domain *rd;
	struct grant_mapping *m;
	struct page_info *page;
	uint32_t handle;
	grant_ref_t ref;
	uint8_t flags;		/* parts being undone, and GNTMAP_readonly */
	uint64_t host_addr;
	int16_t status;
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
 * The mapping behind the handle, and whose entry it uses. What is read here may
 * be of several lives of the handle: claim() looks again under the entry's lock.
 */
static int16_t find_mapping(struct domain *d, uint32_t handle, struct unmap *u)
{
	struct grant_mapping *m = maptrack_of(d, handle);

	if (!m || !atomic_load_acquire(&m->flags))
		return GNTST_bad_handle;
	u->m = m;
	u->handle = handle;
	u->ref = READ_ONCE(m->ref);
	u->rd = domain_get_by_id(READ_ONCE(m->domid));
	if (!u->rd)
		return GNTST_bad_domain;
	return ref_is_valid(&u->rd->grant, u->ref) ? GNTST_okay : GNTST_bad_handle;
}

/*
 * Is m a mapping of this entry? Under the entry's lock, which is held for each
 * change of such a mapping but its publication. Flags last: those of an earlier
 * life were cleared before the names of this one were written.
 */
static bool is_mapping_of(const struct grant_mapping *m, const struct unmap *u, uint8_t *flags)
{
	if (READ_ONCE(m->domid) != u->rd->domain_id || READ_ONCE(m->ref) != u->ref)
		return false;
	smp_rmb();
	*flags = READ_ONCE(m->flags);
	return *flags & MAP_PARTS;
}

/* Takes the parts out of the mapping, so that no other vCPU undoes them as well. */
static int16_t claim(struct domain *d, const struct gnttab_unmap_grant_ref *op, struct unmap *u)
{
	struct active_grant *a;
	uint8_t flags;
	int16_t status = find_mapping(d, op->handle, u);

	if (status)
		return status;
	a = active_of(&u->rd->grant, u->ref);
	u->host_addr = op->host_addr;
	spin_lock(&a->lock);
	if (!is_mapping_of(u->m, u, &flags)) {
		status = GNTST_bad_handle;
	} else if (op->dev_bus_addr && (flags & GNTMAP_device_map) &&
		   op->dev_bus_addr != page_to_maddr(a->page)) {
		status = GNTST_bad_dev_addr;
	} else {
		uint8_t parts = parts_asked(op, flags);

		u->page = a->page;
		u->flags = parts | (flags & GNTMAP_readonly);
		WRITE_ONCE(u->m->flags, (flags & ~parts) | GOING(parts));
	}
	spin_unlock(&a->lock);
	return status;
}

/* The claimed parts are undone, or (not) go back. True when the handle has no part left. */
static bool unclaim(struct unmap *u, bool undone)
{
	struct active_grant *a = active_of(&u->rd->grant, u->ref);
	uint8_t parts = u->flags & MAP_PARTS, flags;

	spin_lock(&a->lock);
	flags = u->m->flags & ~GOING(parts);
	if (!undone)
		flags |= parts;
	if (!(flags & ~GNTMAP_readonly))
		flags = 0;
	WRITE_ONCE(u->m->flags, flags);
	spin_unlock(&a->lock);
	return !flags;
}

/* The guest loses sight of all of them, then one flush, then the pages may go. */
static void remove_mappings(struct domain *d, struct unmap *u, unsigned int nr)
{
	p2m_batch_begin(d);
	for (unsigned int i = 0; i < nr; i++) {
		if (u[i].status || !(u[i].flags & GNTMAP_host_map))
			continue;
		if (p2m_remove_grant_locked(d, gaddr_to_gfn(u[i].host_addr),
					    page_to_mfn(u[i].page),
					    u[i].flags & GNTMAP_readonly))
			u[i].status = GNTST_general_error;
	}
	p2m_batch_end(d);
}

static void finish_unmap(struct domain *d, struct unmap *u)
{
	if (u->status == GNTST_okay && (u->flags & MAP_PARTS)) {
		bool last = unclaim(u, true);

		release_parts(u->rd, u->ref, u->flags);
		if (last)
			maptrack_put(d, u->handle);
	} else if (u->status == GNTST_general_error && (u->flags & MAP_PARTS)) {
		unclaim(u, false);
	}
	if (u->rd)
		put_domain(u->rd);
}

static void unmap_batch(struct domain *d, struct gnttab_unmap_grant_ref *ops, unsigned int nr)
{
	struct unmap u[UNMAP_BATCH];
	bool any = false;

	memset(u, 0, sizeof(u[0]) * nr);
	for (unsigned int i = 0; i < nr; i++) {
		u[i].status = claim(d, &ops[i], &u[i]);
		any |= u[i].status == GNTST_okay && (u[i].flags & GNTMAP_host_map);
	}
	if (any)
		remove_mappings(d, u, nr);
	for (unsigned int i = 0; i < nr; i++) {
		finish_unmap(d, &u[i]);
		ops[i].status = u[i].status;
	}
}

long gnttab_map(struct hc_ctx *ctx)
{
	unsigned int count = ctx->args[2];
	struct gnttab_map_grant_ref op;

	for (unsigned int i = 0; i < count; i++) {
		guest_va_t at = ctx->args[1] + i * sizeof(op);

		if (i && gnttab_preempt(ctx, i, sizeof(op)))
			return -ERESTART;
		if (copy_from_guest_va(&op, at, sizeof(op)))
			return -EFAULT;
		map_one(ctx, &op);
		if (likely(!copy_to_guest_va(at, &op, sizeof(op))))
			continue;
		/* Nobody would know the handle. */
		if (op.status == GNTST_okay) {
			struct gnttab_unmap_grant_ref undo = {
				.host_addr = op.flags & GNTMAP_host_map ? op.host_addr : 0,
				.dev_bus_addr = op.flags & GNTMAP_device_map ? op.dev_bus_addr : 0,
				.handle = op.handle,
			};

			unmap_batch(ctx->v->domain, &undo, 1);
		}
		return -EFAULT;
	}
	return 0;
}

static long unmap_array(struct hc_ctx *ctx)
{
	struct gnttab_unmap_grant_ref ops[UNMAP_BATCH];
	unsigned int count = ctx->args[2];

	for (unsigned int i = 0; i < count;) {
		unsigned int nr = min_t(unsigned int, count - i, UNMAP_BATCH);
		guest_va_t at = ctx->args[1] + i * sizeof(ops[0]);

		if (i && gnttab_preempt(ctx, i, sizeof(ops[0])))
			return -ERESTART;
		if (copy_from_guest_va(ops, at, nr * sizeof(ops[0])))
			return -EFAULT;
		unmap_batch(ctx->v->domain, ops, nr);
		if (copy_to_guest_va(at, ops, nr * sizeof(ops[0])))
			return -EFAULT;
		i += nr;
	}
	return 0;
}

/* Replacing needs the guest's page tables: PV only. Without a new address it is an unmap. */
static long replace_array(struct hc_ctx *ctx)
{
	unsigned int count = ctx->args[2];
	struct gnttab_unmap_and_replace op;

	for (unsigned int i = 0; i < count; i++) {
		guest_va_t at = ctx->args[1] + i * sizeof(op);

		if (i && gnttab_preempt(ctx, i, sizeof(op)))
			return -ERESTART;
		if (copy_from_guest_va(&op, at, sizeof(op)))
			return -EFAULT;
		if (op.new_addr) {
			op.status = GNTST_general_error;
		} else {
			struct gnttab_unmap_grant_ref u = {
				.host_addr = op.host_addr, .handle = op.handle,
			};

			unmap_batch(ctx->v->domain, &u, 1);
			op.status = u.status;
		}
		if (copy_to_guest_va(at, &op, sizeof(op)))
			return -EFAULT;
	}
	return 0;
}

long gnttab_unmap(struct hc_ctx *ctx, bool replace)
{
	return replace ? replace_array(ctx) : unmap_array(ctx);
}
