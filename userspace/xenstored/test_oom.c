// SPDX-License-Identifier: GPL-2.0-only
/*
 * The n-th allocation fails, for every n: each request is either carried out
 * or leaves the store as it was, the counts stay right, and nothing leaks (the
 * address sanitizer watches).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"
#include "wiretest.h"

/* The linker sends the engine's allocations here (--wrap). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);

static long countdown = -1;	/* allocations until one fails; -1: none does */
static bool failed;

static bool fails(void)
{
	if (countdown < 0 || countdown-- > 0)
		return false;
	failed = true;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

static struct fake f;

struct step {
	uint32_t type;
	int txn;	/* 1: in the transaction */
	int conn;	/* 0: dom0, 1: the guest */
	const char *text;
};

static const struct step steps[] = {
	{ XS_WATCH, 0, 0, "/a|w|" },
	{ XS_WATCH, 0, 0, "/a/b|w|" },
	{ XS_WRITE, 0, 0, "/a/b/c/d|value" },
	{ XS_WRITE, 0, 0, "/a/b/e|value" },
	{ XS_SET_PERMS, 0, 0, "/a/b|n1|r0|" },
	{ XS_WRITE, 0, 1, "/a/b/guest|1" },
	{ XS_WATCH, 0, 1, "/a/b|w|" },
	{ XS_TRANSACTION_START, 0, 0, "|" },
	{ XS_WRITE, 1, 0, "/a/b/n/o|x" },
	{ XS_RM, 1, 0, "/a/b/c|" },
	{ XS_SET_PERMS, 1, 0, "/a/b/e|n0|r1|" },
	{ XS_WRITE, 0, 1, "/a/b/other|1" },
	{ XS_DIRECTORY, 1, 0, "/a/b/n|" },
	{ XS_TRANSACTION_END, 1, 0, "T|" },
	{ XS_WRITE, 0, 0, "/a/b/e|again" },
	{ XS_RM, 0, 0, "/a|" },
};

/* A node and everything below, to see that a failed request changed nothing. */
static void dump(struct store_conn *c, const char *path, char *out)
{
	char text[256], names[512], *name, *rest = names;

	snprintf(text, sizeof(text), "%s|", path);
	snprintf(names, sizeof(names), "%s", ask(&f, c, XS_DIRECTORY, 0, text));
	if (!strcmp(names, "ENOENT|"))
		return;
	out += sprintf(out, "%s=%s,", path, ask(&f, c, XS_READ, 0, text));
	out += sprintf(out, "%s;", ask(&f, c, XS_GET_PERMS, 0, text));
	while ((name = strsep(&rest, "|")) && *name) {
		snprintf(text, sizeof(text), "%s/%s", path, name);
		dump(c, text, out);
		out += strlen(out);
	}
}

/* One request; true when it failed for want of memory. */
static bool step(const struct step *st, struct store_conn *c, uint32_t *txn)
{
	const char *reply = ask(&f, c, st->type, st->txn ? *txn : 0, st->text);

	if (st->type == XS_TRANSACTION_START)
		*txn = strtoul(reply, NULL, 10);
	return !strcmp(reply, "ENOMEM|") || !strcmp(reply, "NOREPLY");
}

/* The whole sequence with the n-th allocation failing. */
static void run(void)
{
	static char before[8192], after[8192];
	struct store_conn *d0 = NULL, *probe = NULL, *conn[2];
	uint32_t txn = 0;

	if (!fake_init(&f))
		return;
	probe = store_connect(f.s, NULL);
	d0 = store_connect(f.s, NULL);
	if (!probe || !d0)
		goto out;
	conn[0] = d0;
	conn[1] = introduce(&f, d0, 1);
	if (!conn[1])
		goto out;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct store_conn *c = conn[steps[i].conn];
		bool failed_before = failed, lost;
		long saved = countdown;

		if (store_conn_dead(c))
			store_conn_reset(c);
		countdown = -1;
		before[0] = after[0] = '\0';
		dump(probe, "/a", before);
		countdown = saved;
		lost = step(&steps[i], c, &txn);
		saved = countdown;
		countdown = -1;
		dump(probe, "/a", after);
		/* Without an answer the client knows nothing: it reconnects. */
		if (lost && !store_conn_dead(c))
			CHECK_STR(after, before);
		if (!failed_before && !failed && lost)
			CHECK(!"failed with memory");
		countdown = saved;
	}
out:
	countdown = -1;
	if (probe)
		CHECK_STR(ask(&f, probe, XS_CONTROL, 0, "check|"), "OK|");
	fake_free(&f);
}

int main(void)
{
	int n = 0;

	do {
		failed = false;
		countdown = n++;
		run();
	} while (failed && n < 10000);
	/* The last run had all it wanted. */
	CHECK(!failed);
	CHECK(n > 50);
	return test_end();
}
