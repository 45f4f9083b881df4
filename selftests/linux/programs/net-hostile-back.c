// SPDX-License-Identifier: GPL-2.0-only
/*
 * net-hostile-back -- a backend that does what no honest one does.
 *
 *	net-hostile-back DOMID CASE	in dom0, xen-netback unloaded; the guest's
 *					frontend is about to (re)start
 *	net-hostile-back list		the cases, and what must happen
 *
 * One line "net-hostile-back: ok|not ok CASE: WHAT HAPPENED". What must happen:
 *
 *	closed		the frontend goes to Closing
 *	alive		the device lives
 *	clean		it lives, and its buffers hold nothing of the guest's
 *	ended		the frontend closes as it was asked to, and holds up nobody
 */
#include "netwire.h"
#include "xy_gntdev.h"

enum outcome { CLOSED, ALIVE, ENDED, CLEAN };
static const char *const outcome_names[] = { "closed", "alive", "ended", "clean" };

static struct xy_gntdev *gnt;
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
	for (int ms = 0; ms < patience(10000) && *prod < n; ms += 20)
		usleep(20000);
	if (*prod < n)
		die("the guest makes no requests");
}

static int port;

static void bpush(volatile uint32_t *prod, unsigned int value)
{
	__sync_synchronize();
	*prod = value;
	__sync_synchronize();
	xy_evtchn_notify(ev, port);
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

static int clean;

/* What is in the buffers before anything was received. */
static void b_rx_content(void)
{
	unsigned int dirty = 0;

	for (unsigned int i = 0; i < 64; i++) {
		const unsigned char *at = map(brx->ring[i].req.gref);

		dirty += at[0] || memcmp(at, at + 1, PAGE - 1);
	}
	if (dirty)
		printf("net-hostile-back: %u of 64 buffers hold something\n", dirty);
	clean = !dirty;
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
static void b_storm(void) { for (int i = 0; i < 20000; i++) xy_evtchn_notify(ev, port); }

static void b_rx_gso_garbage(void)
{
	rsp(NETRXF_extra_info | NETRXF_csum_blank, 0, 2000);
	rextra(1, 0, 100, 1);
	rpush();
}

/* The control ring. */
static struct xen_netif_ctrl_sring *bctrl;
static int ctrl_port;

static struct xen_netif_ctrl_request ctrl_request(unsigned int n)
{
	requests((volatile uint32_t *)&bctrl->req_prod, n + 1);
	return bctrl->ring[n & 127].req;
}

static void ctrl_answer(unsigned int n, uint16_t id, uint32_t status, uint32_t value)
{
	struct xen_netif_ctrl_response *r = &bctrl->ring[n & 127].rsp;
	struct xen_netif_ctrl_request req = ctrl_request(n);

	r->id = req.id + id;
	r->type = req.type;
	r->status = status;
	r->data = value;
	__sync_synchronize();
	bctrl->rsp_prod = n + 1;
	__sync_synchronize();
	xy_evtchn_notify(ev, ctrl_port);
}

/* Packets of one slot, and of two. */
static void c_packets(void)
{
	for (int i = 0; i < 4; i++) {
		rsp(0, 0, 2000);
		rsp(NETRXF_more_data, 0, 4096);
		rsp(0, 0, 60);
	}
	rpush();
}

static void c_silent(void) { ctrl_request(0); sleep(4); c_packets(); }
static void c_other_id(void) { ctrl_answer(0, 5, 0, 1000); sleep(1); c_packets(); }

static void c_far(void)
{
	ctrl_request(0);
	bctrl->rsp_prod = 5000;
	xy_evtchn_notify(ev, ctrl_port);
}

static void c_refused(void)
{
	ctrl_answer(0, 0, 0, ~0u);
	ctrl_answer(1, 0, 2, 0);
	c_packets();
}

static void c_add_silent(void)
{
	ctrl_answer(0, 0, 0, ~0u);
	ctrl_request(1);
	c_packets();
	sleep(4);
	c_packets();
}

/* What is to be mapped may be. */
static void c_mapped(void)
{
	ctrl_answer(0, 0, 0, ~0u);
	ctrl_request(1);
	map(brx->ring[0].req.gref);
	ctrl_answer(1, 0, 0, 0);
	rsp(0, 0, 2000);
	rpush();
}

static void c_outside(void)
{
	ctrl_answer(0, 0, 0, ~0u);
	ctrl_answer(1, 0, 0, 0);
	rsp(0, 4000, 500);
	rpush();
}

static void c_storm(void)
{
	for (int i = 0; i < 20000; i++)
		xy_evtchn_notify(ev, ctrl_port);
}

/* An answer that nobody waits for any more, and events for it. */
static void c_late_storm(void)
{
	ctrl_request(0);
	sleep(4);
	ctrl_answer(0, 0, 0, 1000);
	c_storm();
}

/*
 * Another interface of the guest's, with a backend of which there is nothing but the
 * store's keys.
 */
static char other_back[128], other_front[128];

static void other_put(const char *dir, const char *key, const char *value)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, key);
	if (!xs_write(xs, XBT_NULL, path, value, strlen(value)))
		die("writing %s", path);
}

/* A folder of one domain's that another may read, as what is made in it will be. */
static void other_dir(const char *dir, unsigned int owner, unsigned int reader)
{
	struct xs_permissions perms[2] = {
		{ .id = owner, .perms = XS_PERM_NONE }, { .id = reader, .perms = XS_PERM_READ },
	};

	if (!xs_mkdir(xs, XBT_NULL, dir) || !xs_set_permissions(xs, XBT_NULL, dir, perms, 2))
		die("making %s", dir);
}

static void other_make(void)
{
	char guest[16];

	snprintf(guest, sizeof(guest), "%u", peer);
	snprintf(other_back, sizeof(other_back), "/local/domain/0/backend/fakevif/%u/7", peer);
	snprintf(other_front, sizeof(other_front), "/local/domain/%u/device/vif/7", peer);
	other_dir(other_back, 0, peer);
	other_put(other_back, "frontend", other_front);
	other_put(other_back, "frontend-id", guest);
	other_put(other_back, "feature-rx-copy", "1");
	other_put(other_back, "state", "2");
	other_dir(other_front, peer, 0);
	other_put(other_front, "backend", other_back);
	other_put(other_front, "backend-id", "0");
	other_put(other_front, "handle", "7");
	other_put(other_front, "mac", "00:16:3e:00:07:07");
	other_put(other_front, "state", "1");
}

static int other_state(int wanted, int ms)
{
	for (; ms > 0; ms -= 20) {
		if (get_number(other_front, "state", 0) == wanted)
			return 1;
		usleep(20000);
	}
	return 0;
}

static void other_end(void)
{
	other_put(other_back, "state", "6");
	other_state(6, patience(3000));
	xs_rm(xs, XBT_NULL, other_front);
	xs_rm(xs, XBT_NULL, other_back);
}

/*
 * It has buffers mapped, asks for the end, and says nothing when the frontend is closed:
 * that waits for the backend to let go, five seconds. Others connect meanwhile.
 */
static int ended;

static void c_slow(void)
{
	ctrl_answer(0, 0, 0, ~0u);
	ctrl_answer(1, 0, 0, 0);
	sleep(1);
	put("state", "5");
	if (!wait_state(1 << 6, 2000))
		return;
	other_make();
	ended = other_state(4, 3500);
	other_end();
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
	{ "rx-content", CLEAN, b_rx_content }, { "rx-error", ALIVE, b_rx_error }, { "rx-tiny", ALIVE, b_rx_tiny },
	{ "rx-garbage", ALIVE, b_rx_garbage }, { "rx-gso-garbage", ALIVE, b_rx_gso_garbage },
	{ "storm", ALIVE, b_storm },
	/* With a control ring. */
	{ "ctrl-far", CLOSED, c_far }, { "ctrl-outside", CLOSED, c_outside },
	{ "ctrl-silent", ALIVE, c_silent }, { "ctrl-other-id", ALIVE, c_other_id },
	{ "ctrl-refused", ALIVE, c_refused }, { "ctrl-add-silent", ALIVE, c_add_silent },
	{ "ctrl-mapped", ALIVE, c_mapped }, { "ctrl-storm", ALIVE, c_storm },
	{ "ctrl-late-storm", ALIVE, c_late_storm }, { "ctrl-slow", ENDED, c_slow },
};

static void back_connect(int with_ctrl)
{
	put("feature-ctrl-ring", "%d", with_ctrl);
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
	if (with_ctrl) {
		bctrl = map(get_number(theirs, "ctrl-ring-ref", 0));
		ctrl_port = xy_evtchn_bind_interdomain(ev, peer,
						       get_number(theirs, "event-channel-ctrl", 0));
		if (ctrl_port < 0)
			die("event channel of the control ring");
	}
	put("state", "4");
	requests(&brx->req_prod, 64);
}

int main(int argc, char **argv)
{
	const size_t count = sizeof(back_cases) / sizeof(back_cases[0]);
	enum outcome got, outcome;

	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (size_t i = 0; i < count; i++)
			printf("%s %s\n", back_cases[i].name,
			       outcome_names[back_cases[i].outcome]);
		return 0;
	}
	if (argc != 3) {
		fprintf(stderr, "usage: net-hostile-back DOMID CASE | list\n");
		return 2;
	}
	wire_open();
	peer = atoi(argv[1]);
	snprintf(mine, sizeof(mine), "/local/domain/0/backend/vif/%u/0", peer);
	snprintf(theirs, sizeof(theirs), "/local/domain/%u/device/vif/0", peer);
	if (xy_gntdev_open(&gnt))
		die("gntdev");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(argv[2], back_cases[i].name))
			continue;
		outcome = back_cases[i].outcome;
		back_connect(!strncmp(argv[2], "ctrl-", 5));
		back_cases[i].run();
		got = wait_state(1 << 5 | 1 << 6, outcome == ALIVE || outcome == CLEAN ? 1000 : 5000) ?
			CLOSED : ALIVE;
		if (got == CLOSED && ended)
			got = ENDED;
		if (got == ALIVE && clean)
			got = CLEAN;
		put("state", "6");
		printf("net-hostile-back: %s %s: %s\n",
		       got == outcome ? "ok" : "not ok", argv[2], outcome_names[got]);
		return got != outcome;
	}
	errno = ENOENT;
	die("no case %s", argv[2]);
	return 2;
}
