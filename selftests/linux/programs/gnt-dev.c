// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/xen/gntalloc and /dev/xen/gntdev, together: pages that this domain grants to
 * itself by the one and maps by the other.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gnt.h"
#include "kmsg.h"

#define COUNT 16

static void test_share(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev");
	struct gntdev_offset off = { 0 };
	struct gntalloc_alloc a;
	struct gntdev_map m;
	char *mine, *theirs, *ro;
	int bad = 0;

	same(grant(ga, &a, COUNT, 1), 0, "grant pages");
	mine = at(ga, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, a.index);
	check(is_mapped(mine), "map our own side");
	for (int i = 0; is_mapped(mine) && i < COUNT * PAGE; i++)
		bad += mine[i] != 0;
	same(bad, 0, "they are empty");
	same(map(gd, &m, a.refs, COUNT), 0, "name the grants");
	theirs = at(gd, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, m.index);
	if (!check(is_mapped(theirs), "map them"))
		exit(finish());
	for (int i = 0; i < COUNT; i++)
		snprintf(mine + i * PAGE, 32, "page %d", i);
	for (int i = 0; i < COUNT; i++) {
		char want[32];

		snprintf(want, sizeof(want), "page %d", i);
		bad += !!strcmp(theirs + i * PAGE, want);
		strcpy(theirs + i * PAGE + 100, "and back");
		bad += !!strcmp(mine + i * PAGE + 100, "and back");
	}
	same(bad, 0, "both see what either writes");

	off.vaddr = (uintptr_t)theirs;
	same(ioctl(gd, GNTDEV_OFFSET, &off), 0, "offset for an address");
	check(off.offset == m.index && off.count == COUNT, "it is the right one");
	off.vaddr = (uintptr_t)mine;
	fails(ioctl(gd, GNTDEV_OFFSET, &off), EINVAL, "none for somebody else's address");

	fails(unmap(gd, m.index, COUNT - 1), ENOENT, "unmap with the wrong count");
	same(unmap(gd, m.index, COUNT), 0, "unmap while it is shown");
	same(strcmp(theirs, "page 0"), 0, "it stays as long as it is shown");
	fails(unmap(gd, m.index, COUNT), ENOENT, "unmap twice");
	same(munmap(theirs, COUNT * PAGE), 0, "take it away");

	/* Read-only grants. */
	map(gd, &m, a.refs, 1);
	ro = at(gd, PROT_READ, MAP_SHARED, 1, m.index);
	check(is_mapped(ro) && !strcmp(ro, "page 0"), "map one to read");
	fails((long)at(gd, PROT_READ | PROT_WRITE, MAP_SHARED, 1, m.index), EINVAL,
	      "not to write afterwards");
	if (ours())
		fails(mprotect(ro, PAGE, PROT_READ | PROT_WRITE), EACCES, "nor by mprotect");
	else
		skip("nor by mprotect", "the stock module lets it be");
	munmap(ro, PAGE);
	unmap(gd, m.index, 1);
	fails((long)at(gd, PROT_READ, MAP_SHARED, 1, m.index), EINVAL, "map what is no more");

	same(drop(ga, a.index, COUNT), 0, "end the grants");
	fails(drop(ga, a.index, COUNT), EINVAL, "end them twice");
	munmap(mine, COUNT * PAGE);
	close(gd);
	close(ga);
}

static void test_read_only_grant(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev");
	struct gntalloc_alloc a;
	struct gntdev_map m;
	void *p;

	grant(ga, &a, 1, 0);
	map(gd, &m, a.refs, 1);
	fails((long)at(gd, PROT_READ | PROT_WRITE, MAP_SHARED, 1, m.index), EINVAL,
	      "a read-only grant is not mapped to write");
	p = at(gd, PROT_READ, MAP_SHARED, 1, m.index);
	if (ours())
		check(is_mapped(p), "but to read");
	else
		skip("but to read", "the stock module asks for a grant to write");
	munmap(p, PAGE);
	close(gd);
	close(ga);
}

static void test_errors(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev");
	struct gntdev_map m = { 0 };
	struct gntalloc_alloc a;
	uint32_t refs[2];
	uint32_t max = 2;
	void *p;

	fails(ioctl(gd, GNTDEV_MAP, &m), EINVAL, "name no grant");
	m.count = 0x7fffffff;
	fails(ioctl(gd, GNTDEV_MAP, &m), EINVAL, "name too many");
	fails(ioctl(gd, GNTDEV_MAP, 8), EFAULT, "an argument nowhere");
	grant(ga, &a, 1, 1);
	refs[0] = a.refs[0];
	refs[1] = 0x1fff;
	map(gd, &m, refs, 2);
	fails((long)at(gd, PROT_READ, MAP_SHARED, 2, m.index), EINVAL, "one of two is no grant");
	fails((long)at(gd, PROT_READ, MAP_SHARED, 1, m.index), EINVAL, "less than all");
	unmap(gd, m.index, 2);
	map(gd, &m, refs, 1);
	fails((long)at(gd, PROT_READ | PROT_WRITE, MAP_PRIVATE, 1, m.index), EINVAL,
	      "a private area to write");
	p = at(gd, PROT_READ | PROT_WRITE, MAP_SHARED, 1, m.index);
	check(is_mapped(p), "the good one alone is mapped");
	munmap(p, PAGE);
	fails(ioctl(gd, XEN_IOC('G', 99, 0), 0), ENOTTY, "an unknown ioctl of gntdev");
	fails(ioctl(ga, XEN_IOC('G', 99, 0), 0), ENOTTY, "an unknown ioctl of gntalloc");
	if (ours()) {
		same(ioctl(gd, GNTDEV_MAX, &max), 0, "a limit");
		fails(map(gd, &m, refs, 2), ENOSPC, "holds");
	} else {
		skip("a limit", "the stock module has none");
		skip("holds", "the stock module has none");
	}
	close(gd);
	fails((long)at(ga, PROT_READ, MAP_PRIVATE, 1, a.index), EINVAL, "a private area of ours");
	fails((long)at(ga, PROT_READ, MAP_SHARED, 2, a.index), ENOENT, "more than there is");
	a.count = 2000;
	fails(ioctl(ga, GNTALLOC_ALLOC, &a), ENOSPC, "more than the limit");
	a.count = 0;
	same(ioctl(ga, GNTALLOC_ALLOC, &a), 0, "no page at all");
	close(ga);
}

#define LARGEST 65536	/* grants of one request */

/* On a 32-bit machine a file has as many offsets as sixteen such requests take. */
static void test_offsets(void)
{
	static struct { uint32_t count, pad; uint64_t index; struct gnt_ref refs[LARGEST]; } m;
	int gd = open_dev("/dev/xen/gntdev"), n;
	struct gntdev_map kept;

	map(gd, &kept, (uint32_t[1]){ 1000 }, 1);
	for (n = 0; n < 40; n++) {
		m.count = LARGEST;
		if (ioctl(gd, GNTDEV_MAP, &m) || unmap(gd, m.index, LARGEST))
			break;
	}
	same(n, 40, "a file's offsets do not come to an end");
	same(unmap(gd, kept.index, 1), 0, "and nobody else gets those in use");
	close(gd);
}

/* A child that was made to have a copy, in a PV domain too, does not take the pages along. */
static void test_fork(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev"), fds[2], status;
	struct gntalloc_alloc a;
	char *mine, *theirs, buf[11];
	struct gntdev_map m;
	pid_t pid;

	grant(ga, &a, 2, 1);
	mine = at(ga, PROT_READ | PROT_WRITE, MAP_SHARED, 2, a.index);
	strcpy(mine + PAGE, "still here");
	map(gd, &m, a.refs, 2);
	theirs = at(gd, PROT_READ | PROT_WRITE, MAP_SHARED, 2, m.index);
	if (!madvise(theirs, 2 * PAGE, MADV_DOFORK)) {
		pid = fork();
		if (!pid)
			_exit(strcmp(theirs + PAGE, "still here") != 0);
		waitpid(pid, &status, 0);
		same(status, 0, "a child sees the pages");
	} else if (errno == EINVAL) {
		skip("a child sees the pages", "newer kernels give it no such area");
	} else {
		need(-1, "MADV_DOFORK");
	}
	/* A pipe takes an address that shows nothing for an error, not for a signal. */
	need(pipe(fds), "pipe");
	check(write(fds[1], theirs + PAGE, 11) == 11 && read(fds[0], buf, 11) == 11 &&
	      !strcmp(buf, "still here"), "and leaves them where they are");
	close(fds[0]);
	close(fds[1]);
	munmap(theirs, 2 * PAGE);
	same(unmap(gd, m.index, 2), 0, "they go with the last that shows them");
	same(drop(ga, a.index, 2), 0, "and are the owner's again");
	munmap(mine, 2 * PAGE);
	close(gd);
	close(ga);
}

static int copy(int fd, struct gntdev_segment *s, int n)
{
	struct gntdev_copy c = { .count = n, .segments = s };

	return ioctl(fd, GNTDEV_COPY, &c);
}

#define FROM_GRANT 1
#define TO_GRANT 2

static void test_copy(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev");
	static char buf[4 * PAGE] __attribute__((aligned(PAGE)));
	struct gntdev_segment s[70];
	struct gntalloc_alloc a;
	char *mine;
	int bad = 0;

	grant(ga, &a, 3, 1);
	mine = at(ga, PROT_READ | PROT_WRITE, MAP_SHARED, 3, a.index);
	for (int i = 0; i < 4 * PAGE; i++)
		buf[i] = i * 7 + i / 256;

	memset(s, 0, sizeof(s));
	s[0].source.virt = buf + 100;	/* over a page's end */
	s[0].dest.foreign.ref = a.refs[0];
	s[0].dest.foreign.domid = self;
	s[0].len = PAGE;
	s[0].flags = TO_GRANT;
	same(copy(gd, s, 1), 0, "copy to a grant");
	same(s[0].status, 0, "it went well");
	same(memcmp(mine, buf + 100, PAGE), 0, "and arrived");

	s[0].source.foreign.ref = a.refs[0];
	s[0].source.foreign.domid = self;
	s[0].source.foreign.offset = 96;
	s[0].dest.foreign.ref = a.refs[1];
	s[0].dest.foreign.offset = 0;
	s[0].len = 4000;
	s[0].flags = FROM_GRANT | TO_GRANT;
	same(copy(gd, s, 1), 0, "from grant to grant");
	same(memcmp(mine + PAGE, mine + 96, 4000), 0, "arrived");

	/* Many small ones, more than a batch. */
	for (int i = 0; i < 70; i++) {
		memset(&s[i], 0, sizeof(s[i]));
		s[i].source.foreign.ref = a.refs[0];
		s[i].source.foreign.domid = self;
		s[i].source.foreign.offset = i * 50;
		s[i].dest.virt = buf + i * 150;
		s[i].len = 50;
		s[i].flags = FROM_GRANT;
		s[i].status = 77;
	}
	s[40].source.foreign.ref = 0x1fff;	/* no such grant */
	memset(buf, 0, sizeof(buf));
	same(copy(gd, s, 70), 0, "many pieces");
	for (int i = 0; i < 70; i++)
		bad += i == 40 ? s[i].status >= 0 :
		       s[i].status || memcmp(buf + i * 150, mine + i * 50, 50) ||
		       buf[i * 150 + 50];
	same(bad, 0, "each in its place, the bad one told apart");

	s[0].flags = 0;
	fails(copy(gd, s, 1), EINVAL, "from memory to memory");
	s[0].flags = FROM_GRANT;
	s[0].source.foreign.offset = 4090;
	fails(copy(gd, s, 1), EINVAL, "over a grant's end");
	s[0].source.foreign.offset = 0;
	s[0].dest.virt = nowhere;
	fails(copy(gd, s, 1), EFAULT, "to nowhere");
	fails(copy(gd, (void *)nowhere, 1), EFAULT, "segments nowhere");
	close(gd);
	close(ga);
}

/* The peer of a vchan: told that we are gone, by a byte and an event. */
static void test_notify(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), ev = open_dev("/dev/xen/evtchn");
	struct evtchn_arg2 inter = { .a = self };
	struct evtchn_arg un = { .a = self };
	struct gntalloc_alloc a;
	struct pollfd pfd;
	int a_port, b_port, status;
	unsigned int port;
	char *mine;
	pid_t pid;

	grant(ga, &a, 2, 1);
	mine = at(ga, PROT_READ | PROT_WRITE, MAP_SHARED, 2, a.index);
	memset(mine, 0x55, 2 * PAGE);
	a_port = ioctl(ev, EVTCHN_BIND_UNBOUND, &un);
	pid = fork();
	if (!pid) {
		int gd = open_dev("/dev/xen/gntdev"), ev2 = open_dev("/dev/xen/evtchn");
		struct gnt_notify n;
		struct gntdev_map m;

		inter.b = a_port;
		b_port = ioctl(ev2, EVTCHN_BIND_INTERDOMAIN, &inter);
		map(gd, &m, a.refs, 2);
		if (!is_mapped(at(gd, PROT_READ | PROT_WRITE, MAP_SHARED, 2, m.index)))
			_exit(1);
		n = (struct gnt_notify){ .index = m.index + PAGE + 5, .action = 3, .port = b_port };
		if (ioctl(gd, GNTDEV_NOTIFY, &n))
			_exit(2);
		n.port = 0x1ff00;
		if (ioctl(gd, GNTDEV_NOTIFY, &n) != -1)
			_exit(3);
		n.index = 64 * PAGE;
		n.port = b_port;
		if (ioctl(gd, GNTDEV_NOTIFY, &n) != -1 || errno != ENOENT)
			_exit(4);
		n.index = m.index;
		n.action = 8;
		if (ioctl(gd, GNTDEV_NOTIFY, &n) != -1 || errno != EINVAL)
			_exit(5);
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, &status, 0);
	check(WIFSIGNALED(status), "a notification is accepted, wrong ones are not");
	pfd = (struct pollfd){ .fd = ev, .events = POLLIN };
	check(poll(&pfd, 1, 2000) == 1 && read(ev, &port, 4) == 4 && (int)port == a_port,
	      "the event comes when the process dies");
	usleep(10000);
	check(mine[PAGE + 5] == 0 && mine[PAGE + 4] == 0x55 && mine[PAGE + 6] == 0x55 &&
	      mine[0] == 0x55, "the byte is cleared, that one only");
	close(ga);
	close(ev);
}

/* The kernel uses a page longer than the process has it, as it does for I/O. */
static void test_io(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev");
	char buf[PAGE], *mine, *theirs;
	struct gntalloc_alloc a;
	struct gntdev_map m;
	struct iovec iov;
	int fds[2];

	grant(ga, &a, 2, 1);
	mine = at(ga, PROT_READ | PROT_WRITE, MAP_SHARED, 2, a.index);
	memset(mine, 'a', 2 * PAGE);
	map(gd, &m, a.refs, 2);
	theirs = at(gd, PROT_READ | PROT_WRITE, MAP_SHARED, 2, m.index);
	iov = (struct iovec){ .iov_base = theirs + PAGE, .iov_len = PAGE };
	need(pipe(fds), "pipe");
	same(vmsplice(fds[1], &iov, 1, 0), PAGE, "give a page to a pipe");
	same(munmap(theirs, 2 * PAGE), 0, "take it away meanwhile");
	close(gd);
	memset(mine + PAGE, 'b', PAGE);
	same(read(fds[0], buf, PAGE), PAGE, "read it from the pipe");
	check(buf[0] == 'b' && !memcmp(buf, mine + PAGE, PAGE), "it was the peer's to the end");
	close(fds[0]);
	close(fds[1]);
	close(ga);
}

/* A peer that keeps a page mapped does not let its owner's memory go astray. */
static void test_kept(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev");
	struct gntalloc_alloc a, b;
	struct gntdev_map m;
	char *theirs;
	int ok = 1;

	grant(ga, &a, 8, 1);
	map(gd, &m, a.refs, 8);
	theirs = at(gd, PROT_READ | PROT_WRITE, MAP_SHARED, 8, m.index);
	kmsg_warnings("xen-gntalloc: domain");
	close(ga);
	check(is_mapped(theirs), "mapped, and the owner goes away");
	memset(theirs, 1, 8 * PAGE);
	ga = open_dev("/dev/xen/gntalloc");
	for (int i = 0; i < 20; i++) {
		grant(ga, &b, 8, 1);
		for (int j = 0; j < 8; j++)
			for (int k = 0; k < 8; k++)
				ok &= a.refs[j] != b.refs[k];
		drop(ga, b.index, 8);
	}
	check(ok, "its grants are not given to others meanwhile");
	if (ours()) {
		same(kmsg_warnings_within("xen-gntalloc: domain", 30), 1, "one message says so");
		sleep(3);
		same(kmsg_warnings("xen-gntalloc: domain"), 0, "and no more");
	} else {
		skip("one message says so", "the stock module has none");
		skip("and no more", "the stock module has none");
	}
	munmap(theirs, 8 * PAGE);
	close(gd);
	close(ga);
}

/* Processes that die at some point; afterwards as much can be granted as before. */
static void test_death(void)
{
	int ga, gd, n;

	for (int i = 0; i < 30; i++) {
		pid_t pid = fork();

		if (!pid) {
			ga = open_dev("/dev/xen/gntalloc");
			gd = open_dev("/dev/xen/gntdev");
			for (;;) {
				struct gntalloc_alloc a;
				struct gntdev_map m;
				char *p;

				grant(ga, &a, 8, 1);
				map(gd, &m, a.refs, 8);
				p = at(gd, PROT_READ | PROT_WRITE, MAP_SHARED, 8, m.index);
				if (is_mapped(p))
					memset(p, 1, 8 * PAGE);
			}
		}
		usleep(2000 + i * 1500);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	usleep(2500000);
	ga = open_dev("/dev/xen/gntalloc");
	for (n = 0; n < 16; n++) {
		struct gntalloc_alloc a;

		if (grant(ga, &a, 60, 1))
			break;
	}
	same(n, 16, "grants of the dead are free again");
	close(ga);
}

/* Threads of a process that share their files and addresses. */
struct racer {
	int fd;
	unsigned long cmd;
	size_t offset;	/* of the index in the argument */
	void *arg;
};

static void *race_mmap(void *data)
{
	struct racer *r = data;

	for (;;) {
		void *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, r->fd, 1ll << 40);

		if (p != MAP_FAILED)
			munmap(p, PAGE);
	}
	return NULL;
}

/* The argument's page is a file's: what the kernel writes there first copies it. */
static void race_ioctl(struct racer *r)
{
	for (;;) {
		madvise(r->arg, PAGE, MADV_DONTNEED);
		if (ioctl(r->fd, r->cmd, r->arg))
			_exit(1);
		if (r->cmd == GNTDEV_MAP)
			unmap(r->fd, *(uint64_t *)((char *)r->arg + r->offset), 1);
		else
			drop(r->fd, *(uint64_t *)((char *)r->arg + r->offset), 1);
	}
}

static int race(const char *name, unsigned long cmd, const void *arg, size_t size,
		size_t offset)
{
	struct racer r = { .cmd = cmd, .offset = offset };
	int fd = need(memfd_create("arg", 0), "memfd"), status;
	pthread_t t;
	pid_t pid;

	if (write(fd, arg, size) != (ssize_t)size || ftruncate(fd, PAGE))
		return 0;
	pid = fork();
	if (!pid) {
		r.fd = open_dev(name);
		r.arg = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
		if (r.arg == MAP_FAILED || pthread_create(&t, NULL, race_mmap, &r))
			_exit(2);
		race_ioctl(&r);
	}
	close(fd);
	sleep(2);
	kill(pid, SIGKILL);
	/* Threads that wait for each other's locks do not die. */
	for (int ms = 0; ms < 5000; ms += 10) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFSIGNALED(status);
		usleep(10000);
	}
	return 0;
}

static void test_threads(void)
{
	const struct gntalloc_alloc a = { .domid = self, .flags = 1, .count = 1 };
	const struct gntdev_map m = { .count = 1, .refs = { { self, 1000 } } };

	check(race("/dev/xen/gntdev", GNTDEV_MAP, &m, sizeof(m), 8),
	      "gntdev: ioctl and mmap at the same time");
	check(race("/dev/xen/gntalloc", GNTALLOC_ALLOC, &a, sizeof(a), 8),
	      "gntalloc: ioctl and mmap at the same time");
}

int main(int argc, char **argv)
{
	self = argc > 1 ? atoi(argv[1]) : 0;
	plan(70);
	check_module("xen_gntdev");
	check_module("xen_gntalloc");
	test_share();
	test_read_only_grant();
	test_errors();
	test_offsets();
	test_fork();
	test_copy();
	test_notify();
	test_io();
	test_kept();
	test_death();
	test_threads();
	return finish();
}
