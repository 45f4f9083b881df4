/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the grant tables. */
#ifndef XEN_GRANT_IF_H
#define XEN_GRANT_IF_H

#include <xen/hypercall.h>

#define ENTRIES_PER_FRAME	(PAGE_SIZE / sizeof(grant_entry_v1_t))
#define MAPTRACK_PER_PAGE	(PAGE_SIZE / sizeof(struct grant_mapping))
#define MAPTRACK_END		(~0U)

/*
 * What is in use of a granted page. While pins are held the page is referenced
 * once, and the guest's entry says GTF_reading (and GTF_writing with writers).
 */
struct active_grant {
	spinlock_t lock;	/* RANK_GRANT_ENTRY */
	uint32_t readers, writers; /* pins: mapped parts and copies */
	uint32_t pad;
	domid_t domid;		/* who may, as found at the first pin */
	uint16_t pad2;
	struct page_info *page;
};

/*
 * A grant somebody else gave and this domain has mapped. Read and written whole:
 * who looks without a lock finds one life of the handle, not parts of several.
 */
struct grant_mapping {
	union {
		struct {
			uint32_t ref;	/* free: next handle of the vCPU's list */
			domid_t domid;	/* granter */
			uint8_t flags;	/* GNTMAP_device_map, _host_map, _readonly; 0 = free */
			uint8_t vcpu;	/* list the handle goes back to */
		};
		uint64_t word;
	};
};

/* ref is checked against the table's size. */
static inline struct active_grant *active_of(const struct grant_table *gt, grant_ref_t ref)
{
	return &gt->active[ref / ENTRIES_PER_FRAME][ref % ENTRIES_PER_FRAME];
}

static inline grant_entry_v1_t *shared_of(const struct grant_table *gt, grant_ref_t ref)
{
	return (grant_entry_v1_t *)gt->shared[ref / ENTRIES_PER_FRAME] + ref % ENTRIES_PER_FRAME;
}

static inline bool ref_is_valid(const struct grant_table *gt, grant_ref_t ref)
{
	/* Acquire pairs with the release in grow(). */
	return ref / ENTRIES_PER_FRAME < atomic_load_acquire(&gt->nr_frames);
}

/* ctx->target keeps the granter, other than the caller, that was asked for last. */
struct domain *find_other_granter(struct hc_ctx *ctx, domid_t id);

/*
 * The domain whose grants are used, looked up once for a run of elements: a
 * backend's are its own and those of one guest. Until the next look-up.
 */
static inline struct domain *find_granter(struct hc_ctx *ctx, domid_t id)
{
	if (id == ctx->v->domain->domain_id)
		return ctx->v->domain;
	if (ctx->target && ctx->target->domain_id == id)
		return ctx->target;
	return find_other_granter(ctx, id);
}

/*
 * So many pins on what rd grants to domid under ref: all or none. GNTST_okay: *page
 * and rd are kept by them until grant_release().
 */
int16_t grant_acquire(struct domain *rd, grant_ref_t ref, domid_t domid, bool readonly,
		      unsigned int pins, struct page_info **page);
void grant_release(struct domain *rd, grant_ref_t ref, bool readonly, unsigned int pins);
/* Is the page one that rd has granted to domid, pinned now? */
bool grant_is_pinned(struct domain *rd, const struct page_info *page, domid_t domid);

/* Map-track handles. NULL when there is none to be had. */
struct grant_mapping *maptrack_get(struct vcpu *v, uint32_t *handle);
void maptrack_put(struct domain *d, uint32_t handle, struct grant_mapping *m);

static inline uint32_t maptrack_limit(const struct domain *d)	/* handles that exist */
{
	/* Acquire pairs with the release in add_page(). */
	return atomic_load_acquire(&d->grant.maptrack_pages) * MAPTRACK_PER_PAGE;
}

static inline struct grant_mapping *maptrack_of(const struct domain *d, uint32_t handle)
{
	if (handle >= maptrack_limit(d))
		return NULL;
	return &d->grant.maptrack[handle / MAPTRACK_PER_PAGE][handle % MAPTRACK_PER_PAGE];
}

/* Handlers of single elements, of which map can be undone; unmap does the whole array. */
long gnttab_map(struct hc_ctx *ctx, void *arg);
void gnttab_undo_map(struct hc_ctx *ctx, void *arg);
long gnttab_replace(struct hc_ctx *ctx, void *arg);
long gnttab_copy(struct hc_ctx *ctx, void *arg);
long gnttab_cache_flush(struct hc_ctx *ctx, void *arg);
long gnttab_unmap(struct hc_ctx *ctx);

#endif
