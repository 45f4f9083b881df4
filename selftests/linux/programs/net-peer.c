// SPDX-License-Identifier: GPL-2.0-only
/*
 * net-peer -- an honest frontend that uses what no kernel's frontend does.
 *
 *	net-peer hash SECONDS	two queues; hashes by the control ring. Received packets
 *				must carry the hash that we compute, and come to the
 *				queue that our map gives it
 *	net-peer mcast SECONDS	multicast control: what is received, four times: with one
 *				group asked for, not any more, control given up, and taken
 *				up again
 *	net-peer stall SECONDS	no buffers for so long, then as many as fit
 *	net-peer prefix SECONDS	segmented packets announced as old frontends want it;
 *				"net-hostile-front large" sends them
 *	net-peer static SECONDS	grants that the backend keeps mapped: the buffers, and the
 *				page of what is sent
 *
 * In a guest whose xen-netfront is not bound. Dom0 sends meanwhile: "net-peer: ready N"
 * says that the N-th part begins, "net-peer: part N: ..." what came of it, "net-peer: ok"
 * or "not ok" is last.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <time.h>

#include "netwire-front.h"

#define BUFFERS		64
#define KEY_BYTES	40
#define MAP_SIZE	4

struct queue {
	struct page tx, rx, buffer[BUFFERS];
	netif_rx_sring_t *ring;
	unsigned int req_prod, rsp_cons;
	int port;
};

static struct queue queues[2];
static unsigned int nqueues;

/* Segmented packets by the prefix form. */
static struct {
	unsigned int good, wrong;
	unsigned int length;		/* of the packet that has begun; 0: none */
} prefixed;

/* What was seen of received packets. */
static struct {
	unsigned int packets, datagrams, hashed, wrong, tcp, per_queue[2], group[3];
} seen;

static const unsigned char key[KEY_BYTES] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};
static const uint32_t map[MAP_SIZE] = { 0, 1, 1, 0 };

/* By definition: bit by bit, the key shifted along. */
static uint32_t toeplitz(const unsigned char *input, unsigned int len)
{
	uint32_t window = key[0] << 24 | key[1] << 16 | key[2] << 8 | key[3], hash = 0;

	for (unsigned int bit = 0; bit < len * 8; bit++) {
		unsigned int next = bit + 32;

		if (input[bit / 8] & (0x80 >> bit % 8))
			hash ^= window;
		window = window << 1 |
			 (next < KEY_BYTES * 8 && key[next / 8] & (0x80 >> next % 8));
	}
	return hash;
}

/* The hash of an IP packet and its type; -1: it has none. */
static int hash_of(const unsigned char *frame, uint32_t *hash)
{
	unsigned char input[36];
	unsigned int type = frame[12] << 8 | frame[13];

	if (type == 0x0800 && frame[14] == 0x45) {
		int tcp = frame[14 + 9] == 6;

		memcpy(input, frame + 14 + 12, 8);
		memcpy(input + 8, frame + 14 + 20, 4);
		*hash = toeplitz(input, tcp ? 12 : 8);
		return tcp ? 1 : 0;
	}
	if (type == 0x86dd && (frame[14 + 6] == 6 || frame[14 + 6] == 17)) {
		int tcp = frame[14 + 6] == 6;

		memcpy(input, frame + 14 + 8, 32);
		memcpy(input + 32, frame + 14 + 40, 4);
		*hash = toeplitz(input, tcp ? 36 : 32);
		return tcp ? 3 : 2;
	}
	return -1;
}

static void check_hash(unsigned int q, const unsigned char *frame,
		       const netif_extra_info_t *extra)
{
	uint32_t wanted, got;
	int type = hash_of(frame, &wanted);

	if (type < 0)
		return;
	memcpy(&got, extra ? extra->u.hash.value : (const uint8_t *)"\0\0\0", sizeof(got));
	if (extra && extra->u.hash.algorithm == 1 && extra->u.hash.type == type &&
	    got == wanted && map[wanted % MAP_SIZE] == q) {
		seen.hashed++;
		seen.tcp += type & 1;
		return;
	}
	seen.wrong++;
	printf("net-peer: queue %u, type %d hash %08x, wanted %d %08x in queue %u\n", q,
	       extra ? extra->u.hash.type : -1, got, type, wanted, map[wanted % MAP_SIZE]);
}

/* Who we are, to whoever asks: without it nobody could send to us. */
static const unsigned char mac[6] = { 0x00, 0x16, 0x3e, 0x00, 0x00, 0x02 };

static void reply(unsigned int len)
{
	slot(0, data[3].ref, 0, len);
	push();
}

static void answer_arp(const unsigned char *asked)
{
	unsigned char *f = data[3].at;

	memcpy(f, asked + 6, 6);
	memcpy(f + 6, mac, 6);
	memcpy(f + 12, asked + 12, 9);
	f[21] = 2;
	memcpy(f + 22, mac, 6);
	memcpy(f + 28, asked + 38, 4);
	memcpy(f + 32, asked + 22, 10);
	memset(f + 42, 0, 18);
	reply(60);
}

/* Of an ICMPv6 message of 32 bytes and its pseudo header. */
static uint16_t checksum6(const unsigned char *ip)
{
	uint32_t sum = 32 + 58;

	for (int i = 8; i < 40 + 32; i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/* To a solicitation: an advertisement, solicited, that overrides. */
static void answer_neighbour(const unsigned char *asked)
{
	unsigned char *f = data[3].at, *ip = f + 14;
	uint16_t sum;

	memset(f, 0, 86);
	memcpy(f, asked + 6, 6);
	memcpy(f + 6, mac, 6);
	memcpy(f + 12, "\x86\xdd\x60\0\0\0\0\x20\x3a\xff", 10);
	memcpy(ip + 8, asked + 62, 16);
	memcpy(ip + 24, asked + 22, 16);
	memcpy(ip + 40, "\x88\0\0\0\x60", 5);
	memcpy(ip + 48, asked + 62, 16);
	ip[64] = 2;
	ip[65] = 1;
	memcpy(ip + 66, mac, 6);
	sum = checksum6(ip);
	ip[42] = sum >> 8;
	ip[43] = sum;
	reply(86);
}

static void answer(const unsigned char *frame)
{
	if (frame[12] == 8 && frame[13] == 6 && frame[21] == 1)
		answer_arp(frame);
	else if (frame[12] == 0x86 && frame[13] == 0xdd && frame[20] == 58 && frame[54] == 135)
		answer_neighbour(frame);
}

/* From "netload udp-source", with what it should have in it. */
static int datagram(const unsigned char *frame)
{
	uint32_t first, second;

	if (frame[12] != 8 || frame[13] || frame[14 + 9] != 17)
		return 0;
	memcpy(&first, frame + 42, 4);
	memcpy(&second, frame + 46, 4);
	return second == ((first / 4 * 2654435761u) ^ 0x5eed5eed);
}

static void take(unsigned int q, const unsigned char *frame, const netif_extra_info_t *extra,
		 int hashing)
{
	seen.packets++;
	seen.per_queue[q]++;
	seen.datagrams += datagram(frame);
	answer(frame);
	if (hashing)
		check_hash(q, frame, extra);
	/* 239.1.2.3 and its two neighbours. */
	if (!memcmp(frame, "\x01\x00\x5e\x01\x02", 5) && frame[5] >= 3 && frame[5] <= 5)
		seen.group[frame[5] - 3]++;
}

/* An answer without data that tells the size of segments, then the packet's slots. */
static void take_prefixed(const netif_rx_response_t *rsp, const unsigned char *at)
{
	if (rsp->flags & NETRXF_gso_prefix) {
		if (prefixed.length || rsp->offset != 1400 || rsp->status ||
		    !(rsp->flags & NETRXF_more_data))
			prefixed.wrong++;
		prefixed.length = 1;	/* begun */
		return;
	}
	if (!prefixed.length)
		return;			/* any other packet */
	for (int i = 0; i < rsp->status; i++) {
		unsigned int k = prefixed.length - 1 + i;

		if (k >= 54 && at[rsp->offset + i] != LARGE_BYTE(k)) {
			prefixed.wrong++;
			break;
		}
	}
	prefixed.length += rsp->status;
	if (rsp->flags & NETRXF_more_data)
		return;
	if (prefixed.length - 1 == 55000 || prefixed.length - 1 == 60000)
		prefixed.good++;
	else
		prefixed.wrong++;
	prefixed.length = 0;
}

/* Offer all buffers that are not with the backend. */
static void offer(struct queue *q)
{
	while (q->req_prod - q->rsp_cons < BUFFERS) {
		netif_rx_request_t *r = &q->ring->ring[q->req_prod & 255].req;

		r->id = q->req_prod & 255;
		r->gref = q->buffer[q->req_prod % BUFFERS].ref;
		q->req_prod++;
	}
	__sync_synchronize();
	q->ring->req_prod = q->req_prod;
	__sync_synchronize();
	xy_evtchn_notify(ev, q->port);
}

/* Take what is there. */
static void receive(unsigned int index, int hashing)
{
	struct queue *q = &queues[index];

	while (q->rsp_cons != *(volatile uint32_t *)&q->ring->rsp_prod) {
		netif_rx_response_t rsp = q->ring->ring[q->rsp_cons & 255].rsp;
		const unsigned char *frame = q->buffer[q->rsp_cons % BUFFERS].at;
		netif_extra_info_t e, *hash = NULL;

		q->rsp_cons++;
		if (rsp.flags & NETRXF_extra_info) {
			do {
				memcpy(&e, &q->ring->ring[q->rsp_cons++ & 255].rsp, sizeof(e));
				if (e.type == XEN_NETIF_EXTRA_TYPE_HASH)
					hash = &e;
			} while (e.flags & 1);
		}
		take_prefixed(&rsp, frame);
		if (rsp.status > 0)
			take(index, frame + rsp.offset, hash, hashing);
	}
	offer(q);
}

static void receive_for(int ms, int hashing)
{
	memset(&seen, 0, sizeof(seen));
	for (; ms > 0; ms -= 10) {
		for (unsigned int i = 0; i < nqueues; i++)
			receive(i, hashing);
		usleep(10000);
	}
}

static void queue_keys(unsigned int i)
{
	struct queue *q = &queues[i];
	char name[64];

	snprintf(name, sizeof(name), "queue-%u/tx-ring-ref", i);
	put(name, "%u", q->tx.ref);
	snprintf(name, sizeof(name), "queue-%u/rx-ring-ref", i);
	put(name, "%u", q->rx.ref);
	snprintf(name, sizeof(name), "queue-%u/event-channel", i);
	put(name, "%d", q->port);
	snprintf(name, sizeof(name), "queue-%u/event-channel-tx", i);
	drop(name);
	snprintf(name, sizeof(name), "queue-%u/event-channel-rx", i);
	drop(name);
}

/* Queues and their keys; the first one of a single queue is netwire-front's. */
static void prepare(unsigned int count)
{
	restart();
	nqueues = count;
	for (unsigned int i = 0; i < count; i++) {
		struct queue *q = &queues[i];
		netif_tx_sring_t *tx_ring;

		q->tx = i ? grant() : tx_page;
		q->rx = i ? grant() : rx_page;
		for (unsigned int k = 0; k < BUFFERS; k++)
			q->buffer[k] = grant();
		q->ring = q->rx.at;
		tx_ring = q->tx.at;
		tx_ring->req_event = tx_ring->rsp_event = 1;
		q->ring->req_event = q->ring->rsp_event = 1;
		q->port = i ? xy_evtchn_bind_unbound(ev, peer) : port;
		if (count > 1)
			queue_keys(i);
	}
	if (count > 1)
		put("multi-queue-num-queues", "%u", count);
}

static void connect_or_die(void)
{
	if (!go())
		die("the backend is in state %d, not Connected", state());
	for (unsigned int i = 0; i < nqueues; i++)
		offer(&queues[i]);
}

static void request(uint16_t type, uint32_t a, uint32_t b, uint32_t c)
{
	control(type, a, b, c);
	if (control_status() != XEN_NETIF_CTRL_STATUS_SUCCESS)
		die("control request %u: status %d", type, (int)control_status());
}

static int hash(int seconds)
{
	prepare(2);
	with_control();
	connect_or_die();
	request(XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM, XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ,
		0, 0);
	memcpy(data[1].at, key, sizeof(key));
	request(XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, data[1].ref, sizeof(key), 0);
	request(XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE, MAP_SIZE, 0, 0);
	memcpy(data[2].at, map, sizeof(map));
	request(XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, data[2].ref, MAP_SIZE, 0);
	request(XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS, 0, 0, 0);
	request(XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS, 15, 0, 0);
	printf("net-peer: ready 1\n");
	receive_for(seconds * 1000, 1);
	printf("net-peer: part 1: %u packets, %u hashed, %u of them TCP, %u wrong, queues %u %u\n",
	       seen.packets, seen.hashed, seen.tcp, seen.wrong, seen.per_queue[0],
	       seen.per_queue[1]);
	return seen.wrong || seen.hashed < 20 || seen.tcp < 4 || !seen.per_queue[0] ||
	       !seen.per_queue[1];
}

static void group(uint8_t what, uint8_t last)
{
	netif_extra_info_t *e;
	int worst;

	slot(NETTXF_extra_info, data[0].ref, 0, 0);
	e = extra(what, 0);
	memcpy(e->u.mcast.addr, "\x01\x00\x5e\x01\x02", 5);
	e->u.mcast.addr[5] = last;
	push();
	if (!answered(&worst) || worst != 0)
		die("the group was answered with %d", worst);
}

/* One part: of our two groups, which ones arrive? */
static int part(int number, int ms, int first, int second)
{
	receive_for(50, 0);
	printf("net-peer: ready %d\n", number);
	receive_for(ms, 0);
	printf("net-peer: part %d: %u %u\n", number, seen.group[0], seen.group[1]);
	return !!seen.group[0] != first || !!seen.group[1] != second;
}

static int mcast(int seconds)
{
	int ms = seconds * 1000, bad;

	prepare(1);
	put("request-multicast-control", "1");
	connect_or_die();
	group(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 3);
	bad = part(1, ms, 1, 0);
	group(XEN_NETIF_EXTRA_TYPE_MCAST_DEL, 3);
	bad |= part(2, ms, 0, 0);
	put("request-multicast-control", "0");
	usleep(500000);
	bad |= part(3, ms, 1, 1);
	group(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 4);
	put("request-multicast-control", "1");
	usleep(500000);
	bad |= part(4, ms, 0, 1);
	drop("request-multicast-control");
	return bad;
}

static int stall(int seconds)
{
	prepare(1);
	if (!go())
		die("the backend is in state %d, not Connected", state());
	printf("net-peer: ready 1\n");
	sleep(seconds);
	offer(&queues[0]);
	printf("net-peer: ready 2\n");
	receive_for(seconds * 1000, 0);
	printf("net-peer: part 2: %u packets\n", seen.packets);
	return !seen.packets;
}

static int prefix(int seconds)
{
	prepare(1);
	put("feature-gso-tcpv4-prefix", "1");
	connect_or_die();
	printf("net-peer: ready 1\n");
	receive_for(seconds * 1000, 0);
	printf("net-peer: part 1: %u prefixed, %u wrong\n", prefixed.good, prefixed.wrong);
	drop("feature-gso-tcpv4-prefix");
	return prefixed.wrong || !prefixed.good;
}

/* What the backend is to keep mapped is listed in data[1]; replies go out from data[3]. */
static int fixed(int seconds)
{
	struct xen_netif_gref *list = data[1].at;
	unsigned int n = 0;

	prepare(1);
	with_control();
	connect_or_die();
	request(XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE, 0, 0, 0);
	if (ctrl->ring[(ctrl_prod - 1) & 127].rsp.data < BUFFERS + 1)
		die("too few grants can be mapped");
	for (; n < BUFFERS; n++)
		list[n] = (struct xen_netif_gref){ .ref = queues[0].buffer[n].ref };
	list[n++] = (struct xen_netif_gref){ .ref = data[3].ref,
					     .flags = XEN_NETIF_CTRLF_GREF_readonly };
	request(XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING, 0, data[1].ref, n);
	printf("net-peer: ready 1\n");
	receive_for(seconds * 1000, 0);
	printf("net-peer: part 1: %u datagrams, %u prefixed\n", seen.datagrams, prefixed.good);
	return seen.datagrams < 20;
}

int main(int argc, char **argv)
{
	int bad = 2;

	if (argc != 3) {
		fprintf(stderr, "usage: net-peer hash|mcast|stall|prefix|static SECONDS\n");
		return 2;
	}
	front_open();
	if (!strcmp(argv[1], "hash"))
		bad = hash(atoi(argv[2]));
	else if (!strcmp(argv[1], "mcast"))
		bad = mcast(atoi(argv[2]));
	else if (!strcmp(argv[1], "stall"))
		bad = stall(atoi(argv[2]));
	else if (!strcmp(argv[1], "prefix"))
		bad = prefix(atoi(argv[2]));
	else if (!strcmp(argv[1], "static"))
		bad = fixed(atoi(argv[2]));
	put("state", "6");
	drop("ctrl-ring-ref");
	printf("net-peer: %s\n", bad ? "not ok" : "ok");
	return bad;
}
