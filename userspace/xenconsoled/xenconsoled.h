/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XENCONSOLED_H
#define XENCONSOLED_H

#include <stdbool.h>
#include <stdint.h>

#include "xs.h"
#include "xy_call.h"
#include "xy_evtchn.h"
#include "xy_gntdev.h"

/* What all consoles share. */
struct daemon {
	struct xs_handle *xs;
	struct xy_call *call;
	struct xy_evtchn *evtchn;
	struct xy_gntdev *gntdev;	/* NULL: rings are mapped as frames */
	bool log_guests, log_hv, timestamps;
	uint64_t log_limit;		/* bytes of a log file, 0: none */
	const char *log_dir;
};

extern struct daemon daemon_state;

/* Messages of the daemon itself, on standard error. */
void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
uint64_t now_ms(void);

/*
 * logfile.c: append-only files in the log directory, with time stamps. One that
 * reaches the limit becomes NAME.1 (the only old one kept), and a new one begins: a
 * guest that floods fills no disk.
 */
struct logfile;
/* kind is "guest-" or "hypervisor"; name may be "". NULL when not possible. */
struct logfile *logfile_open(const char *kind, const char *name);
void logfile_close(struct logfile *l);	/* NULL is fine */
void logfile_write(struct logfile *l, const char *data, size_t len);
/* After SIGHUP: the file may have been renamed. */
void logfile_reopen(struct logfile *l);

/* console.c: one console of one domain, with its ring, tty and log. */
struct console;
struct console *console_new(unsigned int domid);
void console_free(struct console *c);
unsigned int console_domid(const struct console *c);
/* Xenstore says where the ring is, or says something new. */
void console_configure(struct console *c);
/* The guest's event channel fired. True when it may be unmasked. */
bool console_event(struct console *c);
int console_port(const struct console *c);
/*
 * The domain is gone: the ring is given back at once, the tty stays a moment
 * for its reader. True when nothing is left to wait for.
 */
bool console_finish(struct console *c);
/* console_finish() was called: what is alive under this number is another domain. */
bool console_finished(const struct console *c);
/*
 * Time passed: go on with a guest that had used up its allowance. Milliseconds
 * until it wants to be called again, or -1.
 */
int console_tick(struct console *c);
void console_reopen_log(struct console *c);

/* domains.c: the table of consoles, kept by xenstore's watches. */
int domains_start(void);
/* True when the port may be unmasked now. */
bool domains_event(int port);
/* Milliseconds until it wants to be called again, or -1. */
int domains_tick(void);
void domains_reopen_logs(void);

/* hvlog.c: the hypervisor's own console, to a file. */
int hvlog_start(void);
/* True when the event was the hypervisor's. */
bool hvlog_event(int port);
void hvlog_reopen(void);

#endif /* XENCONSOLED_H */
