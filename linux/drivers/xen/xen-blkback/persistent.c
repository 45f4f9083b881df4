// SPDX-License-Identifier: GPL-2.0-only
/*
 * A frontend that copies through pages of its own grants them for good: each is
 * mapped when it is first seen and found by its reference from then on. What was not
 * used for a while is unmapped, and there are at most max_persistent_grants a ring.
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "blkback.h"

int blkback_persistent_init(struct blkback_ring *ring)
{
	ring->pgrants = kvcalloc(PGRANT_BUCKETS, sizeof(*ring->pgrants), GFP_KERNEL);
	return ring->pgrants ? 0 : -ENOMEM;
}

/* References are handed out in sequence: their low bits spread best. */
static struct hlist_head *bucket(struct blkback_ring *ring, grant_ref_t gref)
{
	return &ring->pgrants[gref % PGRANT_BUCKETS];
}

struct pgrant *blkback_persistent_find(struct blkback_ring *ring, grant_ref_t gref)
{
	struct pgrant *p;

	hlist_for_each_entry(p, bucket(ring, gref), node)
		if (p->gref == gref)
			return p;
	return NULL;
}

static unsigned int room(struct blkback_ring *ring)
{
	unsigned int max = max(READ_ONCE(blkback_max_pgrants), 0);

	return max > ring->nr_pgrants ? max - ring->nr_pgrants : 0;
}

/* Each reference of segs that is not known yet, once, into the ring's scratch. */
static unsigned int unknown(struct blkback_ring *ring, const struct wire_segment *segs,
			    unsigned int n)
{
	unsigned int i, found = 0, max = min_t(unsigned int, room(ring), MAX_INDIRECT_SEGS);

	for (i = 0; i < n && found < max; i++) {
		struct pgrant *p;

		if (blkback_persistent_find(ring, segs[i].gref))
			continue;
		p = kzalloc(sizeof(*p), GFP_NOIO | __GFP_NOWARN);
		if (!p)
			break;
		p->gref = segs[i].gref;
		/* In the table already, so that it is not found twice. */
		hlist_add_head(&p->node, bucket(ring, p->gref));
		ring->map_to[found++] = p;
	}
	return found;
}

static void forget(struct pgrant *p)
{
	hlist_del(&p->node);
	kfree(p);
}

/*
 * Map what of segs is not mapped yet, as far as there is room. A page that cannot be
 * mapped is not found afterwards: it is copied, and that says what is wrong with it.
 */
void blkback_persistent_map(struct blkback_ring *ring, const struct wire_segment *segs,
			    unsigned int n)
{
	domid_t domid = ring->dev->xbdev->otherend_id;
	unsigned int i, nr = unknown(ring, segs, n);

	if (!nr)
		return;
	if (gnttab_alloc_pages(nr, ring->map_pages)) {
		for (i = 0; i < nr; i++)
			forget(ring->map_to[i]);
		return;
	}
	for (i = 0; i < nr; i++)
		gnttab_set_map_op(&ring->maps[i],
				  (unsigned long)pfn_to_kaddr(page_to_xen_pfn(ring->map_pages[i])),
				  GNTMAP_host_map, ring->map_to[i]->gref, domid);
	if (gnttab_map_refs(ring->maps, NULL, ring->map_pages, nr))
		pr_warn_ratelimited("%s: mapping grants failed\n", ring->dev->xbdev->nodename);
	for (i = 0; i < nr; i++) {
		struct pgrant *p = ring->map_to[i];

		if (ring->maps[i].status != GNTST_okay) {
			gnttab_free_pages(1, &ring->map_pages[i]);
			forget(p);
			continue;
		}
		p->handle = ring->maps[i].handle;
		p->page = ring->map_pages[i];
		ring->nr_pgrants++;
	}
}

static void unmap(struct blkback_ring *ring, struct pgrant **list, unsigned int n)
{
	struct gnttab_unmap_grant_ref *ops = (void *)ring->maps;
	unsigned int i;

	BUILD_BUG_ON(sizeof(struct gnttab_unmap_grant_ref) > sizeof(struct gnttab_map_grant_ref));
	for (i = 0; i < n; i++) {
		ring->map_pages[i] = list[i]->page;
		gnttab_set_unmap_op(&ops[i],
				    (unsigned long)pfn_to_kaddr(page_to_xen_pfn(list[i]->page)),
				    GNTMAP_host_map, list[i]->handle);
	}
	ring->unmapping = (struct gntab_unmap_queue_data){
		.unmap_ops = ops,
		.pages = ring->map_pages,
		.count = n,
	};
	/* Waits until nobody else holds one of the pages. */
	if (gnttab_unmap_refs_sync(&ring->unmapping))
		pr_warn_ratelimited("%s: unmapping grants failed\n", ring->dev->xbdev->nodename);
	gnttab_free_pages(n, ring->map_pages);
	for (i = 0; i < n; i++)
		forget(list[i]);
	ring->nr_pgrants -= n;
}

static void mark_busy(struct blkback_ring *ring)
{
	unsigned int i, j;

	for (i = 0; i < ring->nr_ents; i++) {
		struct blkback_req *req = &ring->reqs[i];

		if (!READ_ONCE(req->active))
			continue;
		for (j = 0; j < req->nr_segs; j++)
			if (req->segs[j].pgrant)
				req->segs[j].pgrant->busy = true;
	}
}

/*
 * Unmap what has not been used for so many jiffies, and what is too much since the
 * limit was lowered. Sleeps.
 */
void blkback_persistent_sweep(struct blkback_ring *ring, unsigned long unused)
{
	unsigned int i, n = 0, max = max(READ_ONCE(blkback_max_pgrants), 0);
	struct hlist_node *next;
	struct pgrant *p;

	if (!ring->nr_pgrants)
		return;
	mark_busy(ring);
	for (i = 0; i < PGRANT_BUCKETS; i++)
		hlist_for_each_entry_safe(p, next, &ring->pgrants[i], node) {
			bool busy = p->busy;

			p->busy = false;
			if (busy || (ring->nr_pgrants - n <= max &&
				     time_before(jiffies, p->used + unused)))
				continue;
			ring->map_to[n++] = p;
			if (n < MAX_INDIRECT_SEGS)
				continue;
			unmap(ring, ring->map_to, n);
			n = 0;
		}
	if (n)
		unmap(ring, ring->map_to, n);
}

/* With no request in flight. */
void blkback_persistent_exit(struct blkback_ring *ring)
{
	if (!ring->pgrants)
		return;
	blkback_persistent_sweep(ring, 0);
	kvfree(ring->pgrants);
	ring->pgrants = NULL;
}
