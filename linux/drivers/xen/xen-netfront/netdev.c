// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network device as the kernel's network core sees it.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "net.h"
#include "netfront.h"
#include "netxdp.h"

static int nf_open(struct net_device *dev)
{
	struct nf_dev *nd = netdev_priv(dev);
	unsigned int i;

	for (i = 0; nd->queues && i < nd->nqueues; i++) {
		napi_enable(&nd->queues[i].napi);
		nf_queue_wake(&nd->queues[i]);
	}
	if (nd->queues)
		netif_tx_start_all_queues(dev);
	return 0;
}

static int nf_stop(struct net_device *dev)
{
	struct nf_dev *nd = netdev_priv(dev);
	unsigned int i;

	netif_tx_disable(dev);
	for (i = 0; nd->queues && i < nd->nqueues; i++)
		napi_disable(&nd->queues[i].napi);
	return 0;
}

static void nf_get_stats(struct net_device *dev, struct rtnl_link_stats64 *total)
{
	struct nf_dev *nd = netdev_priv(dev);

	netends_get_stats(dev, nd->stats, total);
}

static netdev_features_t nf_fix_features(struct net_device *dev, netdev_features_t features)
{
	struct nf_dev *nd = netdev_priv(dev);

	if (!nd->be_csum4)
		features &= ~NETIF_F_IP_CSUM;
	if (!nd->be_csum6)
		features &= ~NETIF_F_IPV6_CSUM;
	if (!nd->be_sg)
		features &= ~NETIF_F_SG;
	if (!nd->be_gso4)
		features &= ~NETIF_F_TSO;
	if (!nd->be_gso6)
		features &= ~NETIF_F_TSO6;
	return features;
}

static int nf_set_features(struct net_device *dev, netdev_features_t features)
{
	if (!(features & NETIF_F_SG) && dev->mtu > ETH_DATA_LEN)
		dev_set_mtu(dev, ETH_DATA_LEN);
	return 0;
}

static int nf_change_mtu(struct net_device *dev, int mtu)
{
	struct nf_dev *nd = netdev_priv(dev);
	int max = nd->be_sg ? XEN_NETIF_MAX_TX_SIZE - VLAN_ETH_HLEN : ETH_DATA_LEN;

	if (mtu > max)
		return -EINVAL;
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

#ifdef CONFIG_NET_POLL_CONTROLLER
static void nf_poll_controller(struct net_device *dev)
{
	struct nf_dev *nd = netdev_priv(dev);
	struct nf_queue *queues = nf_queues(nd);
	unsigned int i;

	for (i = 0; queues && i < nd->nqueues; i++)
		napi_schedule(&queues[i].napi);
}
#endif

/* No ndo_tx_timeout: a backend may be away for a while, which is no fault of the queue's. */
const struct net_device_ops nf_netdev_ops = {
	.ndo_open		= nf_open,
	.ndo_stop		= nf_stop,
	.ndo_start_xmit		= nf_start_xmit,
	.ndo_change_mtu		= nf_change_mtu,
	.ndo_get_stats64	= nf_get_stats,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_fix_features	= nf_fix_features,
	.ndo_set_features	= nf_set_features,
	.ndo_bpf		= nf_bpf,
	.ndo_xdp_xmit		= nf_xdp_xmit,
#ifdef CONFIG_NET_POLL_CONTROLLER
	.ndo_poll_controller	= nf_poll_controller,
#endif
};

/* Not registered yet: that is done when the backend is known. */
struct net_device *nf_netdev_create(struct xenbus_device *xdev)
{
	struct net_device *dev = alloc_etherdev_mq(sizeof(struct nf_dev), max(nf_max_queues, 1U));
	struct nf_dev *nd;

	if (!dev)
		return NULL;
	nd = netdev_priv(dev);
	nd->netdev = dev;
	nd->xdev = xdev;
	mutex_init(&nd->lock);
	nd->stats = netends_stats_alloc();
	if (!nd->stats) {
		free_netdev(dev);
		return NULL;
	}

	dev->netdev_ops = &nf_netdev_ops;
	dev->ethtool_ops = &nf_ethtool_ops;
	dev->sysfs_groups[0] = &nf_rxbuf_group;
	dev->hw_features = NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM |
			   NETIF_F_TSO | NETIF_F_TSO6;
	dev->features = dev->hw_features | NETIF_F_RXCSUM | NETIF_F_GSO_ROBUST;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = XEN_NETIF_MAX_TX_SIZE - VLAN_ETH_HLEN;
	compat_set_tso_max(dev, XEN_NETIF_MAX_TX_SIZE);
	compat_xdp_features(dev);
	SET_NETDEV_DEV(dev, &xdev->dev);
	netif_carrier_off(dev);
	return dev;
}

void nf_netdev_free(struct net_device *dev)
{
	struct nf_dev *nd = netdev_priv(dev);

	free_percpu(nd->stats);
	free_netdev(dev);
}
