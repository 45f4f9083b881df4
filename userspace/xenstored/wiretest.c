// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wiretest.h"

static bool domain_exists(void *ctx, unsigned int domid)
{
	struct fake *f = ctx;

	return domid < FAKE_DOMAINS && f->exists[domid];
}

static int host_introduce(void *ctx, struct store_conn *conn,
			  unsigned int domid, uint64_t gfn, unsigned int port)
{
	struct fake *f = ctx;

	(void)gfn;
	(void)port;
	if (f->introduce_error)
		return f->introduce_error;
	f->introduced++;
	if (domid < FAKE_DOMAINS)
		f->ring[domid] = conn;
	return 0;
}

static void host_release(void *ctx, struct store_conn *conn)
{
	struct fake *f = ctx;

	f->released++;
	for (int i = 0; i < FAKE_DOMAINS; i++) {
		if (f->ring[i] == conn)
			f->ring[i] = NULL;
	}
}

static void host_wake(void *ctx, struct store_conn *conn)
{
	(void)ctx;
	(void)conn;
}

static void host_log(void *ctx, const char *line)
{
	struct fake *f = ctx;

	(void)line;
	f->logged++;
}

static const struct store_host host = {
	.domain_exists = domain_exists,
	.introduce = host_introduce,
	.release = host_release,
	.wake = host_wake,
	.log = host_log,
};

bool fake_init(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	f->exists[0] = true;
	f->s = store_new(&host, f, 0x1234567);
	return f->s != NULL;
}

void fake_free(struct fake *f)
{
	if (f->s)
		store_free(f->s);
}

/* One message from the queue; false when there is none. */
static bool take_message(struct store_conn *c, struct xsd_sockmsg *hdr,
			 char *payload)
{
	size_t len;
	const char *p = store_conn_output(c, &len);

	if (!p)
		return false;
	memcpy(hdr, p, sizeof(*hdr));
	memcpy(payload, p + sizeof(*hdr), hdr->len);
	/* In two steps, as a full ring or socket would. */
	store_conn_sent(c, sizeof(*hdr));
	if (hdr->len)
		store_conn_sent(c, hdr->len);
	return true;
}

static void to_text(char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!p[i])
			p[i] = '|';
	}
	p[len] = '\0';
}

static void keep_event(struct fake *f, char *payload, size_t len)
{
	size_t used = strlen(f->events);

	to_text(payload, len);
	snprintf(f->events + used, sizeof(f->events) - used, "%s ", payload);
}

const char *ask(struct fake *f, struct store_conn *c, uint32_t type,
		uint32_t txn, const char *text)
{
	struct xsd_sockmsg hdr = {
		.type = type, .req_id = 77, .tx_id = txn, .len = strlen(text),
	};
	char msg[sizeof(hdr) + XENSTORE_PAYLOAD_MAX];
	char payload[XENSTORE_PAYLOAD_MAX + 1];
	size_t len = sizeof(hdr) + hdr.len, done = 0;

	memcpy(msg, &hdr, sizeof(hdr));
	memcpy(msg + sizeof(hdr), text, hdr.len);
	for (size_t i = sizeof(hdr); i < len; i++) {
		if (msg[i] == '|')
			msg[i] = '\0';
	}
	while (done < len) {
		/* In pieces, to exercise the assembly. */
		size_t piece = len - done > 9 ? 9 : len - done;
		ssize_t n = store_conn_input(c, msg + done, piece);

		if (n <= 0)
			return n ? "PROTO" : "THROTTLED";
		done += n;
	}
	while (take_message(c, &hdr, payload)) {
		if (hdr.type == XS_WATCH_EVENT) {
			keep_event(f, payload, hdr.len);
			continue;
		}
		if (hdr.req_id != 77 || hdr.tx_id != txn ||
		    (hdr.type != type && hdr.type != XS_ERROR))
			return "BADREPLY";
		memcpy(f->reply, payload, hdr.len);
		to_text(f->reply, hdr.len);
		/* Events behind the reply, as the first of a watch. */
		while (take_message(c, &hdr, payload))
			keep_event(f, payload, hdr.len);
		return f->reply;
	}
	return "NOREPLY";
}

const char *take_events(struct fake *f, struct store_conn *c)
{
	static char taken[sizeof(f->events)];
	struct xsd_sockmsg hdr;
	char payload[XENSTORE_PAYLOAD_MAX + 1];

	while (c && take_message(c, &hdr, payload))
		keep_event(f, payload, hdr.len);
	strcpy(taken, f->events);
	f->events[0] = '\0';
	return taken;
}

uint32_t begin(struct fake *f, struct store_conn *c)
{
	return strtoul(ask(f, c, XS_TRANSACTION_START, 0, "|"), NULL, 10);
}

const char *commit(struct fake *f, struct store_conn *c, uint32_t txn)
{
	return ask(f, c, XS_TRANSACTION_END, txn, "T|");
}

struct store_conn *introduce(struct fake *f, struct store_conn *dom0,
			     unsigned int domid)
{
	char text[32];

	f->exists[domid] = true;
	snprintf(text, sizeof(text), "%u|1234|5|", domid);
	ask(f, dom0, XS_INTRODUCE, 0, text);
	return f->ring[domid];
}
