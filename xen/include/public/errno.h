/* SPDX-License-Identifier: MIT */
/*
 * Error numbers of the ABI: a failed operation returns the negated value. They
 * are Linux's generic ones, and are fixed whatever the guest's own are.
 *
 * Included plainly, this defines enum xen_errno with XEN_E* names. Included
 * with XEN_ERRNO(name, value) defined, it expands that macro for every number
 * and undefines it; that may be repeated.
 */
#ifndef XEN_ERRNO
#ifndef __XEN_PUBLIC_ERRNO_H__
#define __XEN_PUBLIC_ERRNO_H__

#ifndef __ASSEMBLY__
#define XEN_ERRNO_DEFAULT_INCLUDE
#define XEN_ERRNO(name, value)	XEN_##name = value,
__extension__ enum xen_errno {
#endif

#endif
#endif

#ifdef XEN_ERRNO

XEN_ERRNO(EPERM,	 1)	/* not allowed */
XEN_ERRNO(ENOENT,	 2)	/* no such object */
XEN_ERRNO(ESRCH,	 3)	/* no such domain */
#ifdef __XEN__			/* never seen by a guest */
XEN_ERRNO(EINTR,	 4)
#endif
XEN_ERRNO(EIO,		 5)	/* device or firmware failed */
XEN_ERRNO(ENXIO,	 6)	/* no such device or address */
XEN_ERRNO(E2BIG,	 7)	/* list too long */
XEN_ERRNO(ENOEXEC,	 8)	/* image not understood */
XEN_ERRNO(EBADF,	 9)	/* bad file */
XEN_ERRNO(ECHILD,	10)	/* no child */
XEN_ERRNO(EAGAIN,	11)	/* try again */
XEN_ERRNO(EWOULDBLOCK,	11)	/* the same */
XEN_ERRNO(ENOMEM,	12)	/* out of memory */
XEN_ERRNO(EACCES,	13)	/* no access */
XEN_ERRNO(EFAULT,	14)	/* handle does not point to usable memory */
XEN_ERRNO(EBUSY,	16)	/* in use */
XEN_ERRNO(EEXIST,	17)	/* there already */
XEN_ERRNO(EXDEV,	18)	/* across devices */
XEN_ERRNO(ENODEV,	19)	/* no such device */
XEN_ERRNO(ENOTDIR,	20)	/* not a directory */
XEN_ERRNO(EISDIR,	21)	/* a directory */
XEN_ERRNO(EINVAL,	22)	/* bad argument */
XEN_ERRNO(ENFILE,	23)	/* host limit reached */
XEN_ERRNO(EMFILE,	24)	/* caller's limit reached */
XEN_ERRNO(ENOSPC,	28)	/* no space */
XEN_ERRNO(EROFS,	30)	/* read-only */
XEN_ERRNO(EMLINK,	31)	/* too many links */
XEN_ERRNO(EDOM,		33)	/* outside the domain of a function */
XEN_ERRNO(ERANGE,	34)	/* result not representable */
XEN_ERRNO(EDEADLK,	35)	/* would deadlock */
XEN_ERRNO(EDEADLOCK,	35)	/* the same */
XEN_ERRNO(ENAMETOOLONG,	36)	/* name too long */
XEN_ERRNO(ENOLCK,	37)	/* no lock left */
XEN_ERRNO(ENOSYS,	38)	/* no such operation */
XEN_ERRNO(ENOTEMPTY,	39)	/* not empty */
XEN_ERRNO(ENODATA,	61)	/* nothing there */
XEN_ERRNO(ETIME,	62)	/* timer ran out */
XEN_ERRNO(EBADMSG,	74)	/* message not understood */
XEN_ERRNO(EOVERFLOW,	75)	/* value too large */
XEN_ERRNO(EILSEQ,	84)	/* bad sequence */
#ifdef __XEN__			/* never seen by a guest */
XEN_ERRNO(ERESTART,	85)
#endif
XEN_ERRNO(ENOTSOCK,	88)	/* not a socket */
XEN_ERRNO(EMSGSIZE,	90)	/* message too long */
XEN_ERRNO(EOPNOTSUPP,	95)	/* not supported here */
XEN_ERRNO(EADDRINUSE,	98)	/* address in use */
XEN_ERRNO(EADDRNOTAVAIL, 99)	/* address not to be had */
XEN_ERRNO(ENOBUFS,	105)	/* buffer too small */
XEN_ERRNO(EISCONN,	106)	/* connected already */
XEN_ERRNO(ENOTCONN,	107)	/* not connected */
XEN_ERRNO(ETIMEDOUT,	110)	/* no answer in time */
XEN_ERRNO(ECONNREFUSED,	111)	/* refused */

#undef XEN_ERRNO
#endif

#ifdef XEN_ERRNO_DEFAULT_INCLUDE
#undef XEN_ERRNO_DEFAULT_INCLUDE
};
#endif
