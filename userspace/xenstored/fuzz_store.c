// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine against bytes of its clients: nothing they send may crash it,
 * make it leak, or make its counts wrong. The input is a list of steps: one
 * byte says who does what, then follows a length and that many bytes of wire.
 *
 * With libFuzzer:
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE ... \
 *	xenstored/fuzz_store.c xenstored/wiretest.c (the engine's sources)
 * and without it fuzz_main.c feeds it random messages for a while.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "wiretest.h"

static struct fake f;
static uint64_t clock_ms;

struct input {
	const uint8_t *p, *end;
};

static unsigned int byte(struct input *in)
{
	return in->p < in->end ? *in->p++ : 0;
}

static void drain(struct store_conn *c)
{
	size_t len;

	while (store_conn_output(c, &len))
		store_conn_sent(c, len > 7 ? 7 : len);
}

/* Feed wire bytes; a client that broke the protocol starts over. */
static void feed(struct store_conn *c, const uint8_t *p, size_t len)
{
	while (len) {
		ssize_t n = store_conn_input(c, p, len);

		if (n < 0) {
			store_conn_reset(c);
			return;
		}
		if (!n) {
			if (store_conn_dead(c))
				store_conn_reset(c);
			return;
		}
		p += n;
		len -= n;
	}
}

static void step(struct input *in, struct store_conn *sockets[2])
{
	unsigned int op = byte(in);
	unsigned int domid = 1 + (op >> 6);
	struct store_conn *c = op & 1 ? f.ring[domid] : sockets[op >> 7];
	size_t len, left = in->end - in->p;

	switch ((op >> 1) & 7) {
	case 0:
		f.exists[domid] = true;
		introduce(&f, sockets[0], domid);
		break;
	case 1:
		if (op & 1) {
			f.exists[domid] = false;
			store_domain_gone(f.s, domid);
		} else {
			store_domain_shutdown(f.s, domid);
		}
		break;
	case 2:
		if (c)
			drain(c);
		break;
	case 3:
		store_set_time(f.s, (clock_ms += byte(in) * 1000));
		break;
	default:
		len = byte(in);
		len |= (byte(in) & 0xf) << 8;
		left = in->end - in->p;
		len = len < left ? len : left;
		if (c)
			feed(c, in->p, len);
		in->p += len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	struct store_conn *sockets[2], *probe;
	const char *answer;

	if (!fake_init(&f))
		return 0;
	probe = store_connect(f.s, NULL);
	sockets[0] = store_connect(f.s, NULL);
	sockets[1] = store_connect(f.s, NULL);
	if (!probe || !sockets[0] || !sockets[1])
		abort();
	introduce(&f, sockets[0], 1);
	clock_ms = 0;
	while (in.p < in.end)
		step(&in, sockets);
	answer = ask(&f, probe, XS_CONTROL, 0, "check|");
	if (strcmp(answer, "OK|")) {
		fprintf(stderr, "counts are wrong: %s\n", answer);
		abort();
	}
	fake_free(&f);
	return 0;
}
