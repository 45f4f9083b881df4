/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's end of a guest's console page. The guest is hostile: indices
 * are read once and checked, data is copied.
 */
#ifndef XENCONSOLED_CONRING_H
#define XENCONSOLED_CONRING_H

#include <stdint.h>
#include <sys/types.h>
#include <xen/io/console.h>

/* Take up to max bytes of what the guest wrote; -EIO: impossible indices. */
ssize_t conring_read(struct xencons_interface *r, void *buf, size_t max);

/* Free bytes in the direction of the guest; -EIO as above. */
ssize_t conring_room(const struct xencons_interface *r);

/* Give the guest up to len bytes; returns how many went in, or -EIO. */
ssize_t conring_write(struct xencons_interface *r, const void *data, size_t len);

#endif /* XENCONSOLED_CONRING_H */
