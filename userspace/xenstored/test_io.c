// SPDX-License-Identifier: GPL-2.0-only
/* The ring of a domain, hostile or not, and the socket with the client library. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "ring.h"
#include "tests/test.h"
#include "test_child.h"
#include "xenstore/escape.h"
#include "xs.h"
#include "xy_loop.h"

static struct xenstore_domain_interface ring;

static void test_ring(void)
{
	static const uint32_t bad[] = { 1025, 4096, 0x80000000, 0xffffffff };
	char buf[2048], data[2048];

	memset(&ring, 0, sizeof(ring));
	memset(data, 'd', sizeof(data));
	CHECK_EQ(ring_peek(&ring, buf, sizeof(buf)), 0);
	ring.req_cons = ring.req_prod = (uint32_t)-3;
	memcpy(ring.req + 1021, "abc", 3);
	memcpy(ring.req, "de", 2);
	ring.req_prod += 5;
	CHECK_EQ(ring_peek(&ring, buf, 4), 4);
	CHECK_EQ(ring_peek(&ring, buf, sizeof(buf)), 5);
	CHECK(!memcmp(buf, "abcde", 5));
	ring_consume(&ring, 5);
	CHECK_EQ(ring_peek(&ring, buf, sizeof(buf)), 0);

	ring.rsp_cons = ring.rsp_prod = (uint32_t)-3;
	CHECK_EQ(ring_write(&ring, "abcde", 5), 5);
	CHECK(!memcmp(ring.rsp + 1021, "abc", 3) && !memcmp(ring.rsp, "de", 2));
	CHECK_EQ(ring_write(&ring, data, sizeof(data)), 1019);
	CHECK_EQ(ring_write(&ring, data, sizeof(data)), 0);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&ring, 0, sizeof(ring));
		ring.req_prod = bad[i];
		ring.rsp_cons = -bad[i];
		CHECK_EQ(ring_peek(&ring, buf, sizeof(buf)), -EIO);
		CHECK_EQ(ring_write(&ring, data, 1), -EIO);
	}
}

void log_line(const char *fmt, ...)
{
	(void)fmt;
}

/* A domain that can be introduced, in one way only. */
static int introduce_five(void *ctx, struct store_conn *conn, unsigned int domid,
			  uint64_t gfn, unsigned int port)
{
	(void)ctx;
	(void)conn;
	return domid == 5 && gfn == 0x123456789a && port == 7 ? 0 : EINVAL;
}

static bool readable(struct xs_handle *h)
{
	struct pollfd p = { .fd = xs_fileno(h), .events = POLLIN };

	return poll(&p, 1, 200) == 1;
}

static void check_event(struct xs_handle *h, const char *path,
			const char *token)
{
	unsigned int num;
	char **ev = xs_read_watch(h, &num);

	CHECK_STR(ev ? ev[XS_WATCH_PATH] : NULL, path);
	CHECK_STR(ev ? ev[XS_WATCH_TOKEN] : NULL, token);
	free(ev);
}

static void check_read(struct xs_handle *h, xs_transaction_t t,
		       const char *path, const char *want)
{
	unsigned int len = 99;
	char *value = xs_read(h, t, path, &len);

	CHECK_STR(value, want);
	if (value)
		CHECK_EQ(len, strlen(want));
	free(value);
}

static void test_values(struct xs_handle *h)
{
	char big[XENSTORE_PAYLOAD_MAX];
	unsigned int num;
	char **names;
	char path[64];

	check_read(h, XBT_NULL, "/a", NULL);
	CHECK_EQ(errno, ENOENT);
	CHECK(xs_write(h, XBT_NULL, "/a", "one", 3));
	check_read(h, XBT_NULL, "/a", "one");
	memset(big, 'b', sizeof(big));
	CHECK(!xs_write(h, XBT_NULL, "/a", big, sizeof(big)));
	CHECK_EQ(errno, E2BIG);
	CHECK(xs_write(h, XBT_NULL, "/a", big, sizeof(big) - 3));
	CHECK(!xs_write(h, XBT_NULL, "//", "", 0));
	CHECK_EQ(errno, EINVAL);
	names = xs_directory(h, XBT_NULL, "/a", &num);
	CHECK(names && num == 0);
	free(names);
	for (int i = 0; i < 2000; i++) {
		snprintf(path, sizeof(path), "/dir/name-%d", i);
		CHECK(xs_mkdir(h, XBT_NULL, path));
	}
	names = xs_directory(h, XBT_NULL, "/dir", &num);
	CHECK(names && num == 2000);
	CHECK_STR(names ? names[0] : NULL, "name-0");
	CHECK_STR(names ? names[1999] : NULL, "name-999");
	free(names);
	CHECK(xs_rm(h, XBT_NULL, "/dir"));
}

static void test_perms(struct xs_handle *h)
{
	struct xs_permissions set[2] = {
		{ .id = 0, .perms = XS_PERM_NONE },
		{ .id = 5, .perms = XS_PERM_READ | XS_PERM_WRITE },
	};
	struct xs_permissions *got;
	unsigned int num = 0;
	char text[16];

	CHECK(xs_set_permissions(h, XBT_NULL, "/a", set, 2));
	got = xs_get_permissions(h, XBT_NULL, "/a", &num);
	CHECK_EQ(num, 2);
	CHECK(got && !memcmp(got, set, sizeof(set)));
	free(got);
	CHECK(!xs_strings_to_perms(set, 1, "q1"));
	CHECK(!xs_strings_to_perms(set, 1, "r"));
	CHECK(!xs_strings_to_perms(set, 1, "r 1"));
	CHECK(!xs_strings_to_perms(set, 1, "r65536"));
	CHECK(xs_perm_to_string(&set[1], text, sizeof(text)));
	CHECK_STR(text, "b5");
	CHECK(!xs_perm_to_string(&set[1], text, 2));
}

static void test_watch(struct xs_handle *h, struct xs_handle *other)
{
	CHECK(xs_watch(h, "/w", "tok"));
	check_event(h, "/w", "tok");
	CHECK(!xs_check_watch(h));
	CHECK_EQ(errno, EAGAIN);
	CHECK(xs_write(other, XBT_NULL, "/w/x", "", 0));
	CHECK(readable(h));
	check_event(h, "/w/x", "tok");
	/* An event that came while a reply was awaited still shows. */
	CHECK(xs_write(h, XBT_NULL, "/w/y", "", 0));
	CHECK(readable(h));
	CHECK(readable(h));
	check_event(h, "/w/y", "tok");
	CHECK(xs_write(h, XBT_NULL, "/w/y", "", 0));
	CHECK(xs_unwatch(h, "/w", "tok"));
	CHECK(!xs_check_watch(h));	/* opened with XS_UNWATCH_FILTER */
	CHECK(!xs_unwatch(h, "/w", "tok"));
	CHECK_EQ(errno, ENOENT);
}

static void test_transaction(struct xs_handle *h, struct xs_handle *other)
{
	xs_transaction_t t = xs_transaction_start(h);

	CHECK(t != XBT_NULL);
	CHECK(xs_write(h, t, "/t", "in", 2));
	check_read(other, XBT_NULL, "/t", NULL);
	CHECK(xs_transaction_end(h, t, false));
	check_read(other, XBT_NULL, "/t", "in");
	t = xs_transaction_start(h);
	check_read(h, t, "/t", "in");
	CHECK(xs_write(h, t, "/t", "again", 5));
	CHECK(xs_write(other, XBT_NULL, "/t", "out", 3));
	CHECK(!xs_transaction_end(h, t, false));
	CHECK_EQ(errno, EAGAIN);
	t = xs_transaction_start(h);
	CHECK(xs_rm(h, t, "/t"));
	CHECK(xs_transaction_end(h, t, true));
	check_read(h, XBT_NULL, "/t", "out");
}

static void test_domains(struct xs_handle *h)
{
	char *path = xs_get_domain_path(h, 12), *reply;

	CHECK_STR(path, "/local/domain/12");
	free(path);
	CHECK(!xs_is_domain_introduced(h, 5));
	CHECK(!xs_introduce_domain(h, 5, 1, 1));
	CHECK_EQ(errno, EINVAL);
	CHECK(xs_introduce_domain(h, 5, 0x123456789a, 7));
	CHECK(xs_is_domain_introduced(h, 5));
	CHECK(xs_resume_domain(h, 5));
	CHECK(!xs_set_target(h, 5, 6));
	CHECK_EQ(errno, ENOENT);
	CHECK(xs_release_domain(h, 5));
	CHECK(!xs_release_domain(h, 5));
	CHECK_EQ(errno, ENOENT);
	reply = xs_control_command(h, "check", NULL, 0);
	CHECK_STR(reply, "OK");
	free(reply);
	CHECK(!xs_restrict(h, 1));
}

static void test_client(void)
{
	char dir[] = "/tmp/xs-test-XXXXXX", path[64], lock[72];
	struct xs_handle *h, *other;
	pid_t pid;

	if (!mkdtemp(dir)) {
		SKIP("no temporary directory");
		return;
	}
	snprintf(path, sizeof(path), "%s/socket", dir);
	setenv("XENSTORED_RUNDIR", dir, 1);
	CHECK(!xs_open(0));
	pid = test_child(5, introduce_five, path);
	/* A second daemon is refused, and does not harm the first. */
	CHECK_EQ(socket_listen(NULL, path), -EADDRINUSE);
	h = xs_open(XS_UNWATCH_FILTER);
	other = xs_open(0);
	CHECK(h && other);
	if (h && other) {
		test_values(h);
		test_perms(h);
		test_watch(h, other);
		test_transaction(h, other);
		test_domains(h);
	}
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	/* Its end is an error, not a signal, and stays one. */
	CHECK(!xs_write(h, XBT_NULL, "/a", "", 0));
	CHECK(!xs_write(h, XBT_NULL, "/a", "", 0));
	xs_close(h);
	xs_close(other);
	xs_close(NULL);
	unlink(path);
	unlink(strcat(strcpy(lock, path), ".lock"));
	CHECK_EQ(rmdir(dir), 0);
}

static void test_escape(void)
{
	char text[] = "a\\n\\\\\\001\\q\\9";
	char *back;

	CHECK_EQ(unescape(text), 8);
	CHECK(!memcmp(text, "a\n\\\1\\q\\9", 8));
	back = escape("a\n\\\1\0z\xff", 7);
	CHECK_STR(back, "a\\n\\\\\\001\\000z\\377");
	free(back);
	CHECK(xs_path_is_subpath("/a", "/a/b"));
	CHECK(xs_path_is_subpath("/a", "/a"));
	CHECK(!xs_path_is_subpath("/a", "/ab"));
	CHECK(xs_path_is_subpath("/", "/ab"));
	CHECK_EQ(xs_count_strings("a\0b\0c", 5), 2);
}

int main(void)
{
	signal(SIGPIPE, SIG_DFL);
	test_ring();
	test_escape();
	test_client();
	return test_end();
}
