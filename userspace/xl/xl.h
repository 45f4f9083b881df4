/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of xl share: the handles of one run, the table of
 * sub-commands, and small helpers around xenstore.
 */
#ifndef XL_H
#define XL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "xs.h"
#include "xy_call.h"
#include "xy_err.h"

#define XL_LOG_DIR	"/var/log/xen"
#define XL_CONF_FILE	"/etc/xen/xl.conf"
#define XL_SCRIPT_DIR	"/etc/xen/scripts"

struct xl {
	struct xy_call *call;	/* open when the command asks for XL_CALL */
	struct xs_handle *xs;	/* open when the command asks for XL_STORE */
	int verbose;
	bool dry;		/* -N: what knows of it only says what it would do */
	struct xl_conf conf;
};

/* What a sub-command needs opened before it runs. */
enum xl_needs {
	XL_NOTHING = 0,
	XL_CALL = 1,		/* hypercalls: root in the control domain */
	XL_STORE = 2,		/* xenstore; implies a running daemon */
	XL_STORE_OPT = 4,	/* xenstore when there is one: only names are lost */
};

struct xl_cmd {
	const char *name;
	int (*run)(struct xl *xl, int argc, char **argv);	/* exit status */
	unsigned int needs;
	int min_args;		/* fewer prints the usage */
	const char *args;	/* "[options] <Domain>" */
	const char *summary;
	const char *options;	/* one line each; NULL: it has none, and "--" is taken out */
};

/* Rows come from the files cmd_*.c, in the order "xl help" shows them. */
extern const struct xl_cmd xl_cmds_create[], xl_cmds_life[], xl_cmds_list[], xl_cmds_tune[],
	xl_cmds_sched[], xl_cmds_device[], xl_cmds_host[];

const struct xl_cmd *xl_find_cmd(const char *name);
void xl_usage(const struct xl_cmd *cmd);

/* "xl: " and the sentence on standard error. */
void xl_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same when -v was given. */
void xl_debug(const struct xl *xl, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Opens what @needs says; prints the reason and returns false on failure. */
bool xl_open(struct xl *xl, unsigned int needs);
void xl_close(struct xl *xl);

/*
 * Domain named or numbered by @arg, or -1 after an error message. A number
 * wins over a domain that has this number for a name.
 */
int xl_domain(struct xl *xl, const char *arg);
/*
 * The same, and it is in the store, or -1 after an error message: for what writes
 * there, which would leave nodes of a domain that nobody takes away.
 */
int xl_live_domain(struct xl *xl, const char *arg);
/* A domain's name, to be freed; NULL when it has none. */
char *xl_domain_name(struct xl *xl, unsigned int domid);
/* A CPU pool's name, to be freed. */
char *xl_pool_name(struct xl *xl, uint32_t id);
/* The domain called @name, or -1. */
int xl_find_domain(struct xl *xl, const char *name);

/* xenstore with a printf path. The value read is to be freed; NULL when missing. */
char *xl_read(struct xl *xl, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Prints the reason and returns false on failure. */
bool xl_write(struct xl *xl, const char *value, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Whole number at a path, or @missing. */
long xl_read_num(struct xl *xl, long missing, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A configuration file, parsed; NULL after a message. */
struct cfg *xl_parse_file(const char *path);
/* "xl: warning: " and the sentence on standard error. */
void xl_warn(const char *text);
/* Reads xl.conf(5), if there is one; what is wrong in it is said and left out. */
void xl_load_conf(struct xl *xl);

/* A scheduler's name by XEN_SCHEDULER_*. */
const char *xl_sched_name(uint32_t id);

/* Decimal number that is the whole string and at most @max; false otherwise. */
bool xl_number(const char *s, unsigned long max, unsigned long *out);
/* calloc, strdup and asprintf that end the program with a message when memory is out. */
void *xl_alloc(size_t size);
char *xl_strdup(const char *s);
char *xl_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
