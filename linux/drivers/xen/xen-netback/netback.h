/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xen-netback: the host's end of a guest's network device.
 *
 *	main.c		module, its parameters
 *	xenbus.c	device states, what we offer
 *	connect.c	what the frontend chose; making and ending a connection
 *	netdev.c	vifD.I as the network core sees it
 *	queue.c		a queue's rings, event channels, NAPI
 *	txparse.c tx.c	packets from the guest: checking requests; copying, delivering
 *	rx.c		packets to the guest
 *	mcast.c rate.c	multicast filter, transmit credit
 *	ctrl.c hash.c	control ring, Toeplitz hash and its mapping to queues
 *	gref.c		static grants: buffers of the guest's that stay mapped
 *	ethtool.c	statistics
 *
 * Directions are the guest's, as in the protocol: tx is from the guest, rx to it.
 *
 * Data is copied by the hypervisor, many pieces in one call, or by the CPU from and to
 * buffers that the guest asked us to keep mapped. No packet is ever mapped: the host's network stack holds
 * nothing of the guest's, nothing waits for the stack, and there is nothing to
 * unmap (which is where the time of a mapping backend goes).
 *
 * The frontend is not trusted: a request is copied once and checked before use.
 * What no honest frontend does ends in nb_misuse(): this device is taken down.
 *
 * Locks, outermost first: nb_backend.lock, RTNL, a transmit queue's lock
 * of the network core (which guards nb_rx), nb_mcast.lock. tx belongs to its NAPI.
 */
#ifndef XEN_NETBACK_H
#define XEN_NETBACK_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <xen/grant_table.h>
#include <xen/interface/io/netif.h>
#include <xen/page.h>
#include <xen/xenbus.h>

#include "netblock.h"
#include "netends.h"

#define NB_TX_SLOTS	__CONST_RING_SIZE(xen_netif_tx, XEN_PAGE_SIZE)
#define NB_RX_SLOTS	__CONST_RING_SIZE(xen_netif_rx, XEN_PAGE_SIZE)

/* Most slots that a packet for the guest takes, extra information included. */
#define NB_RX_PACKET	(XEN_NETIF_NR_SLOTS_MIN + 3)
/* Copies of one hypercall, at most. */
#define NB_TX_OPS	(NB_TX_SLOTS * 2 + 64)
#define NB_RX_OPS	128
#define NB_TX_BATCH	64
/* Static grants of a queue, at most, and the bits of their hash. */
#define NB_GREFS	512
#define NB_GREF_BITS	10

struct nb_vif;
struct nb_queue;
struct nb_grefs;

/* Answers in ring order; NULL ones stand for extra information. */
struct nb_answer {
	u16 id;
	s16 status;
};

/* What is known of a guest's packet before its data is here. */
struct nb_tx_packet {
	struct sk_buff *skb;
	u16 flags;
	u16 gso_size;
	u8 gso_type;
	u8 hash_type;
	u32 hash;
	u16 answers, nanswers;		/* range of nb_tx.answer */
	u16 ops, nops;			/* range of nb_tx.op */
};

struct nb_tx {
	struct xen_netif_tx_back_ring ring;
	struct netblock block;
	unsigned int nops, npackets, nanswers;
	struct gnttab_copy op[NB_TX_OPS];
	struct nb_tx_packet packet[NB_TX_BATCH];
	struct nb_answer answer[NB_TX_SLOTS];
};

struct nb_rx_answer {
	struct xen_netif_rx_response rsp;	/* or extra information */
	u16 op, nops;				/* its copies, to see whether they worked */
	bool first;
};

struct nb_rx {
	struct xen_netif_rx_back_ring ring;
	unsigned int nops, nanswers;
	unsigned long stopped_at;	/* jiffies of the last moment with room */
	bool stopped;
	bool asked;			/* for an event when there are buffers */
	bool draining;			/* too long without room: packets are dropped */
	struct gnttab_copy op[NB_RX_OPS];
	struct nb_rx_answer answer[NB_RX_OPS];
	struct sk_buff_head held;	/* packets whose copies were not made yet */
};

struct nb_credit {
	unsigned long bytes, usec;	/* usec 0: no limit */
	unsigned long left;
	u64 window;			/* ns, when the present one began */
	bool waiting;
	struct timer_list timer;
};

/* Bits of nb_queue.eoi. */
#define NB_EOI_TX	0

struct nb_queue {
	struct nb_vif *vif;
	unsigned int index;
	struct napi_struct napi;
	unsigned long eoi;
	bool tx_worked;			/* since the last event: the next may come late */
	bool polling;			/* the NAPI runs, and will flush rx at its end */
	int tx_irq, rx_irq;		/* the same one unless split; 0: none */
	char tx_name[IFNAMSIZ + 16], rx_name[IFNAMSIZ + 16];
	struct nb_tx tx;
	struct nb_rx rx;
	struct nb_credit credit;
	struct nb_grefs __rcu *grefs;	/* changed by the control ring's work only */
	u64 tx_mapped, rx_mapped;
	u64 tx_copies, tx_copy_calls, rx_copies, rx_copy_calls;
	u64 rx_gso_fixup, tx_overflow, rate_limited, rx_ring_full, rx_drained;
};

#define NB_HASH_KEY	40
#define NB_HASH_MAP	128
#define NB_HASH_INPUT	36		/* both addresses and ports, IPv6 */

struct nb_hash {
	u32 algorithm, flags;
	u8 key[NB_HASH_KEY];
	u32 map_size;
	u32 map[NB_HASH_MAP];
	u32 table[NB_HASH_INPUT][256];	/* contribution of an input byte */
};

struct nb_mcast {
	spinlock_t lock;
	struct list_head list;		/* RCU */
	unsigned int count;
};

struct nb_vif {
	struct net_device *netdev;
	struct xenbus_device *xdev;
	domid_t domid;
	unsigned int handle;
	struct nb_queue *queues;	/* NULL: not connected; readers use RCU */
	unsigned int nqueues;
	struct netends_stats __percpu *stats;	/* the interface's view */
	unsigned long credit_bytes, credit_usec;

	/* What the frontend can take. */
	bool can_sg, ip_csum, ipv6_csum, rx_notify, multicast_control;
	bool gso4, gso6, prefix4, prefix6;
	unsigned int xdp_headroom;

	struct nb_mcast mcast;
	struct nb_hash hash;
	struct delayed_work stall;
	struct work_struct misuse;
	const char *misuse_what;
	struct ratelimit_state messages;
	unsigned long flags;

	struct xen_netif_ctrl_back_ring ctrl;
	int ctrl_irq;
	unsigned int gref_failures;	/* of this connection */
	struct work_struct ctrl_work;
};

/* Bits of nb_vif.flags. */
#define NB_MISUSED	0

/* The device of xenstore; it outlives connections. */
struct nb_backend {
	struct xenbus_device *xdev;
	struct nb_vif *vif;
	struct mutex lock;		/* connecting and disconnecting */
	enum xenbus_state frontend;
	struct xenbus_watch hotplug, rate, multicast;
	bool hotplug_watched, watched;
	const char *script;
};

/* Parameters. */
extern bool nb_split_irq, nb_xdp_headroom;
extern unsigned int nb_static_grants, nb_static_total;
extern unsigned int nb_drain_ms, nb_stall_ms, nb_max_queues, nb_fatal_slots;

extern const struct ethtool_ops nb_ethtool_ops;

static inline unsigned long nb_gfn(struct page *page, unsigned int offset)
{
	return pfn_to_gfn(page_to_xen_pfn(page) + (offset >> XEN_PAGE_SHIFT));
}

/* The queues in use, or NULL. Valid until the end of the RCU section. */
static inline struct nb_queue *nb_queues(const struct nb_vif *vif)
{
	return smp_load_acquire(&vif->queues);
}

/* End the device for what the guest did. In process context. */
#define nb_fatal(vif, err, fmt, ...) \
	netends_fatal(&(vif)->messages, (vif)->xdev, err, fmt, ##__VA_ARGS__)

/* From any context; only the first call of a connection does something. */
void nb_misuse(struct nb_vif *vif, const char *what);

/* xenbus.c */
extern struct xenbus_driver nb_driver;

/* connect.c */
int nb_connect(struct nb_vif *vif);
void nb_disconnect(struct nb_vif *vif);
void nb_read_xdp_headroom(struct nb_vif *vif);

/* netdev.c */
struct nb_vif *nb_vif_create(struct xenbus_device *xdev, unsigned int handle);
void nb_vif_destroy(struct nb_vif *vif);

/* queue.c; the caller holds RTNL. */
struct nb_queue_keys {
	grant_ref_t tx_ref, rx_ref;
	evtchn_port_t tx_port, rx_port;
};
int nb_queue_init(struct nb_queue *q, struct nb_vif *vif, unsigned int index,
		  const struct nb_queue_keys *keys);
void nb_queue_destroy(struct nb_queue *q);
void nb_queue_wake(struct nb_queue *q);
void nb_grant_copy(struct gnttab_copy *op, unsigned int count);

/* txparse.c */
void nb_tx_parse(struct nb_queue *q, unsigned int budget);
/* tx.c */
int nb_tx_poll(struct nb_queue *q, int budget);

/* rx.c */
netdev_tx_t nb_start_xmit(struct sk_buff *skb, struct net_device *dev);
bool nb_rx_event(struct nb_queue *q);
void nb_rx_poll_end(struct nb_queue *q);
void nb_rx_reset(struct nb_queue *q);
void nb_rx_stall_work(struct work_struct *work);

/* mcast.c */
int nb_mcast_add(struct nb_vif *vif, const u8 *addr);
void nb_mcast_del(struct nb_vif *vif, const u8 *addr);
bool nb_mcast_wanted(struct nb_vif *vif, const u8 *addr);
void nb_mcast_flush(struct nb_vif *vif);

/* rate.c */
void nb_credit_init(struct nb_queue *q);
bool nb_credit_take(struct nb_queue *q, unsigned int bytes);
void nb_credit_stop(struct nb_queue *q);
void nb_credit_set(struct nb_vif *vif, unsigned long bytes, unsigned long usec);

/* ctrl.c */
int nb_ctrl_connect(struct nb_vif *vif, grant_ref_t ref, evtchn_port_t port);
void nb_ctrl_disconnect(struct nb_vif *vif);
bool nb_fetch(struct nb_vif *vif, grant_ref_t ref, void *to, unsigned int len);

/* gref.c */
void *nb_gref_find(struct nb_queue *q, grant_ref_t ref, bool write);
u32 nb_gref_size(struct nb_vif *vif, u32 index, u32 *size);
u32 nb_gref_add(struct nb_vif *vif, u32 index, grant_ref_t ref, u32 count);
void nb_gref_free(struct nb_queue *q);

/* hash.c */
void nb_hash_init(struct nb_vif *vif);
u32 nb_hash_set_algorithm(struct nb_vif *vif, u32 algorithm);
u32 nb_hash_get_flags(struct nb_vif *vif, u32 *flags);
u32 nb_hash_set_flags(struct nb_vif *vif, u32 flags);
u32 nb_hash_set_key(struct nb_vif *vif, grant_ref_t ref, u32 len);
u32 nb_hash_set_map_size(struct nb_vif *vif, u32 size);
u32 nb_hash_set_map(struct nb_vif *vif, grant_ref_t ref, u32 len, u32 from);
void nb_hash_skb(struct nb_vif *vif, struct sk_buff *skb);
u16 nb_hash_queue(struct nb_vif *vif, struct sk_buff *skb);

#endif /* XEN_NETBACK_H */
