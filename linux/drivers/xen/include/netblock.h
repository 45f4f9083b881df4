/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the data of large packets is copied to: pieces of 32 KiB, cut off one behind the
 * other, so that a packet has few of them. A piece lives as long as a packet refers to it.
 */
#ifndef XYLEM_NETBLOCK_H
#define XYLEM_NETBLOCK_H

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/skbuff.h>

struct netblock {
	struct page *page;
	unsigned int size, used;
};

#define NETBLOCK_ORDER	get_order(32768)

static inline void netblock_free(struct netblock *b)
{
	if (b->page)
		put_page(b->page);
	b->page = NULL;
}

/*
 * Room for up to *len bytes; on return *len is how many there are, at *offset. NULL: no
 * memory. From any context, one at a time.
 */
static inline struct page *netblock_get(struct netblock *b, unsigned int *len,
					unsigned int *offset)
{
	if (b->page && b->used == b->size)
		netblock_free(b);
	if (!b->page) {
		unsigned int order = NETBLOCK_ORDER;

		b->page = alloc_pages(GFP_ATOMIC | __GFP_COMP | __GFP_NOWARN | __GFP_NORETRY |
				      __GFP_NOMEMALLOC, order);
		if (!b->page) {
			order = 0;
			b->page = alloc_page(GFP_ATOMIC | __GFP_NOWARN);
		}
		if (!b->page)
			return NULL;
		b->size = PAGE_SIZE << order;
		b->used = 0;
	}
	*len = min(*len, b->size - b->used);
	*offset = b->used;
	b->used += *len;
	return b->page;
}

/*
 * Append to the last fragment when it goes on there, else begin one, with a reference of
 * its own. False: the packet has too many.
 */
static inline bool netblock_add(struct sk_buff *skb, struct page *page, unsigned int offset,
				unsigned int len)
{
	int i = skb_shinfo(skb)->nr_frags;

	if (skb_can_coalesce(skb, i, page, offset)) {
		skb_frag_size_add(&skb_shinfo(skb)->frags[i - 1], len);
	} else {
		if (i == MAX_SKB_FRAGS)
			return false;
		get_page(page);
		skb_fill_page_desc(skb, i, page, offset, len);
	}
	skb->len += len;
	skb->data_len += len;
	skb->truesize += len;
	return true;
}

#endif /* XYLEM_NETBLOCK_H */
