/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xen-netfront: a guest's network device.
 *
 *	main.c		module, its parameters
 *	xenbus.c	negotiation with the backend through xenstore
 *	queue.c		a queue's rings, event channels and NAPI
 *	tx.c rx.c	the data paths
 *	xdp.c		BPF programs
 *	ctrl.c		control ring: grants that the backend keeps mapped
 *	netdev.c	what the network core calls
 *	ethtool.c	statistics, rxbuf_* attributes
 *
 * Locks, outermost first: nf_dev.lock (connect and disconnect, may sleep), RTNL,
 * nf_tx.lock (bottom halves off). Receive needs none: it belongs to its NAPI.
 *
 * The backend is not trusted. A response is copied once and checked before use;
 * what no honest backend does ends in nf_misuse(): the device is taken down, the
 * guest goes on.
 */
#ifndef XEN_NETFRONT_H
#define XEN_NETFRONT_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/xdp.h>
#include <xen/grant_table.h>
#include <xen/interface/io/netif.h>
#include <xen/page.h>
#include <xen/xenbus.h>

#include "netblock.h"
#include "netends.h"
#include "netpool.h"

#define NF_TX_SLOTS	__CONST_RING_SIZE(xen_netif_tx, XEN_PAGE_SIZE)
#define NF_RX_SLOTS	__CONST_RING_SIZE(xen_netif_rx, XEN_PAGE_SIZE)

/*
 * Packets up to this size, and the headers of larger ones, are copied into memory that
 * stays granted, a piece of this size for each slot. They cost no grant, and the
 * backend sees nothing else that happens to share their page.
 */
#define NF_STAGE_BYTES	2048
#define NF_STAGE_HEAD	256
#define NF_STAGE_PAGES	(NF_TX_SLOTS * NF_STAGE_BYTES / XEN_PAGE_SIZE)

/* Received packets up to this size are copied; their page stays in the ring. */
#define NF_COPY_BYTES	256
/* When no page can be handed on, because the backend keeps it mapped. */
#define NF_COPY_FIXED	1600

/* Longest packet that a program for received ones sees in a page of its own. */
#define NF_XDP_BYTES	SKB_WITH_OVERHEAD(PAGE_SIZE - XDP_PACKET_HEADROOM)

/* Slots of the largest packet, and what may come with it: extra information. */
#define NF_PACKET_SLOTS	(XEN_NETIF_NR_SLOTS_MIN + 1)

enum nf_tx_state {
	NF_TX_FREE,
	NF_TX_STAGED,		/* data in the slot's piece of the stage */
	NF_TX_GRANTED,		/* the slot's grant is active */
	NF_TX_DONE,		/* answered; the packet's other slots are not */
	NF_TX_STUCK,		/* backend would not let go of the grant */
};

struct nf_tx_slot {
	struct sk_buff *skb;		/* first slot: given back at the end */
	struct xdp_frame *frame;	/* the same, never both */
	struct page *page;		/* what the grant is for */
	u8 state;
	bool bounced;			/* page is ours */
	u16 head;			/* the packet's first slot */
	u16 left;			/* first slot: slots not answered */
};

struct nf_tx {
	spinlock_t lock;
	struct xen_netif_tx_front_ring ring;
	grant_ref_t ring_ref;
	unsigned int granted;		/* slots in NF_TX_GRANTED */
	unsigned int nfree;
	u16 free[NF_TX_SLOTS];
	grant_ref_t ref[NF_TX_SLOTS];
	struct nf_tx_slot slot[NF_TX_SLOTS];
	void *stage[NF_STAGE_PAGES];
	grant_ref_t stage_ref[NF_STAGE_PAGES];
};

/*
 * A slot of the receive ring is its own buffer: page and grant stay with the ring
 * index, so a buffer whose contents were copied is simply offered again.
 */
struct nf_rx {
	struct xen_netif_rx_front_ring ring;
	grant_ref_t ring_ref;
	grant_ref_t ref[NF_RX_SLOTS];
	struct page *page[NF_RX_SLOTS];
	bool fixed;			/* the backend has the pages mapped: copy, never revoke */
	struct netblock block;		/* what is copied goes here, then */
	struct compat_pool pool;
	struct xdp_rxq_info xdp;
	struct timer_list refill;	/* memory was short */
};

/* Bits of nf_queue.eoi: interrupts that wait for the end of the poll. */
#define NF_EOI_TX	0
#define NF_EOI_RX	1

struct nf_queue {
	struct nf_dev *dev;
	unsigned int index;
	struct napi_struct napi;
	unsigned long eoi;
	/* Answers were taken since the last event: the next one may come late. */
	bool tx_worked, rx_worked;
	bool polling;			/* the NAPI runs, and will publish at its end */
	int tx_irq, rx_irq;		/* the same one unless split; 0: none */
	evtchn_port_t tx_port, rx_port;
	char tx_name[IFNAMSIZ + 16], rx_name[IFNAMSIZ + 16];
	struct nf_tx tx;
	struct nf_rx rx;
	struct bpf_prog __rcu *prog;
	/* Written by the path named, read by ethtool. */
	u64 tx_staged_slots, tx_granted_slots, tx_notified, tx_linearized;
	u64 rx_copied, rx_pages, rx_gso_fixup, rx_no_memory;
	u64 interrupts, xdp_dropped, xdp_sent, xdp_redirected, xdp_large;
};

struct nf_ctrl {
	struct xen_netif_ctrl_front_ring ring;	/* no sring: there is none */
	grant_ref_t ref;
	evtchn_port_t port;
	int irq;
	bool asked;
	bool waiting;			/* for an answer */
	bool mapped;			/* the backend may have buffers mapped */
	wait_queue_head_t answered;
};

struct nf_dev {
	struct net_device *netdev;
	struct xenbus_device *xdev;
	struct mutex lock;
	struct nf_queue *queues;	/* NULL: not connected; readers use RCU */
	unsigned int nqueues;
	struct bpf_prog *prog;		/* RTNL */
	struct netends_stats __percpu *stats;
	struct nf_ctrl ctrl;		/* guarded by lock */
	atomic_t leaving;		/* who wants the lock to disconnect */
	struct work_struct static_work;
	struct work_struct closing;
	struct work_struct misuse;
	const char *misuse_what;
	struct ratelimit_state messages;
	unsigned long flags;
	bool registered;
	bool bounce;			/* backend is not to see whole pages */
	/* What the backend can take, read when it announces itself. */
	bool be_sg, be_gso4, be_gso6, be_csum4, be_csum6, be_split, be_ctrl;
	unsigned int be_queues;
};

/* Bits of nf_dev.flags. */
#define NF_MISUSED	0

extern unsigned int nf_max_queues;
extern bool nf_trusted;
extern const struct net_device_ops nf_netdev_ops;
extern const struct ethtool_ops nf_ethtool_ops;
extern const struct attribute_group nf_rxbuf_group;

/* Frame number of the grant unit that holds this byte of a page. */
static inline unsigned long nf_gfn(struct page *page, unsigned int offset)
{
	return pfn_to_gfn(page_to_xen_pfn(page) + (offset >> XEN_PAGE_SHIFT));
}

/* The queues in use, or NULL. Valid until the end of the RCU section. */
static inline struct nf_queue *nf_queues(const struct nf_dev *nd)
{
	return smp_load_acquire(&nd->queues);
}

/* From any context; only the first call of a connection does something. */
void nf_misuse(struct nf_dev *nd, const char *what);

/* xenbus.c */
extern struct xenbus_driver nf_driver;
void nf_disconnect(struct nf_dev *nd);

/* queue.c; the caller holds RTNL. */
struct nf_queue *nf_queues_create(struct nf_dev *nd, unsigned int *count);
void nf_queues_destroy(struct nf_queue *queues, unsigned int count);
void nf_queue_wake(struct nf_queue *q);

/* tx.c */
int nf_tx_init(struct nf_queue *q);
void nf_tx_free(struct nf_queue *q);
netdev_tx_t nf_start_xmit(struct sk_buff *skb, struct net_device *dev);
void nf_tx_poll(struct nf_queue *q);
void nf_tx_poll_end(struct nf_queue *q);
int nf_tx_frames(struct nf_queue *q, struct xdp_frame **frames, int n);

/* rx.c */
int nf_rx_init(struct nf_queue *q);
void nf_rx_free(struct nf_queue *q);
void nf_rx_fill(struct nf_queue *q);
int nf_rx_poll(struct nf_queue *q, int budget);

/* ctrl.c */
void nf_ctrl_create(struct nf_dev *nd);
void nf_ctrl_destroy(struct nf_dev *nd);
void nf_static_work(struct work_struct *work);

/* xdp.c */
bool nf_xdp_run(struct nf_queue *q, struct bpf_prog *prog, struct page *page,
		unsigned int *offset, unsigned int *len);
int nf_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames, u32 flags);
int nf_bpf(struct net_device *dev, struct netdev_bpf *bpf);
void nf_xdp_attach(struct nf_queue *q, struct bpf_prog *prog);

/* netdev.c */
struct net_device *nf_netdev_create(struct xenbus_device *xdev);
void nf_netdev_free(struct net_device *dev);

#endif /* XEN_NETFRONT_H */
