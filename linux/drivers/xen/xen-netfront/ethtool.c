// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics beyond the usual ones, and the rxbuf_* attributes that scripts of
 * old know. The ring is always full of buffers: these are its size.
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "netfront.h"

#define NF_STAT(name, field) { name, offsetof(struct nf_queue, field) }

/* Sums over all queues. */
static const struct netends_counter nf_counters[] = {
	NF_STAT("rx_gso_checksum_fixup", rx_gso_fixup),
	NF_STAT("rx_copied_slots", rx_copied),
	NF_STAT("rx_page_slots", rx_pages),
	NF_STAT("rx_no_memory", rx_no_memory),
	NF_STAT("tx_staged_slots", tx_staged_slots),
	NF_STAT("tx_granted_slots", tx_granted_slots),
	NF_STAT("tx_notified", tx_notified),
	NF_STAT("tx_linearized", tx_linearized),
	NF_STAT("interrupts", interrupts),
	NF_STAT("xdp_dropped", xdp_dropped),
	NF_STAT("xdp_sent", xdp_sent),
	NF_STAT("xdp_redirected", xdp_redirected),
	NF_STAT("xdp_large", xdp_large),
};

static int nf_sset_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(nf_counters) : -EOPNOTSUPP;
}

static void nf_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	if (set == ETH_SS_STATS)
		netends_counter_names(nf_counters, ARRAY_SIZE(nf_counters), data);
}

/* Under RTNL. */
static void nf_get_ethtool_stats(struct net_device *dev, struct ethtool_stats *stats, u64 *data)
{
	struct nf_dev *nd = netdev_priv(dev);

	netends_counter_sums(nf_counters, ARRAY_SIZE(nf_counters), nd->queues, nd->nqueues,
			     sizeof(*nd->queues), data);
}

static void nf_get_channels(struct net_device *dev, struct ethtool_channels *channels)
{
	struct nf_dev *nd = netdev_priv(dev);

	channels->max_combined = dev->num_tx_queues;
	channels->combined_count = nd->queues ? nd->nqueues : 0;
}

const struct ethtool_ops nf_ethtool_ops = {
	.get_link		= ethtool_op_get_link,
	.get_drvinfo		= netends_drvinfo,
	.get_channels		= nf_get_channels,
	.get_sset_count		= nf_sset_count,
	.get_strings		= nf_get_strings,
	.get_ethtool_stats	= nf_get_ethtool_stats,
	.get_ts_info		= ethtool_op_get_ts_info,
};

static ssize_t nf_rxbuf_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sprintf(buf, "%lu\n", (unsigned long)NF_RX_SLOTS);
}

/* Old scripts write here; there is nothing to change. */
static ssize_t nf_rxbuf_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t len)
{
	unsigned long value;
	int err = kstrtoul(buf, 0, &value);

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	return err ? err : len;
}

static DEVICE_ATTR(rxbuf_min, 0644, nf_rxbuf_show, nf_rxbuf_store);
static DEVICE_ATTR(rxbuf_max, 0644, nf_rxbuf_show, nf_rxbuf_store);
static DEVICE_ATTR(rxbuf_cur, 0444, nf_rxbuf_show, NULL);

static struct attribute *nf_rxbuf_attrs[] = {
	&dev_attr_rxbuf_min.attr,
	&dev_attr_rxbuf_max.attr,
	&dev_attr_rxbuf_cur.attr,
	NULL,
};

const struct attribute_group nf_rxbuf_group = {
	.attrs = nf_rxbuf_attrs,
};
