/* SPDX-License-Identifier: GPL-2.0-only */
/* The store through /dev/xen/xenbus: what a test that plays a device's end needs. */
#ifndef XENSTORE_H
#define XENSTORE_H

#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "slow.h"

enum { XS_READ = 2, XS_WRITE = 11, XS_RM = 13, XS_ERROR = 16 };

struct xs_header {
	uint32_t type, id, tx, len;
};

static inline void nap(unsigned int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

/* One request and its reply, which ends with a zero; -1 for an error's. */
static inline int xs_talk(uint32_t type, const char *path, const char *value, char *reply,
			  size_t size)
{
	static int fd = -1;
	char msg[1024];
	struct xs_header h = { .type = type };
	size_t plen = strlen(path) + 1, vlen = value ? strlen(value) : 0;
	size_t got = 0;

	if (fd < 0)
		fd = open("/dev/xen/xenbus", O_RDWR | O_CLOEXEC);
	if (fd < 0 || sizeof(h) + plen + vlen > sizeof(msg))
		return -1;
	h.len = plen + vlen;
	memcpy(msg, &h, sizeof(h));
	memcpy(msg + sizeof(h), path, plen);
	memcpy(msg + sizeof(h) + plen, value ? value : "", vlen);
	if (write(fd, msg, sizeof(h) + h.len) != (ssize_t)(sizeof(h) + h.len))
		return -1;
	if (read(fd, &h, sizeof(h)) != sizeof(h))
		return -1;
	while (got < h.len) {
		size_t left = h.len - got;
		ssize_t n = read(fd, msg, left < sizeof(msg) ? left : sizeof(msg));

		if (n <= 0)
			return -1;
		for (ssize_t i = 0; i < n; i++, got++)
			if (reply && got + 1 < size)
				reply[got] = msg[i];
	}
	if (reply)
		reply[got < size ? got : size - 1] = '\0';
	return h.type == XS_ERROR ? -1 : 0;
}

__attribute__((format(printf, 3, 4)))
static inline int xs_put(const char *dir, const char *node, const char *fmt, ...)
{
	char path[256], value[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	snprintf(path, sizeof(path), "%s/%s", dir, node);
	return xs_talk(XS_WRITE, path, value, NULL, 0);
}

static inline void xs_rm(const char *path)
{
	xs_talk(XS_RM, path, NULL, NULL, 0);
}

/* A number, or missing. */
static inline long xs_get(const char *dir, const char *node, long missing)
{
	char path[256], value[64];

	snprintf(path, sizeof(path), "%s/%s", dir, node);
	return xs_talk(XS_READ, path, NULL, value, sizeof(value)) ? missing :
								     strtol(value, NULL, 0);
}

/* Wait until the state of dir is one of two; which one, or the last seen. */
static inline long xs_await(const char *dir, long a, long b, unsigned int ms)
{
	long state;

	ms = patience(ms);
	for (;;) {
		state = xs_get(dir, "state", 0);
		if (state == a || state == b || !ms)
			return state;
		nap(10);
		ms = ms > 10 ? ms - 10 : 0;
	}
}

#endif
