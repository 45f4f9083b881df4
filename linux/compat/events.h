/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_EVENTS_H
#define XYLEM_COMPAT_EVENTS_H

#include <xen/events.h>
#include <xen/evtchn.h>

/*
 * Static channels, which unbinding leaves open, came together with their ioctl:
 * kernels without it can only close what they unbind.
 */
#ifdef IOCTL_EVTCHN_BIND_STATIC
#define compat_evtchn_make_refcounted(port, is_static) \
	evtchn_make_refcounted(port, is_static)
#else
#define compat_evtchn_make_refcounted(port, is_static) \
	evtchn_make_refcounted(port)
#endif

#endif /* XYLEM_COMPAT_EVENTS_H */
