// SPDX-License-Identifier: GPL-2.0-only
/*
 * netfoe -- the other end of a network device, that does what no honest one does.
 *
 *	netfoe front [CASE...]		in a guest whose xen-netfront is unloaded
 *	netfoe large IFACE		in dom0, beside "front": sends the guest large
 *					packets, each of many pages, until killed
 *	netfoe back DOMID CASE		in dom0, xen-netback unloaded; the guest's
 *					frontend is about to (re)start
 *	netfoe front-cases, back-cases	their names
 *
 * A line "netfoe: ok|not ok ROLE CASE: WHAT HAPPENED" for each case, then
 * "netfoe: N ok, N not ok". What must happen is part of the case:
 *
 *	closed		the other end goes to Closing and tells why
 *	refused		it does not connect
 *	error		the packet is answered with an error, the device lives
 *	alive		the device lives
 *
 * After each case of "front" an honest connection must work and a packet must be
 * answered well: misuse may cost the device, never more.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <xen/xen.h>
#include <xen/grant_table.h>
#include <xen/io/netif.h>
#include "xs.h"
#include "xy_evtchn.h"
#include "xy_gntdev.h"

#define PAGE	4096
#define DATA	4		/* pages of data */
#define BAD_REF	0x7fffffffu
#define RX_PACKET 21		/* buffers that any packet fits */

enum outcome { CLOSED, REFUSED, ERROR, ALIVE };
static const char *const outcome_names[] = { "closed", "refused", "error", "alive" };

static struct xs_handle *xs;
static struct xy_evtchn *ev;
static struct xy_gntdev *gnt;
static char mine[128], theirs[128];
static unsigned int peer;
static const char *complaint;	/* of a case that looks itself at what came */

static void die(const char *fmt, ...)
{
	va_list ap;

	printf("netfoe: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(": %s\n", strerror(errno));
	exit(2);
}

/* xenstore */

static char *get(const char *dir, const char *key)
{
	static char value[512];
	char path[256];
	unsigned int len;
	char *text;

	snprintf(path, sizeof(path), "%s/%s", dir, key);
	text = xs_read(xs, XBT_NULL, path, &len);
	if (!text)
		return NULL;
	snprintf(value, sizeof(value), "%s", text);
	free(text);
	return value;
}

static int get_number(const char *dir, const char *key, int otherwise)
{
	char *text = get(dir, key);

	return text ? atoi(text) : otherwise;
}

static void put(const char *key, const char *fmt, ...)
{
	char path[256], value[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	snprintf(path, sizeof(path), "%s/%s", mine, key);
	if (!xs_write(xs, XBT_NULL, path, value, strlen(value)))
		die("writing %s", path);
}

static void drop(const char *key)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", mine, key);
	xs_rm(xs, XBT_NULL, path);
}

static int state(void)
{
	return get_number(theirs, "state", 0);
}

/* Wait until the other end's state is one of the mask's. */
static int wait_state(unsigned int mask, int ms)
{
	for (; ms > 0; ms -= 20) {
		if (mask >> state() & 1)
			return 1;
		usleep(20000);
	}
	return 0;
}

/* Frontend: pages that we grant. */

struct gntalloc {
	uint16_t domid, flags;
	uint32_t count;
	uint64_t index;
	uint32_t refs[1];
};

struct page {
	void *at;
	uint32_t ref;
};

static struct page tx_page, rx_page, ctrl_page, data[DATA];
static netif_tx_sring_t *tx;
static netif_rx_sring_t *rx;
static struct xen_netif_ctrl_sring *ctrl;
static unsigned int tx_prod, ctrl_prod;
static int port, ctrl_port;

static struct page grant(void)
{
	static int fd = -1;
	struct gntalloc a = { .domid = peer, .flags = 1, .count = 1 };
	struct page p;

	if (fd < 0)
		fd = open("/dev/xen/gntalloc", O_RDWR);
	if (fd < 0)
		die("/dev/xen/gntalloc");
	if (ioctl(fd, _IOC(_IOC_NONE, 'G', 5, sizeof(a)), &a))
		die("granting");
	p.at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, a.index);
	if (p.at == MAP_FAILED)
		die("mapping a granted page");
	p.ref = a.refs[0];
	return p;
}

static void ring_init(void)
{
	memset(tx_page.at, 0, PAGE);
	memset(rx_page.at, 0, PAGE);
	memset(ctrl_page.at, 0, PAGE);
	tx = tx_page.at;
	rx = rx_page.at;
	ctrl = ctrl_page.at;
	tx->req_event = tx->rsp_event = rx->req_event = rx->rsp_event = 1;
	ctrl->req_event = ctrl->rsp_event = 1;
	tx_prod = 0;
	ctrl_prod = 0;
}

/* A broadcast frame of an experimental type. */
static void frame_init(void)
{
	unsigned char *f = data[0].at;

	memset(f, 0, PAGE);
	memset(f, 0xff, 6);
	memcpy(f + 6, "\x00\x16\x3e\x00\x00\x02\x88\xb5", 8);
}

static void keys(void)
{
	put("tx-ring-ref", "%u", tx_page.ref);
	put("rx-ring-ref", "%u", rx_page.ref);
	put("event-channel", "%d", port);
	put("request-rx-copy", "1");
	put("feature-rx-notify", "1");
	put("feature-sg", "1");
	put("xdp-headroom", "0");
	put("feature-gso-tcpv4", "0");
	drop("event-channel-tx");
	drop("event-channel-rx");
	drop("multi-queue-num-queues");
	drop("ctrl-ring-ref");
}

static void restart(void)
{
	put("state", "6");
	wait_state(1 << 6 | 1 << 2, 5000);
	put("state", "1");
	if (!wait_state(1 << 2, 5000))
		die("the backend is in state %d, not in InitWait", state());
	if (port > 0)
		xy_evtchn_unbind(ev, port);
	port = xy_evtchn_bind_unbound(ev, peer);
	if (port < 0)
		die("event channel");
	ring_init();
	frame_init();
	keys();
}

static int go(void)
{
	put("state", "4");
	return wait_state(1 << 4 | 1 << 5 | 1 << 6, 5000) && state() == 4;
}

static void notify(void)
{
	xy_evtchn_notify(ev, port);
}

static netif_tx_request_t *slot(uint16_t flags, uint32_t ref, uint16_t offset, uint16_t size)
{
	netif_tx_request_t *r = &tx->ring[tx_prod & 255].req;

	r->gref = ref;
	r->offset = offset;
	r->flags = flags;
	r->id = tx_prod & 255;
	r->size = size;
	tx_prod++;
	return r;
}

static netif_extra_info_t *extra(uint8_t type, uint8_t flags)
{
	netif_extra_info_t *e = (void *)&tx->ring[tx_prod++ & 255].req;

	memset(e, 0, sizeof(*e));
	e->type = type;
	e->flags = flags;
	return e;
}

static void push(void)
{
	__sync_synchronize();
	tx->req_prod = tx_prod;
	__sync_synchronize();
	notify();
}

/* All requests answered? The worst status goes to *worst. */
static int answered(int *worst)
{
	*worst = 1;
	for (int ms = 0; ms < 3000; ms += 20) {
		if (tx->rsp_prod == tx_prod) {
			for (unsigned int i = 0; i < tx_prod; i++)
				if (tx->ring[i & 255].rsp.status < *worst)
					*worst = tx->ring[i & 255].rsp.status;
			return 1;
		}
		usleep(20000);
	}
	return 0;
}

static void control(uint16_t type, uint32_t a, uint32_t b, uint32_t c)
{
	struct xen_netif_ctrl_request *r = &ctrl->ring[ctrl_prod++ & 127].req;

	r->id = 77;
	r->type = type;
	r->data[0] = a;
	r->data[1] = b;
	r->data[2] = c;
	__sync_synchronize();
	ctrl->req_prod = ctrl_prod;
	__sync_synchronize();
	xy_evtchn_notify(ev, ctrl_port);
	for (int ms = 0; ms < 1000 && ctrl->rsp_prod != ctrl_prod; ms += 20)
		usleep(20000);
}

static uint32_t control_status(void)
{
	if (ctrl->rsp_prod != ctrl_prod)
		return ~0u;
	return ctrl->ring[(ctrl_prod - 1) & 127].rsp.status;
}

static void with_control(void)
{
	if (ctrl_port > 0)
		xy_evtchn_unbind(ev, ctrl_port);
	ctrl_port = xy_evtchn_bind_unbound(ev, peer);
	put("ctrl-ring-ref", "%u", ctrl_page.ref);
	put("event-channel-ctrl", "%d", ctrl_port);
}

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

/* Large packets come ("netfoe large"): never more than there are buffers. */
static void r_large(void)
{
	for (unsigned int i = 0; i < RX_PACKET; i++) {
		rx->ring[i].req.id = i;
		rx->ring[i].req.gref = data[i % DATA].ref;
	}
	__sync_synchronize();
	rx->req_prod = RX_PACKET;
	for (int ms = 0; ms < 5000 && !rx->rsp_prod; ms += 20) {
		notify();
		usleep(20000);
	}
	usleep(100000);
	if (!rx->rsp_prod)
		complaint = "no packet came";
	if (rx->rsp_prod > RX_PACKET)
		complaint = "more answers than buffers";
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
	if (control_status() != status)
		printf("netfoe: control request %u: status %d, wanted %u\n", type,
		       (int)control_status(), status);
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
};

/* What came of it, or a text of what should not have. */
static enum outcome front_outcome(const struct front_case *c, const char **wrong)
{
	int worst;

	*wrong = NULL;
	if (!c->run)
		return ALIVE;
	if (c->outcome == CLOSED) {
		if (wait_state(1 << 5 | 1 << 6, 5000))
			return CLOSED;
		return ALIVE;
	}
	if (!answered(&worst))
		*wrong = state() == 4 ? "not answered" : "closed";
	else
		*wrong = complaint;
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
		printf("netfoe: ok front %s: %s\n", c->name, outcome_names[got]);
		return 0;
	}
	printf("netfoe: not ok front %s: %s %s, %s wanted\n", c->name, outcome_names[got],
	       wrong ? wrong : "", outcome_names[c->outcome]);
	return 1;
}

static int front(int argc, char **argv)
{
	char *backend;
	int ok = 0, bad = 0;

	snprintf(mine, sizeof(mine), "device/vif/0");
	backend = get(mine, "backend");
	if (!backend)
		die("no device/vif/0/backend");
	snprintf(theirs, sizeof(theirs), "%s", backend);
	peer = get_number(mine, "backend-id", 0);
	tx_page = grant();
	rx_page = grant();
	ctrl_page = grant();
	for (int i = 0; i < DATA; i++)
		data[i] = grant();
	for (size_t i = 0; i < sizeof(front_cases) / sizeof(front_cases[0]); i++) {
		int chosen = argc == 0;

		for (int k = 0; k < argc; k++)
			chosen |= !strcmp(argv[k], front_cases[i].name);
		if (!chosen)
			continue;
		if (front_case(&front_cases[i]))
			bad++;
		else
			ok++;
	}
	if (argc == 1 && !strcmp(argv[0], "race")) {
		restart();
		if (go())
			r_race();
		if (honest())
			ok++;
		else
			bad++;
	}
	put("state", "6");
	printf("netfoe: %d ok, %d not ok\n", ok, bad);
	return bad != 0;
}

/* A segmented packet whose data is pages: what a file's contents are sent as. */
static void large(const char *iface)
{
	static unsigned char buf[sizeof(struct virtio_net_hdr) + 60000];
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
	memcpy(ip, "\x45\x00\xea\x52\x00\x00\x40\x00\x40\x06\x00\x00", 12);
	memcpy(ip + 12, "\x0a\x63\x00\x01\x0a\x63\x00\x02", 8);
	tcp[12] = 5 << 4;
	for (;;) {
		send(fd, buf, sizeof(buf), MSG_DONTWAIT);
		usleep(100000);
	}
}

/* Backend: the guest's rings, mapped. */

static netif_tx_sring_t *btx;
static netif_rx_sring_t *brx;

static void *map(uint32_t ref)
{
	void *at;
	int err = xy_gntdev_map(gnt, peer, ref, PROT_READ | PROT_WRITE, &at);

	if (err)
		die("mapping the guest's grant %u (%d)", ref, err);
	return at;
}

/* Wait for at least n requests of the guest's. */
static void requests(volatile uint32_t *prod, unsigned int n)
{
	for (int ms = 0; ms < 10000 && *prod < n; ms += 20)
		usleep(20000);
	if (*prod < n)
		die("the guest makes no requests");
}

static void bpush(volatile uint32_t *prod, unsigned int value)
{
	__sync_synchronize();
	*prod = value;
	__sync_synchronize();
	notify();
}

static unsigned int rx_next;

static netif_rx_response_t *rsp(uint16_t flags, uint16_t offset, int16_t status)
{
	netif_rx_response_t *r = &brx->ring[rx_next & 255].rsp;

	r->id = rx_next & 255;
	r->offset = offset;
	r->flags = flags;
	r->status = status;
	rx_next++;
	return r;
}

static void rpush(void) { bpush(&brx->rsp_prod, rx_next); }

static void rextra(uint8_t type, uint8_t flags, uint16_t size, uint8_t kind)
{
	netif_extra_info_t *e = (void *)&brx->ring[rx_next++ & 255].rsp;

	memset(e, 0, sizeof(*e));
	e->type = type;
	e->flags = flags;
	e->u.gso.size = size;
	e->u.gso.type = kind;
}

static void b_rx_far(void) { bpush(&brx->rsp_prod, 5000); }
static void b_rx_back(void) { bpush(&brx->rsp_prod, ~0u); }
static void b_rx_outside(void) { rsp(0, 4000, 500); rpush(); }
static void b_rx_offset(void) { rsp(0, 0xffff, 60); rpush(); }
static void b_rx_size(void) { rsp(0, 0, 32767); rpush(); }
static void b_rx_id(void) { rsp(0, 0, 60)->id = 99; rpush(); }
static void b_rx_id_max(void) { rsp(0, 0, 60)->id = 0xffff; rpush(); }
static void b_rx_more(void) { rsp(NETRXF_more_data, 0, 60); rpush(); }
static void b_rx_extra_end(void) { rsp(NETRXF_extra_info, 0, 60); rpush(); }

static void b_rx_extra(void) { rsp(NETRXF_extra_info, 0, 60); rextra(99, 0, 0, 0); rpush(); }
static void b_rx_gso_zero(void) { rsp(NETRXF_extra_info, 0, 60); rextra(1, 0, 0, 1); rpush(); }
static void b_rx_gso_type(void) { rsp(NETRXF_extra_info, 0, 60); rextra(1, 0, 1000, 9); rpush(); }

static void b_rx_extras(void)
{
	rsp(NETRXF_extra_info, 0, 60);
	for (int i = 0; i < 100; i++)
		rextra(4, 1, 0, 0);
	rpush();
}

static void b_rx_slots(void)
{
	for (int i = 0; i < 60; i++)
		rsp(NETRXF_more_data, 0, 1000);
	rsp(0, 0, 60);
	rpush();
}

static void b_rx_mapped(void)
{
	map(brx->ring[0].req.gref);
	rsp(0, 0, 2000);
	rpush();
}

static void tx_answer(uint16_t id)
{
	requests(&btx->req_prod, 1);
	btx->ring[0].rsp.id = id;
	btx->ring[0].rsp.status = 0;
	bpush(&btx->rsp_prod, 1);
}

static void b_tx_far(void) { bpush(&btx->rsp_prod, 5000); }
static void b_tx_id_max(void) { tx_answer(0xffff); }
static void b_tx_id_free(void) { tx_answer(200); }

static void b_tx_twice(void)
{
	uint16_t id;

	requests(&btx->req_prod, 2);
	id = btx->ring[0].req.id;
	btx->ring[0].rsp.id = btx->ring[1].rsp.id = id;
	btx->ring[0].rsp.status = btx->ring[1].rsp.status = 0;
	bpush(&btx->rsp_prod, 2);
}

/* More answers than requests, but not more than the ring has room for. */
static void b_tx_more(void)
{
	requests(&btx->req_prod, 1);
	for (unsigned int i = 0; i < 256; i++)
		btx->ring[i].rsp.status = NETIF_RSP_NULL;
	bpush(&btx->rsp_prod, btx->req_prod + 100);
}

static void b_rx_error(void) { rsp(0, 0, -1); rsp(0, 0, -32768); rpush(); }
static void b_rx_tiny(void) { rsp(0, 0, 3); rsp(0, 0, 0); rpush(); }
static void b_rx_garbage(void) { rsp(0xffe0 | NETRXF_csum_blank, 0, 200); rpush(); }
static void b_storm(void) { for (int i = 0; i < 20000; i++) notify(); }

static void b_rx_gso_garbage(void)
{
	rsp(NETRXF_extra_info | NETRXF_csum_blank, 0, 2000);
	rextra(1, 0, 100, 1);
	rpush();
}

static const struct {
	const char *name;
	enum outcome outcome;
	void (*run)(void);
} back_cases[] = {
	{ "rx-far", CLOSED, b_rx_far }, { "rx-back", CLOSED, b_rx_back },
	{ "rx-outside", CLOSED, b_rx_outside }, { "rx-offset", CLOSED, b_rx_offset },
	{ "rx-size", CLOSED, b_rx_size }, { "rx-id", CLOSED, b_rx_id },
	{ "rx-id-max", CLOSED, b_rx_id_max }, { "rx-more", CLOSED, b_rx_more },
	{ "rx-extra-end", CLOSED, b_rx_extra_end }, { "rx-extra", CLOSED, b_rx_extra },
	{ "rx-extras", CLOSED, b_rx_extras }, { "rx-gso-zero", CLOSED, b_rx_gso_zero },
	{ "rx-gso-type", CLOSED, b_rx_gso_type }, { "rx-slots", CLOSED, b_rx_slots },
	{ "rx-mapped", CLOSED, b_rx_mapped }, { "tx-far", CLOSED, b_tx_far },
	{ "tx-id-max", CLOSED, b_tx_id_max }, { "tx-id-free", CLOSED, b_tx_id_free },
	{ "tx-twice", CLOSED, b_tx_twice }, { "tx-more", CLOSED, b_tx_more },
	{ "rx-error", ALIVE, b_rx_error }, { "rx-tiny", ALIVE, b_rx_tiny },
	{ "rx-garbage", ALIVE, b_rx_garbage }, { "rx-gso-garbage", ALIVE, b_rx_gso_garbage },
	{ "storm", ALIVE, b_storm },
};

static void back_connect(void)
{
	put("feature-rx-copy", "1");
	put("feature-sg", "1");
	put("feature-gso-tcpv4", "1");
	put("feature-split-event-channels", "0");
	put("multi-queue-max-queues", "1");
	put("state", "6");
	if (!wait_state(1 << 1, 20000))
		die("the frontend is in state %d, not Initialising", state());
	put("state", "2");
	if (!wait_state(1 << 4, 10000))
		die("the frontend is in state %d, not Connected", state());
	btx = map(get_number(theirs, "tx-ring-ref", 0));
	brx = map(get_number(theirs, "rx-ring-ref", 0));
	port = xy_evtchn_bind_interdomain(ev, peer, get_number(theirs, "event-channel", 0));
	if (port < 0)
		die("event channel");
	put("state", "4");
	requests(&brx->req_prod, 64);
}

static int back(const char *domid, const char *name)
{
	enum outcome got;

	peer = atoi(domid);
	snprintf(mine, sizeof(mine), "/local/domain/0/backend/vif/%u/0", peer);
	snprintf(theirs, sizeof(theirs), "/local/domain/%u/device/vif/0", peer);
	if (xy_gntdev_open(&gnt))
		die("gntdev");
	for (size_t i = 0; i < sizeof(back_cases) / sizeof(back_cases[0]); i++) {
		if (strcmp(name, back_cases[i].name))
			continue;
		back_connect();
		back_cases[i].run();
		if (back_cases[i].outcome == CLOSED)
			got = wait_state(1 << 5 | 1 << 6, 5000) ? CLOSED : ALIVE;
		else
			got = wait_state(1 << 5 | 1 << 6, 1000) ? CLOSED : ALIVE;
		put("state", "6");
		printf("netfoe: %s back %s: %s\n", got == back_cases[i].outcome ? "ok" : "not ok",
		       name, outcome_names[got]);
		return got != back_cases[i].outcome;
	}
	errno = ENOENT;
	die("no case %s", name);
	return 2;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "back-cases")) {
		for (size_t i = 0; i < sizeof(back_cases) / sizeof(back_cases[0]); i++)
			printf("%s\n", back_cases[i].name);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "front-cases")) {
		for (size_t i = 0; i < sizeof(front_cases) / sizeof(front_cases[0]); i++)
			printf("%s\n", front_cases[i].name);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "large"))
		large(argv[2]);
	xs = xs_open(0);
	if (!xs)
		die("xenstore");
	if (xy_evtchn_open(&ev))
		die("/dev/xen/evtchn");
	if (argc >= 2 && !strcmp(argv[1], "front"))
		return front(argc - 2, argv + 2);
	if (argc == 4 && !strcmp(argv[1], "back"))
		return back(argv[2], argv[3]);
	fprintf(stderr, "usage: see the head of netfoe.c\n");
	return 2;
}
