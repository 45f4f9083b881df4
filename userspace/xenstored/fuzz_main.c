// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random inputs for fuzz_store.c, made of messages that are mostly well-formed
 * and sometimes broken: fuzz_main [COUNT [SEED]], or with file names their
 * contents. The sanitizers and fuzz_store.c itself abort on a finding, and
 * the seed is told.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>

#include "fuzz.h"

#define MAX_SIZE 16384

static uint64_t state;

static uint32_t rnd(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 32) % n;
}

struct out {
	uint8_t data[MAX_SIZE];
	size_t len;
};

static void put(struct out *o, const void *p, size_t len)
{
	if (len > sizeof(o->data) - o->len)
		len = sizeof(o->data) - o->len;
	memcpy(o->data + o->len, p, len);
	o->len += len;
}

static size_t random_path(char *text)
{
	static const char *const starts[] = {
		"/", "", "/local/domain/1/", "/local/domain/2/", "@", "/tool/",
	};
	size_t len = sprintf(text, "%s", starts[rnd(6)]);
	int depth = rnd(4);

	if (!rnd(40))
		return sprintf(text, rnd(2) ? "@releaseDomain" : "@introduceDomain");
	for (int i = 0; i <= depth; i++)
		len += sprintf(text + len, "%s%c", i ? "/" : "", 'a' + rnd(4));
	return len;
}

static size_t random_payload(uint32_t type, char *text)
{
	size_t len = random_path(text) + 1;

	switch (type) {
	case XS_WATCH:
	case XS_UNWATCH:
		return len + sprintf(text + len, "%c", 't' + rnd(3)) + 1;
	case XS_SET_PERMS:
		for (int i = rnd(4); i >= 0; i--)
			len += sprintf(text + len, "%c%u", "nrwbx"[rnd(5)],
				       rnd(5)) + 1;
		return len;
	case XS_WRITE:
		memset(text + len, 'v', rnd(300));
		return len + rnd(300);
	case XS_DIRECTORY_PART:
		return len + sprintf(text + len, "%u", rnd(100)) + 1;
	case XS_TRANSACTION_END:
		return sprintf(text, "%c", "TTTF"[rnd(4)]) + 1;
	case XS_INTRODUCE:
	case XS_SET_TARGET:
		len = sprintf(text, "%u", rnd(4)) + 1;
		len += sprintf(text + len, "%u", rnd(4)) + 1;
		return len + sprintf(text + len, "%u", rnd(4)) + 1;
	case XS_RELEASE:
	case XS_RESUME:
	case XS_GET_DOMAIN_PATH:
	case XS_IS_DOMAIN_INTRODUCED:
		return sprintf(text, "%u", rnd(4)) + 1;
	default:
		return len;
	}
}

static void put_message(struct out *o)
{
	char text[1024] = "";
	struct xsd_sockmsg hdr = {
		.type = rnd(XS_TYPE_COUNT + 1), .req_id = 1,
		/* Numbers begin at 1 and count up: small ones are often right. */
		.tx_id = rnd(2) ? 1 + rnd(6) : 0,
	};
	size_t len = random_payload(hdr.type, text);
	uint8_t head[3];

	hdr.len = len;
	if (!rnd(50))
		hdr.len = rnd(6000);
	if (!rnd(30))
		text[rnd(len + 1)] = rnd(256);
	head[0] = rnd(256) | 8;	/* the steps that feed */
	head[1] = (sizeof(hdr) + len) & 0xff;
	head[2] = (sizeof(hdr) + len) >> 8;
	put(o, head, 3);
	put(o, &hdr, sizeof(hdr));
	put(o, text, len);
}

static void run_random(uint64_t seed)
{
	static struct out o;
	unsigned int messages;

	state = seed * 0x9e3779b97f4a7c15u + 1;
	o.len = 0;
	messages = 1 + rnd(150);
	for (unsigned int i = 0; i < messages; i++) {
		if (rnd(8)) {
			put_message(&o);
		} else {
			uint8_t op = rnd(256) & ~8;

			put(&o, &op, 1);
		}
	}
	LLVMFuzzerTestOneInput(o.data, o.len);
}

static int run_file(const char *name)
{
	static uint8_t data[1 << 20];
	FILE *f = fopen(name, "rb");
	size_t len;

	if (!f) {
		perror(name);
		return 1;
	}
	len = fread(data, 1, sizeof(data), f);
	fclose(f);
	LLVMFuzzerTestOneInput(data, len);
	return 0;
}

static unsigned long current;

/* Where the sanitizers are linked in. */
void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((weak));

static void tell_seed(void)
{
	fprintf(stderr, "the input was that of seed %lu\n", current);
}

static void on_abort(int sig)
{
	(void)sig;
	tell_seed();
	_exit(1);
}

int main(int argc, char **argv)
{
	unsigned long count = 2000, seed = 1;

	if (argc > 1 && (argv[1][0] < '0' || argv[1][0] > '9')) {
		for (int i = 1; i < argc; i++) {
			if (run_file(argv[i]))
				return 1;
		}
		return 0;
	}
	if (argc > 1)
		count = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = strtoul(argv[2], NULL, 10);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(tell_seed);
	signal(SIGABRT, on_abort);
	for (current = seed; current < seed + count; current++)
		run_random(current);
	printf("%lu inputs\n1 passed, 0 failed, 0 skipped\n", count);
	return 0;
}
