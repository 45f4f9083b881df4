// SPDX-License-Identifier: GPL-2.0-only
/* The console's ring with a hostile guest, and the buffer of unread output. */
#include <errno.h>
#include <stdlib.h>

#include "conring.h"
#include "outbuf.h"
#include "tests/test.h"

static struct xencons_interface ring;

/* What a guest does to say something. */
static void guest_says(const char *text)
{
	while (*text)
		ring.out[ring.out_prod++ & (sizeof(ring.out) - 1)] = *text++;
}

static void test_ring_output(void)
{
	char buf[4096];
	ssize_t n;

	memset(&ring, 0, sizeof(ring));
	CHECK_EQ(conring_read(&ring, buf, sizeof(buf)), 0);
	/* Over the end of the ring and of the indices' range. */
	ring.out_prod = ring.out_cons = (uint32_t)-5;
	guest_says("hello, world");
	n = conring_read(&ring, buf, 7);
	CHECK_EQ(n, 7);
	CHECK(!memcmp(buf, "hello, ", 7));
	n = conring_read(&ring, buf, sizeof(buf));
	CHECK_EQ(n, 5);
	CHECK(!memcmp(buf, "world", 5));
	CHECK_EQ(ring.out_cons, ring.out_prod);
	ring.out_prod = ring.out_cons + sizeof(ring.out);
	CHECK_EQ(conring_read(&ring, buf, sizeof(buf)), sizeof(ring.out));
}

static void test_ring_input(void)
{
	char much[2048];

	memset(&ring, 0, sizeof(ring));
	memset(much, 'x', sizeof(much));
	CHECK_EQ(conring_room(&ring), 1024);
	ring.in_prod = ring.in_cons = 1020;
	CHECK_EQ(conring_write(&ring, "abcdefgh", 8), 8);
	CHECK(!memcmp(ring.in + 1020, "abcd", 4) && !memcmp(ring.in, "efgh", 4));
	CHECK_EQ(conring_write(&ring, much, sizeof(much)), 1016);
	CHECK_EQ(conring_room(&ring), 0);
	CHECK_EQ(conring_write(&ring, much, sizeof(much)), 0);
}

static void test_hostile_indices(void)
{
	static const uint32_t bad[] = { 2049, 4096, 0x7fffffff, 0xffffffff };
	char buf[64];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&ring, 0, sizeof(ring));
		ring.out_prod = bad[i];
		ring.in_prod = bad[i];
		CHECK_EQ(conring_read(&ring, buf, sizeof(buf)), -EIO);
		CHECK_EQ(conring_room(&ring), -EIO);
		CHECK_EQ(conring_write(&ring, buf, sizeof(buf)), -EIO);
	}
}

/* The buffer's content in order. */
static const char *content(struct outbuf *b)
{
	static char text[20000];
	const char *p;
	size_t len, used = 0;
	struct outbuf copy = *b;

	while ((p = outbuf_front(&copy, &len))) {
		memcpy(text + used, p, len);
		used += len;
		outbuf_drop(&copy, len);
	}
	text[used] = '\0';
	return text;
}

static void test_outbuf(void)
{
	struct outbuf b;
	char piece[1000], all[64000] = "";
	size_t total = 0;

	outbuf_init(&b, 10);
	CHECK_STR(content(&b), "");
	outbuf_add(&b, "abc", 3);
	outbuf_add(&b, "defgh", 5);
	CHECK_STR(content(&b), "abcdefgh");
	outbuf_add(&b, "ijkl", 4);
	CHECK_STR(content(&b), "cdefghijkl");
	outbuf_add(&b, "0123456789ABCDEF", 16);
	CHECK_STR(content(&b), "6789ABCDEF");
	outbuf_drop(&b, 4);
	outbuf_add(&b, "xy", 2);
	CHECK_STR(content(&b), "ABCDEFxy");
	outbuf_drop(&b, 100);
	CHECK_STR(content(&b), "");
	outbuf_free(&b);

	/* Growing while wrapped, and the newest bytes at the limit. */
	outbuf_init(&b, 16384);
	for (int i = 0; i < 60; i++) {
		memset(piece, 'a' + i % 26, sizeof(piece));
		outbuf_add(&b, piece, sizeof(piece));
		memcpy(all + total, piece, sizeof(piece));
		total += sizeof(piece);
		if (i == 3)
			outbuf_drop(&b, 3500);
	}
	CHECK_EQ(b.used, 16384);
	CHECK(!strcmp(content(&b), all + total - 16384));
	/* Empty, it holds no memory; and it can be filled again. */
	outbuf_trim(&b);
	CHECK_EQ(b.used, 16384);
	outbuf_drop(&b, b.used);
	outbuf_trim(&b);
	CHECK(!b.data && !b.size);
	outbuf_add(&b, "abc", 3);
	CHECK_STR(content(&b), "abc");
	outbuf_free(&b);
}

int main(void)
{
	test_ring_output();
	test_ring_input();
	test_hostile_indices();
	test_outbuf();
	return test_end();
}
