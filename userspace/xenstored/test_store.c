// SPDX-License-Identifier: GPL-2.0-only
/* The xenstore engine through its wire: what clients may rely on. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"
#include "wiretest.h"

#define ASK(c, type, text) ask(&f, c, XS_##type, 0, text)
#define ASKT(c, t, type, text) ask(&f, c, XS_##type, t, text)
#define EVENTS(c) take_events(&f, c)

static struct fake f;
static struct store_conn *d0;

static void start(void)
{
	if (!fake_init(&f)) {
		printf("out of memory\n");
		exit(2);
	}
	d0 = store_connect(f.s, NULL);
	store_introduce_dom0(f.s, 1);
}

static void stop(void)
{
	CHECK_STR(ASK(d0, CONTROL, "check|"), "OK|");
	fake_free(&f);
}

static void test_nodes(void)
{
	start();
	CHECK_STR(ASK(d0, READ, "/a|"), "ENOENT|");
	CHECK_STR(ASK(d0, WRITE, "/a/b/c|value"), "OK|");
	CHECK_STR(ASK(d0, READ, "/a/b/c|"), "value");
	CHECK_STR(ASK(d0, READ, "/a/b|"), "");
	CHECK_STR(ASK(d0, DIRECTORY, "/a|"), "b|");
	CHECK_STR(ASK(d0, DIRECTORY, "/a/b/c|"), "");
	CHECK_STR(ASK(d0, WRITE, "/a/b/c|"), "OK|");
	CHECK_STR(ASK(d0, READ, "/a/b/c|"), "");
	CHECK_STR(ASK(d0, WRITE, "/a/b/c|x|y|"), "OK|");
	CHECK_STR(ASK(d0, READ, "/a/b/c|"), "x|y|");
	CHECK_STR(ASK(d0, MKDIR, "/a/b/c|"), "OK|");
	CHECK_STR(ASK(d0, READ, "/a/b/c|"), "x|y|");
	CHECK_STR(ASK(d0, MKDIR, "/a/e/f|"), "OK|");
	CHECK_STR(ASK(d0, DIRECTORY, "/a|"), "b|e|");
	CHECK_STR(ASK(d0, RM, "/a/b|"), "OK|");
	CHECK_STR(ASK(d0, READ, "/a/b/c|"), "ENOENT|");
	CHECK_STR(ASK(d0, RM, "/a/b|"), "OK|");
	CHECK_STR(ASK(d0, RM, "/a/b/c|"), "ENOENT|");
	CHECK_STR(ASK(d0, RM, "/|"), "EINVAL|");
	CHECK_STR(ASK(d0, DIRECTORY, "/|"), "a|tool|");
	/* without a leading slash: in dom0's directory */
	CHECK_STR(ASK(d0, WRITE, "rel|v"), "OK|");
	CHECK_STR(ASK(d0, READ, "/local/domain/0/rel|"), "v");
	stop();
}

static void test_malformed(void)
{
	static const char *const bad[] = {
		"", "a", "|", "/a//b|", "/a/|", "//|", "/a b|", "/a.b|", "@foo|",
		"@releaseDomain|", "/a|/b|", "/a|x",
	};
	char longest[XENSTORE_ABS_PATH_MAX + 8];

	start();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_STR(ASK(d0, READ, bad[i]), "EINVAL|");
	CHECK_STR(ask(&f, d0, 20, 0, "x|"), "ENOSYS|");
	CHECK_STR(ask(&f, d0, XS_WATCH_EVENT, 0, "x|"), "ENOSYS|");
	CHECK_STR(ask(&f, d0, XS_ERROR, 0, "x|"), "ENOSYS|");
	CHECK_STR(ask(&f, d0, 23, 0, "x|"), "ENOSYS|");
	CHECK_STR(ask(&f, d0, 0xffffffff, 0, "x|"), "ENOSYS|");
	CHECK_STR(ASKT(d0, 5, READ, "/|"), "ENOENT|");
	CHECK_STR(ASK(d0, WATCH, "/a|"), "EINVAL|");
	CHECK_STR(ASK(d0, WATCH, "/a|t|x|"), "EINVAL|");
	CHECK_STR(ASK(d0, WATCH, "/a|t|1|2|"), "EINVAL|");
	CHECK_STR(ASK(d0, WATCH, "@nothing|t|"), "EINVAL|");
	CHECK_STR(ASK(d0, UNWATCH, "/a|t|"), "ENOENT|");
	CHECK_STR(ASK(d0, SET_PERMS, "/tool|"), "EINVAL|");
	CHECK_STR(ASK(d0, SET_PERMS, "/tool|x0|"), "EINVAL|");
	CHECK_STR(ASK(d0, SET_PERMS, "/tool|n|"), "EINVAL|");
	CHECK_STR(ASK(d0, SET_PERMS, "/tool|n-1|"), "EINVAL|");
	CHECK_STR(ASK(d0, SET_PERMS, "/tool|n99999|"), "EINVAL|");
	CHECK_STR(ASK(d0, INTRODUCE, "1|2|"), "EINVAL|");
	CHECK_STR(ASK(d0, INTRODUCE, "0|2|3|"), "EINVAL|");
	CHECK_STR(ASK(d0, INTRODUCE, "9|2|0|"), "EINVAL|");
	CHECK_STR(ASK(d0, INTRODUCE, "9|2|3|"), "ENOENT|");
	CHECK_STR(ASK(d0, RELEASE, "9|"), "ENOENT|");
	CHECK_STR(ASK(d0, RELEASE, "0|"), "EINVAL|");
	CHECK_STR(ASK(d0, RELEASE, "x|"), "EINVAL|");
	CHECK_STR(ASK(d0, TRANSACTION_END, "T|"), "ENOENT|");
	CHECK_STR(ASK(d0, TRANSACTION_END, "X|"), "EINVAL|");
	CHECK_STR(ASK(d0, CONTROL, "nonsense|"), "EINVAL|");
	CHECK_STR(ASK(d0, CONTROL, "nonsense"), "EINVAL|");
	CHECK_STR(ASK(d0, DIRECTORY_PART, "/|x|"), "EINVAL|");
	memset(longest, 'a', sizeof(longest));
	longest[0] = '/';
	strcpy(longest + XENSTORE_ABS_PATH_MAX, "|");
	CHECK_STR(ASK(d0, WRITE, longest), "OK|");
	strcpy(longest + XENSTORE_ABS_PATH_MAX, "a|");
	CHECK_STR(ASK(d0, WRITE, longest), "EINVAL|");
	stop();
}

static void test_protocol_violation(void)
{
	struct xsd_sockmsg hdr = { .len = XENSTORE_PAYLOAD_MAX + 1 };

	start();
	CHECK(store_conn_input(d0, &hdr, sizeof(hdr)) == -EPROTO);
	store_conn_reset(d0);
	stop();
}

static void test_large_directory(void)
{
	char text[64], names[16384] = "", want[16384] = "";
	const char *reply;
	size_t offset = 0;
	int parts = 0;

	start();
	for (int i = 0; i < 1500; i++) {
		/* An order that is neither rising nor falling. */
		snprintf(text, sizeof(text), "/big/%04d|", i * 7 % 1500);
		CHECK_STR(ASK(d0, MKDIR, text), "OK|");
	}
	CHECK_STR(ASK(d0, DIRECTORY, "/big|"), "E2BIG|");
	for (bool last = false; !last; parts++) {
		size_t len;

		snprintf(text, sizeof(text), "/big|%zu|", offset);
		reply = strchr(ASK(d0, DIRECTORY_PART, text), '|');
		if (!reply)
			break;
		reply++;
		len = strlen(reply);
		last = len >= 2 && !strcmp(reply + len - 2, "||");
		len -= last;
		memcpy(names + offset, reply, len);
		offset += len;
	}
	for (int i = 0; i < 1500; i++)
		sprintf(want + 5 * i, "%04d|", i);
	CHECK_STR(names, want);
	CHECK_EQ(parts, 2);
	CHECK_STR(strchr(ASK(d0, DIRECTORY_PART, "/big|99999|"), '|'), "||");
	for (int i = 0; i < 1499; i++) {
		snprintf(text, sizeof(text), "/big/%04d|", i * 11 % 1500);
		CHECK_STR(ASK(d0, RM, text), "OK|");
	}
	snprintf(text, sizeof(text), "%04d|", 1499 * 11 % 1500);
	CHECK_STR(ASK(d0, DIRECTORY, "/big|"), text);
	stop();
}

static void test_permissions(void)
{
	struct store_conn *d1, *d2;

	start();
	d1 = introduce(&f, d0, 1);
	d2 = introduce(&f, d0, 2);
	ASK(d0, MKDIR, "/local/domain/1|");
	ASK(d0, MKDIR, "/local/domain/1/own|");
	CHECK_STR(ASK(d0, GET_PERMS, "/local/domain/1|"), "n0|");
	CHECK_STR(ASK(d1, READ, "own|"), "EACCES|");
	CHECK_STR(ASK(d1, READ, "nothing|"), "EACCES|");
	CHECK_STR(ASK(d1, WRITE, "own/x|1"), "EACCES|");
	CHECK_STR(ASK(d0, SET_PERMS, "/local/domain/1|n0|r1|"), "OK|");
	CHECK_STR(ASK(d1, DIRECTORY, "/local/domain/1|"), "own|");
	CHECK_STR(ASK(d1, READ, "nothing|"), "ENOENT|");
	CHECK_STR(ASK(d1, WRITE, "nothing|"), "EACCES|");
	CHECK_STR(ASK(d0, SET_PERMS, "/local/domain/1/own|n1|r2|"), "OK|");
	CHECK_STR(ASK(d1, WRITE, "own/x|1"), "OK|");
	CHECK_STR(ASK(d0, GET_PERMS, "/local/domain/1/own/x|"), "n1|r2|");
	CHECK_STR(ASK(d2, READ, "/local/domain/1/own/x|"), "1");
	CHECK_STR(ASK(d2, WRITE, "/local/domain/1/own/x|2"), "EACCES|");
	CHECK_STR(ASK(d2, RM, "/local/domain/1/own/x|"), "EACCES|");
	CHECK_STR(ASK(d2, SET_PERMS, "/local/domain/1/own/x|n2|"), "EACCES|");
	CHECK_STR(ASK(d1, SET_PERMS, "own/x|n2|"), "EPERM|");
	CHECK_STR(ASK(d1, SET_PERMS, "own/x|n1|b2|"), "OK|");
	CHECK_STR(ASK(d2, WRITE, "/local/domain/1/own/x|2"), "OK|");
	/* what a guest makes it owns, whoever owns the parent */
	CHECK_STR(ASK(d2, WRITE, "/local/domain/1/own/x/y|2"), "OK|");
	CHECK_STR(ASK(d0, GET_PERMS, "/local/domain/1/own/x/y|"), "n2|b2|");
	CHECK_STR(ASK(d1, SET_PERMS, "own/x|n1|b2|b3|b4|b5|b6|"), "ENOSPC|");
	/* what only dom0 may */
	CHECK_STR(ASK(d1, INTRODUCE, "3|2|3|"), "EACCES|");
	CHECK_STR(ASK(d1, RELEASE, "2|"), "EACCES|");
	CHECK_STR(ASK(d1, RESUME, "2|"), "EACCES|");
	CHECK_STR(ASK(d1, SET_TARGET, "1|2|"), "EACCES|");
	CHECK_STR(ASK(d1, CONTROL, "help|"), "EACCES|");
	CHECK_STR(ASK(d1, SET_PERMS, "@releaseDomain|n0|r1|"), "EACCES|");
	CHECK_STR(ASK(d1, GET_DOMAIN_PATH, "12|"), "/local/domain/12|");
	CHECK_STR(ASK(d1, IS_DOMAIN_INTRODUCED, "2|"), "T|");
	CHECK_STR(ASK(d1, IS_DOMAIN_INTRODUCED, "3|"), "F|");
	/* a device model stands for its target */
	ASK(d0, WRITE, "/secret|s");
	ASK(d0, SET_PERMS, "/secret|n1|");
	CHECK_STR(ASK(d2, READ, "/secret|"), "EACCES|");
	CHECK_STR(ASK(d0, SET_TARGET, "2|1|"), "OK|");
	CHECK_STR(ASK(d2, READ, "/secret|"), "s");
	CHECK_STR(ASK(d0, SET_TARGET, "2|9|"), "ENOENT|");
	stop();
}

/* Rights given to a domain are not its successor's of the same number. */
static void test_domain_reuse(void)
{
	struct store_conn *d1;

	start();
	ASK(d0, WRITE, "/n|v");
	/* named before it exists: nothing is given */
	ASK(d0, SET_PERMS, "/n|n0|r1|");
	d1 = introduce(&f, d0, 1);
	CHECK_STR(ASK(d1, READ, "/n|"), "EACCES|");
	ASK(d0, SET_PERMS, "/n|n0|r1|");
	CHECK_STR(ASK(d1, READ, "/n|"), "v");
	ASK(d0, WRITE, "/owned/deep|v");
	ASK(d0, SET_PERMS, "/owned/deep|n1|");
	CHECK_STR(ASK(d1, WRITE, "/owned/deep/er|v"), "OK|");
	store_domain_gone(f.s, 1);
	CHECK_EQ(f.released, 1);
	CHECK_STR(ASK(d0, DIRECTORY, "/owned|"), "");
	d1 = introduce(&f, d0, 1);
	CHECK_STR(ASK(d1, READ, "/n|"), "EACCES|");
	stop();
}

static void test_watches(void)
{
	struct store_conn *d1;

	start();
	CHECK_STR(ASK(d0, WATCH, "/a/b|t1|"), "OK|");
	CHECK_STR(EVENTS(d0), "/a/b|t1| ");
	CHECK_STR(ASK(d0, WATCH, "/a/b|t1|"), "EEXIST|");
	CHECK_STR(ASK(d0, WATCH, "/a/b|t2|"), "OK|");
	CHECK_STR(ASK(d0, WATCH, "/|root|1|"), "OK|");
	EVENTS(d0);
	CHECK_STR(ASK(d0, WRITE, "/a/b/c|"), "OK|");
	CHECK_STR(EVENTS(d0), "/a/b/c|t1| /a/b/c|t2| ");
	CHECK_STR(ASK(d0, MKDIR, "/a/b/c|"), "OK|");
	CHECK_STR(EVENTS(d0), "");
	CHECK_STR(ASK(d0, UNWATCH, "/a/b|t2|"), "OK|");
	CHECK_STR(ASK(d0, WATCH, "/a/b/c|t3|"), "OK|");
	EVENTS(d0);
	ASK(d0, WRITE, "/a/bc|");
	CHECK_STR(EVENTS(d0), "");
	/* the node's parents hear once, watchers below hear of their node */
	ASK(d0, RM, "/a|");
	CHECK_STR(EVENTS(d0), "/a|root| /a/b|t1| /a/b/c|t3| ");
	CHECK_STR(ASK(d0, RESET_WATCHES, "|"), "OK|");
	ASK(d0, WRITE, "/a/b/c|");
	CHECK_STR(EVENTS(d0), "");

	/* a guest's relative watches, and only what it may read */
	d1 = introduce(&f, d0, 1);
	ASK(d0, WRITE, "/local/domain/1/x/y|");
	CHECK_STR(ASK(d1, WATCH, "x|t|"), "OK|");
	CHECK_STR(EVENTS(d1), "x|t| ");
	CHECK_STR(ASK(d1, WATCH, "/local/domain/1/x|u|"), "OK|");
	CHECK_STR(EVENTS(d1), "/local/domain/1/x|u| ");
	ASK(d0, WRITE, "/local/domain/1/x/y|1");
	CHECK_STR(EVENTS(d1), "");
	ASK(d0, SET_PERMS, "/local/domain/1/x/y|n0|r1|");
	CHECK_STR(EVENTS(d1), "x/y|t| /local/domain/1/x/y|u| ");
	ASK(d0, WRITE, "/local/domain/1/x/y|1");
	CHECK_STR(EVENTS(d1), "x/y|t| /local/domain/1/x/y|u| ");
	/* it loses the right, and hears of it */
	ASK(d0, SET_PERMS, "/local/domain/1/x/y|n0|");
	CHECK_STR(EVENTS(d1), "x/y|t| /local/domain/1/x/y|u| ");
	ASK(d0, WRITE, "/local/domain/1/x/y|1");
	CHECK_STR(EVENTS(d1), "");
	stop();
}

static void test_special_watches(void)
{
	struct store_conn *d1, *d2;

	start();
	ASK(d0, WATCH, "@introduceDomain|i|");
	ASK(d0, WATCH, "@releaseDomain|r|");
	EVENTS(d0);
	d1 = introduce(&f, d0, 1);
	CHECK_STR(EVENTS(d0), "@introduceDomain|i| ");
	CHECK_STR(ASK(d0, INTRODUCE, "1|1234|6|"), "OK|");
	CHECK_STR(EVENTS(d0), "");
	CHECK_STR(ASK(d1, WATCH, "@releaseDomain|g|"), "OK|");
	EVENTS(d1);
	d2 = introduce(&f, d0, 2);
	EVENTS(d0);
	store_domain_shutdown(f.s, 2);
	CHECK_STR(EVENTS(d0), "@releaseDomain|r| ");
	store_domain_shutdown(f.s, 2);
	CHECK_STR(EVENTS(d0), "");
	CHECK_STR(ASK(d0, RESUME, "2|"), "OK|");
	store_domain_shutdown(f.s, 2);
	CHECK_STR(EVENTS(d0), "@releaseDomain|r| ");
	CHECK_STR(EVENTS(d1), "");
	CHECK_STR(ASK(d0, SET_PERMS, "@releaseDomain|n0|r1|"), "OK|");
	CHECK_STR(ASK(d0, GET_PERMS, "@releaseDomain|"), "n0|r1|");
	store_domain_gone(f.s, 2);
	CHECK_STR(EVENTS(d0), "@releaseDomain|r| ");
	CHECK_STR(EVENTS(d1), "@releaseDomain|g| ");
	CHECK(!f.ring[2]);
	(void)d2;
	d2 = introduce(&f, d0, 2);
	EVENTS(d0);
	CHECK_STR(ASK(d0, RELEASE, "2|"), "OK|");
	CHECK_STR(EVENTS(d0), "@releaseDomain|r| ");
	/* an introduction that fails leaves nothing */
	f.introduce_error = EINVAL;
	CHECK(!introduce(&f, d0, 3));
	CHECK_STR(EVENTS(d0), "");
	CHECK_STR(ASK(d0, IS_DOMAIN_INTRODUCED, "3|"), "F|");
	stop();
}

static void test_transactions(void)
{
	struct store_conn *other;
	uint32_t t, u;

	start();
	other = store_connect(f.s, NULL);
	ASK(d0, WRITE, "/a|1");
	t = begin(&f, d0);
	CHECK_STR(ASKT(d0, t, TRANSACTION_START, "|"), "EBUSY|");
	/* a snapshot, in both directions */
	CHECK_STR(ASKT(d0, t, WRITE, "/b|new"), "OK|");
	CHECK_STR(ASK(other, READ, "/b|"), "ENOENT|");
	CHECK_STR(ASK(other, WRITE, "/a|2"), "OK|");
	CHECK_STR(ASKT(d0, t, READ, "/b|"), "new");
	/* others' transaction numbers are not ours */
	CHECK_STR(ASKT(other, t + 100, READ, "/b|"), "ENOENT|");
	CHECK_STR(commit(&f, d0, t), "OK|");
	CHECK_STR(ASK(other, READ, "/b|"), "new");
	CHECK_STR(ASK(other, READ, "/a|"), "2");
	CHECK_STR(commit(&f, d0, t), "ENOENT|");

	/* a value read that changed */
	t = begin(&f, d0);
	CHECK_STR(ASKT(d0, t, READ, "/a|"), "2");
	ASK(other, WRITE, "/a|3");
	CHECK_STR(ASKT(d0, t, READ, "/a|"), "2");
	ASKT(d0, t, WRITE, "/b|x");
	CHECK_STR(commit(&f, d0, t), "EAGAIN|");
	CHECK_STR(ASK(d0, READ, "/b|"), "new");

	/* only reading is of one moment, and succeeds */
	t = begin(&f, d0);
	ASKT(d0, t, READ, "/a|");
	ASK(other, WRITE, "/a|4");
	CHECK_STR(commit(&f, d0, t), "OK|");

	/* absence relied on */
	t = begin(&f, d0);
	CHECK_STR(ASKT(d0, t, READ, "/c|"), "ENOENT|");
	ASKT(d0, t, WRITE, "/b|x");
	ASK(other, WRITE, "/c|");
	CHECK_STR(commit(&f, d0, t), "EAGAIN|");

	/* children of one node do not conflict, unless it was listed */
	t = begin(&f, d0);
	u = begin(&f, other);
	ASKT(d0, t, WRITE, "/dir/x|1");
	CHECK_STR(commit(&f, d0, t), "OK|");
	ASKT(other, u, WRITE, "/dir/y|1");
	CHECK_STR(commit(&f, other, u), "EAGAIN|");	/* both made /dir */
	t = begin(&f, d0);
	u = begin(&f, other);
	ASKT(d0, t, WRITE, "/dir/y|1");
	ASKT(other, u, WRITE, "/dir/z|2");
	CHECK_STR(commit(&f, d0, t), "OK|");
	CHECK_STR(commit(&f, other, u), "OK|");
	CHECK_STR(ASK(d0, DIRECTORY, "/dir|"), "x|y|z|");
	t = begin(&f, d0);
	ASKT(d0, t, DIRECTORY, "/dir|");
	ASKT(d0, t, WRITE, "/b|x");
	ASK(other, RM, "/dir/z|");
	CHECK_STR(commit(&f, d0, t), "EAGAIN|");

	/* dropped */
	t = begin(&f, d0);
	ASKT(d0, t, RM, "/dir|");
	CHECK_STR(ASKT(d0, t, TRANSACTION_END, "F|"), "OK|");
	CHECK_STR(ASK(d0, DIRECTORY, "/dir|"), "x|y|");
	stop();
}

/* Removing and making again what others see, with somebody else's change. */
static void test_transaction_replay(void)
{
	uint32_t t;

	start();
	ASK(d0, WRITE, "/a/b/old|1");
	ASK(d0, WRITE, "/a/keep|1");
	ASK(d0, WATCH, "/a|w|");
	EVENTS(d0);
	t = begin(&f, d0);
	ASKT(d0, t, RM, "/a/b|");
	ASKT(d0, t, MKDIR, "/a/b|");
	CHECK_STR(ASKT(d0, t, DIRECTORY, "/a/b|"), "");
	CHECK_STR(ASKT(d0, t, READ, "/a/b/old|"), "ENOENT|");
	ASKT(d0, t, WRITE, "/a/b/n/e/w|2");
	ASKT(d0, t, DIRECTORY, "/a/b/n|");
	ASKT(d0, t, WRITE, "/a/gone|2");
	ASKT(d0, t, RM, "/a/gone|");
	ASKT(d0, t, SET_PERMS, "/a/b/n|r0|");
	CHECK_STR(EVENTS(d0), "");
	ASK(d0, WRITE, "/unrelated|");
	ASK(d0, WRITE, "/a/too|");
	EVENTS(d0);
	CHECK_STR(commit(&f, d0, t), "OK|");
	CHECK_STR(EVENTS(d0), "/a/b|w| /a/b/n/e/w|w| /a/b/n|w| ");
	CHECK_STR(ASK(d0, DIRECTORY, "/a|"), "b|keep|too|");
	CHECK_STR(ASK(d0, DIRECTORY, "/a/b|"), "n|");
	CHECK_STR(ASK(d0, READ, "/a/b/n/e/w|"), "2");
	CHECK_STR(ASK(d0, GET_PERMS, "/a/b/n|"), "r0|");
	CHECK_STR(ASK(d0, CONTROL, "check|"), "OK|");

	/* something below what the transaction removes was changed */
	t = begin(&f, d0);
	ASKT(d0, t, RM, "/a|");
	ASK(d0, WRITE, "/a/b/n/e/w|3");
	CHECK_STR(commit(&f, d0, t), "EAGAIN|");
	stop();
}

/* A guest cannot pin old versions of the store by waiting. */
static void test_old_transaction(void)
{
	struct store_conn *d1;
	uint32_t t, u;

	start();
	ASK(d0, WRITE, "/a|1");
	ASK(d0, SET_PERMS, "/a|n1|b1|");
	d1 = introduce(&f, d0, 1);
	ASK(d0, SET_PERMS, "/a|n1|");
	t = begin(&f, d1);
	u = begin(&f, d0);
	CHECK_STR(ASKT(d1, t, WRITE, "/a|2"), "OK|");
	ASKT(d0, u, READ, "/a|");
	CHECK_EQ(store_set_time(f.s, 59000), 1000);
	CHECK_STR(ASK(d0, WRITE, "/b|1"), "OK|");
	CHECK_STR(ASKT(d1, t, READ, "/a|"), "2");
	CHECK_EQ(store_set_time(f.s, 60000), 60000);
	CHECK_STR(ASKT(d1, t, READ, "/a|"), "1");
	CHECK_STR(ASKT(d1, t, WRITE, "/a|3"), "OK|");
	CHECK_STR(commit(&f, d1, t), "EAGAIN|");
	CHECK_STR(ASK(d0, READ, "/a|"), "1");
	CHECK_EQ(store_set_time(f.s, 70000), -1);
	/* Dom0's are not in question. */
	CHECK_STR(ASKT(d0, u, READ, "/b|"), "ENOENT|");
	CHECK_STR(commit(&f, d0, u), "OK|");
	stop();
}

static void test_quotas(void)
{
	struct store_conn *d1;
	char text[XENSTORE_PAYLOAD_MAX + 1];
	uint32_t t;
	int i;

	start();
	ASK(d0, MKDIR, "/local/domain/1|");
	d1 = introduce(&f, d0, 1);
	ASK(d0, SET_PERMS, "/local/domain/1|n1|");
	CHECK_EQ(store_set_quota(f.s, "nodes", 20), 0);
	CHECK_EQ(store_set_quota(f.s, "watches", 3), 0);
	CHECK_EQ(store_set_quota(f.s, "transactions", 2), 0);
	CHECK_EQ(store_set_quota(f.s, "transaction-nodes", 6), 0);
	CHECK_EQ(store_set_quota(f.s, "node-size", 300), 0);
	CHECK_EQ(store_set_quota(f.s, "nonsense", 1), ENOENT);
	for (i = 0; i < 19; i++) {
		snprintf(text, sizeof(text), "n%d|", i);
		CHECK_STR(ASK(d1, WRITE, text), "OK|");
	}
	CHECK_STR(ASK(d1, WRITE, "n19|"), "ENOSPC|");
	CHECK_STR(ASK(d0, WRITE, "/local/domain/1/n19|"), "OK|");
	CHECK_STR(ASK(d0, RM, "/local/domain/1/n19|"), "OK|");
	t = begin(&f, d1);
	CHECK_STR(ASKT(d1, t, RM, "n0|"), "OK|");
	CHECK_STR(ASKT(d1, t, WRITE, "m|"), "OK|");
	CHECK_STR(ASKT(d1, t, WRITE, "l|"), "ENOSPC|");
	CHECK_STR(commit(&f, d1, t), "OK|");
	CHECK_STR(ASK(d1, RM, "m|"), "OK|");
	/* the limit reached between a transaction's start and its end */
	t = begin(&f, d1);
	CHECK_STR(ASKT(d1, t, WRITE, "m|"), "OK|");
	CHECK_STR(ASK(d1, WRITE, "k|"), "OK|");
	CHECK_STR(commit(&f, d1, t), "ENOSPC|");
	t = begin(&f, d1);
	CHECK_STR(ASKT(d1, t, READ, "n1|"), "");
	for (i = 2; i < 7; i++) {
		snprintf(text, sizeof(text), "n%d|", i);
		ASKT(d1, t, READ, text);
	}
	CHECK_STR(ASKT(d1, t, READ, "n8|"), "ENOSPC|");
	CHECK(begin(&f, d1) != 0);
	CHECK_STR(ASK(d1, TRANSACTION_START, "|"), "ENOSPC|");
	CHECK_STR(ASK(d1, RESET_WATCHES, "|"), "OK|");
	CHECK(begin(&f, d1) != 0);

	memset(text, 'v', 400);
	memcpy(text, "n1|", 3);
	text[400] = '\0';
	CHECK_STR(ASK(d1, WRITE, text), "ENOSPC|");
	text[250] = '\0';
	CHECK_STR(ASK(d1, WRITE, text), "OK|");

	CHECK_STR(ASK(d1, WATCH, "a|1|"), "OK|");
	CHECK_STR(ASK(d1, WATCH, "a|2|"), "OK|");
	CHECK_STR(ASK(d1, WATCH, "b|1|"), "OK|");
	CHECK_STR(ASK(d1, WATCH, "c|1|"), "E2BIG|");
	memset(text, 'p', sizeof(text));
	memcpy(text, "/", 1);
	strcpy(text + XENSTORE_REL_PATH_MAX, "p|");
	CHECK_STR(ASK(d1, READ, text), "EINVAL|");

	CHECK_EQ(store_set_quota(f.s, "memory", 8000), 0);
	CHECK_STR(ASK(d1, WRITE, "n2|aaaaaaaaaa"), "OK|");
	CHECK_EQ(store_set_quota(f.s, "memory", 1000), 0);
	CHECK_STR(ASK(d1, WRITE, "n2|bbbbbbbbbbbbbb"), "ENOSPC|");
	CHECK_STR(ASK(d1, WRITE, "n2|b"), "OK|");
	CHECK_STR(ASK(d1, RM, "n3|"), "OK|");
	stop();
}

static const char *numbered(const char *fmt, int i)
{
	static char text[64];

	snprintf(text, sizeof(text), fmt, i);
	return text;
}

/* A guest whose events others do not read must wait; time frees it. */
static void test_outstanding(void)
{
	struct store_conn *d1, *slow;
	int i;

	start();
	slow = store_connect(f.s, NULL);
	ASK(d0, MKDIR, "/local/domain/1|");
	d1 = introduce(&f, d0, 1);
	ASK(d0, SET_PERMS, "/local/domain/1|n1|");
	ASK(slow, WATCH, "/local/domain/1|w|");
	EVENTS(slow);
	for (i = 0; i < 20; i++)
		CHECK_STR(ASK(d1, WRITE, numbered("x%d|", i)), "OK|");
	CHECK(store_conn_throttled(d1));
	CHECK_STR(ASK(d1, WRITE, "x|"), "THROTTLED");
	CHECK_STR(ASK(d0, WRITE, "/y|"), "OK|");
	EVENTS(slow);
	CHECK(!store_conn_throttled(d1));
	for (i = 0; i < 20; i++)
		CHECK_STR(ASK(d1, WRITE, numbered("x%d|", i)), "OK|");
	CHECK(store_conn_throttled(d1));
	CHECK_EQ(store_set_time(f.s, 0), 20000);
	CHECK_EQ(store_set_time(f.s, 19999), 1);
	CHECK(store_conn_throttled(d1));
	CHECK_EQ(store_set_time(f.s, 20000), -1);
	CHECK(!store_conn_throttled(d1));
	stop();
}

/* What a client has not read yet is not said twice. */
static void test_same_event(void)
{
	struct store_conn *other;

	start();
	other = store_connect(f.s, NULL);
	ASK(other, WATCH, "/a|t|");
	ASK(other, WATCH, "/a/b|t|");
	ASK(other, WATCH, "/a/b|u|");
	EVENTS(other);
	ASK(d0, WRITE, "/a/b/c|1");
	ASK(d0, WRITE, "/a/b/c|2");
	CHECK_STR(EVENTS(other), "/a/b/c|t| /a/b/c|u| ");
	ASK(d0, WRITE, "/a/b/c|3");
	CHECK_STR(EVENTS(other), "/a/b/c|t| /a/b/c|u| ");
	stop();
}

/* A guest that does not read its events is disconnected, nobody else. */
static void test_queue_overflow(void)
{
	struct store_conn *d1;
	int i;

	start();
	ASK(d0, MKDIR, "/local/domain/1/x|");
	d1 = introduce(&f, d0, 1);
	ASK(d0, SET_PERMS, "/local/domain/1/x|n1|");
	ASK(d1, WATCH, "x|w|");
	EVENTS(d1);
	CHECK_EQ(store_set_quota(f.s, "queue", 1000), 0);
	for (i = 0; i < 100; i++)
		CHECK_STR(ASK(d0, WRITE, numbered("/local/domain/1/x/%d|", i)),
			  "OK|");
	CHECK(store_conn_dead(d1));
	CHECK(!store_conn_dead(d0));
	CHECK_EQ(f.logged, 1);
	store_conn_reset(d1);
	CHECK_STR(ASK(d1, READ, "x|"), "");
	stop();
}

static void test_control(void)
{
	start();
	CHECK(strstr(ASK(d0, CONTROL, "help|"), "quota"));
	CHECK(strstr(ASK(d0, CONTROL, "quota|"), "transaction-nodes"));
	CHECK(strstr(ASK(d0, CONTROL, "quota|0|"), "nodes: 3"));
	CHECK_STR(ASK(d0, CONTROL, "quota|set|nodes|5|"), "OK|");
	CHECK_STR(ASK(d0, CONTROL, "quota|set|nodes|x|"), "EINVAL|");
	CHECK_STR(ASK(d0, CONTROL, "log|on|"), "OK|");
	CHECK_STR(ASK(d0, CONTROL, "log|maybe|"), "EINVAL|");
	CHECK_STR(ASK(d0, CONTROL, "print|hello|"), "OK|");
	CHECK_EQ(f.logged, 1);
	CHECK(strstr(ASK(d0, CONTROL, "memreport|"), "nodes: 3"));
	CHECK_STR(ASK(d0, CONTROL, "a|b|c|d|e|f|g|h|i|"), "EINVAL|");
	stop();
}

int main(void)
{
	test_nodes();
	test_malformed();
	test_protocol_violation();
	test_large_directory();
	test_permissions();
	test_domain_reuse();
	test_watches();
	test_special_watches();
	test_transactions();
	test_transaction_replay();
	test_old_transaction();
	test_quotas();
	test_outstanding();
	test_same_event();
	test_queue_overflow();
	test_control();
	return test_end();
}
