// SPDX-License-Identifier: GPL-2.0-only
/*
 * netload -- network load of known content, checked at the other end.
 *
 *	netload tcp-sink PORT [plain]		one connection: read to its end
 *	netload tcp-source HOST PORT BYTES [plain] [CHUNK]
 *	netload udp-sink PORT COUNT SECONDS	datagrams until COUNT or silence
 *	netload udp-source HOST PORT COUNT SIZE [PAUSE_US]
 *		a pause after every 16 datagrams
 *	netload mcast-sink GROUP PORT SECONDS
 *	netload offload IFACE KIND 0|1		tso, gso, gro, sg, tx or rx
 *	netload stat IFACE NAME			one of the driver's statistics
 *	netload starve KIB SECONDS IFACE BYTES	the kernel keeps so much memory back,
 *						once so much has come in at IFACE
 *	netload seed				the kernel's random numbers are ready
 *
 * Content is a function of the position in the stream, so that lost, repeated and
 * moved data are seen. "plain" sends zeroes and checks only the length: for
 * measurements. HOST is an IPv4 or IPv6 address; sinks listen to both. A sink says
 * "netload: PORT: ready" when it listens. Each ends with one line "netload: PORT: ..."
 * and an exit status: 0 all was as it should be, 1 not, 2 could not be tried. None
 * runs for longer than NETLOAD_LIMIT seconds (120). NETLOAD_IDLE: only when nobody
 * else wants to.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/random.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "machine.h"

#define BURST		16
#define CHUNK_MAX	(256 * 1024)

static uint32_t buffer[CHUNK_MAX / 4 + 1];

static void die(const char *what)
{
	printf("netload: %s: %s\n", what, strerror(errno));
	exit(2);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* With NETLOAD_MARK in the environment: QEMU's plugin counts from here to there. */
static int marking;

static void count_from_here(void)
{
	if (marking)
		mark_start();
}

static void count_to_here(void)
{
	if (marking)
		mark_stop();
}

/* The 32-bit word at a position of the stream, in words. */
static uint32_t word(uint64_t at)
{
	return (uint32_t)at * 2654435761u ^ (uint32_t)(at >> 32) ^ 0x5eed5eed;
}

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Returns the length of what it made. */
static socklen_t address(union address *a, const char *host, const char *port)
{
	memset(a, 0, sizeof(*a));
	if (strchr(host, ':')) {
		a->v6.sin6_family = AF_INET6;
		a->v6.sin6_port = htons(atoi(port));
		if (inet_pton(AF_INET6, host, &a->v6.sin6_addr) != 1)
			die(host);
		return sizeof(a->v6);
	}
	a->v4.sin_family = AF_INET;
	a->v4.sin_port = htons(atoi(port));
	if (inet_pton(AF_INET, host, &a->v4.sin_addr) != 1)
		die(host);
	return sizeof(a->v4);
}

/* Linux's IPv6 sockets take IPv4 as well; a kernel may be without IPv6. */
static int bound(int type, const char *host, const char *port)
{
	union address a;
	socklen_t len = address(&a, host, port);
	int one = 1, s = socket(a.any.sa_family, type, 0);

	if (s < 0 && errno == EAFNOSUPPORT) {
		len = address(&a, "0.0.0.0", port);
		s = socket(a.any.sa_family, type, 0);
	}
	if (s < 0)
		die("socket");
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(s, &a.any, len) || (type == SOCK_STREAM && listen(s, 1)))
		die("bind");
	printf("netload: %s: ready\n", port);
	return s;
}

/* Bytes at a byte position of the stream, compared with what they must be. */
static int check(const unsigned char *data, size_t len, uint64_t at)
{
	for (size_t i = 0; i < len; i++, at++) {
		if (data[i] != (unsigned char)(word(at / 4) >> at % 4 * 8)) {
			printf("netload: wrong byte at %llu\n", (unsigned long long)at);
			return 1;
		}
	}
	return 0;
}

static int tcp_sink(const char *port, int plain)
{
	int l = bound(SOCK_STREAM, "::", port), s;
	uint64_t got = 0, start;
	ssize_t n;

	s = accept(l, NULL, NULL);
	if (s < 0)
		die("accept");
	count_from_here();
	start = now_ns();
	while ((n = read(s, buffer, CHUNK_MAX)) > 0) {
		if (!plain && check((void *)buffer, n, got))
			return 1;
		got += n;
	}
	if (n < 0)
		die("read");
	count_to_here();
	/* The last word: the source learns that everything came. */
	if (write(s, &got, sizeof(got)) != sizeof(got))
		die("write");
	printf("netload: %s: received %llu bytes in %llu ns\n", port, (unsigned long long)got,
	       (unsigned long long)(now_ns() - start));
	return 0;
}

static int connected(const char *host, const char *port)
{
	union address a;
	socklen_t len = address(&a, host, port);

	for (int try = 0; try < 100; try++) {
		int s = socket(a.any.sa_family, SOCK_STREAM, 0);

		if (s < 0)
			die("socket");
		if (!connect(s, &a.any, len))
			return s;
		close(s);
		usleep(100000);
	}
	die("connect");
	return -1;
}

static int tcp_source(const char *host, const char *port, uint64_t bytes, int plain,
		      size_t chunk)
{
	int s = connected(host, port);
	uint64_t sent = 0, got = 0, start = now_ns();

	count_from_here();
	while (sent < bytes) {
		size_t len = bytes - sent < chunk ? bytes - sent : chunk;
		ssize_t n;

		if (!plain)
			for (size_t i = 0; i < len / 4 + 1; i++)
				buffer[i] = word(sent / 4 + i);
		n = write(s, (char *)buffer + (plain ? 0 : sent % 4),
			  plain || len < 4 ? len : len - sent % 4);
		if (n < 0)
			die("write");
		sent += n;
	}
	shutdown(s, SHUT_WR);
	if (read(s, &got, sizeof(got)) != sizeof(got))
		die("no word from the sink");
	count_to_here();
	printf("netload: %s: sent %llu bytes in %llu ns\n", port, (unsigned long long)sent,
	       (unsigned long long)(now_ns() - start));
	return got != bytes;
}

static int readable(int s, int ms)
{
	struct pollfd p = { .fd = s, .events = POLLIN };

	return poll(&p, 1, ms) > 0;
}

static int udp_sink(const char *port, uint64_t count, int seconds)
{
	int s = bound(SOCK_DGRAM, "::", port), size = 1 << 22;
	uint64_t got = 0, bad = 0, start = 0, end = 0;

	setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	while (got < count && readable(s, seconds * 1000)) {
		ssize_t n = recv(s, buffer, CHUNK_MAX, 0);

		if (n < 0)
			die("recv");
		if (!start) {
			count_from_here();
			start = now_ns();
		}
		end = now_ns();
		if (n < 4 || check((unsigned char *)buffer + 4, n - 4, buffer[0]))
			bad++;
		got++;
	}
	count_to_here();
	printf("netload: %s: %llu datagrams, %llu wrong, in %llu ns\n", port,
	       (unsigned long long)got, (unsigned long long)bad,
	       (unsigned long long)(end - start));
	return bad != 0;
}

/* A datagram says in its first word where in the stream the rest begins. */
static int udp_source(const char *host, const char *port, uint64_t count, size_t size,
		      unsigned int pause)
{
	union address a;
	socklen_t len = address(&a, host, port);
	int s = socket(a.any.sa_family, SOCK_DGRAM, 0);
	uint64_t start = now_ns(), errors = 0;

	if (s < 0 || connect(s, &a.any, len))
		die("connect");
	count_from_here();
	for (uint64_t i = 0; i < count; i++) {
		buffer[0] = (uint32_t)i * 4;
		for (size_t w = 0; w < size / 4; w++)
			buffer[w + 1] = word((uint32_t)i + w);
		if (send(s, buffer, size, 0) < 0)
			errors++;
		if (pause && i % BURST == BURST - 1)
			usleep(pause);
	}
	if (marking) {
		/* Until the last one was received; idle time is not counted. */
		usleep(300000);
		count_to_here();
	}
	printf("netload: %s: sent %llu datagrams, %llu errors, in %llu ns\n", port,
	       (unsigned long long)count, (unsigned long long)errors,
	       (unsigned long long)(now_ns() - start));
	return 0;
}

static int mcast_sink(const char *group, const char *port, int seconds)
{
	int s = bound(SOCK_DGRAM, "0.0.0.0", port);
	struct ip_mreqn m = {};
	uint64_t got = 0;

	m.imr_ifindex = if_nametoindex("eth0");
	if (inet_pton(AF_INET, group, &m.imr_multiaddr) != 1)
		die(group);
	if (setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)))
		die("IP_ADD_MEMBERSHIP");
	while (readable(s, seconds * 1000) && recv(s, buffer, CHUNK_MAX, 0) >= 0)
		got++;
	printf("netload: %s: %llu datagrams\n", port, (unsigned long long)got);
	return 0;
}

static int ethtool(const char *iface, void *command)
{
	struct ifreq r = { .ifr_data = command };
	int s = socket(AF_INET, SOCK_DGRAM, 0), err;

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", iface);
	err = ioctl(s, SIOCETHTOOL, &r);
	close(s);
	return err;
}

static int offload(const char *iface, const char *kind, int on)
{
	static const struct {
		const char *name;
		uint32_t command;
	} kinds[] = {
		{ "tso", ETHTOOL_STSO }, { "gso", ETHTOOL_SGSO }, { "gro", ETHTOOL_SGRO },
		{ "sg", ETHTOOL_SSG }, { "tx", ETHTOOL_STXCSUM }, { "rx", ETHTOOL_SRXCSUM },
	};
	struct ethtool_value v = { .data = on };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kind, kinds[i].name))
			continue;
		v.cmd = kinds[i].command;
		if (ethtool(iface, &v))
			die(kind);
		return 0;
	}
	errno = EINVAL;
	die(kind);
	return 2;
}

static int stat_of(const char *iface, const char *name)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ethtool_gstrings *names;
	struct ethtool_stats *values;

	if (ethtool(iface, &info))
		die("ETHTOOL_GDRVINFO");
	names = calloc(1, sizeof(*names) + info.n_stats * ETH_GSTRING_LEN);
	values = calloc(1, sizeof(*values) + info.n_stats * sizeof(uint64_t));
	if (!names || !values)
		die("memory");
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = info.n_stats;
	values->cmd = ETHTOOL_GSTATS;
	values->n_stats = info.n_stats;
	if (ethtool(iface, names) || ethtool(iface, values))
		die("ETHTOOL_GSTATS");
	for (uint32_t i = 0; i < info.n_stats; i++) {
		if (strcmp((char *)names->data + i * ETH_GSTRING_LEN, name))
			continue;
		printf("%llu\n", (unsigned long long)values->data[i]);
		return 0;
	}
	errno = ENOENT;
	die(name);
	return 2;
}

static uint64_t number_in(int fd)
{
	char text[32] = {};

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		die("pread");
	return strtoull(text, NULL, 0);
}

/*
 * Allocations that may not wait fail while the kernel thinks itself out of memory, and
 * for one that may it kills somebody: whoever is to live through it must have all he
 * needs, which the load has when some of it was received. Everything here is ready before.
 */
static int starve(const char *kib, int seconds, const char *iface, uint64_t bytes)
{
	char before[32] = {}, path[128];
	int fd = open("/proc/sys/vm/min_free_kbytes", O_RDWR);
	int score = open("/proc/self/oom_score_adj", O_WRONLY), received;
	uint64_t start;

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/rx_bytes", iface);
	received = open(path, O_RDONLY);
	if (received < 0)
		die(path);
	if (fd < 0 || read(fd, before, sizeof(before) - 1) <= 0)
		die("min_free_kbytes");
	if (score < 0 || write(score, "-1000", 5) != 5)
		die("oom_score_adj");
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		die("mlockall");
	start = number_in(received);
	printf("netload: to starve\n");
	while (number_in(received) - start < bytes)
		usleep(1000);
	if (pwrite(fd, kib, strlen(kib), 0) < 0)
		die("min_free_kbytes");
	sleep(seconds);
	if (pwrite(fd, before, strlen(before), 0) < 0)
		die("min_free_kbytes");
	printf("netload: starved\n");
	return 0;
}

/*
 * Until it has collected enough a kernel mixes all it has anew for every random number
 * it needs, thousands of instructions each time. Nothing collects in a guest of ours; any
 * other system is past that within a second.
 */
static int seed(void)
{
	struct {
		struct rand_pool_info info;
		uint32_t data[64];
	} pool = { .info = { .entropy_count = 64 * 32, .buf_size = 64 * 4 } };
	int fd = open("/dev/urandom", O_RDWR);

	for (size_t i = 0; i < 64; i++)
		pool.data[i] = word(i);
	if (fd < 0 || ioctl(fd, RNDADDENTROPY, &pool))
		die("/dev/urandom");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int plain = argc > 3 && !strcmp(argv[argc > 5 ? 5 : 3], "plain");

	const char *limit = getenv("NETLOAD_LIMIT");

	alarm(limit ? atoi(limit) : 120);
	if (getenv("NETLOAD_IDLE") &&
	    sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){ 0 }))
		die("SCHED_IDLE");
	marking = getenv("NETLOAD_MARK") != NULL;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "tcp-sink") && argc >= 3)
		return tcp_sink(argv[2], plain);
	if (!strcmp(what, "tcp-source") && argc >= 5)
		return tcp_source(argv[2], argv[3], strtoull(argv[4], NULL, 0), plain,
				  argc > 6 ? strtoul(argv[6], NULL, 0) : 65536);
	if (!strcmp(what, "udp-sink") && argc == 5)
		return udp_sink(argv[2], strtoull(argv[3], NULL, 0), atoi(argv[4]));
	if (!strcmp(what, "udp-source") && argc >= 6)
		return udp_source(argv[2], argv[3], strtoull(argv[4], NULL, 0),
				  strtoul(argv[5], NULL, 0), argc > 6 ? atoi(argv[6]) : 0);
	if (!strcmp(what, "mcast-sink") && argc == 5)
		return mcast_sink(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(what, "offload") && argc == 5)
		return offload(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(what, "stat") && argc == 4)
		return stat_of(argv[2], argv[3]);
	if (!strcmp(what, "starve") && argc == 6)
		return starve(argv[2], atoi(argv[3]), argv[4], strtoull(argv[5], NULL, 0));
	if (!strcmp(what, "seed"))
		return seed();
	fprintf(stderr, "usage: see the head of netload.c\n");
	return 2;
}
