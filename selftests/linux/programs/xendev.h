/* SPDX-License-Identifier: GPL-2.0-only */
/* The ioctls below /dev/xen: numbers and layouts of the kernel's interface. */
#ifndef XENDEV_H
#define XENDEV_H

#include <stdint.h>
#include <sys/ioctl.h>

struct evtchn_arg {
	unsigned int a;
};

struct evtchn_arg2 {
	unsigned int a, b;
};

#define XEN_IOC(type, nr, size)	_IOC(_IOC_NONE, type, nr, size)
#define EVTCHN_BIND_VIRQ	XEN_IOC('E', 0, 4)
#define EVTCHN_BIND_INTERDOMAIN	XEN_IOC('E', 1, 8)
#define EVTCHN_BIND_UNBOUND	XEN_IOC('E', 2, 4)
#define EVTCHN_UNBIND		XEN_IOC('E', 3, 4)
#define EVTCHN_NOTIFY		XEN_IOC('E', 4, 4)
#define EVTCHN_RESET		XEN_IOC('E', 5, 0)
#define EVTCHN_RESTRICT		XEN_IOC('E', 6, 2)

#endif
