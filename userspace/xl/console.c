// SPDX-License-Identifier: GPL-2.0-only
/* The guest's console, which xenconsoled offers as a pseudo-terminal. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include "domain.h"
#include "store.h"

#define TTY_MSECS	10000

static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static char *console_tty(struct xl *xl, unsigned int domid)
{
	char *tty = xl_read(xl, "/local/domain/%u/console/tty", domid);

	if (tty && *tty)
		return tty;
	free(tty);
	return NULL;
}

static bool has_tty(struct xl *xl, void *arg)
{
	char *tty = console_tty(xl, *(unsigned int *)arg);
	bool has = tty != NULL;

	free(tty);
	return has;
}

int console_open(struct xl *xl, unsigned int domid)
{
	char path[64], *tty;
	struct termios t;
	int fd;

	snprintf(path, sizeof(path), "/local/domain/%u/console/tty", domid);
	tty = xl_read(xl, "/local/domain/%u", domid);
	if (!tty) {
		xl_error("there is no domain %u", domid);
		return -1;
	}
	free(tty);
	if (!store_wait(xl, path, has_tty, &domid, TTY_MSECS)) {
		xl_error("domain %u has no console (is xenconsoled running?)", domid);
		return -1;
	}
	tty = console_tty(xl, domid);
	fd = tty ? open(tty, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
	if (fd < 0) {
		xl_error("cannot open the console %s of domain %u: %s", tty ? tty : "", domid,
			 strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB)) {
		/* Two readers would each get half of the output; xenconsole does the same. */
		xl_error("the console of domain %u is in use by another xl console", domid);
		close(fd);
		fd = -1;
	} else if (!tcgetattr(fd, &t)) {
		cfmakeraw(&t);	/* the guest has a line discipline of its own */
		tcsetattr(fd, TCSANOW, &t);
	}
	free(tty);
	return fd;
}

static bool write_all(int fd, const char *buf, size_t len)
{
	while (len && !stopped) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR && !stopped)
			continue;
		if (n < 0 && errno == EAGAIN) {
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, 1000);
			continue;
		}
		if (n <= 0)
			return false;
		buf += n;
		len -= (size_t)n;
	}
	return true;
}

/*
 * A guest need not take its input: what it has not taken waits here, and what does
 * not fit is lost, so that output goes on and the key that leaves is always heard.
 */
struct session {
	int tty, in;		/* in: the keyboard, -1 when it is closed */
	char escape;
	char pending[4096];
	size_t used;
};

/* False when the guest's terminal is gone. */
static bool flush_input(struct session *s)
{
	ssize_t n = s->used ? write(s->tty, s->pending, s->used) : 0;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	s->used -= (size_t)n;
	memmove(s->pending, s->pending + n, s->used);
	return true;
}

/* From the keyboard to the guest; false to end the session. */
static bool forward_input(struct session *s)
{
	size_t room = sizeof(s->pending) - s->used, len;
	char buf[256], *stop;
	ssize_t n = read(s->in, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n <= 0) {
		/* Without a keyboard the output still goes on until the guest ends. */
		s->in = -1;
		return true;
	}
	stop = memchr(buf, s->escape, (size_t)n);
	len = stop ? (size_t)(stop - buf) : (size_t)n;
	len = len < room ? len : room;
	memcpy(s->pending + s->used, buf, len);
	s->used += len;
	return flush_input(s) && !stop;
}

static bool forward_output(struct session *s)
{
	char buf[4096];
	ssize_t n = read(s->tty, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	/* EIO: xenconsoled closed its end, the domain is gone. */
	return n > 0 && write_all(STDOUT_FILENO, buf, (size_t)n);
}

static void relay(struct session *s)
{
	bool go_on = true;

	while (go_on && !stopped) {
		struct pollfd p[2] = {
			{ .fd = s->tty, .events = POLLIN | (s->used ? POLLOUT : 0) },
			{ .fd = s->in, .events = POLLIN },
		};

		if (poll(p, 2, -1) < 0)
			continue;
		if (p[0].revents & POLLOUT)
			go_on = flush_input(s);
		if (go_on && p[0].revents & ~POLLOUT)
			go_on = forward_output(s);
		if (go_on && p[1].revents)
			go_on = forward_input(s);
	}
}

void console_relay(int tty, char escape)
{
	struct session s = { .tty = tty, .in = STDIN_FILENO, .escape = escape };
	struct sigaction sa = { .sa_handler = on_signal };
	struct termios saved, raw;
	bool terminal;

	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	/* "xl console | head": the terminal is still to be put right. */
	signal(SIGPIPE, SIG_IGN);
	fcntl(tty, F_SETFL, O_RDWR | O_NONBLOCK);
	terminal = isatty(STDIN_FILENO) && !tcgetattr(STDIN_FILENO, &saved);
	if (terminal) {
		raw = saved;
		cfmakeraw(&raw);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	fflush(stdout);
	relay(&s);
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	close(tty);
}
