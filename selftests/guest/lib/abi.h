/* SPDX-License-Identifier: GPL-2.0-only */
/* The public headers of the hypervisor, and the ABI's error numbers. */
#ifndef GUEST_ABI_H
#define GUEST_ABI_H

#include "types.h"

#include <public/xen.h>
#include <public/version.h>
#include <public/features.h>
#include <public/memory.h>
#include <public/event_channel.h>
#include <public/grant_table.h>
#include <public/sched.h>
#include <public/vcpu.h>
#include <public/physdev.h>
#include <public/platform.h>
#include <public/domctl.h>
#include <public/sysctl.h>
#include <public/hvm/hvm_op.h>
#include <public/hvm/params.h>
#include <public/hvm/dm_op.h>

#include <public/errno.h>

#define EPERM		XEN_EPERM
#define ENOENT	XEN_ENOENT
#define ESRCH		XEN_ESRCH
#define EINTR		XEN_EINTR
#define EIO		XEN_EIO
#define ENXIO		XEN_ENXIO
#define E2BIG		XEN_E2BIG
#define ENOEXEC	XEN_ENOEXEC
#define EBADF		XEN_EBADF
#define EAGAIN	XEN_EAGAIN
#define ENOMEM	XEN_ENOMEM
#define EACCES	XEN_EACCES
#define EFAULT	XEN_EFAULT
#define EBUSY		XEN_EBUSY
#define EEXIST	XEN_EEXIST
#define ENODEV	XEN_ENODEV
#define EINVAL	XEN_EINVAL
#define ENOSPC	XEN_ENOSPC
#define EDOM		XEN_EDOM
#define ERANGE	XEN_ERANGE
#define ENOSYS	XEN_ENOSYS
#define EOPNOTSUPP	XEN_EOPNOTSUPP
#define EISCONN	XEN_EISCONN
#define ENOTCONN	XEN_ENOTCONN
#define ENODATA		XEN_ENODATA
#define ENOBUFS		XEN_ENOBUFS
#define EOVERFLOW	XEN_EOVERFLOW
#define ETIME		XEN_ETIME
#define ENOTEMPTY	XEN_ENOTEMPTY
#define EDEADLK		XEN_EDEADLK
#define ERESTART	XEN_ERESTART

#endif
