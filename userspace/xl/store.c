// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store.h"

#define CONFLICT_RETRIES 100

#define FORMAT_PATH(path, fmt)						\
	do {								\
		va_list ap;						\
									\
		va_start(ap, fmt);					\
		vsnprintf((path), sizeof(path), (fmt), ap);		\
		va_end(ap);						\
	} while (0)

static void set_error(struct store_tx *tx, const char *path)
{
	tx->err = errno ? errno : EIO;
	snprintf(tx->path, sizeof(tx->path), "%s", path);
}

static unsigned int permissions(struct xs_permissions p[2], unsigned int domid,
				enum store_perm perm)
{
	bool own = perm == STORE_OWN || perm == STORE_SHARED;

	p[0].id = own ? domid : 0;
	p[0].perms = XS_PERM_NONE;	/* all others */
	p[1].id = own ? 0 : domid;
	p[1].perms = XS_PERM_READ;
	return perm == STORE_OWN || perm == STORE_PRIVATE ? 1 : 2;
}

void store_mkdir(struct store_tx *tx, unsigned int domid, enum store_perm perm,
		 const char *fmt, ...)
{
	struct xs_permissions p[2];
	unsigned int n = permissions(p, domid, perm);
	char path[256];

	FORMAT_PATH(path, fmt);
	if (tx->err)
		return;
	if (!xs_mkdir(tx->xs, tx->t, path) || !xs_set_permissions(tx->xs, tx->t, path, p, n))
		set_error(tx, path);
}

void store_write(struct store_tx *tx, const char *value, const char *fmt, ...)
{
	char path[256];

	FORMAT_PATH(path, fmt);
	if (!tx->err && !xs_write(tx->xs, tx->t, path, value, strlen(value)))
		set_error(tx, path);
}

void store_write_num(struct store_tx *tx, unsigned long long value, const char *fmt, ...)
{
	char path[256], text[24];

	FORMAT_PATH(path, fmt);
	store_write(tx, (snprintf(text, sizeof(text), "%llu", value), text), "%s", path);
}

void store_rm(struct store_tx *tx, const char *fmt, ...)
{
	char path[256];

	FORMAT_PATH(path, fmt);
	if (!tx->err && !xs_rm(tx->xs, tx->t, path) && errno != ENOENT)
		set_error(tx, path);
}

bool store_update(struct xl *xl, void (*fill)(struct store_tx *tx, void *arg), void *arg,
		  struct xy_err *err)
{
	struct store_tx tx = { .xs = xl->xs };

	for (int i = 0; i < CONFLICT_RETRIES; i++) {
		tx.err = 0;
		tx.t = xs_transaction_start(xl->xs);
		if (tx.t == XBT_NULL) {
			set_error(&tx, "(start of a transaction)");
			break;
		}
		fill(&tx, arg);
		if (tx.err) {
			xs_transaction_end(xl->xs, tx.t, true);
			break;
		}
		if (xs_transaction_end(xl->xs, tx.t, false))
			return true;
		set_error(&tx, "(end of a transaction)");
		if (errno != EAGAIN)
			break;
	}
	xy_fail(err, -tx.err, "cannot write %s in xenstore: %s", tx.path, strerror(tx.err));
	return false;
}

void store_remove(struct xl *xl, const char *fmt, ...)
{
	char path[256];

	FORMAT_PATH(path, fmt);
	xs_rm(xl->xs, XBT_NULL, path);
}

struct tidying {
	const char *path, *top;
};

static bool is_empty(struct store_tx *tx, const char *path)
{
	unsigned int n = 0;
	char **names = xs_directory(tx->xs, tx->t, path, &n);

	free(names);
	return names && !n;
}

/* In a transaction: what another xl puts there meanwhile is a conflict, and stays. */
static void tidy(struct store_tx *tx, void *arg)
{
	const struct tidying *t = arg;
	char path[256], *slash;

	snprintf(path, sizeof(path), "%s", t->path);
	store_rm(tx, "%s", path);
	while (!tx->err && (slash = strrchr(path, '/')) && slash > path) {
		*slash = '\0';
		if (strlen(path) <= strlen(t->top) || !is_empty(tx, path))
			return;
		store_rm(tx, "%s", path);
	}
}

void store_remove_tidy(struct xl *xl, const char *top, const char *fmt, ...)
{
	char path[256];
	struct tidying t = { path, top };
	struct xy_err err;

	FORMAT_PATH(path, fmt);
	if (!store_update(xl, tidy, &t, &err))
		xl_debug(xl, "%s", err.text);
}

char **store_list(struct xl *xl, unsigned int *n, const char *fmt, ...)
{
	char path[256], **list;

	FORMAT_PATH(path, fmt);
	*n = 0;
	list = xs_directory(xl->xs, XBT_NULL, path, n);
	if (!list)
		*n = 0;
	return list;
}

static long long now_msecs(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

enum drained { NO_EVENTS, SOME_EVENTS, LOST };

/* Drops the events that have arrived. LOST: xenstored is gone. */
static enum drained drain(struct xl *xl)
{
	enum drained what = NO_EVENTS;
	char **event;

	while ((event = xs_check_watch(xl->xs))) {
		free(event);
		what = SOME_EVENTS;
	}
	return errno == EAGAIN ? what : LOST;
}

bool store_wait(struct xl *xl, const char *path, bool (*done)(struct xl *xl, void *arg),
		void *arg, int msecs)
{
	long long until = now_msecs() + msecs;
	bool ok = done(xl, arg);

	if (ok || !xs_watch(xl->xs, path, "wait"))
		return ok;
	while (!(ok = done(xl, arg))) {
		struct pollfd p = { .fd = xs_fileno(xl->xs), .events = POLLIN };
		long long left = until - now_msecs();
		enum drained what;

		if (left <= 0)
			break;
		/*
		 * The answers that done() waited for may have brought events along:
		 * those are in the library already, where poll() does not see them.
		 */
		what = drain(xl);
		if (what == LOST || (what == NO_EVENTS && poll(&p, 1, (int)left) < 0 &&
				     errno != EINTR))
			break;
	}
	xs_unwatch(xl->xs, path, "wait");
	drain(xl);
	return ok;
}
