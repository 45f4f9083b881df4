// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the character devices cost, by the kernel's clock: under QEMU's -icount it
 * counts executed instructions, 1 ns each, of kernel and hypervisor together. Each figure is
 * also marked for selftests/bench/linux/insns.c, which tells these apart.
 * Arguments: a paused domain and the first frame of its memory.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"
#include "machine.h"
#include "xendev.h"

#define PAGE 4096UL
#define FOREIGN (32UL << 20)

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static uint64_t begin(void)
{
	mark_start();
	return now();
}

static void figure(const char *name, uint64_t since, uint64_t n)
{
	uint64_t took = now() - since;

	mark_stop();
	printf("# figure: %s %llu\n", name, (unsigned long long)(took / n));
}

static int open_dev(const char *name)
{
	return need(open(name, O_RDWR | O_CLOEXEC), name);
}

static int events(void)
{
	int a = open_dev("/dev/xen/evtchn"), b = open_dev("/dev/xen/evtchn");
	struct evtchn_arg un = { 0 }, arg;
	struct evtchn_arg2 inter = { 0 };
	unsigned int port;
	uint64_t t;
	int n = 3000, bad = 0;

	inter.b = arg.a = ioctl(a, EVTCHN_BIND_UNBOUND, &un);
	port = ioctl(b, EVTCHN_BIND_INTERDOMAIN, &inter);
	fcntl(b, F_SETFL, O_NONBLOCK);
	usleep(100000);
	if (read(b, &port, 4) == 4)
		bad += write(b, &port, 4) != 4;
	fcntl(b, F_SETFL, 0);
	for (int i = 0; i < 100; i++) {
		ioctl(a, EVTCHN_NOTIFY, &arg);
		bad += read(b, &port, 4) != 4 || write(b, &port, 4) != 4;
	}
	t = begin();
	for (int i = 0; i < n; i++) {
		ioctl(a, EVTCHN_NOTIFY, &arg);
		bad += read(b, &port, 4) != 4 || write(b, &port, 4) != 4;
	}
	figure("evtchn-round-trip", t, n);
	t = begin();
	for (int i = 0; i < n; i++)
		ioctl(a, EVTCHN_NOTIFY, &inter);
	figure("evtchn-ioctl-refused", t, n);
	close(a);
	close(b);
	return bad;
}

/* The steps of a mapping, apart. */
static int grant_steps(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev"), bad = 0;
	static const char *const names[] = {
		"gntdev-ioctl-map", "gntdev-mmap", "gntdev-first-write", "gntdev-munmap",
		"gntdev-ioctl-unmap",
	};
	struct gntalloc_alloc a = { .flags = 1, .count = 1 };
	struct gntdev_unmap u = { .count = 1 };
	struct gntdev_map m = { .count = 1 };
	uint64_t t[6], sum[5] = { 0 };
	int loops = 100;
	char *p;

	bad += ioctl(ga, GNTALLOC_ALLOC, &a);
	m.refs[0].ref = a.refs[0];
	for (int i = -3; i < loops; i++) {
		t[0] = now();
		bad += ioctl(gd, GNTDEV_MAP, &m) != 0;
		t[1] = now();
		p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, gd, m.index);
		t[2] = now();
		if (p == MAP_FAILED)
			return 1;
		*p = 1;
		t[3] = now();
		munmap(p, PAGE);
		t[4] = now();
		u.index = m.index;
		bad += ioctl(gd, GNTDEV_UNMAP, &u) != 0;
		t[5] = now();
		for (int j = 0; i >= 0 && j < 5; j++)
			sum[j] += t[j + 1] - t[j];
	}
	for (int j = 0; j < 5; j++)
		printf("# figure: %s %llu\n", names[j], (unsigned long long)(sum[j] / loops));
	close(ga);
	close(gd);
	return bad;
}

static int grants(int count, int loops, const char *name)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev"), bad = 0;
	struct gntalloc_alloc a = { .flags = 1, .count = count };
	struct gntdev_unmap u = { .count = count };
	struct gntdev_map m = { .count = count };
	uint64_t t = 0;
	char *p;

	bad += ioctl(ga, GNTALLOC_ALLOC, &a);
	for (int i = 0; i < count; i++)
		m.refs[i].ref = a.refs[i];
	/* As often before it is measured: the stock module's pages are the balloon's by then. */
	for (int i = -loops; i < loops; i++) {
		if (!i)
			t = begin();
		bad += ioctl(gd, GNTDEV_MAP, &m) != 0;
		p = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, gd, m.index);
		if (p == MAP_FAILED)
			return 1;
		*p = 1;
		munmap(p, count * PAGE);
		u.index = m.index;
		bad += ioctl(gd, GNTDEV_UNMAP, &u) != 0;
	}
	figure(name, t, loops);
	close(ga);
	close(gd);
	return bad;
}

static int foreign(int dom, uint64_t ram)
{
	int fd = open_dev("/dev/xen/privcmd"), n = FOREIGN / PAGE, bad = 0;
	static uint64_t gfns[FOREIGN / PAGE];
	static int errs[FOREIGN / PAGE];
	struct privcmd_batch_v2 b = { .num = n, .dom = dom, .arr = gfns, .err = errs };
	uint64_t t;
	char *p;

	for (int i = 0; i < n; i++)
		gfns[i] = ram + i;
	for (int round = 0; round < 2; round++) {
		p = mmap(NULL, FOREIGN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		b.addr = (uintptr_t)p;
		t = begin();
		bad += ioctl(fd, PRIVCMD_BATCH_V2, &b) != 0;
		figure(round ? "foreign-map-page-again" : "foreign-map-page", t, n);
		for (int i = 0; i < n; i++)
			bad += errs[i] != 0;
		t = begin();
		munmap(p, FOREIGN);
		figure(round ? "foreign-unmap-page-again" : "foreign-unmap-page", t, n);
	}
	close(fd);
	return bad;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 4;
	plan(4);
	check_module("xen_evtchn");
	same(events(), 0, "events");
	same(grant_steps() + grants(1, 200, "gntdev-map-1") + grants(16, 50, "gntdev-map-16"), 0, "grants");
	same(foreign(atoi(argv[1]), strtoull(argv[2], NULL, 0)), 0, "foreign memory");
	return finish();
}
