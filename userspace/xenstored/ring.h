/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's end of the page it shares with a domain. The domain is hostile:
 * indices are read once and checked, and data is used from a copy only.
 */
#ifndef XENSTORED_RING_H
#define XENSTORED_RING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <xen/io/xs_wire.h>

/*
 * Copy what the domain sent, up to max bytes, and leave it in the ring.
 * -EIO: the indices are impossible.
 */
ssize_t ring_peek(const struct xenstore_domain_interface *r, void *buf,
		  size_t max);
/* Take len bytes, of those seen by the last ring_peek(), out of the ring. */
void ring_consume(struct xenstore_domain_interface *r, size_t len);

/* Put in as much of data as there is room for; -EIO as above. */
ssize_t ring_write(struct xenstore_domain_interface *r, const void *data,
		   size_t len);

#endif /* XENSTORED_RING_H */
