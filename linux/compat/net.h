/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Network core: what differs between kernels.
 */
#ifndef XYLEM_COMPAT_NET_H
#define XYLEM_COMPAT_NET_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <linux/u64_stats_sync.h>
#include "compat.h"

#if COMPAT_SINCE(7, 0)
#include <linux/hex.h>		/* mac_pton() */
#endif

#if !COMPAT_SINCE(6, 2)
#define timer_delete_sync(t) del_timer_sync(t)
#endif

static inline void compat_napi_add(struct net_device *dev, struct napi_struct *napi,
				   int (*poll)(struct napi_struct *, int))
{
#if COMPAT_SINCE(6, 1)
	netif_napi_add(dev, napi, poll);
#else
	netif_napi_add(dev, napi, poll, NAPI_POLL_WEIGHT);
#endif
}

static inline void compat_set_mac(struct net_device *dev, const u8 *addr)
{
#if COMPAT_SINCE(5, 15)
	eth_hw_addr_set(dev, addr);
#else
	ether_addr_copy(dev->dev_addr, addr);
#endif
}

/* The real-time patch for 6.1 has what was to come with 6.3. */
#define COMPAT_STATS_PLAIN \
	(COMPAT_SINCE(6, 3) || (COMPAT_SINCE(6, 1) && IS_ENABLED(CONFIG_PREEMPT_RT)))

static inline unsigned int compat_stats_begin(const struct u64_stats_sync *s)
{
#if COMPAT_STATS_PLAIN
	return u64_stats_fetch_begin(s);
#else
	return u64_stats_fetch_begin_irq(s);
#endif
}

static inline bool compat_stats_retry(const struct u64_stats_sync *s, unsigned int start)
{
#if COMPAT_STATS_PLAIN
	return u64_stats_fetch_retry(s, start);
#else
	return u64_stats_fetch_retry_irq(s, start);
#endif
}

/* bytes: the largest segmented packet the device takes, link header aside. */
static inline void compat_set_tso_max(struct net_device *dev, unsigned int bytes)
{
#if COMPAT_SINCE(5, 19)
	netif_set_tso_max_size(dev, bytes);
#else
	netif_set_gso_max_size(dev, bytes);
#endif
}

#endif /* XYLEM_COMPAT_NET_H */
