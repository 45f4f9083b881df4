/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What both ends of a network device do alike: counting packets, statistics by
 * name, writing their offers, and what a packet's flags mean.
 */
#ifndef XYLEM_NETENDS_H
#define XYLEM_NETENDS_H

#include <linux/ethtool.h>
#include <linux/percpu.h>
#include <linux/ratelimit.h>
#include <linux/skbuff.h>
#include <net/checksum.h>
#include <xen/interface/io/netif.h>
#include <xen/xenbus.h>

#include "net.h"
#include "store-transact.h"

/* Packets and bytes as the interface at this end sees them, one for each CPU. */
struct netends_stats {
	u64 rx_packets, rx_bytes, tx_packets, tx_bytes;
	struct u64_stats_sync sync;
};

static inline struct netends_stats __percpu *netends_stats_alloc(void)
{
	struct netends_stats __percpu *stats = alloc_percpu(struct netends_stats);
	int cpu;

	if (stats)
		for_each_possible_cpu(cpu)
			u64_stats_init(&per_cpu_ptr(stats, cpu)->sync);
	return stats;
}

/* Bottom halves off, as in the next one. */
static inline void netends_count_rx(struct netends_stats __percpu *all, unsigned int len)
{
	struct netends_stats *stats = this_cpu_ptr(all);

	u64_stats_update_begin(&stats->sync);
	stats->rx_packets++;
	stats->rx_bytes += len;
	u64_stats_update_end(&stats->sync);
}

static inline void netends_count_tx(struct netends_stats __percpu *all, unsigned int len)
{
	struct netends_stats *stats = this_cpu_ptr(all);

	u64_stats_update_begin(&stats->sync);
	stats->tx_packets++;
	stats->tx_bytes += len;
	u64_stats_update_end(&stats->sync);
}

/* Sums, and what is counted in the device itself. */
static inline void netends_get_stats(struct net_device *dev, struct netends_stats __percpu *all,
				     struct rtnl_link_stats64 *total)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct netends_stats *stats = per_cpu_ptr(all, cpu);
		struct netends_stats now;
		unsigned int start;

		do {
			start = compat_stats_begin(&stats->sync);
			now = *stats;
		} while (compat_stats_retry(&stats->sync, start));
		total->rx_packets += now.rx_packets;
		total->rx_bytes += now.rx_bytes;
		total->tx_packets += now.tx_packets;
		total->tx_bytes += now.tx_bytes;
	}
	total->rx_errors = dev->stats.rx_errors;
	total->rx_dropped = dev->stats.rx_dropped;
	total->tx_errors = dev->stats.tx_errors;
	total->tx_dropped = dev->stats.tx_dropped;
}

/* A counter of type u64 in a queue, shown by ethtool -S as the sum over queues. */
struct netends_counter {
	char name[ETH_GSTRING_LEN];
	size_t offset;
};

static inline void netends_counter_names(const struct netends_counter *counters,
					 unsigned int count, u8 *data)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		memcpy(data + i * ETH_GSTRING_LEN, counters[i].name, ETH_GSTRING_LEN);
}

/* queues may be NULL: not connected. */
static inline void netends_counter_sums(const struct netends_counter *counters,
					unsigned int count, const void *queues,
					unsigned int nqueues, size_t queue_size, u64 *data)
{
	unsigned int i, q;

	for (i = 0; i < count; i++) {
		data[i] = 0;
		for (q = 0; queues && q < nqueues; q++)
			data[i] += *(const u64 *)(queues + q * queue_size + counters[i].offset);
	}
}

static inline void netends_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "vif", sizeof(info->driver));
	strscpy(info->bus_info, dev_name(dev->dev.parent), sizeof(info->bus_info));
}

/* Keys in xenstore. */
struct netends_key {
	const char *name;
	unsigned int value;
};

static inline int netends_write_keys(struct xenbus_transaction xbt, const char *dir,
				     const struct netends_key *keys, unsigned int count)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < count; i++)
		err = xenbus_printf(xbt, dir, keys[i].name, "%u", keys[i].value);
	return err;
}

/*
 * End a device for something that the other end did. It may connect and do so again as
 * often as it likes: only so many messages a second come of it.
 */
static __printf(4, 5) void __maybe_unused
netends_fatal(struct ratelimit_state *messages, struct xenbus_device *xdev, int err,
	      const char *fmt, ...)
{
	struct va_format what = { .fmt = fmt };
	va_list args;

	if (!__ratelimit(messages)) {
		xenbus_switch_state(xdev, XenbusStateClosing);
		return;
	}
	va_start(args, fmt);
	what.va = &args;
	xenbus_dev_fatal(xdev, err, "%pV", &what);
	va_end(args);
}

static inline void netends_messages_init(struct ratelimit_state *messages)
{
	ratelimit_state_init(messages, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
}

/*
 * What the other end said of a packet's checksum. A blank one needs its place,
 * which is found from the headers. *fixups counts segmented packets that some old
 * peers send without saying that their checksum is blank.
 */
static inline int netends_set_checksum(struct sk_buff *skb, bool blank, bool validated,
				       u64 *fixups)
{
	bool recalculate = false;

	if (blank)
		skb->ip_summed = CHECKSUM_PARTIAL;
	else if (validated)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (skb->ip_summed != CHECKSUM_PARTIAL && skb_is_gso(skb)) {
		(*fixups)++;
		skb->ip_summed = CHECKSUM_PARTIAL;
		recalculate = true;
	}
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;
	return skb_checksum_setup(skb, recalculate);
}

/* A packet to be cut in segments; type is XEN_NETIF_GSO_TYPE_TCPV4 or TCPV6. */
static inline void netends_set_gso(struct sk_buff *skb, u8 type, u16 size)
{
	skb_shinfo(skb)->gso_size = size;
	skb_shinfo(skb)->gso_type = SKB_GSO_DODGY |
		(type == XEN_NETIF_GSO_TYPE_TCPV4 ? SKB_GSO_TCPV4 : SKB_GSO_TCPV6);
	skb_shinfo(skb)->gso_segs = 0;
}

#endif /* XYLEM_NETENDS_H */
