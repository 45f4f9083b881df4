/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the files of the xenstore client; not for users of the library. */
#ifndef XYLEM_XS_INTERNAL_H
#define XYLEM_XS_INTERNAL_H

#include <errno.h>
#include <sys/uio.h>

#include "xs.h"

/* A message received whole; body has a NUL behind its len bytes. */
struct xs_msg {
	struct xs_msg *next;
	struct xsd_sockmsg hdr;
	char body[];
};

struct xs_handle {
	int fd;			/* to the daemon, non-blocking */
	int pollfd;		/* epoll over fd and wakefd, for xs_fileno() */
	int wakefd;		/* eventfd, readable while events are queued */
	int broken;		/* errno of a transport failure, or 0 */
	bool unwatch_filter;
	uint32_t next_req;

	/* The message being received: header bytes, then body bytes. */
	struct xsd_sockmsg in_hdr;
	unsigned int in_hdr_used;
	struct xs_msg *in;
	unsigned int in_used;

	struct xs_msg *events, **events_tail;
};

/*
 * One request and its reply. iov holds the payload's parts. Returns the reply,
 * the caller's to free(), or NULL with errno: the daemon's error, E2BIG for a
 * payload over the limit, or the transport's failure.
 */
struct xs_msg *xs_talkv(struct xs_handle *h, xs_transaction_t t, uint32_t type,
			const struct iovec *iov, unsigned int niov);

/* The same with one string, sent with its NUL. */
struct xs_msg *xs_talk(struct xs_handle *h, xs_transaction_t t, uint32_t type,
		       const char *string);

/* For requests whose reply says only OK: frees it, true when there was one. */
bool xs_ack(struct xs_msg *reply);

/*
 * Receive until an event is queued (wait) or nothing more is there. False
 * with EAGAIN, or the transport's failure.
 */
bool xs_pump(struct xs_handle *h, bool wait);

/* Set or clear wakefd to match the queue. */
void xs_update_wake(struct xs_handle *h);

static inline struct iovec xs_iov(const void *data, size_t len)
{
	return (struct iovec){ .iov_base = (void *)data, .iov_len = len };
}

#endif /* XYLEM_XS_INTERNAL_H */
