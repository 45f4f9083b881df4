// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPF programs on received packets (XDP).
 *
 * A program sees a copy, in a page of its own with room before and behind the data;
 * the ring's page is offered again. A packet that does not fit one is run as any packet
 * of a driver without programs is: in one piece of its own, by the network core.
 *
 * The backend could leave the room (xdp-headroom), but the kernel's netback reckons it
 * into the packet's length, does not count the slot that it then takes for extra
 * information, and so can use more buffers than it was given, and never says again that
 * it is connected, so that a second change cannot be waited for.
 */
#include <linux/netdevice.h>

#include "netgrant.h"
#include "netfront.h"
#include "netxdp.h"

/* False: the packet was consumed, and the page with it. */
bool nf_xdp_run(struct nf_queue *q, struct bpf_prog *prog, struct page *page,
		unsigned int *offset, unsigned int *len)
{
	struct net_device *dev = q->dev->netdev;
	struct xdp_frame *frame;
	struct xdp_buff xdp;
	u32 act;

	compat_xdp_init(&xdp, &q->rx.xdp, page_address(page), PAGE_SIZE, *offset, *len);
	act = bpf_prog_run_xdp(prog, &xdp);
	switch (act) {
	case XDP_PASS:
		*offset = xdp.data - xdp.data_hard_start;
		*len = xdp.data_end - xdp.data;
		return true;
	case XDP_TX:
		frame = xdp_convert_buff_to_frame(&xdp);
		if (!frame)
			break;
		if (nf_tx_frames(q, &frame, 1) == 1) {
			q->xdp_sent++;
			return false;
		}
		xdp_return_frame_rx_napi(frame);
		trace_xdp_exception(dev, prog, act);
		return false;
	case XDP_REDIRECT:
		if (xdp_do_redirect(dev, &xdp, prog))
			break;
		q->xdp_redirected++;
		return false;
	case XDP_DROP:
		q->xdp_dropped++;
		compat_pool_put(&q->rx.pool, page, true);
		return false;
	default:
		compat_xdp_invalid(dev, prog, act);
		break;
	case XDP_ABORTED:
		break;
	}
	trace_xdp_exception(dev, prog, act);
	compat_pool_put(&q->rx.pool, page, true);
	return false;
}

/* Frames that another device redirects to this one. */
int nf_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames, u32 flags)
{
	struct nf_dev *nd = netdev_priv(dev);
	struct nf_queue *queues = nf_queues(nd);
	int sent;

	if (!queues || !netif_carrier_ok(dev))
		return -ENETDOWN;
	if (flags & ~XDP_XMIT_FLAGS_MASK)
		return -EINVAL;
	sent = nf_tx_frames(&queues[smp_processor_id() % nd->nqueues], frames, n);
	return compat_xdp_sent(frames, n, sent);
}

/* The queue takes a reference of its own. */
void nf_xdp_attach(struct nf_queue *q, struct bpf_prog *prog)
{
	struct bpf_prog *old = rtnl_dereference(q->prog);

	if (prog)
		bpf_prog_inc(prog);
	rcu_assign_pointer(q->prog, prog);
	if (old)
		bpf_prog_put(old);
}

static void nf_xdp_set(struct nf_dev *nd, struct bpf_prog *prog)
{
	struct bpf_prog *old = nd->prog;
	unsigned int i;

	for (i = 0; nd->queues && i < nd->nqueues; i++)
		nf_xdp_attach(&nd->queues[i], prog);
	nd->prog = prog;
	if (old)
		bpf_prog_put(old);
}

int nf_bpf(struct net_device *dev, struct netdev_bpf *bpf)
{
	if (bpf->command != XDP_SETUP_PROG)
		return -EINVAL;
	nf_xdp_set(netdev_priv(dev), bpf->prog);
	return 0;
}
