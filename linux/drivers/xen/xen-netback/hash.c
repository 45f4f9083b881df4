// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash that a frontend may ask for (Toeplitz), and the table from hash to
 * queue.
 *
 * The hash is linear: each byte of the input contributes, by its place and value,
 * a word that only the key determines. With those words in a table, made when the
 * key is set, a packet's hash is a few loads; a cache of flows has nothing to add.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/flow_dissector.h>
#include <xen/grant_table.h>

#include "netback.h"

#define NB_HASH_TYPES	(XEN_NETIF_CTRL_HASH_TYPE_IPV4 | XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP | \
			 XEN_NETIF_CTRL_HASH_TYPE_IPV6 | XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP)

/* 32 bits of the key from a bit position on. */
static u32 nb_key_window(const u8 *key, unsigned int bit)
{
	u64 bits = 0;
	unsigned int i;

	for (i = 0; i < 5; i++)
		bits = bits << 8 | (bit / 8 + i < NB_HASH_KEY ? key[bit / 8 + i] : 0);
	return bits >> (8 - bit % 8);
}

/* Each bit's word once, however often a guest sets keys: values with it, from those without. */
static void nb_hash_build(struct nb_hash *h)
{
	unsigned int at, value, bit;

	for (at = 0; at < NB_HASH_INPUT; at++) {
		for (bit = 0; bit < 8; bit++) {
			u32 word = nb_key_window(h->key, at * 8 + 7 - bit);

			for (value = 0; value < 1u << bit; value++)
				h->table[at][value + (1u << bit)] = h->table[at][value] ^ word;
		}
	}
}

static u32 nb_toeplitz(const struct nb_hash *h, const u8 *input, unsigned int len)
{
	u32 hash = 0;
	unsigned int i;

	for (i = 0; i < len; i++)
		hash ^= h->table[i][input[i]];
	return hash;
}

/* No lock: a hash made while the key changes is only a poor one. */
static void nb_hash_flow(struct nb_hash *h, struct sk_buff *skb, const struct flow_keys *flow)
{
	bool v4 = flow->control.addr_type == FLOW_DISSECTOR_KEY_IPV4_ADDRS;
	bool v6 = flow->control.addr_type == FLOW_DISSECTOR_KEY_IPV6_ADDRS;
	u32 flags = READ_ONCE(h->flags);
	bool tcp = flow->basic.ip_proto == IPPROTO_TCP && !(flow->control.flags & FLOW_DIS_IS_FRAGMENT);
	u8 input[NB_HASH_INPUT];
	unsigned int len;

	if (v4 && flags & (XEN_NETIF_CTRL_HASH_TYPE_IPV4 | XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP)) {
		tcp = tcp && flags & XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP;
		if (!tcp && !(flags & XEN_NETIF_CTRL_HASH_TYPE_IPV4))
			return;
		memcpy(input, &flow->addrs.v4addrs, 8);
		len = 8;
	} else if (v6 && flags & (XEN_NETIF_CTRL_HASH_TYPE_IPV6 |
				  XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP)) {
		tcp = tcp && flags & XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;
		if (!tcp && !(flags & XEN_NETIF_CTRL_HASH_TYPE_IPV6))
			return;
		memcpy(input, &flow->addrs.v6addrs, 32);
		len = 32;
	} else {
		return;
	}
	if (tcp) {
		memcpy(input + len, &flow->ports.ports, 4);
		len += 4;
	}
	__skb_set_sw_hash(skb, nb_toeplitz(h, input, len), tcp);
}

void nb_hash_skb(struct nb_vif *vif, struct sk_buff *skb)
{
	struct flow_keys flow;

	memset(&flow, 0, sizeof(flow));
	skb_clear_hash(skb);
	if (vif->hash.flags && skb_flow_dissect_flow_keys(skb, &flow, 0))
		nb_hash_flow(&vif->hash, skb, &flow);
}

u16 nb_hash_queue(struct nb_vif *vif, struct sk_buff *skb)
{
	unsigned int queues = vif->netdev->real_num_tx_queues;
	u32 size = READ_ONCE(vif->hash.map_size);
	u32 hash = skb_get_hash_raw(skb);

	if (!size)
		return hash % queues;
	return READ_ONCE(vif->hash.map[hash % size]) % queues;
}

void nb_hash_init(struct nb_vif *vif)
{
	struct nb_hash *h = &vif->hash;

	h->algorithm = XEN_NETIF_CTRL_HASH_ALGORITHM_NONE;
	h->flags = 0;
	h->map_size = 0;
	memset(h->key, 0, sizeof(h->key));
	memset(h->table, 0, sizeof(h->table));
}

u32 nb_hash_set_algorithm(struct nb_vif *vif, u32 algorithm)
{
	if (algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_NONE &&
	    algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	WRITE_ONCE(vif->hash.algorithm, algorithm);
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

u32 nb_hash_get_flags(struct nb_vif *vif, u32 *flags)
{
	if (vif->hash.algorithm == XEN_NETIF_CTRL_HASH_ALGORITHM_NONE)
		return XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	*flags = NB_HASH_TYPES;
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

u32 nb_hash_set_flags(struct nb_vif *vif, u32 flags)
{
	if (flags & ~NB_HASH_TYPES ||
	    vif->hash.algorithm == XEN_NETIF_CTRL_HASH_ALGORITHM_NONE)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	WRITE_ONCE(vif->hash.flags, flags);
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

u32 nb_hash_set_key(struct nb_vif *vif, grant_ref_t ref, u32 len)
{
	u32 status = XEN_NETIF_CTRL_STATUS_SUCCESS;
	u8 *page;

	if (len > NB_HASH_KEY)
		return XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW;
	page = (void *)get_zeroed_page(GFP_KERNEL);
	if (!page)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	if (nb_fetch(vif, ref, page, len)) {
		memcpy(vif->hash.key, page, NB_HASH_KEY);
		nb_hash_build(&vif->hash);
	} else {
		status = XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	}
	free_page((unsigned long)page);
	return status;
}

u32 nb_hash_set_map_size(struct nb_vif *vif, u32 size)
{
	if (size > NB_HASH_MAP)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	memset(vif->hash.map, 0, sizeof(vif->hash.map));
	WRITE_ONCE(vif->hash.map_size, size);
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

u32 nb_hash_set_map(struct nb_vif *vif, grant_ref_t ref, u32 len, u32 from)
{
	u32 status = XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	u32 *page, i;

	if (from > vif->hash.map_size || len > vif->hash.map_size - from)
		return status;
	page = (void *)get_zeroed_page(GFP_KERNEL);
	if (!page)
		return status;
	if (!nb_fetch(vif, ref, page, len * sizeof(*page)))
		goto out;
	for (i = 0; i < len; i++)
		if (page[i] >= vif->nqueues)
			goto out;
	for (i = 0; i < len; i++)
		WRITE_ONCE(vif->hash.map[from + i], page[i]);
	status = XEN_NETIF_CTRL_STATUS_SUCCESS;
out:
	free_page((unsigned long)page);
	return status;
}
