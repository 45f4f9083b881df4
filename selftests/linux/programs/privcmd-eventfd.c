// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts and doorbells by eventfd (IRQFD and IOEVENTFD of /dev/xen/privcmd), on a domain
 * that was created and stays paused. Arguments: its number, the first frame of its memory,
 * and "dm-op" where DM_OP succeeds: Xen on x86, where it is ignored for a PV domain. There is
 * no device model: a frame of the domain's is the page of requests, this program writes what
 * the hypervisor would, and the channels lead back here.
 *
 * "shutdown DOMID REASON" instead: has the domain shut down, by way of an eventfd. "leave
 * DOMID GFN": assigns one of each, closes all but the eventfds, says "left" and writes to
 * them until it is killed.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kmsg.h"
#include "ktap.h"
#include "xendev.h"

#define PAGE 4096UL
#define VCPUS 3

#define DEASSIGN 1

#define DMOP_INJECT_MSI 14
#define DMOP_REMOTE_SHUTDOWN 16

/* A request of a vCPU, of public/hvm/ioreq.h. */
struct slot {
	uint64_t addr, data;
	uint32_t count, size, vp_eport;
	uint16_t pad;
	uint8_t bits, type;
};

#define READY 1
#define DONE 3
#define DATA_IS_PTR 0x10
#define IS_READ 0x20
#define MEMORY 1

#define DEVICE 0x2000000ULL
#define NOTIFY 0x50

static int fd, dom;
static uint64_t ram;

static int open_dev(const char *name)
{
	return need(open(name, O_RDWR | O_CLOEXEC), name);
}

static int new_eventfd(void)
{
	return need(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
}

static int readable(int f, int ms)
{
	struct pollfd p = { .fd = f, .events = POLLIN };

	return poll(&p, 1, ms) == 1 && (p.revents & POLLIN);
}

/* What is in it, which is taken out. */
static long count_of(int efd)
{
	uint64_t n;

	return read(efd, &n, sizeof(n)) == sizeof(n) ? (long)n : 0;
}

static void signal_fd(int efd)
{
	need(write(efd, &(uint64_t){ 1 }, 8), "write to an eventfd");
}

/* public/hvm/dm_op.h: the operation, padding, arguments. */
struct dm_op {
	uint32_t op, pad;
	union {
		struct { uint32_t data, pad; uint64_t addr; } msi;
		struct { uint32_t reason; } shutdown;
		uint8_t all[48];
	};
};

static int irqfd(const void *op, uint32_t size, int efd, uint32_t flags)
{
	struct privcmd_irqfd cmd = {
		.dm_op = (uintptr_t)op, .size = size, .fd = efd, .flags = flags, .dom = dom,
	};

	return ioctl(fd, PRIVCMD_IRQFD, &cmd);
}

static const struct dm_op msi = {
	.op = DMOP_INJECT_MSI, .msi = { .addr = 0xfee00000, .data = 0x30 },
};

static int assign_msi(int efd)
{
	return irqfd(&msi, sizeof(msi), efd, 0);
}

#define SAID "of an eventfd, for domain"

static void test_irqfd_errors(void)
{
	int efd = new_eventfd(), null = open_dev("/dev/null"), all = fd;
	uint16_t other = dom + 1;

	fails(ioctl(fd, PRIVCMD_IRQFD, nowhere), EFAULT, "IRQFD: an argument nowhere");
	fails(irqfd(&msi, sizeof(msi), efd, 2), EINVAL, "an unknown flag");
	fails(irqfd(&msi, 0, efd, 0), EINVAL, "no operation");
	fails(irqfd(&msi, 3, efd, 0), EINVAL, "less than its number");
	fails(irqfd(&msi, 1 << 20, efd, 0), E2BIG, "one too long");
	fails(irqfd(nowhere, sizeof(msi), efd, 0), EFAULT, "one nowhere");
	fails(irqfd(&msi, sizeof(msi), -1, 0), EBADF, "no file");
	fails(irqfd(&msi, sizeof(msi), null, 0), EINVAL, "a file that is no eventfd");
	fails(irqfd(NULL, 0, null, DEASSIGN), EINVAL, "nor one to take back");
	same(irqfd(NULL, 0, efd, DEASSIGN), 0, "one that was not assigned may be taken back");
	fd = open_dev("/dev/xen/privcmd");
	ioctl(fd, PRIVCMD_RESTRICT, &other);
	fails(assign_msi(efd), EPERM, "not on another domain, for a limited file");
	close(fd);
	fd = all;
	close(null);
	close(efd);
}

/* Which error the hypervisor has for it we do not know: the message is the sign of the call. */
static void test_irqfd(int works)
{
	struct dm_op slow = { .op = DMOP_REMOTE_SHUTDOWN };
	int efd = new_eventfd(), other = new_eventfd();

	kmsg_warnings(SAID);
	same(assign_msi(efd), 0, "assign an eventfd");
	fails(assign_msi(efd), EBUSY, "not twice");
	same(kmsg_warnings(SAID), 0, "nothing is raised yet");
	signal_fd(efd);
	same(kmsg_warnings_within(SAID, 1), !works, "a signal makes the call");
	/* Before 5.11 it stays readable. */
	check(!readable(efd, 0) || !strncmp(word("/proc/version", "Linux version "), "5.10", 4),
	      "and is taken out");
	signal_fd(efd);
	same(kmsg_warnings_within(SAID, 1), 0, "the same error is not told again");
	same(irqfd(NULL, 0, efd, DEASSIGN), 0, "take it back");
	count_of(efd);
	signal_fd(efd);
	same(count_of(efd), 1, "it is an eventfd like others again");
	signal_fd(efd);
	same(assign_msi(efd), 0, "assign it with something in it");
	same(kmsg_warnings_within(SAID, 1), !works, "that makes a call, too");
	if (works) {
		skip("an operation that may take long", "tried by shutting the domain down");
		skip("is made by a thread", "tried by shutting the domain down");
	} else {
		same(irqfd(&slow, sizeof(slow), other, 0), 0, "an operation that may take long");
		signal_fd(other);
		same(kmsg_warnings_within(SAID, 5), 1, "is made by a thread");
	}
	close(other);
	close(efd);
}

/* All that the thread's end may fall into. */
struct racing {
	volatile int efd, stop;
};

static void *signaller(void *data)
{
	struct racing *r = data;

	while (!r->stop)
		if (write(r->efd, &(uint64_t){ 1 }, 8) < 0)
			sched_yield();
	return NULL;
}

static void *taker(void *data)
{
	struct racing *r = data;

	while (!r->stop)
		irqfd(NULL, 0, r->efd, DEASSIGN);
	return NULL;
}

static void test_irqfd_races(void)
{
	struct dm_op slow = { .op = DMOP_REMOTE_SHUTDOWN + 1000 };
	struct racing r = { .efd = new_eventfd() };
	pthread_t a, b;
	int again = 0, efd;
	time_t until = time(NULL) + 60;

	pthread_create(&a, NULL, signaller, &r);
	pthread_create(&b, NULL, taker, &r);
	for (int i = 0; again < 300 && time(NULL) < until; i++) {
		const struct dm_op *op = i & 1 ? &slow : &msi;

		/* Closed while it is assigned, and its number used for the next. */
		if (i % 64 == 63) {
			int fresh = new_eventfd();

			dup2(fresh, r.efd);
			close(fresh);
		}
		if (irqfd(op, sizeof(*op), r.efd, 0))
			sched_yield();
		else
			again += i % 64 != 63;
	}
	r.stop = 1;
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	close(r.efd);
	/* What was not new could be assigned only as it had been taken back. */
	same(again, 300, "assigned, signalled, taken back and closed at once, many times");
	efd = new_eventfd();
	same(assign_msi(efd), 0, "afterwards one can be assigned");
	close(efd);
}

/* The device model's channels, and the ends that are the hypervisor's in earnest. */
static int model, guest;
static unsigned int model_ports[VCPUS], guest_ports[VCPUS];
static volatile struct slot *slots;
static char *page;

static void *map_ram(void)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int err;
	struct privcmd_batch_v2 b = {
		.num = 1, .dom = dom, .addr = (uintptr_t)p, .arr = &ram, .err = &err,
	};

	need(ioctl(fd, PRIVCMD_BATCH_V2, &b), "map the page of requests");
	return p;
}

static struct privcmd_ioeventfd doorbell(int efd, unsigned int queue)
{
	return (struct privcmd_ioeventfd){
		.ioreq = (uintptr_t)page, .ports = (uintptr_t)model_ports, .addr = DEVICE,
		.addr_len = 4, .event_fd = efd, .vcpus = VCPUS, .vq = queue, .dom = dom,
	};
}

static int assign(int efd, unsigned int queue)
{
	struct privcmd_ioeventfd cmd = doorbell(efd, queue);

	return ioctl(fd, PRIVCMD_IOEVENTFD, &cmd);
}

static int deassign(int efd)
{
	struct privcmd_ioeventfd cmd = doorbell(efd, 0);

	cmd.flags = DEASSIGN;
	return ioctl(fd, PRIVCMD_IOEVENTFD, &cmd);
}

/* The next event of a file within so many milliseconds, armed again; 0 without. */
static unsigned int event(int file, int ms)
{
	unsigned int port = 0;

	if (readable(file, ms) && read(file, &port, sizeof(port)) == sizeof(port))
		need(write(file, &port, sizeof(port)), "arm");
	return port;
}

static void open_channels(void)
{
	model = open_dev("/dev/xen/evtchn");
	guest = open_dev("/dev/xen/evtchn");
	for (int i = 0; i < VCPUS; i++) {
		struct evtchn_arg unbound = { 0 };
		struct evtchn_arg2 bind = { 0 };

		guest_ports[i] = need(ioctl(guest, EVTCHN_BIND_UNBOUND, &unbound), "a channel");
		bind.b = guest_ports[i];
		model_ports[i] = need(ioctl(model, EVTCHN_BIND_INTERDOMAIN, &bind), "its end");
		/* It begins with an event, should one have been lost. */
		event(model, 2000);
	}
}

static const struct slot ring = {
	.addr = DEVICE + NOTIFY, .data = 1, .count = 1, .size = 4, .bits = READY, .type = MEMORY,
};

/* The vCPU makes this request, and the event of it has arrived at the model. */
static int request(int vcpu, struct slot s)
{
	uint8_t bits = s.bits;
	struct evtchn_arg notify = { .a = guest_ports[vcpu] };

	s.bits = 0;
	memcpy((void *)&slots[vcpu], &s, sizeof(s));
	__atomic_store_n(&slots[vcpu].bits, bits, __ATOMIC_RELEASE);
	need(ioctl(guest, EVTCHN_NOTIFY, &notify), "notify");
	return event(model, 2000) == model_ports[vcpu];
}

/* It was answered, to that vCPU, and this eventfd signalled once. */
static int is_rung(int vcpu, struct slot s, int efd)
{
	uint8_t want = (s.bits & ~0xf) | DONE;
	int heard = request(vcpu, s), answered = event(guest, 2000) == guest_ports[vcpu];
	long n = count_of(efd);

	if (heard && answered && slots[vcpu].bits == want && n == 1)
		return 1;
	printf("# heard %d, answered %d, bits %#x, signals %ld\n", heard, answered,
	       slots[vcpu].bits, n);
	return 0;
}

/* It was left to the model. */
static int is_left(int vcpu, struct slot s, int efd)
{
	int heard = request(vcpu, s);
	unsigned int answer = event(guest, 50);
	long n = count_of(efd);

	if (heard && !answer && slots[vcpu].bits == s.bits && !n)
		return 1;
	printf("# heard %d, answer %u, bits %#x, signals %ld\n", heard, answer,
	       slots[vcpu].bits, n);
	return 0;
}

static void doorbell_fails(struct privcmd_ioeventfd cmd, int err, const char *what)
{
	fails(ioctl(fd, PRIVCMD_IOEVENTFD, &cmd), err, what);
}

#define WITH(change) ({							\
	struct privcmd_ioeventfd cmd = doorbell(efd, 1);		\
	change;								\
	cmd;								\
})

static void test_doorbell_errors(void)
{
	int efd = new_eventfd(), other_fd = new_eventfd(), null = open_dev("/dev/null"), all = fd;
	char *empty = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	unsigned int ports[VCPUS];
	uint16_t other = dom + 1, own;

	fails(ioctl(fd, PRIVCMD_IOEVENTFD, nowhere), EFAULT, "IOEVENTFD: an argument nowhere");
	doorbell_fails(WITH(cmd.flags = 2), EINVAL, "an unknown flag");
	doorbell_fails(WITH(cmd.addr = -8ULL), EINVAL, "an address behind the last");
	doorbell_fails(WITH(cmd.addr_len = 3), EINVAL, "a size that no write has");
	doorbell_fails(WITH(cmd.vcpus = 0), EINVAL, "no vCPU");
	doorbell_fails(WITH(cmd.vcpus = 129), EINVAL, "more than a page has slots");
	doorbell_fails(WITH(cmd.vq = 65536), EINVAL, "a queue that no write can name");
	doorbell_fails(WITH(cmd.event_fd = -1), EBADF, "no file");
	doorbell_fails(WITH(cmd.event_fd = null), EINVAL, "a file that is no eventfd");
	doorbell_fails(WITH(cmd.ioreq = 0), EFAULT, "no page");
	doorbell_fails(WITH(cmd.ioreq = (uintptr_t)&ports & -PAGE), EFAULT, "memory of one's own");
	doorbell_fails(WITH(cmd.ioreq = (uintptr_t)empty), EFAULT, "an area that is empty");
	doorbell_fails(WITH(cmd.ioreq += 32), EFAULT, "not a page's beginning");
	doorbell_fails(WITH(cmd.ports = (uintptr_t)nowhere), EFAULT, "ports nowhere");
	memcpy(ports, model_ports, sizeof(ports));
	ports[VCPUS - 1] = 4000;
	doorbell_fails(WITH(cmd.ports = (uintptr_t)ports), ENOENT, "a port that nobody has");
	ports[VCPUS - 1] = 1 << 30;
	doorbell_fails(WITH(cmd.ports = (uintptr_t)ports), EINVAL, "one that cannot be");
	ports[VCPUS - 1] = ports[0];
	doorbell_fails(WITH(cmd.ports = (uintptr_t)ports), EINVAL, "one for two slots");
	same(assign(efd, 1), 0, "none of it is in the way of a good one");
	doorbell_fails(WITH(cmd.event_fd = other_fd), EEXIST, "a doorbell has one eventfd");
	doorbell_fails(WITH(cmd.event_fd = other_fd; cmd.ioreq = (uintptr_t)slots), EBUSY,
		       "a channel has one page");
	fails(assign(efd, 2), EBUSY, "an eventfd has one doorbell of a page");
	doorbell_fails(WITH(cmd.vcpus = 2), EINVAL, "a page has the vCPUs it had at first");
	doorbell_fails(WITH(cmd.dom++), EINVAL, "and the domain");
	same(deassign(efd), 0, "take it back");
	fails(deassign(efd), ENODEV, "not twice");
	fd = open_dev("/dev/xen/privcmd");
	ioctl(fd, PRIVCMD_RESTRICT, &other);
	fails(assign(efd, 1), EPERM, "not of another domain, for a limited file");
	close(fd);
	fd = open_dev("/dev/xen/privcmd");
	own = dom;
	ioctl(fd, PRIVCMD_RESTRICT, &own);
	fails(assign(efd, 1), EPERM, "nor by channels that lead elsewhere");
	close(fd);
	fd = all;
	munmap(empty, PAGE);
	close(null);
	close(other_fd);
	close(efd);
}

static void test_doorbells(void)
{
	int one = new_eventfd(), two = new_eventfd();
	struct slot s = ring;
	long n = 0;

	check(is_left(0, ring, one), "a request that nobody has a doorbell for is left alone");
	same(assign(one, 1), 0, "assign a doorbell");
	check(is_rung(0, ring, one), "a write to it is answered");
	check(is_rung(VCPUS - 1, ring, one), "of the last vCPU, too");
	s.data = 0xabcd0001;
	check(is_rung(1, s, one), "what is above the queue's number does not matter");
	s.bits |= 0x40;
	check(is_rung(1, s, one), "bits beside the state stay");
	s = ring;
	s.addr += 4;
	check(is_left(0, s, one), "a write beside it is not");
	s = ring;
	s.size = 2;
	check(is_left(0, s, one), "nor one of another size");
	s = ring;
	s.bits |= IS_READ;
	check(is_left(0, s, one), "nor a read");
	s = ring;
	s.bits |= DATA_IS_PTR;
	check(is_left(0, s, one), "nor a write of memory's contents");
	s = ring;
	s.count = 2;
	check(is_left(0, s, one), "nor a repeated one");
	s = ring;
	s.type = 0;
	check(is_left(0, s, one), "nor one to a port");
	s = ring;
	s.bits = DONE;
	check(is_left(0, s, one), "nor what is no request");
	s = ring;
	s.data = 2;
	check(is_left(0, s, one), "nor another queue's");
	same(assign(two, 2), 0, "which gets one of its own");
	check(is_rung(0, s, two) && !count_of(one), "that is answered");
	check(is_rung(0, ring, one) && !count_of(two), "and the first still");
	for (int i = 0; i < 3000; i++)
		n += request(i % VCPUS, ring) && event(guest, 2000) == guest_ports[i % VCPUS];
	same(n, 3000, "many one after the other");
	same(count_of(one), 3000, "each was a signal");
	same(deassign(two), 0, "take the second back");
	check(is_left(0, s, two), "it is left to the model again");
	check(is_rung(0, ring, one), "the first is not");
	signal_fd(one);
	same(deassign(one), 0, "take the first back");
	same(count_of(one), 1, "what was in the eventfd is still there");
	check(is_left(0, ring, one), "nothing is answered");
	close(one);
	close(two);
}

/* How many slots have a handler, by /proc/interrupts. */
static int handlers(void)
{
	FILE *f = fopen("/proc/interrupts", "r");
	char line[4096];
	int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += !!strstr(line, "ioeventfd");
	if (f)
		fclose(f);
	return n;
}

/* Becomes so within ten seconds. */
static int handlers_become(int n)
{
	for (int ms = 0; handlers() != n && ms < 10000; ms += 20)
		usleep(20000);
	return handlers();
}

/* What goes away under an assigned doorbell. */
static void test_ends(void)
{
	struct evtchn_arg unbind = { .a = model_ports[0] };
	int efd = new_eventfd(), all = fd;

	assign(efd, 1);
	same(handlers(), VCPUS, "each slot has a handler");
	close(efd);
	efd = new_eventfd();
	same(assign(efd, 1), 0, "another eventfd right after it was closed");
	same(deassign(efd), 0, "which is taken back");
	assign(efd, 1);
	close(efd);
	efd = new_eventfd();
	/* In time: taking one back waits for others. */
	deassign(efd);
	check(is_left(0, ring, efd), "a doorbell ends with its eventfd");
	same(handlers(), 0, "handlers are gone");

	assign(efd, 1);
	munmap(page, PAGE);
	check(is_rung(0, ring, efd), "it does without the area it was found in");
	same(deassign(efd), 0, "and is taken back without it");
	page = map_ram();

	/* The area is the other file's, so that this one is closed. */
	fd = open_dev("/dev/xen/privcmd");
	assign(efd, 1);
	check(is_rung(1, ring, efd), "assigned by another file");
	close(fd);
	fd = all;
	same(handlers_become(0), 0, "it ends with that file");
	check(is_left(1, ring, efd), "and is the model's again");

	assign(efd, 1);
	same(ioctl(model, EVTCHN_UNBIND, &unbind), 0, "the channel's file leaves it");
	same(handlers(), VCPUS, "the doorbell has it still");
	close(efd);
	efd = new_eventfd();
	same(handlers_become(0), 0, "until it ends");
	/* It was closed then, as nobody has it. */
	fails(assign(efd, 1), ENOENT, "and it is closed");
	close(efd);
	close(model);
	close(guest);
}

/* Processes that have it all are killed while it rings and raises interrupts. */
static void die_of(int i)
{
	int msi_fd = new_eventfd(), efd = new_eventfd(), said[2];
	struct evtchn_arg notify;
	pid_t pid;
	char c;

	need(pipe(said), "pipe");
	pid = fork();
	if (pid) {
		close(said[1]);
		need(read(said[0], &c, 1) == 1 ? 0 : -1, "a process that assigns both kinds");
		close(said[0]);
		usleep(1000 * i);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		/* These eventfds have an owner still. */
		close(msi_fd);
		close(efd);
		return;
	}
	fd = open_dev("/dev/xen/privcmd");
	page = map_ram();
	slots = (void *)page;
	open_channels();
	need(assign_msi(msi_fd), "IRQFD");
	need(assign(efd, 1), "IOEVENTFD");
	notify.a = guest_ports[0];
	need(write(said[1], "", 1), "write");
	for (;;) {
		signal_fd(msi_fd);
		memcpy((void *)&slots[0], &ring, sizeof(ring));
		ioctl(guest, EVTCHN_NOTIFY, &notify);
		event(model, 0);
		event(guest, 0);
	}
}

static void test_death(void)
{
	int efd;

	for (int i = 0; i < 20; i++)
		die_of(i);
	same(handlers_become(0), 0, "processes die with both kinds assigned, and none is left");
	page = map_ram();
	slots = (void *)page;
	open_channels();
	efd = new_eventfd();
	same(assign(efd, 1), 0, "afterwards one can be assigned");
	check(is_rung(0, ring, efd), "and is answered");
	close(efd);
}

static int shut_down(uint32_t reason)
{
	struct dm_op op = { .op = DMOP_REMOTE_SHUTDOWN, .shutdown.reason = reason };
	int efd = new_eventfd();

	need(irqfd(&op, sizeof(op), efd, 0), "IRQFD");
	/* Made by a thread, also when it is closed at once. */
	signal_fd(efd);
	close(efd);
	return 0;
}

static void leave(void)
{
	int msi_fd = new_eventfd(), efd = new_eventfd();

	page = map_ram();
	open_channels();
	need(assign_msi(msi_fd), "IRQFD");
	if (assign(efd, 1) && errno != EOPNOTSUPP)
		need(-1, "IOEVENTFD");
	munmap(page, PAGE);
	close(model);
	close(guest);
	close(fd);
	puts("left");
	fflush(stdout);
	for (;;) {
		signal_fd(msi_fd);
		signal_fd(efd);
	}
}

#define IRQFD_TESTS (11 + 12 + 2)
#define DOORBELL_TESTS (27 + 25 + 14 + 3)

int main(int argc, char **argv)
{
	int works = argc == 4 && !strcmp(argv[3], "dm-op");

	fd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	if (argc == 4 && !works) {
		need(fd, "/dev/xen/privcmd");
		dom = atoi(argv[2]);
		ram = strtoull(argv[3], NULL, 0);
		if (!strcmp(argv[1], "leave"))
			leave();
		return shut_down(ram);
	}
	if (argc < 3) {
		printf("KTAP version 1\n1..0 # SKIP usage: privcmd-eventfd DOMID GFN [dm-op]\n");
		return 4;
	}
	need(fd, "/dev/xen/privcmd");
	dom = atoi(argv[1]);
	ram = strtoull(argv[2], NULL, 0);
	plan(1 + IRQFD_TESTS + DOORBELL_TESTS);
	check_module("xen_privcmd");
	test_irqfd_errors();
	test_irqfd(works);
	test_irqfd_races();
	if (!strcmp(word("/sys/hypervisor/guest_type", ""), "PV")) {
		int efd = new_eventfd();

		doorbell_fails(WITH(), EOPNOTSUPP, "doorbells are not for PV domains");
		for (int i = 1; i < DOORBELL_TESTS; i++)
			skip("doorbells", "not for PV domains");
		return finish();
	}
	page = map_ram();
	slots = map_ram();
	open_channels();
	test_doorbell_errors();
	test_doorbells();
	test_ends();
	test_death();
	return finish();
}
