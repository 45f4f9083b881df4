// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that the backend may use as long as the ring lives. Data is copied through
 * them: that costs less than a grant, a mapping and their end for each page, and
 * nothing but a disk's own data is ever seen by the backend.
 *
 * Pages are added with use, up to a bound; below that a request waits for others to
 * end. The least a ring needs is there from the start, so that the wait has an end.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "blkfront.h"

int blkfront_buf_init(struct blkfront_buf *buf, domid_t peer, gfp_t gfp)
{
	struct page *page = alloc_page(gfp | __GFP_ZERO | __GFP_NOWARN);
	int ref;

	if (!page)
		return -ENOMEM;
	ref = gnttab_grant_foreign_access(peer, xen_page_to_gfn(page), 0);
	if (ref < 0) {
		__free_page(page);
		return ref;
	}
	buf->addr = page_address(page);
	buf->gref = ref;
	return 0;
}

/* The page is freed when the backend lets go of it. */
void blkfront_buf_exit(struct blkfront_buf *buf)
{
	if (buf->addr)
		compat_end_foreign_access(buf->gref, virt_to_page(buf->addr));
	buf->addr = NULL;
}

static int grow(struct blkfront_pool *pool, domid_t peer, gfp_t gfp)
{
	int ret = blkfront_buf_init(&pool->bufs[pool->nr], peer, gfp);

	if (!ret)
		pool->free[pool->nr_free++] = pool->nr++;
	return ret;
}

/* Sleeps. At least min pages, or an error and nothing. */
int blkfront_pool_init(struct blkfront_pool *pool, domid_t peer, unsigned int min,
		       unsigned int max)
{
	int ret = -ENOMEM;

	pool->nr = pool->nr_free = 0;
	pool->max = max;
	pool->bufs = kvcalloc(max, sizeof(*pool->bufs), GFP_KERNEL);
	pool->free = kvcalloc(max, sizeof(*pool->free), GFP_KERNEL);
	if (pool->bufs && pool->free)
		for (ret = 0; !ret && pool->nr < min;)
			ret = grow(pool, peer, GFP_NOIO);
	if (ret)
		blkfront_pool_exit(pool);
	return ret;
}

void blkfront_pool_exit(struct blkfront_pool *pool)
{
	while (pool->nr)
		blkfront_buf_exit(&pool->bufs[--pool->nr]);
	kvfree(pool->bufs);
	kvfree(pool->free);
	memset(pool, 0, sizeof(*pool));
}

/* Most requests have one page, for which a call would cost more than it does. */
static void copy_numbers(u32 *to, const u32 *from, unsigned int n)
{
	if (n == 1)
		*to = *from;
	else
		memcpy(to, from, n * sizeof(*to));
}

/* n pages, or none. */
bool blkfront_pool_take(struct blkfront_pool *pool, domid_t peer, unsigned int n, u32 *out)
{
	while (pool->nr_free < n && pool->nr < pool->max)
		if (grow(pool, peer, GFP_NOWAIT))
			break;
	if (pool->nr_free < n)
		return false;
	pool->nr_free -= n;
	copy_numbers(out, pool->free + pool->nr_free, n);
	return true;
}

void blkfront_pool_put(struct blkfront_pool *pool, unsigned int n, const u32 *bufs)
{
	copy_numbers(pool->free + pool->nr_free, bufs, n);
	pool->nr_free += n;
}
