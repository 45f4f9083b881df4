// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit.
 *
 * Small packets and the headers of others go through the stage (permanently granted
 * memory), the rest is granted page by page. A packet that fits the stage holds nothing of the
 * stack's: its buffer is freed at once and no event is asked for on its behalf, so
 * small packets cost neither grants nor interrupts.
 */
#include <linux/skbuff.h>
#include <net/ip.h>
#include <xen/events.h>

#include "lock.h"
#include "net.h"
#include "netgrant.h"
#include "netfront.h"
#include "pages.h"

/* Requests of one packet while they are being written; nothing is published. */
struct nf_packet {
	struct nf_queue *q;
	struct xen_netif_tx_request *first, *last;
	u16 last_flags;
	u16 head;
	bool granted;
};

static void *nf_stage(struct nf_tx *tx, u16 id)
{
	const unsigned int per_page = XEN_PAGE_SIZE / NF_STAGE_BYTES;

	return tx->stage[id / per_page] + id % per_page * NF_STAGE_BYTES;
}

/*
 * Ring slots are free with their answer, ids only with their packet's last one: a
 * backend that answers headers at once and data later keeps more ids than slots.
 */
static bool nf_tx_room(const struct nf_tx *tx)
{
	return RING_FREE_REQUESTS(&tx->ring) > NF_PACKET_SLOTS + 1 &&
	       tx->nfree > NF_PACKET_SLOTS;
}

/* The next request of the packet, chained to the one before. Returns its id. */
static u16 nf_put(struct nf_packet *p, u8 state, grant_ref_t ref, unsigned int offset,
		  unsigned int len)
{
	struct nf_tx *tx = &p->q->tx;
	u16 id = tx->free[--tx->nfree];
	struct nf_tx_slot *slot = &tx->slot[id];
	struct xen_netif_tx_request *req;

	if (p->first) {
		p->last->flags = p->last_flags | XEN_NETTXF_more_data;
	} else {
		p->head = id;
		slot->left = 0;
	}
	req = RING_GET_REQUEST(&tx->ring, tx->ring.req_prod_pvt++);
	req->gref = ref;
	req->offset = offset;
	req->flags = 0;
	req->id = id;
	req->size = len;
	if (!p->first)
		p->first = req;
	p->last = req;
	p->last_flags = 0;
	slot->state = state;
	slot->head = p->head;
	tx->slot[p->head].left++;
	return id;
}

static void nf_put_stage(struct nf_packet *p, unsigned int len)
{
	struct nf_tx *tx = &p->q->tx;
	u16 id = tx->free[tx->nfree - 1];
	const unsigned int per_page = XEN_PAGE_SIZE / NF_STAGE_BYTES;

	nf_put(p, NF_TX_STAGED, tx->stage_ref[id / per_page],
	       id % per_page * NF_STAGE_BYTES, len);
	p->q->tx_staged_slots++;
}

/* Part of a page that does not cross a grant unit. */
static void nf_put_grant(struct nf_packet *p, struct page *page, unsigned int offset,
			 unsigned int len, bool bounced)
{
	struct nf_tx *tx = &p->q->tx;
	u16 id = tx->free[tx->nfree - 1];

	gnttab_grant_foreign_access_ref(tx->ref[id], p->q->dev->xdev->otherend_id,
					nf_gfn(page, offset), GNTMAP_readonly);
	nf_put(p, NF_TX_GRANTED, tx->ref[id], offset & ~XEN_PAGE_MASK, len);
	tx->slot[id].page = page;
	tx->slot[id].bounced = bounced;
	tx->granted++;
	p->granted = true;
	p->q->tx_granted_slots++;
}

/* Any range of a (compound) page. */
static int nf_put_range(struct nf_packet *p, struct page *page, unsigned int offset,
			unsigned int len)
{
	while (len) {
		struct page *unit = page + (offset >> PAGE_SHIFT);
		unsigned int start = offset & ~PAGE_MASK;
		unsigned int n = min_t(unsigned int, len,
				       XEN_PAGE_SIZE - (start & ~XEN_PAGE_MASK));

		if (p->q->dev->bounce) {
			struct page *copy = alloc_page(GFP_ATOMIC | __GFP_ZERO | __GFP_NOWARN);

			if (!copy)
				return -ENOMEM;
			memcpy(page_address(copy), page_address(unit) + start, n);
			nf_put_grant(p, copy, 0, n, true);
		} else {
			nf_put_grant(p, unit, start, n, false);
		}
		offset += n;
		len -= n;
	}
	return 0;
}

/* Slots that nf_put_range() takes for a range. */
static unsigned int nf_range_slots(unsigned int offset, unsigned int len)
{
	return XEN_PFN_UP((offset & ~XEN_PAGE_MASK) + len);
}

/* How much of a packet goes through the stage. */
static unsigned int nf_staged(const struct sk_buff *skb)
{
	if (skb->len <= NF_STAGE_BYTES)
		return skb->len;
	return min_t(unsigned int, skb_headlen(skb), NF_STAGE_HEAD);
}

/* Slots of a packet, extra information aside. */
static unsigned int nf_slots(const struct sk_buff *skb)
{
	unsigned int linear = skb_headlen(skb), staged = nf_staged(skb);
	unsigned int slots = 1, i;

	if (staged == skb->len)
		return slots;
	if (linear > staged)
		slots += nf_range_slots(offset_in_page(skb->data + staged), linear - staged);
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		slots += nf_range_slots(skb_frag_off(frag), skb_frag_size(frag));
	}
	return slots;
}

static void nf_put_gso(struct nf_packet *p, const struct sk_buff *skb)
{
	struct xen_netif_tx_front_ring *ring = &p->q->tx.ring;
	struct xen_netif_extra_info *extra;

	extra = (void *)RING_GET_REQUEST(ring, ring->req_prod_pvt++);
	memset(extra, 0, sizeof(*extra));
	extra->type = XEN_NETIF_EXTRA_TYPE_GSO;
	extra->u.gso.size = skb_shinfo(skb)->gso_size;
	extra->u.gso.type = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6 ?
			    XEN_NETIF_GSO_TYPE_TCPV6 : XEN_NETIF_GSO_TYPE_TCPV4;
}

static u16 nf_first_flags(const struct sk_buff *skb)
{
	u16 flags = 0;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		flags |= XEN_NETTXF_csum_blank | XEN_NETTXF_data_validated;
	else if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		flags |= XEN_NETTXF_data_validated;
	if (skb_is_gso(skb))
		flags |= XEN_NETTXF_extra_info;
	return flags;
}

/* Give up a slot's resources. False: the backend still has the page mapped. */
static bool nf_slot_revoke(struct nf_tx *tx, u16 id)
{
	struct nf_tx_slot *slot = &tx->slot[id];

	if (slot->state == NF_TX_GRANTED) {
		tx->granted--;
		if (unlikely(!compat_end_foreign_access_ref(tx->ref[id]))) {
			slot->state = NF_TX_STUCK;
			return false;
		}
		if (slot->bounced)
			__free_page(slot->page);
		slot->page = NULL;
		slot->bounced = false;
	}
	slot->state = NF_TX_DONE;
	return true;
}

static void nf_slot_free(struct nf_tx *tx, u16 id)
{
	tx->slot[id].state = NF_TX_FREE;
	tx->free[tx->nfree++] = id;
}

static void nf_owner_free(struct nf_tx_slot *head)
{
	if (head->skb)
		dev_consume_skb_any(head->skb);
	if (head->frame)
		xdp_return_frame(head->frame);
	head->skb = NULL;
	head->frame = NULL;
}

/* One slot less; with its packet's last one, give the packet back. */
static void nf_slot_done(struct nf_tx *tx, u16 id)
{
	u16 head = tx->slot[id].head;

	if (id != head)
		nf_slot_free(tx, id);
	if (--tx->slot[head].left)
		return;
	nf_owner_free(&tx->slot[head]);
	nf_slot_free(tx, head);
}

/* Take back what was written of a packet that could not be finished. */
static void nf_unwind(struct nf_packet *p, RING_IDX prod)
{
	struct nf_tx *tx = &p->q->tx;
	u16 id;

	tx->ring.req_prod_pvt = prod;
	if (!p->first)
		return;
	for (id = 0; id < NF_TX_SLOTS; id++) {
		if (tx->slot[id].state == NF_TX_FREE || tx->slot[id].head != p->head)
			continue;
		if (nf_slot_revoke(tx, id))
			nf_slot_done(tx, id);
	}
}

static int nf_put_packet(struct nf_packet *p, struct sk_buff *skb)
{
	unsigned int linear = skb_headlen(skb), staged = nf_staged(skb);
	struct nf_tx *tx = &p->q->tx;
	unsigned int i;
	int err;

	err = skb_copy_bits(skb, 0, nf_stage(tx, tx->free[tx->nfree - 1]), staged);
	if (err)
		return err;
	nf_put_stage(p, staged);
	/* The first request tells the packet's size, not its own. */
	p->last->size = skb->len;
	p->last_flags = nf_first_flags(skb);
	p->last->flags = p->last_flags;
	if (skb_is_gso(skb))
		nf_put_gso(p, skb);
	if (staged == skb->len)
		return 0;
	if (linear > staged)
		err = nf_put_range(p, virt_to_page(skb->data + staged),
				   offset_in_page(skb->data + staged), linear - staged);
	for (i = 0; !err && i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		err = nf_put_range(p, skb_frag_page(frag), skb_frag_off(frag),
				   skb_frag_size(frag));
	}
	return err;
}

/* Answers that an honest backend gives: to slots in flight, once. */
static const char *nf_answer(struct nf_tx *tx, const struct xen_netif_tx_response *rsp)
{
	if (rsp->status == XEN_NETIF_RSP_NULL)
		return NULL;
	if (rsp->id >= NF_TX_SLOTS)
		return "transmit response with an id out of range";
	if (tx->slot[rsp->id].state != NF_TX_STAGED && tx->slot[rsp->id].state != NF_TX_GRANTED)
		return "transmit response to a slot that is not in use";
	if (!nf_slot_revoke(tx, rsp->id))
		return "transmit response before the grant was released";
	nf_slot_done(tx, rsp->id);
	return NULL;
}

/* Take the answers. False: the backend broke the protocol. */
static bool nf_collect(struct nf_queue *q)
{
	struct nf_tx *tx = &q->tx;
	RING_IDX cons = tx->ring.rsp_cons, prod = READ_ONCE(tx->ring.sring->rsp_prod);
	const char *bad = NULL;

	if (prod - cons > tx->ring.req_prod_pvt - cons) {
		nf_misuse(q->dev, "more transmit responses than requests");
		return false;
	}
	virt_rmb();	/* the index before the answers: pairs with the backend's push */
	if (cons != prod)
		WRITE_ONCE(q->tx_worked, true);
	while (cons != prod && !bad) {
		struct xen_netif_tx_response rsp;

		RING_COPY_RESPONSE(&tx->ring, cons++, &rsp);
		bad = nf_answer(tx, &rsp);
	}
	WRITE_ONCE(tx->ring.rsp_cons, cons);
	if (bad)
		nf_misuse(q->dev, bad);
	return !bad;
}

/*
 * When the backend is to send an event. Packets that the stack waits for: when
 * half of what is in flight is answered. A full ring: likewise. Else never: the
 * next packet sent collects the answers.
 */
static void nf_ask_event(struct nf_tx *tx)
{
	RING_IDX flight = tx->ring.req_prod_pvt - tx->ring.rsp_cons;
	RING_IDX after = NF_TX_SLOTS;

	if (tx->granted || !nf_tx_room(tx))
		after = flight / 2;
	tx->ring.sring->rsp_event = tx->ring.rsp_cons + after + 1;
}

static void nf_collect_all(struct nf_queue *q)
{
	struct nf_tx *tx = &q->tx;

	do {
		if (!nf_collect(q))
			return;
		nf_ask_event(tx);
		virt_mb();	/* ask, then look once more: pairs with the backend's push */
	} while (READ_ONCE(tx->ring.sring->rsp_prod) != tx->ring.rsp_cons);
}

static void nf_tx_push(struct nf_queue *q)
{
	int notify;

	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&q->tx.ring, notify);
	if (notify) {
		q->tx_notified++;
		notify_remote_via_irq(q->tx_irq);
	}
}

/* A packet the backend can take, or NULL: it was dropped. */
static bool nf_fits(struct nf_queue *q, struct sk_buff *skb)
{
	if (unlikely(skb->len > XEN_NETIF_MAX_TX_SIZE || skb->len < ETH_HLEN))
		return false;
	if (nf_slots(skb) <= XEN_NETIF_NR_SLOTS_MIN)
		return true;
	q->tx_linearized++;
	return !skb_linearize(skb) && nf_slots(skb) <= XEN_NETIF_NR_SLOTS_MIN;
}

/* Lock held: publish, collect, and stop the stack when the ring is full. */
static void nf_tx_finish(struct nf_queue *q, struct netdev_queue *txq, bool more)
{
	if (!nf_tx_room(&q->tx)) {
		netif_tx_stop_queue(txq);
		more = false;
	}
	/* A poll publishes at its end what was sent while it ran. */
	if (more || (READ_ONCE(q->polling) && nf_tx_room(&q->tx)))
		return;
	nf_tx_push(q);
	nf_collect_all(q);
	if (netif_tx_queue_stopped(txq) && nf_tx_room(&q->tx))
		netif_tx_wake_queue(txq);
}

/*
 * With interrupts off this is netpoll, for a message of the kernel: it may have
 * interrupted who holds the lock on this very CPU, and tries again later. A macro,
 * for sparse to see where the lock is held.
 */
#define nf_tx_lock(tx)						\
	(likely(!irqs_disabled()) ? (spin_lock(&(tx)->lock), true) :	\
				    compat_spin_trylock(&(tx)->lock))

netdev_tx_t nf_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct nf_dev *nd = netdev_priv(dev);
	unsigned int index = skb_get_queue_mapping(skb), len = skb->len;
	struct netdev_queue *txq = netdev_get_tx_queue(dev, index);
	struct nf_queue *queues = nf_queues(nd);
	struct nf_packet p = {};
	struct nf_queue *q = NULL;
	RING_IDX prod;
	int err;

	if (unlikely(!queues || index >= nd->nqueues || !netif_carrier_ok(dev)))
		goto drop;
	q = &queues[index];
	if (unlikely(!nf_fits(q, skb)))
		goto drop;

	if (unlikely(!nf_tx_lock(&q->tx)))
		return NETDEV_TX_BUSY;
	if (unlikely(!nf_tx_room(&q->tx))) {
		nf_tx_push(q);
		nf_collect_all(q);
		if (!nf_tx_room(&q->tx)) {
			netif_tx_stop_queue(txq);
			spin_unlock(&q->tx.lock);
			return NETDEV_TX_BUSY;
		}
	}
	prod = q->tx.ring.req_prod_pvt;
	p.q = q;
	skb_tx_timestamp(skb);
	err = nf_put_packet(&p, skb);
	if (unlikely(err))
		nf_unwind(&p, prod);
	else if (p.granted && !nd->bounce)
		q->tx.slot[p.head].skb = skb;
	nf_tx_finish(q, txq, netdev_xmit_more());
	spin_unlock(&q->tx.lock);

	if (unlikely(err)) {
		q = NULL;
		goto drop;
	}
	netends_count_tx(nd->stats, len);
	if (!p.granted || nd->bounce)
		dev_consume_skb_any(skb);
	return NETDEV_TX_OK;
drop:
	/* Packets before this one may wait to be published. */
	if (q && nf_tx_lock(&q->tx)) {
		nf_tx_finish(q, txq, netdev_xmit_more());
		spin_unlock(&q->tx.lock);
	}
	dev->stats.tx_dropped++;
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

/* From the queue's NAPI. */
void nf_tx_poll(struct nf_queue *q)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->dev->netdev, q->index);

	if (unlikely(!nf_tx_lock(&q->tx)))
		return;
	nf_collect_all(q);
	if (netif_tx_queue_stopped(txq) && nf_tx_room(&q->tx) &&
	    netif_carrier_ok(q->dev->netdev))
		netif_tx_wake_queue(txq);
	spin_unlock(&q->tx.lock);
}

/* The NAPI's poll ends: publish what was left to it. */
void nf_tx_poll_end(struct nf_queue *q)
{
	struct nf_tx *tx = &q->tx;

	/* Before the lock: who finds it set under the lock is served below. */
	WRITE_ONCE(q->polling, false);
	spin_lock(&tx->lock);
	if (tx->ring.req_prod_pvt != tx->ring.sring->req_prod) {
		nf_tx_push(q);
		nf_collect_all(q);
	}
	spin_unlock(&tx->lock);
}

/* Send XDP frames. Returns how many were taken; the others are the caller's. */
int nf_tx_frames(struct nf_queue *q, struct xdp_frame **frames, int n)
{
	int sent;

	spin_lock_bh(&q->tx.lock);
	if (!nf_tx_room(&q->tx))
		nf_collect_all(q);
	for (sent = 0; sent < n && nf_tx_room(&q->tx); sent++) {
		struct xdp_frame *frame = frames[sent];
		RING_IDX prod = q->tx.ring.req_prod_pvt;
		struct nf_packet p = { .q = q };

		if (frame->len < ETH_HLEN ||
		    nf_put_range(&p, virt_to_page(frame->data), offset_in_page(frame->data),
				 frame->len)) {
			nf_unwind(&p, prod);
			break;
		}
		p.first->size = frame->len;
		q->tx.slot[p.head].frame = frame;
		netends_count_tx(q->dev->stats, frame->len);
	}
	nf_tx_push(q);
	nf_collect_all(q);
	spin_unlock_bh(&q->tx.lock);
	return sent;
}

static int nf_stage_init(struct nf_queue *q)
{
	struct nf_tx *tx = &q->tx;
	unsigned int i;
	int ref;

	for (i = 0; i < NF_STAGE_PAGES; i++) {
		tx->stage[i] = (void *)get_zeroed_page(GFP_KERNEL);
		if (!tx->stage[i])
			return -ENOMEM;
		ref = gnttab_grant_foreign_access(q->dev->xdev->otherend_id,
						  virt_to_gfn(tx->stage[i]), GNTMAP_readonly);
		if (ref < 0)
			return ref;
		tx->stage_ref[i] = ref;
	}
	return 0;
}

static int nf_refs_claim(grant_ref_t *refs, unsigned int count)
{
	grant_ref_t head;
	unsigned int i;
	int err = gnttab_alloc_grant_references(count, &head);

	if (err)
		return err;
	for (i = 0; i < count; i++)
		refs[i] = gnttab_claim_grant_reference(&head);
	return 0;
}

/* On error nf_tx_free() releases what there is. */
int nf_tx_init(struct nf_queue *q)
{
	struct nf_tx *tx = &q->tx;
	struct xen_netif_tx_sring *sring;
	unsigned int i;
	int err;

	sring = (void *)get_zeroed_page(GFP_KERNEL);
	if (!sring)
		return -ENOMEM;
	SHARED_RING_INIT(sring);
	FRONT_RING_INIT(&tx->ring, sring, XEN_PAGE_SIZE);
	err = gnttab_grant_foreign_access(q->dev->xdev->otherend_id, virt_to_gfn(sring), 0);
	if (err < 0)
		return err;
	tx->ring_ref = err;
	err = nf_refs_claim(tx->ref, NF_TX_SLOTS);
	if (err)
		return err;
	for (i = 0; i < NF_TX_SLOTS; i++)
		tx->free[i] = NF_TX_SLOTS - 1 - i;
	tx->nfree = NF_TX_SLOTS;
	return nf_stage_init(q);
}

/* A packet's pages may be its last references: it goes when all of its grants have. */
static void nf_tx_slots_free(struct nf_tx *tx)
{
	unsigned int id;

	for (id = 0; id < NF_TX_SLOTS; id++) {
		struct nf_tx_slot *slot = &tx->slot[id];

		if (slot->state == NF_TX_GRANTED || slot->state == NF_TX_STUCK) {
			/* The page goes when the backend lets it go. */
			compat_end_foreign_access(tx->ref[id],
						  slot->bounced ? slot->page :
						  compat_hold_page(slot->page));
		} else if (tx->ref[id]) {
			gnttab_free_grant_reference(tx->ref[id]);
		}
	}
	for (id = 0; id < NF_TX_SLOTS; id++)
		nf_owner_free(&tx->slot[id]);
}

void nf_tx_free(struct nf_queue *q)
{
	struct nf_tx *tx = &q->tx;
	unsigned int i;

	nf_tx_slots_free(tx);
	for (i = 0; i < NF_STAGE_PAGES; i++) {
		if (tx->stage_ref[i])
			compat_end_foreign_access(tx->stage_ref[i], virt_to_page(tx->stage[i]));
		else if (tx->stage[i])
			free_page((unsigned long)tx->stage[i]);
	}
	if (tx->ring_ref)
		compat_end_foreign_access(tx->ring_ref, virt_to_page(tx->ring.sring));
	else if (tx->ring.sring)
		free_page((unsigned long)tx->ring.sring);
	memset(tx, 0, sizeof(*tx));
}
