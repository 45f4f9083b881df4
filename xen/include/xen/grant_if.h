/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the grant tables. */
#ifndef XEN_GRANT_IF_H
#define XEN_GRANT_IF_H

#include <xen/domain.h>
#include <xen/grant_table.h>

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

/* A grant somebody else gave and this domain has mapped. */
struct grant_mapping {
	uint32_t ref;		/* free: next handle of the vCPU's list */
	domid_t domid;		/* granter */
	uint8_t flags;		/* GNTMAP_device_map, _host_map, _readonly, GOING(); 0 = free */
	uint8_t vcpu;		/* list the handle goes back to */
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

/*
 * One pin on what rd grants to domid under ref. GNTST_okay: *page is kept by
 * the pin until grant_release().
 */
int16_t grant_acquire(struct domain *rd, grant_ref_t ref, domid_t domid, bool readonly,
		      struct page_info **page);
void grant_release(struct domain *rd, grant_ref_t ref, bool readonly);
/* Is the page one that rd has granted to domid, pinned now? */
bool grant_is_pinned(struct domain *rd, const struct page_info *page, domid_t domid);

/* Map-track handles. MAPTRACK_END when there is none to be had. */
uint32_t maptrack_get(struct vcpu *v);
void maptrack_put(struct domain *d, uint32_t handle);
struct grant_mapping *maptrack_of(const struct domain *d, uint32_t handle); /* NULL: no such */
uint32_t maptrack_limit(const struct domain *d);	/* handles that exist */

long gnttab_map(struct hc_ctx *ctx);
long gnttab_unmap(struct hc_ctx *ctx, bool replace);
long gnttab_copy(struct hc_ctx *ctx);
long gnttab_cache_flush(struct hc_ctx *ctx);

/* Element i is done: is it time to stop? Then args go on behind it. */
bool gnttab_preempt(struct hc_ctx *ctx, unsigned int done, size_t size);

#endif
