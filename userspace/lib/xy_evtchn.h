/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Event channels of this domain, through /dev/xen/evtchn.
 *
 * A port bound through a handle is closed with it. The descriptor is
 * close-on-exec and readable when an event is pending; a port stays masked from
 * xy_evtchn_pending() until xy_evtchn_unmask(). A child of fork shares the
 * handle with its parent and should open its own. Threads: one at a time.
 * All functions return a negative errno on failure.
 */
#ifndef XY_EVTCHN_H
#define XY_EVTCHN_H

#include <stdint.h>

struct xy_evtchn;

int xy_evtchn_open(struct xy_evtchn **out);
void xy_evtchn_close(struct xy_evtchn *e);	/* accepts NULL */
int xy_evtchn_fd(const struct xy_evtchn *e);

/* These return the local port. */
int xy_evtchn_bind_virq(struct xy_evtchn *e, unsigned int virq);
int xy_evtchn_bind_interdomain(struct xy_evtchn *e, uint16_t domid, uint32_t remote_port);
int xy_evtchn_bind_unbound(struct xy_evtchn *e, uint16_t domid);

int xy_evtchn_unbind(struct xy_evtchn *e, uint32_t port);
int xy_evtchn_notify(struct xy_evtchn *e, uint32_t port);
/* The next pending port; blocks unless the descriptor was made non-blocking. */
int xy_evtchn_pending(struct xy_evtchn *e);
int xy_evtchn_unmask(struct xy_evtchn *e, uint32_t port);

#endif
