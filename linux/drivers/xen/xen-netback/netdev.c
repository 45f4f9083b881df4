// SPDX-License-Identifier: GPL-2.0-only
/*
 * vifD.I, the network device that stands for the guest's.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "net.h"
#include "netback.h"

static int nb_open(struct net_device *dev)
{
	struct nb_vif *vif = netdev_priv(dev);
	unsigned int i;

	for (i = 0; vif->queues && i < vif->nqueues; i++) {
		napi_enable(&vif->queues[i].napi);
		nb_queue_wake(&vif->queues[i]);
	}
	netif_tx_start_all_queues(dev);
	return 0;
}

static int nb_stop(struct net_device *dev)
{
	struct nb_vif *vif = netdev_priv(dev);
	unsigned int i;

	netif_tx_disable(dev);
	for (i = 0; vif->queues && i < vif->nqueues; i++)
		napi_disable(&vif->queues[i].napi);
	return 0;
}

static void nb_get_stats(struct net_device *dev, struct rtnl_link_stats64 *total)
{
	struct nb_vif *vif = netdev_priv(dev);

	netends_get_stats(dev, vif->stats, total);
}

static netdev_features_t nb_fix_features(struct net_device *dev, netdev_features_t features)
{
	struct nb_vif *vif = netdev_priv(dev);

	if (!vif->can_sg)
		features &= ~NETIF_F_SG;
	if (!vif->gso4 && !vif->prefix4)
		features &= ~NETIF_F_TSO;
	if (!vif->gso6 && !vif->prefix6)
		features &= ~NETIF_F_TSO6;
	if (!vif->ip_csum)
		features &= ~NETIF_F_IP_CSUM;
	if (!vif->ipv6_csum)
		features &= ~NETIF_F_IPV6_CSUM;
	return features;
}

static int nb_change_mtu(struct net_device *dev, int mtu)
{
	struct nb_vif *vif = netdev_priv(dev);

	if (mtu > (vif->can_sg ? ETH_MAX_MTU - VLAN_ETH_HLEN : ETH_DATA_LEN))
		return -EINVAL;
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

/* With a hash of the guest's choice the packet goes where its map says. */
static u16 nb_select_queue(struct net_device *dev, struct sk_buff *skb,
			   struct net_device *sb_dev)
{
	struct nb_vif *vif = netdev_priv(dev);

	if (READ_ONCE(vif->hash.algorithm) == XEN_NETIF_CTRL_HASH_ALGORITHM_NONE)
		return netdev_pick_tx(dev, skb, NULL) % dev->real_num_tx_queues;
	nb_hash_skb(vif, skb);
	return nb_hash_queue(vif, skb);
}

static const struct net_device_ops nb_netdev_ops = {
	.ndo_open		= nb_open,
	.ndo_stop		= nb_stop,
	.ndo_start_xmit		= nb_start_xmit,
	.ndo_select_queue	= nb_select_queue,
	.ndo_get_stats64	= nb_get_stats,
	.ndo_change_mtu		= nb_change_mtu,
	.ndo_fix_features	= nb_fix_features,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
};

static void nb_vif_setup(struct nb_vif *vif)
{
	static const u8 mac[ETH_ALEN] = { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct net_device *dev = vif->netdev;

	/* The highest address: a bridge never takes it for its own. */
	compat_set_mac(dev, mac);
	dev->netdev_ops = &nb_netdev_ops;
	dev->ethtool_ops = &nb_ethtool_ops;
	dev->hw_features = NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM |
			   NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_FRAGLIST;
	dev->features = dev->hw_features | NETIF_F_RXCSUM;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU - VLAN_ETH_HLEN;
	vif->ip_csum = true;
	spin_lock_init(&vif->mcast.lock);
	INIT_LIST_HEAD(&vif->mcast.list);
	INIT_DELAYED_WORK(&vif->stall, nb_rx_stall_work);
	nb_hash_init(vif);
	netif_carrier_off(dev);
}

/* Registered, without carrier, connected to nothing. */
struct nb_vif *nb_vif_create(struct xenbus_device *xdev, unsigned int handle)
{
	struct net_device *dev;
	struct nb_vif *vif;
	char name[IFNAMSIZ];
	int err;

	snprintf(name, sizeof(name), "vif%u.%u", xdev->otherend_id, handle);
	dev = alloc_netdev_mqs(sizeof(*vif), name, NET_NAME_UNKNOWN, ether_setup,
			       max(nb_max_queues, 1U), max(nb_max_queues, 1U));
	if (!dev)
		return ERR_PTR(-ENOMEM);
	SET_NETDEV_DEV(dev, &xdev->dev);
	vif = netdev_priv(dev);
	vif->netdev = dev;
	vif->xdev = xdev;
	vif->domid = xdev->otherend_id;
	vif->handle = handle;
	vif->stats = netends_stats_alloc();
	if (!vif->stats) {
		free_netdev(dev);
		return ERR_PTR(-ENOMEM);
	}
	nb_vif_setup(vif);
	err = register_netdev(dev);
	if (err) {
		free_percpu(vif->stats);
		free_netdev(dev);
		return ERR_PTR(err);
	}
	return vif;
}

/* Disconnected before. */
void nb_vif_destroy(struct nb_vif *vif)
{
	unregister_netdev(vif->netdev);
	nb_mcast_flush(vif);
	free_percpu(vif->stats);
	free_netdev(vif->netdev);
}
