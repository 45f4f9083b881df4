// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets to the guest.
 *
 * The sender's own context writes down the copies of its packet; they are made
 * when it has no more to send, at the end of the poll that made it send, or when the
 * batch is full: one hypercall for many packets, no thread to switch to. What the guest
 * has no buffers for waits in the queueing discipline, whose length is bounded and the
 * host's to choose.
 *
 * The network core's lock of the transmit queue guards all of nb_rx.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <xen/events.h>

#include "net.h"
#include "netback.h"

static RING_IDX nb_rx_buffers(const struct nb_rx *rx)
{
	RING_IDX n = READ_ONCE(rx->ring.sring->req_prod) - rx->ring.req_cons;

	return n <= NB_RX_SLOTS ? n : 0;
}

/* Buffers for any packet? If not, the guest is to tell when there are more. */
static bool nb_rx_room(struct nb_rx *rx)
{
	if (likely(nb_rx_buffers(rx) >= NB_RX_PACKET))
		return true;
	WRITE_ONCE(rx->asked, true);
	rx->ring.sring->req_event = rx->ring.req_cons + NB_RX_PACKET;
	virt_mb();	/* ask, then look once more: pairs with the guest's push */
	return nb_rx_buffers(rx) >= NB_RX_PACKET;
}

/* A piece of a packet within one page of the host. */
struct nb_piece {
	struct page *page;
	unsigned int offset, len;
};

/* The packet while it is being written down. */
struct nb_rx_packet {
	struct nb_queue *q;
	unsigned int first;		/* its first answer */
	struct nb_rx_answer *slot;	/* the one being filled */
	grant_ref_t ref;
	void *mapped;			/* the slot's buffer, if it is */
	unsigned int fill;		/* end of data in the slot */
	unsigned int headroom;		/* the same for all slots of the packet */
	bool loose;			/* a piece may begin a slot early */
};

/* Consume a buffer. */
static struct nb_rx_answer *nb_rx_next(struct nb_rx_packet *p)
{
	struct nb_rx *rx = &p->q->rx;
	struct nb_rx_answer *a = &rx->answer[rx->nanswers++];
	struct xen_netif_rx_request req;

	RING_COPY_REQUEST(&rx->ring, rx->ring.req_cons++, &req);
	p->ref = req.gref;
	memset(a, 0, sizeof(*a));
	a->rsp.id = req.id;
	a->op = rx->nops;
	return a;
}

static void nb_rx_new_slot(struct nb_rx_packet *p)
{
	if (p->slot)
		p->slot->rsp.flags |= XEN_NETRXF_more_data;
	p->slot = nb_rx_next(p);
	p->mapped = nb_gref_find(p->q, p->ref, true);
	p->fill = p->headroom;
	p->slot->rsp.offset = p->fill;
}

/*
 * A page that another domain granted us (of a disk that is written over the network):
 * the hypervisor copies from the grant only. Its flag means other things of pages that
 * belong to a file or a process.
 */
static void nb_rx_source(struct gnttab_copy *op, struct page *page, unsigned int offset)
{
	struct xen_page_foreign *foreign = page->mapping ? NULL : xen_page_foreign(page);

	op->flags = GNTCOPY_dest_gref;
	op->source.offset = offset & ~XEN_PAGE_MASK;
	if (unlikely(foreign)) {
		op->flags |= GNTCOPY_source_gref;
		op->source.u.ref = foreign->gref;
		op->source.domid = foreign->domid;
	} else {
		op->source.u.gmfn = nb_gfn(page, offset);
		op->source.domid = DOMID_SELF;
	}
}

static void nb_rx_copy(struct nb_rx_packet *p, const struct nb_piece *from, unsigned int skip,
		       unsigned int len)
{
	struct nb_rx *rx = &p->q->rx;
	struct gnttab_copy *op;

	if (p->mapped) {
		memcpy(p->mapped + p->fill, page_address(from->page) + from->offset + skip, len);
		p->q->rx_mapped++;
	} else {
		op = &rx->op[rx->nops++];
		nb_rx_source(op, from->page, from->offset + skip);
		op->dest.u.ref = p->ref;
		op->dest.domid = p->q->vif->domid;
		op->dest.offset = p->fill;
		op->len = len;
		p->slot->nops++;
	}
	p->fill += len;
	p->slot->rsp.status += len;
}

static void nb_rx_piece(struct nb_rx_packet *p, const struct nb_piece *from)
{
	unsigned int done = 0;

	if (p->loose && p->slot->rsp.status && p->fill + from->len > XEN_PAGE_SIZE)
		nb_rx_new_slot(p);
	while (done < from->len) {
		unsigned int n = min_t(unsigned int, from->len - done, XEN_PAGE_SIZE - p->fill);

		if (!n) {
			nb_rx_new_slot(p);
			continue;
		}
		nb_rx_copy(p, from, done, n);
		done += n;
	}
}

/* Cut a range of a (compound) page at grant units; p NULL: only count them. */
static unsigned int nb_rx_range(struct nb_rx_packet *p, struct page *page, unsigned int offset,
				unsigned int len)
{
	unsigned int pieces = 0;

	while (len) {
		struct nb_piece piece = {
			.page = page + (offset >> PAGE_SHIFT),
			.offset = offset & ~PAGE_MASK,
		};

		piece.len = min_t(unsigned int, len,
				  XEN_PAGE_SIZE - (piece.offset & ~XEN_PAGE_MASK));
		if (p)
			nb_rx_piece(p, &piece);
		offset += piece.len;
		len -= piece.len;
		pieces++;
	}
	return pieces;
}

static unsigned int nb_rx_data(struct nb_rx_packet *p, const struct sk_buff *skb)
{
	unsigned int pieces, i;
	struct sk_buff *sub;

	pieces = nb_rx_range(p, virt_to_page(skb->data), offset_in_page(skb->data),
			     skb_headlen(skb));
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		pieces += nb_rx_range(p, skb_frag_page(frag), skb_frag_off(frag),
				      skb_frag_size(frag));
	}
	skb_walk_frags(skb, sub)
		pieces += nb_rx_data(p, sub);
	return pieces;
}

static struct xen_netif_extra_info *nb_rx_extra(struct nb_rx_packet *p,
						struct xen_netif_extra_info *last, u8 type)
{
	struct nb_rx *rx = &p->q->rx;
	struct xen_netif_extra_info *extra = (void *)&nb_rx_next(p)->rsp;

	BUILD_BUG_ON(sizeof(*extra) > sizeof(rx->answer[0].rsp));
	memset(extra, 0, sizeof(*extra));
	extra->type = type;
	if (last)
		last->flags |= XEN_NETIF_EXTRA_FLAG_MORE;
	else
		rx->answer[p->first].rsp.flags |= XEN_NETRXF_extra_info;
	return extra;
}

static u8 nb_rx_gso_type(const struct sk_buff *skb)
{
	if (!skb_is_gso(skb))
		return XEN_NETIF_GSO_TYPE_NONE;
	if (skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4)
		return XEN_NETIF_GSO_TYPE_TCPV4;
	if (skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6)
		return XEN_NETIF_GSO_TYPE_TCPV6;
	return XEN_NETIF_GSO_TYPE_NONE;
}

static bool nb_rx_prefix(const struct nb_vif *vif, u8 gso)
{
	return gso == XEN_NETIF_GSO_TYPE_TCPV4 ? vif->prefix4 && !vif->gso4 :
	       gso == XEN_NETIF_GSO_TYPE_TCPV6 ? vif->prefix6 && !vif->gso6 : false;
}

/* Old frontends get the segment size in an answer of its own before the packet. */
static void nb_rx_put_prefix(struct nb_rx_packet *p, const struct sk_buff *skb)
{
	struct nb_rx_answer *a = nb_rx_next(p);

	a->rsp.flags = XEN_NETRXF_gso_prefix | XEN_NETRXF_more_data;
	a->rsp.offset = skb_shinfo(skb)->gso_size;
}

static void nb_rx_hash_extra(struct nb_rx_packet *p, struct xen_netif_extra_info *last,
			     struct sk_buff *skb)
{
	struct nb_vif *vif = p->q->vif;
	struct xen_netif_extra_info *extra;
	u32 hash = skb_get_hash_raw(skb);
	bool v4 = skb->protocol == htons(ETH_P_IP);

	extra = nb_rx_extra(p, last, XEN_NETIF_EXTRA_TYPE_HASH);
	extra->u.hash.algorithm = vif->hash.algorithm;
	if (skb->l4_hash)
		extra->u.hash.type = v4 ? _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP :
					  _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;
	else
		extra->u.hash.type = v4 ? _XEN_NETIF_CTRL_HASH_TYPE_IPV4 :
					  _XEN_NETIF_CTRL_HASH_TYPE_IPV6;
	memcpy(extra->u.hash.value, &hash, sizeof(hash));
}

static void nb_rx_extras(struct nb_rx_packet *p, struct sk_buff *skb, u8 gso)
{
	struct xen_netif_extra_info *last = NULL;
	struct nb_vif *vif = p->q->vif;

	if (gso != XEN_NETIF_GSO_TYPE_NONE) {
		last = nb_rx_extra(p, last, XEN_NETIF_EXTRA_TYPE_GSO);
		last->u.gso.type = gso;
		last->u.gso.size = skb_shinfo(skb)->gso_size;
	}
	if (p->headroom) {
		last = nb_rx_extra(p, last, XEN_NETIF_EXTRA_TYPE_XDP);
		last->u.xdp.headroom = p->headroom;
	}
	if (skb->sw_hash && vif->hash.algorithm == XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ)
		nb_rx_hash_extra(p, last, skb);
}

static void nb_rx_put(struct nb_queue *q, struct sk_buff *skb, unsigned int pieces,
		      unsigned int headroom)
{
	struct nb_rx_packet p = { .q = q, .headroom = headroom };
	grant_ref_t ref;
	u8 gso = nb_rx_gso_type(skb);

	if (nb_rx_prefix(q->vif, gso)) {
		nb_rx_put_prefix(&p, skb);
		gso = XEN_NETIF_GSO_TYPE_NONE;
	}
	p.first = q->rx.nanswers;
	/*
	 * One copy a piece as long as the slots suffice: a piece cut in two costs
	 * a second copy, which is more than the slot. The headers share a slot
	 * with what follows them. With headroom a whole page does not fit a slot:
	 * only tight slots are then no more than nb_rx_limit() reckons with.
	 */
	p.slot = NULL;
	nb_rx_new_slot(&p);
	p.loose = !headroom && !p.mapped && pieces < XEN_NETIF_NR_SLOTS_MIN;
	p.slot->first = true;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		p.slot->rsp.flags |= XEN_NETRXF_csum_blank | XEN_NETRXF_data_validated;
	else if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		p.slot->rsp.flags |= XEN_NETRXF_data_validated;
	ref = p.ref;
	nb_rx_extras(&p, skb, gso);
	p.ref = ref;
	nb_rx_data(&p, skb);
}

/* A packet one of whose copies failed: all its answers say so. */
static void nb_rx_check(struct nb_queue *q)
{
	struct nb_rx *rx = &q->rx;
	struct nb_rx_answer *head = NULL;
	unsigned int i, k;

	for (i = 0; i < rx->nanswers; i++) {
		struct nb_rx_answer *a = &rx->answer[i];

		if (a->first)
			head = a;
		for (k = a->op; k < a->op + a->nops; k++) {
			if (likely(rx->op[k].status == GNTST_okay))
				continue;
			q->vif->netdev->stats.tx_errors++;
			a->rsp.status = XEN_NETIF_RSP_ERROR;
			if (head)
				head->rsp.status = XEN_NETIF_RSP_ERROR;
		}
	}
}

/* Make the copies, publish the answers, free the packets. */
static void nb_rx_flush(struct nb_queue *q)
{
	struct nb_rx *rx = &q->rx;
	struct sk_buff *skb;
	unsigned int i;
	int notify;

	if (!rx->nanswers)
		return;
	if (rx->nops) {
		nb_grant_copy(rx->op, rx->nops);
		q->rx_copies += rx->nops;
		q->rx_copy_calls++;
		nb_rx_check(q);
	}
	for (i = 0; i < rx->nanswers; i++)
		*RING_GET_RESPONSE(&rx->ring, rx->ring.rsp_prod_pvt++) = rx->answer[i].rsp;
	rx->nanswers = 0;
	rx->nops = 0;
	RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&rx->ring, notify);
	if (notify)
		notify_remote_via_irq(q->rx_irq);
	while ((skb = __skb_dequeue(&rx->held)))
		dev_consume_skb_any(skb);
}

/* When to look for buffers. A guest that does not tell of them would be slow with less. */
static unsigned long nb_rx_again(const struct nb_vif *vif)
{
	return vif->rx_notify ? HZ : msecs_to_jiffies(30);
}

/* No buffers: stop, until the guest's event or the stall timer. */
static bool nb_rx_stop(struct nb_queue *q, struct netdev_queue *txq)
{
	struct nb_rx *rx = &q->rx;

	nb_rx_flush(q);
	if (!rx->stopped) {
		rx->stopped = true;
		rx->stopped_at = jiffies;
	}
	q->rx_ring_full++;
	schedule_delayed_work(&q->vif->stall, nb_rx_again(q->vif));
	netif_tx_stop_queue(txq);
	/* Stopped before the last look: pairs with the guest's push, nb_rx_event(). */
	smp_mb();
	if (!nb_rx_room(rx))
		return true;
	rx->stopped = false;
	netif_tx_start_queue(txq);
	return false;
}

/* What fits the slots of one packet, and is no larger than IP makes it. */
static unsigned int nb_rx_limit(unsigned int headroom)
{
	unsigned int room = XEN_PAGE_SIZE - headroom;

	return min_t(unsigned int, room * XEN_NETIF_NR_SLOTS_MIN,
		     XEN_NETIF_MAX_TX_SIZE + VLAN_ETH_HLEN);
}

static bool nb_rx_sendable(struct nb_vif *vif, struct sk_buff *skb, unsigned int headroom)
{
	const struct ethhdr *eth = (const void *)skb->data;

	if (unlikely(skb->len > nb_rx_limit(headroom)))
		return false;
	if (vif->multicast_control && is_multicast_ether_addr(eth->h_dest) &&
	    !nb_mcast_wanted(vif, eth->h_dest))
		return false;
	return true;
}

/*
 * Will the batch be made later? By the next packet of a burst, or at the end of
 * the poll that this packet is part of or runs beside: acknowledgements from the
 * guest release several packets to it.
 */
static bool nb_rx_more_to_come(const struct nb_queue *q)
{
	return netdev_xmit_more() || READ_ONCE(q->polling);
}

/* The poll ends: packets that were left to it go out. */
void nb_rx_poll_end(struct nb_queue *q)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->vif->netdev, q->index);

	/* Before the lock: who finds it set under the lock is served below. */
	WRITE_ONCE(q->polling, false);
	__netif_tx_lock(txq, smp_processor_id());
	nb_rx_flush(q);
	__netif_tx_unlock(txq);
}

netdev_tx_t nb_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct nb_vif *vif = netdev_priv(dev);
	struct nb_queue *queues = nb_queues(vif);
	unsigned int index = skb_get_queue_mapping(skb), pieces;
	/* The guest may change it at any time: the check and the use see the same. */
	unsigned int headroom = READ_ONCE(vif->xdp_headroom);
	struct netdev_queue *txq = netdev_get_tx_queue(dev, index);
	struct nb_queue *q = NULL;

	if (unlikely(!queues || index >= vif->nqueues))
		goto drop;
	q = &queues[index];
	if (!nb_rx_sendable(vif, skb, headroom))
		goto drop;
	pieces = nb_rx_data(NULL, skb);
	if (pieces > 2 * XEN_NETIF_NR_SLOTS_MIN) {
		if (skb_linearize(skb))
			goto drop;
		pieces = nb_rx_data(NULL, skb);
	}
	if (unlikely(!nb_rx_room(&q->rx))) {
		if (q->rx.draining) {
			q->rx_drained++;
			goto drop;
		}
		if (nb_rx_stop(q, txq))
			return NETDEV_TX_BUSY;
	}
	q->rx.stopped = false;
	q->rx.draining = false;
	/* Each end of a slot may cut a piece. */
	if (q->rx.nops + pieces + NB_RX_PACKET > NB_RX_OPS ||
	    q->rx.nanswers + NB_RX_PACKET > NB_RX_OPS)
		nb_rx_flush(q);
	skb_tx_timestamp(skb);
	virt_rmb();	/* the index before the buffers: pairs with the guest's push */
	nb_rx_put(q, skb, pieces, headroom);
	netends_count_tx(vif->stats, skb->len);
	__skb_queue_tail(&q->rx.held, skb);
	if (!nb_rx_more_to_come(q) || q->rx.nops > NB_RX_OPS / 2)
		nb_rx_flush(q);
	if (!nb_rx_room(&q->rx))
		nb_rx_stop(q, txq);
	return NETDEV_TX_OK;
drop:
	if (q && !nb_rx_more_to_come(q))
		nb_rx_flush(q);
	dev->stats.tx_dropped++;
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

/* The guest's event. True: it was good for something. Without buffers it is not. */
bool nb_rx_event(struct nb_queue *q)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->vif->netdev, q->index);
	bool asked = READ_ONCE(q->rx.asked);

	WRITE_ONCE(q->rx.asked, false);
	if (!netif_tx_queue_stopped(txq))
		return asked;
	if (!nb_rx_room(&q->rx))
		return false;
	netif_tx_wake_queue(txq);
	return true;
}

/* Nobody sends any more: forget what was not copied. */
void nb_rx_reset(struct nb_queue *q)
{
	__skb_queue_purge(&q->rx.held);
	q->rx.nops = 0;
	q->rx.nanswers = 0;
}

/*
 * Too long without buffers: drop packets, then take the carrier off. *waiting is
 * set when this must be looked at again.
 */
static bool nb_rx_stalled(struct nb_queue *q, struct netdev_queue *txq, bool *waiting)
{
	bool stalled = false;

	__netif_tx_lock_bh(txq);
	if (q->rx.stopped && nb_rx_buffers(&q->rx) >= NB_RX_PACKET) {
		/* The guest brought buffers; perhaps it forgot to say so. */
		q->rx.stopped = false;
		netif_tx_wake_queue(txq);
	} else if (q->rx.stopped) {
		unsigned long since = jiffies - q->rx.stopped_at;

		if (nb_drain_ms && since > msecs_to_jiffies(nb_drain_ms) && !q->rx.draining) {
			q->rx.draining = true;
			netif_tx_wake_queue(txq);
		}
		stalled = nb_stall_ms && q->vif->rx_notify &&
			  since > msecs_to_jiffies(nb_stall_ms);
		*waiting = true;
	}
	__netif_tx_unlock_bh(txq);
	return stalled;
}

void nb_rx_stall_work(struct work_struct *work)
{
	struct nb_vif *vif = container_of(work, struct nb_vif, stall.work);
	struct nb_queue *queues;
	unsigned int i, stalled = 0;
	bool waiting = false;

	rcu_read_lock();
	queues = nb_queues(vif);
	for (i = 0; queues && i < vif->nqueues; i++)
		stalled += nb_rx_stalled(&queues[i], netdev_get_tx_queue(vif->netdev, i),
					 &waiting);
	rcu_read_unlock();
	if (!queues)
		return;
	if (stalled && netif_carrier_ok(vif->netdev)) {
		netdev_info(vif->netdev, "the guest takes no packets\n");
		netif_carrier_off(vif->netdev);
	} else if (!stalled && !netif_carrier_ok(vif->netdev)) {
		netdev_info(vif->netdev, "the guest takes packets again\n");
		netif_carrier_on(vif->netdev);
	}
	if (waiting)
		schedule_delayed_work(&vif->stall, nb_rx_again(vif));
}
