// SPDX-License-Identifier: GPL-2.0-only
/* Which domains there are, and the console of each. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include <xen/xen.h>
#include <xen/domctl.h>

#include "xenconsoled.h"
#include "xy_loop.h"
#include "xy_sysctl.h"

#define DOMIDS	0x7ff0
#define BATCH	256
/* While the terminal of a dead domain waits for its reader. */
#define LINGER_POLL_MS 50

static struct console *consoles[DOMIDS];
static unsigned int highest;	/* number of a domain with a console */
static bool somebody_waits;	/* domains_tick() has something to do */
static struct console **by_port;
static size_t nr_ports;
static uint8_t alive[DOMIDS];

static void note_port(struct console *c)
{
	int port = console_port(c);

	if (port < 0)
		return;
	if ((size_t)port >= nr_ports) {
		size_t nr = (port + 64) & ~63;
		struct console **grown = realloc(by_port, nr * sizeof(*grown));

		if (!grown) {
			log_line("domain %u: no memory for its console",
				 console_domid(c));
			return;
		}
		memset(grown + nr_ports, 0, (nr - nr_ports) * sizeof(*grown));
		by_port = grown;
		nr_ports = nr;
	}
	by_port[port] = c;
}

static void forget_port(struct console *c)
{
	int port = console_port(c);

	if (port >= 0 && (size_t)port < nr_ports && by_port[port] == c)
		by_port[port] = NULL;
}

static void watch(unsigned int domid, bool on)
{
	char path[64], token[16];

	snprintf(path, sizeof(path), "/local/domain/%u/console", domid);
	snprintf(token, sizeof(token), "%u", domid);
	if (on && !xs_watch(daemon_state.xs, path, token))
		log_line("domain %u: cannot watch its console: %s", domid,
			 strerror(errno));
	if (!on)
		xs_unwatch(daemon_state.xs, path, token);
}

static void configure(struct console *c)
{
	forget_port(c);
	console_configure(c);
	note_port(c);
	somebody_waits = true;
}

static void add(unsigned int domid)
{
	struct console *c = console_new(domid);

	if (!c)
		return;
	consoles[domid] = c;
	if (domid > highest)
		highest = domid;
	/* Its first event, at once, leads to configure(). */
	watch(domid, true);
}

static void drop(unsigned int domid)
{
	watch(domid, false);
	console_free(consoles[domid]);
	consoles[domid] = NULL;
}

static void finish(unsigned int domid)
{
	struct console *c = consoles[domid];

	forget_port(c);
	somebody_waits = true;
	if (console_finish(c))
		drop(domid);
}

static bool list_domains(void)
{
	static struct xen_domctl_getdomaininfo info[BATCH];
	unsigned int first = 0;
	int n;

	memset(alive, 0, sizeof(alive));
	do {
		n = xy_domain_list(daemon_state.call, first, BATCH, info);
		if (n < 0) {
			log_line("cannot list domains: %s", strerror(-n));
			return false;
		}
		for (int i = 0; i < n; i++) {
			first = info[i].domain + 1;
			if (info[i].domain < DOMIDS &&
			    !(info[i].flags & XEN_DOMINF_dying))
				alive[info[i].domain] = 1;
		}
	} while (n == BATCH && first < DOMIDS);
	return true;
}

static void update(void)
{
	if (!list_domains())
		return;
	/* Dom0's console is the hypervisor's. */
	for (unsigned int domid = 1; domid < DOMIDS; domid++) {
		if (!alive[domid]) {
			if (consoles[domid])
				finish(domid);
			continue;
		}
		/* The number is used again: the new domain does not wait for the old reader. */
		if (consoles[domid] && console_finished(consoles[domid]))
			drop(domid);
		if (!consoles[domid])
			add(domid);
	}
}

static void watch_event(const char *token)
{
	unsigned long domid;

	if (!strcmp(token, "domains")) {
		update();
		return;
	}
	domid = strtoul(token, NULL, 10);
	if (domid < DOMIDS && consoles[domid])
		configure(consoles[domid]);
}

static void xenstore_ready(struct source *s, uint32_t events)
{
	char **ev;

	(void)s;
	(void)events;
	while ((ev = xs_check_watch(daemon_state.xs))) {
		watch_event(ev[XS_WATCH_TOKEN]);
		free(ev);
	}
	if (errno != EAGAIN) {
		log_line("xenstore: %s", strerror(errno));
		exit(1);
	}
}

int domains_start(void)
{
	static struct source source = { .ready = xenstore_ready };
	struct xs_handle *xs = daemon_state.xs;

	if (!xs_watch(xs, "@introduceDomain", "domains") ||
	    !xs_watch(xs, "@releaseDomain", "domains"))
		return -errno;
	source.fd = xs_fileno(xs);
	return loop_add(&source, EPOLLIN);
}

bool domains_event(int port)
{
	bool unmask = false;

	if ((size_t)port < nr_ports && by_port[port])
		unmask = console_event(by_port[port]);
	if (!unmask)
		somebody_waits = true;
	return unmask;
}

int domains_tick(void)
{
	int next = -1;

	/* Not for every event: there may be thousands of consoles. */
	if (!somebody_waits)
		return -1;
	for (unsigned int domid = 1; domid <= highest; domid++) {
		int ms;

		if (!consoles[domid])
			continue;
		if (alive[domid]) {
			ms = console_tick(consoles[domid]);
		} else {
			finish(domid);
			ms = consoles[domid] ? LINGER_POLL_MS : -1;
		}
		if (ms >= 0 && (next < 0 || ms < next))
			next = ms;
	}
	somebody_waits = next >= 0;
	return next;
}

void domains_reopen_logs(void)
{
	for (unsigned int domid = 1; domid <= highest; domid++) {
		if (consoles[domid])
			console_reopen_log(consoles[domid]);
	}
}
