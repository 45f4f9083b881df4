/* SPDX-License-Identifier: GPL-2.0-only */
/* What connects the engine to the world: sockets, and domains' rings. */
#ifndef XENSTORED_DAEMON_H
#define XENSTORED_DAEMON_H

#include <stdbool.h>

#include "store.h"

struct guests;

/*
 * The listening socket; path's directory must exist. 0 or negative errno;
 * -EADDRINUSE: another daemon serves there.
 */
int socket_listen(struct store *s, const char *path);
/* A client's connection has output. */
void socket_wake(struct store_conn *conn);

/* All domains' rings; NULL without memory. */
struct guests *guests_alloc(void);
/* After store_free(), which gives back the rings; devices stay open. */
void guests_free(struct guests *g);
/*
 * Open the kernel's devices. A negative errno, with a line in the log, when one
 * is missing that must be there. Without this only sockets work, as in tests.
 */
int guests_open(struct guests *g);
void guests_start(struct guests *g, struct store *s);
/* Dom0's own ring: its page and event channel, from the kernel. */
int guests_introduce_dom0(struct guests *g);
/* Look for domains that shut down or died. */
void guests_scan(struct guests *g);

/* The engine's struct store_host, with struct guests as context. */
bool guests_domain_exists(void *ctx, unsigned int domid);
int guests_introduce(void *ctx, struct store_conn *conn, unsigned int domid,
		     uint64_t gfn, unsigned int port);
void guests_release(void *ctx, struct store_conn *conn);
void guests_wake(struct store_conn *conn);

/* One line to the log (standard error, which a service manager collects). */
void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* XENSTORED_DAEMON_H */
