// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients by a ring: the kernels of domains. Their page is mapped by the grant
 * that the toolstack reserved for us, else as a foreign frame; an event channel
 * tells of new requests; the hypervisor's VIRQ_DOM_EXC tells of domains that
 * shut down or died.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/xen.h>
#include <xen/domctl.h>
#include <xen/grant_table.h>

#include "daemon.h"
#include "xy_loop.h"
#include "ring.h"
#include "xy_call.h"
#include "xy_domctl.h"
#include "xy_evtchn.h"
#include "xy_gntdev.h"
#include "xy_map.h"
#include "xy_sysctl.h"

#define BACKEND_DEV	"/dev/xen/xenbus_backend"
#define BACKEND_EVTCHN	_IOC(_IOC_NONE, 'B', 0, 0)
#define KVA_FILE	"/proc/xen/xsd_kva"
#define PORT_FILE	"/proc/xen/xsd_port"

#define DOMIDS	0x7ff0
#define BATCH	256

/* Features of xs_wire.h that are newer than Xen 4.17. */
#define FEATURE_WATCHDEPTH 4

enum how_mapped { BY_GRANT, BY_FRAME, BY_KERNEL };

struct guest {
	struct client client;
	struct guests *g;
	struct store_conn *conn;
	struct xenstore_domain_interface *ring;
	enum how_mapped how;
	int port;		/* local, or -1 */
	bool masked;		/* an event came: none more until its turn */
	bool broken;		/* ignored until it reconnects */
	unsigned int breaches;	/* how often it broke the rules */
};

struct guests {
	struct store *s;
	struct xy_call *call;
	struct xy_evtchn *evtchn;
	struct xy_gntdev *gntdev;
	struct source source;
	int virq_port;
	struct guest **by_port;
	size_t nr_ports;
	bool scan_failed;
	uint8_t state[DOMIDS];
};

bool guests_domain_exists(void *ctx, unsigned int domid)
{
	struct guests *g = ctx;
	struct xen_domctl_getdomaininfo info;
	int err;

	if (!g->call || domid >= DOMIDS)
		return false;
	err = xy_domain_info(g->call, domid, &info);
	/* When we cannot ask, the toolstack is trusted to know. */
	if (err)
		return err != -ESRCH;
	return !(info.flags & XEN_DOMINF_dying);
}

static int set_by_port(struct guests *g, int port, struct guest *guest)
{
	if ((size_t)port >= g->nr_ports) {
		size_t nr = (port + 64) & ~63;
		struct guest **grown = realloc(g->by_port, nr * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		memset(grown + g->nr_ports, 0,
		       (nr - g->nr_ports) * sizeof(*grown));
		g->by_port = grown;
		g->nr_ports = nr;
	}
	g->by_port[port] = guest;
	return 0;
}

static void unbind(struct guest *guest)
{
	struct guests *g = guest->g;

	if (guest->port < 0)
		return;
	g->by_port[guest->port] = NULL;
	xy_evtchn_unbind(g->evtchn, guest->port);
	guest->port = -1;
	guest->masked = false;
}

static int bind_port(struct guest *guest, unsigned int domid,
		     unsigned int remote)
{
	struct guests *g = guest->g;
	int port = xy_evtchn_bind_interdomain(g->evtchn, domid, remote);
	int err;

	if (port < 0)
		return port;
	err = set_by_port(g, port, guest);
	if (err) {
		xy_evtchn_unbind(g->evtchn, port);
		return err;
	}
	guest->port = port;
	return 0;
}

static void *map_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *p;

	if (fd < 0)
		return NULL;
	p = mmap(NULL, XY_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

/* Dom0's page is the kernel's own: it has to give it. */
static int map_dom0(struct guest *guest)
{
	guest->how = BY_KERNEL;
	guest->ring = map_file(BACKEND_DEV);
	if (!guest->ring)
		guest->ring = map_file(KVA_FILE);
	return guest->ring ? 0 : -ENODEV;
}

static int map_ring(struct guest *guest, unsigned int domid, uint64_t gfn)
{
	struct guests *g = guest->g;
	const int prot = PROT_READ | PROT_WRITE;
	void *page;

	if (!domid)
		return map_dom0(guest);
	if (g->gntdev && !xy_gntdev_map(g->gntdev, domid,
					GNTTAB_RESERVED_XENSTORE, prot, &page)) {
		guest->how = BY_GRANT;
	} else {
		int err = xy_map_range(g->call, domid, prot, gfn, 1, &page);

		if (err)
			return err;
		guest->how = BY_FRAME;
	}
	guest->ring = page;
	return 0;
}

static void unmap_ring(struct guest *guest)
{
	if (!guest->ring)
		return;
	switch (guest->how) {
	case BY_GRANT:
		xy_gntdev_unmap(guest->g->gntdev, guest->ring);
		break;
	case BY_FRAME:
		xy_unmap(guest->g->call, guest->ring, 1);
		break;
	case BY_KERNEL:
		munmap(guest->ring, XY_PAGE_SIZE);
		break;
	}
	guest->ring = NULL;
}

static void guest_free(struct guest *guest)
{
	unbind(guest);
	unmap_ring(guest);
	client_unqueue(&guest->client);
	free(guest);
}

/* It could break them and begin anew for ever: the log shall not show that. */
#define BREACHES_SHOWN 5

/* The client broke the rules: forget its requests until it begins anew. */
static void fail(struct guest *guest, uint32_t error, const char *why)
{
	if (guest->breaches++ < BREACHES_SHOWN)
		log_line("domain %u: %s: ignored until it reconnects",
			 store_conn_domid(guest->conn), why);
	guest->broken = true;
	guest->ring->error = error;
	store_conn_reset(guest->conn);
}

static bool flush(struct guest *guest)
{
	bool progress = false;
	const void *data;
	size_t len;

	while ((data = store_conn_output(guest->conn, &len))) {
		ssize_t n = ring_write(guest->ring, data, len);

		if (n < 0) {
			fail(guest, XENSTORE_ERROR_RINGIDX, "bad ring indices");
			return true;
		}
		if (!n)
			break;
		store_conn_sent(guest->conn, n);
		progress = true;
	}
	return progress;
}

static bool take_input(struct guest *guest)
{
	char buf[XENSTORE_RING_SIZE];
	ssize_t n;

	if (store_conn_throttled(guest->conn))
		return false;
	n = ring_peek(guest->ring, buf, sizeof(buf));
	if (n < 0) {
		fail(guest, XENSTORE_ERROR_RINGIDX, "bad ring indices");
		return true;
	}
	if (!n)
		return false;
	n = store_conn_input(guest->conn, buf, n);
	if (n < 0) {
		fail(guest, XENSTORE_ERROR_PROTO, "message too long");
		return true;
	}
	ring_consume(guest->ring, n);
	/* There may be more: another turn, after the others'. */
	if (n)
		client_queue(&guest->client);
	return n > 0;
}

/* The domain starts its connection over (a kernel after kexec, say). */
static void reconnect(struct guest *guest)
{
	struct xenstore_domain_interface *r = guest->ring;

	store_conn_reset(guest->conn);
	guest->broken = false;
	r->req_cons = r->req_prod = r->rsp_cons = r->rsp_prod = 0;
	r->error = XENSTORE_ERROR_NONE;
	/* Pairs with the domain's read of connection before it uses the ring. */
	__atomic_store_n(&r->connection, XENSTORE_CONNECTED, __ATOMIC_RELEASE);
}

static void turn(struct client *c)
{
	struct guest *guest = container_of(c, struct guest, client);
	struct xy_evtchn *e = guest->g->evtchn;
	bool progress = false;

	/* Before looking: what comes after it makes a new event. */
	if (guest->masked)
		xy_evtchn_unmask(e, guest->port);
	guest->masked = false;
	if (__atomic_load_n(&guest->ring->connection, __ATOMIC_ACQUIRE) ==
	    XENSTORE_RECONNECT) {
		reconnect(guest);
		progress = true;
	}
	if (!guest->broken && store_conn_dead(guest->conn))
		fail(guest, XENSTORE_ERROR_COMM, "messages not read");
	if (!guest->broken)
		progress |= take_input(guest);
	if (!guest->broken)
		progress |= flush(guest);
	if ((progress || guest->broken) && guest->port >= 0)
		xy_evtchn_notify(e, guest->port);
}

void guests_wake(struct store_conn *conn)
{
	struct guest *guest = store_conn_io(conn);

	if (guest && !guest->broken)
		client_queue(&guest->client);
}

static struct guest *guest_new(struct guests *g, struct store_conn *conn,
			       unsigned int domid, uint64_t gfn, int *err)
{
	struct guest *guest = calloc(1, sizeof(*guest));

	*err = -ENOMEM;
	if (!guest)
		return NULL;
	client_init(&guest->client, turn);
	guest->g = g;
	guest->conn = conn;
	guest->port = -1;
	*err = map_ring(guest, domid, gfn);
	if (!*err)
		return guest;
	free(guest);
	return NULL;
}

int guests_introduce(void *ctx, struct store_conn *conn, unsigned int domid,
		     uint64_t gfn, unsigned int port)
{
	struct guests *g = ctx;
	struct guest *guest = store_conn_io(conn);
	bool is_new = !guest;
	int err = 0;

	if (!g->call)
		return ENODEV;
	if (is_new)
		guest = guest_new(g, conn, domid, gfn, &err);
	else
		unbind(guest);
	if (!err)
		err = bind_port(guest, domid, port);
	if (err) {
		log_line("domain %u cannot be introduced: %s", domid,
			 strerror(-err));
		if (is_new && guest)
			guest_free(guest);
		return err == -ENOMEM ? ENOMEM : EINVAL;
	}
	if (is_new) {
		guest->ring->server_features =
			XENSTORE_SERVER_FEATURE_RECONNECTION |
			XENSTORE_SERVER_FEATURE_ERROR | FEATURE_WATCHDEPTH;
		guest->ring->error = XENSTORE_ERROR_NONE;
		guest->ring->connection = XENSTORE_CONNECTED;
		store_conn_set_io(conn, guest);
	}
	/* Tell it that somebody is here, and look at what it sent before. */
	xy_evtchn_notify(g->evtchn, guest->port);
	client_queue(&guest->client);
	return 0;
}

void guests_release(void *ctx, struct store_conn *conn)
{
	struct guest *guest = store_conn_io(conn);

	(void)ctx;
	if (guest)
		guest_free(guest);
}

static int dom0_port(void)
{
	int fd = open(BACKEND_DEV, O_RDWR | O_CLOEXEC);
	int port = -ENODEV;
	FILE *f;

	if (fd >= 0) {
		port = ioctl(fd, BACKEND_EVTCHN);
		close(fd);
	}
	if (port > 0)
		return port;
	f = fopen(PORT_FILE, "re");
	if (!f)
		return -ENODEV;
	if (fscanf(f, "%d", &port) != 1)
		port = -ENODEV;
	fclose(f);
	return port;
}

int guests_introduce_dom0(struct guests *g)
{
	int port = dom0_port();

	if (port < 0)
		return port;
	return -store_introduce_dom0(g->s, port);
}

enum { GONE, ALIVE, SHUTDOWN };

static void judge(void *arg, unsigned int domid)
{
	struct guests *g = arg;

	if (!domid || domid >= DOMIDS)
		return;
	if (g->state[domid] == GONE)
		store_domain_gone(g->s, domid);
	else if (g->state[domid] == SHUTDOWN)
		store_domain_shutdown(g->s, domid);
}

void guests_scan(struct guests *g)
{
	static struct xen_domctl_getdomaininfo info[BATCH];
	unsigned int first = 0;
	int n;

	memset(g->state, GONE, sizeof(g->state));
	do {
		n = xy_domain_list(g->call, first, BATCH, info);
		if (n < 0) {
			if (!g->scan_failed)
				log_line("cannot list domains: %s; their end "
					 "will not be noticed", strerror(-n));
			g->scan_failed = true;
			return;
		}
		for (int i = 0; i < n; i++) {
			first = info[i].domain + 1;
			if (first > DOMIDS || info[i].flags & XEN_DOMINF_dying)
				continue;
			g->state[first - 1] = info[i].flags & XEN_DOMINF_shutdown ?
				SHUTDOWN : ALIVE;
		}
	} while (n == BATCH && first < DOMIDS);
	store_for_each_domain(g->s, judge, g);
}

/*
 * A guest's port stays masked until its turn: one that sends without end could
 * otherwise keep us here for ever, and gets one turn a round like everybody.
 */
static void event_of(struct guests *g, int port)
{
	struct guest *guest = (size_t)port < g->nr_ports ? g->by_port[port] : NULL;

	if (!guest)
		return;
	guest->masked = true;
	client_queue(&guest->client);
}

static void event(struct source *s, uint32_t events)
{
	struct guests *g = container_of(s, struct guests, source);
	int port;

	(void)events;
	while ((port = xy_evtchn_pending(g->evtchn)) >= 0) {
		if (port != g->virq_port) {
			event_of(g, port);
			continue;
		}
		/* Before looking, again. A domain shuts down only once. */
		xy_evtchn_unmask(g->evtchn, port);
		guests_scan(g);
	}
}

int guests_open(struct guests *g)
{
	int err, fd;

	err = xy_call_open(&g->call);
	if (err) {
		log_line("/dev/xen/privcmd: %s", strerror(-err));
		return err;
	}
	err = xy_evtchn_open(&g->evtchn);
	if (err) {
		log_line("/dev/xen/evtchn: %s", strerror(-err));
		return err;
	}
	err = xy_gntdev_open(&g->gntdev);
	if (err) {
		log_line("/dev/xen/gntdev: %s; rings are mapped as frames",
			 strerror(-err));
		g->gntdev = NULL;
	}
	fd = xy_evtchn_fd(g->evtchn);
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK))
		return -errno;
	g->virq_port = xy_evtchn_bind_virq(g->evtchn, VIRQ_DOM_EXC);
	if (g->virq_port < 0)
		log_line("cannot bind VIRQ_DOM_EXC: %s; the end of domains will "
			 "not be noticed", strerror(-g->virq_port));
	g->source.fd = fd;
	g->source.ready = event;
	return loop_add(&g->source, EPOLLIN);
}

struct guests *guests_alloc(void)
{
	return calloc(1, sizeof(struct guests));
}

void guests_free(struct guests *g)
{
	free(g->by_port);
	free(g);
}

void guests_start(struct guests *g, struct store *s)
{
	g->s = s;
}
