// SPDX-License-Identifier: GPL-2.0-only
/*
 * A backend that breaks the rules, against this domain's own xen-blkfront: the disk
 * answers with errors or disappears with one message, and nothing else happens. After each misuse a
 * backend that behaves gets its disk. And backends that offer what dom0's disks here do
 * not have: removable media, barriers, secure discard.
 *
 * Run it in dom0, where xen-blkfront is loaded. The backend's folder is not one that
 * xen-blkback looks at.
 */
#include "ktap.h"

#include <errno.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "blkwire.h"
#include "kmsg.h"
#include "machine.h"
#include "xenstore.h"

#define VDEV	51840
#define DISK	"/dev/xvdi"
#define DEVICE	"/sys/bus/xen/devices/vbd-51840"
#define SECTORS	2048
#define PATIENCE 6000	/* ms */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char back[] = "/local/domain/0/backend/fakevbd/0/51840";
static const char front[] = "/local/domain/0/device/vbd/51840";

static struct shared_ring *ring;
static unsigned int port;
static int evtchn = -1;
static uint32_t req_cons, rsp_prod;

/* What the thread that serves does, and how often. */
static void (*volatile misuse)(const struct request *);
static volatile int serving, misused;

static void begin(void)
{
	xs_put(back, "frontend", "%s", front);
	xs_put(back, "frontend-id", "0");
	xs_put(back, "online", "1");
	xs_put(back, "state", "%d", INIT_WAIT);
	xs_put(front, "backend", "%s", back);
	xs_put(front, "backend-id", "0");
	xs_put(front, "virtual-device", "%d", VDEV);
	xs_put(front, "device-type", "disk");
	xs_put(front, "state", "%d", INITIALISING);
}

static void describe(void)
{
	xs_put(back, "sectors", "%d", SECTORS);
	xs_put(back, "info", "0");
	xs_put(back, "sector-size", "512");
	xs_put(back, "physical-sector-size", "512");
	xs_put(back, "feature-flush-cache", "1");
	xs_put(back, "feature-persistent", "0");
	xs_put(back, "feature-max-indirect-segments", "32");
}

static int attach(void)
{
	struct evtchn_arg2 arg = { 0 };
	char queue[128];
	const char *dir = front;

	if (xs_await(front, INITIALISED, CLOSED, PATIENCE) != INITIALISED)
		return 0;
	if (xs_get(front, "multi-queue-num-queues", 1) > 1) {
		snprintf(queue, sizeof(queue), "%s/queue-0", front);
		dir = queue;
	}
	ring = page_map(xs_get(dir, "ring-ref", xs_get(dir, "ring-ref0", 0)));
	evtchn = open("/dev/xen/evtchn", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	arg.b = xs_get(dir, "event-channel", 0);
	port = evtchn < 0 ? -1 : ioctl(evtchn, EVTCHN_BIND_INTERDOMAIN, &arg);
	req_cons = rsp_prod = 0;
	return ring && (int)port > 0;
}

static void kick(void)
{
	struct evtchn_arg arg = { port };

	ioctl(evtchn, EVTCHN_NOTIFY, &arg);
}

static void put(uint64_t id, int op, int status)
{
	ring->entries[rsp_prod % RING_ENTRIES].rsp =
		(struct response){ .id = id, .op = op, .status = status };
	rsp_prod++;
}

static void push(void)
{
	barrier_full();
	ring->rsp_prod = rsp_prod;
	barrier_full();
	kick();
}

static int op_of(const struct request *r)
{
	return r->op == OP_INDIRECT ? r->arg : r->op;
}

static void good(const struct request *r)
{
	put(r->id, op_of(r), 0);
	push();
}

static void *serve(void *unused)
{
	(void)unused;
	while (serving) {
		if (ring->req_prod == req_cons) {
			ring->req_event = req_cons + 1;
			usleep(500);
			continue;
		}
		/* Answers go where requests were: a copy first. */
		struct request r = ring->entries[req_cons % RING_ENTRIES].req;

		req_cons++;
		if (misuse) {
			misused = 1;
			misuse(&r);
		} else {
			good(&r);
		}
	}
	return NULL;
}

static void *no_work(void *unused)
{
	return unused;
}

static pthread_t thread;

static void start(void)
{
	serving = 1;
	if (pthread_create(&thread, NULL, ring ? serve : no_work, NULL))
		exit(4);
}

static void stop(void)
{
	serving = 0;
	pthread_join(thread, NULL);
	if (evtchn >= 0)
		close(evtchn);
	evtchn = -1;
	if (ring)
		munmap(ring, PAGE);
	ring = NULL;
}

/* There, and not only its node, which comes a little before it. */
static int can_open(void)
{
	int fd = open(DISK, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int disk_is(int there)
{
	struct stat st;

	for (int ms = 0; ms < patience(PATIENCE); ms += 10) {
		if (there ? can_open() : stat(DISK, &st) != 0)
			return 1;
		nap(10);
	}
	return 0;
}

static int meet(void)
{
	begin();
	describe();
	if (!attach()) {
		start();
		return 0;
	}
	start();
	xs_put(back, "state", "%d", CONNECTED);
	return xs_await(front, CONNECTED, CLOSED, PATIENCE) == CONNECTED && disk_is(1);
}

static void part(void)
{
	xs_put(back, "online", "0");
	xs_put(back, "state", "%d", CLOSING);
	xs_await(front, CLOSED, CLOSED, PATIENCE + 4000);
	xs_put(back, "state", "%d", CLOSED);
	stop();
	xs_rm(front);
	xs_rm(back);
	disk_is(0);
	/* Made anew before the bus has seen that it was gone, it would be the old one. */
	for (int ms = 0; ms < patience(PATIENCE) && !access(DEVICE, F_OK); ms += 10)
		nap(10);
}

static int read_disk(void)
{
	int fd = open(DISK, O_RDONLY | O_DIRECT | O_CLOEXEC), ok;
	void *buf;

	if (fd < 0 || posix_memalign(&buf, PAGE, PAGE))
		return 0;
	ok = pread(fd, buf, PAGE, 8 * PAGE) == PAGE;
	free(buf);
	close(fd);
	return ok;
}

static int behaves(void)
{
	int ok;

	misuse = NULL;
	ok = meet() && read_disk();
	part();
	return ok;
}

/* Answers to a read. */
static void ahead(const struct request *r) { (void)r; rsp_prod += 1000; push(); }
static void one_more(const struct request *r) { good(r); good(r); }
static void behind(const struct request *r) { (void)r; rsp_prod -= 3; push(); }
static void id_large(const struct request *r) { put(r->id + 100000, op_of(r), 0); push(); }
static void id_32(const struct request *r) { put(r->id | 1ull << 32, op_of(r), 0); push(); }
static void id_wraps(const struct request *r) { put(~r->id, op_of(r), 0); push(); }
static void id_other(const struct request *r) { put(r->id ^ 1, op_of(r), 0); push(); }
static void op_write(const struct request *r) { put(r->id, OP_WRITE, 0); push(); }
static void op_flush(const struct request *r) { put(r->id, OP_FLUSH, 0); push(); }
static void op_odd(const struct request *r) { put(r->id, 99, 0); push(); }
static void status_error(const struct request *r) { put(r->id, op_of(r), -1); push(); }
static void status_unsupported(const struct request *r) { put(r->id, op_of(r), -2); push(); }
static void status_odd(const struct request *r) { put(r->id, op_of(r), 1234); push(); }
static void status_least(const struct request *r) { put(r->id, op_of(r), -32768); push(); }
static void silence(const struct request *r) { (void)r; }
static void storm(const struct request *r)
{
	for (int i = 0; i < 20000; i++)
		kick();
	good(r);
}
static void scribble(const struct request *r)
{
	ring->req_prod = 0xdeadbeef;
	ring->req_event = 0x7fffffff;
	good(r);
	ring->req_prod = req_cons;
}
static void scribble_ring(const struct request *r)
{
	uint64_t id = r->id;
	int op = op_of(r);

	memset(ring->entries, 0xff, sizeof(ring->entries));
	put(id, op, 0);
	push();
}
/* The page of the data stays mapped. */
static void keep(const struct request *r)
{
	if (r->op == OP_READ)
		page_map(r->segs[0].gref);
	good(r);
}
static void changing(const struct request *r)
{
	uint32_t at = rsp_prod % RING_ENTRIES;

	good(r);
	for (int i = 0; i < 200000; i++)
		ring->entries[at].rsp.id = i & 1 ? r->id : ~0ull;
}

enum expect { GONE, FAILS, WORKS, HANGS };

static const struct {
	const char *name;
	void (*answer)(const struct request *);
	enum expect expect;
} answers[] = {
	{ "producer far ahead", ahead, GONE },
	{ "each request answered twice", one_more, GONE },
	{ "producer behind", behind, GONE },
	{ "an id past the ring", id_large, GONE },
	{ "an id past 32 bits", id_32, GONE },
	{ "an id of all ones", id_wraps, GONE },
	{ "the id of another request", id_other, GONE },
	{ "a read answered as a write", op_write, GONE },
	{ "a read answered as a flush", op_flush, GONE },
	{ "a read answered as nonsense", op_odd, GONE },
	{ "a grant kept after the answer", keep, GONE },
	{ "status error", status_error, FAILS },
	{ "a read that is not supported", status_unsupported, FAILS },
	{ "status 1234", status_odd, FAILS },
	{ "status -32768", status_least, FAILS },
	{ "no answer", silence, HANGS },
	{ "20000 events", storm, WORKS },
	{ "the frontend's indices scribbled over", scribble, WORKS },
	{ "all entries scribbled over", scribble_ring, WORKS },
	{ "a response that changes", changing, WORKS },
};

static int said(int least, int most)
{
	int n = kmsg_warnings("vbd-51840");

	if (n < least || n > most)
		printf("# %d messages\n", n);
	return n >= least && n <= most;
}

static void *reader(void *result)
{
	*(int *)result = read_disk();
	return NULL;
}

static void try_answer(unsigned int i)
{
	int ok = 0, was = 0, gone = answers[i].expect == GONE;
	pthread_t t;

	misuse = NULL;
	kmsg_warnings("");	/* of before */
	if (meet()) {
		nap(patience(100));	/* udev and the like have looked at it */
		misused = 0;
		misuse = answers[i].answer;
		if (pthread_create(&t, NULL, reader, &was))
			exit(4);
		if (answers[i].expect == HANGS) {
			/* Unplugging ends it. */
			nap(patience(300));
			xs_put(back, "state", "%d", CLOSING);
		}
		pthread_join(t, NULL);
		misuse = NULL;
		switch (answers[i].expect) {
		/* What came before the misuse may have been good. */
		case GONE:	ok = disk_is(0); break;
		case HANGS:	ok = !was && disk_is(0); break;
		case FAILS:	ok = !was && read_disk(); break;
		/* A changing response may also be taken for what it is not. */
		case WORKS:	ok = answers[i].answer == changing || was; break;
		}
		ok = ok && misused;
		if (!ok)
			printf("# the read %s, tried: %d\n", was ? "worked" : "failed", misused);
	} else {
		printf("# not connected, state %ld\n", xs_get(front, "state", 0));
	}
	part();
	ok = said(gone, gone || answers[i].answer == changing) && ok;
	check(ok && behaves(), answers[i].name);
}

/* What the store says; the frontend refuses, or makes the best of it. */
static void s_sectors_huge(void) { xs_put(back, "sectors", "18446744073709551615"); }
static void s_sectors_text(void) { xs_put(back, "sectors", "plenty"); }
static void s_size_0(void) { xs_put(back, "sector-size", "0"); }
static void s_size_513(void) { xs_put(back, "sector-size", "513"); }
static void s_size_256(void) { xs_put(back, "sector-size", "256"); }
static void s_size_2g(void) { xs_put(back, "sector-size", "2147483648"); }
static void s_physical(void) { xs_put(back, "physical-sector-size", "77"); }
static void s_queues_0(void) { xs_put(back, "multi-queue-max-queues", "0"); }
static void s_order(void) { xs_put(back, "max-ring-page-order", "4294967295"); }
static void s_segments(void) { xs_put(back, "feature-max-indirect-segments", "4294967295"); }
static void s_discard(void)
{
	xs_put(back, "feature-discard", "1");
	xs_put(back, "discard-granularity", "0");
	xs_put(back, "discard-alignment", "4294967295");
}

static const struct {
	const char *name;
	void (*say)(void);
	int refused;
} sayings[] = {
	{ "2^64-1 sectors", s_sectors_huge, 1 },
	{ "sectors that are no number", s_sectors_text, 1 },
	{ "sectors of no bytes", s_size_0, 1 },
	{ "sectors of 513 bytes", s_size_513, 1 },
	{ "sectors of 256 bytes", s_size_256, 1 },
	{ "sectors of 2 GiB", s_size_2g, 1 },
	{ "physical sectors of 77 bytes", s_physical, 0 },
	{ "no queues offered", s_queues_0, 0 },
	{ "rings of 2^32 pages offered", s_order, 0 },
	{ "2^32-1 segments offered", s_segments, 0 },
	{ "discard in units of nothing", s_discard, 0 },
};

static void try_saying(unsigned int i)
{
	int ok;

	misuse = NULL;
	kmsg_warnings("");	/* of before */
	xs_put(back, "state", "%d", INITIALISING);
	describe();
	sayings[i].say();
	/* Rings larger than a page are not for us to serve: their order is enough. */
	begin();
	if (sayings[i].say == s_order) {
		ok = xs_await(front, INITIALISED, CLOSED, PATIENCE) == INITIALISED &&
		     xs_get(front, "ring-page-order", 0) <= 4;
		start();
	} else {
		ok = attach();
		start();
		xs_put(back, "state", "%d", CONNECTED);
		if (sayings[i].refused)
			ok = ok && xs_await(front, CLOSING, CLOSED, PATIENCE) >= CLOSING &&
			     disk_is(0);
		else
			ok = ok && disk_is(1) && read_disk();
	}
	if (!ok)
		printf("# state %ld\n", xs_get(front, "state", 0));
	part();
	ok = said(sayings[i].refused, sayings[i].refused) && ok;
	check(ok && behaves(), sayings[i].name);
}

/* A number that sysfs tells of the disk, or -1. */
static long long disk_says(const char *what)
{
	char path[64];
	long long n = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/block/xvdi/%s", what);
	f = fopen(path, "r");
	if (f && fscanf(f, "%lld", &n) != 1)
		n = -1;
	if (f)
		fclose(f);
	return n;
}

static void try_resize(const char *sectors, long long want, const char *name)
{
	int ok = 0;

	misuse = NULL;
	if (meet()) {
		xs_put(back, "sectors", "%s", sectors);
		xs_put(back, "state", "%d", CONNECTED);
		for (int ms = 0; ms < patience(2000) && !ok; ms += 20) {
			nap(20);
			ok = disk_says("size") == want;
		}
		ok = ok && (want < 80 || read_disk());
	}
	part();
	check(ok && behaves(), name);
}

static void try_states(const long *states, const char *name)
{
	misuse = NULL;
	meet();
	for (; *states; states++) {
		xs_put(back, "state", "%ld", *states);
		nap(20);
	}
	part();
	check(behaves(), name);
}

/* It was offered: the first says that it is not there, and is the last. */
static int flushes;

static void no_flush(const struct request *r)
{
	put(r->id, op_of(r), r->op == OP_FLUSH ? -2 : 0);
	flushes += r->op == OP_FLUSH;
	push();
}

static int write_through(void)
{
	int fd = open(DISK, O_WRONLY | O_DIRECT | O_DSYNC | O_CLOEXEC), ok;
	void *buf;

	if (fd < 0 || posix_memalign(&buf, PAGE, PAGE))
		return 0;
	memset(buf, 0, PAGE);
	ok = pwrite(fd, buf, PAGE, 0) == PAGE;
	free(buf);
	close(fd);
	return ok;
}

static void try_no_flush(void)
{
	int first = 0, second = 0;

	misuse = NULL;
	flushes = 0;
	if (meet()) {
		misuse = no_flush;
		first = write_through();
		second = write_through();
	}
	part();
	if (!first || !second || flushes != 1)
		printf("# writes through: %d %d, flushes %d\n", first, second, flushes);
	check(first && second && flushes == 1 && behaves(),
	      "a flush that is not supported after all");
}

/* Requests without whole blocks: backends may not survive one. */
static int parts;

static void whole_blocks(const struct request *r)
{
	for (int i = 0; (r->op == OP_READ || r->op == OP_WRITE) && i < r->arg && i < 11; i++)
		parts += r->segs[i].first % 8 || r->segs[i].last % 8 != 7;
	good(r);
}

/* Where the pages of a program are granted as they are, its buffers may start anywhere. */
static void try_odd_buffer(void)
{
	int fd, ok = 0;
	ssize_t done;
	char *buf;

	misuse = NULL;
	parts = 0;
	begin();
	describe();
	xs_put(back, "sector-size", "4096");
	xs_put(back, "physical-sector-size", "4096");
	if (attach()) {
		misuse = whole_blocks;
		start();
		xs_put(back, "state", "%d", CONNECTED);
		ok = disk_is(1);
		fd = open(DISK, O_RDONLY | O_DIRECT | O_CLOEXEC);
		if (fd < 0 || posix_memalign((void **)&buf, PAGE, 3 * PAGE))
			exit(4);
		done = pread(fd, buf + 512, 2 * PAGE, 8 * PAGE);
		ok = ok && (done == 2 * PAGE || (done < 0 && errno == EINVAL));
		ok = ok && pread(fd, buf, 2 * PAGE, 8 * PAGE) == 2 * PAGE;
		free(buf);
		close(fd);
	} else {
		start();
	}
	part();
	if (!ok || parts)
		printf("# read: %d, segments that are not whole blocks: %d\n", ok, parts);
	check(ok && !parts && behaves(), "a disk of 4 KiB sectors, and odd buffers");
}

/* A connected disk of which the store says this, too. */
static int meet_with(void (*say)(void))
{
	int ok;

	misuse = NULL;
	begin();
	describe();
	say();
	ok = attach();
	start();
	xs_put(back, "state", "%d", CONNECTED);
	return ok && xs_await(front, CONNECTED, CLOSED, PATIENCE) == CONNECTED && disk_is(1);
}

static int can_write(void)
{
	int fd = open(DISK, O_WRONLY | O_DIRECT | O_CLOEXEC), ok = 0;
	void *buf;

	if (posix_memalign(&buf, PAGE, PAGE))
		exit(4);
	memset(buf, 0, PAGE);
	if (fd >= 0) {
		ok = pwrite(fd, buf, PAGE, 0) == PAGE;
		close(fd);
	}
	free(buf);
	return ok;
}

/* It answers what a program asks a CD-ROM drive before it reads a disc. */
static int is_drive(void)
{
	struct cdrom_multisession session = { .xa_flag = 1 };
	int fd = open(DISK, O_RDONLY | O_NONBLOCK | O_CLOEXEC), ok;

	ok = fd >= 0 && ioctl(fd, CDROM_GET_CAPABILITY, 0) >= 0 &&
	     !ioctl(fd, CDROMMULTISESSION, &session) && !session.xa_flag &&
	     ioctl(fd, CDROMEJECT, 0) < 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

static void say_fixed(void) { xs_put(back, "info", "0"); }
static void say_removable(void) { xs_put(back, "info", "2"); }
static void say_readonly(void) { xs_put(back, "info", "4"); }
static void say_cdrom(void) { xs_put(back, "info", "5"); }

static const struct {
	const char *name;
	void (*say)(void);
	int removable, readonly, drive;
} kinds[] = {
	{ "a disk that is fixed", say_fixed, 0, 0, 0 },
	{ "a disk that is removable", say_removable, 1, 0, 0 },
	{ "a disk that is read-only", say_readonly, 0, 1, 0 },
	{ "a CD-ROM drive", say_cdrom, 1, 1, 1 },
};

static void try_kind(unsigned int i)
{
	int ok = meet_with(kinds[i].say), removable, readonly;

	removable = disk_says("removable");
	readonly = disk_says("ro");
	ok = ok && removable == kinds[i].removable && readonly == kinds[i].readonly;
	ok = ok && read_disk() && can_write() == !readonly && is_drive() == kinds[i].drive;
	if (!ok)
		printf("# removable %d, read-only %d\n", removable, readonly);
	part();
	check(ok, kinds[i].name);
}

/* A frontend, of which there is as much as makes xen-blkback say what its disk is. */
static const char next_back[] = "/local/domain/0/backend/vbd/0/51856";
static const char next_front[] = "/local/domain/0/device/fakevbd/51856";

static long next_info(dev_t disk, const char *mode)
{
	struct evtchn_arg arg = { 0 };
	int fd = open("/dev/xen/evtchn", O_RDWR | O_CLOEXEC);
	struct shared_ring *r;
	uint32_t ref;
	long info = -1;

	r = page_grant(1, &ref);
	if (!r || fd < 0)
		exit(4);
	memset(r, 0, PAGE);
	r->req_event = r->rsp_event = 1;
	xs_put(next_front, "backend", "%s", next_back);
	xs_put(next_front, "backend-id", "0");
	xs_put(next_front, "virtual-device", "51856");
	xs_put(next_front, "ring-ref", "%u", ref);
	xs_put(next_front, "event-channel", "%d", ioctl(fd, EVTCHN_BIND_UNBOUND, &arg));
	xs_put(next_front, "protocol", "%s", BLKIF_PROTOCOL);
	xs_put(next_front, "state", "%d", INITIALISING);
	xs_put(next_back, "frontend", "%s", next_front);
	xs_put(next_back, "frontend-id", "0");
	xs_put(next_back, "online", "1");
	xs_put(next_back, "mode", "%s", mode);
	xs_put(next_back, "params", "test");
	xs_put(next_back, "physical-device", "%x:%x", major(disk), minor(disk));
	xs_put(next_back, "state", "%d", INITIALISING);
	if (xs_await(next_back, INIT_WAIT, INIT_WAIT, PATIENCE) == INIT_WAIT) {
		xs_put(next_front, "state", "%d", INITIALISED);
		if (xs_await(next_back, CONNECTED, CLOSING, PATIENCE) == CONNECTED)
			info = xs_get(next_back, "info", -1);
	}
	xs_put(next_back, "online", "0");
	xs_put(next_front, "state", "%d", CLOSING);
	xs_put(next_front, "state", "%d", CLOSED);
	xs_await(next_back, CLOSED, 0, PATIENCE);
	xs_rm(next_back);
	xs_rm(next_front);
	close(fd);
	return info;
}

/* What xen-blkback makes of a disk that is removable: dom0 has no other. */
static void try_passed_on(void)
{
	long fixed = -1, removable = -1;
	struct stat st;

	if (meet_with(say_fixed) && !stat(DISK, &st))
		fixed = next_info(st.st_rdev, "w");
	part();
	if (meet_with(say_removable) && !stat(DISK, &st))
		removable = next_info(st.st_rdev, "r");
	part();
	if (fixed || removable != (2 | 4))
		printf("# fixed: %ld, removable and read-only: %ld\n", fixed, removable);
	check(!fixed && removable == (2 | 4), "given to another domain it stays what it is");
}

/* The last request that was neither a read nor a plain write, and how many there were. */
static struct request special;
static int specials;

static void note_special(const struct request *r)
{
	if (op_of(r) != OP_READ && op_of(r) != OP_WRITE) {
		special = *r;
		specials++;
	}
	good(r);
}

static void say_barrier(void)
{
	xs_put(back, "feature-flush-cache", "0");
	xs_put(back, "feature-barrier", "1");
}

static void try_barrier(void)
{
	int ok = meet_with(say_barrier);

	specials = 0;
	misuse = note_special;
	/* One of the write itself, another of its file's. */
	ok = ok && write_through() && specials && special.op == OP_BARRIER && !special.arg;
	part();
	if (!ok)
		printf("# %d requests, the last of operation %d\n", specials, special.op);
	check(ok, "a flush is a barrier where that is what there is");
}

static void say_discard(void)
{
	xs_put(back, "feature-discard", "1");
	xs_put(back, "discard-granularity", "4096");
	xs_put(back, "discard-alignment", "0");
	xs_put(back, "discard-secure", "0");
}

static void say_secure(void)
{
	say_discard();
	xs_put(back, "discard-secure", "1");
}

/* Discards 8 sectors from 16 on; true when just that arrived, with this flag. */
static int discards(unsigned long how, int flag)
{
	uint64_t range[2] = { 16 * 512, 8 * 512 };
	int fd = open(DISK, O_RDWR | O_CLOEXEC), ok;

	specials = 0;
	ok = fd >= 0 && !ioctl(fd, how, range);
	if (fd >= 0)
		close(fd);
	return ok && specials == 1 && special.op == OP_DISCARD && special.arg == flag &&
	       special.sector == 16 && special.nr_sectors == 8;
}

static void try_secure(void)
{
	int plain, secure, refused;

	plain = meet_with(say_discard);
	misuse = note_special;
	plain = plain && discards(BLKDISCARD, 0);
	refused = !discards(BLKSECDISCARD, 1) && !specials;
	part();
	secure = meet_with(say_secure);
	misuse = note_special;
	secure = secure && discards(BLKDISCARD, 0) && discards(BLKSECDISCARD, 1);
	part();
	if (!plain || !refused || !secure)
		printf("# plain %d, refused %d, secure %d\n", plain, refused, secure);
	check(plain && refused && secure, "secure discard where it is offered, and only there");
}

/* What a page that is granted for a write shows besides the data. */
static int secrets;

static void look_at_page(const struct request *r)
{
	struct gntdev_map arg = { .count = 1, .refs = { { .ref = r->segs[0].gref } } };
	int fd = open("/dev/xen/gntdev", O_RDWR | O_CLOEXEC);
	char *p;

	if (r->op == OP_WRITE && fd >= 0 && !ioctl(fd, GNTDEV_MAP, &arg)) {
		p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, arg.index);
		for (int i = 0; p != MAP_FAILED && i < PAGE; i++)
			secrets += p[i] == 0x5a;
		if (p != MAP_FAILED)
			munmap(p, PAGE);
		else
			secrets = -PAGE;
	}
	close(fd);
	good(r);
}

/* A sector is written out of the middle of a page that is full of something else. */
static int shown(void (*say)(void))
{
	int ok = meet_with(say), fd = open(DISK, O_WRONLY | O_DIRECT | O_CLOEXEC);
	char *buf;

	secrets = 0;
	misuse = look_at_page;
	if (fd < 0 || posix_memalign((void **)&buf, PAGE, PAGE))
		exit(4);
	memset(buf, 0x5a, PAGE);
	memset(buf + 1024, 0, 512);
	ok = ok && pwrite(fd, buf + 1024, 512, 0) == 512;
	free(buf);
	close(fd);
	part();
	return ok ? secrets : -1;
}

static void say_trusted(void) { xs_put(front, "trusted", "1"); }
static void say_untrusted(void) { xs_put(front, "trusted", "0"); }

static void try_trust(void)
{
	int with = shown(say_trusted), without = shown(say_untrusted);

	if (with <= 0 || without)
		printf("# bytes that are not the disk's: %d and %d\n", with, without);
	check(with > 0 && !without, "a backend that is not trusted sees the disk's data alone");
}

#define PARAMETER "/sys/module/xen_blkfront/parameters/feature_persistent"

static void set_parameter(const char *value)
{
	int fd = open(PARAMETER, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, 1) != 1)
		exit(4);
	close(fd);
}

/* The parameter changes after the frontend has said that its grants stay: so they do. */
static void try_parameter(void)
{
	int ok;

	misuse = NULL;
	begin();
	describe();
	xs_put(back, "feature-persistent", "1");
	ok = attach();
	set_parameter("N");
	start();
	xs_put(back, "state", "%d", CONNECTED);
	ok = ok && xs_await(front, CONNECTED, CLOSED, PATIENCE) == CONNECTED && disk_is(1);
	misuse = keep;
	ok = ok && read_disk() && read_disk() && disk_is(1);
	misuse = NULL;
	ok = ok && read_disk();
	part();
	set_parameter("Y");
	check(ok, "what was said of grants counts, whatever the parameter is by then");
}

static struct request held;
static volatile int holds;

static void hold(const struct request *r)
{
	if (r->op == OP_READ) {
		good(r);
		return;
	}
	held = *r;
	holds = 1;
}

static void *page_writer(void *result)
{
	int fd = open(DISK, O_WRONLY | O_CLOEXEC);
	static const char page[PAGE] = "page";

	*(int *)result = fd >= 0 && pwrite(fd, page, PAGE, 0) == PAGE && !fsync(fd);
	close(fd);
	return NULL;
}

/* The kernel's own write is not answered, and the disk is to go. */
static void try_silent_write(void)
{
	int ok = meet(), wrote = 1;
	pthread_t t;

	holds = 0;
	misuse = hold;
	if (pthread_create(&t, NULL, page_writer, &wrote))
		exit(4);
	for (int ms = 0; ms < patience(PATIENCE) && !holds; ms += 10)
		nap(10);
	ok = ok && holds;
	xs_put(back, "state", "%d", CLOSING);
	ok = ok && xs_await(front, CLOSED, CLOSED, PATIENCE + 4000) == CLOSED && disk_is(0);
	misuse = NULL;
	if (!ok && holds)
		good(&held);	/* so that this has an end */
	pthread_join(t, NULL);
	part();
	check(ok && !wrote, "a write of the page cache without an answer fails with its disk");
}

int main(void)
{
	static const long jumps[] = { 1, 4, 2, 4, 3, 6, 4, 5, 4, 0 };
	static const long nonsense[] = { 7, 8, 99, -1, 4, 0 };

	plan(1 + COUNT(answers) + COUNT(sayings) + 7 + COUNT(kinds) + 6);
	check(behaves(), "a backend that behaves");
	for (unsigned int i = 0; i < COUNT(answers); i++)
		try_answer(i);
	for (unsigned int i = 0; i < COUNT(sayings); i++)
		try_saying(i);
	try_resize("4096", 4096, "a disk that grows");
	try_resize("16", 16, "a disk that shrinks");
	try_resize("18446744073709551615", SECTORS, "a new size past all numbers");
	try_states(jumps, "states in any order");
	try_states(nonsense, "states there are not");
	try_no_flush();
	try_odd_buffer();
	for (unsigned int i = 0; i < COUNT(kinds); i++)
		try_kind(i);
	try_passed_on();
	try_barrier();
	try_secure();
	try_trust();
	try_parameter();
	try_silent_write();
	return finish();
}
