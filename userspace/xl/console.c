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

#define DETACH		0x1d	/* Ctrl-] */
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

		/* A guest that takes no input blocks us here: a signal still ends that. */
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

/* From the keyboard to the guest; false to end the session. */
static bool forward_input(int *in, int tty)
{
	char buf[256], *stop;
	ssize_t n = read(*in, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n <= 0) {
		/* Without a keyboard the output still goes on until the guest ends. */
		*in = -1;
		return true;
	}
	stop = memchr(buf, DETACH, (size_t)n);
	return write_all(tty, buf, stop ? (size_t)(stop - buf) : (size_t)n) && !stop;
}

static bool forward_output(int tty)
{
	char buf[4096];
	ssize_t n = read(tty, buf, sizeof(buf));

	/* EIO: xenconsoled closed its end, the domain is gone. */
	return n > 0 && write_all(STDOUT_FILENO, buf, (size_t)n);
}

static void relay(int tty)
{
	int in = STDIN_FILENO;
	bool go_on = true;

	while (go_on && !stopped) {
		struct pollfd p[2] = { { .fd = tty, .events = POLLIN },
				       { .fd = in, .events = POLLIN } };

		if (poll(p, 2, -1) < 0)
			continue;
		if (p[0].revents)
			go_on = forward_output(tty);
		if (go_on && p[1].revents)
			go_on = forward_input(&in, tty);
	}
}

void console_relay(int tty)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct termios saved, raw;
	bool terminal;

	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	terminal = isatty(STDIN_FILENO) && !tcgetattr(STDIN_FILENO, &saved);
	if (terminal) {
		raw = saved;
		cfmakeraw(&raw);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	fflush(stdout);
	relay(tty);
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	close(tty);
}
