// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles of mapped grants. Each vCPU has a list of free ones so that mapping
 * on different vCPUs shares no lock; a handle goes back to the list it came from.
 */
#include <xen/grant_if.h>
#include <xen/lib.h>
#include <xen/sched.h>

/* A handle that is on a list or in use: it exists. */
static struct grant_mapping *mapping_at(const struct domain *d, uint32_t handle)
{
	return &d->grant.maptrack[handle / MAPTRACK_PER_PAGE][handle % MAPTRACK_PER_PAGE];
}

static inline struct grant_mapping *pop(struct vcpu *v, uint32_t *handle)
{
	struct grant_mapping *m = NULL;

	spin_lock(&v->maptrack.lock);
	*handle = v->maptrack.free_head;
	if (likely(*handle != MAPTRACK_END)) {
		m = mapping_at(v->domain, *handle);
		v->maptrack.free_head = READ_ONCE(m->ref);
	}
	spin_unlock(&v->maptrack.lock);
	return m;
}

static void push(struct vcpu *v, uint32_t handle, struct grant_mapping *m)
{
	spin_lock(&v->maptrack.lock);
	WRITE_ONCE(m->ref, v->maptrack.free_head);
	v->maptrack.free_head = handle;
	spin_unlock(&v->maptrack.lock);
}

/* A page of new handles: all but the first go to v's list, that one to the caller. */
static struct grant_mapping *add_page(struct vcpu *v, uint32_t *first)
{
	struct grant_table *gt = &v->domain->grant;
	struct grant_mapping *page;

	spin_lock(&gt->lock);
	page = gt->maptrack_pages < gt->max_maptrack_frames ? alloc_zeroed_heap_page() : NULL;
	if (!page) {
		spin_unlock(&gt->lock);
		return NULL;
	}
	*first = gt->maptrack_pages * MAPTRACK_PER_PAGE;
	for (unsigned int i = 0; i < MAPTRACK_PER_PAGE; i++)
		page[i].vcpu = v->vcpu_id;
	gt->maptrack[gt->maptrack_pages] = page;
	atomic_store_release(&gt->maptrack_pages, gt->maptrack_pages + 1);
	spin_unlock(&gt->lock);
	for (unsigned int i = MAPTRACK_PER_PAGE - 1; i > 0; i--)
		push(v, *first + i, &page[i]);
	return page;
}

static struct grant_mapping *steal(struct vcpu *v, uint32_t *handle)
{
	struct vcpu *other;

	for_each_vcpu(v->domain, other) {
		struct grant_mapping *m = other != v ? pop(other, handle) : NULL;

		if (m) {
			WRITE_ONCE(m->vcpu, v->vcpu_id);
			return m;
		}
	}
	return NULL;
}

static __noinline struct grant_mapping *find_more(struct vcpu *v, uint32_t *handle)
{
	struct grant_mapping *m = add_page(v, handle);

	return m ? m : steal(v, handle);
}

struct grant_mapping *maptrack_get(struct vcpu *v, uint32_t *handle)
{
	struct grant_mapping *m = pop(v, handle);

	return likely(m) ? m : find_more(v, handle);
}

void maptrack_put(struct domain *d, uint32_t handle, struct grant_mapping *m)
{
	push(d->vcpu[m->vcpu], handle, m);
}
