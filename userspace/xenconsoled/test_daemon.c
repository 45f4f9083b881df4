// SPDX-License-Identifier: GPL-2.0-only
/*
 * The console daemon from both its ends, a guest's ring and a reader's
 * terminal, with a real xenstore engine behind a socket in a child and a
 * pretended hypervisor (xenstored/diff/shim_xy.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <xen/io/console.h>

#include "tests/test.h"
#include "xenconsoled.h"
#include "xenstored/test_child.h"
#include "xy_daemon.h"
#include "xy_loop.h"

struct daemon daemon_state;

static char dir[] = "/tmp/xc-test-XXXXXX";
static char log_dir[64];
static int events;
static struct xencons_interface *ring;
static struct xs_handle *xs;
static int lines_logged;
static uint64_t fake_time = 1000000;

void log_line(const char *fmt, ...)
{
	(void)fmt;
	lines_logged++;
}

/* Time stands still unless the test lets it pass. */
uint64_t now_ms(void)
{
	return fake_time;
}

static int do_introduce(void *ctx, struct store_conn *conn, unsigned int domid,
			uint64_t gfn, unsigned int port)
{
	(void)ctx;
	(void)conn;
	(void)domid;
	(void)gfn;
	(void)port;
	return 0;
}

static const char *file(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void set_state(const char *state)
{
	FILE *f = fopen(file("dom1"), "w");

	if (!f || fputs(state, f) < 0)
		exit(2);
	fclose(f);
}

static void node(const char *name, const char *value)
{
	char path[64];

	snprintf(path, sizeof(path), "/local/domain/1/%s", name);
	CHECK(xs_write(xs, XBT_NULL, path, value, strlen(value)));
}

/* Let the daemon work until nothing has happened for a moment. */
static void run(void)
{
	for (int i = 0; i < 20; i++) {
		domains_tick();
		loop_round(5);
	}
}

static void fire(void)
{
	uint32_t port = 101;

	if (write(events, &port, sizeof(port)) != sizeof(port))
		exit(2);
	run();
}

/* The daemon's main() does this. */
static void evtchn_ready(struct source *s, uint32_t mask)
{
	int port;

	(void)s;
	(void)mask;
	while ((port = xy_evtchn_pending(daemon_state.evtchn)) >= 0)
		domains_event(port);
}

static void setup(pid_t *pid)
{
	static struct source source = { .ready = evtchn_ready };
	struct daemon *d = &daemon_state;
	int fd;

	if (!mkdtemp(dir) || mkfifo(file("events"), 0600))
		exit(2);
	setenv("SHIM_DIR", dir, 1);
	setenv("XENSTORED_RUNDIR", dir, 1);
	events = open(file("events"), O_RDWR);
	fd = open(file("ring1"), O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, 4096))
		exit(2);
	ring = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	*pid = test_child(1, do_introduce, file("socket"));
	snprintf(log_dir, sizeof(log_dir), "%s/log", dir);
	d->log_dir = log_dir;
	d->log_guests = true;
	d->xs = xs_open(0);
	xs = xs_open(0);
	if (!d->xs || !xs || loop_init() || xy_call_open(&d->call) ||
	    xy_evtchn_open(&d->evtchn) || xy_gntdev_open(&d->gntdev))
		exit(2);
	source.fd = xy_evtchn_fd(d->evtchn);
	fcntl(source.fd, F_SETFL, O_NONBLOCK | O_RDWR);
	if (loop_add(&source, 1 /* EPOLLIN */) || domains_start())
		exit(2);
}

static void guest_says(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		ring->out[ring->out_prod++ % sizeof(ring->out)] = text[i];
	fire();
}

/* What the reader of the terminal gets within a moment. */
static const char *read_tty(int fd)
{
	static char text[8192];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t used = 0;
	ssize_t n;

	while (used < sizeof(text) - 1 && poll(&p, 1, 100) == 1) {
		n = read(fd, text + used, sizeof(text) - 1 - used);
		if (n <= 0)
			break;
		used += n;
	}
	text[used] = '\0';
	return text;
}

static int test_start(void)
{
	struct stat st;
	char *tty;
	int fd;

	/* The daemon comes, then the guest, piece by piece. */
	run();
	set_state("");
	node("name", "../guest/one");
	guest_says("early", 5);
	CHECK(xs_introduce_domain(xs, 1, 77, 5));
	run();
	node("console/ring-ref", "4660");
	run();
	CHECK(!xs_read(xs, XBT_NULL, "/local/domain/1/console/tty", NULL));
	node("console/type", "xenconsoled");
	node("console/port", "3");
	run();
	tty = xs_read(xs, XBT_NULL, "/local/domain/1/console/tty", NULL);
	CHECK(tty && tty[0] == '/');
	if (!tty)
		exit(1);
	fd = open(tty, O_RDWR | O_NOCTTY);
	CHECK(fd >= 0);
	CHECK(!fstat(fd, &st) && !(st.st_mode & 077));
	free(tty);
	/* What was said before anybody listened. */
	CHECK_STR(read_tty(fd), "early");
	return fd;
}

static void test_talk(int fd)
{
	char got[16];

	guest_says("hello\n", 6);
	CHECK_STR(read_tty(fd), "hello\n");
	CHECK_EQ(write(fd, "typed", 5), 5);
	run();
	CHECK_EQ(ring->in_prod - ring->in_cons, 5);
	memcpy(got, ring->in + ring->in_cons, 5);
	CHECK(!memcmp(got, "typed", 5));
	ring->in_cons = ring->in_prod;
	/* More input than the guest has room for waits. */
	for (int i = 0; i < 30; i++)
		CHECK_EQ(write(fd, "0123456789012345678901234567890123456789"
			       "012345678901234567890123456789", 70), 70);
	run();
	CHECK_EQ(ring->in_prod - ring->in_cons, sizeof(ring->in));
	ring->in_cons = ring->in_prod;
	fire();
	CHECK_EQ(ring->in_prod - ring->in_cons, sizeof(ring->in));
	ring->in_cons = ring->in_prod;
	fire();
	CHECK_EQ(ring->in_prod - ring->in_cons, 2100 - 2 * sizeof(ring->in));
	ring->in_cons = ring->in_prod;
}

/* 64 KiB a period, then the ring stays full. */
static void test_flood(int fd)
{
	static char noise[2048];
	size_t taken = 0;

	memset(noise, 'n', sizeof(noise));
	fake_time += 1000;
	for (int i = 0; i < 60; i++) {
		uint32_t before = ring->out_cons;
		size_t room = sizeof(ring->out) - (ring->out_prod - ring->out_cons);

		guest_says(noise, room);
		taken += ring->out_cons - before;
	}
	CHECK(taken >= (64 << 10) && taken <= (68 << 10));
	CHECK_EQ(ring->out_prod - ring->out_cons, sizeof(ring->out));
	/* The next period. */
	fake_time += 100;
	run();
	CHECK_EQ(ring->out_prod, ring->out_cons);
	while (*read_tty(fd))
		run();
}

static void test_hostile(int fd)
{
	lines_logged = 0;
	ring->out_prod = ring->out_cons + 5000;
	fire();
	fire();
	CHECK_EQ(lines_logged, 1);
	CHECK_STR(read_tty(fd), "");
	/* The toolstack may give it a new ring. */
	memset(ring, 0, sizeof(*ring));
	node("console/port", "4");
	run();
	guest_says("again", 5);
	CHECK_STR(read_tty(fd), "again");
}

static void test_end_of_guest(int fd)
{
	char log[256] = "", text[8];
	struct pollfd p = { .fd = fd };
	int log_fd;

	/* Its last words are there after its end. */
	memcpy(ring->out, "again and bye", 13);
	ring->out_prod = 13;
	set_state("d");
	CHECK(xs_release_domain(xs, 1));
	run();
	CHECK_EQ(poll(&p, 1, 0), 0);
	fake_time += 200;
	run();
	CHECK_EQ(poll(&p, 1, 0), 0);
	CHECK_STR(read_tty(fd), " and bye");
	run();
	/* Read: the terminal hangs up. */
	CHECK(poll(&p, 1, 1000) == 1 && p.revents & POLLHUP);
	CHECK(read(fd, text, sizeof(text)) <= 0);

	log_fd = open(file("log/guest-.._guest_one.log"), O_RDONLY);
	CHECK(log_fd >= 0);
	CHECK(read(log_fd, log, sizeof(log) - 1) > 11);
	CHECK(!strncmp(log, "earlyhello\nnnn", 14));
	close(log_fd);
}

/* A dead guest whose reader does not read is not kept for ever. */
static void test_unread(void)
{
	char *tty;
	struct pollfd p = { 0 };

	memset(ring, 0, sizeof(*ring));
	set_state("");
	node("console/port", "3");
	CHECK(xs_introduce_domain(xs, 1, 77, 5));
	run();
	tty = xs_read(xs, XBT_NULL, "/local/domain/1/console/tty", NULL);
	p.fd = tty ? open(tty, O_RDWR | O_NOCTTY) : -1;
	free(tty);
	CHECK(p.fd >= 0);
	guest_says("unread", 6);
	set_state("d");
	CHECK(xs_release_domain(xs, 1));
	run();
	CHECK_EQ(poll(&p, 1, 0), 0);
	fake_time += 3000;
	run();
	CHECK(poll(&p, 1, 0) == 1 && p.revents & POLLHUP);
	close(p.fd);
}

/* A guest with this number, introduced; its terminal, opened. */
static int new_guest(const char *port)
{
	char *tty;
	int fd;

	memset(ring, 0, sizeof(*ring));
	set_state("");
	node("console/port", port);
	CHECK(xs_introduce_domain(xs, 1, 77, 5));
	run();
	tty = xs_read(xs, XBT_NULL, "/local/domain/1/console/tty", NULL);
	fd = tty ? open(tty, O_RDWR | O_NOCTTY) : -1;
	free(tty);
	CHECK(fd >= 0);
	return fd;
}

/* The next domain has the number of one whose last words nobody has read yet. */
static void test_reuse(void)
{
	int old = new_guest("3"), fd;

	guest_says("unread", 6);
	set_state("d");
	CHECK(xs_release_domain(xs, 1));
	run();
	fd = new_guest("4");
	guest_says("alive", 5);
	CHECK_STR(read_tty(fd), "alive");
	close(old);
	close(fd);
}

static off_t log_size(const char *name)
{
	struct stat st;

	return stat(file(name), &st) ? -1 : st.st_size;
}

/* However much a guest writes, its logs are no longer than twice the limit. */
static void test_log_bound(void)
{
	static char noise[2048];
	int fd = new_guest("5");

	memset(noise, 'n', sizeof(noise));
	daemon_state.log_limit = 4096;
	for (int i = 0; i < 9; i++) {
		fake_time += 1000;
		guest_says(noise, sizeof(noise));
		CHECK(log_size("log/guest-.._guest_one.log") <= 4096 + 2048);
	}
	CHECK(log_size("log/guest-.._guest_one.log") > 0);
	CHECK_EQ(log_size("log/guest-.._guest_one.log.1"), 4096);
	CHECK(log_size("log/guest-.._guest_one.log.1.1") < 0);
	close(fd);
}

/* A bare chroot has no devpts: nothing to test the daemon with. */
static bool have_terminals(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);
	const char *name = fd < 0 ? NULL : ptsname(fd);
	bool have = name && !access(name, F_OK);

	if (fd >= 0)
		close(fd);
	return have;
}

int main(void)
{
	pid_t pid;
	int fd;

	if (!have_terminals()) {
		SKIP("no terminals in /dev/pts here");
		return test_end();
	}
	setup(&pid);
	fd = test_start();
	test_talk(fd);
	test_flood(fd);
	test_hostile(fd);
	test_end_of_guest(fd);
	close(fd);
	test_unread();
	test_reuse();
	test_log_bound();
	xs_close(daemon_state.xs);
	xs_close(xs);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	if (fork() == 0)
		execlp("rm", "rm", "-r", dir, NULL);
	wait(NULL);
	return test_end();
}
