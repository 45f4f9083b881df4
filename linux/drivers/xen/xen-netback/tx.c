// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets from the guest, second half: one hypercall brings the data of a batch,
 * then the packets go to the network stack and the answers to the ring.
 */
#include <linux/etherdevice.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/tcp.h>
#include <xen/events.h>

#include "net.h"
#include "netback.h"

static bool nb_copied(const struct nb_tx *tx, const struct nb_tx_packet *p)
{
	unsigned int i;

	for (i = p->ops; i < p->ops + p->nops; i++)
		if (unlikely(tx->op[i].status != GNTST_okay))
			return false;
	return true;
}

/* How many segments there will be: queueing disciplines count them. */
static bool nb_tx_count_segments(struct sk_buff *skb)
{
	unsigned int headers;

	if (!skb_is_gso(skb))
		return true;
	if (!skb_transport_header_was_set(skb))
		return false;
	headers = skb_transport_offset(skb) + tcp_hdrlen(skb);
	if (headers > skb_headlen(skb) && !pskb_may_pull(skb, headers))
		return false;
	if (headers >= skb->len)
		return false;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(skb->len - headers, skb_shinfo(skb)->gso_size);
	return true;
}

static void nb_tx_set_hash(struct sk_buff *skb, const struct nb_tx_packet *p)
{
	switch (p->hash_type) {
	case _XEN_NETIF_CTRL_HASH_TYPE_IPV4 + 1:
	case _XEN_NETIF_CTRL_HASH_TYPE_IPV6 + 1:
		skb_set_hash(skb, p->hash, PKT_HASH_TYPE_L3);
		break;
	case _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP + 1:
	case _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP + 1:
		skb_set_hash(skb, p->hash, PKT_HASH_TYPE_L4);
		break;
	}
}

static void nb_tx_deliver(struct nb_queue *q, struct nb_tx_packet *p)
{
	struct sk_buff *skb = p->skb;
	unsigned int len = skb->len;

	/* The guest chooses how its headers are spread over slots. */
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
		goto drop;
	if (p->gso_type)
		netends_set_gso(skb, p->gso_type, p->gso_size);
	nb_tx_set_hash(skb, p);
	skb->protocol = eth_type_trans(skb, q->vif->netdev);
	skb_reset_network_header(skb);
	if (netends_set_checksum(skb, p->flags & XEN_NETTXF_csum_blank,
				 p->flags & XEN_NETTXF_data_validated, &q->rx_gso_fixup) ||
	    !nb_tx_count_segments(skb))
		goto drop;
	skb_probe_transport_header(skb);
	skb_record_rx_queue(skb, q->index);
	netends_count_rx(q->vif->stats, len);
	napi_gro_receive(&q->napi, skb);
	return;
drop:
	q->vif->netdev->stats.rx_errors++;
	kfree_skb(skb);
}

static void nb_tx_finish(struct nb_queue *q, struct nb_tx_packet *p)
{
	unsigned int i;

	if (likely(nb_copied(&q->tx, p))) {
		nb_tx_deliver(q, p);
		return;
	}
	for (i = p->answers; i < p->answers + p->nanswers; i++)
		if (q->tx.answer[i].status != XEN_NETIF_RSP_NULL)
			q->tx.answer[i].status = XEN_NETIF_RSP_ERROR;
	q->vif->netdev->stats.rx_errors++;
	kfree_skb(p->skb);
}

static void nb_tx_answer(struct nb_queue *q)
{
	struct xen_netif_tx_back_ring *ring = &q->tx.ring;
	unsigned int i;
	int notify;

	for (i = 0; i < q->tx.nanswers; i++) {
		struct xen_netif_tx_response *rsp;

		rsp = RING_GET_RESPONSE(ring, ring->rsp_prod_pvt++);
		rsp->id = q->tx.answer[i].id;
		rsp->status = q->tx.answer[i].status;
	}
	RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(ring, notify);
	if (notify)
		notify_remote_via_irq(q->tx_irq);
}

/* From the NAPI. Returns how many packets were taken. */
int nb_tx_poll(struct nb_queue *q, int budget)
{
	struct nb_tx *tx = &q->tx;
	unsigned int i, done;

	tx->nops = 0;
	tx->npackets = 0;
	tx->nanswers = 0;
	nb_tx_parse(q, budget);
	if (tx->nops) {
		nb_grant_copy(tx->op, tx->nops);
		q->tx_copies += tx->nops;
		q->tx_copy_calls++;
	}
	for (i = 0; i < tx->npackets; i++)
		nb_tx_finish(q, &tx->packet[i]);
	done = tx->npackets;
	/* Requests without a packet are work, too: the budget bounds the poll. */
	if (!done && tx->nanswers)
		done = 1;
	if (tx->nanswers)
		nb_tx_answer(q);
	return done;
}
