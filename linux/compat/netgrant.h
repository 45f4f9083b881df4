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
#include "grants.h"
#include "xbremove.h"

/* What a xenbus driver's uevent() is given. */
#if COMPAT_SINCE(6, 3)
typedef const struct xenbus_device compat_uevent_dev;
#else
typedef struct xenbus_device compat_uevent_dev;
#endif

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
