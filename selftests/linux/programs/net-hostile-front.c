// SPDX-License-Identifier: GPL-2.0-only
/*
 * net-hostile-front -- a frontend that does what no honest one does.
 *
 *	net-hostile-front [CASE...]	in a guest whose xen-netfront is not bound
 *	net-hostile-front race		requests that change while they are read
 *	net-hostile-front large IFACE	in dom0, beside it: sends the guest large packets,
 *					each of many pages, until killed
 *	net-hostile-front list		the cases, and what must happen
 *
 * A line "net-hostile-front: ok|not ok CASE: WHAT HAPPENED" for each case. What must
 * happen is part of it:
 *
 *	closed		the backend goes to Closing and tells why
 *	refused		it does not connect
 *	error		the packet is answered with an error, the device lives
 *	alive		the device lives
 *
 * After each case an honest connection must work and a packet must be answered well:
 * misuse may cost the device, never more.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <sys/socket.h>

#include "netwire-front.h"

#define BAD_REF	0x7fffffffu
#define RX_PACKET 21		/* buffers that any packet fits */
#define LARGE_SLOTS 15		/* of those that "large" sends */

enum outcome { CLOSED, REFUSED, ERROR, ALIVE };
static const char *const outcome_names[] = { "closed", "refused", "error", "alive" };

static const char *complaint;	/* of a case that looks itself at what came */

/* Cases before connecting: what is written into xenstore. */
static void k_queues_many(void) { put("multi-queue-num-queues", "1000"); }
static void k_queues_none(void) { put("multi-queue-num-queues", "0"); }
static void k_queues_absent(void) { put("multi-queue-num-queues", "2"); }
static void k_tx_ref(void) { put("tx-ring-ref", "%u", BAD_REF); }
static void k_rx_ref(void) { put("rx-ring-ref", "%u", BAD_REF); }
static void k_ref_text(void) { put("tx-ring-ref", "pigs"); }
static void k_port(void) { put("event-channel", "4000"); }
static void k_no_port(void) { drop("event-channel"); }
static void k_no_copy(void) { put("request-rx-copy", "0"); }
static void k_tx_index(void) { tx->rsp_prod = 5; tx->req_prod = 900; }
static void k_rx_index(void) { rx->rsp_prod = 900; rx->req_prod = 5; }
static void k_headroom(void) { put("xdp-headroom", "60000"); }
static void k_headroom_text(void) { put("xdp-headroom", "-1"); }
static void k_large(void) { put("xdp-headroom", "256"); put("feature-gso-tcpv4", "1"); }
static void k_large_most(void) { put("xdp-headroom", "1024"); put("feature-gso-tcpv4", "1"); }
static void k_ctrl_ref(void) { with_control(); put("ctrl-ring-ref", "%u", BAD_REF); }
static void k_ctrl_port(void) { with_control(); put("event-channel-ctrl", "4000"); }
static void k_ctrl_index(void) { with_control(); ctrl->req_prod = 1000; }
static void k_ctrl(void) { with_control(); }
static void k_large_ctrl(void) { k_large(); with_control(); }

/* Cases when connected. */
static void r_prod_far(void) { tx_prod += 300; push(); }
static void r_prod_back(void) { tx_prod -= 1; push(); }
static void r_outside(void) { slot(0, data[0].ref, 4000, 200); push(); }
static void r_offset(void) { slot(0, data[0].ref, 0xffff, 60); push(); }
static void r_more_end(void) { slot(NETTXF_more_data, data[0].ref, 0, 60); push(); }
static void r_extra_end(void) { slot(NETTXF_extra_info, data[0].ref, 0, 60); push(); }
static void r_huge(void) { slot(0, data[0].ref, 0, 0xffff); push(); }
static void r_empty(void) { slot(0, data[0].ref, 0, 0); push(); }
static void r_short(void) { slot(0, data[0].ref, 0, 10); push(); }
static void r_ref(void) { slot(0, BAD_REF, 0, 60); push(); }
static void r_ref_max(void) { slot(0, 0xffffffff, 0, 60); push(); }
static void r_flags(void) { slot(0xfff0, data[0].ref, 0, 60); push(); }
static void r_blank(void) { slot(NETTXF_csum_blank, data[0].ref, 0, 60); push(); }

static void with_extra(uint8_t type, uint8_t flags)
{
	slot(NETTXF_extra_info, data[0].ref, 0, 60);
	extra(type, flags);
}

static void r_extra_none(void) { with_extra(0, 0); push(); }
static void r_extra_type(void) { with_extra(255, 0); push(); }
static void r_hash(void) { with_extra(4, 0); push(); }

static void r_extra_many(void)
{
	with_extra(1, 1);
	for (int i = 0; i < 100; i++)
		extra(4, 1)->u.gso.size = 100;
	push();
}

static void gso(uint16_t size, uint8_t type)
{
	netif_extra_info_t *e;

	slot(NETTXF_extra_info | NETTXF_csum_blank, data[0].ref, 0, 3000);
	e = extra(1, 0);
	e->u.gso.size = size;
	e->u.gso.type = type;
	push();
}

static void r_gso_zero(void) { gso(0, 1); }
static void r_gso_type(void) { gso(1000, 7); }
static void r_gso_tiny(void) { gso(1, 1); }
static void r_gso_garbage(void) { gso(1000, 1); }

static void slots(int n, uint16_t total, uint16_t each)
{
	slot(n > 1 ? NETTXF_more_data : 0, data[0].ref, 0, total);
	for (int i = 1; i < n; i++)
		slot(i < n - 1 ? NETTXF_more_data : 0, data[i % DATA].ref, 0, each);
	push();
}

static void r_slots_30(void) { slots(30, 3100, 100); }
static void r_slots_19(void) { slots(19, 2000, 100); }
static void r_slots_empty(void) { slots(18, 60, 0); }
static void r_slot_larger(void) { slots(2, 100, 200); }

static void r_second_outside(void)
{
	slot(NETTXF_more_data, data[0].ref, 0, 300);
	slot(0, data[1].ref, 4000, 200);
	push();
}

static void r_second_ref(void)
{
	slot(NETTXF_more_data, data[0].ref, 0, 3000);
	slot(0, BAD_REF, 0, 2000);
	push();
}

static void r_mcast_many(void)
{
	netif_extra_info_t *e;

	for (int i = 0; i < 100; i++) {
		slot(NETTXF_extra_info, data[0].ref, 0, 0);
		e = extra(2, 0);
		memcpy(e->u.mcast.addr, "\x33\x33\x00\x00\x00", 5);
		e->u.mcast.addr[5] = i;
	}
	push();
}

static void r_rx_prod(void) { rx->req_prod = 100000; notify(); usleep(300000); }

static void r_rx_refs(void)
{
	for (unsigned int i = 0; i < 256; i++) {
		rx->ring[i].req.id = i;
		rx->ring[i].req.gref = BAD_REF - i;
	}
	rx->req_prod = 256;
	notify();
	sleep(1);	/* dom0 sends broadcasts all the time */
}

static void r_rx_indices(void)
{
	rx->rsp_prod = 12345;
	rx->rsp_event = 54321;
	rx->req_event = 1;
	notify();
	usleep(300000);
}

/* Received packets, slot by slot: which one a slot belongs to, and the longest so far. */
static struct {
	unsigned int slots, longest;
	int extras, more;
} chain;

static void chain_slot(const netif_rx_response_t *rsp)
{
	if (chain.extras) {
		chain.extras = ((const netif_extra_info_t *)rsp)->flags & 1;
	} else {
		chain.more = rsp->flags & NETRXF_more_data;
		chain.extras = rsp->flags & NETRXF_extra_info;
		chain.slots++;
	}
	if (chain.more || chain.extras)
		return;
	if (chain.slots > chain.longest)
		chain.longest = chain.slots;
	chain.slots = 0;
}

/* Buffers for one packet, and no more than that, again and again. */
static void receive(unsigned int enough)
{
	unsigned int offered = 0, taken = 0;

	memset(&chain, 0, sizeof(chain));
	for (int ms = 0; ms < patience(8000) && chain.longest < enough; ms += 20) {
		for (; offered - taken < RX_PACKET; offered++) {
			rx->ring[offered & 255].req.id = offered & 255;
			rx->ring[offered & 255].req.gref = data[offered % DATA].ref;
		}
		__sync_synchronize();
		rx->req_prod = offered;
		notify();
		usleep(20000);
		if (rx->rsp_prod - taken > offered - taken) {
			complaint = "more answers than buffers";
			return;
		}
		__sync_synchronize();
		for (unsigned int end = rx->rsp_prod; taken != end; taken++)
			chain_slot(&rx->ring[taken & 255].rsp);
	}
}

/* Large packets come ("large"): of many slots, and never more than there are buffers. */
static void r_large(void)
{
	receive(LARGE_SLOTS);
	if (!complaint && chain.longest < LARGE_SLOTS)
		complaint = "no packet of many slots came";
}

static void r_storm(void)
{
	for (int i = 0; i < 20000; i++)
		notify();
}

/* Change requests while they are looked at. */
static void r_race(void)
{
	for (int round = 0; round < 200 && state() == 4; round++) {
		netif_tx_request_t *r = slot(0, data[0].ref, 0, 60);

		push();
		for (int i = 0; i < 2000; i++) {
			r->size = i & 1 ? 60 : 0xffff;
			r->offset = i & 1 ? 0 : 4090;
			r->flags = i & 2 ? NETTXF_more_data : 0;
		}
		usleep(1000);
	}
	tx_prod = tx->rsp_prod;
}

static void r_ctrl_far(void) { ctrl_prod += 200; control(1, 0, 0, 0); }

static void want(uint32_t status, uint16_t type, uint32_t a, uint32_t b, uint32_t c)
{
	control(type, a, b, c);
	if (control_status() == status)
		return;
	printf("net-hostile-front: control request %u: status %d, wanted %u\n", type,
	       (int)control_status(), status);
	complaint = "control requests answered wrongly";
}

static void r_ctrl_misuse(void)
{
	want(1, 0, 0, 0, 0);
	want(1, 999, 0, 0, 0);
	want(1, 1, 0, 0, 0);
	want(2, 7, 5, 0, 0);
	want(0, 7, 1, 0, 0);
	want(2, 2, 0xff00, 0, 0);
	want(2, 3, BAD_REF, 40, 0);
	want(3, 3, data[1].ref, 41, 0);
	want(2, 5, 100000, 0, 0);
	want(0, 5, 8, 0, 0);
	want(2, 6, data[1].ref, 9, 0);
	want(2, 6, data[1].ref, 0xffffffff, 8);
	want(2, 6, BAD_REF, 4, 0);
	((uint32_t *)data[1].at)[0] = 12345;
	want(2, 6, data[1].ref, 1, 0);
}

/* Grants to be kept mapped: a list in data[1]. */
static void list(unsigned int i, uint32_t ref, uint16_t flags)
{
	struct xen_netif_gref *g = (struct xen_netif_gref *)data[1].at + i;

	g->ref = ref;
	g->flags = flags;
}

static void want_added(uint32_t status, uint32_t queue, uint32_t ref, uint32_t count)
{
	want(status, XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING, queue, ref, count);
}

static void r_static_misuse(void)
{
	want(2, XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE, 5, 0, 0);
	want(0, XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE, 0, 0, 0);
	list(0, data[2].ref, 0);
	list(1, data[2].ref, 0);
	want_added(2, 0, data[1].ref, 2);	/* twice in one list */
	want_added(2, 5, data[1].ref, 1);
	want_added(2, 0, BAD_REF, 1);
	want_added(2, 0, data[1].ref, 0);
	want_added(2, 0, data[1].ref, 513);
	want_added(2, 0, data[1].ref, 0xffffffff);
	list(1, BAD_REF, 0);
	want_added(2, 0, data[1].ref, 2);	/* all or nothing */
	want_added(0, 0, data[1].ref, 1);
	want_added(2, 0, data[1].ref, 1);	/* it is there */
	want(1, XEN_NETIF_CTRL_TYPE_DEL_GREF_MAPPING, 0, data[1].ref, 1);
	slot(0, data[2].ref, 4000, 96);
	push();
}

/* Mapped for reading only, and offered as buffers. */
static void r_static_readonly(void)
{
	for (unsigned int i = 0; i < DATA; i++)
		list(i, data[i].ref, XEN_NETIF_CTRLF_GREF_readonly);
	want_added(0, 0, data[1].ref, DATA);
	receive(LARGE_SLOTS);
	if (!complaint && chain.longest < LARGE_SLOTS)
		complaint = "no packet of many slots came";
}

/* Requests of mapped memory are checked like others. */
static void r_static_outside(void)
{
	list(0, data[0].ref, 0);
	want_added(0, 0, data[1].ref, 1);
	slot(0, data[0].ref, 4000, 200);
	push();
}

struct front_case {
	const char *name;
	enum outcome outcome;
	void (*keys)(void);
	void (*run)(void);
};

static const struct front_case front_cases[] = {
	{ "queues-many", REFUSED, k_queues_many, NULL },
	{ "queues-none", REFUSED, k_queues_none, NULL },
	{ "queues-absent", REFUSED, k_queues_absent, NULL },
	{ "tx-ref", REFUSED, k_tx_ref, NULL },
	{ "rx-ref", REFUSED, k_rx_ref, NULL },
	{ "ref-text", REFUSED, k_ref_text, NULL },
	{ "port", REFUSED, k_port, NULL },
	{ "no-port", REFUSED, k_no_port, NULL },
	{ "no-copy", REFUSED, k_no_copy, NULL },
	{ "tx-index", REFUSED, k_tx_index, NULL },
	{ "rx-index", REFUSED, k_rx_index, NULL },
	{ "ctrl-ref", REFUSED, k_ctrl_ref, NULL },
	{ "ctrl-port", REFUSED, k_ctrl_port, NULL },
	{ "ctrl-index", REFUSED, k_ctrl_index, NULL },
	{ "headroom-large", ALIVE, k_headroom, NULL },
	{ "headroom-text", ALIVE, k_headroom_text, NULL },
	{ "prod-far", CLOSED, NULL, r_prod_far },
	{ "prod-back", CLOSED, NULL, r_prod_back },
	{ "outside-page", CLOSED, NULL, r_outside },
	{ "offset-max", CLOSED, NULL, r_offset },
	{ "more-without-end", CLOSED, NULL, r_more_end },
	{ "extra-without-end", CLOSED, NULL, r_extra_end },
	{ "size-max", CLOSED, NULL, r_huge },
	{ "extra-none", CLOSED, NULL, r_extra_none },
	{ "extra-unknown", CLOSED, NULL, r_extra_type },
	{ "extra-many", CLOSED, NULL, r_extra_many },
	{ "gso-zero", CLOSED, NULL, r_gso_zero },
	{ "gso-type", CLOSED, NULL, r_gso_type },
	{ "slots-30", CLOSED, NULL, r_slots_30 },
	{ "slot-larger", CLOSED, NULL, r_slot_larger },
	{ "second-outside", CLOSED, NULL, r_second_outside },
	{ "ctrl-far", CLOSED, k_ctrl, r_ctrl_far },
	{ "empty", ERROR, NULL, r_empty },
	{ "short", ERROR, NULL, r_short },
	{ "bad-ref", ERROR, NULL, r_ref },
	{ "bad-ref-max", ERROR, NULL, r_ref_max },
	{ "second-ref", ERROR, NULL, r_second_ref },
	{ "slots-19", ERROR, NULL, r_slots_19 },
	{ "gso-tiny", ERROR, NULL, r_gso_tiny },
	{ "mcast-many", ERROR, NULL, r_mcast_many },
	{ "gso-garbage", ALIVE, NULL, r_gso_garbage },
	{ "csum-garbage", ALIVE, NULL, r_blank },
	{ "flags-unknown", ALIVE, NULL, r_flags },
	{ "slots-empty", ALIVE, NULL, r_slots_empty },
	{ "hash-garbage", ALIVE, NULL, r_hash },
	{ "rx-prod-far", ALIVE, NULL, r_rx_prod },
	{ "rx-refs", ALIVE, NULL, r_rx_refs },
	{ "rx-indices", ALIVE, NULL, r_rx_indices },
	{ "large-headroom", ALIVE, k_large, r_large },
	{ "large-headroom-most", ALIVE, k_large_most, r_large },
	{ "event-storm", ALIVE, NULL, r_storm },
	{ "ctrl-misuse", ALIVE, k_ctrl, r_ctrl_misuse },
	{ "static-misuse", ALIVE, k_ctrl, r_static_misuse },
	{ "static-readonly", ALIVE, k_large_ctrl, r_static_readonly },
	{ "static-outside", CLOSED, k_ctrl, r_static_outside },
};

/* What came of it, or a text of what should not have. */
static enum outcome front_outcome(const struct front_case *c, const char **wrong)
{
	int worst;

	*wrong = complaint;
	if (!c->run)
		return ALIVE;
	if (c->outcome == CLOSED) {
		if (wait_state(1 << 5 | 1 << 6, 5000))
			return CLOSED;
		return ALIVE;
	}
	if (!answered(&worst))
		*wrong = state() == 4 ? "not answered" : "closed";
	return worst < 0 ? ERROR : state() == 4 ? ALIVE : CLOSED;
}

static int honest(void)
{
	int worst;

	restart();
	if (!go())
		return 0;
	slot(0, data[0].ref, 0, 60);
	push();
	return answered(&worst) && worst == 0;
}

static int front_case(const struct front_case *c)
{
	const char *wrong = NULL;
	enum outcome got;

	complaint = NULL;
	restart();
	if (c->keys)
		c->keys();
	if (!go()) {
		got = REFUSED;
	} else {
		if (c->run)
			c->run();
		got = front_outcome(c, &wrong);
	}
	if (!honest())
		wrong = "and afterwards nothing works";
	if (got == c->outcome && !wrong) {
		printf("net-hostile-front: ok %s: %s\n", c->name, outcome_names[got]);
		return 0;
	}
	printf("net-hostile-front: not ok %s: %s %s, %s wanted\n", c->name, outcome_names[got],
	       wrong ? wrong : "", outcome_names[c->outcome]);
	return 1;
}

/*
 * Segmented packets whose data is pages: what a file's contents are sent as. Two sizes
 * in turn, because the most room before the data leaves no place for the larger one.
 */
static void large(const char *iface)
{
	static unsigned char buf[sizeof(struct virtio_net_hdr) + 60000];
	unsigned int size = 55000;
	struct virtio_net_hdr *v = (void *)buf;
	unsigned char *eth = buf + sizeof(*v), *ip = eth + 14, *tcp = ip + 20;
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(0x800) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1;

	to.sll_ifindex = if_nametoindex(iface);
	if (fd < 0 || !to.sll_ifindex || bind(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
		die("a raw socket on %s", iface);
	v->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	v->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	v->hdr_len = 14 + 20 + 20;
	v->gso_size = 1400;
	v->csum_start = 14 + 20;
	v->csum_offset = 16;
	memset(eth, 0xff, 6);
	memcpy(eth + 6, "\xfe\xff\xff\xff\xff\xff\x08\x00", 8);
	for (unsigned int i = 54; i < 60000; i++)
		eth[i] = LARGE_BYTE(i);
	memcpy(ip, "\x45\x00\x00\x00\x00\x00\x40\x00\x40\x06\x00\x00", 12);
	memcpy(ip + 12, "\x0a\x63\x00\x01\x0a\x63\x00\x02", 8);
	memset(tcp, 0, 20);
	tcp[12] = 5 << 4;
	for (;; size = 115000 - size) {
		ip[2] = (size - 14) >> 8;
		ip[3] = (size - 14) & 0xff;
		send(fd, buf, sizeof(*v) + size, MSG_DONTWAIT);
		usleep(100000);
	}
}

/* Requests that change while they are looked at: whatever comes of it. */
static int race(void)
{
	restart();
	if (go())
		r_race();
	return !honest();
}

int main(int argc, char **argv)
{
	const size_t count = sizeof(front_cases) / sizeof(front_cases[0]);
	int ok = 0, bad = 0;

	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (size_t i = 0; i < count; i++)
			printf("%s %s\n", front_cases[i].name,
			       outcome_names[front_cases[i].outcome]);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "large"))
		large(argv[2]);
	front_open();
	if (argc == 2 && !strcmp(argv[1], "race")) {
		bad = race();
		printf("net-hostile-front: %s race\n", bad ? "not ok" : "ok");
		put("state", "6");
		return bad;
	}
	for (size_t i = 0; i < count; i++) {
		int chosen = argc == 1;

		for (int k = 1; k < argc; k++)
			chosen |= !strcmp(argv[k], front_cases[i].name);
		if (!chosen)
			continue;
		if (front_case(&front_cases[i]))
			bad++;
		else
			ok++;
	}
	put("state", "6");
	printf("net-hostile-front: %d ok, %d not ok\n", ok, bad);
	return bad != 0;
}
