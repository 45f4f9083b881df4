/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive pages: a page pool where the kernel gives pages of a freed packet back
 * to it, plain pages elsewhere.
 */
#ifndef XYLEM_COMPAT_NETPOOL_H
#define XYLEM_COMPAT_NETPOOL_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/xdp.h>
#include "compat.h"

#if COMPAT_SINCE(6, 6)
#include <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

struct compat_pool {
	struct page_pool *pool;
};

#if COMPAT_SINCE(5, 17)

static inline int compat_pool_create(struct compat_pool *p, struct device *dev,
				     unsigned int pages)
{
	struct page_pool_params params = {
		.pool_size = pages,
		.nid = NUMA_NO_NODE,
		.dev = dev,
	};
	struct page_pool *pool = page_pool_create(&params);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	p->pool = pool;
	return 0;
}

static inline void compat_pool_destroy(struct compat_pool *p)
{
	if (p->pool)
		page_pool_destroy(p->pool);
	p->pool = NULL;
}

/*
 * From the queue's NAPI, or while that cannot run. All of the page is granted: it holds
 * nothing of anybody's.
 */
static inline struct page *compat_pool_get(struct compat_pool *p)
{
	return page_pool_alloc_pages(p->pool, GFP_ATOMIC | __GFP_NOWARN | __GFP_ZERO);
}

static inline void compat_pool_put(struct compat_pool *p, struct page *page, bool napi)
{
	page_pool_put_full_page(p->pool, page, napi);
}

static inline void compat_pool_mark(struct compat_pool *p, struct sk_buff *skb)
{
	skb_mark_for_recycle(skb);
}

static inline int compat_pool_xdp(struct compat_pool *p, struct xdp_rxq_info *rxq)
{
	return xdp_rxq_info_reg_mem_model(rxq, MEM_TYPE_PAGE_POOL, p->pool);
}

#else

static inline int compat_pool_create(struct compat_pool *p, struct device *dev,
				     unsigned int pages)
{
	return 0;
}

static inline void compat_pool_destroy(struct compat_pool *p)
{
}

static inline struct page *compat_pool_get(struct compat_pool *p)
{
	return __dev_alloc_page(GFP_ATOMIC | __GFP_NOWARN | __GFP_ZERO);
}

static inline void compat_pool_put(struct compat_pool *p, struct page *page, bool napi)
{
	put_page(page);
}

static inline void compat_pool_mark(struct compat_pool *p, struct sk_buff *skb)
{
}

static inline int compat_pool_xdp(struct compat_pool *p, struct xdp_rxq_info *rxq)
{
	return xdp_rxq_info_reg_mem_model(rxq, MEM_TYPE_PAGE_ORDER0, NULL);
}

#endif

#endif /* XYLEM_COMPAT_NETPOOL_H */
