// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive.
 *
 * Small packets, and the headers of large ones, are copied out of the ring's
 * pages. A page of which everything was copied stays granted and is offered again:
 * no allocation, no grant work. Another page is revoked before the stack sees it,
 * so its contents cannot change any more.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <xen/events.h>

#include "net.h"
#include "netgrant.h"
#include "netfront.h"
#include "netxdp.h"

/* Largest copy into the linear part of a packet that goes on in pages. */
#define NF_HEADER_BYTES	128

/* A packet's first answer and what came with it, checked. */
struct nf_received {
	u16 flags;
	u8 gso_type;
	u16 gso_size;
	unsigned int slots;
	struct bpf_prog *prog;		/* still to be run */
};

static unsigned int nf_rx_slot(RING_IDX index)
{
	return index & (NF_RX_SLOTS - 1);
}

/* Give the slot's page to the caller. False: the backend keeps it mapped. */
static bool nf_rx_take(struct nf_queue *q, unsigned int slot, struct page **page)
{
	if (unlikely(!compat_end_foreign_access_ref(q->rx.ref[slot]))) {
		nf_misuse(q->dev, "receive response before the grant was released");
		return false;
	}
	*page = q->rx.page[slot];
	q->rx.page[slot] = NULL;
	return true;
}

static bool nf_rx_offer(struct nf_queue *q, RING_IDX index)
{
	unsigned int slot = nf_rx_slot(index);
	struct nf_rx *rx = &q->rx;
	struct xen_netif_rx_request *req;

	if (!rx->page[slot]) {
		struct page *page = compat_pool_get(&rx->pool);

		if (!page)
			return false;
		rx->page[slot] = page;
		gnttab_grant_foreign_access_ref(rx->ref[slot], q->dev->xdev->otherend_id,
						nf_gfn(page, 0), 0);
	}
	req = RING_GET_REQUEST(&rx->ring, index);
	req->id = slot;
	req->pad = 0;
	req->gref = rx->ref[slot];
	return true;
}

/* Fill the ring; when memory is short, come back later. From the NAPI. */
void nf_rx_fill(struct nf_queue *q)
{
	struct nf_rx *rx = &q->rx;
	RING_IDX prod = rx->ring.req_prod_pvt;
	int notify;

	while (prod - rx->ring.rsp_cons < NF_RX_SLOTS && nf_rx_offer(q, prod))
		prod++;
	/* How many buffers a backend needs to go on is its own affair. */
	if (prod - rx->ring.rsp_cons < NF_RX_SLOTS) {
		q->rx_no_memory++;
		mod_timer(&rx->refill, jiffies + HZ / 10);
	}
	if (prod == rx->ring.req_prod_pvt)
		return;
	rx->ring.req_prod_pvt = prod;
	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&rx->ring, notify);
	if (notify)
		notify_remote_via_irq(q->rx_irq);
}

static const char *nf_check_extra(const struct xen_netif_extra_info *extra,
				  struct nf_received *got)
{
	switch (extra->type) {
	case XEN_NETIF_EXTRA_TYPE_GSO:
		if (!extra->u.gso.size)
			return "segmentation without a size";
		if (extra->u.gso.type != XEN_NETIF_GSO_TYPE_TCPV4 &&
		    extra->u.gso.type != XEN_NETIF_GSO_TYPE_TCPV6)
			return "segmentation of an unknown type";
		got->gso_size = extra->u.gso.size;
		got->gso_type = extra->u.gso.type;
		return NULL;
	case XEN_NETIF_EXTRA_TYPE_HASH:
	case XEN_NETIF_EXTRA_TYPE_XDP:
		return NULL;
	default:
		return "unknown extra information";
	}
}

/* The chain of extra information after a first answer. */
static const char *nf_get_extras(struct nf_queue *q, RING_IDX *cons, RING_IDX end,
				 struct nf_received *got)
{
	struct xen_netif_extra_info extra;
	const char *bad;

	BUILD_BUG_ON(sizeof(extra) != sizeof(struct xen_netif_rx_response));
	do {
		if (*cons == end || got->slots > NF_PACKET_SLOTS)
			return "extra information without an end";
		RING_COPY_RESPONSE(&q->rx.ring, (*cons)++, (struct xen_netif_rx_response *)&extra);
		got->slots++;
		bad = nf_check_extra(&extra, got);
	} while (!bad && extra.flags & XEN_NETIF_EXTRA_FLAG_MORE);
	return bad;
}

static const char *nf_check_data(const struct xen_netif_rx_response *rsp, RING_IDX index)
{
	if (rsp->id != nf_rx_slot(index))
		return "receive response with another slot's id";
	if (rsp->status >= 0 && rsp->offset + rsp->status > XEN_PAGE_SIZE)
		return "received data outside its page";
	return NULL;
}

/* How much of a packet's start goes into the linear part: all headers we know. */
static unsigned int nf_header_bytes(const void *data, unsigned int len)
{
	const struct ethhdr *eth = data;
	unsigned int at = ETH_HLEN, proto;

	if (len < ETH_HLEN + sizeof(struct ipv6hdr) + sizeof(struct tcphdr))
		return len;
	if (eth->h_proto == htons(ETH_P_IP)) {
		const struct iphdr *ip = data + at;

		at += ip->ihl * 4;
		proto = ip->protocol;
	} else if (eth->h_proto == htons(ETH_P_IPV6)) {
		at += sizeof(struct ipv6hdr);
		proto = ((const struct ipv6hdr *)(data + ETH_HLEN))->nexthdr;
	} else {
		return min_t(unsigned int, len, NF_HEADER_BYTES);
	}
	if (proto != IPPROTO_TCP || at + sizeof(struct tcphdr) > len)
		return min_t(unsigned int, len, NF_HEADER_BYTES);
	at += ((const struct tcphdr *)(data + at))->doff * 4;
	return min_t(unsigned int, len, min_t(unsigned int, at, NF_COPY_BYTES));
}

static void nf_add_page(struct nf_queue *q, struct sk_buff *skb, struct page *page,
			unsigned int offset, unsigned int len)
{
	compat_pool_mark(&q->rx.pool, skb);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, offset, len, PAGE_SIZE);
	q->rx_pages++;
}

/* A slot's data into a packet, where its page must stay. False: no memory. */
static bool nf_copy_slot(struct nf_queue *q, struct sk_buff *skb, const void *data,
			 unsigned int len)
{
	q->rx_copied++;
	while (len) {
		unsigned int n = len, offset;
		struct page *page = netblock_get(&q->rx.block, &n, &offset);

		if (!page || !netblock_add(skb, page, offset, n))
			return false;
		memcpy(page_address(page) + offset, data, n);
		data += n;
		len -= n;
	}
	return true;
}

/*
 * First slot: its start, or all of it, into the linear part. Until the page is
 * revoked the backend may change it, so lengths are bounded, not believed.
 */
static bool nf_first_slot(struct nf_queue *q, unsigned int slot, unsigned int offset,
			  unsigned int len, struct sk_buff **skbp)
{
	struct page *page = q->rx.page[slot];
	void *data = page_address(page) + offset;
	bool fixed = READ_ONCE(q->rx.fixed);
	unsigned int most = fixed ? NF_COPY_FIXED : NF_COPY_BYTES;
	unsigned int linear = len <= most ? len : nf_header_bytes(data, len);
	bool take = linear < len && !fixed;
	struct sk_buff *skb = napi_alloc_skb(&q->napi, max_t(unsigned int, linear, NF_COPY_BYTES));

	if (take && !nf_rx_take(q, slot, &page)) {
		kfree_skb(skb);
		return false;
	}
	*skbp = skb;
	if (unlikely(!skb)) {
		if (take)
			compat_pool_put(&q->rx.pool, page, true);
		return true;
	}
	memcpy(__skb_put(skb, linear), data, linear);
	if (take) {
		nf_add_page(q, skb, page, offset + linear, len - linear);
	} else if (!nf_copy_slot(q, skb, data + linear, len - linear)) {
		kfree_skb(skb);
		*skbp = NULL;
	}
	return true;
}

/* A later slot. *skbp is NULL when the packet is being dropped, now or before. */
static bool nf_next_slot(struct nf_queue *q, unsigned int slot, unsigned int offset,
			 unsigned int len, struct sk_buff **skbp)
{
	const void *data = page_address(q->rx.page[slot]) + offset;
	struct sk_buff *skb = *skbp;
	struct page *page;

	if (!skb || !len)
		return true;
	if (skb_tailroom(skb) >= len && !skb_shinfo(skb)->nr_frags && len <= NF_COPY_BYTES) {
		memcpy(__skb_put(skb, len), data, len);
		q->rx_copied++;
		return true;
	}
	if (READ_ONCE(q->rx.fixed)) {
		if (!nf_copy_slot(q, skb, data, len)) {
			kfree_skb(skb);
			*skbp = NULL;
		}
		return true;
	}
	if (!nf_rx_take(q, slot, &page))
		return false;
	nf_add_page(q, skb, page, offset, len);
	return true;
}

static void nf_set_gso(struct sk_buff *skb, const struct nf_received *got)
{
	/* What fits one segment needs no cutting. */
	if (!got->gso_size || skb->len <= got->gso_size)
		return;
	netends_set_gso(skb, got->gso_type, got->gso_size);
}

static void nf_rx_deliver(struct nf_queue *q, struct sk_buff *skb, const struct nf_received *got)
{
	struct net_device *dev = q->dev->netdev;
	unsigned int len = skb->len;

	if (unlikely(len < ETH_HLEN || !pskb_may_pull(skb, ETH_HLEN)))
		goto drop;
	nf_set_gso(skb, got);
	skb->protocol = eth_type_trans(skb, dev);
	skb_reset_network_header(skb);
	if (netends_set_checksum(skb, got->flags & XEN_NETRXF_csum_blank,
				 got->flags & XEN_NETRXF_data_validated, &q->rx_gso_fixup))
		goto drop;
	skb_record_rx_queue(skb, q->index);
	netends_count_rx(q->dev->stats, len);
	if (got->prog) {
		q->xdp_large++;
		if (compat_xdp_generic(got->prog, &skb) != XDP_PASS)
			return;
	}
	napi_gro_receive(&q->napi, skb);
	return;
drop:
	dev->stats.rx_errors++;
	kfree_skb(skb);
}

/* Offer a copy of the only slot to the program. *skbp stays NULL if that was its end. */
static void nf_rx_xdp(struct nf_queue *q, struct bpf_prog *prog, unsigned int slot,
		      unsigned int offset, unsigned int len, struct sk_buff **skbp)
{
	unsigned int linear, at = XDP_PACKET_HEADROOM;
	struct sk_buff *skb;
	struct page *page;

	/* Where a program sends it on, nobody looks any more. */
	if (unlikely(len < ETH_HLEN)) {
		q->dev->netdev->stats.rx_errors++;
		return;
	}
	page = compat_pool_get(&q->rx.pool);
	if (!page) {
		q->dev->netdev->stats.rx_dropped++;
		return;
	}
	memcpy(page_address(page) + at, page_address(q->rx.page[slot]) + offset, len);
	if (!nf_xdp_run(q, prog, page, &at, &len))
		return;
	linear = len <= NF_COPY_BYTES ? len : nf_header_bytes(page_address(page) + at, len);
	skb = napi_alloc_skb(&q->napi, NF_COPY_BYTES);
	if (!skb) {
		q->dev->netdev->stats.rx_dropped++;
		compat_pool_put(&q->rx.pool, page, true);
		return;
	}
	memcpy(__skb_put(skb, linear), page_address(page) + at, linear);
	if (linear < len)
		nf_add_page(q, skb, page, at + linear, len - linear);
	else
		compat_pool_put(&q->rx.pool, page, true);
	*skbp = skb;
}

/*
 * One packet from the ring; *cons moves past it. Its answers are all there: a
 * backend publishes whole packets. NULL: fine. *skbp is NULL for a packet that
 * carried an error, found no memory, or that a program consumed.
 */
static const char *nf_rx_packet(struct nf_queue *q, struct bpf_prog *prog, RING_IDX *cons,
				RING_IDX end, struct nf_received *got, struct sk_buff **skbp)
{
	struct xen_netif_rx_response rsp;
	RING_IDX index = *cons;
	bool failed, ok = true;
	const char *bad;

	*skbp = NULL;
	memset(got, 0, sizeof(*got));
	RING_COPY_RESPONSE(&q->rx.ring, (*cons)++, &rsp);
	got->slots = 1;
	got->flags = rsp.flags;
	bad = nf_check_data(&rsp, index);
	if (!bad && rsp.flags & XEN_NETRXF_extra_info)
		bad = nf_get_extras(q, cons, end, got);
	if (bad)
		return bad;
	failed = rsp.status < 0;
	if (prog && (rsp.flags & XEN_NETRXF_more_data || rsp.status > (int)NF_XDP_BYTES))
		got->prog = prog;
	if (!failed && prog && !got->prog)
		nf_rx_xdp(q, prog, nf_rx_slot(index), rsp.offset, rsp.status, skbp);
	else if (!failed)
		ok = nf_first_slot(q, nf_rx_slot(index), rsp.offset, rsp.status, skbp);

	while (ok && rsp.flags & XEN_NETRXF_more_data) {
		if (*cons == end)
			return "a packet without an end";
		if (++got->slots > NF_PACKET_SLOTS + 1)
			return "a packet of too many slots";
		index = (*cons)++;
		RING_COPY_RESPONSE(&q->rx.ring, index, &rsp);
		bad = nf_check_data(&rsp, index);
		if (bad)
			return bad;
		if (rsp.status < 0 || (*skbp && skb_shinfo(*skbp)->nr_frags == MAX_SKB_FRAGS)) {
			kfree_skb(*skbp);
			*skbp = NULL;
			failed = true;
		}
		ok = nf_next_slot(q, nf_rx_slot(index), rsp.offset, rsp.status, skbp);
	}
	if (failed)
		q->dev->netdev->stats.rx_errors++;
	else if (!*skbp && (!prog || got->prog))
		q->dev->netdev->stats.rx_dropped++;
	return NULL;
}

/* Returns how many packets were taken. */
int nf_rx_poll(struct nf_queue *q, int budget)
{
	struct xen_netif_rx_front_ring *ring = &q->rx.ring;
	RING_IDX cons = ring->rsp_cons, end = READ_ONCE(ring->sring->rsp_prod);
	struct bpf_prog *prog;
	const char *bad = NULL;
	int done = 0;

	/* A slot that was not offered has no page: less than the ring's size may be. */
	if (end - cons > ring->req_prod_pvt - cons) {
		nf_misuse(q->dev, "more receive responses than requests");
		return 0;
	}
	virt_rmb();	/* the index before the answers: pairs with the backend's push */
	if (cons != end)
		WRITE_ONCE(q->rx_worked, true);
	rcu_read_lock();
	prog = rcu_dereference(q->prog);
	while (cons != end && done < budget) {
		struct nf_received got;
		struct sk_buff *skb;

		bad = nf_rx_packet(q, prog, &cons, end, &got, &skb);
		if (bad || test_bit(NF_MISUSED, &q->dev->flags)) {
			kfree_skb(skb);
			break;
		}
		if (skb)
			nf_rx_deliver(q, skb, &got);
		done++;
	}
	rcu_read_unlock();
	WRITE_ONCE(ring->rsp_cons, cons);
	/* The one that ran may have been detached meanwhile. */
	if (prog)
		xdp_do_flush();
	if (bad) {
		nf_misuse(q->dev, bad);
		return 0;
	}
	nf_rx_fill(q);
	return done;
}

static void nf_refill_timer(struct timer_list *t)
{
	struct nf_queue *q = container_of(t, struct nf_queue, rx.refill);

	napi_schedule(&q->napi);
}

static int nf_rx_refs(struct nf_rx *rx)
{
	grant_ref_t head;
	unsigned int i;
	int err = gnttab_alloc_grant_references(NF_RX_SLOTS, &head);

	if (err)
		return err;
	for (i = 0; i < NF_RX_SLOTS; i++)
		rx->ref[i] = gnttab_claim_grant_reference(&head);
	return 0;
}

static int nf_rx_pages(struct nf_queue *q)
{
	struct nf_rx *rx = &q->rx;
	int err;

	err = compat_pool_create(&rx->pool, &q->dev->netdev->dev, NF_RX_SLOTS);
	if (err)
		return err;
	err = compat_xdp_rxq_reg(&rx->xdp, q->dev->netdev, q->index, 0);
	if (err)
		return err;
	return compat_pool_xdp(&rx->pool, &rx->xdp);
}

/* On error nf_rx_free() releases what there is. */
int nf_rx_init(struct nf_queue *q)
{
	struct nf_rx *rx = &q->rx;
	struct xen_netif_rx_sring *sring;
	int err;

	timer_setup(&rx->refill, nf_refill_timer, 0);
	sring = (void *)get_zeroed_page(GFP_KERNEL);
	if (!sring)
		return -ENOMEM;
	SHARED_RING_INIT(sring);
	FRONT_RING_INIT(&rx->ring, sring, XEN_PAGE_SIZE);
	err = gnttab_grant_foreign_access(q->dev->xdev->otherend_id, virt_to_gfn(sring), 0);
	if (err < 0)
		return err;
	rx->ring_ref = err;
	err = nf_rx_refs(rx);
	if (err)
		return err;
	return nf_rx_pages(q);
}

void nf_rx_free(struct nf_queue *q)
{
	struct nf_rx *rx = &q->rx;
	unsigned int i;

	if (rx->refill.function)
		timer_delete_sync(&rx->refill);
	for (i = 0; i < NF_RX_SLOTS; i++) {
		if (rx->page[i] && !rx->fixed && compat_end_foreign_access_ref(rx->ref[i])) {
			compat_pool_put(&rx->pool, rx->page[i], false);
			rx->page[i] = NULL;
		}
		if (rx->page[i]) {
			/* What another holds, too, the pool lets go of for good. */
			get_page(rx->page[i]);
			compat_pool_put(&rx->pool, rx->page[i], false);
			compat_end_foreign_access(rx->ref[i], rx->page[i]);
		} else if (rx->ref[i]) {
			gnttab_free_grant_reference(rx->ref[i]);
		}
	}
	netblock_free(&rx->block);
	if (xdp_rxq_info_is_reg(&rx->xdp))
		xdp_rxq_info_unreg(&rx->xdp);
	compat_pool_destroy(&rx->pool);
	if (rx->ring_ref)
		compat_end_foreign_access(rx->ring_ref, virt_to_page(rx->ring.sring));
	else if (rx->ring.sring)
		free_page((unsigned long)rx->ring.sring);
	memset(rx, 0, sizeof(*rx));
}
