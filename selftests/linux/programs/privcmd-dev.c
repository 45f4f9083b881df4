// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/xen/privcmd and /dev/xen/hypercall, on a domain that was created and stays
 * paused. Arguments: its number and the first frame of its memory. "nobody" instead: what
 * a guest's own device does that serves no other domain.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kmsg.h"
#include "ktap.h"
#include "xendev.h"

#define PAGE 4096UL
#define DOMID_SELF 0x7ff0
#define MANY 1500	/* more than two batches */

static int dom;
static uint64_t ram;
static int fd;

static int open_dev(const char *name)
{
	return need(open(name, O_RDWR | O_CLOEXEC), name);
}

/* The running one, or later. */
static int kernel_is(int major, int minor)
{
	struct utsname u;
	int a = 0, b = 0;

	uname(&u);
	sscanf(u.release, "%d.%d", &a, &b);
	return a > major || (a == major && b >= minor);
}

static char *area(int n)
{
	char *p = mmap(NULL, n * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

static int map_v2(void *at, const uint64_t *gfns, int n, int *errs)
{
	struct privcmd_batch_v2 b = {
		.num = n, .dom = dom, .addr = (uintptr_t)at, .arr = gfns, .err = errs,
	};

	return ioctl(fd, PRIVCMD_BATCH_V2, &b);
}

static sigjmp_buf back;

static void on_bus(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

/* Whether a byte can be read without a signal. */
static int readable(volatile char *p)
{
	if (sigsetjmp(back, 1))
		return 0;
	(void)*p;
	return 1;
}

static void test_map(void)
{
	static uint64_t gfns[MANY];
	static int errs[MANY];
	char *a = area(MANY), *b = area(MANY), *c;
	int bad = 0;

	for (int i = 0; i < MANY; i++) {
		gfns[i] = ram + i;
		errs[i] = 77;
	}
	check(!readable(a), "an empty area cannot be read");
	same(map_v2(a, gfns, MANY, errs), 0, "map many frames");
	for (int i = 0; i < MANY; i++)
		bad += errs[i] != 0;
	same(bad, 0, "each without an error");
	for (int i = 0; i < MANY; i++)
		snprintf(a + i * PAGE, 32, "frame %d", i);
	for (int i = 0; i < MANY; i++)
		gfns[i] = ram + MANY - 1 - i;
	same(map_v2(b, gfns, MANY, errs), 0, "again, in the other direction");
	for (int i = 0; i < MANY; i++) {
		char want[32];

		snprintf(want, sizeof(want), "frame %d", MANY - 1 - i);
		bad += !!strcmp(b + i * PAGE, want);
	}
	same(bad, 0, "it is the same memory");
	fails(map_v2(a, gfns, MANY, errs), EINVAL, "an area is not filled twice");
	same(munmap(a, MANY * PAGE), 0, "take it away");
	same(munmap(b + PAGE, PAGE), 0, "take a part away");
	check(readable(b) && readable(b + 2 * PAGE) && !readable(b + PAGE), "the rest stays");
	c = mremap(b + 2 * PAGE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE);
	check(c != MAP_FAILED && readable(c), "move a part where it is");
	munmap(b, MANY * PAGE);

	/* All of it has to be asked for at first. */
	c = area(4);
	fails(map_v2(c, gfns, 3, errs), EINVAL, "less than the area");
	fails(map_v2(c + PAGE, gfns, 3, errs), EINVAL, "not its beginning");
	fails(map_v2(c, gfns, 5, errs), EINVAL, "more than the area");
	fails(map_v2(c + 1, gfns, 4, errs), EINVAL, "askew");
	fails(map_v2(c, gfns, 0, errs), EINVAL, "nothing");
	fails(map_v2(c, (void *)nowhere, 4, errs), EFAULT, "frames nowhere");
	munmap(c, 4 * PAGE);
	fails((long)mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), EINVAL,
	      "a private area to write");
}

static void test_holes(void)
{
	uint64_t gfns[6] = { ram, 0xfffff000, ram + 1, ram + 2, 0xfffff001, ram + 3 };
	struct privcmd_batch v1;
	int errs[6];
	char *p = area(6);
	uint64_t fill = ram + 7;

	same(map_v2(p, gfns, 6, errs), 0, "frames that are not there, among others");
	check(!errs[0] && errs[1] < 0 && !errs[2] && !errs[3] && errs[4] < 0 && !errs[5],
	      "each is told");
	check(readable(p) && !readable(p + PAGE) && readable(p + 2 * PAGE) &&
	      !readable(p + 4 * PAGE) && readable(p + 5 * PAGE), "what is there can be read");
	same(map_v2(p + PAGE, &fill, 1, errs), 0, "fill a hole afterwards");
	check(!errs[0] && readable(p + PAGE), "now it can be read");
	fails(map_v2(p + PAGE, &fill, 1, errs), EINVAL, "not a second time");
	munmap(p, 6 * PAGE);

	p = area(6);
	v1 = (struct privcmd_batch){ .num = 6, .dom = dom, .addr = (uintptr_t)p, .arr = gfns };
	same(ioctl(fd, PRIVCMD_BATCH, &v1), 0, "the first version");
	check(gfns[0] == ram && gfns[1] == 0xfffff000 && gfns[3] == ram + 2,
	      "its marks are in the frames");
	munmap(p, 6 * PAGE);

	gfns[0] = ram;
	v1.dom = 30000;
	p = area(1);
	v1.num = 1;
	v1.addr = (uintptr_t)p;
	same(ioctl(fd, PRIVCMD_BATCH, &v1), 0, "a domain that is not there");
	check(gfns[0] == (ram | 0xf0000000), "is an error of each frame");
	munmap(p, PAGE);
}

static int map_ranges(const struct privcmd_range *e, int n)
{
	struct privcmd_ranges r = { .num = n, .dom = dom, .entry = e };

	return ioctl(fd, PRIVCMD_RANGES, &r);
}

#define RANGE_TESTS 7

/* The oldest form, for domains that see machine addresses. */
static void test_ranges(void)
{
	char *p = area(5), *q = area(5);
	struct privcmd_range e[2] = {
		{ (uintptr_t)p, ram, 2 }, { (uintptr_t)p + 2 * PAGE, ram + 10, 3 },
	};
	uint64_t gfns[5] = { ram, ram + 1, ram + 10, ram + 11, ram + 12 };
	int errs[5], bad = 0;

	if (strcmp(word("/sys/hypervisor/guest_type", ""), "PV")) {
		fails(map_ranges(e, 2), ENOSYS, "ranges are for PV domains");
		for (int i = 1; i < RANGE_TESTS; i++)
			skip("ranges", "not a PV domain");
		goto out;
	}
	fails(map_ranges(e, 0), EINVAL, "no range");
	e[1].npages = 4;
	fails(map_ranges(e + 1, 1), EINVAL, "a range that does not begin the area");
	e[1].npages = 3;
	same(map_ranges(e, 2), 0, "two ranges");
	map_v2(q, gfns, 5, errs);
	for (int i = 0; i < 5; i++) {
		snprintf(q + i * PAGE, 32, "range %d", i);
		bad += !readable(p + i * PAGE) || !!strcmp(p + i * PAGE, q + i * PAGE);
	}
	same(bad, 0, "are the frames that were named");
	fails(map_ranges(e, 2), EINVAL, "not twice");

	/* An area with other memory right behind it. */
	munmap(p, 5 * PAGE);
	p = mmap(NULL, 5 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mmap(p, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	e[0].va = (uintptr_t)p;
	e[1].va = (uintptr_t)p + 2 * PAGE;
	fails(map_ranges(e, 2), EINVAL, "ranges that go on where the area ends");
	for (int i = 0; i < 3 * (int)PAGE; i++)
		bad += p[2 * PAGE + i] != 0;
	same(bad, 0, "do not touch what is there");
out:
	munmap(p, 5 * PAGE);
	munmap(q, 5 * PAGE);
}

/* More than there can be anywhere: refused, and no reason for the kernel to complain. */
static void test_huge(void)
{
	unsigned long pages = (1UL << 28) + 1;
	char *p = MAP_FAILED;
	static uint64_t gfns[512];
	static int errs[512];

	if (sizeof(long) == 8 && strcmp(word("/sys/hypervisor/guest_type", ""), "PV"))
		p = mmap(NULL, pages * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		skip("more frames than there can be", "no addresses for so many, or a PV domain");
		skip("are not the kernel's trouble", "no addresses for so many, or a PV domain");
		return;
	}
	kmsg_warnings("WARNING: ");
	fails(map_v2(p, gfns, pages, errs), ENOMEM, "more frames than there can be");
	same(kmsg_warnings("WARNING: "), 0, "are not the kernel's trouble");
	munmap(p, pages * PAGE);
}

static void test_hypercalls(void)
{
	struct privcmd_gsi gsi = { .sbdf = 0xffffff };
	int buf = open_dev("/dev/xen/hypercall");
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, buf, 0);
	struct privcmd_call call = { .op = 17 };	/* xen_version */

	check(p != MAP_FAILED && !p[0] && !p[2 * PAGE - 1], "a hypercall buffer");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, buf, 0), EINVAL, "not a private one");
	check(ioctl(fd, PRIVCMD_CALL, &call) >= 0x40011, "a hypercall");
	call.arg[0] = 1;
	call.arg[1] = (uintptr_t)p;
	p[0] = 1;	/* only a page that was written to is writable for others */
	same(ioctl(fd, PRIVCMD_CALL, &call), 0, "one with an argument");
	check(p[0] == '.', "which came back");
	call.op = 38;
	fails(ioctl(fd, PRIVCMD_CALL, &call), ENOSYS, "one that is not there");
	fails(ioctl(fd, PRIVCMD_CALL, 8), EFAULT, "an argument nowhere");
	fails(ioctl(fd, XEN_IOC('P', 99, 0), 0), ENOTTY, "an unknown ioctl");
	fails(ioctl(fd, PRIVCMD_GSI, &gsi), kernel_is(6, 12) ? EINVAL : ENOTTY,
	      "the interrupt of a device that nobody gave away");
	munmap(p, 2 * PAGE);
	p = mmap(NULL, MANY * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, buf, 0);
	check(p != MAP_FAILED && !p[MANY * PAGE - 1], "a large buffer");
	munmap(p, MANY * PAGE);
	close(buf);
}

static void test_dm_op(void)
{
	struct { uint64_t op, pad[3]; } dm_arg = { .op = 99 };
	struct privcmd_dm_op dm = { .dom = dom, .num = 100 };
	struct { void *p; size_t len; } bufs[2];

	fails(ioctl(fd, PRIVCMD_DM_OP, &dm), E2BIG, "too many buffers");
	dm.num = 0;
	same(ioctl(fd, PRIVCMD_DM_OP, &dm), 0, "no buffer");
	dm.num = 1;
	dm.bufs = bufs;
	bufs[0].p = &dm_arg;
	bufs[0].len = sizeof(dm_arg);
	/* Which of them is the hypervisor's choice. */
	if (!check(ioctl(fd, PRIVCMD_DM_OP, &dm) == -1 && (errno == EOPNOTSUPP ||
		   errno == ENOSYS || errno == EINVAL || errno == EPERM), "an unknown DM_OP"))
		printf("# errno %d\n", errno);
	bufs[0].p = nowhere;
	fails(ioctl(fd, PRIVCMD_DM_OP, &dm), EFAULT, "a buffer nowhere");
	bufs[0].len = 1 << 20;
	fails(ioctl(fd, PRIVCMD_DM_OP, &dm), E2BIG, "a buffer too long");
}

static void test_resources(void)
{
	struct privcmd_resource res = { .dom = dom, .type = 1 };
	char *frames;

	same(ioctl(fd, PRIVCMD_RESOURCE, &res), 0, "the size of a grant table");
	check(res.num >= 1 && res.num < 65536, "is something");
	frames = area(1);
	res.num = 1;
	res.addr = (uintptr_t)frames;
	same(ioctl(fd, PRIVCMD_RESOURCE, &res), 0, "map its first frame");
	check(readable(frames), "it can be read");
	fails(ioctl(fd, PRIVCMD_RESOURCE, &res), EINVAL, "not twice");
	munmap(frames, PAGE);
	frames = area(1);
	res.addr = (uintptr_t)frames;
	res.type = 0x7777;
	check(ioctl(fd, PRIVCMD_RESOURCE, &res) == -1 && errno, "no such resource");
	munmap(frames, PAGE);
	frames = area(1);
	res = (struct privcmd_resource){
		.dom = dom, .type = 1, .idx = 65535, .num = 1, .addr = (uintptr_t)frames,
	};
	check(ioctl(fd, PRIVCMD_RESOURCE, &res) == -1 && errno, "nor a frame beyond its end");
	munmap(frames, PAGE);
}

/*
 * More of a resource than there is: frames before its end are not left where they were put,
 * which would keep the domain. The caller looks for that; nothing else is mapped afterwards,
 * as that would take their place.
 */
static void test_beyond(void)
{
	struct privcmd_resource res = { .dom = dom, .type = 1 };
	char *frames;
	int n;

	ioctl(fd, PRIVCMD_RESOURCE, &res);
	n = res.num + 1;
	frames = area(n);
	res = (struct privcmd_resource){
		.dom = dom, .type = 1, .num = n, .addr = (uintptr_t)frames,
	};
	check(ioctl(fd, PRIVCMD_RESOURCE, &res) == -1 && errno, "more frames than there are");
	check(!readable(frames), "none of them can be read");
	munmap(frames, n * PAGE);
}

/* What a file that was limited to one domain may do. */
static void test_limited(void)
{
	struct privcmd_call call = { .op = 17 };
	struct privcmd_dm_op dm = { .dom = dom + 1 };
	struct privcmd_resource res;
	struct privcmd_batch v1;
	uint16_t limit = dom;
	int other;
	char *frames;

	other = fd;
	fd = open_dev("/dev/xen/privcmd");
	same(ioctl(fd, PRIVCMD_RESTRICT, &limit), 0, "limit to one domain");
	same(ioctl(fd, PRIVCMD_RESTRICT, &limit), 0, "to the same again");
	limit++;
	fails(ioctl(fd, PRIVCMD_RESTRICT, &limit), EINVAL, "not to another");
	fails(ioctl(fd, PRIVCMD_CALL, &call), EPERM, "no hypercalls then");
	fails(ioctl(fd, PRIVCMD_DM_OP, &dm), EPERM, "no DM_OP on another");
	frames = area(1);
	same(map_v2(frames, &ram, 1, (int[1]){ 0 }), 0, "its memory still");
	check(readable(frames), "can be read");
	munmap(frames, PAGE);
	frames = area(1);
	dom++;
	fails(map_v2(frames, &ram, 1, (int[1]){ 0 }), EPERM, "another's not");
	v1 = (struct privcmd_batch){
		.num = 1, .dom = dom, .addr = (uintptr_t)frames, .arr = &ram,
	};
	fails(ioctl(fd, PRIVCMD_BATCH, &v1), EPERM, "nor by the first version");
	res = (struct privcmd_resource){ .dom = dom, .type = 1 };
	fails(ioctl(fd, PRIVCMD_RESOURCE, &res), EPERM, "nor its grant table");
	dom--;
	close(fd);
	fd = other;
}

static void test_death(void)
{
	static uint64_t gfns[MANY];
	static int errs[MANY];
	char *p;

	for (int i = 0; i < MANY; i++)
		gfns[i] = ram + i;
	for (int i = 0; i < 20; i++) {
		pid_t pid = fork();

		if (!pid) {
			fd = open_dev("/dev/xen/privcmd");
			for (;;) {
				p = area(MANY);
				map_v2(p, gfns, MANY, errs);
				if (i & 1)
					munmap(p, MANY * PAGE);
			}
		}
		usleep(5000 + i * 3000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	p = area(MANY);
	same(map_v2(p, gfns, MANY, errs), 0, "after many deaths it still works");
	check(!strcmp(p + 5 * PAGE, "frame 5"), "and shows the same memory");
	munmap(p, MANY * PAGE);
}

/* Of a domain that serves no other: the store names no target for it. */
static int test_nobody(void)
{
	struct privcmd_call call = { .op = 17 };
	struct privcmd_dm_op dm = { .dom = DOMID_SELF };
	struct privcmd_resource res = { .dom = DOMID_SELF, .type = 1 };
	uint16_t limit = DOMID_SELF;
	char *p;

	plan(6);
	check_module("xen_privcmd");
	fails(ioctl(fd, PRIVCMD_CALL, &call), EPERM, "no hypercalls");
	fails(ioctl(fd, PRIVCMD_RESTRICT, &limit), EINVAL, "it is limited already");
	dom = DOMID_SELF;
	p = area(1);
	fails(map_v2(p, &ram, 1, (int[1]){ 0 }), EPERM, "not even its own memory by that name");
	fails(ioctl(fd, PRIVCMD_RESOURCE, &res), EPERM, "nor its grant table");
	fails(ioctl(fd, PRIVCMD_DM_OP, &dm), EPERM, "nor a DM_OP");
	return finish();
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "nobody")) {
		fd = open_dev("/dev/xen/privcmd");
		return test_nobody();
	}
	if (argc != 3) {
		printf("KTAP version 1\n1..0 # SKIP usage: privcmd-dev DOMID GFN|nobody\n");
		return 4;
	}
	dom = atoi(argv[1]);
	ram = strtoull(argv[2], NULL, 0);
	signal(SIGBUS, on_bus);
	signal(SIGSEGV, on_bus);
	fd = open_dev("/dev/xen/privcmd");
	plan(66 + RANGE_TESTS);
	check_module("xen_privcmd");
	test_map();
	test_holes();
	test_ranges();
	test_huge();
	test_hypercalls();
	test_dm_op();
	test_resources();
	test_limited();
	test_death();
	test_beyond();
	return finish();
}
