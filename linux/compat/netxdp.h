/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XDP: what differs between kernels.
 */
#ifndef XYLEM_COMPAT_NETXDP_H
#define XYLEM_COMPAT_NETXDP_H

#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <net/xdp.h>
#include "compat.h"

static inline int compat_xdp_rxq_reg(struct xdp_rxq_info *rxq, struct net_device *dev,
				     u32 queue, unsigned int napi_id)
{
#if COMPAT_SINCE(5, 11)
	return xdp_rxq_info_reg(rxq, dev, queue, napi_id);
#else
	return xdp_rxq_info_reg(rxq, dev, queue);
#endif
}

/* A buffer of frame_size bytes at start, whose packet is at the offset. */
static inline void compat_xdp_init(struct xdp_buff *xdp, struct xdp_rxq_info *rxq, void *start,
				   unsigned int frame_size, unsigned int offset, unsigned int len)
{
#if COMPAT_SINCE(5, 12)
	xdp_init_buff(xdp, frame_size, rxq);
	xdp_prepare_buff(xdp, start, offset, len, false);
#else
	xdp->rxq = rxq;
	xdp->frame_sz = frame_size;
	xdp->data_hard_start = start;
	xdp->data = start + offset;
	xdp->data_end = xdp->data + len;
	xdp_set_data_meta_invalid(xdp);
#endif
}

static inline void compat_xdp_invalid(struct net_device *dev, struct bpf_prog *prog, u32 act)
{
#if COMPAT_SINCE(5, 17)
	bpf_warn_invalid_xdp_action(dev, prog, act);
#else
	bpf_warn_invalid_xdp_action(act);
#endif
}

/* Run a program on a packet of the stack's. Unless the result is XDP_PASS it is gone. */
static inline u32 compat_xdp_generic(struct bpf_prog *prog, struct sk_buff **skb)
{
#if COMPAT_SINCE(6, 9)
	return do_xdp_generic(prog, skb);
#else
	return do_xdp_generic(prog, *skb);
#endif
}

static inline void compat_xdp_features(struct net_device *dev)
{
#if COMPAT_SINCE(6, 3)
	xdp_set_features_flag(dev, NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT |
			      NETDEV_XDP_ACT_NDO_XMIT);
#endif
}

/*
 * What ndo_xdp_xmit returns when it took the first "sent" of n frames: newer
 * callers free the rest, older ones want that done.
 */
static inline int compat_xdp_sent(struct xdp_frame **frames, int n, int sent)
{
#if !COMPAT_SINCE(5, 13)
	int i;

	for (i = sent; i < n; i++)
		xdp_return_frame_rx_napi(frames[i]);
#endif
	return sent;
}

#endif /* XYLEM_COMPAT_NETXDP_H */
