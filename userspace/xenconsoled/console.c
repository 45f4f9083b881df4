// SPDX-License-Identifier: GPL-2.0-only
/*
 * One guest's console: its ring on one side, a pseudo-terminal and a log on
 * the other.
 *
 * The slave side of the terminal is kept open here, so that the master never
 * hangs up and whoever attaches late finds what was said before.
 *
 * A guest that floods gets so many bytes and events in each period: past that
 * its ring is left full and its event channel masked, and it waits, at its own
 * expense.
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <xen/xen.h>
#include <xen/grant_table.h>

#include "conring.h"
#include "outbuf.h"
#include "xenconsoled.h"
#include "xy_loop.h"
#include "xy_map.h"

#define PERIOD_MS	100
#define PERIOD_BYTES	(64u << 10)
#define PERIOD_EVENTS	100
#define DEFAULT_LIMIT	(1u << 20)
#define MIN_LIMIT	4096u
#define MAX_LIMIT	(16u << 20)
/* For a reader to fetch the last words of a guest. */
#define LINGER_MS	2000
/* What was written to the master is not at once counted on the other side. */
#define SETTLE_MS	100

struct console {
	unsigned int domid;
	struct xencons_interface *ring;
	bool by_grant;
	bool broken;		/* the guest broke its ring: ignored */
	uint64_t ring_ref;
	unsigned int remote_port;
	int port;		/* local, or -1 */
	struct source tty;	/* the master; fd -1: none */
	int slave;
	uint32_t mask;
	struct outbuf out;
	struct logfile *log;
	uint64_t period_start;	/* ms */
	unsigned int period_bytes, period_events;
	bool waiting;		/* for the next period */
	uint64_t gone_since;	/* 0: alive */
};

static char *read_node(const struct console *c, const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "/local/domain/%u/%s", c->domid, name);
	return xs_read(daemon_state.xs, XBT_NULL, path, NULL);
}

/* False when the node is not there, or is no number. */
static bool read_number(const struct console *c, const char *name,
			uint64_t *value)
{
	char *text = read_node(c, name), *end;
	bool ok = text && *text >= '0' && *text <= '9';

	if (ok) {
		*value = strtoull(text, &end, 10);
		ok = !*end;
	}
	free(text);
	return ok;
}

static void tty_ready(struct source *s, uint32_t events);

static void tty_close(struct console *c)
{
	if (c->tty.fd < 0)
		return;
	loop_remove(&c->tty);
	close(c->tty.fd);
	close(c->slave);
	c->tty.fd = c->slave = -1;
}

static int tty_open(struct console *c)
{
	struct termios term;
	char name[64];
	int master;

	if (openpty(&master, &c->slave, name, NULL, NULL))
		return -errno;
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(c->slave, F_SETFD, FD_CLOEXEC);
	fcntl(master, F_SETFL, O_NONBLOCK);
	/* Who may write here types at the guest: not for the group of terminals. */
	if (fchmod(c->slave, 0600))
		log_line("domain %u: %s: %s", c->domid, name, strerror(errno));
	/* The guest's own terminal driver echoes and edits. */
	if (!tcgetattr(c->slave, &term)) {
		cfmakeraw(&term);
		tcsetattr(c->slave, TCSANOW, &term);
	}
	c->tty.fd = master;
	c->tty.ready = tty_ready;
	c->mask = EPOLLIN;
	return loop_add(&c->tty, c->mask);
}

/* Tell xenstore where the terminal is, with the rights of its directory. */
static void tty_publish(struct console *c)
{
	char path[64];
	const char *name = ptsname(c->tty.fd);

	snprintf(path, sizeof(path), "/local/domain/%u/console/tty", c->domid);
	if (!name || !xs_write(daemon_state.xs, XBT_NULL, path, name,
			       strlen(name)))
		log_line("domain %u: cannot publish its terminal: %s", c->domid,
			 strerror(errno));
}

static void unbind(struct console *c)
{
	if (c->port >= 0)
		xy_evtchn_unbind(daemon_state.evtchn, c->port);
	c->port = -1;
}

static void unmap(struct console *c)
{
	if (!c->ring)
		return;
	if (c->by_grant)
		xy_gntdev_unmap(daemon_state.gntdev, c->ring);
	else
		xy_unmap(daemon_state.call, c->ring, 1);
	c->ring = NULL;
}

static int map(struct console *c)
{
	const int prot = PROT_READ | PROT_WRITE;
	struct daemon *d = &daemon_state;
	void *page;
	int err;

	c->by_grant = d->gntdev && !xy_gntdev_map(d->gntdev, c->domid,
						  GNTTAB_RESERVED_CONSOLE, prot,
						  &page);
	if (!c->by_grant) {
		err = xy_map_range(d->call, c->domid, prot, c->ring_ref, 1, &page);
		if (err)
			return err;
	}
	c->ring = page;
	return 0;
}

static void disconnect(struct console *c)
{
	unbind(c);
	unmap(c);
	c->broken = false;
}

static int connect_ring(struct console *c, uint64_t ring_ref,
			unsigned int remote_port)
{
	int err;

	disconnect(c);
	c->ring_ref = ring_ref;
	c->remote_port = remote_port;
	err = map(c);
	if (err)
		return err;
	c->port = xy_evtchn_bind_interdomain(daemon_state.evtchn, c->domid,
					     remote_port);
	if (c->port >= 0)
		return 0;
	unmap(c);
	return c->port;
}

static void open_log(struct console *c)
{
	char *name;

	if (!daemon_state.log_guests || c->log)
		return;
	name = read_node(c, "name");
	if (name && *name)
		c->log = logfile_open("guest-", name);
	free(name);
}

static bool ours(const struct console *c)
{
	char *type = read_node(c, "console/type");
	bool ok = !type || !strcmp(type, "xenconsoled");

	/* Otherwise the device model serves it. */
	free(type);
	return ok;
}

void console_configure(struct console *c)
{
	uint64_t ring_ref, port, limit;
	int err;

	if (c->gone_since || !ours(c) ||
	    !read_number(c, "console/ring-ref", &ring_ref) ||
	    !read_number(c, "console/port", &port))
		return;
	if (c->ring && ring_ref == c->ring_ref && port == c->remote_port)
		return;
	if (read_number(c, "console/limit", &limit)) {
		limit = limit < MIN_LIMIT ? MIN_LIMIT : limit;
		c->out.limit = limit < MAX_LIMIT ? limit : MAX_LIMIT;
	}
	err = connect_ring(c, ring_ref, port);
	if (!err && c->tty.fd < 0)
		err = tty_open(c);
	if (err) {
		log_line("domain %u: no console: %s", c->domid, strerror(-err));
		disconnect(c);
		tty_close(c);
		return;
	}
	open_log(c);
	tty_publish(c);
	/* What it said before we came. */
	console_event(c);
}

static void broken(struct console *c)
{
	if (!c->broken)
		log_line("domain %u: impossible console ring indices: ignored "
			 "from now on", c->domid);
	c->broken = true;
}

static void set_mask(struct console *c, uint32_t mask)
{
	if (c->tty.fd < 0 || c->mask == mask)
		return;
	c->mask = mask;
	loop_change(&c->tty, mask);
}

/* Buffered output to the terminal. */
static void flush(struct console *c)
{
	const char *data;
	size_t len;

	while (c->tty.fd >= 0 && (data = outbuf_front(&c->out, &len))) {
		ssize_t n = write(c->tty.fd, data, len);

		if (n <= 0)
			break;
		outbuf_drop(&c->out, n);
	}
	outbuf_trim(&c->out);
}

/*
 * Listen for input only while the guest has room for it, and for a terminal
 * that takes output only while there is some.
 */
static void update_mask(struct console *c)
{
	uint32_t mask = 0;

	if (c->ring && !c->broken && conring_room(c->ring) > 0)
		mask |= EPOLLIN;
	if (c->out.used)
		mask |= EPOLLOUT;
	set_mask(c, mask);
}

static bool allowance_left(struct console *c)
{
	uint64_t now = now_ms();

	if (now - c->period_start >= PERIOD_MS) {
		c->period_start = now;
		c->period_bytes = c->period_events = 0;
	}
	return c->period_bytes < PERIOD_BYTES &&
	       c->period_events < PERIOD_EVENTS;
}

/* From the ring to buffer and log; true when something came. */
static bool take_output(struct console *c)
{
	char buf[sizeof(c->ring->out)];
	bool came = false;
	ssize_t n;

	for (;;) {
		c->waiting = !allowance_left(c);
		if (c->waiting)
			return came;
		n = conring_read(c->ring, buf, sizeof(buf));
		if (n < 0)
			broken(c);
		if (n <= 0)
			return came;
		c->period_bytes += n;
		outbuf_add(&c->out, buf, n);
		logfile_write(c->log, buf, n);
		came = true;
	}
}

bool console_event(struct console *c)
{
	/* A broken one stays masked: it has nothing more to tell. */
	if (!c->ring || c->broken)
		return false;
	c->period_events++;
	if (take_output(c))
		xy_evtchn_notify(daemon_state.evtchn, c->port);
	flush(c);
	update_mask(c);
	return !c->waiting && !c->broken;
}

static void tty_ready(struct source *s, uint32_t events)
{
	struct console *c = container_of(s, struct console, tty);
	char buf[sizeof(c->ring->in)];
	ssize_t room, n = 0;

	if (events & EPOLLOUT)
		flush(c);
	if (events & EPOLLIN && c->ring && !c->broken) {
		room = conring_room(c->ring);
		if (room > 0)
			n = read(c->tty.fd, buf, room);
		/* Its room cannot shrink but by a lie: what is lost is its own. */
		if (room < 0 || (n > 0 && conring_write(c->ring, buf, n) < 0))
			broken(c);
		else if (n > 0)
			xy_evtchn_notify(daemon_state.evtchn, c->port);
	}
	update_mask(c);
}

struct console *console_new(unsigned int domid)
{
	struct console *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->domid = domid;
	c->port = c->tty.fd = c->slave = -1;
	outbuf_init(&c->out, DEFAULT_LIMIT);
	return c;
}

void console_free(struct console *c)
{
	disconnect(c);
	tty_close(c);
	outbuf_free(&c->out);
	logfile_close(c->log);
	free(c);
}

unsigned int console_domid(const struct console *c)
{
	return c->domid;
}

int console_port(const struct console *c)
{
	return c->port;
}

bool console_finished(const struct console *c)
{
	return c->gone_since;
}

bool console_finish(struct console *c)
{
	uint64_t gone;
	int unread = 0;

	if (!c->gone_since) {
		/* The last words: the whole ring, whatever the allowance. */
		c->period_start = 0;
		console_event(c);
		disconnect(c);
		c->gone_since = now_ms();
	}
	flush(c);
	update_mask(c);
	gone = now_ms() - c->gone_since;
	if (c->tty.fd < 0 || gone >= LINGER_MS)
		return true;
	if (gone < SETTLE_MS)
		return false;
	/* What the kernel still holds for the reader of the slave side. */
	if (ioctl(c->slave, FIONREAD, &unread))
		return true;
	return !c->out.used && !unread;
}

int console_tick(struct console *c)
{
	uint64_t passed;

	if (!c->waiting || !c->ring || c->broken)
		return -1;
	passed = now_ms() - c->period_start;
	if (passed < PERIOD_MS)
		return PERIOD_MS - passed;
	if (console_event(c))
		xy_evtchn_unmask(daemon_state.evtchn, c->port);
	return c->waiting ? PERIOD_MS : -1;
}

void console_reopen_log(struct console *c)
{
	logfile_reopen(c->log);
}
