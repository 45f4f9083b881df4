/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages of ours, granted to another domain and mapped by a program.
 *
 * A share is one page with its grant. It is in use as long as a file has it (until
 * DEALLOC or close) or a memory area shows it. Afterwards the grant ends; while the
 * peer still has the page mapped it cannot, and the share stays, counted against
 * the limit, until it can.
 */
#ifndef XYLEM_GNTALLOC_H
#define XYLEM_GNTALLOC_H

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/xarray.h>
#include "grants.h"
#include <xen/gntalloc.h>
#include "unmap-notify.h"

struct share {
	refcount_t users;
	struct page *page;
	grant_ref_t ref;
	struct unmap_notify notify;	/* under the file's lock while a file has it */
	domid_t domid;			/* the peer */
	unsigned int looks;		/* since it should have let go */
	struct list_head left;		/* with the peer */
};

struct gntalloc_file {
	/* mmap() takes it inside the mmap lock: no access to user memory with it held. */
	struct mutex lock;
	struct xarray shares;		/* by page of the file's offsets */
	unsigned long next;
};

/* lot.c: all shares there are. */
int lot_reserve(unsigned int count);	/* -ENOSPC above the limit */
void lot_unreserve(unsigned int count);
/* One that was reserved; ERR_PTR */
struct share *share_create(domid_t domid, bool readonly);
void share_get(struct share *s);
void share_put(struct share *s);
void lot_exit(void);

#endif /* XYLEM_GNTALLOC_H */
