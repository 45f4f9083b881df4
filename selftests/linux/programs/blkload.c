// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disk load of known content, and what it costs.
 *
 *   blkload time DEV read|write|randread|randwrite SIZE COUNT [DEPTH [MARK]]
 *	COUNT direct transfers of SIZE bytes, DEPTH of them at once; prints
 *	"time OP SIZE DEPTH NS-per-transfer". Under QEMU's icount a nanosecond is an
 *	executed instruction of the whole machine. With MARK the plugin of
 *	selftests/bench counts too.
 *   blkload fill DEV SEED SIZE TOTAL [PASSES]
 *	write TOTAL bytes in transfers of SIZE, each 512-byte sector a function of
 *	its number and SEED
 *   blkload check DEV SEED SIZE TOTAL
 *	read them back and compare; says which sector is the first wrong one
 *   blkload log DEV SEED SIZE COUNT
 *	COUNT writes of SIZE bytes round and round the device, eight at once, each
 *	sector a function of its number, SEED and the round; prints "acked N" while
 *	it goes on, when the first N have succeeded, and ends with the first error;
 *	SIGTERM ends it well
 *   blkload logged DEV SEED SIZE N
 *	whether nothing of those N is lost: each sector is of the last round among
 *	them, or of one that may have begun since
 *   blkload flush|zeroes|discard|secdiscard DEV [TOTAL]
 *	one ioctl or fsync; the error by name
 *   blkload size DEV
 *	prints bytes, logical and physical sector size, read-only
 *   blkload loopsize DEV SIZE
 *	gives a loop device sectors of SIZE bytes
 *
 * Exit status 0, or 1 and a line on standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <linux/random.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "machine.h"

#define MAX_DEPTH 256
#define SECTOR 512

static const char *dev;
static int fd;

static void fail(const char *what)
{
	fprintf(stderr, "blkload: %s: %s: %s\n", dev, what, strerror(errno));
	exit(1);
}

static void *buffer(size_t size)
{
	void *p;

	if (posix_memalign(&p, 4096, size))
		fail("out of memory");
	memset(p, 0x5a, size);
	return p;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static uint64_t mix(uint64_t x)
{
	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15ull;
	return x ^ x >> 29;
}

/* A reproducible order that visits offsets all over the device. */
static uint64_t offset_of(uint64_t i, uint64_t slots, int random)
{
	return random ? mix(i + 12345) % slots : i % slots;
}

static void transfer(int write, void *buf, size_t size, uint64_t at)
{
	ssize_t done = write ? pwrite(fd, buf, size, at) : pread(fd, buf, size, at);

	if (done < 0)
		fail(write ? "write" : "read");
	if ((size_t)done != size) {
		errno = EIO;
		fail("short transfer");
	}
}

static aio_context_t ctx;

static void run_deep(int write, int random, size_t size, uint64_t slots, unsigned int count,
		     unsigned int depth, char *buf)
{
	static struct iocb cb[MAX_DEPTH];
	static struct io_event ev[MAX_DEPTH];
	unsigned int sent = 0, done = 0;

	while (done < count) {
		struct iocb *list[MAX_DEPTH];
		unsigned int n = 0, room = depth - (sent - done);
		long got;

		/* Half the queue at once, so that requests come in bunches. */
		while (n < room && sent + n < count && (room >= depth / 2 || !sent)) {
			unsigned int k = (sent + n) % depth;

			memset(&cb[k], 0, sizeof(cb[k]));
			cb[k].aio_fildes = fd;
			cb[k].aio_lio_opcode = write ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD;
			cb[k].aio_buf = (uintptr_t)(buf + k * size);
			cb[k].aio_nbytes = size;
			cb[k].aio_offset = offset_of(sent + n, slots, random) * size;
			list[n++] = &cb[k];
		}
		if (n && syscall(SYS_io_submit, ctx, (long)n, list) != (long)n)
			fail("io_submit");
		sent += n;
		n = sent - done > depth / 2 ? depth / 2 : sent - done;
		got = syscall(SYS_io_getevents, ctx, (long)n, (long)n, ev, NULL);
		if (got < 0)
			fail("io_getevents");
		for (long i = 0; i < got; i++)
			if (ev[i].res != (long long)size) {
				errno = ev[i].res < 0 ? -ev[i].res : EIO;
				fail("asynchronous transfer");
			}
		done += got;
	}
}

static uint64_t device_size(void)
{
	uint64_t bytes;

	if (ioctl(fd, BLKGETSIZE64, &bytes))
		fail("BLKGETSIZE64");
	return bytes;
}

/* A guest without entropy makes each system call dear: that is not the disk's. */
static void seed_random(void)
{
	struct {
		struct rand_pool_info info;
		char data[64];
	} pool = { .info = { .entropy_count = 512, .buf_size = 64 } };
	int r = open("/dev/random", O_RDWR);

	if (r < 0)
		return;
	ioctl(r, RNDADDENTROPY, &pool.info);
	close(r);
}

static int cmd_time(int argc, char **argv)
{
	int write, random, marked;
	size_t size;
	unsigned int count, depth;
	uint64_t slots, t;
	char *buf;

	if (argc < 3)
		return 2;
	write = strstr(argv[0], "write") != NULL;
	random = !strncmp(argv[0], "rand", 4);
	size = strtoul(argv[1], NULL, 0);
	count = strtoul(argv[2], NULL, 0);
	depth = argc > 3 ? strtoul(argv[3], NULL, 0) : 1;
	marked = argc > 4;
	if (!size || !count || !depth || depth > MAX_DEPTH)
		return 2;
	fd = open(dev, (write ? O_RDWR : O_RDONLY) | O_DIRECT);
	if (fd < 0)
		fail("open");
	seed_random();
	slots = device_size() / size;
	buf = buffer(size * depth);
	if (depth > 1 && syscall(SYS_io_setup, depth, &ctx))
		fail("io_setup");
	/* Caches of grants and memory fill up during the first transfers. */
	for (int warm = 1; warm >= 0; warm--) {
		unsigned int n = warm ? (count < 3 * depth ? 3 * depth : count / 4 + 1) : count;

		if (marked && !warm)
			mark_start();
		t = now();
		if (depth > 1)
			run_deep(write, random, size, slots, n, depth, buf);
		else
			for (unsigned int i = 0; i < n; i++)
				transfer(write, buf, size, offset_of(i, slots, random) * size);
		t = now() - t;
		if (marked && !warm)
			mark_stop();
	}
	printf("time %s %zu %u %llu\n", argv[0], size, depth, (unsigned long long)(t / count));
	return 0;
}

static void pattern(uint64_t *buf, uint64_t sector, uint64_t seed)
{
	uint64_t x = mix(seed * 1000003 + sector);

	for (unsigned int i = 0; i < SECTOR / 8; i++)
		buf[i] = x += 0x632be59bd9b4e019ull;
	buf[0] = sector;
}

static int cmd_content(int argc, char **argv, int write)
{
	uint64_t seed, total, want[SECTOR / 8];
	unsigned int passes;
	size_t size;
	char *buf;

	if (argc < 3)
		return 2;
	seed = strtoull(argv[0], NULL, 0);
	size = strtoul(argv[1], NULL, 0);
	total = strtoull(argv[2], NULL, 0);
	passes = argc > 3 ? strtoul(argv[3], NULL, 0) : 1;
	if (!size || size % SECTOR || total % size)
		return 2;
	fd = open(dev, (write ? O_RDWR : O_RDONLY) | O_DIRECT);
	if (fd < 0)
		fail("open");
	buf = buffer(size);
	while (passes--)
		for (uint64_t at = 0; at < total; at += size) {
			if (!write)
				transfer(0, buf, size, at);
			for (size_t s = 0; s < size; s += SECTOR) {
				pattern(want, (at + s) / SECTOR, seed);
				if (write)
					memcpy(buf + s, want, SECTOR);
				else if (memcmp(buf + s, want, SECTOR)) {
					fprintf(stderr, "blkload: %s: sector %llu differs\n", dev,
						(unsigned long long)((at + s) / SECTOR));
					return 1;
				}
			}
			if (write)
				transfer(1, buf, size, at);
		}
	if (write && fsync(fd))
		fail("fsync");
	return 0;
}

#define LOG_DEPTH 8
#define LOG_SAYS 64

/* The writes of a log, by number; each has a buffer until it has succeeded. */
struct log {
	uint64_t seed, slots, sent, acked;
	size_t size;
	char *buf;
	bool done[LOG_DEPTH];
};

static volatile sig_atomic_t log_stopped;

static void log_stop(int sig)
{
	(void)sig;
	log_stopped = 1;
}

static void log_content(const struct log *l, uint64_t n, uint64_t *buf)
{
	uint64_t at = n % l->slots * (l->size / SECTOR);

	for (size_t s = 0; s < l->size / SECTOR; s++)
		pattern(buf + s * (SECTOR / 8), at + s, l->seed + n / l->slots);
}

static void log_send(struct log *l)
{
	unsigned int k = l->sent % LOG_DEPTH;
	struct iocb cb = {
		.aio_fildes = fd,
		.aio_lio_opcode = IOCB_CMD_PWRITE,
		.aio_data = l->sent,
		.aio_buf = (uintptr_t)(l->buf + k * l->size),
		.aio_nbytes = l->size,
		.aio_offset = l->sent % l->slots * l->size,
	};
	struct iocb *list[1] = { &cb };

	log_content(l, l->sent, (uint64_t *)(l->buf + k * l->size));
	l->done[k] = false;
	if (syscall(SYS_io_submit, ctx, 1l, list) != 1)
		fail("io_submit");
	l->sent++;
}

/* Waits for one; false if it failed. What succeeded after it does not count. */
static bool log_reap(struct log *l)
{
	struct io_event ev;
	long n;

	do {
		n = syscall(SYS_io_getevents, ctx, 1l, 1l, &ev, NULL);
	} while (n < 0 && errno == EINTR);
	if (n != 1)
		fail("io_getevents");
	errno = ev.res < 0 ? -ev.res : EIO;
	if (ev.res != (long long)l->size)
		return false;
	l->done[ev.data % LOG_DEPTH] = true;
	while (l->acked < l->sent && l->done[l->acked % LOG_DEPTH])
		if (++l->acked % LOG_SAYS == 0)
			printf("acked %llu\n", (unsigned long long)l->acked);
	fflush(stdout);
	return true;
}

static void log_open(struct log *l, char **argv, int flags)
{
	l->seed = strtoull(argv[0], NULL, 0);
	l->size = strtoul(argv[1], NULL, 0);
	fd = open(dev, flags | O_DIRECT);
	if (fd < 0)
		fail("open");
	if (!l->size || l->size % SECTOR)
		fail("size");
	l->slots = device_size() / l->size;
	l->buf = buffer(l->size * LOG_DEPTH);
}

static int cmd_log(int argc, char **argv)
{
	struct log l = { 0 };
	uint64_t count;
	bool good = true;

	if (argc != 3)
		return 2;
	log_open(&l, argv, O_RDWR);
	count = strtoull(argv[2], NULL, 0);
	signal(SIGTERM, log_stop);
	if (syscall(SYS_io_setup, LOG_DEPTH, &ctx))
		fail("io_setup");
	while (good && l.acked < count) {
		if (log_stopped)
			count = l.sent;
		while (l.sent < count && l.sent - l.acked < LOG_DEPTH)
			log_send(&l);
		good = log_reap(&l);
	}
	printf("acked %llu\n", (unsigned long long)l.acked);
	fflush(stdout);
	if (!good)
		fail("write");
	return 0;
}

/* Of write n or the one a round after it, by sector; before the first round anything. */
static bool log_holds(struct log *l, uint64_t slot, uint64_t last)
{
	uint64_t *want = (uint64_t *)(l->buf + l->size), *next = (uint64_t *)(l->buf + 2 * l->size);

	transfer(0, l->buf, l->size, slot * l->size);
	log_content(l, last, want);
	log_content(l, last + l->slots, next);
	for (size_t s = 0; s < l->size; s += SECTOR) {
		if (!memcmp(l->buf + s, (char *)want + s, SECTOR) ||
		    !memcmp(l->buf + s, (char *)next + s, SECTOR))
			continue;
		fprintf(stderr, "blkload: %s: sector %llu is not of write %llu\n", dev,
			(unsigned long long)(slot * (l->size / SECTOR) + s / SECTOR),
			(unsigned long long)last);
		return false;
	}
	return true;
}

static int cmd_logged(int argc, char **argv)
{
	struct log l = { 0 };
	uint64_t n;

	if (argc != 3)
		return 2;
	log_open(&l, argv, O_RDONLY);
	n = strtoull(argv[2], NULL, 0);
	for (uint64_t slot = 0; slot < l.slots && slot < n; slot++)
		if (!log_holds(&l, slot, slot + (n - 1 - slot) / l.slots * l.slots))
			return 1;
	return 0;
}

static int cmd_range(const char *name, int argc, char **argv)
{
	uint64_t range[2] = { 0, 0 };
	unsigned long request = BLKDISCARD;

	fd = open(dev, O_RDWR | O_DIRECT);
	if (fd < 0)
		fail("open");
	if (!strcmp(name, "flush")) {
		if (fsync(fd))
			fail("fsync");
		return 0;
	}
	if (!strcmp(name, "zeroes"))
		request = BLKZEROOUT;
	else if (!strcmp(name, "secdiscard"))
		request = BLKSECDISCARD;
	range[1] = argc > 0 ? strtoull(argv[0], NULL, 0) : device_size();
	if (ioctl(fd, request, range))
		fail(name);
	return 0;
}

static int cmd_size(void)
{
	unsigned int physical;
	int logical, ro;

	fd = open(dev, O_RDONLY);
	if (fd < 0)
		fail("open");
	if (ioctl(fd, BLKSSZGET, &logical) || ioctl(fd, BLKPBSZGET, &physical) ||
	    ioctl(fd, BLKROGET, &ro))
		fail("ioctl");
	printf("%llu %d %u %d\n", (unsigned long long)device_size(), logical, physical, ro);
	return 0;
}

static int cmd_loopsize(unsigned long size)
{
	fd = open(dev, O_RDWR);
	if (fd < 0)
		fail("open");
	if (ioctl(fd, LOOP_SET_BLOCK_SIZE, size))
		fail("LOOP_SET_BLOCK_SIZE");
	return 0;
}

int main(int argc, char **argv)
{
	int status = 2;

	if (argc >= 3) {
		const char *cmd = argv[1];

		dev = argv[2];
		argc -= 3;
		argv += 3;
		if (!strcmp(cmd, "time"))
			status = cmd_time(argc, argv);
		else if (!strcmp(cmd, "fill") || !strcmp(cmd, "check"))
			status = cmd_content(argc, argv, *cmd == 'f');
		else if (!strcmp(cmd, "log"))
			status = cmd_log(argc, argv);
		else if (!strcmp(cmd, "logged"))
			status = cmd_logged(argc, argv);
		else if (!strcmp(cmd, "size"))
			status = cmd_size();
		else if (!strcmp(cmd, "loopsize") && argc == 1)
			status = cmd_loopsize(strtoul(argv[0], NULL, 0));
		else if (!strcmp(cmd, "flush") || !strcmp(cmd, "zeroes") ||
			 !strcmp(cmd, "discard") || !strcmp(cmd, "secdiscard"))
			status = cmd_range(cmd, argc, argv);
	}
	if (status == 2)
		fprintf(stderr, "usage: blkload time|fill|check|log|logged|size|loopsize|"
				"flush|zeroes|discard|secdiscard DEV ... (see its source)\n");
	return status;
}
