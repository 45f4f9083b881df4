/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Block device frontend: a virtual disk of another domain.
 *
 *	main.c		module, parameters, xenbus driver and its states
 *	names.c		from the number in the store to xvdXN
 *	negotiate.c	features read from the store, rings announced there
 *	ring.c		shared pages and event channel of one queue
 *	pool.c		granted pages that data is copied through
 *	request.c	from the block layer to the ring
 *	response.c	from the ring to the block layer
 *	disk.c		queue limits, gendisk, capacity
 *
 * Locks: dev->mutex serialises connecting, closing and resuming; it is taken before
 * any ring's lock. A ring's lock guards its slots, its pool and its indices, and is
 * taken with interrupts off.
 *
 * The backend is not trusted: what comes from the ring or the store is copied once,
 * checked, then used. A backend that breaks the protocol loses this device.
 */
#ifndef XEN_BLKFRONT_H
#define XEN_BLKFRONT_H

#include <linux/blkdev.h>
#include <linux/blk-mq.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <xen/xen.h>
#include <xen/events.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <xen/xenbus.h>
#include <xen/interface/io/blkif.h>
#include <xen/interface/io/protocols.h>

#include "blk.h"

#define BLKFRONT_MAX_RING_ORDER	4
#define BLKFRONT_MAX_RING_PAGES	(1 << BLKFRONT_MAX_RING_ORDER)

/* Segments that fit a page of an indirect request, and requests can have. */
#define SEGS_PER_PAGE	(XEN_PAGE_SIZE / sizeof(struct blkif_request_segment))
#define MAX_SEGS	(BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST * SEGS_PER_PAGE)

/*
 * Segments that a page of the block layer may need, wherever it starts; no request can
 * be made smaller than that.
 */
#define LEAST_SEGS	max_t(unsigned int, BLKIF_MAX_SEGMENTS_PER_REQUEST,	\
			      PAGE_SIZE / XEN_PAGE_SIZE + (PAGE_SIZE > XEN_PAGE_SIZE))

/*
 * Granted pages that all rings of a device may have, about what backends map: four of
 * the largest requests, each with its list.
 */
#define POOL_PAGES	1028

struct blkfront;

/* A page that the backend may read and write as long as we are connected. */
struct blkfront_buf {
	void *addr;
	grant_ref_t gref;
};

/* The granted pages of a ring; free[] is a stack, so that few of them stay warm. */
struct blkfront_pool {
	struct blkfront_buf *bufs;
	u32 *free;
	unsigned int nr_free;
	unsigned int nr;	/* that exist */
	unsigned int max;
};

/* One request in flight; its number is the block layer's tag, unless rings are shared. */
struct blkfront_slot {
	struct request *rq;	/* NULL: none */
	u8 op;
	bool taken;		/* of a shared ring */
	u16 nr_segs;
	u16 id;
	/* Numbers of bufs, those of the list last, or references granted for this request. */
	u32 *segs;
	/*
	 * Where the segments of an indirect request are listed: pages of the pool, or of
	 * the slot's own, which come with use.
	 */
	struct blkfront_buf *list;
};

struct blkfront_ring {
	spinlock_t lock;
	struct blkfront *dev;
	struct blkif_front_ring ring;
	RING_IDX req_pushed;	/* what the backend was shown */
	unsigned int nr_pages;
	void *pages[BLKFRONT_MAX_RING_PAGES];
	grant_ref_t grefs[BLKFRONT_MAX_RING_PAGES];
	evtchn_port_t port;
	int irq;
	bool live;		/* responses are looked at */
	bool open;		/* requests may be sent */
	bool event_owed;	/* for responses that were seen before it */
	bool starved;		/* a queue was stopped for lack of bufs */
	struct blkfront_slot *slots;
	unsigned int nr_slots;	/* as many as a queue has tags */
	unsigned int nr_usable;	/* of them, what the ring has entries for */
	bool shared;		/* more tags than that may come this way */
	struct blkfront_ring *via;	/* which carries the requests of this one's queue */
	struct blkfront_pool pool;
};

/* What the backend offers, as bounded by what we want. */
struct blkfront_features {
	unsigned int ring_order;
	unsigned int segs;		/* of a request */
	bool persistent;
	bool bounce;			/* data goes through the pool */
	bool flush, barrier;
	bool discard, secure;
	unsigned int discard_granularity, discard_alignment;
	sector_t sectors;		/* of 512 bytes */
	unsigned int sector_size, physical_sector_size;
	unsigned int info;		/* VDISK_* */
};

enum blkfront_life {
	BLKFRONT_FRESH,		/* no disk yet */
	BLKFRONT_LIVE,
	BLKFRONT_LOST,		/* rings are gone, others will come; the queue waits */
	BLKFRONT_DEAD,		/* the disk answers with errors */
};

struct blkfront {
	struct xenbus_device *xbdev;
	struct mutex mutex;
	enum blkfront_life life;
	struct blkfront_features features;
	unsigned int nr_rings;		/* queues of the disk, for good */
	unsigned int max_ring_order;	/* for good, too */
	unsigned int nr_used;		/* rings of the backend of now */
	bool offered;			/* it was told that grants stay, if it wants that */
	struct blkfront_ring *rings;
	struct blk_mq_tag_set tags;
	struct gendisk *disk;
	int vdev;
	unsigned int minor, nr_minors;
	bool published;
	enum xenbus_state backend;	/* as last heard */
	bool hurry;			/* it goes: nobody waits for requests */
	struct work_struct state_work;
	struct work_struct add_work;
	struct work_struct fault_work;
	const char *fault;		/* what the backend did */
	/* Parts of requests that are to be made anew. */
	spinlock_t saved_lock;
	struct bio_list saved;
	struct work_struct saved_work;
};

/* The private part of a request. */
struct blkfront_rq {
	blk_status_t status;
	struct blkfront_slot *slot;
	struct request *next;		/* that was answered at the same time */
};

/* Parameters. */
extern unsigned int blkfront_max_indirect;
extern unsigned int blkfront_max_queues;
extern unsigned int blkfront_max_ring_order;
extern bool blkfront_trusted;
extern bool blkfront_persistent;

/* names.c */
int blkfront_names_claim(struct blkfront *dev, int vdev, char *name, size_t size);
void blkfront_names_release(struct blkfront *dev);

/* negotiate.c: all sleep; 0 or an error. */
void blkfront_negotiate_rings(struct blkfront *dev);
int blkfront_negotiate_announce(struct blkfront *dev);
int blkfront_negotiate_disk(struct blkfront *dev);
int blkfront_negotiate_size(struct blkfront *dev);

/* ring.c */
int blkfront_ring_connect(struct blkfront_ring *ring);
int blkfront_ring_prepare(struct blkfront_ring *ring);
void blkfront_ring_stop(struct blkfront_ring *ring);
void blkfront_ring_disconnect(struct blkfront_ring *ring);
int blkfront_rings_alloc(struct blkfront *dev);
void blkfront_rings_assign(struct blkfront *dev);
void blkfront_rings_free(struct blkfront *dev);

/* pool.c: take and put with the ring's lock held. */
int blkfront_pool_init(struct blkfront_pool *pool, domid_t peer, unsigned int min,
		       unsigned int max);
void blkfront_pool_exit(struct blkfront_pool *pool);
bool blkfront_pool_take(struct blkfront_pool *pool, domid_t peer, unsigned int n, u32 *out);
void blkfront_pool_put(struct blkfront_pool *pool, unsigned int n, const u32 *bufs);
int blkfront_buf_init(struct blkfront_buf *buf, domid_t peer, gfp_t gfp);
void blkfront_buf_exit(struct blkfront_buf *buf);

/* request.c */
extern const struct blk_mq_ops blkfront_mq_ops;
void blkfront_request_done(struct request *rq);
bool blkfront_request_end_grants(struct request *rq, struct blkfront_slot *slot);

/* response.c */
irqreturn_t blkfront_response_irq(int irq, void *ring);

/* disk.c */
int blkfront_disk_alloc(struct blkfront *dev);
int blkfront_disk_publish(struct blkfront *dev);
void blkfront_disk_renew(struct blkfront *dev);
void blkfront_disk_resize(struct blkfront *dev);
void blkfront_disk_remove(struct blkfront *dev);

/* main.c: from any context; the first one counts. */
void blkfront_fault(struct blkfront *dev, const char *what);

/* Pages that list the segments of a request of so many. */
static inline unsigned int blkfront_list_pages(unsigned int segs)
{
	return segs > BLKIF_MAX_SEGMENTS_PER_REQUEST ? DIV_ROUND_UP(segs, SEGS_PER_PAGE) : 0;
}

static inline domid_t blkfront_peer(const struct blkfront *dev)
{
	return dev->xbdev->otherend_id;
}

#endif /* XEN_BLKFRONT_H */
