// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics beyond the usual ones: sums over all queues.
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "netback.h"

#define NB_STAT(name, field) { name, offsetof(struct nb_queue, field) }

static const struct netends_counter nb_counters[] = {
	NB_STAT("rx_gso_checksum_fixup", rx_gso_fixup),
	NB_STAT("tx_frag_overflow", tx_overflow),
	NB_STAT("guest_tx_copies", tx_copies),
	NB_STAT("guest_tx_copy_calls", tx_copy_calls),
	NB_STAT("guest_rx_copies", rx_copies),
	NB_STAT("guest_rx_copy_calls", rx_copy_calls),
	NB_STAT("guest_tx_mapped", tx_mapped),
	NB_STAT("guest_rx_mapped", rx_mapped),
	NB_STAT("guest_tx_rate_limited", rate_limited),
	NB_STAT("guest_rx_ring_full", rx_ring_full),
	NB_STAT("guest_rx_drained", rx_drained),
};

static int nb_sset_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(nb_counters) : -EOPNOTSUPP;
}

static void nb_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	if (set == ETH_SS_STATS)
		netends_counter_names(nb_counters, ARRAY_SIZE(nb_counters), data);
}

/* Under RTNL. */
static void nb_get_ethtool_stats(struct net_device *dev, struct ethtool_stats *stats, u64 *data)
{
	struct nb_vif *vif = netdev_priv(dev);

	netends_counter_sums(nb_counters, ARRAY_SIZE(nb_counters), vif->queues, vif->nqueues,
			     sizeof(*vif->queues), data);
}

const struct ethtool_ops nb_ethtool_ops = {
	.get_link		= ethtool_op_get_link,
	.get_drvinfo		= netends_drvinfo,
	.get_sset_count		= nb_sset_count,
	.get_strings		= nb_get_strings,
	.get_ethtool_stats	= nb_get_ethtool_stats,
	.get_ts_info		= ethtool_op_get_ts_info,
};
