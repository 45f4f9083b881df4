/* SPDX-License-Identifier: MIT */
/*
 * The xenstore protocol: what goes over the socket, and over the page that
 * a domain shares with the store.
 */
#ifndef _XS_WIRE_H
#define _XS_WIRE_H

#include "../xen-compat.h"

__extension__ enum xsd_sockmsg_type {
	XS_CONTROL,
#define XS_DEBUG XS_CONTROL
	XS_DIRECTORY,
	XS_READ,
	XS_GET_PERMS,
	XS_WATCH,
	XS_UNWATCH,
	XS_TRANSACTION_START,
	XS_TRANSACTION_END,
	XS_INTRODUCE,
	XS_RELEASE,
	XS_GET_DOMAIN_PATH,
	XS_WRITE,
	XS_MKDIR,
	XS_RM,
	XS_SET_PERMS,
	XS_WATCH_EVENT,
	XS_ERROR,
	XS_IS_DOMAIN_INTRODUCED,
	XS_RESUME,
	XS_SET_TARGET,
	/* 20 was XS_RESTRICT */
	XS_RESET_WATCHES = XS_SET_TARGET + 2,
	XS_DIRECTORY_PART,

	/* What Xen 4.17 knows; higher numbers are in xs_wire_new. */
	XS_TYPE_COUNT,

	XS_INVALID = 0xffff
};

/* Newer than Xen 4.17. */
enum xsd_sockmsg_type_new {
	XS_GET_FEATURE = 23,
	XS_SET_FEATURE = 24,
	XS_GET_QUOTA = 25,
	XS_SET_QUOTA = 26
};

#define XS_WRITE_NONE		"NONE"
#define XS_WRITE_CREATE		"CREATE"
#define XS_WRITE_CREATE_EXCL	"CREATE|EXCL"

/* Errors travel by name. The table needs errno.h before this header. */
struct xsd_errors {
	int errnum;
	const char *errstring;
};
#ifdef EINVAL
#define XSD_ERROR(x)	{ x, #x }
static const struct xsd_errors xsd_errors[] __attribute__((unused)) = {
	/* An unknown number is sent as the first one. */
	XSD_ERROR(EINVAL),
	XSD_ERROR(EACCES),
	XSD_ERROR(EEXIST),
	XSD_ERROR(EISDIR),
	XSD_ERROR(ENOENT),
	XSD_ERROR(ENOMEM),
	XSD_ERROR(ENOSPC),
	XSD_ERROR(EIO),
	XSD_ERROR(ENOTEMPTY),
	XSD_ERROR(ENOSYS),
	XSD_ERROR(EROFS),
	XSD_ERROR(EBUSY),
	XSD_ERROR(EAGAIN),
	XSD_ERROR(EISCONN),
	XSD_ERROR(E2BIG),
	XSD_ERROR(EPERM)
};
#endif

/* Every message, request or reply, begins so; len bytes follow. */
struct xsd_sockmsg {
	uint32_t type;			/* XS_* */
	uint32_t req_id;		/* comes back in the reply */
	uint32_t tx_id;			/* transaction, 0 for none */
	uint32_t len;			/* at most XENSTORE_PAYLOAD_MAX */
};

/* Fields of a watch event, each ended by a NUL. */
enum xs_watch_type {
	XS_WATCH_PATH = 0,
	XS_WATCH_TOKEN
};

/*
 * The shared page. Requests go to the store, replies and events come back.
 * Indices run freely.
 */
#define XENSTORE_RING_SIZE	1024
typedef uint32_t XENSTORE_RING_IDX;
#define MASK_XENSTORE_IDX(idx)	((idx) & (XENSTORE_RING_SIZE - 1))
struct xenstore_domain_interface {
	char req[XENSTORE_RING_SIZE];
	char rsp[XENSTORE_RING_SIZE];
	XENSTORE_RING_IDX req_cons, req_prod;
	XENSTORE_RING_IDX rsp_cons, rsp_prod;
	uint32_t server_features;	/* XENSTORE_SERVER_FEATURE_* */
	uint32_t connection;		/* XENSTORE_CONNECTED, _RECONNECT */
	uint32_t error;			/* XENSTORE_ERROR_* */
};

/* Limits in bytes; paths without the final NUL. */
#define XENSTORE_PAYLOAD_MAX	4096
#define XENSTORE_ABS_PATH_MAX	3072
#define XENSTORE_REL_PATH_MAX	2048

/* The guest may ask to be reconnected. */
#define XENSTORE_SERVER_FEATURE_RECONNECTION	1
/* The error field is used. */
#define XENSTORE_SERVER_FEATURE_ERROR		2
/* Newer than Xen 4.17: a watch may be limited in depth. */
#define XENSTORE_SERVER_FEATURE_WATCHDEPTH	4
/* Newer than Xen 4.17: special watches tell the domain's id. */
#define XENSTORE_SERVER_FEATURE_DOMID_ANY	8

#define XENSTORE_CONNECTED	0
#define XENSTORE_RECONNECT	1	/* set by the guest, cleared by the store */

#define XENSTORE_ERROR_NONE	0
#define XENSTORE_ERROR_COMM	1	/* no communication */
#define XENSTORE_ERROR_RINGIDX	2	/* the guest's indices make no sense */
#define XENSTORE_ERROR_PROTO	3	/* malformed message */

#endif
