// SPDX-License-Identifier: GPL-2.0-only
/* Connections: messages in, queue out, who is to blame for the queue. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* A privileged client that leaves this much unread is stuck. */
#define SOCKET_QUEUE_MAX (64u << 20)

void complain(struct store *s, struct domain *d, const char *fmt, ...)
{
	char line[256];
	size_t len;
	va_list ap;

	if (d->complaints >= COMPLAINTS_MAX)
		return;
	len = snprintf(line, sizeof(line), "domain %u: ", d->domid);
	va_start(ap, fmt);
	vsnprintf(line + len, sizeof(line) - len, fmt, ap);
	va_end(ap);
	s->host->log(s->ctx, line);
	if (!domain_privileged(d) && ++d->complaints == COMPLAINTS_MAX)
		s->host->log(s->ctx, "no more will be said about this domain");
}

struct cause *cause_new(struct store *s, struct domain *d)
{
	struct cause *c = domain_privileged(d) ? NULL : malloc(sizeof(*c));

	if (!c)
		return NULL;
	c->s = s;
	c->ref = 1;
	c->domid = d->domid;
	c->epoch = d->epoch;
	c->since_ms = s->now_ms;
	list_add_tail(&s->causes, &c->link);
	d->outstanding++;
	return c;
}

static void cause_expire(struct cause *c)
{
	struct domain *d = domain_of_epoch(c->s, c->domid, c->epoch);

	if (d) {
		d->outstanding--;
		/* It may have waited for this. */
		if (d->conn)
			c->s->host->wake(c->s->ctx, d->conn);
	}
	c->epoch = 0;
	list_del(&c->link);
}

void cause_put(struct cause *c)
{
	if (!c || --c->ref)
		return;
	cause_expire(c);
	free(c);
}

/* Milliseconds until the oldest one expires, or -1. */
static int causes_expire(struct store *s)
{
	while (!list_empty(&s->causes)) {
		struct cause *c = list_entry(s->causes.next, struct cause, link);
		uint64_t age = s->now_ms - c->since_ms;

		if (age < CAUSE_TIMEOUT_MS)
			return CAUSE_TIMEOUT_MS - age;
		cause_expire(c);
	}
	return -1;
}

int store_set_time(struct store *s, uint64_t now_ms)
{
	int causes, txns;

	s->now_ms = now_ms;
	causes = causes_expire(s);
	txns = txn_expire(s);
	if (causes < 0 || txns < 0)
		return causes > txns ? causes : txns;
	return causes < txns ? causes : txns;
}

struct store_conn *conn_new(struct store *s, struct domain *d)
{
	struct store_conn *conn = calloc(1, sizeof(*conn));

	if (!conn)
		return NULL;
	conn->s = s;
	conn->dom = d;
	list_init(&conn->watches);
	list_init(&conn->transactions);
	list_init(&conn->queue);
	list_add_tail(&s->conns, &conn->link);
	return conn;
}

/* The same event as one the client has not begun to read tells it nothing. */
static uint64_t event_hash(const struct store_conn *conn, const void *payload,
			   size_t len)
{
	uint64_t h = hash_more(hash_start(), (const char *)&conn, sizeof(conn));

	return hash_end(hash_more(h, payload, len));
}

static bool event_pending(const struct store_conn *conn, uint64_t hash,
			  const void *payload, size_t len)
{
	struct hnode *n = htab_first(&conn->s->pending, hash);

	while (n) {
		struct message *m = container_of(n, struct message, hnode);

		if (m->pending_for == conn &&
		    m->len == sizeof(struct xsd_sockmsg) + len &&
		    !memcmp(m->data + sizeof(struct xsd_sockmsg), payload, len))
			return true;
		n = htab_next(n);
	}
	return false;
}

static void not_pending(struct message *m)
{
	if (!m->pending_for)
		return;
	htab_del(&m->pending_for->s->pending, &m->hnode);
	m->pending_for = NULL;
}

static void message_free(struct store_conn *conn, struct message *m)
{
	not_pending(m);
	conn->queued_bytes -= m->len;
	list_del(&m->link);
	cause_put(m->cause);
	free(m);
}

static void drop_input(struct store_conn *conn)
{
	free(conn->in_payload);
	conn->in_payload = NULL;
	conn->in_used = 0;
}

void store_conn_reset(struct store_conn *conn)
{
	watch_del_all(conn);
	txn_free_all(conn);
	list_for_each_safe(l, &conn->queue)
		message_free(conn, list_entry(l, struct message, link));
	drop_input(conn);
	conn->dead = false;
}

void conn_free(struct store_conn *conn)
{
	store_conn_reset(conn);
	list_del(&conn->link);
	free(conn);
}

struct store_conn *store_connect(struct store *s, void *io)
{
	struct store_conn *conn = conn_new(s, s->dom0);

	if (conn) {
		conn->socket = true;
		conn->io = io;
	}
	return conn;
}

void store_disconnect(struct store_conn *conn)
{
	conn_free(conn);
}

void *store_conn_io(const struct store_conn *conn)
{
	return conn->io;
}

void store_conn_set_io(struct store_conn *conn, void *io)
{
	conn->io = io;
}

bool store_conn_is_socket(const struct store_conn *conn)
{
	return conn->socket;
}

unsigned int store_conn_domid(const struct store_conn *conn)
{
	return conn->dom->domid;
}

bool store_conn_dead(const struct store_conn *conn)
{
	return conn->dead;
}

static void conn_kill(struct store_conn *conn, const char *why)
{
	if (!conn->dead)
		complain(conn->s, conn->dom, "%s %s",
			 conn->socket ? "socket" : "connection", why);
	conn->dead = true;
	conn->s->host->wake(conn->s->ctx, conn);
}

/* NULL when the connection is or becomes dead. */
static struct message *enqueue(struct store_conn *conn,
			       const struct xsd_sockmsg *hdr,
			       const void *payload, struct cause *cause)
{
	size_t len = sizeof(*hdr) + hdr->len;
	size_t max = domain_privileged(conn->dom) ? SOCKET_QUEUE_MAX :
		     conn->s->quota[QUOTA_QUEUE];
	struct message *m;

	if (conn->dead)
		return NULL;
	if (conn->queued_bytes + len > max) {
		conn_kill(conn, "ended: it does not read its messages");
		return NULL;
	}
	m = malloc(sizeof(*m) + len);
	if (!m) {
		/* Better no connection than one that waits for ever. */
		conn_kill(conn, "ended: out of memory");
		return NULL;
	}
	m->len = len;
	m->sent = 0;
	m->pending_for = NULL;
	m->cause = cause;
	if (cause)
		cause->ref++;
	memcpy(m->data, hdr, sizeof(*hdr));
	memcpy(m->data + sizeof(*hdr), payload, hdr->len);
	list_add_tail(&conn->queue, &m->link);
	conn->queued_bytes += len;
	conn->s->host->wake(conn->s->ctx, conn);
	return m;
}

void conn_send(struct store_conn *conn, const struct xsd_sockmsg *hdr,
	       const void *payload, struct cause *cause)
{
	enqueue(conn, hdr, payload, cause);
}

void conn_send_event(struct store_conn *conn, const void *payload, size_t len,
		     struct cause *cause)
{
	struct xsd_sockmsg hdr = { .type = XS_WATCH_EVENT, .len = len };
	uint64_t hash = event_hash(conn, payload, len);
	struct message *m;

	if (event_pending(conn, hash, payload, len))
		return;
	m = enqueue(conn, &hdr, payload, cause);
	if (m && htab_add(&conn->s->pending, &m->hnode, hash))
		m->pending_for = conn;
}

const void *store_conn_output(struct store_conn *conn, size_t *len)
{
	struct message *m;

	if (list_empty(&conn->queue))
		return NULL;
	m = list_entry(conn->queue.next, struct message, link);
	*len = m->len - m->sent;
	return m->data + m->sent;
}

void store_conn_sent(struct store_conn *conn, size_t len)
{
	struct message *m = list_entry(conn->queue.next, struct message, link);

	not_pending(m);
	m->sent += len;
	if (m->sent == m->len)
		message_free(conn, m);
}

bool store_conn_throttled(const struct store_conn *conn)
{
	return quota_exceeded(conn->s, conn->dom, QUOTA_OUTSTANDING,
			      conn->dom->outstanding, 1);
}

/* The header, if data has the rest of it; false until it is whole. */
static bool take_header(struct store_conn *conn, const char *data, size_t len,
			size_t *taken)
{
	const size_t hdr_len = sizeof(conn->in_hdr);
	size_t n = hdr_len - conn->in_used;

	if (conn->in_used >= hdr_len)
		return true;
	n = n < len ? n : len;
	memcpy((char *)&conn->in_hdr + conn->in_used, data, n);
	conn->in_used += n;
	*taken = n;
	return conn->in_used == hdr_len;
}

/* The payload comes in pieces: gather them. True when all are there. */
static bool take_payload(struct store_conn *conn, const char *data, size_t len,
			 size_t *taken)
{
	const size_t hdr_len = sizeof(conn->in_hdr);
	size_t n = hdr_len + conn->in_hdr.len - conn->in_used;

	if (!conn->in_payload)
		conn->in_payload = malloc(conn->in_hdr.len);
	if (!conn->in_payload) {
		conn_kill(conn, "ended: out of memory");
		return false;
	}
	n = n < len ? n : len;
	memcpy(conn->in_payload + (conn->in_used - hdr_len), data, n);
	conn->in_used += n;
	*taken += n;
	return conn->in_used == hdr_len + conn->in_hdr.len;
}

ssize_t store_conn_input(struct store_conn *conn, const void *data, size_t len)
{
	const char *p = data;
	size_t taken = 0;

	if (conn->dead || store_conn_throttled(conn))
		return 0;
	if (!take_header(conn, p, len, &taken))
		return taken;
	if (conn->in_hdr.len > XENSTORE_PAYLOAD_MAX)
		return -EPROTO;
	if (!conn->in_payload && len - taken >= conn->in_hdr.len) {
		/* All of it is here, as nearly always: no copy. */
		request_process(conn, p + taken);
		taken += conn->in_hdr.len;
	} else if (take_payload(conn, p + taken, len - taken, &taken)) {
		request_process(conn, conn->in_payload);
	} else {
		return taken;
	}
	drop_input(conn);
	return taken;
}
