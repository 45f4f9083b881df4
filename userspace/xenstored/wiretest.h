/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of the engine: clients that speak the wire to it in the same
 * process. Texts stand for payloads, with '|' for NUL.
 */
#ifndef WIRETEST_H
#define WIRETEST_H

#include <stdint.h>
#include <xen/io/xs_wire.h>

#include "store.h"

#define FAKE_DOMAINS 64

struct fake {
	struct store *s;
	bool exists[FAKE_DOMAINS];
	struct store_conn *ring[FAKE_DOMAINS];
	unsigned int introduced, released, logged;
	int introduce_error;
	char events[65536];	/* of the last take_events() */
	char reply[2 * XENSTORE_PAYLOAD_MAX];
};

bool fake_init(struct fake *f);
void fake_free(struct fake *f);

/* Send one message and return the reply as text; events stay queued aside. */
const char *ask(struct fake *f, struct store_conn *c, uint32_t type,
		uint32_t txn, const char *text);
/* Events received so far, "path|token " each, and forget them. */
const char *take_events(struct fake *f, struct store_conn *c);
/* A transaction's id, or 0. */
uint32_t begin(struct fake *f, struct store_conn *c);
/* Ends with "OK", "EAGAIN" ... */
const char *commit(struct fake *f, struct store_conn *c, uint32_t txn);
/* Introduce a domain, made to exist first; its connection or NULL. */
struct store_conn *introduce(struct fake *f, struct store_conn *dom0,
			     unsigned int domid);

#endif /* WIRETEST_H */
