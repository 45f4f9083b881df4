// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/xen/xenbus: a program's messages to the store, their answers, watches and
 * transactions that belong to the open file. Argument: a path below which we may write.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

#include "ktap.h"

enum {
	XS_DIRECTORY = 1, XS_READ = 2, XS_WATCH = 4, XS_UNWATCH = 5, XS_START = 6, XS_END = 7,
	XS_WRITE = 11, XS_RM = 13, XS_WATCH_EVENT = 15, XS_ERROR = 16, XS_RESET_WATCHES = 21,
};

struct header {
	uint32_t type, id, tx, len;
};

static char base[128];
static char body[4097];		/* of the last answer, with a zero behind it */
static struct header answer;

static int open_dev(int flags)
{
	return need(open("/dev/xen/xenbus", O_RDWR | O_CLOEXEC | flags), "/dev/xen/xenbus");
}

static int readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 1 && (p.revents & POLLIN);
}

/* Up to len bytes, which may come in pieces; how many came in five seconds. */
static size_t take(int fd, void *to, size_t len)
{
	size_t done = 0;

	while (done < len && readable(fd, 5000)) {
		ssize_t n = read(fd, (char *)to + done, len - done);

		if (n <= 0)
			break;
		done += n;
	}
	return done;
}

/* The next message's type, or -1. */
static int next(int fd)
{
	if (take(fd, &answer, sizeof(answer)) != sizeof(answer) ||
	    answer.len >= sizeof(body) || take(fd, body, answer.len) != answer.len)
		return -1;
	body[answer.len] = 0;
	return answer.type;
}

static size_t message(char *to, uint32_t type, uint32_t tx, const void *data, size_t len)
{
	struct header h = { .type = type, .id = 77, .tx = tx, .len = len };

	memcpy(to, &h, sizeof(h));
	memcpy(to + sizeof(h), data, len);
	return sizeof(h) + len;
}

static int ask_bytes(int fd, uint32_t type, uint32_t tx, const void *data, size_t len)
{
	char msg[sizeof(struct header) + 4096];
	size_t all = message(msg, type, tx, data, len);

	if (write(fd, msg, all) != (ssize_t)all)
		return -1;
	return next(fd);
}

/* Of a node below base: "path", and a value behind it if it is not NULL. */
static int ask(int fd, uint32_t type, uint32_t tx, const char *node, const char *value)
{
	char data[4096];
	int len = snprintf(data, sizeof(data), "%s%s", base, node) + 1;

	if (value)
		len += snprintf(data + len, sizeof(data) - len, "%s", value);
	return ask_bytes(fd, type, tx, data, len);
}

static void test_nodes(void)
{
	char msg[256], path[256];
	int fd = open_dev(0);
	size_t all;

	same(ask(fd, XS_WRITE, 0, "/a", "one"), XS_WRITE, "write a node");
	check(answer.id == 77 && !strcmp(body, "OK"), "the answer is the question's");
	same(ask(fd, XS_READ, 0, "/a", NULL), XS_READ, "read it");
	check(answer.len == 3 && !strcmp(body, "one"), "it is what was written");
	same(ask(fd, XS_DIRECTORY, 0, "", NULL), XS_DIRECTORY, "a directory");
	check(answer.len == 2 && !strcmp(body, "a"), "has it");
	same(ask(fd, XS_READ, 0, "/none", NULL), XS_ERROR, "read what is not there");
	check(!strcmp(body, "ENOENT"), "is the store's error");

	/* A program may write as it likes: byte by byte, or two messages at once. */
	all = message(msg, XS_READ, 0, path, snprintf(path, sizeof(path), "%s/a", base) + 1);
	for (size_t i = 0; i < all; i++)
		if (write(fd, msg + i, 1) != 1)
			break;
	check(next(fd) == XS_READ && !strcmp(body, "one"), "a message byte by byte");
	all += message(msg + all, XS_READ, 0, path, strlen(path) + 1);
	check(write(fd, msg, all) == (ssize_t)all && next(fd) == XS_READ &&
	      next(fd) == XS_READ && !strcmp(body, "one"), "two in one piece");
	close(fd);
}

static void test_errors(void)
{
	struct header h = { .type = XS_READ, .len = 4097 };
	int fd = open_dev(O_NONBLOCK);
	char c;

	fails(read(fd, &c, 1), EAGAIN, "nothing to read");
	check(!readable(fd, 0), "poll says so");
	fails(write(fd, &h, sizeof(h)), EINVAL, "a message that is too long");
	fails(write(fd, nowhere, sizeof(h)), EFAULT, "one from nowhere");
	same(ask(fd, XS_RESET_WATCHES, 0, "", NULL), XS_ERROR, "the kernel's watches are its own");
	same(ask(fd, XS_READ, 4711, "/a", NULL), XS_ERROR, "a transaction that was not begun");
	same(ask_bytes(fd, XS_WATCH, 0, "no end", 6), XS_ERROR, "a watch without a token");
	close(fd);
}

static void test_watches(void)
{
	int fd = open_dev(0), other = open_dev(0), first, second;
	char want[160], both[160];
	size_t len = snprintf(both, sizeof(both), "%s/w%ctoken", base, 0) + 1;

	/* Which of the two comes first is not said. */
	first = ask_bytes(fd, XS_WATCH, 0, both, len);
	second = next(fd);
	check((first == XS_WATCH && second == XS_WATCH_EVENT) ||
	      (first == XS_WATCH_EVENT && second == XS_WATCH), "a watch, which speaks at once");
	same(ask_bytes(fd, XS_WATCH, 0, both, len), XS_ERROR, "the same again is refused");
	check(!strcmp(body, "EEXIST"), "as one that exists");
	ask(other, XS_WRITE, 0, "/w/below", "x");
	same(next(fd), XS_WATCH_EVENT, "another's change below it is told");
	snprintf(want, sizeof(want), "%s/w/below", base);
	check(!strcmp(body, want) && !strcmp(body + strlen(want) + 1, "token"),
	      "with its path and the token");
	check(!readable(other, 200), "and to nobody else");
	same(ask_bytes(fd, XS_UNWATCH, 0, both, len), XS_UNWATCH, "an end of it");
	same(ask_bytes(fd, XS_UNWATCH, 0, both, len), XS_ERROR, "is possible once");
	ask(other, XS_WRITE, 0, "/w/below", "y");
	check(!readable(fd, 200), "then nothing is told");

	/* One that its file takes along: the next with its name is a new one. */
	ask_bytes(fd, XS_WATCH, 0, both, len);
	close(fd);
	ask(other, XS_WRITE, 0, "/w/below", "z");
	first = ask_bytes(other, XS_WATCH, 0, both, len);
	second = next(other);
	check(first + second == XS_WATCH + XS_WATCH_EVENT, "a closed file's watch is no more");
	close(other);
}

static void test_transactions(void)
{
	int fd = open_dev(0), other = open_dev(0), n, refused = 0;
	uint32_t tx;

	same(ask_bytes(fd, XS_START, 0, "", 1), XS_START, "begin a transaction");
	tx = atoi(body);
	ask(fd, XS_WRITE, tx, "/t", "inside");
	same(ask(other, XS_READ, 0, "/t", NULL), XS_ERROR, "its writes are not seen outside");
	same(ask(other, XS_READ, tx, "/t", NULL), XS_ERROR, "it is of no use in another file");
	same(ask_bytes(fd, XS_END, tx, "X", 2), XS_ERROR, "what is no word for its end");
	same(ask_bytes(fd, XS_END, tx, "T", 2), XS_END, "does not take it away: end it well");
	check(ask(other, XS_READ, 0, "/t", NULL) == XS_READ && !strcmp(body, "inside"),
	      "now they are seen");
	same(ask_bytes(fd, XS_END, tx, "T", 2), XS_ERROR, "end it twice");

	/* What a file leaves open ends with it, or a domain would soon have too many. */
	for (int round = 0; round < 20; round++) {
		close(fd);
		fd = open_dev(0);
		for (n = 0; n < 5; n++)
			refused += ask_bytes(fd, XS_START, 0, "", 1) != XS_START;
	}
	same(refused, 0, "transactions end with their file");
	close(fd);
	close(other);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2) {
		printf("KTAP version 1\n1..0 # SKIP usage: xenbus-dev PATH\n");
		return 4;
	}
	snprintf(base, sizeof(base), "%s/xenbus-dev", argv[1]);
	plan(36);
	test_nodes();
	test_errors();
	test_watches();
	test_transactions();
	fd = open_dev(0);
	same(ask(fd, XS_RM, 0, "", NULL), XS_RM, "all of it is removed");
	return finish();
}
