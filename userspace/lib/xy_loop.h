/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A daemon's event loop: descriptors by epoll, and clients that have work.
 * Each client gets one turn a round, of one message: a busy one cannot keep
 * the others waiting.
 */
#ifndef XY_LOOP_H
#define XY_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "xy_list.h"

struct source {
	int fd;
	void (*ready)(struct source *s, uint32_t events);
};

/* Something that takes turns. */
struct client {
	struct list link;
	bool queued;
	/* May free the client. */
	void (*turn)(struct client *c);
};

/* 0 or negative errno. */
int loop_init(void);
int loop_add(struct source *s, uint32_t events);
int loop_change(struct source *s, uint32_t events);
void loop_remove(struct source *s);

/*
 * SIGTERM, SIGINT and SIGHUP come to @on from now on, in a round, not at any time;
 * SIGPIPE is ignored. Once in a program.
 */
int loop_add_signals(void (*on)(int sig));

void client_init(struct client *c, void (*turn)(struct client *c));
void client_queue(struct client *c);
void client_unqueue(struct client *c);

/*
 * One round: wait for events, at most timeout_ms (-1: for ever), unless
 * clients have work; then everybody's turn.
 */
void loop_round(int timeout_ms);

#endif /* XY_LOOP_H */
