/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Block device backend: gives other domains block devices of this one.
 *
 *	main.c		module, parameters
 *	device.c	xenbus driver: a device appears, is heard of, goes
 *	states.c	what a device does next
 *	store.c		what is read from and written to the store
 *	vbd.c		the block device behind it
 *	ring.c		a ring: mapped, connected, and its memory
 *	worker.c	the thread of a ring
 *	request.c	a request: decoded, checked, handed to the block layer
 *	persistent.c	the frontend's pages that stay mapped
 *	staging.c	pages of our own, to and from which the others are copied
 *	response.c	ends of requests
 *	stats.c		counters in sysfs
 *
 * The frontend is not trusted. The worker copies each request once, and all that it
 * refers to; a frontend that breaks the protocol loses this device (blkback_fault).
 * Memory is bounded by ring: requests by the ring's size, mapped pages by
 * max_persistent_grants, staging pages by max_buffer_pages.
 *
 * A disk may take its time, or never answer. Whoever tells us of changes (there is one
 * thread for all devices of the host) only leaves a note; a device's work, which never
 * runs twice at a time, does what is to be done, and it waits for nobody's requests: a
 * ring's worker says when the last of them has ended. A device that was removed lives
 * on until then.
 *
 * Locks: dev->mutex guards states, and is never held while a disk is waited for; the
 * list of all devices has a lock that is taken within. A ring's response lock guards
 * the response side of the ring and the list of free requests; it is taken in
 * interrupts. All else of a ring belongs to its worker while that runs.
 */
#ifndef XEN_BLKBACK_H
#define XEN_BLKBACK_H

#include <linux/blkdev.h>
#include <linux/bio.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <xen/xen.h>
#include <xen/events.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <xen/xenbus.h>
#include <xen/interface/io/blkif.h>
#include <xen/interface/io/protocols.h>

#include "blk.h"
#include "blkbdev.h"
#include "wire.h"

#define MAX_RING_ORDER		4
#define MAX_INDIRECT_SEGS	256
#define SECTS_PER_PAGE		(XEN_PAGE_SIZE >> SECTOR_SHIFT)
#define PGRANT_BUCKETS		512

struct blkback;
struct blkback_ring;

/* A page of the frontend that stays mapped. */
struct pgrant {
	struct hlist_node node;
	grant_ref_t gref;
	grant_handle_t handle;
	struct page *page;
	unsigned long used;	/* jiffies */
	bool busy;		/* found in a request, by the sweep */
};

/* Where a segment's data is. */
struct blkback_seg {
	struct pgrant *pgrant;	/* NULL: in a staging page */
	grant_ref_t gref;	/* only of staged ones */
};

struct blkback_req {
	struct blkback_ring *ring;
	u64 id;
	u8 op;			/* as it goes into the response */
	u8 kind;		/* BLKIF_OP_READ, _WRITE, ... */
	u16 nr_segs;
	u16 nr_staged;
	s16 status;		/* BLKIF_RSP_* */
	bool active;
	sector_t sector, nr_sectors;	/* of 512 bytes */
	bool secure;
	struct bio bio;
	/* The small ones, or arrays of MAX_INDIRECT_SEGS that come with use. */
	struct bio_vec *vecs;
	struct blkback_seg *segs;
	struct bio_vec few_vecs[BLKIF_MAX_SEGMENTS_PER_REQUEST];
	struct blkback_seg few_segs[BLKIF_MAX_SEGMENTS_PER_REQUEST];
	struct bio_vec *many_vecs;
	struct blkback_seg *many_segs;
	struct blkback_req *free;	/* the next one that is */
	struct llist_node done;
};

struct blkback_stats {
	unsigned long long rd_req, wr_req, oo_req, f_req, ds_req, rd_sect, wr_sect;
};

struct blkback_ring {
	struct blkback *dev;
	unsigned int id;
	/* The shared ring. */
	struct blkif_common_sring *sring;
	unsigned int nr_ents;
	RING_IDX req_cons;
	RING_IDX rsp_prod, rsp_pushed;	/* response lock */
	int irq;
	bool eoi_due;
	bool seen;			/* the event was not in vain */
	bool event_owed;		/* for requests that were seen before it */
	unsigned long taken;		/* in jiffies: the last of them */
	/* The worker. */
	struct task_struct *thread;
	unsigned long flags;		/* KICK, ... */
	wait_queue_head_t drained;
	struct timer_list timer;
	unsigned long stall_said;
	/* Requests. */
	spinlock_t lock;
	struct blkback_req *reqs;
	struct blkback_req *free;	/* response lock */
	unsigned int inflight;		/* response lock */
	bool batching;			/* responses are announced later */
	struct llist_head done;		/* what its worker has to go on with */
	/* Scratch of the worker. */
	struct wire_segment *scratch;
	struct gnttab_copy *copies;
	struct gnttab_map_grant_ref *maps;
	struct page **map_pages;
	struct pgrant **map_to;
	/* Has work and a timer of the kernel's, which do not belong on a stack. */
	struct gntab_unmap_queue_data unmapping;
	/* Pages that stay mapped, and our own. */
	struct hlist_head *pgrants;
	unsigned int nr_pgrants;
	struct list_head staging;
	spinlock_t staging_lock;
	unsigned int nr_staging;	/* that exist, in use or not */
	struct blkback_stats stats;
};

/* Bits of ring->flags. */
enum { RING_KICK, RING_SWEEP, RING_DEAD, RING_STOP };

struct blkback_vbd {
	struct compat_bdev handle;	/* of an open device */
	struct block_device *bdev;	/* NULL: none yet */
	dev_t dev;
	bool readonly, cdrom;
	bool discard;			/* was offered */
	sector_t sectors;		/* as written to the store */
};

enum blkback_phase {
	BLKBACK_APART,		/* no rings */
	BLKBACK_JOINED,
	BLKBACK_DRAINING,	/* nothing is taken; what was taken has not ended */
};

struct blkback {
	struct xenbus_device *xbdev;
	refcount_t users;		/* its own life, and who waits for its end */
	struct list_head all;
	struct mutex mutex;
	struct work_struct work;	/* the only one to change phases */
	struct xenbus_watch watch;
	bool look;			/* for the block device's number in the store */
	enum xenbus_state frontend;	/* as last heard */
	bool removed;
	bool unlisted;
	struct completion ended;
	char *mode;
	struct blkback_vbd vbd;
	enum wire_abi abi;
	bool persistent;
	enum blkback_phase phase;
	unsigned int max_rings;		/* as the frontend was told */
	unsigned int nr_rings;
	struct blkback_ring *rings;
	atomic_t draining;		/* rings that have requests in flight */
	bool banned;			/* broke the protocol */
	unsigned int failures;
	const char *fault;
	struct delayed_work size_work;
	struct blkback_stats gone;	/* of rings that are no more */
};

/* Parameters. */
extern int blkback_max_pgrants;
extern unsigned int blkback_pgrant_timeout;
extern int blkback_max_buffer_pages;
extern int blkback_max_ring_order;
extern unsigned int blkback_max_queues;
extern bool blkback_persistent;
extern int blkback_log_stats;

/* device.c: put frees; of a predecessor requests are in flight on the same rings. */
int blkback_device_init(void);
void blkback_device_exit(void);
void blkback_device_queue(struct blkback *dev);
void blkback_device_unlist(struct blkback *dev);
bool blkback_device_has_predecessor(struct blkback *dev);
void blkback_device_put(struct blkback *dev);

/* states.c: fault and drained from any context; of faults the first one counts. */
void blkback_states_start(struct blkback *dev);
void blkback_fault(struct blkback *dev, const char *what);
void blkback_drained(struct blkback *dev);

/* store.c: all sleep. */
int blkback_store_offer(struct blkback *dev);
int blkback_store_connect(struct blkback *dev);
int blkback_store_resize(struct blkback *dev);
int blkback_store_read_frontend(struct blkback *dev);
int blkback_store_read_ring(struct blkback *dev, unsigned int n, grant_ref_t *refs,
			    unsigned int *nr, evtchn_port_t *port);

/* vbd.c: both may wait for the disk. */
int blkback_vbd_open(struct blkback_vbd *vbd, dev_t dev_no, bool readonly, bool cdrom);
void blkback_vbd_close(struct blkback_vbd *vbd);
static inline sector_t blkback_vbd_sectors(const struct blkback *dev)
{
	return compat_bdev_nr_sectors(dev->vbd.bdev);
}

/* ring.c: sleep. Stop, wait for blkback_drained, free. */
int blkback_rings_connect(struct blkback *dev);
void blkback_rings_stop(struct blkback *dev);
void blkback_rings_free(struct blkback_ring *rings, unsigned int n);

/* worker.c */
int blkback_worker_start(struct blkback_ring *ring);
void blkback_worker_stop(struct blkback_ring *ring);
void blkback_worker_join(struct blkback_ring *ring);
void blkback_worker_free(struct blkback_ring *ring);
void blkback_worker_kick(struct blkback_ring *ring);
void blkback_worker_go_on(struct blkback_ring *ring);
void blkback_worker_drain(struct blkback_ring *ring, unsigned int left);
irqreturn_t blkback_worker_irq(int irq, void *ring);

/* request.c: of the worker. */
void blkback_request_start(struct blkback_ring *ring, struct blkback_req *req,
			   const struct wire_request *wire);
void blkback_request_go_on(struct blkback_ring *ring, struct blkback_req *req);

/* persistent.c: of the worker. */
int blkback_persistent_init(struct blkback_ring *ring);
void blkback_persistent_exit(struct blkback_ring *ring);
struct pgrant *blkback_persistent_find(struct blkback_ring *ring, grant_ref_t gref);
void blkback_persistent_map(struct blkback_ring *ring, const struct wire_segment *segs,
			    unsigned int n);
void blkback_persistent_sweep(struct blkback_ring *ring, unsigned long unused);

/* staging.c */
void blkback_staging_get(struct blkback_ring *ring, struct blkback_req *req);
void blkback_staging_put(struct blkback_ring *ring, struct blkback_req *req);
int blkback_staging_copy(struct blkback_ring *ring, struct blkback_req *req, bool in);
int blkback_staging_read(struct blkback_ring *ring, grant_ref_t gref, void *to, size_t bytes);
void blkback_staging_shrink(struct blkback_ring *ring);

/* response.c: from any context. */
void blkback_response_end(struct blkback_req *req);
void blkback_response_flush(struct blkback_ring *ring);

/* stats.c */
int blkback_stats_add(struct xenbus_device *xbdev);
void blkback_stats_remove(struct xenbus_device *xbdev);
void blkback_stats_count(struct blkback_stats *sum, const struct blkback_stats *s);
void blkback_stats_sum(struct blkback *dev, struct blkback_stats *sum);

#endif /* XEN_BLKBACK_H */
