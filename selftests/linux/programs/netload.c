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
 *	netload raw-count IFACE ETHERTYPE SECONDS
 *	netload raw-send IFACE ETHERTYPE COUNT	broadcasts
 *	netload xdp IFACE pass|drop|tx SECONDS	attach such a program that long
 *	netload offload IFACE KIND 0|1		tso, gso, gro, sg, tx or rx
 *	netload stat IFACE NAME			one of the driver's statistics
 *
 * Content is a function of the position in the stream, so that lost, repeated and
 * moved data are seen. "plain" sends zeroes and checks only the length: for
 * measurements. Each ends with one line "netload: ..." and an exit status: 0 all
 * was as it should be, 1 not, 2 could not be tried.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
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

static struct sockaddr_in address(const char *host, const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };

	if (host && inet_pton(AF_INET, host, &a.sin_addr) != 1)
		die(host);
	return a;
}

static int bound(int type, const char *port)
{
	struct sockaddr_in a = address(NULL, port);
	int one = 1, s = socket(AF_INET, type, 0);

	if (s < 0)
		die("socket");
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(s, (void *)&a, sizeof(a)))
		die("bind");
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
	int l = bound(SOCK_STREAM, port), s;
	uint64_t got = 0, start;
	ssize_t n;

	if (listen(l, 1))
		die("listen");
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
	printf("netload: received %llu bytes in %llu ns\n", (unsigned long long)got,
	       (unsigned long long)(now_ns() - start));
	return 0;
}

static int connected(const char *host, const char *port)
{
	struct sockaddr_in a = address(host, port);

	for (int try = 0; try < 100; try++) {
		int s = socket(AF_INET, SOCK_STREAM, 0);

		if (s < 0)
			die("socket");
		if (!connect(s, (void *)&a, sizeof(a)))
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
	printf("netload: sent %llu bytes in %llu ns\n", (unsigned long long)sent,
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
	int s = bound(SOCK_DGRAM, port), size = 1 << 22;
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
	printf("netload: %llu datagrams, %llu wrong, in %llu ns\n", (unsigned long long)got,
	       (unsigned long long)bad, (unsigned long long)(end - start));
	return bad != 0;
}

/* A datagram says in its first word where in the stream the rest begins. */
static int udp_source(const char *host, const char *port, uint64_t count, size_t size,
		      unsigned int pause)
{
	struct sockaddr_in a = address(host, port);
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	uint64_t start = now_ns(), errors = 0;

	if (s < 0 || connect(s, (void *)&a, sizeof(a)))
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
	printf("netload: sent %llu datagrams, %llu errors, in %llu ns\n",
	       (unsigned long long)count, (unsigned long long)errors,
	       (unsigned long long)(now_ns() - start));
	return 0;
}

static int mcast_sink(const char *group, const char *port, int seconds)
{
	int s = bound(SOCK_DGRAM, port);
	struct ip_mreqn m = { .imr_multiaddr = address(group, port).sin_addr };
	uint64_t got = 0;

	m.imr_ifindex = if_nametoindex("eth0");
	if (setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)))
		die("IP_ADD_MEMBERSHIP");
	while (readable(s, seconds * 1000) && recv(s, buffer, CHUNK_MAX, 0) >= 0)
		got++;
	printf("netload: %llu datagrams\n", (unsigned long long)got);
	return 0;
}

static int raw_count(const char *iface, const char *type, int seconds)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET };
	int s = socket(AF_PACKET, SOCK_RAW, htons(strtoul(type, NULL, 0)));
	uint64_t got = 0, end = now_ns() + seconds * 1000000000ull;

	a.sll_protocol = htons(strtoul(type, NULL, 0));
	a.sll_ifindex = if_nametoindex(iface);
	if (s < 0 || bind(s, (void *)&a, sizeof(a)))
		die("packet socket");
	while (now_ns() < end)
		if (readable(s, 100) && recv(s, buffer, CHUNK_MAX, 0) > 0)
			got++;
	printf("netload: %llu packets\n", (unsigned long long)got);
	return 0;
}

static int raw_send(const char *iface, const char *type, unsigned int count)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET, .sll_halen = 6 };
	int s = socket(AF_PACKET, SOCK_RAW, 0);
	unsigned char frame[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1 };
	unsigned int n = strtoul(type, NULL, 0);

	frame[12] = n >> 8;
	frame[13] = n;
	a.sll_ifindex = if_nametoindex(iface);
	if (s < 0 || !a.sll_ifindex)
		die(iface);
	for (unsigned int i = 0; i < count; i++) {
		if (sendto(s, frame, sizeof(frame), 0, (void *)&a, sizeof(a)) < 0)
			die("sendto");
		usleep(2000);
	}
	return 0;
}

/* Programs of a few instructions; tx exchanges source and destination. */
#define XDP_INSN(c, d, s, o, i) { .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) }
#define XDP_LOAD(size, d, s, o)	XDP_INSN(BPF_LDX | (size) | BPF_MEM, d, s, o, 0)
#define XDP_STORE(size, d, s, o) XDP_INSN(BPF_STX | (size) | BPF_MEM, d, s, o, 0)

static const struct bpf_insn xdp_tx[] = {
	XDP_LOAD(BPF_W, 2, 1, 0),	/* data */
	XDP_LOAD(BPF_W, 3, 1, 4),	/* data_end */
	XDP_INSN(BPF_ALU64 | BPF_MOV | BPF_X, 4, 2, 0, 0),
	XDP_INSN(BPF_ALU64 | BPF_ADD | BPF_K, 4, 0, 0, 14),
	XDP_INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_DROP),
	XDP_INSN(BPF_JMP | BPF_JGT | BPF_X, 4, 3, 13, 0),
	XDP_LOAD(BPF_H, 5, 2, 0), XDP_LOAD(BPF_H, 6, 2, 6),
	XDP_STORE(BPF_H, 2, 6, 0), XDP_STORE(BPF_H, 2, 5, 6),
	XDP_LOAD(BPF_H, 5, 2, 2), XDP_LOAD(BPF_H, 6, 2, 8),
	XDP_STORE(BPF_H, 2, 6, 2), XDP_STORE(BPF_H, 2, 5, 8),
	XDP_LOAD(BPF_H, 5, 2, 4), XDP_LOAD(BPF_H, 6, 2, 10),
	XDP_STORE(BPF_H, 2, 6, 4), XDP_STORE(BPF_H, 2, 5, 10),
	XDP_INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_TX),
	XDP_INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
};

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(__NR_bpf, command, attr, sizeof(*attr));
}

static int xdp(const char *iface, const char *what, int seconds)
{
	struct bpf_insn fixed[] = {
		XDP_INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0,
			 !strcmp(what, "pass") ? XDP_PASS : XDP_DROP),
		XDP_INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	int tx = !strcmp(what, "tx"), prog, link;
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)(tx ? xdp_tx : fixed),
		.insn_cnt = tx ? sizeof(xdp_tx) / sizeof(xdp_tx[0]) : 2,
		.license = (uintptr_t)"GPL",
	};
	union bpf_attr attach = {
		.link_create.target_ifindex = if_nametoindex(iface),
		.link_create.attach_type = BPF_XDP,
		.link_create.flags = XDP_FLAGS_DRV_MODE,
	};

	prog = bpf(BPF_PROG_LOAD, &load);
	if (prog < 0)
		die("BPF_PROG_LOAD");
	attach.link_create.prog_fd = prog;
	link = bpf(BPF_LINK_CREATE, &attach);
	if (link < 0)
		die("BPF_LINK_CREATE");
	printf("netload: xdp %s attached\n", what);
	sleep(seconds);
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

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int plain = argc > 3 && !strcmp(argv[argc > 5 ? 5 : 3], "plain");

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
	if (!strcmp(what, "raw-count") && argc == 5)
		return raw_count(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(what, "raw-send") && argc == 5)
		return raw_send(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(what, "xdp") && argc == 5)
		return xdp(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(what, "offload") && argc == 5)
		return offload(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(what, "stat") && argc == 4)
		return stat_of(argv[2], argv[3]);
	fprintf(stderr, "usage: see the head of netload.c\n");
	return 2;
}
