// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPF programs on received packets (XDP).
 *
 * A program sees packets of one page. The backend is asked to leave room before
 * the data (xdp-headroom) while one is attached; a packet that came without it is
 * run all the same, the program's attempts to grow it fail.
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
int nf_xdp_attach(struct nf_queue *q, struct bpf_prog *prog)
{
	struct bpf_prog *old = rtnl_dereference(q->prog);

	if (prog)
		bpf_prog_inc(prog);
	rcu_assign_pointer(q->prog, prog);
	if (old)
		bpf_prog_put(old);
	return 0;
}

static int nf_xdp_set(struct nf_dev *nd, struct bpf_prog *prog, struct netlink_ext_ack *extack)
{
	struct bpf_prog *old = nd->prog;
	unsigned int i;
	int err;

	if (prog && nd->netdev->mtu > XEN_PAGE_SIZE - XDP_PACKET_HEADROOM - ETH_HLEN) {
		NL_SET_ERR_MSG_MOD(extack, "packets must fit one page: lower the MTU");
		return -EINVAL;
	}
	if (!prog != !old) {
		err = nf_set_xdp_headroom(nd, prog);
		if (err) {
			NL_SET_ERR_MSG_MOD(extack, "the backend does not leave room");
			return err;
		}
	}
	for (i = 0; nd->queues && i < nd->nqueues; i++)
		nf_xdp_attach(&nd->queues[i], prog);
	nd->prog = prog;
	if (old)
		bpf_prog_put(old);
	return 0;
}

int nf_bpf(struct net_device *dev, struct netdev_bpf *bpf)
{
	if (bpf->command != XDP_SETUP_PROG)
		return -EINVAL;
	return nf_xdp_set(netdev_priv(dev), bpf->prog, bpf->extack);
}
