/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The xenstore client and the buses of devices that are described in the store.
 *
 * wire.c	the two rings: requests, their replies, watch events
 * watch.c	who wants to hear what; a thread calls them, one at a time
 * store.c	reading and writing, transactions
 * device.c	the driver model: buses xen (frontends) and xen-backend
 * scan.c	devices that appear in the store and go from it
 * client.c	states and errors of a device; ring.c its shared rings
 * user.c	/dev/xen/xenbus
 * control.c	what the toolstack asks of the domain; cpus.c of its CPUs
 *
 * Threads: the reader takes messages from the ring and never waits for the store; the
 * watcher calls callbacks, which may.
 */
#ifndef XEN_BUS_H
#define XEN_BUS_H

#include <linux/device.h>
#include <linux/uio.h>
#include <xen/xenbus.h>

/* wire.c: @iov is the body. The reply's, terminated, is the caller's to free. */
int xb_wire_start(void);
void *xb_talk(struct xenbus_transaction t, enum xsd_sockmsg_type type,
	      const struct kvec *iov, unsigned int n, unsigned int *len);

/* watch.c: by the reader, which gives @body away. It is terminated at @len. */
void xb_watch_event(char *body, unsigned int len);
int xb_watch_start(void);

/* device.c */
struct xb_side {
	struct bus_type bus;
	const char *root;		/* where its devices are */
	unsigned int levels;		/* components of a device's path */
	const char *other_id, *other;	/* nodes that name the other end */
	struct device *parent;
	struct xenbus_watch watch;
};

extern struct xb_side xb_frontends, xb_backends;

int xb_side_register(struct xb_side *side);
/* Takes no reference to what it makes. */
int xb_device_create(struct xb_side *side, const char *type, const char *nodename);

/* scan.c */
int xb_scan_start(struct xb_side *side);

/* control.c */
int xb_control_start(void);

/* user.c */
int xb_user_start(void);

/* cpus.c */
#ifdef CONFIG_HOTPLUG_CPU
int xb_cpus_start(void);
#else
static inline int xb_cpus_start(void)
{
	return 0;
}
#endif

#endif /* XEN_BUS_H */
