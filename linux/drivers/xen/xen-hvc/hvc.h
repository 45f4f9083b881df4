/* SPDX-License-Identifier: GPL-2.0-only */
/* The domain's console: a ring for each direction, in a page shared with the toolstack. */
#ifndef XEN_HVC_H
#define XEN_HVC_H

#include <linux/interrupt.h>
#include <linux/types.h>

/* Room for input that is taken at a time. */
#define HVC_CHUNK	64

int hvc_ring_start(irq_handler_t handler);
void hvc_ring_stop(void);

/* How many bytes were taken; any context. */
unsigned int hvc_ring_write(const u8 *data, unsigned int len);
unsigned int hvc_ring_room(void);
unsigned int hvc_ring_unread(void);

/* By the interrupt handler only: at most @max bytes of input, 0 when there is none. */
unsigned int hvc_ring_read(u8 *data, unsigned int max);

/* Waits, without sleeping, until the daemon has made so much room; a bounded time. */
bool hvc_ring_wait(unsigned int bytes);

#endif /* XEN_HVC_H */
