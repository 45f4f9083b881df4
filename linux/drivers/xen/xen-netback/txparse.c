// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets from the guest, first half: take requests off the ring, check them, and
 * write down the copies that will bring their data.
 *
 * A request is copied out of the shared ring before anything is looked at. Two
 * kinds of wrong: what is answered with an error (too short, too many slots), and
 * what ends the connection, because nothing that follows could be trusted.
 */
#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "net.h"
#include "netback.h"

/* Packets up to this size are copied into the linear part. */
#define NB_LINEAR_ALL	1600
/* Of larger ones, the first slot when it is this small, else so much of it. */
#define NB_LINEAR_SLOT	256
#define NB_LINEAR_HEAD	128
/* Smaller segments serve only to make much work of one packet. */
#define NB_GSO_MIN	32

/* A packet's slots, copied and checked. */
struct nb_chain {
	struct xen_netif_tx_request slot[XEN_NETIF_NR_SLOTS_MIN];
	unsigned int slots;		/* may be more than were kept */
	unsigned int total;
	struct xen_netif_extra_info mcast;
	bool mcast_add, mcast_del;
	struct nb_tx_packet *packet;
};

static void nb_answer(struct nb_tx *tx, u16 id, s16 status)
{
	tx->answer[tx->nanswers].id = id;
	tx->answer[tx->nanswers].status = status;
	tx->nanswers++;
}

static void nb_answers_fail(struct nb_tx *tx, const struct nb_tx_packet *p, s16 status)
{
	unsigned int i;

	for (i = p->answers; i < tx->nanswers; i++)
		if (tx->answer[i].status != XEN_NETIF_RSP_NULL)
			tx->answer[i].status = status;
}

static const char *nb_check_gso(struct nb_chain *c, const struct xen_netif_extra_info *extra)
{
	if (!extra->u.gso.size)
		return "segmentation without a size";
	if (extra->u.gso.type != XEN_NETIF_GSO_TYPE_TCPV4 &&
	    extra->u.gso.type != XEN_NETIF_GSO_TYPE_TCPV6)
		return "segmentation of an unknown type";
	c->packet->gso_size = extra->u.gso.size;
	c->packet->gso_type = extra->u.gso.type;
	return NULL;
}

static const char *nb_check_extra(struct nb_chain *c, const struct xen_netif_extra_info *extra)
{
	switch (extra->type) {
	case XEN_NETIF_EXTRA_TYPE_GSO:
		return nb_check_gso(c, extra);
	case XEN_NETIF_EXTRA_TYPE_MCAST_ADD:
		c->mcast = *extra;
		c->mcast_add = true;
		return NULL;
	case XEN_NETIF_EXTRA_TYPE_MCAST_DEL:
		c->mcast = *extra;
		c->mcast_del = true;
		return NULL;
	case XEN_NETIF_EXTRA_TYPE_HASH:
		c->packet->hash_type = extra->u.hash.type + 1;
		memcpy(&c->packet->hash, extra->u.hash.value, sizeof(c->packet->hash));
		return NULL;
	case XEN_NETIF_EXTRA_TYPE_XDP:
		return NULL;
	default:
		return "unknown extra information";
	}
}

static const char *nb_get_extras(struct nb_queue *q, RING_IDX *cons, RING_IDX end,
				 struct nb_chain *c)
{
	/* A slot of the ring is larger than what it holds here. */
	union {
		struct xen_netif_tx_request slot;
		struct xen_netif_extra_info extra;
	} u;
	unsigned int count = 0;
	const char *bad;

	do {
		if (*cons == end || ++count >= XEN_NETIF_EXTRA_TYPE_MAX)
			return "extra information without an end";
		RING_COPY_REQUEST(&q->tx.ring, (*cons)++, &u.slot);
		nb_answer(&q->tx, 0, XEN_NETIF_RSP_NULL);
		bad = nb_check_extra(c, &u.extra);
	} while (!bad && u.extra.flags & XEN_NETIF_EXTRA_FLAG_MORE);
	return bad;
}

/* The slots after the first; its own size is what they leave of the total. */
static const char *nb_get_slots(struct nb_queue *q, RING_IDX *cons, RING_IDX end,
				struct nb_chain *c)
{
	unsigned int rest = c->total;
	u16 flags = c->slot[0].flags;
	struct xen_netif_tx_request slot;

	while (flags & XEN_NETTXF_more_data) {
		if (*cons == end)
			return "a packet without an end";
		if (++c->slots > nb_fatal_slots)
			return "a packet of too many slots";
		RING_COPY_REQUEST(&q->tx.ring, (*cons)++, &slot);
		nb_answer(&q->tx, slot.id, XEN_NETIF_RSP_OKAY);
		if (slot.size > rest)
			return "slots larger than their packet";
		if (slot.offset + slot.size > XEN_PAGE_SIZE)
			return "data outside its page";
		rest -= slot.size;
		flags = slot.flags;
		if (c->slots <= XEN_NETIF_NR_SLOTS_MIN)
			c->slot[c->slots - 1] = slot;
	}
	if (c->slot[0].offset + rest > XEN_PAGE_SIZE)
		return "data outside its page";
	c->slot[0].size = rest;
	return NULL;
}

/*
 * One copy for each piece that lies in one grant unit at both ends; of what is mapped,
 * it is made at once.
 */
static void nb_copy(struct nb_queue *q, const struct xen_netif_tx_request *slot,
		    unsigned int from, struct page *page, unsigned int offset, unsigned int len)
{
	const void *mapped = nb_gref_find(q, slot->gref, false);

	if (mapped) {
		memcpy(page_address(page) + offset, mapped + slot->offset + from, len);
		q->tx_mapped++;
		return;
	}
	while (len) {
		struct gnttab_copy *op = &q->tx.op[q->tx.nops++];
		unsigned int at = offset & ~XEN_PAGE_MASK;
		unsigned int n = min_t(unsigned int, len, XEN_PAGE_SIZE - at);

		op->source.u.ref = slot->gref;
		op->source.domid = q->vif->domid;
		op->source.offset = slot->offset + from;
		op->dest.u.gmfn = nb_gfn(page, offset);
		op->dest.domid = DOMID_SELF;
		op->dest.offset = at;
		op->len = n;
		op->flags = GNTCOPY_source_gref;
		from += n;
		offset += n;
		len -= n;
	}
}

static void nb_copy_linear(struct nb_queue *q, struct sk_buff *skb,
			   const struct xen_netif_tx_request *slot, unsigned int len)
{
	void *to = __skb_put(skb, len);

	nb_copy(q, slot, 0, virt_to_page(to), offset_in_page(to), len);
}

static bool nb_copy_slot(struct nb_queue *q, struct sk_buff *skb,
			 const struct xen_netif_tx_request *slot, unsigned int from)
{
	while (from < slot->size) {
		unsigned int len = slot->size - from, offset;
		struct page *page = netblock_get(&q->tx.block, &len, &offset);

		if (!page || !netblock_add(skb, page, offset, len))
			return false;
		nb_copy(q, slot, from, page, offset, len);
		from += len;
	}
	return true;
}

/*
 * Begin the data where the second of its slots will find itself at the start of
 * a page: full slots then take one copy each instead of two.
 */
static void nb_align(struct netblock *b, const struct nb_chain *c, unsigned int first,
		     unsigned int from)
{
	unsigned int len = c->slot[first].size - from;
	unsigned int skip;

	if (c->slots <= first + 1 || !b->page)
		return;
	skip = -(b->used + len) & (XEN_PAGE_SIZE - 1);
	b->used = min(b->size, b->used + skip);
}

static bool nb_copy_packet(struct nb_queue *q, struct nb_chain *c)
{
	struct sk_buff *skb = c->packet->skb;
	unsigned int first = 0, from = 0;

	if (c->total <= NB_LINEAR_ALL) {
		for (; first < c->slots; first++)
			nb_copy_linear(q, skb, &c->slot[first], c->slot[first].size);
		return true;
	}
	if (c->slot[0].size <= NB_LINEAR_SLOT) {
		nb_copy_linear(q, skb, &c->slot[0], c->slot[0].size);
		first = 1;
	} else {
		from = NB_LINEAR_HEAD;
		nb_copy_linear(q, skb, &c->slot[0], from);
	}
	if (first < c->slots)
		nb_align(&q->tx.block, c, first, from);
	for (; first < c->slots; first++, from = 0)
		if (!nb_copy_slot(q, skb, &c->slot[first], from))
			return false;
	return true;
}

/* Prepare the copies of a packet that is in order. Returns the answer's status. */
static s16 nb_tx_begin(struct nb_queue *q, struct nb_chain *c)
{
	struct nb_tx_packet *p = c->packet;
	unsigned int linear = c->total <= NB_LINEAR_ALL ? c->total : NB_LINEAR_SLOT;

	if (c->total < ETH_HLEN || (p->gso_type && p->gso_size < NB_GSO_MIN))
		return XEN_NETIF_RSP_ERROR;
	if (c->slots > XEN_NETIF_NR_SLOTS_MIN) {
		q->tx_overflow++;
		return XEN_NETIF_RSP_ERROR;
	}
	p->skb = napi_alloc_skb(&q->napi, linear);
	if (!p->skb)
		return XEN_NETIF_RSP_DROPPED;
	p->ops = q->tx.nops;
	if (!nb_copy_packet(q, c)) {
		q->tx.nops = p->ops;
		kfree_skb(p->skb);
		p->skb = NULL;
		return XEN_NETIF_RSP_DROPPED;
	}
	p->nops = q->tx.nops - p->ops;
	return XEN_NETIF_RSP_OKAY;
}

/* A request that only carries a change of the multicast filter. */
static s16 nb_tx_mcast(struct nb_queue *q, const struct nb_chain *c)
{
	if (c->mcast_del)
		nb_mcast_del(q->vif, c->mcast.u.mcast.addr);
	if (c->mcast_add && nb_mcast_add(q->vif, c->mcast.u.mcast.addr))
		return XEN_NETIF_RSP_ERROR;
	return XEN_NETIF_RSP_OKAY;
}

/* One packet. *cons moves past it. */
static const char *nb_tx_take(struct nb_queue *q, RING_IDX *cons, RING_IDX end,
			      const struct xen_netif_tx_request *head)
{
	struct nb_tx *tx = &q->tx;
	struct nb_chain c;
	const char *bad = NULL;
	s16 status;

	c.slot[0] = *head;
	c.slots = 1;
	c.total = head->size;
	c.mcast_add = false;
	c.mcast_del = false;
	c.packet = &tx->packet[tx->npackets];
	memset(c.packet, 0, sizeof(*c.packet));
	c.packet->flags = head->flags;
	c.packet->answers = tx->nanswers;
	(*cons)++;
	nb_answer(tx, head->id, XEN_NETIF_RSP_OKAY);
	if (head->flags & XEN_NETTXF_extra_info)
		bad = nb_get_extras(q, cons, end, &c);
	if (bad)
		return bad;
	if (c.mcast_add || c.mcast_del) {
		nb_answers_fail(tx, c.packet, nb_tx_mcast(q, &c));
		return NULL;
	}
	bad = nb_get_slots(q, cons, end, &c);
	if (bad)
		return bad;
	status = nb_tx_begin(q, &c);
	c.packet->nanswers = tx->nanswers - c.packet->answers;
	if (status == XEN_NETIF_RSP_OKAY) {
		tx->npackets++;
	} else {
		nb_answers_fail(tx, c.packet, status);
		q->vif->netdev->stats.rx_dropped++;
	}
	return NULL;
}

/*
 * As many packets as fit one batch, their copies in nb_tx.op. Consumed requests
 * have their answers in nb_tx.answer.
 */
void nb_tx_parse(struct nb_queue *q, unsigned int budget)
{
	const unsigned int worst = 2 * XEN_NETIF_NR_SLOTS_MIN + 4;
	struct xen_netif_tx_back_ring *ring = &q->tx.ring;
	RING_IDX cons = ring->req_cons, end = READ_ONCE(ring->sring->req_prod);
	const char *bad = NULL;

	if (end - cons > NB_TX_SLOTS) {
		nb_misuse(q->vif, "more transmit requests than the ring holds");
		return;
	}
	virt_rmb();	/* the index before the requests: pairs with the frontend's push */
	if (cons != end)
		WRITE_ONCE(q->tx_worked, true);
	budget = min_t(unsigned int, budget, NB_TX_BATCH);
	while (cons != end && q->tx.npackets < budget && q->tx.nops + worst <= NB_TX_OPS) {
		struct xen_netif_tx_request head;

		RING_COPY_REQUEST(ring, cons, &head);
		if (!nb_credit_take(q, head.size))
			break;
		bad = nb_tx_take(q, &cons, end, &head);
		if (bad)
			break;
	}
	WRITE_ONCE(ring->req_cons, cons);
	if (bad)
		nb_misuse(q->vif, bad);
}
