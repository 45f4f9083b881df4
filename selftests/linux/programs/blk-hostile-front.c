// SPDX-License-Identifier: GPL-2.0-only
/*
 * A frontend that breaks the rules, against this domain's own xen-blkback: what it
 * sends is answered with an error, or ends the connection with one message, and
 * nothing else happens.
 * After each misuse a frontend that behaves is served again.
 *
 *   blk-hostile-front MAJOR:MINOR
 *
 * The block device (hexadecimal numbers) is written to. Run it in dom0 without a
 * frontend driver.
 */
#include "ktap.h"

#include <linux/loop.h>

#include "blkwire.h"
#include "kmsg.h"
#include "machine.h"
#include "xenstore.h"

#define VDEV	51840
#define PATIENCE 4000	/* ms */

static const char back[] = "/local/domain/0/backend/vbd/0/51840";
static const char front[] = "/local/domain/0/device/vbd/51840";
static const char *device, *type = "disk";

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct shared_ring *ring;
static uint32_t ring_ref, data_ref, list_ref, ro_ref;
static char *data;
static struct segment *list;
static unsigned int port;
static int evtchn = -1;
static uint32_t prod, cons;
static uint64_t next_id = 77;

enum expect { ERROR, ENDS, SERVED, EITHER };

static void make_dirs(const char *mode)
{
	xs_put(front, "backend", "%s", back);
	xs_put(front, "backend-id", "0");
	xs_put(front, "virtual-device", "%d", VDEV);
	xs_put(front, "device-type", "%s", type);
	xs_put(front, "state", "%d", INITIALISING);
	xs_put(back, "frontend", "%s", front);
	xs_put(back, "frontend-id", "0");
	xs_put(back, "online", "1");
	xs_put(back, "mode", "%s", mode);
	xs_put(back, "params", "test");
	xs_put(back, "physical-device", "%s", device);
	xs_put(back, "state", "%d", INITIALISING);
}

static int fresh_channel(void)
{
	struct evtchn_arg arg = { 0 };
	int p;

	if (evtchn >= 0)
		close(evtchn);
	evtchn = open("/dev/xen/evtchn", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	p = evtchn < 0 ? -1 : ioctl(evtchn, EVTCHN_BIND_UNBOUND, &arg);
	port = p;
	return p < 0 ? -1 : 0;
}

static void announce(void)
{
	memset(ring, 0, PAGE);
	ring->req_event = ring->rsp_event = 1;
	prod = cons = 0;
	fresh_channel();
	xs_put(front, "ring-ref", "%u", ring_ref);
	xs_put(front, "event-channel", "%u", port);
	xs_put(front, "protocol", "%s", BLKIF_PROTOCOL);
	xs_put(front, "feature-persistent", "0");
}

/* From nothing to where the rings can be announced. */
static int begin(const char *mode)
{
	make_dirs(mode);
	return xs_await(back, INIT_WAIT, INIT_WAIT, PATIENCE) == INIT_WAIT;
}

static int join(void)
{
	announce();
	xs_put(front, "state", "%d", INITIALISED);
	if (xs_await(back, CONNECTED, CLOSING, PATIENCE) != CONNECTED)
		return 0;
	xs_put(front, "state", "%d", CONNECTED);
	return 1;
}

static int meet(const char *mode)
{
	return begin(mode) && join();
}

static void part(void)
{
	xs_put(back, "online", "0");
	xs_put(front, "state", "%d", CLOSING);
	xs_put(front, "state", "%d", CLOSED);
	xs_await(back, CLOSED, 0, PATIENCE);
	xs_rm(back);
	xs_rm(front);
	nap(20);
}

static void kick(void)
{
	struct evtchn_arg arg = { port };

	ioctl(evtchn, EVTCHN_NOTIFY, &arg);
}

static struct request *slot(void)
{
	struct request *r = &ring->entries[prod % RING_ENTRIES].req;

	memset(r, 0, sizeof(*r));
	r->arg16 = VDEV & 0xffff;
	r->id = next_id++;
	return r;
}

static void push(void)
{
	barrier_full();
	ring->req_prod = ++prod;
	barrier_full();
	kick();
}

/* The next response, or 1 when none comes, 2 when the backend goes. */
static int answer(void)
{
	for (int ms = 0; ms < patience(PATIENCE); ms += 5) {
		if (ring->rsp_prod != cons)
			return ring->entries[cons++ % RING_ENTRIES].rsp.status;
		if (ms % 50 == 0 && xs_get(back, "state", 0) != CONNECTED)
			return 2;
		nap(5);
	}
	return 1;
}

static struct request *transfer(int op, uint64_t sector)
{
	struct request *r = slot();

	r->op = op;
	r->arg = 1;
	r->sector = sector;
	r->segs[0] = (struct segment){ .gref = data_ref, .first = 0, .last = 7 };
	return r;
}

static struct request *indirect(int op, unsigned int n)
{
	struct request *r = slot();

	for (unsigned int i = 0; i < PAGE / sizeof(*list); i++)
		list[i] = (struct segment){ .gref = data_ref, .first = 0, .last = 7 };
	r->op = OP_INDIRECT;
	r->arg = op;
	r->arg16 = n;
	r->indirect.handle = VDEV & 0xffff;
	r->indirect.grefs[0] = list_ref;
	return r;
}

static struct request *discard(uint64_t sector, uint64_t n, int flag)
{
	struct request *r = slot();

	r->op = OP_DISCARD;
	r->arg = flag;
	r->sector = sector;
	r->nr_sectors = n;
	return r;
}

/* Misuses of a connected ring. */
static void prod_ahead(void) { prod += 999; push(); }
static void prod_one_too_many(void) { prod += RING_ENTRIES; push(); }
static void prod_behind(void) { prod -= 2; push(); }
static void no_segments(void) { transfer(OP_READ, 0)->arg = 0; push(); }
static void no_segments_write(void) { transfer(OP_WRITE, 0)->arg = 0; push(); }
static void twelve_segments(void) { transfer(OP_READ, 0)->arg = 12; push(); }
static void many_segments(void) { transfer(OP_WRITE, 0)->arg = 255; push(); }
static void barrier_segments(void) { transfer(OP_BARRIER, 0)->arg = 12; push(); }
static void first_past_last(void)
{
	struct segment *s = &transfer(OP_READ, 0)->segs[0];

	s->first = 7;
	s->last = 6;
	push();
}
static void last_eight(void) { transfer(OP_READ, 0)->segs[0].last = 8; push(); }
static void last_255(void) { transfer(OP_WRITE, 0)->segs[0].last = 255; push(); }
static void first_255(void)
{
	struct segment *s = &transfer(OP_READ, 0)->segs[0];

	s->first = s->last = 255;
	push();
}
static void op_4(void) { transfer(4, 0); push(); }
static void op_7(void) { transfer(7, 0); push(); }
static void op_255(void) { transfer(255, 0); push(); }
static void past_end(void) { transfer(OP_READ, 1ull << 40); push(); }
static void sector_wraps(void) { transfer(OP_READ, ~0ull); push(); }
static void sector_wraps_write(void) { transfer(OP_WRITE, ~0ull - 6); push(); }
static void sector_negative(void) { transfer(OP_READ, 1ull << 63); push(); }
static void over_end(void) { transfer(OP_READ, xs_get(back, "sectors", 8) - 1); push(); }
static void discard_past(void) { discard(1ull << 40, 8, 0); push(); }
static void discard_wraps(void) { discard(8, ~0ull, 0); push(); }
static void discard_wraps_2(void) { discard(~0ull, 8, 0); push(); }
static void discard_nothing(void) { discard(0, 0, 0); push(); }
static void discard_secure(void) { discard(0, 8, 1); push(); }
static void indirect_discard(void) { indirect(OP_DISCARD, 12); push(); }
static void indirect_nested(void) { indirect(OP_INDIRECT, 12); push(); }
static void indirect_flush(void) { indirect(OP_FLUSH, 12); push(); }
static void indirect_barrier(void) { indirect(OP_BARRIER, 12); push(); }
static void indirect_none(void) { indirect(OP_READ, 0); push(); }
static void indirect_257(void) { indirect(OP_READ, 257); push(); }
static void indirect_65535(void) { indirect(OP_WRITE, 65535); push(); }
static void indirect_bad_list(void) { indirect(OP_READ, 12)->indirect.grefs[0] = ~0u; push(); }
static void indirect_ref_0(void) { indirect(OP_READ, 12)->indirect.grefs[0] = 0; push(); }
static void indirect_bad_last(void) { indirect(OP_READ, 200); list[199].last = 9; push(); }
static void indirect_bad_data(void) { indirect(OP_READ, 200); list[100].gref = 0xfffff; push(); }
static void ref_huge(void) { transfer(OP_READ, 0)->segs[0].gref = ~0u; push(); }
static void ref_0(void) { transfer(OP_READ, 0)->segs[0].gref = 0; push(); }
static void ref_free(void) { transfer(OP_WRITE, 0)->segs[0].gref = 2000; push(); }
static void read_into_readonly(void) { transfer(OP_READ, 0)->segs[0].gref = ro_ref; push(); }

/* Not nice, or old, but served. */
static void write_barrier(void) { transfer(OP_BARRIER, 64); push(); }
static void write_from_readonly(void) { transfer(OP_WRITE, 0)->segs[0].gref = ro_ref; push(); }
static void flush_segments(void) { transfer(OP_FLUSH, 0)->arg = 255; push(); }
static void flush_past_end(void) { transfer(OP_FLUSH, ~0ull); push(); }
static void strange_handle(void) { transfer(OP_READ, 0)->arg16 = 0xdead; push(); }
static void same_page_often(void)
{
	struct request *r = transfer(OP_READ, 0);

	r->arg = 11;
	for (int i = 1; i < 11; i++)
		r->segs[i] = r->segs[0];
	push();
}
static void list_into_itself(void)
{
	struct request *r = indirect(OP_READ, 100);

	for (int i = 0; i < 100; i++)
		list[i].gref = list_ref;
	(void)r;
	push();
}
static void indices_scribbled(void)
{
	transfer(OP_READ, 0);
	ring->rsp_event = 0x80000000;
	ring->req_event = 0xffff0000;
	push();
}
static void storm(void)
{
	for (int i = 0; i < 20000; i++)
		kick();
	transfer(OP_READ, 0);
	push();
}
static void same_ids(void)
{
	for (int i = 0; i < RING_ENTRIES; i++) {
		transfer(OP_READ, 0)->id = 5;
		barrier_full();
		ring->req_prod = ++prod;
	}
	kick();
	for (int i = 0; i < RING_ENTRIES - 1; i++)
		if (answer() != 0)
			return;
}
/* Back to before what was taken, but not to before what was answered. */
static void prod_between(void)
{
	for (int i = 0; i < 16; i++) {
		indirect(OP_READ, 256);
		prod++;
	}
	prod--;
	push();
	while (ring->rsp_prod == cons && xs_get(back, "state", 0) == CONNECTED)
		nap(1);
	ring->req_prod = prod - 1;
	kick();
	while (!answer())
		;
}
/* The request changes while the backend looks at it. */
static void changing(void)
{
	volatile struct request *r = transfer(OP_READ, 0);

	push();
	for (int i = 0; i < 2000000 && ring->rsp_prod == cons; i++) {
		r->arg = 1 + (i & 1) * 254;
		r->segs[0].last = 7 + (i & 1) * 240;
		r->op = i & 2 ? OP_READ : 200;
	}
}
static void changing_list(void)
{
	indirect(OP_READ, 256);
	push();
	for (int i = 0; i < 2000000 && ring->rsp_prod == cons; i++)
		((volatile struct segment *)list)[i % 256].last = i;
}

static const struct {
	const char *name;
	void (*misuse)(void);
	enum expect expect;
} on_ring[] = {
	{ "producer far ahead", prod_ahead, ENDS },
	{ "producer one more than the ring holds", prod_one_too_many, ENDS },
	{ "producer behind the consumer", prod_behind, ENDS },
	{ "producer behind the consumer, with requests in flight", prod_between, ENDS },
	{ "a read of no segments", no_segments, ENDS },
	{ "a write of no segments", no_segments_write, ENDS },
	{ "12 segments", twelve_segments, ENDS },
	{ "255 segments", many_segments, ENDS },
	{ "a barrier of 12 segments", barrier_segments, ENDS },
	{ "first sector behind the last", first_past_last, ENDS },
	{ "last sector 8", last_eight, ENDS },
	{ "last sector 255", last_255, ENDS },
	{ "both sectors 255", first_255, ENDS },
	{ "operation 4", op_4, ERROR },
	{ "operation 7", op_7, ERROR },
	{ "operation 255", op_255, ERROR },
	{ "sector past the end", past_end, ERROR },
	{ "sector that wraps", sector_wraps, ERROR },
	{ "sector that wraps inside, write", sector_wraps_write, ERROR },
	{ "sector 2^63", sector_negative, ERROR },
	{ "across the end", over_end, ERROR },
	{ "discard past the end", discard_past, ERROR },
	{ "discard of 2^64-1 sectors", discard_wraps, ERROR },
	{ "discard that wraps", discard_wraps_2, ERROR },
	{ "discard of nothing", discard_nothing, ERROR },
	{ "secure discard that is not offered", discard_secure, ERROR },
	{ "indirect discard", indirect_discard, ENDS },
	{ "indirect indirect", indirect_nested, ENDS },
	{ "indirect flush", indirect_flush, ENDS },
	{ "indirect barrier", indirect_barrier, ENDS },
	{ "indirect of no segments", indirect_none, ENDS },
	{ "indirect of 257 segments", indirect_257, ENDS },
	{ "indirect of 65535 segments", indirect_65535, ENDS },
	{ "list in a grant that is none", indirect_bad_list, ERROR },
	{ "list in reference 0", indirect_ref_0, ERROR },
	{ "last of 200 segments wrong", indirect_bad_last, ENDS },
	{ "one of 200 grants is none", indirect_bad_data, ERROR },
	{ "reference 2^32-1", ref_huge, ERROR },
	{ "reference 0", ref_0, ERROR },
	{ "reference not granted", ref_free, ERROR },
	{ "read into a read-only grant", read_into_readonly, ERROR },
	{ "write from a read-only grant", write_from_readonly, SERVED },
	{ "a write with a barrier", write_barrier, SERVED },
	{ "a flush of 255 segments", flush_segments, ENDS },
	{ "a flush with data past the end", flush_past_end, ERROR },
	{ "another handle", strange_handle, EITHER },
	{ "one page in all segments", same_page_often, SERVED },
	{ "a list that is read over", list_into_itself, SERVED },
	{ "event indices scribbled over", indices_scribbled, SERVED },
	{ "20000 events", storm, SERVED },
	{ "a ring full of one id", same_ids, SERVED },
	{ "a request that changes", changing, EITHER },
	{ "a list that changes", changing_list, EITHER },
};

/* Misuses of the store, before Initialised is written. */
static void store_no_ring(void) { xs_rm("/local/domain/0/device/vbd/51840/ring-ref"); }
static void store_ring_text(void) { xs_put(front, "ring-ref", "abc"); }
static void store_ring_none(void) { xs_put(front, "ring-ref", "4294967295"); }
static void store_ring_zero(void) { xs_put(front, "ring-ref", "0"); }
static void store_ring_readonly(void) { xs_put(front, "ring-ref", "%u", ro_ref); }
static void store_port_none(void) { xs_put(front, "event-channel", "99999"); }
static void store_port_text(void) { xs_put(front, "event-channel", "-"); }
static void store_order_31(void) { xs_put(front, "ring-page-order", "31"); }
static void store_order_5(void) { xs_put(front, "ring-page-order", "5"); }
static void store_order_refs(void)
{
	xs_put(front, "ring-page-order", "4");
	xs_put(front, "ring-ref0", "%u", ring_ref);
}
static void store_queues_0(void) { xs_put(front, "multi-queue-num-queues", "0"); }
static void store_queues_many(void) { xs_put(front, "multi-queue-num-queues", "1000000"); }
static void store_queues_no_dirs(void) { xs_put(front, "multi-queue-num-queues", "2"); }
static void store_protocol(void) { xs_put(front, "protocol", "morse"); }
static void store_prod(void) { ring->req_prod = 12345; }
static void store_rsp(void) { ring->rsp_prod = 0x80000000; }

static const struct {
	const char *name;
	void (*misuse)(void);
} in_store[] = {
	{ "no ring", store_no_ring },
	{ "a ring that is no number", store_ring_text },
	{ "a ring in no grant", store_ring_none },
	{ "a ring in reference 0", store_ring_zero },
	{ "a read-only ring", store_ring_readonly },
	{ "an event channel there is not", store_port_none },
	{ "an event channel that is no number", store_port_text },
	{ "rings of 2^31 pages", store_order_31 },
	{ "larger rings than offered", store_order_5 },
	{ "fewer references than pages", store_order_refs },
	{ "no queues", store_queues_0 },
	{ "a million queues", store_queues_many },
	{ "queues without their folders", store_queues_no_dirs },
	{ "a protocol there is not", store_protocol },
	{ "requests of before that are too many", store_prod },
	{ "responses of before that nobody asked for", store_rsp },
};

/* It is served: data comes back. */
static int served(void)
{
	memset(data, 0x33, PAGE);
	transfer(OP_WRITE, 64);
	push();
	if (answer())
		return 0;
	memset(data, 0, PAGE);
	transfer(OP_READ, 64);
	push();
	return answer() == 0 && data[0] == 0x33 && data[PAGE - 1] == 0x33;
}

/* A frontend that behaves. */
static int behaves(void)
{
	int ok = meet("w") && served();

	part();
	return ok;
}

/*
 * Names of a ring of one page: with its order it is numbered, without it is not, and a
 * number is of an earlier driver. Some say the order and do not number it.
 */
static void order_and_number(void)
{
	xs_put(front, "ring-page-order", "0");
	xs_put(front, "ring-ref0", "%u", ring_ref);
	xs_rm("/local/domain/0/device/vbd/51840/ring-ref");
}
static void order_without_number(void) { xs_put(front, "ring-page-order", "0"); }
static void number_of_before(void) { xs_put(front, "ring-ref0", "%u", data_ref); }
static void both_names(void)
{
	order_and_number();
	xs_put(front, "ring-ref", "%u", data_ref);
}

static const struct {
	const char *name;
	void (*write)(void);
} names[] = {
	{ "a ring of order 0 that is numbered", order_and_number },
	{ "a ring of order 0 without a number", order_without_number },
	{ "a numbered ring of an earlier driver", number_of_before },
	{ "a ring of order 0 by number, another of an earlier driver", both_names },
};

static void try_name(int i)
{
	int ok = begin("w");

	if (ok) {
		announce();
		names[i].write();
		xs_put(front, "state", "%d", INITIALISED);
		ok = xs_await(back, CONNECTED, CLOSING, PATIENCE) == CONNECTED;
	}
	if (ok) {
		xs_put(front, "state", "%d", CONNECTED);
		ok = served();
	}
	part();
	check(ok, names[i].name);
}

/* One that comes anew without a word: what was there is over. */
static void try_anew(void)
{
	int ok = meet("w") && served();

	xs_put(front, "state", "%d", INITIALISING);
	ok = xs_await(back, INIT_WAIT, INIT_WAIT, PATIENCE) == INIT_WAIT && ok;
	ok = ok && join() && served();
	part();
	check(ok, "a frontend that begins anew without closing");
}

static int all_answered(void)
{
	for (int ms = 0; ms < patience(PATIENCE) && ring->rsp_prod != prod; ms++)
		nap(1);
	if (ring->rsp_prod != prod)
		printf("# %u requests were not answered\n", prod - ring->rsp_prod);
	return ring->rsp_prod == prod;
}

static void says_closed(void)
{
	xs_put(back, "online", "0");
	xs_put(front, "state", "%d", CLOSED);
}
static void is_removed(void) { xs_rm(front); }

/*
 * A frontend that goes, or is taken away, with requests on its ring of which it raised
 * no event: they are answered, and so is one that it asks as soon as they are.
 */
static void try_last_requests(const char *name, void (*go)(void))
{
	int ok = meet("w") && served();

	for (int i = 0; i < 12; i++) {
		transfer(OP_READ, 64);
		prod++;
	}
	barrier_full();
	ring->req_prod = prod;
	go();
	ok = ok && all_answered();
	if (ok) {
		transfer(OP_READ, 64);
		push();
		ok = all_answered();
	}
	nap(patience(300));
	xs_put(back, "online", "0");
	xs_rm(back);
	xs_rm(front);
	nap(patience(100));
	check(ok && behaves(), name);
}

static const char *outcome(int seen)
{
	return seen == 0 ? "served" : seen == 1 ? "no answer" : seen == 2 ? "ended" : "error";
}

/* As many messages as the end of a connection is worth. */
static int said(int least, int most)
{
	int n = kmsg_warnings("vbd-0-51840");

	if (n < least || n > most)
		printf("# %d messages\n", n);
	return n >= least && n <= most;
}

static void try_ring(int i)
{
	enum expect expect = on_ring[i].expect;
	int seen, ok = 0;

	kmsg_warnings("");	/* of before */
	if (!meet("w")) {
		printf("# not connected, state %ld\n", xs_get(back, "state", 0));
	} else {
		on_ring[i].misuse();
		seen = answer();
		switch (expect) {
		case ERROR:	ok = seen < 0; break;
		case SERVED:	ok = seen == 0; break;
		/* What was answered with an error may have been the last. */
		case ENDS:	ok = seen == 2 || (seen < 0 && answer() == 2); break;
		case EITHER:	ok = seen != 1; break;
		}
		if (!ok)
			printf("# %s\n", outcome(seen));
	}
	part();
	ok = said(expect == ENDS, expect == ENDS || expect == EITHER) && ok;
	check(ok && behaves(), on_ring[i].name);
}

static void try_store(int i)
{
	long seen = 0;
	int ok;

	kmsg_warnings("");	/* of before */
	if (begin("w")) {
		announce();
		in_store[i].misuse();
		xs_put(front, "state", "%d", INITIALISED);
		seen = xs_await(back, CLOSING, CONNECTED, PATIENCE);
	}
	if (seen != CLOSING)
		printf("# state %ld\n", seen);
	part();
	/* The kernel's own functions that map rings have a word of their own. */
	ok = said(1, 2);
	check(ok && seen == CLOSING && behaves(), in_store[i].name);
}

/* A flush may have data, as a barrier may: what is answered well is on the disk. */
static void try_flush(int op, const char *name)
{
	int ok = meet("w") && served();

	memset(data, 0x5a, PAGE);
	transfer(op, 64);
	push();
	ok = ok && answer() == 0;
	memset(data, 0, PAGE);
	transfer(OP_READ, 64);
	push();
	ok = ok && answer() == 0 && data[0] == 0x5a && data[PAGE - 1] == 0x5a;
	part();
	check(ok, name);
}

static void try_readonly(void)
{
	int seen = 1;

	if (meet("r")) {
		transfer(OP_WRITE, 0);
		push();
		seen = answer();
		if (seen < 0) {
			discard(0, 8, 0);
			push();
			seen = answer();
		}
	}
	part();
	check(seen < 0, "a read-only disk is not written to");
}

static void try_discard(void)
{
	int seen = 1;

	if (begin("w")) {
		xs_put(back, "discard-enable", "0");
		if (join()) {
			discard(0, 8, 0);
			push();
			seen = answer();
		}
	}
	part();
	check(seen < 0, "a discard that the toolstack forbade");
}

/* What the bus counts of the backend's events; -1 where it does not. */
static long counts(const char *what)
{
	char path[128];
	const char *text;

	snprintf(path, sizeof(path), "/sys/bus/xen-backend/devices/vbd-0-51840/xenbus/%s", what);
	text = word(path, "");
	return *text ? atol(text) : -1;
}

/* Events without end, and no work: each is listened to later than the one before. */
static void try_storm(void)
{
	const char *name = "events without work are counted as such, and delayed";
	long vain = -1, delayed = -1;
	int ok = meet("w");

	if (counts("spurious_events") < 0) {
		part();
		skip(name, "this kernel does not count them");
		return;
	}
	for (int i = 0; i < 50; i++) {
		kick();
		nap(10);
	}
	vain = counts("spurious_events");
	delayed = counts("jiffies_eoi_delayed");
	ok = ok && served();
	part();
	if (!ok || vain < 2 || delayed < 1)
		printf("# served %d, in vain %ld, delayed by %ld ticks\n", ok, vain, delayed);
	check(ok && vain >= 2 && delayed >= 1, name);
}

/* What the backend says of a disk that the toolstack calls a CD-ROM. */
static void try_cdrom(void)
{
	long info = -1;

	type = "cdrom";
	if (meet("r"))
		info = xs_get(back, "info", -1);
	part();
	type = "disk";
	same(info, 1 | 4, "a CD-ROM is one, and read-only");
}

/*
 * The layout of 32-bit frontends on x86: what follows a request's first four bytes does
 * so at once, and entries are 108 bytes apart.
 */
static int does_32(const struct request *made)
{
	char *at = (char *)ring->entries + prod % RING_ENTRIES * 108;
	struct request r = *made;	/* which may lie where it is to go */
	int16_t status;

	memcpy(at, &r, 4);
	memcpy(at + 4, &r.id, 104);
	push();
	cons = prod;
	for (int ms = 0; ms < patience(PATIENCE) && ring->rsp_prod != cons; ms += 5)
		nap(5);
	memcpy(&status, at + 10, sizeof(status));
	return ring->rsp_prod == cons && !memcmp(at, &r.id, sizeof(r.id)) ? status : 1;
}

static void try_32(void)
{
	int ok = begin("w"), wrote = 1, seen = 1, listed = 1;

	if (ok) {
		announce();
		xs_put(front, "protocol", "x86_32-abi");
		xs_put(front, "state", "%d", INITIALISED);
		ok = xs_await(back, CONNECTED, CLOSING, PATIENCE) == CONNECTED;
	}
	if (ok) {
		xs_put(front, "state", "%d", CONNECTED);
		memset(data, 0x77, PAGE);
		wrote = does_32(transfer(OP_WRITE, 72));
		memset(data, 0, PAGE);
		seen = does_32(transfer(OP_READ, 72));
		ok = data[0] == 0x77 && data[PAGE - 1] == 0x77;
		memset(data, 0, PAGE);
		listed = does_32(indirect(OP_READ, 12));
	}
	part();
	if (!ok || wrote || seen || listed)
		printf("# write %d, read %d, indirect %d\n", wrote, seen, listed);
	check(ok && !wrote && !seen && !listed, "a frontend with the layout of 32-bit x86");
}

/* Blocks of 4 KiB in pieces that no block device takes, of a loop device. */
static void try_pieces(void)
{
	char path[32];
	int fd, seen = 1;

	snprintf(path, sizeof(path), "/dev/loop%ld", strtol(strchr(device, ':') + 1, NULL, 16));
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, LOOP_SET_BLOCK_SIZE, PAGE)) {
		skip("segments smaller than a block", "no loop device");
		return;
	}
	if (meet("w")) {
		struct request *r = transfer(OP_READ, 8);

		r->arg = 8;
		for (int i = 0; i < 8; i++)
			r->segs[i] = (struct segment){ .gref = data_ref, .first = i, .last = i };
		push();
		seen = answer();
	}
	part();
	ioctl(fd, LOOP_SET_BLOCK_SIZE, 512);
	close(fd);
	check(seen < 0, "segments smaller than a block");
}

/* The folder disappears under a connected backend. */
static void try_gone(void)
{
	int ok = meet("w");

	xs_rm(front);
	nap(patience(300));
	xs_put(back, "online", "0");
	xs_rm(back);
	nap(patience(100));
	check(ok && behaves(), "a frontend that vanishes");
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: blk-hostile-front MAJOR:MINOR\n");
		return 2;
	}
	device = argv[1];
	ring = page_grant(1, &ring_ref);
	data = page_grant(1, &data_ref);
	list = page_grant(1, &list_ref);
	if (!ring || !data || !list || !page_grant(0, &ro_ref)) {
		perror("blk-hostile-front: granting pages");
		return 2;
	}
	plan(1 + COUNT(on_ring) + COUNT(in_store) + COUNT(names) + 12);
	check(behaves(), "a frontend that behaves");
	for (unsigned int i = 0; i < COUNT(on_ring); i++)
		try_ring(i);
	for (unsigned int i = 0; i < COUNT(in_store); i++)
		try_store(i);
	for (unsigned int i = 0; i < COUNT(names); i++)
		try_name(i);
	try_anew();
	try_flush(OP_FLUSH, "a flush with data writes it");
	try_flush(OP_BARRIER, "a barrier with data writes it");
	try_readonly();
	try_discard();
	try_storm();
	try_cdrom();
	try_32();
	try_pieces();
	try_gone();
	try_last_requests("requests of a frontend that closes", says_closed);
	try_last_requests("requests of a frontend that is removed", is_removed);
	return finish();
}
