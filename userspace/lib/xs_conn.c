// SPDX-License-Identifier: LGPL-2.1-or-later
/* Xenstore client: the connection, messages in and out. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "xs_internal.h"

static int open_socket(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, saved;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static int open_path(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -1;
	if (S_ISSOCK(st.st_mode))
		return open_socket(path);
	return open(path, O_RDWR | O_CLOEXEC);
}

/*
 * In the domain that the daemon is to run in, the kernel's device asks that daemon:
 * without it a request would wait for ever, where an error is wanted.
 */
static bool served_here(void)
{
	return access("/dev/xen/xenbus_backend", F_OK) == 0;
}

static int connect_daemon(unsigned long flags)
{
	static const char *const devices[] = {
		"/dev/xen/xenbus", "/proc/xen/xenbus"
	};
	int fd = open_path(xs_daemon_socket()), err = errno;
	bool socket_only = flags & XS_OPEN_SOCKETONLY || getenv("XENSTORED_PATH") ||
			   served_here();

	for (size_t i = 0; fd < 0 && i < 2 && !socket_only; i++) {
		fd = open_path(devices[i]);
		/* Keep the socket's error unless the device says more. */
		if (fd < 0 && errno != ENOENT && errno != ENXIO)
			err = errno;
	}
	if (fd < 0)
		errno = err;
	return fd;
}

static bool add_poll(int epfd, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	return epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev) == 0;
}

struct xs_handle *xs_open(unsigned long flags)
{
	struct xs_handle *h = calloc(1, sizeof(*h));
	int saved, fl;

	if (!h)
		return NULL;
	h->events_tail = &h->events;
	h->unwatch_filter = flags & XS_UNWATCH_FILTER;
	h->pollfd = h->wakefd = -1;
	h->fd = connect_daemon(flags);
	if (h->fd < 0)
		goto fail;
	fl = fcntl(h->fd, F_GETFL);
	if (fl < 0 || fcntl(h->fd, F_SETFL, fl | O_NONBLOCK))
		goto fail;
	h->wakefd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	h->pollfd = epoll_create1(EPOLL_CLOEXEC);
	if (h->wakefd < 0 || h->pollfd < 0)
		goto fail;
	if (!add_poll(h->pollfd, h->fd) || !add_poll(h->pollfd, h->wakefd))
		goto fail;
	return h;

fail:
	saved = errno;
	xs_close(h);
	errno = saved;
	return NULL;
}

void xs_close(struct xs_handle *h)
{
	struct xs_msg *m;

	if (!h)
		return;
	while ((m = h->events)) {
		h->events = m->next;
		free(m);
	}
	free(h->in);
	if (h->pollfd >= 0)
		close(h->pollfd);
	if (h->wakefd >= 0)
		close(h->wakefd);
	if (h->fd >= 0)
		close(h->fd);
	free(h);
}

static bool broken(struct xs_handle *h, int err)
{
	h->broken = err;
	errno = err;
	return false;
}

static bool wait_for(struct xs_handle *h, short events)
{
	struct pollfd p = { .fd = h->fd, .events = events };

	while (poll(&p, 1, -1) < 0) {
		if (errno != EINTR)
			return broken(h, errno);
	}
	return true;
}

static bool send_all(struct xs_handle *h, const char *data, size_t len)
{
	while (len) {
		/* A socket whose daemon is gone must not raise SIGPIPE. */
		ssize_t n = send(h->fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == ENOTSOCK)
			n = write(h->fd, data, len);
		if (n < 0 && errno == EAGAIN) {
			if (!wait_for(h, POLLOUT))
				return false;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return broken(h, errno);
		data += n;
		len -= n;
	}
	return true;
}

/* Up to len bytes; 0 with errno EAGAIN when none are there and !wait. */
static size_t receive(struct xs_handle *h, void *buf, size_t len, bool wait)
{
	for (;;) {
		ssize_t n = read(h->fd, buf, len);

		if (n > 0)
			return n;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			if (!wait || !wait_for(h, POLLIN))
				return 0;
			continue;
		}
		broken(h, n < 0 ? errno : EPIPE);
		return 0;
	}
}

/*
 * The next whole message, or NULL with errno. What was received of it so far
 * stays in the handle, so that xs_check_watch() never blocks half-way.
 */
static struct xs_msg *next_msg(struct xs_handle *h, bool wait)
{
	struct xs_msg *m;
	size_t n;

	while (h->in_hdr_used < sizeof(h->in_hdr)) {
		n = receive(h, (char *)&h->in_hdr + h->in_hdr_used,
			    sizeof(h->in_hdr) - h->in_hdr_used, wait);
		if (!n)
			return NULL;
		h->in_hdr_used += n;
	}
	if (!h->in) {
		if (h->in_hdr.len > XENSTORE_PAYLOAD_MAX) {
			broken(h, EIO);
			return NULL;
		}
		h->in = malloc(sizeof(*h->in) + h->in_hdr.len + 1);
		if (!h->in)
			return NULL;
		h->in_used = 0;
	}
	while (h->in_used < h->in_hdr.len) {
		n = receive(h, h->in->body + h->in_used,
			    h->in_hdr.len - h->in_used, wait);
		if (!n)
			return NULL;
		h->in_used += n;
	}
	m = h->in;
	m->next = NULL;
	m->hdr = h->in_hdr;
	m->body[m->hdr.len] = '\0';
	h->in = NULL;
	h->in_hdr_used = 0;
	return m;
}

void xs_update_wake(struct xs_handle *h)
{
	uint64_t one = 1;
	ssize_t n;

	/* The counter never gets near its limit; a failure cannot happen. */
	if (h->events)
		n = write(h->wakefd, &one, sizeof(one));
	else
		n = read(h->wakefd, &one, sizeof(one));
	(void)n;
}

static void queue_event(struct xs_handle *h, struct xs_msg *m)
{
	bool was_empty = !h->events;

	*h->events_tail = m;
	h->events_tail = &m->next;
	if (was_empty)
		xs_update_wake(h);
}

bool xs_pump(struct xs_handle *h, bool wait)
{
	while (!h->events) {
		struct xs_msg *m;

		if (h->broken)
			return broken(h, h->broken);
		m = next_msg(h, wait);
		if (!m)
			return false;
		if (m->hdr.type == XS_WATCH_EVENT)
			queue_event(h, m);
		else
			free(m);	/* answers nobody waits for */
	}
	return true;
}

static int error_number(const char *name)
{
	for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(*xsd_errors); i++) {
		if (!strcmp(name, xsd_errors[i].errstring))
			return xsd_errors[i].errnum;
	}
	return EINVAL;
}

static struct xs_msg *await_reply(struct xs_handle *h, uint32_t type,
				  uint32_t req)
{
	for (;;) {
		struct xs_msg *m = next_msg(h, true);
		int err;

		if (!m)
			return NULL;
		if (m->hdr.type == XS_WATCH_EVENT) {
			queue_event(h, m);
			continue;
		}
		if (m->hdr.req_id != req) {
			free(m);
			continue;
		}
		if (m->hdr.type == type)
			return m;
		err = m->hdr.type == XS_ERROR ? error_number(m->body) : EIO;
		if (m->hdr.type != XS_ERROR)
			h->broken = EIO;
		free(m);
		errno = err;
		return NULL;
	}
}

struct xs_msg *xs_talkv(struct xs_handle *h, xs_transaction_t t, uint32_t type,
			const struct iovec *iov, unsigned int niov)
{
	struct xsd_sockmsg hdr = { .type = type, .tx_id = t };
	/* One buffer: the xenbus device wants a message in one write. */
	char out[sizeof(hdr) + XENSTORE_PAYLOAD_MAX];
	size_t used = sizeof(hdr);

	if (h->broken) {
		errno = h->broken;
		return NULL;
	}
	for (unsigned int i = 0; i < niov; i++) {
		if (iov[i].iov_len > sizeof(out) - used) {
			errno = E2BIG;
			return NULL;
		}
		if (iov[i].iov_len)
			memcpy(out + used, iov[i].iov_base, iov[i].iov_len);
		used += iov[i].iov_len;
	}
	hdr.req_id = h->next_req++;
	hdr.len = used - sizeof(hdr);
	memcpy(out, &hdr, sizeof(hdr));
	if (!send_all(h, out, used))
		return NULL;
	return await_reply(h, type, hdr.req_id);
}

struct xs_msg *xs_talk(struct xs_handle *h, xs_transaction_t t, uint32_t type,
		       const char *string)
{
	struct iovec iov = xs_iov(string, strlen(string) + 1);

	return xs_talkv(h, t, type, &iov, 1);
}

bool xs_ack(struct xs_msg *reply)
{
	bool ok = reply != NULL;
	int saved = errno;

	free(reply);
	errno = saved;
	return ok;
}

struct xs_handle *xs_daemon_open(void)
{
	return xs_open(0);
}

struct xs_handle *xs_domain_open(void)
{
	return xs_open(0);
}

struct xs_handle *xs_daemon_open_readonly(void)
{
	return xs_open(0);
}

void xs_daemon_close(struct xs_handle *h)
{
	xs_close(h);
}

void xs_daemon_destroy_postfork(struct xs_handle *h)
{
	/* Closing this process's copies sends nothing to the daemon. */
	xs_close(h);
}

int xs_fileno(struct xs_handle *h)
{
	return h->pollfd;
}
