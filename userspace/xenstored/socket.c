// SPDX-License-Identifier: GPL-2.0-only
/* Clients by the Unix socket: programs of dom0, privileged. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon.h"
#include "xy_loop.h"

struct socket_client {
	struct client client;
	struct source source;
	struct store_conn *conn;
	bool readable;
	uint32_t mask;
	char *left;		/* received, not taken by the engine yet */
	size_t left_len, left_done;
};

static struct store *store;
static struct source listener;
static bool deaf;	/* too many clients: not accepting more */

static void drop(struct socket_client *sc)
{
	client_unqueue(&sc->client);
	loop_remove(&sc->source);
	close(sc->source.fd);
	store_disconnect(sc->conn);
	free(sc->left);
	free(sc);
	if (deaf) {
		deaf = false;
		loop_change(&listener, EPOLLIN);
	}
}

static void set_mask(struct socket_client *sc, uint32_t mask)
{
	if (sc->mask == mask)
		return;
	sc->mask = mask;
	loop_change(&sc->source, mask);
}

/* False when the client is gone. */
static bool flush(struct socket_client *sc)
{
	const void *data;
	size_t len;

	while ((data = store_conn_output(sc->conn, &len))) {
		ssize_t n = send(sc->source.fd, data, len,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			set_mask(sc, EPOLLIN | EPOLLOUT);
			return true;
		}
		if (n < 0)
			return false;
		store_conn_sent(sc->conn, n);
	}
	set_mask(sc, EPOLLIN);
	return true;
}

/* Bytes behind the message of this turn wait for the next one. */
static bool keep(struct socket_client *sc, const char *data, size_t len)
{
	if (!len)
		return true;
	sc->left = malloc(len);
	if (!sc->left)
		return false;
	memcpy(sc->left, data, len);
	sc->left_len = len;
	sc->left_done = 0;
	return true;
}

static bool protocol_broken(void)
{
	log_line("a socket's client broke the protocol: closed");
	return false;
}

static bool take_left(struct socket_client *sc)
{
	ssize_t n = store_conn_input(sc->conn, sc->left + sc->left_done,
				     sc->left_len - sc->left_done);

	if (n < 0)
		return protocol_broken();
	sc->left_done += n;
	if (sc->left_done == sc->left_len) {
		free(sc->left);
		sc->left = NULL;
	}
	return true;
}

/* One message at most. False when the client is gone. */
static bool take_input(struct socket_client *sc)
{
	/* Shared by all: nothing stays in it beyond the turn. */
	static char buf[8192];
	ssize_t len, n;

	if (!sc->left && sc->readable) {
		len = recv(sc->source.fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR))
			return false;
		sc->readable = len > 0;
		if (len < 0)
			return true;
		n = store_conn_input(sc->conn, buf, len);
		if (n < 0)
			return protocol_broken();
		if (!keep(sc, buf + n, len - n))
			return false;
	} else if (sc->left && !take_left(sc)) {
		return false;
	}
	if (sc->left)
		client_queue(&sc->client);
	return true;
}

static void turn(struct client *c)
{
	struct socket_client *sc = container_of(c, struct socket_client, client);

	if (!take_input(sc) || !flush(sc) || store_conn_dead(sc->conn))
		drop(sc);
}

static void ready(struct source *s, uint32_t events)
{
	struct socket_client *sc = container_of(s, struct socket_client, source);

	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		sc->readable = true;
	client_queue(&sc->client);
}

void socket_wake(struct store_conn *conn)
{
	struct socket_client *sc = store_conn_io(conn);

	client_queue(&sc->client);
}

static void add_client(int fd)
{
	struct socket_client *sc = calloc(1, sizeof(*sc));

	if (!sc) {
		close(fd);
		return;
	}
	client_init(&sc->client, turn);
	sc->source.fd = fd;
	sc->source.ready = ready;
	sc->mask = EPOLLIN;
	sc->conn = store_connect(store, sc);
	if (!sc->conn || loop_add(&sc->source, sc->mask)) {
		if (sc->conn)
			store_disconnect(sc->conn);
		close(fd);
		free(sc);
	}
}

static void accept_clients(struct source *s, uint32_t events)
{
	int fd;

	(void)events;
	while ((fd = accept4(s->fd, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
		add_client(fd);
	if (errno != EMFILE && errno != ENFILE)
		return;
	/* Who waits in the queue would wake us for ever. */
	log_line("too many clients: new ones wait until one leaves");
	deaf = true;
	loop_change(&listener, 0);
}

/* Does a daemon answer there? */
static bool in_use(const struct sockaddr_un *addr)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool answered;

	if (fd < 0)
		return false;
	answered = !connect(fd, (const struct sockaddr *)addr, sizeof(*addr));
	close(fd);
	return answered;
}

/*
 * Of two that start at the same time, neither finds the other's socket: the lock,
 * which lasts as long as the process, has one winner. 0 or negative errno.
 */
static int lock(const char *path)
{
	char name[sizeof(((struct sockaddr_un *)0)->sun_path) + 8];
	int fd;

	snprintf(name, sizeof(name), "%s.lock", path);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return 0;
	close(fd);
	return -EADDRINUSE;
}

int socket_listen(struct store *s, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	/* Two daemons on dom0's ring would each take half of the requests. */
	if (in_use(&addr))
		return -EADDRINUSE;
	err = lock(path);
	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* A leftover of an earlier daemon. */
	unlink(path);
	/* Every client here is privileged: the umask of main() is 077. */
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(fd, 128)) {
		err = -errno;
		close(fd);
		return err;
	}
	store = s;
	listener.fd = fd;
	listener.ready = accept_clients;
	return loop_add(&listener, EPOLLIN);
}
