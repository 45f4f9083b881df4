// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/xen/evtchn. Pairs of channels of this domain with itself, so that no other
 * domain is needed: an unbound port offered to ourselves, and its other end.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "xendev.h"

#define PAIRS 300
#define DOMID_SELF 0x7ff0

static int self;	/* our own number: dom0's unless an argument says another */

struct pair {
	int a, b;	/* b is bound to a */
};

static int unbound(int fd, unsigned int dom)
{
	struct evtchn_arg arg = { .a = dom };

	return ioctl(fd, EVTCHN_BIND_UNBOUND, &arg);
}

static int interdomain(int fd, unsigned int dom, unsigned int port)
{
	struct evtchn_arg2 arg = { .a = dom, .b = port };

	return ioctl(fd, EVTCHN_BIND_INTERDOMAIN, &arg);
}

static int port_op(int fd, unsigned long op, unsigned int port)
{
	struct evtchn_arg arg = { .a = port };

	return ioctl(fd, op, &arg);
}

static struct pair make_pair(int fa, int fb)
{
	struct pair p;

	p.a = unbound(fa, self);
	p.b = p.a < 0 ? -1 : interdomain(fb, self, p.a);
	return p;
}

static int open_dev(int flags)
{
	return need(open("/dev/xen/evtchn", O_RDWR | O_CLOEXEC | flags), "/dev/xen/evtchn");
}

static int readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 1 && (p.revents & POLLIN);
}

/* The next port, or -1 if none comes in a second. */
static int next(int fd)
{
	unsigned int port;

	if (!readable(fd, 1000) || read(fd, &port, sizeof(port)) != sizeof(port))
		return -1;
	return port;
}

static int arm(int fd, unsigned int port)
{
	return write(fd, &port, sizeof(port));
}

static void test_delivery(void)
{
	int a = open_dev(0), b = open_dev(O_NONBLOCK);
	struct pair p = make_pair(a, b);
	unsigned int port;

	check(p.a > 0 && p.b > 0, "a pair is bound");
	next(b);	/* a fresh binding may be pending at once */
	arm(b, p.b);
	while (readable(b, 50))
		next(b);
	arm(b, p.b);
	fails(read(b, &port, sizeof(port)), EAGAIN, "nothing to read");
	same(port_op(a, EVTCHN_NOTIFY, p.a), 0, "notify");
	same(next(b), p.b, "the other end is told");
	port_op(a, EVTCHN_NOTIFY, p.a);
	check(!readable(b, 100), "not again before it is armed");
	same(arm(b, p.b), sizeof(port), "arming it");
	same(next(b), p.b, "what came meanwhile is delivered then");
	arm(b, p.b);
	arm(b, p.b);
	check(!readable(b, 50), "arming twice delivers nothing");
	port_op(a, EVTCHN_NOTIFY, p.a);
	check(readable(b, 1000), "poll sees it");
	same(ioctl(b, EVTCHN_RESET, 0), 0, "reset");
	check(!readable(b, 50), "reset forgets what was delivered");
	same(read(b, &port, 3), 0, "less than a port reads nothing");
	same(write(b, &port, 3), 0, "less than a port writes nothing");
	fails(read(b, nowhere, sizeof(port)), EAGAIN, "an empty queue wins over a bad buffer");
	arm(b, p.b);
	port_op(a, EVTCHN_NOTIFY, p.a);
	readable(b, 1000);
	fails(read(b, nowhere, sizeof(port)), EFAULT, "reading into nowhere");
	same(next(b), p.b, "and the event is still there");
	fails(write(b, nowhere, sizeof(port)), EFAULT, "writing from nowhere");
	fails(lseek(b, 0, SEEK_CUR), ESPIPE, "no position");
	close(a);
	close(b);
}

static void test_errors(void)
{
	int fd = open_dev(0), other = open_dev(0);
	struct pair p = make_pair(fd, fd);
	struct evtchn_arg arg = { 0 };

	fails(ioctl(fd, EVTCHN_NOTIFY, 8), EFAULT, "an argument nowhere");
	fails(port_op(fd, EVTCHN_NOTIFY, p.b + 1), ENOTCONN, "notify what is not bound");
	fails(port_op(other, EVTCHN_NOTIFY, p.a), ENOTCONN, "notify somebody else's");
	fails(port_op(other, EVTCHN_UNBIND, p.a), ENOTCONN, "unbind somebody else's");
	fails(port_op(fd, EVTCHN_UNBIND, ~0u), EINVAL, "unbind what is no port");
	fails(interdomain(fd, self, 0), EINVAL, "bind to the reserved port");
	fails(interdomain(fd, self, 1 << 20), EINVAL, "bind to what is no port");
	fails(interdomain(fd, 30000, 1), ESRCH, "bind to a domain that is not there");
	arg.a = 5000;
	fails(ioctl(fd, EVTCHN_BIND_VIRQ, &arg), EINVAL, "bind what is no VIRQ");
	check(ioctl(fd, _IO('E', 99), &arg) == -1 && (errno == ENOTTY || errno == ENOSYS),
	      "an unknown ioctl");
	same(port_op(fd, EVTCHN_UNBIND, p.a), 0, "unbind");
	fails(port_op(fd, EVTCHN_NOTIFY, p.a), ENOTCONN, "it is gone");
	same(port_op(fd, EVTCHN_UNBIND, p.b), 0, "unbind the other end");
	close(fd);
	close(other);
}

#define VIRQ_DEBUG 1	/* of each domain, and of no use to a kernel on Arm */

static void test_virq(void)
{
	struct evtchn_arg arg = { .a = VIRQ_DEBUG };
	int fd = open_dev(0), other = open_dev(0), port = ioctl(fd, EVTCHN_BIND_VIRQ, &arg);

	/* A PV kernel has it for itself. */
	if (port == -1 && errno == EEXIST) {
		skip("a VIRQ is bound", "the kernel has it");
		skip("once only", "the kernel has it");
		skip("and again after its end", "the kernel has it");
	} else {
		check(port > 0, "a VIRQ is bound");
		fails(ioctl(other, EVTCHN_BIND_VIRQ, &arg), EEXIST, "once only");
		port_op(fd, EVTCHN_UNBIND, port);
		check(ioctl(other, EVTCHN_BIND_VIRQ, &arg) > 0, "and again after its end");
	}
	close(fd);
	close(other);
}

static void test_restrict(void)
{
	int fd = open_dev(0);
	struct pair p = make_pair(fd, fd);
	struct evtchn_arg virq = { .a = 3 };
	unsigned short dom = 0x7ff5;

	fails(ioctl(fd, EVTCHN_RESTRICT, &dom), EINVAL, "restrict to no domain");
	dom = 77;
	same(ioctl(fd, EVTCHN_RESTRICT, &dom), 0, "restrict");
	fails(ioctl(fd, EVTCHN_RESTRICT, &dom), EACCES, "only once");
	fails(unbound(fd, self), EACCES, "no unbound port for another");
	fails(unbound(fd, dom), EACCES, "nor for that one: it may bind to what is offered only");
	fails(interdomain(fd, self, p.a), EACCES, "no binding to another");
	fails(ioctl(fd, EVTCHN_BIND_VIRQ, &virq), EACCES, "no VIRQ");
	same(port_op(fd, EVTCHN_NOTIFY, p.a), 0, "what was bound before works");
	close(fd);
}

/* All pairs at once: each end told exactly once, however many there are. */
static void test_many(void)
{
	int a = open_dev(0), b = open_dev(0), i, n, bad = 0;
	static struct pair pairs[PAIRS];
	static unsigned int got[PAIRS];
	static unsigned char seen[1 << 17];

	for (i = 0; i < PAIRS; i++)
		pairs[i] = make_pair(a, b);
	for (i = 0; i < PAIRS; i++)
		bad += pairs[i].a <= 0 || pairs[i].b <= 0;
	same(bad, 0, "hundreds of pairs");
	usleep(200000);
	while (readable(b, 100) && (n = read(b, got, sizeof(got))) > 0)
		if (write(b, got, n) != n)
			bad++;
	for (i = 0; i < PAIRS; i++)
		port_op(a, EVTCHN_NOTIFY, pairs[i].a);
	for (n = 0; n < PAIRS && readable(b, 2000);) {
		int len = read(b, got, 7 * sizeof(*got)) / (int)sizeof(*got);

		for (i = 0; i < len; i++)
			bad += seen[got[i] & 0x1ffff]++;
		n += len;
	}
	same(n, PAIRS, "each is delivered");
	same(bad, 0, "none of them twice");
	check(!readable(b, 100), "and no more");
	close(b);
	close(a);
}

static void *blocked_reader(void *fd)
{
	unsigned int port = 0;

	return read(*(int *)fd, &port, sizeof(port)) == sizeof(port) ? (void *)(long)port : NULL;
}

static volatile sig_atomic_t sigio;

static void on_sigio(int sig)
{
	(void)sig;
	sigio = 1;
}

static void test_waiting(void)
{
	int a = open_dev(0), b = open_dev(0);
	struct pair p = make_pair(a, b);
	pthread_t t;
	void *port;

	while (readable(b, 50))
		arm(b, next(b));
	pthread_create(&t, NULL, blocked_reader, &b);
	usleep(50000);
	port_op(a, EVTCHN_NOTIFY, p.a);
	pthread_join(t, &port);
	same((long)port, p.b, "a sleeping reader is woken");

	signal(SIGIO, on_sigio);
	fcntl(b, F_SETOWN, getpid());
	fcntl(b, F_SETFL, fcntl(b, F_GETFL) | O_ASYNC);
	arm(b, p.b);
	port_op(a, EVTCHN_NOTIFY, p.a);
	readable(b, 1000);
	for (int i = 0; i < 100 && !sigio; i++)
		usleep(10000);
	check(sigio, "SIGIO is sent");
	signal(SIGIO, SIG_IGN);
	close(a);
	close(b);
}

/* Binding, notifying, arming and unbinding of one file in four threads. */
struct race {
	int fd;
	volatile int stop, ports[8];
};

static void *race_bind(void *arg)
{
	struct race *r = arg;

	for (int i = 0; i < 400; i++) {
		struct pair p = make_pair(r->fd, r->fd);

		r->ports[i % 4 * 2] = p.a;
		r->ports[i % 4 * 2 + 1] = p.b;
		if (i >= 3) {
			port_op(r->fd, EVTCHN_UNBIND, r->ports[(i + 1) % 4 * 2]);
			port_op(r->fd, EVTCHN_UNBIND, r->ports[(i + 1) % 4 * 2 + 1]);
		}
	}
	r->stop = 1;
	return NULL;
}

static void *race_notify(void *arg)
{
	struct race *r = arg;

	for (unsigned int i = 0; !r->stop; i++)
		port_op(r->fd, EVTCHN_NOTIFY, r->ports[i % 8]);
	return NULL;
}

static void *race_arm(void *arg)
{
	struct race *r = arg;
	unsigned int got[8];
	int n;

	while (!r->stop)
		if (readable(r->fd, 1) && (n = read(r->fd, got, sizeof(got))) > 0 &&
		    write(r->fd, got, n) < 0)
			break;
	return NULL;
}

static void test_race(void)
{
	static struct race r;
	pthread_t t[4];

	r.fd = open_dev(O_NONBLOCK);
	pthread_create(&t[0], NULL, race_bind, &r);
	pthread_create(&t[1], NULL, race_notify, &r);
	pthread_create(&t[2], NULL, race_arm, &r);
	pthread_create(&t[3], NULL, race_arm, &r);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	close(r.fd);
	check(r.stop, "bind, notify, arm and unbind at the same time");
}

/* A process that dies gives its ports back: the same numbers come again. */
static void test_death(void)
{
	int before, after, fd = open_dev(0);

	before = unbound(fd, self);
	close(fd);
	for (int i = 0; i < 20; i++) {
		pid_t pid = fork();

		if (!pid) {
			fd = open_dev(0);
			for (int n = 0; ; n++) {
				struct pair p = make_pair(fd, fd);

				port_op(fd, EVTCHN_NOTIFY, p.a);
			}
		}
		usleep(3000 + i * 1000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	fd = open_dev(0);
	after = unbound(fd, self);
	close(fd);
	check(before > 0 && after > 0 && after <= before + 4, "ports of the dead are free again");
}

/* EVTCHNOP_* by /dev/xen/privcmd, for what the device does not offer. */
enum { CHANNEL_CLOSE = 3, CHANNEL_STATUS = 5, CHANNEL_ALLOC = 6 };

static long channel_op(uint64_t op, void *arg)
{
	static int fd = -1;
	struct privcmd_call call = { .op = 32, .arg = { op, (uintptr_t)arg } };

	if (fd < 0)
		fd = need(open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC), "/dev/xen/privcmd");
	return ioctl(fd, PRIVCMD_CALL, &call);
}

/* 0: not in use; 1: unbound; others: in use. Negative for what is no port. */
static int status_of(unsigned int port)
{
	struct { uint16_t dom; uint32_t port, status, vcpu, u[2]; } arg = {
		.dom = DOMID_SELF, .port = port,
	};

	return channel_op(CHANNEL_STATUS, &arg) ? -1 : (int)arg.status;
}

#define STATIC_TESTS	11

/* How many of the first ports a binding is not refused with its proper error. */
static int bad_refusals(int fd)
{
	int bad = 0, in_use = 0;

	for (unsigned int port = 1; port < 256; port++) {
		int before = status_of(port);
		int ret = port_op(fd, EVTCHN_BIND_STATIC, port);
		int want = before > 0 ? EBUSY : ENOENT;

		if (before < 0)
			continue;
		in_use += before > 0;
		if (ret != -1 || errno != want || status_of(port) != before) {
			printf("# port %u, status %d: returned %d, errno %d, status then %d\n",
			       port, before, ret, errno, status_of(port));
			bad++;
		}
	}
	return in_use ? bad : -1;
}

/* A channel that was there before anybody opened the device. */
static void test_static(void)
{
	struct { uint16_t dom, remote; uint32_t port; } alloc = { DOMID_SELF, self, 0 };
	int fd = open_dev(0), other = open_dev(0), peer;
	unsigned short dom = 77;

	/* The stock one breaks what the kernel uses: nobody's test. */
	if (*word("/sys/module/xen_evtchn/taint", "") != 'O' ||
	    (port_op(fd, EVTCHN_BIND_STATIC, ~0u) && errno != EINVAL)) {
		for (int i = 0; i < STATIC_TESTS; i++)
			skip("a static channel", "not this module, or a kernel without them");
		goto out;
	}
	fails(port_op(fd, EVTCHN_BIND_STATIC, 0), EINVAL, "bind the reserved port");
	same(bad_refusals(fd), 0, "bind the kernel's own and those not in use");
	same(channel_op(CHANNEL_ALLOC, &alloc), 0, "a channel of nobody");
	same(port_op(fd, EVTCHN_BIND_STATIC, alloc.port), 0, "bind it");
	fails(port_op(fd, EVTCHN_BIND_STATIC, alloc.port), EISCONN, "not twice");
	fails(port_op(other, EVTCHN_BIND_STATIC, alloc.port), EBUSY, "nor in another file");
	peer = interdomain(other, self, alloc.port);
	while (readable(fd, 50))
		next(fd);
	arm(fd, alloc.port);
	port_op(other, EVTCHN_NOTIFY, peer);
	same(next(fd), alloc.port, "it is told");
	same(port_op(fd, EVTCHN_UNBIND, alloc.port), 0, "unbind it");
	check(status_of(alloc.port) == 2, "it stays open");
	same(port_op(fd, EVTCHN_BIND_STATIC, alloc.port), 0, "and can be bound again");
	ioctl(other, EVTCHN_RESTRICT, &dom);
	fails(port_op(other, EVTCHN_BIND_STATIC, alloc.port), EACCES, "not by a restricted file");
out:
	close(fd);
	close(other);
	if (alloc.port)
		channel_op(CHANNEL_CLOSE, &(uint32_t){ alloc.port });
}

int main(int argc, char **argv)
{
	self = argc > 1 ? atoi(argv[1]) : 0;
	plan(51 + STATIC_TESTS);
	check_module("xen_evtchn");
	test_delivery();
	test_errors();
	test_virq();
	test_restrict();
	test_many();
	test_waiting();
	test_race();
	test_death();
	test_static();
	return finish();
}
