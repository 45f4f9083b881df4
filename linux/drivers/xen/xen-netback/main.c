// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module and its parameters.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <xen/xen.h>

#include "netback.h"
#include "xylem-version.h"

#define NB_DEFAULT_QUEUES	8

bool nb_split_irq = true;
module_param_named(separate_tx_rx_irq, nb_split_irq, bool, 0644);
MODULE_PARM_DESC(separate_tx_rx_irq, "Offer one event channel for each direction");

unsigned int nb_drain_ms = 10000;
module_param_named(rx_drain_timeout_msecs, nb_drain_ms, uint, 0444);
MODULE_PARM_DESC(rx_drain_timeout_msecs,
		 "Drop packets for a guest that has offered no buffers for this long");

unsigned int nb_stall_ms = 60000;
module_param_named(rx_stall_timeout_msecs, nb_stall_ms, uint, 0444);
MODULE_PARM_DESC(rx_stall_timeout_msecs,
		 "Take the carrier off when a guest has offered no buffers for this long");

unsigned int nb_max_queues;
module_param_named(max_queues, nb_max_queues, uint, 0644);
MODULE_PARM_DESC(max_queues, "Maximum number of queues per virtual interface");

unsigned int nb_fatal_slots = 20;
module_param_named(fatal_skb_slots, nb_fatal_slots, uint, 0444);
MODULE_PARM_DESC(fatal_skb_slots, "A packet of more slots disconnects its guest");

unsigned int nb_static_grants = NB_GREFS;
module_param_named(static_grants, nb_static_grants, uint, 0644);
MODULE_PARM_DESC(static_grants, "Buffers of a queue that a guest may have us keep mapped, 0 to 512");

/* Such a buffer takes a page of the host's away: guests may not have all of them. */
unsigned int nb_static_total;
module_param_named(static_grants_total, nb_static_total, uint, 0644);
MODULE_PARM_DESC(static_grants_total,
		 "The same of all guests together (default: a 32nd of the host's pages)");

/* Hashes come from a table, which needs no cache. */
static unsigned int nb_hash_cache = 64;
module_param_named(hash_cache_size, nb_hash_cache, uint, 0644);
MODULE_PARM_DESC(hash_cache_size, "Accepted for compatibility, without effect");

bool nb_xdp_headroom = true;
module_param_named(provides_xdp_headroom, nb_xdp_headroom, bool, 0644);
MODULE_PARM_DESC(provides_xdp_headroom, "Offer room before received packets for XDP");

static int __init nb_init(void)
{
	if (!xen_domain())
		return -ENODEV;
	if (!nb_max_queues)
		nb_max_queues = min_t(unsigned int, num_online_cpus(), NB_DEFAULT_QUEUES);
	if (nb_fatal_slots < XEN_NETIF_NR_SLOTS_MIN) {
		pr_info("fatal_skb_slots %u is too small, taking %d\n", nb_fatal_slots,
			XEN_NETIF_NR_SLOTS_MIN);
		nb_fatal_slots = XEN_NETIF_NR_SLOTS_MIN;
	}
	if (!nb_static_total)
		nb_static_total = min_t(unsigned long, totalram_pages() / 32, UINT_MAX);
	/* Without an owner: a bound device would keep the module from being removed. */
	return __xenbus_register_backend(&nb_driver, NULL, KBUILD_MODNAME);
}
module_init(nb_init);

static void __exit nb_exit(void)
{
	xenbus_unregister_driver(&nb_driver);
}
module_exit(nb_exit);

MODULE_DESCRIPTION("Xen virtual network device backend");
MODULE_AUTHOR("The Xylem developers");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen-backend:vif");
