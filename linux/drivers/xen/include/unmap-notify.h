/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the owner of a shared page wants done when the sharing ends, however it
 * ends: a byte set to 0, an event sent.
 */
#ifndef XYLEM_UNMAP_NOTIFY_H
#define XYLEM_UNMAP_NOTIFY_H

#include <linux/errno.h>
#include <linux/highmem.h>
#include "events.h"

/* The same for gntdev and gntalloc. */
#define UNMAP_NOTIFY_BYTE	0x1
#define UNMAP_NOTIFY_EVENT	0x2

struct unmap_notify {
	u32 action;
	u64 offset;			/* of the byte, from the first page on */
	evtchn_port_t port;		/* with a reference while in action */
};

static inline void unmap_notify_drop(struct unmap_notify *n)
{
	if (n->action & UNMAP_NOTIFY_EVENT)
		evtchn_put(n->port);
	n->action = 0;
}

/* Takes the place of what was asked before. -EINVAL: no such channel or action. */
static inline int unmap_notify_set(struct unmap_notify *n, u32 action, u64 offset,
				   evtchn_port_t port)
{
	if (action & ~(UNMAP_NOTIFY_BYTE | UNMAP_NOTIFY_EVENT))
		return -EINVAL;
	/* Before the old one goes: they may be the same. */
	if ((action & UNMAP_NOTIFY_EVENT) && evtchn_get(port))
		return -EINVAL;
	unmap_notify_drop(n);
	*n = (struct unmap_notify){ .action = action, .offset = offset, .port = port };
	return 0;
}

/* The pages are still there, or NULL if they never were. The byte comes first. */
static inline void unmap_notify_do(struct unmap_notify *n, struct page **pages)
{
	if ((n->action & UNMAP_NOTIFY_BYTE) && pages) {
		u8 *p = kmap_atomic(pages[n->offset >> PAGE_SHIFT]);

		WRITE_ONCE(p[offset_in_page(n->offset)], 0);
		kunmap_atomic(p);
		/* Whoever takes the event sees the byte. */
		smp_wmb();
	}
	if (n->action & UNMAP_NOTIFY_EVENT)
		notify_remote_via_evtchn(n->port);
	unmap_notify_drop(n);
}

#endif /* XYLEM_UNMAP_NOTIFY_H */
