/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grant table, event channel and xenbus calls of the network drivers: what
 * differs between kernels.
 */
#ifndef XYLEM_COMPAT_NETGRANT_H
#define XYLEM_COMPAT_NETGRANT_H

#include <linux/mm.h>
#include <xen/events.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <xen/xenbus.h>
#include "compat.h"

/* What a xenbus driver's remove() returns; nothing reads it. */
#if COMPAT_SINCE(6, 0)
typedef void compat_remove_t;
#define COMPAT_REMOVED
#else
typedef int compat_remove_t;
#define COMPAT_REMOVED 0
#endif

/* What a xenbus driver's uevent() is given. */
#if COMPAT_SINCE(6, 3)
typedef const struct xenbus_device compat_uevent_dev;
#else
typedef struct xenbus_device compat_uevent_dev;
#endif

/* Revoke a grant. False: the other end has it mapped. */
static inline bool compat_end_access_ref(grant_ref_t ref)
{
#if COMPAT_SINCE(5, 18)
	return gnttab_end_foreign_access_ref(ref);
#else
	return gnttab_end_foreign_access_ref(ref, 0);
#endif
}

/*
 * Revoke a grant and free its reference, now or when the other end lets go. The
 * caller's reference to the page goes with it.
 */
static inline void compat_end_access(grant_ref_t ref, struct page *page)
{
#if COMPAT_SINCE(6, 1)
	gnttab_end_foreign_access(ref, page);
#else
	gnttab_end_foreign_access(ref, 0, page ? (unsigned long)page_address(page) : 0);
#endif
}

static inline int compat_bind_interdomain(struct xenbus_device *xdev, evtchn_port_t port,
					  irq_handler_t handler, const char *name, void *arg)
{
#if COMPAT_SINCE(5, 12)
	return bind_interdomain_evtchn_to_irqhandler_lateeoi(xdev, port, handler, 0, name, arg);
#else
	return bind_interdomain_evtchn_to_irqhandler_lateeoi(xdev->otherend_id, port, handler,
							     0, name, arg);
#endif
}

/* The state that the other end of the device is in. */
static inline enum xenbus_state compat_otherend_state(struct xenbus_device *xdev)
{
#if COMPAT_SINCE(7, 0)
	return xenbus_read_driver_state(xdev, xdev->otherend);
#else
	return xenbus_read_driver_state(xdev->otherend);
#endif
}

#endif /* XYLEM_COMPAT_NETGRANT_H */
