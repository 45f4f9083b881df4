// SPDX-License-Identifier: GPL-2.0-only
/*
 * netxdp -- programs for received packets (XDP), and frames to try them with.
 *
 *	netxdp run IFACE pass|drop|tx|redirect SECONDS
 *		attach such a program, in the driver, for so long; tx and redirect send
 *		a frame back to where it came from, redirect as any other device would.
 *		SIGTERM ends it early
 *	netxdp count IFACE ETHERTYPE SECONDS	frames of "send" that arrive
 *	netxdp send IFACE ETHERTYPE COUNT MAC [FIRST]
 *		of 60 to 1459 bytes, to that address; those numbered from 1000 on are of
 *		4200 to 8599
 *
 * A frame's size and content follow from its number, which it carries. Each ends with one
 * line "netxdp: ..." and an exit status: 0 all was as it should be, 1 not, 2 could
 * not be tried.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define HEADER	14
#define SMALLEST 60
#define SPREAD	1400
#define LARGE	1000	/* first number of those that are larger than a page */
#define LARGEST	8600

static void die(const char *what)
{
	printf("netxdp: %s: %s\n", what, strerror(errno));
	exit(2);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

/* Frames. */

static size_t frame_size(uint32_t number)
{
	if (number >= LARGE)
		return 4200 + number * 37 % (LARGEST - 4200);
	return SMALLEST + number * 37 % SPREAD;
}

static void frame_fill(unsigned char *frame, uint32_t number)
{
	memcpy(frame + HEADER, &number, sizeof(number));
	for (size_t i = HEADER + sizeof(number); i < frame_size(number); i++)
		frame[i] = number * 7 + i;
}

static int packet_socket(const char *iface, const char *type, int listen)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET };
	int s = socket(AF_PACKET, SOCK_RAW, 0);

	a.sll_protocol = listen ? htons(strtoul(type, NULL, 0)) : 0;
	a.sll_ifindex = if_nametoindex(iface);
	if (s < 0 || !a.sll_ifindex || bind(s, (void *)&a, sizeof(a)))
		die(iface);
	return s;
}

static int count(const char *iface, const char *type, int seconds)
{
	static unsigned char frame[LARGEST], wanted[LARGEST];
	int s = packet_socket(iface, type, 1);
	uint64_t end = now_ms() + seconds * 1000ull;
	unsigned int got = 0, bad = 0;
	struct pollfd p = { .fd = s, .events = POLLIN };
	uint32_t number;

	printf("netxdp: counting\n");
	while (now_ms() < end) {
		ssize_t n;

		if (poll(&p, 1, 100) <= 0)
			continue;
		n = recv(s, frame, sizeof(frame), 0);
		if (n < SMALLEST)
			continue;
		got++;
		memcpy(&number, frame + HEADER, sizeof(number));
		memcpy(wanted, frame, HEADER);
		frame_fill(wanted, number);
		if ((size_t)n != frame_size(number) || memcmp(frame, wanted, n))
			bad++;
	}
	printf("netxdp: %u packets, %u wrong\n", got, bad);
	return bad != 0;
}

/* Between two addresses of its own: a bridge drops what claims to come from a group. */
static void addresses(unsigned char *frame, int s, const char *iface, const char *mac)
{
	struct ifreq r = {};

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", iface);
	if (ioctl(s, SIOCGIFHWADDR, &r))
		die("SIOCGIFHWADDR");
	if (sscanf(mac, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &frame[0], &frame[1], &frame[2],
		   &frame[3], &frame[4], &frame[5]) != 6) {
		errno = EINVAL;
		die(mac);
	}
	memcpy(frame + 6, r.ifr_hwaddr.sa_data, 6);
}

static int send_frames(const char *iface, const char *type, unsigned int number,
		       const char *mac, unsigned int first)
{
	static unsigned char frame[LARGEST];
	struct sockaddr_ll a = { .sll_family = AF_PACKET, .sll_halen = 6 };
	int s = packet_socket(iface, type, 0);
	uint16_t ethertype = htons(strtoul(type, NULL, 0));

	addresses(frame, s, iface, mac);
	memcpy(frame + 12, &ethertype, sizeof(ethertype));
	a.sll_ifindex = if_nametoindex(iface);
	for (unsigned int i = first; i < first + number; i++) {
		frame_fill(frame, i);
		if (sendto(s, frame, frame_size(i), 0, (void *)&a, sizeof(a)) < 0)
			die("sendto");
		usleep(1000);
	}
	printf("netxdp: sent %u\n", number);
	return 0;
}

/* Programs. */

#define INSN(c, d, s, o, i) { .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) }
#define LOAD(size, d, s, o)	INSN(BPF_LDX | (size) | BPF_MEM, d, s, o, 0)
#define STORE(size, d, s, o)	INSN(BPF_STX | (size) | BPF_MEM, d, s, o, 0)
#define SET(d, i)		INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define EXIT			INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

/* Ethertype 0x88b5 as a little-endian CPU reads it: all of ours are. */
#define TYPE_IN_MEMORY	0xb588

/* Frames of that type go back, source and destination exchanged; others pass. */
#define BACK								\
	LOAD(BPF_W, 2, 1, 0),	/* data */				\
	LOAD(BPF_W, 3, 1, 4),	/* data_end */				\
	INSN(BPF_ALU64 | BPF_MOV | BPF_X, 4, 2, 0, 0),			\
	INSN(BPF_ALU64 | BPF_ADD | BPF_K, 4, 0, 0, HEADER),		\
	SET(0, XDP_PASS),						\
	INSN(BPF_JMP | BPF_JGT | BPF_X, 4, 3, 18, 0),			\
	LOAD(BPF_H, 5, 2, 12),						\
	INSN(BPF_JMP | BPF_JNE | BPF_K, 5, 0, 16, TYPE_IN_MEMORY),	\
	LOAD(BPF_H, 5, 2, 0), LOAD(BPF_H, 6, 2, 6),			\
	STORE(BPF_H, 2, 6, 0), STORE(BPF_H, 2, 5, 6),			\
	LOAD(BPF_H, 5, 2, 2), LOAD(BPF_H, 6, 2, 8),			\
	STORE(BPF_H, 2, 6, 2), STORE(BPF_H, 2, 5, 8),			\
	LOAD(BPF_H, 5, 2, 4), LOAD(BPF_H, 6, 2, 10),			\
	STORE(BPF_H, 2, 6, 4), STORE(BPF_H, 2, 5, 10)

static struct bpf_insn tx[] = {
	BACK, SET(0, XDP_TX), SET(1, 0), SET(1, 0), SET(1, 0), EXIT,
};

static struct bpf_insn redirect[] = {
	BACK, SET(1, 0 /* the interface */), SET(2, 0),
	INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect), SET(1, 0), EXIT,
};

static struct bpf_insn pass[] = { SET(0, XDP_PASS), EXIT };
static struct bpf_insn drop[] = { SET(0, XDP_DROP), EXIT };

#define SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *name;
	struct bpf_insn *insns;
	unsigned int count;
} programs[] = {
	{ "pass", pass, SIZE(pass) }, { "drop", drop, SIZE(drop) },
	{ "tx", tx, SIZE(tx) }, { "redirect", redirect, SIZE(redirect) },
};

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(__NR_bpf, command, attr, sizeof(*attr));
}

static int load(const char *name, unsigned int index)
{
	static char log[16384];
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP, .license = (uintptr_t)"GPL",
		.log_buf = (uintptr_t)log, .log_size = sizeof(log), .log_level = 1,
	};
	int prog;

	for (size_t i = 0; i < SIZE(programs); i++) {
		if (strcmp(name, programs[i].name))
			continue;
		attr.insns = (uintptr_t)programs[i].insns;
		attr.insn_cnt = programs[i].count;
	}
	if (!attr.insns) {
		errno = ENOENT;
		die(name);
	}
	redirect[SIZE(redirect) - 5].imm = index;
	prog = bpf(BPF_PROG_LOAD, &attr);
	if (prog < 0) {
		printf("%s\n", log);
		die("BPF_PROG_LOAD");
	}
	return prog;
}

static void end_sleep(int number)
{
	(void)number;
}

/* The program goes with the file that links it to the interface. */
static int run(const char *iface, const char *name, int seconds)
{
	union bpf_attr attach = {
		.link_create.target_ifindex = if_nametoindex(iface),
		.link_create.attach_type = BPF_XDP,
		.link_create.flags = XDP_FLAGS_DRV_MODE,
	};
	int link;

	attach.link_create.prog_fd = load(name, if_nametoindex(iface));
	link = bpf(BPF_LINK_CREATE, &attach);
	if (link < 0)
		die("BPF_LINK_CREATE");
	signal(SIGTERM, end_sleep);
	printf("netxdp: %s attached\n", name);
	sleep(seconds);
	close(link);
	printf("netxdp: %s detached\n", name);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "run") && argc == 5)
		return run(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(what, "count") && argc == 5)
		return count(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(what, "send") && (argc == 6 || argc == 7))
		return send_frames(argv[2], argv[3], atoi(argv[4]), argv[5],
				   argc == 7 ? atoi(argv[6]) : 0);
	fprintf(stderr, "usage: see the head of netxdp.c\n");
	return 2;
}
