/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The xenstore engine: the tree, transactions, watches, quotas and the wire
 * protocol, without any I/O. Bytes of clients go in, bytes for clients come
 * out; what only the outside knows it asks through struct store_host.
 *
 * One thread. Errors are errno values, 0 is success. Clients are hostile:
 * whatever bytes arrive, the work one message causes is bounded by the quotas
 * of its sender, and is answered, or ends that client's connection.
 */
#ifndef XENSTORED_STORE_H
#define XENSTORED_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct store;
struct store_conn;

struct store_host {
	/* Does the hypervisor know this domain, and is it not dying? */
	bool (*domain_exists)(void *ctx, unsigned int domid);
	/*
	 * Connect a domain's ring (INTRODUCE): conn is its connection. Called
	 * again for the same conn when the toolstack introduces a domain again:
	 * only the event channel is new then. 0 or errno, and nothing kept.
	 */
	int (*introduce)(void *ctx, struct store_conn *conn, unsigned int domid,
			 uint64_t gfn, unsigned int port);
	/* The connection of a domain ends: unmap; conn is gone afterwards. */
	void (*release)(void *ctx, struct store_conn *conn);
	/* conn has output, or is dead; called any number of times. */
	void (*wake)(void *ctx, struct store_conn *conn);
	/* One line for the log, without a newline. */
	void (*log)(void *ctx, const char *line);
	/* May be NULL. A message in (from the client) or out. */
	void (*trace)(void *ctx, const struct store_conn *conn, bool out,
		      const char *type, const char *payload, size_t len);
};

/* NULL without memory. secret keys hash tables: a random number. */
struct store *store_new(const struct store_host *host, void *ctx,
			uint64_t secret);
void store_free(struct store *s);

/*
 * Monotonic time in milliseconds; makes what waited too long expire. Returns
 * after how many it wants to be called again, or -1.
 */
int store_set_time(struct store *s, uint64_t now_ms);

/*
 * Quotas by name ("nodes", "watches", ...); they bind unprivileged domains
 * only. ENOENT for an unknown name.
 */
int store_set_quota(struct store *s, const char *name, unsigned int value);
/* The i-th quota's name, value and description; false past the end. */
bool store_get_quota(const struct store *s, unsigned int i, const char **name,
		     unsigned int *value, const char **what);

/* Whether the host's trace() is called; CONTROL "log" changes it later. */
void store_set_trace(struct store *s, bool on);

/* A privileged client, as by the socket. NULL without memory. */
struct store_conn *store_connect(struct store *s, void *io);
/* Ends a connection made by store_connect(). */
void store_disconnect(struct store_conn *conn);

/*
 * Introduce dom0 (at start), by the same way as the wire's INTRODUCE: the
 * host's introduce() is called with gfn 0.
 */
int store_introduce_dom0(struct store *s, unsigned int port);

/* What the host hung on a connection. */
void *store_conn_io(const struct store_conn *conn);
void store_conn_set_io(struct store_conn *conn, void *io);
bool store_conn_is_socket(const struct store_conn *conn);
unsigned int store_conn_domid(const struct store_conn *conn);

/*
 * Take bytes from a client, at most to the end of one message, which is then
 * carried out. Returns how many were taken: 0 when the client must wait (its
 * requests cause more than its peers consume). -EPROTO: the client broke the
 * protocol, the connection is of no further use.
 */
ssize_t store_conn_input(struct store_conn *conn, const void *data, size_t len);
/* True while store_conn_input() would take nothing. */
bool store_conn_throttled(const struct store_conn *conn);

/*
 * Output waiting, NULL when there is none; it stays valid until the next call
 * for this connection. store_conn_sent() says how much of it went out.
 */
const void *store_conn_output(struct store_conn *conn, size_t *len);
void store_conn_sent(struct store_conn *conn, size_t len);

/* The client reads so slowly that its queue overflowed: end the connection. */
bool store_conn_dead(const struct store_conn *conn);

/* Forget watches, transactions and messages under way (a client starts anew). */
void store_conn_reset(struct store_conn *conn);

/*
 * What the hypervisor reported: the domain shut itself down (told once), or is
 * dying or gone: then its connection, its nodes and its rights end.
 */
void store_domain_shutdown(struct store *s, unsigned int domid);
void store_domain_gone(struct store *s, unsigned int domid);

/* Call fn for every domain known, dom0 included; fn may end that domain. */
void store_for_each_domain(struct store *s,
			   void (*fn)(void *arg, unsigned int domid), void *arg);

#endif /* XENSTORED_STORE_H */
