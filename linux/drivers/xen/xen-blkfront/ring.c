// SPDX-License-Identifier: GPL-2.0-only
/*
 * One queue: shared pages, an event channel, a slot for each request in flight.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "blkfront.h"

static unsigned int ring_entries(unsigned int order)
{
	return __CONST_RING_SIZE(blkif, XEN_PAGE_SIZE << order);
}

/* Backends find the pages one by one; we see them as one piece. */
static int share_pages(struct blkfront_ring *ring)
{
	unsigned int n = 1 << ring->dev->features.ring_order;
	domid_t peer = blkfront_peer(ring->dev);
	size_t size = n * XEN_PAGE_SIZE;
	void *addr = alloc_pages_exact(max_t(size_t, size, PAGE_SIZE), GFP_NOIO | __GFP_ZERO);
	int ref;

	if (!addr)
		return -ENOMEM;
	for (ring->nr_pages = 0; ring->nr_pages < n; ring->nr_pages++) {
		void *page = addr + ring->nr_pages * XEN_PAGE_SIZE;

		ref = gnttab_grant_foreign_access(peer, virt_to_gfn(page), 0);
		if (ref < 0)
			break;
		ring->pages[ring->nr_pages] = page;
		ring->grefs[ring->nr_pages] = ref;
	}
	if (ring->nr_pages < n) {
		/* Nobody was told of these references: they end at once. */
		while (ring->nr_pages)
			compat_end_foreign_access(ring->grefs[--ring->nr_pages], NULL);
		free_pages_exact(addr, max_t(size_t, size, PAGE_SIZE));
		return ref;
	}
	SHARED_RING_INIT((struct blkif_sring *)addr);
	FRONT_RING_INIT(&ring->ring, (struct blkif_sring *)addr, size);
	ring->req_pushed = 0;
	return 0;
}

static void unshare_pages(struct blkfront_ring *ring)
{
	unsigned int i;

	/* The end of a grant drops a reference of its page: larger pages need more. */
	for (i = 0; i < ring->nr_pages; i++) {
		struct page *page = virt_to_page(ring->pages[i]);

		if ((i + 1) * XEN_PAGE_SIZE % PAGE_SIZE && i + 1 < ring->nr_pages)
			get_page(page);
		compat_end_foreign_access(ring->grefs[i], page);
	}
	ring->nr_pages = 0;
	ring->ring.sring = NULL;
}

static int bind(struct blkfront_ring *ring)
{
	struct xenbus_device *xbdev = ring->dev->xbdev;
	int ret;

	ret = xenbus_alloc_evtchn(xbdev, &ring->port);
	if (ret)
		return ret;
	ret = bind_evtchn_to_irqhandler_lateeoi(ring->port, blkfront_response_irq, 0, "blkif",
						ring);
	if (ret <= 0) {
		xenbus_free_evtchn(xbdev, ring->port);
		return ret ? ret : -EINVAL;
	}
	ring->irq = ret;
	return 0;
}

/* Share pages and bind a channel: afterwards the backend may be told. Sleeps. */
int blkfront_ring_connect(struct blkfront_ring *ring)
{
	int ret = share_pages(ring);

	if (!ret)
		ret = bind(ring);
	if (ret)
		blkfront_ring_disconnect(ring);
	return ret;
}

static void free_slots(struct blkfront_ring *ring)
{
	unsigned int i, j;

	for (i = 0; i < ring->nr_slots; i++) {
		struct blkfront_slot *slot = &ring->slots[i];

		/* Those of a pool are the pool's. */
		for (j = 0; slot->list && !ring->pool.max &&
			    j < BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST; j++)
			blkfront_buf_exit(&slot->list[j]);
		kvfree(slot->segs);
		kfree(slot->list);
		memset(slot, 0, sizeof(*slot));
	}
}

static int alloc_slots(struct blkfront_ring *ring)
{
	unsigned int segs = ring->dev->features.segs, i;

	segs += blkfront_list_pages(segs);
	for (i = 0; i < ring->nr_usable; i++) {
		struct blkfront_slot *slot = &ring->slots[i];

		slot->id = i;
		slot->segs = kvcalloc(segs, sizeof(*slot->segs), GFP_NOIO);
		slot->list = kcalloc(BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST, sizeof(*slot->list),
				     GFP_NOIO);
		if (!slot->segs || !slot->list)
			return -ENOMEM;
	}
	return 0;
}

/*
 * What requests need besides the ring, when the backend's features are known. Short
 * of memory or grants requests become smaller, down to what fits the ring itself.
 */
int blkfront_ring_prepare(struct blkfront_ring *ring)
{
	struct blkfront *dev = ring->dev;
	int ret = alloc_slots(ring);

	if (ret || !dev->features.bounce)
		return ret;
	for (;;) {
		unsigned int segs = dev->features.segs;
		unsigned int least = segs + blkfront_list_pages(segs);

		ret = blkfront_pool_init(&ring->pool, blkfront_peer(dev), least,
					 max(POOL_PAGES / dev->nr_used, least));
		if (!ret || segs <= LEAST_SEGS)
			return ret;
		dev->features.segs = max(segs / 2, LEAST_SEGS);
		dev_warn(&dev->xbdev->dev, "short of grants or memory: %u segments a request\n",
			 dev->features.segs);
	}
}

/* No response is looked at afterwards. Sleeps. */
void blkfront_ring_stop(struct blkfront_ring *ring)
{
	spin_lock_irq(&ring->lock);
	ring->live = ring->open = false;
	spin_unlock_irq(&ring->lock);
	if (ring->irq > 0)
		unbind_from_irqhandler(ring->irq, ring);
	ring->irq = 0;
}

/* With the queue quiesced and no request in a slot. Sleeps. */
void blkfront_ring_disconnect(struct blkfront_ring *ring)
{
	blkfront_ring_stop(ring);
	free_slots(ring);
	blkfront_pool_exit(&ring->pool);
	unshare_pages(ring);
	ring->starved = false;
}

/* Which ring carries which queue's requests. With the queues quiesced, or none yet. */
void blkfront_rings_assign(struct blkfront *dev)
{
	unsigned int i, entries = ring_entries(dev->features.ring_order);

	for (i = 0; i < dev->nr_rings; i++) {
		struct blkfront_ring *ring = &dev->rings[i];

		ring->via = &dev->rings[i % dev->nr_used];
		ring->nr_usable = min(ring->nr_slots, entries);
		ring->shared = dev->nr_used < dev->nr_rings || entries < ring->nr_slots;
	}
}

/* dev->nr_rings of them, by dev->features; not connected yet. */
int blkfront_rings_alloc(struct blkfront *dev)
{
	unsigned int i;

	dev->rings = kvcalloc(dev->nr_rings, sizeof(*dev->rings), GFP_KERNEL);
	if (!dev->rings)
		return -ENOMEM;
	for (i = 0; i < dev->nr_rings; i++) {
		struct blkfront_ring *ring = &dev->rings[i];

		spin_lock_init(&ring->lock);
		ring->dev = dev;
		ring->nr_slots = ring_entries(dev->max_ring_order);
		ring->slots = kvcalloc(ring->nr_slots, sizeof(*ring->slots), GFP_KERNEL);
		if (!ring->slots)
			goto fail;
	}
	return 0;
fail:
	blkfront_rings_free(dev);
	return -ENOMEM;
}

/* Disconnected ones only. */
void blkfront_rings_free(struct blkfront *dev)
{
	unsigned int i;

	for (i = 0; dev->rings && i < dev->nr_rings; i++)
		kvfree(dev->rings[i].slots);
	kvfree(dev->rings);
	dev->rings = NULL;
}
