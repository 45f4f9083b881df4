/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A frontend of one queue in a program: pages that it grants, rings, the way to
 * Connected. In a guest whose xen-netfront is not bound to the device.
 */
#ifndef NETWIRE_FRONT_H
#define NETWIRE_FRONT_H

#include "netwire.h"

#define DATA	4		/* pages of data */
/* What the packets of "net-hostile-front large" consist of, from their data on. */
#define LARGE_BYTE(i)	((unsigned char)((i) * 7 + (i) / 256))

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

static inline struct page grant(void)
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

static inline void ring_init(void)
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
static inline void frame_init(void)
{
	unsigned char *f = data[0].at;

	memset(f, 0, PAGE);
	memset(f, 0xff, 6);
	memcpy(f + 6, "\x00\x16\x3e\x00\x00\x02\x88\xb5", 8);
}

static inline void keys(void)
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

static inline void restart(void)
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

static inline int go(void)
{
	put("state", "4");
	return wait_state(1 << 4 | 1 << 5 | 1 << 6, 5000) && state() == 4;
}

static inline void notify(void)
{
	xy_evtchn_notify(ev, port);
}

static inline netif_tx_request_t *slot(uint16_t flags, uint32_t ref, uint16_t offset, uint16_t size)
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

static inline netif_extra_info_t *extra(uint8_t type, uint8_t flags)
{
	netif_extra_info_t *e = (void *)&tx->ring[tx_prod++ & 255].req;

	memset(e, 0, sizeof(*e));
	e->type = type;
	e->flags = flags;
	return e;
}

static inline void push(void)
{
	__sync_synchronize();
	tx->req_prod = tx_prod;
	__sync_synchronize();
	notify();
}

/* All requests answered? The worst status goes to *worst. */
static inline int answered(int *worst)
{
	*worst = 1;
	for (int ms = 0; ms < patience(3000); ms += 20) {
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

static inline void control(uint16_t type, uint32_t a, uint32_t b, uint32_t c)
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
	for (int ms = 0; ms < patience(1000) && ctrl->rsp_prod != ctrl_prod; ms += 20)
		usleep(20000);
}

static inline uint32_t control_status(void)
{
	if (ctrl->rsp_prod != ctrl_prod)
		return ~0u;
	return ctrl->ring[(ctrl_prod - 1) & 127].rsp.status;
}

static inline void with_control(void)
{
	if (ctrl_port > 0)
		xy_evtchn_unbind(ev, ctrl_port);
	ctrl_port = xy_evtchn_bind_unbound(ev, peer);
	put("ctrl-ring-ref", "%u", ctrl_page.ref);
	put("event-channel-ctrl", "%d", ctrl_port);
}

/* Find the device and make the pages. */
static inline void front_open(void)
{
	char *backend;

	wire_open();
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
}

#endif /* NETWIRE_FRONT_H */
