/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_EVENTFD_H
#define XYLEM_COMPAT_EVENTFD_H

#include <linux/eventfd.h>
#include <linux/types.h>
#include <xen/privcmd.h>

/* The number to add went in 6.8: it was 1 everywhere. */
#if COMPAT_SINCE(6, 8)
#define compat_eventfd_signal(ctx) eventfd_signal(ctx)
#else
#define compat_eventfd_signal(ctx) eventfd_signal(ctx, 1)
#endif

/*
 * Takes what was written to it; its lock is held. Modules can since 5.11; before, it stays
 * readable, and each write is heard of all the same.
 */
static inline void compat_eventfd_take(struct eventfd_ctx *ctx)
{
#if COMPAT_SINCE(5, 11)
	u64 count;

	eventfd_ctx_do_read(ctx, &count);
#endif
}

/* The interface, which came in 6.6 and 6.7; it needs nothing of the kernel's. */
#ifndef IOCTL_PRIVCMD_IRQFD
#define PRIVCMD_IRQFD_FLAG_DEASSIGN (1 << 0)

struct privcmd_irqfd {
	__u64 dm_op;
	__u32 size;
	__u32 fd;
	__u32 flags;
	domid_t dom;
	__u8 pad[2];
};

#define IOCTL_PRIVCMD_IRQFD _IOW('P', 8, struct privcmd_irqfd)
#endif

#ifndef IOCTL_PRIVCMD_IOEVENTFD
#define PRIVCMD_IOEVENTFD_FLAG_DEASSIGN (1 << 0)

struct privcmd_ioeventfd {
	__u64 ioreq;
	__u64 ports;
	__u64 addr;
	__u32 addr_len;
	__u32 event_fd;
	__u32 vcpus;
	__u32 vq;
	__u32 flags;
	domid_t dom;
	__u8 pad[2];
};

#define IOCTL_PRIVCMD_IOEVENTFD _IOW('P', 9, struct privcmd_ioeventfd)
#endif

#endif /* XYLEM_COMPAT_EVENTFD_H */
