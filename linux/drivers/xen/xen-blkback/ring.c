// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ring of a connected device: the frontend's pages mapped, an event channel bound,
 * memory for as many requests as the ring has entries.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "blkback.h"

static void free_reqs(struct blkback_ring *ring)
{
	unsigned int i;

	for (i = 0; ring->reqs && i < ring->nr_ents; i++) {
		kvfree(ring->reqs[i].many_vecs);
		kvfree(ring->reqs[i].many_segs);
	}
	kvfree(ring->reqs);
	ring->reqs = NULL;
}

static int alloc_reqs(struct blkback_ring *ring)
{
	unsigned int i;

	init_llist_head(&ring->done);
	ring->reqs = kvcalloc(ring->nr_ents, sizeof(*ring->reqs), GFP_KERNEL);
	if (!ring->reqs)
		return -ENOMEM;
	for (i = 0; i < ring->nr_ents; i++) {
		ring->reqs[i].ring = ring;
		ring->reqs[i].free = ring->free;
		ring->free = &ring->reqs[i];
	}
	return 0;
}

static int alloc_scratch(struct blkback_ring *ring)
{
	/* The segments of a request fill half a page: it may be a target of copies. */
	BUILD_BUG_ON(MAX_INDIRECT_SEGS * sizeof(*ring->scratch) > XEN_PAGE_SIZE);
	ring->scratch = (void *)__get_free_page(GFP_KERNEL);
	ring->copies = kvcalloc(MAX_INDIRECT_SEGS, sizeof(*ring->copies), GFP_KERNEL);
	ring->maps = kvcalloc(MAX_INDIRECT_SEGS, sizeof(*ring->maps), GFP_KERNEL);
	ring->map_pages = kvcalloc(MAX_INDIRECT_SEGS, sizeof(*ring->map_pages), GFP_KERNEL);
	ring->map_to = kvcalloc(MAX_INDIRECT_SEGS, sizeof(*ring->map_to), GFP_KERNEL);
	return ring->scratch && ring->copies && ring->maps && ring->map_pages && ring->map_to ?
		0 : -ENOMEM;
}

static void free_scratch(struct blkback_ring *ring)
{
	free_page((unsigned long)ring->scratch);
	kvfree(ring->copies);
	kvfree(ring->maps);
	kvfree(ring->map_pages);
	kvfree(ring->map_to);
}

/*
 * The ring may be in use already, by a driver that was here before: all it took was
 * answered. The indices that the frontend wrote must allow for that.
 */
static int attach(struct blkback_ring *ring, const grant_ref_t *refs, unsigned int nr)
{
	struct blkback *dev = ring->dev;
	void *addr;
	int ret;

	ret = xenbus_map_ring_valloc(dev->xbdev, (grant_ref_t *)refs, nr, &addr);
	if (ret)
		return ret;
	ring->sring = addr;
	ring->nr_ents = rounddown_pow_of_two((nr * XEN_PAGE_SIZE -
					      sizeof(struct blkif_common_sring)) /
					     WIRE_STRIDE(dev->abi));
	ring->rsp_prod = READ_ONCE(ring->sring->rsp_prod);
	ring->req_cons = ring->rsp_pushed = ring->rsp_prod;
	if (READ_ONCE(ring->sring->req_prod) - ring->rsp_prod > ring->nr_ents)
		return -EIO;
	return 0;
}

static int connect(struct blkback_ring *ring)
{
	grant_ref_t refs[1 << MAX_RING_ORDER];
	evtchn_port_t port;
	unsigned int nr;
	int ret;

	ret = blkback_store_read_ring(ring->dev, ring->id, refs, &nr, &port);
	if (ret)
		return ret;
	ret = attach(ring, refs, nr);
	if (ret) {
		xenbus_dev_fatal(ring->dev->xbdev, ret, "mapping ring %u", ring->id);
		return ret;
	}
	ret = alloc_scratch(ring);
	if (!ret)
		ret = alloc_reqs(ring);
	if (!ret)
		ret = blkback_persistent_init(ring);
	if (!ret)
		ret = blkback_worker_start(ring);
	if (ret) {
		xenbus_dev_fatal(ring->dev->xbdev, ret, "starting ring %u", ring->id);
		return ret;
	}
	/* The worker is there: events may come. */
	ret = compat_bind_interdomain_lateeoi(ring->dev->xbdev, port, blkback_worker_irq,
					      "blkif-backend", ring);
	if (ret < 0) {
		xenbus_dev_fatal(ring->dev->xbdev, ret, "binding event channel %u", port);
		return ret;
	}
	ring->irq = ret;
	/* What came before the channel was ours. */
	blkback_worker_kick(ring);
	return 0;
}

static void disconnect(struct blkback_ring *ring)
{
	/* The last responses are announced: the channel goes after them, its user last. */
	blkback_worker_join(ring);
	if (ring->irq)
		unbind_from_irqhandler(ring->irq, ring);
	ring->irq = 0;
	blkback_worker_free(ring);
	blkback_persistent_exit(ring);
	blkback_staging_shrink(ring);
	free_reqs(ring);
	free_scratch(ring);
	if (ring->sring)
		xenbus_unmap_ring_vfree(ring->dev->xbdev, ring->sring);
	ring->sring = NULL;
}

/*
 * All rings that the frontend announced. After an error, which was written to the
 * store, some may be there, and have requests in flight.
 */
int blkback_rings_connect(struct blkback *dev)
{
	unsigned int i;
	int ret = 0;

	dev->rings = kvcalloc(dev->nr_rings, sizeof(*dev->rings), GFP_KERNEL);
	if (!dev->rings) {
		xenbus_dev_fatal(dev->xbdev, -ENOMEM, "allocating rings");
		return -ENOMEM;
	}
	for (i = 0; i < dev->nr_rings; i++) {
		struct blkback_ring *ring = &dev->rings[i];

		ring->dev = dev;
		ring->id = i;
		ring->stall_said = jiffies - 3600 * HZ;
		ring->taken = jiffies - 3600 * HZ;
		spin_lock_init(&ring->lock);
		spin_lock_init(&ring->staging_lock);
		INIT_LIST_HEAD(&ring->staging);
		init_waitqueue_head(&ring->drained);
	}
	for (i = 0; i < dev->nr_rings && !ret; i++)
		ret = connect(&dev->rings[i]);
	return ret;
}

/* dev->draining falls to 0, which blkback_drained says, when nothing is in flight. */
void blkback_rings_stop(struct blkback *dev)
{
	unsigned int i, n = 0;

	for (i = 0; dev->rings && i < dev->nr_rings; i++)
		n += dev->rings[i].thread != NULL;
	atomic_set(&dev->draining, n);
	for (i = 0; dev->rings && i < dev->nr_rings; i++)
		blkback_worker_stop(&dev->rings[i]);
}

/* Of drained rings. May wait for others that still look at a page of the frontend's. */
void blkback_rings_free(struct blkback_ring *rings, unsigned int n)
{
	unsigned int i;

	for (i = 0; rings && i < n; i++)
		disconnect(&rings[i]);
	kvfree(rings);
}
