// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests and their rings, from the guest's side: a pretended hypervisor
 * (diff/shim_xy.c) gives files as rings and a pipe as event channels.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xen/xen.h>
#include <xen/io/xs_wire.h>

#include "daemon.h"
#include "xenstored/diff/shim_xy.h"
#include "tests/test.h"
#include "xy_loop.h"

#define DOMAINS 3

static char dir[] = "/tmp/xs-guests-XXXXXX";
static int events;
static struct guests *guests;
static struct store *store;
static struct store_conn *dom0;
static struct xenstore_domain_interface *rings[DOMAINS];
static int lines_logged;

void log_line(const char *fmt, ...)
{
	(void)fmt;
	lines_logged++;
}

static void host_log(void *ctx, const char *line)
{
	(void)ctx;
	(void)line;
}

static void host_wake(void *ctx, struct store_conn *conn)
{
	(void)ctx;
	if (!store_conn_is_socket(conn))
		guests_wake(conn);
}

static const struct store_host host = {
	.domain_exists = guests_domain_exists,
	.introduce = guests_introduce,
	.release = guests_release,
	.wake = host_wake,
	.log = host_log,
};

static const char *name(const char *fmt, unsigned int domid)
{
	static char path[64];
	size_t len = (size_t)snprintf(path, sizeof(path), "%s/", dir);

	snprintf(path + len, sizeof(path) - len, fmt, domid);
	return path;
}

static void set_state(unsigned int domid, const char *state)
{
	FILE *f = fopen(name("dom%u", domid), "w");

	if (!f || fputs(state, f) < 0)
		exit(2);
	fclose(f);
}

static void fire(uint32_t port)
{
	if (write(events, &port, sizeof(port)) != sizeof(port))
		exit(2);
}

static void run(void)
{
	for (int i = 0; i < 50; i++)
		loop_round(0);
}

static void setup(void)
{
	if (!mkdtemp(dir) || mkfifo(name("events", 0), 0600))
		exit(2);
	setenv("SHIM_DIR", dir, 1);
	events = open(name("events", 0), O_RDWR);
	for (int i = 0; i < DOMAINS; i++) {
		int fd = open(name("ring%u", i), O_RDWR | O_CREAT, 0600);

		if (fd < 0 || ftruncate(fd, 4096))
			exit(2);
		rings[i] = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
				fd, 0);
		close(fd);
	}
	set_state(0, "");
	guests = guests_alloc();
	store = store_new(&host, guests, 5);
	if (loop_init() || !store || guests_open(guests))
		exit(2);
	guests_start(guests, store);
	dom0 = store_connect(store, NULL);
}

static void cleanup(void)
{
	store_free(store);
	guests_free(guests);
	for (int i = 0; i < DOMAINS; i++) {
		munmap(rings[i], 4096);
		unlink(name("ring%u", i));
		unlink(name("dom%u", i));
	}
	unlink(name("events", 0));
	rmdir(dir);
}

/* By the socket's way; the reply as text, "|" for NUL. */
static const char *ask(uint32_t type, const char *text)
{
	static char reply[4200];
	char msg[512];
	struct xsd_sockmsg hdr = { .type = type, .len = strlen(text) };
	size_t len, used = 0;
	const void *p;

	memcpy(msg, &hdr, sizeof(hdr));
	memcpy(msg + sizeof(hdr), text, hdr.len);
	for (size_t i = sizeof(hdr); i < sizeof(hdr) + hdr.len; i++)
		msg[i] = msg[i] == '|' ? '\0' : msg[i];
	for (size_t done = 0; done < sizeof(hdr) + hdr.len;)
		done += store_conn_input(dom0, msg + done,
					 sizeof(hdr) + hdr.len - done);
	while ((p = store_conn_output(dom0, &len))) {
		memcpy(reply + used, p, len);
		used += len;
		store_conn_sent(dom0, len);
	}
	for (size_t i = sizeof(hdr); i < used; i++)
		reply[i] = reply[i] ? reply[i] : '|';
	reply[used] = '\0';
	return reply + sizeof(hdr);
}

static void put_bytes(unsigned int domid, const void *data, size_t len)
{
	struct xenstore_domain_interface *r = rings[domid];
	const char *p = data;

	while (len) {
		while (len && r->req_prod - r->req_cons < sizeof(r->req)) {
			r->req[r->req_prod % sizeof(r->req)] = *p++;
			r->req_prod++;
			len--;
		}
		fire(100 + domid);
		run();
	}
}

static size_t get_bytes(unsigned int domid, char *buf, size_t max)
{
	struct xenstore_domain_interface *r = rings[domid];
	size_t n = 0;

	while (n < max && r->rsp_cons != r->rsp_prod)
		buf[n++] = r->rsp[r->rsp_cons++ % sizeof(r->rsp)];
	fire(100 + domid);
	run();
	return n;
}

/* The same by a guest's ring; "" when nothing comes. */
static const char *guest_asks(unsigned int domid, uint32_t type,
			      const char *text)
{
	static char reply[4200];
	struct xsd_sockmsg hdr = { .type = type, .len = strlen(text) };
	char body[4096];
	size_t n, used = 0;

	for (size_t i = 0; i < hdr.len; i++)
		body[i] = text[i] == '|' ? '\0' : text[i];
	put_bytes(domid, &hdr, sizeof(hdr));
	put_bytes(domid, body, hdr.len);
	while ((n = get_bytes(domid, reply + used, sizeof(reply) - 1 - used)))
		used += n;
	for (size_t i = sizeof(hdr); i < used; i++)
		reply[i] = reply[i] ? reply[i] : '|';
	reply[used] = '\0';
	return used ? reply + sizeof(hdr) : "";
}

static void test_introduction(void)
{
	CHECK_STR(ask(XS_INTRODUCE, "1|1|1|"), "ENOENT|");
	set_state(1, "");
	rings[1]->connection = XENSTORE_RECONNECT;
	CHECK_STR(ask(XS_INTRODUCE, "1|1|1|"), "OK|");
	CHECK_EQ(rings[1]->connection, XENSTORE_CONNECTED);
	CHECK(rings[1]->server_features & XENSTORE_SERVER_FEATURE_RECONNECTION);
	CHECK(rings[1]->server_features & XENSTORE_SERVER_FEATURE_ERROR);
	CHECK_STR(guest_asks(1, XS_READ, "/tool|"), "EACCES|");
	/* Introduced again: the connection goes on. */
	CHECK_STR(ask(XS_INTRODUCE, "1|1|1|"), "OK|");
	CHECK_STR(guest_asks(1, XS_GET_DOMAIN_PATH, "1|"), "/local/domain/1|");
	set_state(2, "");
	CHECK_STR(ask(XS_INTRODUCE, "2|1|1|"), "OK|");
}

/* More than the ring holds, both ways. */
static void test_large(void)
{
	char text[3100];

	ask(XS_MKDIR, "/local/domain/1/d|");
	ask(XS_SET_PERMS, "/local/domain/1/d|n1|");
	memset(text, 'v', sizeof(text));
	memcpy(text, "d|", 2);
	text[1900] = '\0';
	CHECK_STR(guest_asks(1, XS_WRITE, text), "OK|");
	CHECK_STR(guest_asks(1, XS_READ, "d|"), text + 2);
}

static void test_hostile_ring(void)
{
	static const uint32_t bad[] = { 1025, 0x80000000, 0xfffffff0 };
	struct xenstore_domain_interface *r = rings[1];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		lines_logged = 0;
		/* The first event follows the reply. */
		CHECK(!strncmp(guest_asks(1, XS_WATCH, "d|t|"), "OK|", 3));
		r->req_prod = r->req_cons + bad[i];
		fire(101);
		run();
		CHECK_EQ(r->error, XENSTORE_ERROR_RINGIDX);
		/* Said once, however often it is tried. */
		fire(101);
		run();
		CHECK_EQ(lines_logged, 1);
		/* Others do not notice. */
		CHECK_STR(guest_asks(2, XS_GET_DOMAIN_PATH, "2|"),
			  "/local/domain/2|");
		/* It may begin again, with nothing left of before. */
		r->connection = XENSTORE_RECONNECT;
		fire(101);
		run();
		CHECK_EQ(r->connection, XENSTORE_CONNECTED);
		CHECK_EQ(r->error, XENSTORE_ERROR_NONE);
		CHECK_EQ(r->req_prod, 0);
		CHECK_STR(guest_asks(1, XS_UNWATCH, "d|t|"), "ENOENT|");
	}
	/* The other direction. */
	r->rsp_cons = r->rsp_prod + 1;
	put_bytes(1, &(struct xsd_sockmsg){ .type = XS_READ },
		  sizeof(struct xsd_sockmsg));
	CHECK_EQ(r->error, XENSTORE_ERROR_RINGIDX);
	r->connection = XENSTORE_RECONNECT;
	fire(101);
	run();
}

static void test_too_long(void)
{
	struct xsd_sockmsg hdr = { .type = XS_READ,
				   .len = XENSTORE_PAYLOAD_MAX + 1 };

	put_bytes(1, &hdr, sizeof(hdr));
	CHECK_EQ(rings[1]->error, XENSTORE_ERROR_PROTO);
	rings[1]->connection = XENSTORE_RECONNECT;
	fire(101);
	run();
	CHECK_STR(guest_asks(1, XS_GET_DOMAIN_PATH, "7|"), "/local/domain/7|");
}

/* A guest whose events never end keeps nobody waiting; SIGALRM ends what hangs. */
static void test_storm(void)
{
	alarm(20);
	shim_storm = 101;
	fire(101);
	run();
	CHECK_STR(guest_asks(2, XS_GET_DOMAIN_PATH, "2|"), "/local/domain/2|");
	CHECK_STR(guest_asks(1, XS_GET_DOMAIN_PATH, "1|"), "/local/domain/1|");
	shim_storm = 0;
	run();
	alarm(0);
}

static void test_death(void)
{
	ask(XS_WATCH, "@releaseDomain|r|");
	set_state(1, "s");
	fire(VIRQ_DOM_EXC);
	run();
	CHECK(strstr(ask(XS_IS_DOMAIN_INTRODUCED, "1|"), "@releaseDomain|r|"));
	set_state(1, "d");
	fire(VIRQ_DOM_EXC);
	run();
	ask(XS_UNWATCH, "@releaseDomain|r|");
	CHECK_STR(ask(XS_IS_DOMAIN_INTRODUCED, "1|"), "F|");
	CHECK_STR(ask(XS_IS_DOMAIN_INTRODUCED, "2|"), "T|");
	/* Its node went with it. */
	CHECK_STR(ask(XS_READ, "/local/domain/1/d|"), "ENOENT|");
	unlink(name("dom%u", 2));
	fire(VIRQ_DOM_EXC);
	run();
	CHECK_STR(ask(XS_IS_DOMAIN_INTRODUCED, "2|"), "F|");
	/* An event of one that is gone finds nobody. */
	fire(102);
	run();
	CHECK_STR(ask(XS_CONTROL, "check|"), "OK|");
}

int main(void)
{
	setup();
	test_introduction();
	test_large();
	test_hostile_ring();
	test_too_long();
	test_storm();
	test_death();
	cleanup();
	return test_end();
}
