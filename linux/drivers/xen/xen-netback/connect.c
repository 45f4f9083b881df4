// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the frontend chose, and the connection that comes of it. All of it is the
 * guest's word: numbers are checked against what we offered.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "net.h"
#include "netback.h"

static unsigned int nb_read(const struct nb_vif *vif, const char *key, unsigned int otherwise)
{
	return xenbus_read_unsigned(vif->xdev->otherend, key, otherwise);
}

/* Room before received data; what leaves too little of the page counts as none. */
void nb_read_xdp_headroom(struct nb_vif *vif)
{
	unsigned int room = nb_xdp_headroom ? nb_read(vif, "xdp-headroom", 0) : 0;

	if (room > XEN_PAGE_SIZE / 4)
		room = 0;
	WRITE_ONCE(vif->xdp_headroom, room);
}

static int nb_read_features(struct nb_vif *vif)
{
	if (!nb_read(vif, "request-rx-copy", 0)) {
		nb_fatal(vif, -EOPNOTSUPP, "the frontend does not ask for copying");
		return -EOPNOTSUPP;
	}
	vif->rx_notify = nb_read(vif, "feature-rx-notify", 0);
	vif->can_sg = nb_read(vif, "feature-sg", 0);
	vif->gso4 = nb_read(vif, "feature-gso-tcpv4", 0);
	vif->gso6 = nb_read(vif, "feature-gso-tcpv6", 0);
	vif->prefix4 = nb_read(vif, "feature-gso-tcpv4-prefix", 0);
	vif->prefix6 = nb_read(vif, "feature-gso-tcpv6-prefix", 0);
	vif->ip_csum = !nb_read(vif, "feature-no-csum-offload", 0);
	vif->ipv6_csum = nb_read(vif, "feature-ipv6-csum-offload", 0);
	vif->multicast_control = nb_read(vif, "request-multicast-control", 0);
	nb_read_xdp_headroom(vif);
	return 0;
}

static int nb_read_port(struct nb_vif *vif, const char *dir, struct nb_queue_keys *keys)
{
	unsigned int tx, rx;
	int err;

	err = xenbus_gather(XBT_NIL, dir, "event-channel-tx", "%u", &tx,
			    "event-channel-rx", "%u", &rx, NULL);
	if (err) {
		err = xenbus_scanf(XBT_NIL, dir, "event-channel", "%u", &tx);
		if (err != 1) {
			nb_fatal(vif, -ENOENT, "reading %s/event-channel(-tx/rx)", dir);
			return -ENOENT;
		}
		rx = tx;
	}
	keys->tx_port = tx;
	keys->rx_port = rx;
	return 0;
}

static int nb_read_keys(struct nb_vif *vif, const char *dir, struct nb_queue_keys *keys)
{
	unsigned long tx, rx;
	int err;

	err = xenbus_gather(XBT_NIL, dir, "tx-ring-ref", "%lu", &tx,
			    "rx-ring-ref", "%lu", &rx, NULL);
	if (err) {
		nb_fatal(vif, err, "reading %s/ring-ref", dir);
		return err;
	}
	keys->tx_ref = tx;
	keys->rx_ref = rx;
	return nb_read_port(vif, dir, keys);
}

static int nb_connect_queue(struct nb_vif *vif, struct nb_queue *q, unsigned int index,
			    unsigned int count)
{
	struct nb_queue_keys keys;
	char *dir;
	int err;

	if (count == 1)
		dir = kstrdup(vif->xdev->otherend, GFP_KERNEL);
	else
		dir = kasprintf(GFP_KERNEL, "%s/queue-%u", vif->xdev->otherend, index);
	if (!dir) {
		nb_fatal(vif, -ENOMEM, "connecting queue %u", index);
		return -ENOMEM;
	}
	err = nb_read_keys(vif, dir, &keys);
	kfree(dir);
	if (err)
		return err;
	rtnl_lock();
	err = nb_queue_init(q, vif, index, &keys);
	rtnl_unlock();
	if (err)
		nb_fatal(vif, err, "mapping shared-frames %u/%u port tx %u rx %u",
			 keys.tx_ref, keys.rx_ref, keys.tx_port, keys.rx_port);
	return err;
}

static int nb_connect_ctrl(struct nb_vif *vif)
{
	unsigned int ref, port;
	int err;

	if (xenbus_scanf(XBT_NIL, vif->xdev->otherend, "ctrl-ring-ref", "%u", &ref) != 1)
		return 0;	/* the frontend does not want one */
	err = xenbus_scanf(XBT_NIL, vif->xdev->otherend, "event-channel-ctrl", "%u", &port);
	if (err == 1)
		err = nb_ctrl_connect(vif, ref, port);
	else
		err = -ENOENT;
	if (err)
		nb_fatal(vif, err, "connecting the control ring");
	return err;
}

static void nb_drop_queues(struct nb_queue *queues, unsigned int count)
{
	unsigned int i;

	rtnl_lock();
	for (i = 0; i < count; i++)
		nb_queue_destroy(&queues[i]);
	rtnl_unlock();
	vfree(queues);
}

/* Make the queues visible to the data path and to open/stop. */
static int nb_use_queues(struct nb_vif *vif, struct nb_queue *queues, unsigned int count)
{
	struct net_device *dev = vif->netdev;
	unsigned int i;
	int err;

	rtnl_lock();
	err = netif_set_real_num_tx_queues(dev, count);
	if (!err)
		err = netif_set_real_num_rx_queues(dev, count);
	if (err) {
		rtnl_unlock();
		nb_fatal(vif, err, "using %u queues", count);
		return err;
	}
	if (netif_running(dev))
		for (i = 0; i < count; i++)
			napi_enable(&queues[i].napi);
	vif->nqueues = count;
	/* Initialised queues before the pointer: pairs with nb_queues(). */
	smp_store_release(&vif->queues, queues);
	if (!vif->can_sg && dev->mtu > ETH_DATA_LEN)
		dev_set_mtu(dev, ETH_DATA_LEN);
	netdev_update_features(dev);
	netif_carrier_on(dev);
	if (netif_running(dev)) {
		netif_tx_wake_all_queues(dev);
		for (i = 0; i < count; i++)
			nb_queue_wake(&queues[i]);
	}
	rtnl_unlock();
	return 0;
}

static int nb_queue_count(struct nb_vif *vif, unsigned int *count)
{
	*count = nb_read(vif, "multi-queue-num-queues", 1);
	if (*count >= 1 && *count <= vif->netdev->num_tx_queues)
		return 0;
	nb_fatal(vif, -EINVAL, "guest asks for %u queues, 1 to %u are possible", *count,
		 vif->netdev->num_tx_queues);
	return -EINVAL;
}

/* On error the device's state and the error node tell; nothing is left behind. */
int nb_connect(struct nb_vif *vif)
{
	struct nb_queue *queues;
	unsigned int count, i;
	int err;

	if (vif->queues)
		return 0;
	clear_bit(NB_MISUSED, &vif->flags);
	err = nb_queue_count(vif, &count);
	if (!err)
		err = nb_read_features(vif);
	if (err)
		return err;
	queues = vzalloc(array_size(count, sizeof(*queues)));
	if (!queues) {
		nb_fatal(vif, -ENOMEM, "allocating %u queues", count);
		return -ENOMEM;
	}
	err = nb_connect_ctrl(vif);
	for (i = 0; !err && i < count; i++)
		err = nb_connect_queue(vif, &queues[i], i, count);
	if (!err)
		err = nb_use_queues(vif, queues, count);
	if (err) {
		nb_drop_queues(queues, count);
		nb_ctrl_disconnect(vif);
		return err;
	}
	if (net_ratelimit())
		netdev_info(vif->netdev, "connected with %u queue%s\n", count,
			    count == 1 ? "" : "s");
	return 0;
}

void nb_disconnect(struct nb_vif *vif)
{
	struct nb_queue *queues;
	unsigned int i, count;

	rtnl_lock();
	queues = vif->queues;
	count = vif->nqueues;
	if (queues) {
		netif_carrier_off(vif->netdev);
		netif_tx_disable(vif->netdev);
		if (netif_running(vif->netdev))
			for (i = 0; i < count; i++)
				napi_disable(&queues[i].napi);
		WRITE_ONCE(vif->queues, NULL);
		synchronize_net();	/* senders that saw the pointer are gone */
	}
	rtnl_unlock();
	cancel_delayed_work_sync(&vif->stall);
	netif_carrier_off(vif->netdev);	/* the work may have put it on once more */
	nb_ctrl_disconnect(vif);	/* its work looks at the queues */
	if (queues)
		nb_drop_queues(queues, count);
	nb_mcast_flush(vif);
}
