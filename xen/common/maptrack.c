// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles of mapped grants. Each vCPU has a list of free ones so that mapping
 * on different vCPUs shares no lock; a handle goes back to the list it came from.
 */
#include <xen/grant_if.h>
#include <xen/lib.h>
#include <xen/sched.h>

uint32_t maptrack_limit(const struct domain *d)
{
	/* Acquire pairs with the release in add_page(). */
	return atomic_load_acquire(&d->grant.maptrack_pages) * MAPTRACK_PER_PAGE;
}

struct grant_mapping *maptrack_of(const struct domain *d, uint32_t handle)
{
	if (handle >= maptrack_limit(d))
		return NULL;
	return &d->grant.maptrack[handle / MAPTRACK_PER_PAGE][handle % MAPTRACK_PER_PAGE];
}

static uint32_t pop(struct vcpu *v)
{
	uint32_t handle;

	spin_lock(&v->maptrack.lock);
	handle = v->maptrack.free_head;
	if (handle != MAPTRACK_END)
		v->maptrack.free_head = maptrack_of(v->domain, handle)->ref;
	spin_unlock(&v->maptrack.lock);
	return handle;
}

static void push(struct vcpu *v, uint32_t handle)
{
	spin_lock(&v->maptrack.lock);
	maptrack_of(v->domain, handle)->ref = v->maptrack.free_head;
	v->maptrack.free_head = handle;
	spin_unlock(&v->maptrack.lock);
}

/* A page of new handles: all but the first go to v's list, that one to the caller. */
static uint32_t add_page(struct vcpu *v)
{
	struct grant_table *gt = &v->domain->grant;
	struct grant_mapping *page;
	uint32_t first;

	spin_lock(&gt->lock);
	page = gt->maptrack_pages < gt->max_maptrack_frames ? alloc_zeroed_heap_page() : NULL;
	if (!page) {
		spin_unlock(&gt->lock);
		return MAPTRACK_END;
	}
	first = gt->maptrack_pages * MAPTRACK_PER_PAGE;
	for (unsigned int i = 0; i < MAPTRACK_PER_PAGE; i++)
		page[i].vcpu = v->vcpu_id;
	gt->maptrack[gt->maptrack_pages] = page;
	atomic_store_release(&gt->maptrack_pages, gt->maptrack_pages + 1);
	spin_unlock(&gt->lock);
	for (unsigned int i = MAPTRACK_PER_PAGE - 1; i > 0; i--)
		push(v, first + i);
	return first;
}

static uint32_t steal(struct vcpu *v)
{
	struct vcpu *other;

	for_each_vcpu(v->domain, other) {
		uint32_t handle = other != v ? pop(other) : MAPTRACK_END;

		if (handle != MAPTRACK_END) {
			maptrack_of(v->domain, handle)->vcpu = v->vcpu_id;
			return handle;
		}
	}
	return MAPTRACK_END;
}

uint32_t maptrack_get(struct vcpu *v)
{
	uint32_t handle = pop(v);

	if (unlikely(handle == MAPTRACK_END))
		handle = add_page(v);
	if (unlikely(handle == MAPTRACK_END))
		handle = steal(v);
	return handle;
}

void maptrack_put(struct domain *d, uint32_t handle)
{
	push(d->vcpu[maptrack_of(d, handle)->vcpu], handle);
}
