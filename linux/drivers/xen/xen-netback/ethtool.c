// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics beyond the usual ones: sums over all queues.
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "netback.h"

struct nb_stat_name {
	char name[ETH_GSTRING_LEN];
	size_t offset;
};

#define NB_STAT(name, field) { name, offsetof(struct nb_queue, field) }

static const struct nb_stat_name nb_stat_names[] = {
	NB_STAT("rx_gso_checksum_fixup", rx_gso_fixup),
	NB_STAT("tx_frag_overflow", tx_overflow),
	NB_STAT("guest_tx_copies", tx_copies),
	NB_STAT("guest_tx_copy_calls", tx_copy_calls),
	NB_STAT("guest_rx_copies", rx_copies),
	NB_STAT("guest_rx_copy_calls", rx_copy_calls),
	NB_STAT("guest_tx_rate_limited", rate_limited),
	NB_STAT("guest_rx_ring_full", rx_ring_full),
	NB_STAT("guest_rx_drained", rx_drained),
};

static int nb_sset_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(nb_stat_names) : -EOPNOTSUPP;
}

static void nb_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	unsigned int i;

	if (set != ETH_SS_STATS)
		return;
	for (i = 0; i < ARRAY_SIZE(nb_stat_names); i++)
		memcpy(data + i * ETH_GSTRING_LEN, nb_stat_names[i].name, ETH_GSTRING_LEN);
}

/* Under RTNL. */
static void nb_get_ethtool_stats(struct net_device *dev, struct ethtool_stats *stats, u64 *data)
{
	struct nb_vif *vif = netdev_priv(dev);
	unsigned int i, q;

	for (i = 0; i < ARRAY_SIZE(nb_stat_names); i++) {
		data[i] = 0;
		for (q = 0; vif->queues && q < vif->nqueues; q++)
			data[i] += *(u64 *)((void *)&vif->queues[q] + nb_stat_names[i].offset);
	}
}

static void nb_get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "vif", sizeof(info->driver));
	strscpy(info->bus_info, dev_name(dev->dev.parent), sizeof(info->bus_info));
}

const struct ethtool_ops nb_ethtool_ops = {
	.get_link		= ethtool_op_get_link,
	.get_drvinfo		= nb_get_drvinfo,
	.get_sset_count		= nb_sset_count,
	.get_strings		= nb_get_strings,
	.get_ethtool_stats	= nb_get_ethtool_stats,
	.get_ts_info		= ethtool_op_get_ts_info,
};
