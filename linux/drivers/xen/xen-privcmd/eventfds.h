/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device model's interrupts and doorbells by eventfd: what a vhost or another process has
 * written to an eventfd raises an interrupt in a guest, and what the guest writes to a
 * doorbell of virtio's comes out of one, without a way through the device model.
 *
 * A kernel without eventfds has neither, and says so.
 */
#ifndef XYLEM_PRIVCMD_EVENTFDS_H
#define XYLEM_PRIVCMD_EVENTFDS_H

#include "privcmd.h"

#ifdef CONFIG_EVENTFD
int watches_init(void);
/* No file of ours is open. */
void watches_exit(void);
/* Ends what was assigned by this file. */
void watches_end(const struct privcmd_file *f);
long privcmd_irqfd(struct privcmd_file *f, void __user *arg);
long privcmd_ioeventfd(struct privcmd_file *f, void __user *arg);
#else
static inline int watches_init(void)
{
	return 0;
}

static inline void watches_exit(void)
{
}

static inline void watches_end(const struct privcmd_file *f)
{
}

static inline long privcmd_irqfd(struct privcmd_file *f, void __user *arg)
{
	return -EOPNOTSUPP;
}

static inline long privcmd_ioeventfd(struct privcmd_file *f, void __user *arg)
{
	return -EOPNOTSUPP;
}
#endif

#endif /* XYLEM_PRIVCMD_EVENTFDS_H */
