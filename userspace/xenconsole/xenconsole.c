// SPDX-License-Identifier: GPL-2.0-only
/*
 * xenconsole: connects the terminal to a guest's console. The guest's terminal
 * is where xenstore says; it is waited for, so that a console can be opened
 * while the guest is being built.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include "xs.h"

struct session {
	struct xs_handle *xs;
	unsigned int domid;
	char dom_path[64], tty_path[128];
	char tty_name[128];	/* attached to */
	int tty;
	char escape;
};

static struct termios saved;
static bool is_raw;

static void restore(void)
{
	if (is_raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	is_raw = false;
}

static void on_signal(int sig)
{
	restore();
	_exit(128 + sig);
}

static void make_raw(void)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &saved))
		return;
	raw = saved;
	cfmakeraw(&raw);
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw))
		return;
	is_raw = true;
	atexit(restore);
	signal(SIGTERM, on_signal);
	signal(SIGHUP, on_signal);
	signal(SIGINT, on_signal);
}

__attribute__((noreturn, format(printf, 1, 2)))
static void die(const char *fmt, ...)
{
	va_list ap;

	restore();
	va_start(ap, fmt);
	fputs("xenconsole: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

static bool domain_known(const struct session *s)
{
	unsigned int len;
	void *p = xs_read(s->xs, XBT_NULL, s->dom_path, &len);

	free(p);
	return p != NULL;
}

/* The terminal's name now, in name; false when there is none yet. */
static bool read_tty(const struct session *s, char *name, size_t size)
{
	char *value = xs_read(s->xs, XBT_NULL, s->tty_path, NULL);
	bool ok = value && value[0] == '/' && strlen(value) < size;

	if (ok)
		strcpy(name, value);
	free(value);
	return ok;
}

static void attach(struct session *s, const char *name)
{
	struct termios term;

	s->tty = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (s->tty < 0)
		die("%s: %s", name, strerror(errno));
	/* One reader at a time: two would each get half of the output. */
	if (flock(s->tty, LOCK_EX | LOCK_NB))
		die("the console of domain %u is in use by another xenconsole",
		    s->domid);
	if (!tcgetattr(s->tty, &term)) {
		cfmakeraw(&term);
		tcsetattr(s->tty, TCSANOW, &term);
	}
	strcpy(s->tty_name, name);
}

static void wait_for_tty(struct session *s)
{
	char name[sizeof(s->tty_name)];

	for (;;) {
		char **event = xs_read_watch(s->xs, NULL);

		if (!event)
			die("xenstore: %s", strerror(errno));
		free(event);
		if (read_tty(s, name, sizeof(name)))
			break;
		if (!domain_known(s))
			die("domain %u has gone", s->domid);
	}
	attach(s, name);
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= n;
	}
	return true;
}

/* False when the user wants to leave. */
static bool from_user(struct session *s, struct pollfd *p)
{
	char buf[512], *escape;
	ssize_t n = read(STDIN_FILENO, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n <= 0) {
		p->fd = -1;	/* no more input: go on showing the output */
		return true;
	}
	escape = is_raw ? memchr(buf, s->escape, n) : NULL;
	if (escape)
		n = escape - buf;
	if (!write_all(s->tty, buf, n))
		return false;
	return !escape;
}

/* False when the guest's terminal is gone. */
static bool from_guest(struct session *s)
{
	char buf[4096];
	ssize_t n = read(s->tty, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	return n > 0 && write_all(STDOUT_FILENO, buf, n);
}

/* The domain may have gone, or got another terminal: false ends the session. */
static bool from_xenstore(struct session *s)
{
	char name[sizeof(s->tty_name)], **event;

	while ((event = xs_check_watch(s->xs)))
		free(event);
	if (errno != EAGAIN)
		return false;
	if (!read_tty(s, name, sizeof(name)) || !strcmp(name, s->tty_name))
		return true;
	close(s->tty);
	attach(s, name);
	return true;
}

static void talk(struct session *s)
{
	struct pollfd p[3] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .events = POLLIN },
		{ .fd = xs_fileno(s->xs), .events = POLLIN },
	};

	for (;;) {
		p[1].fd = s->tty;
		if (poll(p, 3, -1) < 0) {
			if (errno == EINTR)
				continue;
			die("poll: %s", strerror(errno));
		}
		/* Output first: its last words come before the end. */
		if (p[1].revents && !from_guest(s))
			return;
		if (p[0].fd >= 0 && p[0].revents && !from_user(s, &p[0]))
			return;
		if (p[2].revents && !from_xenstore(s))
			return;
	}
}

static const char usage[] =
"Usage: xenconsole [options] DOMID\n"
"Connects to the console of a domain. Leave with Ctrl-].\n"
"  -n, --num N              the N-th console; default 0\n"
"  -t, --type pv|serial|vuart  which kind; default what the domain has\n"
"      --escape CHAR        leave with Ctrl-CHAR\n"
"      --start-notify-fd FD write a byte there when connected\n"
"      --interactive        accepted\n"
"  -h, --help\n";

enum { OPT_NOTIFY = 256, OPT_ESCAPE, OPT_INTERACTIVE };

static const struct option long_options[] = {
	{ "num", required_argument, NULL, 'n' },
	{ "type", required_argument, NULL, 't' },
	{ "escape", required_argument, NULL, OPT_ESCAPE },
	{ "start-notify-fd", required_argument, NULL, OPT_NOTIFY },
	{ "interactive", no_argument, NULL, OPT_INTERACTIVE },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

static unsigned int number(const char *text, const char *what)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value > 0x7fef)
		die("%s \"%s\" is no number from 0 to 32751", what, text);
	return value;
}

struct choice {
	unsigned int num;
	const char *type;
	int notify_fd;
};

static void parse_options(int argc, char **argv, struct session *s,
			  struct choice *o)
{
	int c;

	while ((c = getopt_long(argc, argv, "n:t:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'n': o->num = number(optarg, "console"); break;
		case 't': o->type = optarg; break;
		case OPT_ESCAPE: s->escape = optarg[optarg[0] == '^' && optarg[1]] & 0x1f; break;
		case OPT_NOTIFY: o->notify_fd = number(optarg, "descriptor"); break;
		case OPT_INTERACTIVE: break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(1);
		}
	}
	if (optind + 1 != argc)
		die("which domain? Give its number (see --help)");
	s->domid = number(argv[optind], "domain");
}

/* Where xenstore keeps the terminal of the chosen console. */
static void find_console(struct session *s, const struct choice *o)
{
	const char *type = o->type ? o->type : "pv";
	int n;

	snprintf(s->dom_path, sizeof(s->dom_path), "/local/domain/%u", s->domid);
	if (!strcmp(type, "vuart"))
		n = snprintf(s->tty_path, sizeof(s->tty_path), "%s/vuart/%u/tty",
			     s->dom_path, o->num);
	else if (!strcmp(type, "serial"))
		n = snprintf(s->tty_path, sizeof(s->tty_path), "%s/serial/%u/tty",
			     s->dom_path, o->num);
	else if (strcmp(type, "pv"))
		die("console type \"%s\": want pv, serial or vuart", type);
	else if (o->num)
		n = snprintf(s->tty_path, sizeof(s->tty_path),
			     "%s/device/console/%u/tty", s->dom_path, o->num);
	else
		n = snprintf(s->tty_path, sizeof(s->tty_path), "%s/console/tty",
			     s->dom_path);
	if (n >= (int)sizeof(s->tty_path))
		die("path too long");
}

static void tell(int fd)
{
	if (fd < 0)
		return;
	if (!write_all(fd, "", 1))
		die("start-notify-fd: %s", strerror(errno));
	close(fd);
}

int main(int argc, char **argv)
{
	struct session s = { .escape = ']' & 0x1f, .tty = -1 };
	struct choice o = { .notify_fd = -1 };

	parse_options(argc, argv, &s, &o);
	find_console(&s, &o);
	s.xs = xs_open(0);
	if (!s.xs)
		die("xenstore (is xenstored running?): %s", strerror(errno));
	if (!domain_known(&s))
		die("there is no domain %u", s.domid);
	if (!xs_watch(s.xs, s.tty_path, "tty"))
		die("xenstore: %s", strerror(errno));
	wait_for_tty(&s);
	make_raw();
	tell(o.notify_fd);
	talk(&s);
	restore();
	return 0;
}
