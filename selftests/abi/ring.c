// SPDX-License-Identifier: GPL-2.0-only
/*
 * Macros that are statements: the same steps with Xen's headers and with ours
 * must print the same. The two sides of a ring take turns in many patterns,
 * with a peer that behaves and with one that writes nonsense.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define xen_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define xen_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define xen_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)

#include "xen.h"
#include "grant_table.h"
#include "memory.h"
#include "io/ring.h"
#include "hvm/pvdrivers.h"

struct req {
	uint64_t id;
	uint32_t data;
};

struct rsp {
	uint64_t id;
	int16_t status;
};

DEFINE_RING_TYPES(test, struct req, struct rsp);
DEFINE_XEN_FLEX_RING_AND_INTF(flex);

#define RING_BYTES	512

static unsigned char page[RING_BYTES] __attribute__((aligned(64)));

static void dump(const test_front_ring_t *front, const test_back_ring_t *back)
{
	const test_sring_t *s = front->sring;

	printf("shared %u %u %u %u front %u %u back %u %u\n", s->req_prod,
	       s->req_event, s->rsp_prod, s->rsp_event, front->req_prod_pvt,
	       front->rsp_cons, back->rsp_prod_pvt, back->req_cons);
}

static void front_produces(test_front_ring_t *front, unsigned int n, int check)
{
	unsigned int notify = 2;

	while (n-- && !RING_FULL(front)) {
		struct req *req = RING_GET_REQUEST(front, front->req_prod_pvt);

		req->id = front->req_prod_pvt;
		req->data = ~front->req_prod_pvt;
		front->req_prod_pvt++;
	}
	if (check)
		RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(front, notify);
	else
		RING_PUSH_REQUESTS(front);
	printf("req notify %u free %u of %u\n", notify,
	       RING_FREE_REQUESTS(front), RING_SIZE(front));
}

static void back_works(test_back_ring_t *back, unsigned int n, int check)
{
	unsigned int more = 2, notify = 2;
	struct rsp *rsp;
	struct req req;

	if (RING_REQUEST_PROD_OVERFLOW(back, back->sring->req_prod))
		printf("nonsense %u\n", back->sring->req_prod);
	printf("waiting %u\n", XEN_RING_NR_UNCONSUMED_REQUESTS(back));
	while (n-- && RING_HAS_UNCONSUMED_REQUESTS(back)) {
		if (RING_REQUEST_CONS_OVERFLOW(back, back->req_cons))
			break;
		RING_COPY_REQUEST(back, back->req_cons, &req);
		back->req_cons++;
		rsp = RING_GET_RESPONSE(back, back->rsp_prod_pvt);
		rsp->id = req.id;
		rsp->status = req.data == ~(uint32_t)req.id;
		back->rsp_prod_pvt++;
	}
	if (check)
		RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(back, notify);
	else
		RING_PUSH_RESPONSES(back);
	RING_FINAL_CHECK_FOR_REQUESTS(back, more);
	printf("rsp notify %u more %u\n", notify, more);
}

static void front_consumes(test_front_ring_t *front, unsigned int n)
{
	unsigned int more = 2;
	struct rsp rsp;

	printf("answers %u overflow %d\n",
	       XEN_RING_NR_UNCONSUMED_RESPONSES(front),
	       RING_RESPONSE_PROD_OVERFLOW(front, front->sring->rsp_prod));
	while (n-- && RING_HAS_UNCONSUMED_RESPONSES(front)) {
		RING_COPY_RESPONSE(front, front->rsp_cons, &rsp);
		front->rsp_cons++;
		printf("%llu %d\n", (unsigned long long)rsp.id, rsp.status);
	}
	RING_FINAL_CHECK_FOR_RESPONSES(front, more);
	printf("more %u\n", more);
}

static void rings(RING_IDX start)
{
	test_sring_t *sring = (test_sring_t *)page;
	test_front_ring_t front;
	test_back_ring_t back;
	unsigned int i;

	memset(page, 0x5a, sizeof(page));
	XEN_FRONT_RING_INIT(&front, sring, RING_BYTES);
	BACK_RING_INIT(&back, sring, RING_BYTES);
	if (start) {
		sring->req_prod = sring->rsp_prod = start;
		sring->req_event = sring->rsp_event = start + 1;
		FRONT_RING_ATTACH(&front, sring, start, RING_BYTES);
		BACK_RING_ATTACH(&back, sring, start, RING_BYTES);
	}
	dump(&front, &back);
	for (i = 0; i < 400; i++) {
		switch (rand() % 4) {
		case 0:
			front_produces(&front, rand() % 20, rand() % 2);
			break;
		case 1:
			back_works(&back, rand() % 20, rand() % 2);
			break;
		case 2:
			front_consumes(&front, rand() % 20);
			break;
		case 3:
			/* A peer that lies, for a moment. */
			if (rand() % 4 == 0) {
				RING_IDX was = sring->req_prod;

				sring->req_prod = rand();
				printf("waiting %u\n",
				       XEN_RING_NR_UNCONSUMED_REQUESTS(&back));
				sring->req_prod = was;
			}
			break;
		}
		dump(&front, &back);
	}
}

static void bytes(void)
{
	unsigned char in[64], out[64], ring[64];
	RING_IDX prod = 0, cons = 0, masked;
	unsigned int i, n;

	memset(ring, 0, sizeof(ring));
	for (i = 0; i < 300; i++) {
		n = rand() % (sizeof(ring) - flex_queued(prod, cons, 64) + 1);
		memset(in, i, sizeof(in));
		masked = flex_mask(prod, 64);
		flex_write_packet(ring, in, n, &masked, flex_mask(cons, 64), 64);
		prod += n;
		printf("wrote %u at %u queued %u byte %u\n", n, masked,
		       flex_queued(prod, cons, 64),
		       *flex_get_ring_ptr(ring, cons, 64));
		n = rand() % (flex_queued(prod, cons, 64) + 1);
		masked = flex_mask(cons, 64);
		memset(out, 0xff, sizeof(out));
		flex_read_packet(out, ring, n, flex_mask(prod, 64), &masked, 64);
		cons += n;
		for (n = 0; n < sizeof(out); n++)
			printf("%02x", out[n]);
		printf(" at %u queued %u\n", masked, flex_queued(prod, cons, 64));
	}
}

#define PRINT_PRODUCT(name, number)	printf("%s %#x\n", name, number);

static void others(void)
{
	static const char *const texts[] = GNTTABOP_error_msgs;
	XEN_GUEST_HANDLE(void) handle;
	uint64_t field;

	memset(&handle, 0xff, sizeof(handle));
	set_xen_guest_handle(handle, NULL);
	printf("%d\n", handle.p == NULL);
	set_xen_guest_handle_raw(handle, page);
	printf("%d\n", handle.p == (void *)page);
	XENMEM_SHARING_OP_FIELD_MAKE_GREF(field, 5);
	printf("%llx\n", (unsigned long long)field);
	printf("%zu\n", sizeof(texts) / sizeof(texts[0]));
	PVDRIVERS_PRODUCT_LIST(PRINT_PRODUCT)
#ifdef TI_SET_DPL
	{
		trap_info_t trap = { 0, 0, 0, 0 };

		TI_SET_DPL(&trap, 3);
		TI_SET_IF(&trap, 7);
		printf("%u %u\n", trap.flags, TI_GET_IF(&trap));
	}
#endif
}

int main(void)
{
	srand(4711);
	rings(0);
	rings(0xfffffff0);
	bytes();
	others();
	return 0;
}
