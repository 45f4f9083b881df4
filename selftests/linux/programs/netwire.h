/* SPDX-License-Identifier: GPL-2.0-only */
/* A network device as a program at one of its ends sees it: xenstore and states. */
#ifndef NETWIRE_H
#define NETWIRE_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/xen.h>
#include <xen/grant_table.h>
#include <xen/io/netif.h>
#include "slow.h"
#include "xs.h"
#include "xy_evtchn.h"

#define PAGE	4096

static struct xs_handle *xs;
static struct xy_evtchn *ev;
static char mine[128], theirs[128];	/* directories of the two ends */
static unsigned int peer;		/* the other end's domain */

static inline void die(const char *fmt, ...)
{
	va_list ap;

	printf("%s: ", program_invocation_short_name);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(": %s\n", strerror(errno));
	exit(2);
}

static inline char *get(const char *dir, const char *key)
{
	static char value[512];
	char path[256];
	unsigned int len;
	char *text;

	snprintf(path, sizeof(path), "%s/%s", dir, key);
	text = xs_read(xs, XBT_NULL, path, &len);
	if (!text)
		return NULL;
	snprintf(value, sizeof(value), "%s", text);
	free(text);
	return value;
}

static inline int get_number(const char *dir, const char *key, int otherwise)
{
	char *text = get(dir, key);

	return text ? atoi(text) : otherwise;
}

static inline void put(const char *key, const char *fmt, ...)
{
	char path[256], value[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	snprintf(path, sizeof(path), "%s/%s", mine, key);
	if (!xs_write(xs, XBT_NULL, path, value, strlen(value)))
		die("writing %s", path);
}

static inline void drop(const char *key)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", mine, key);
	xs_rm(xs, XBT_NULL, path);
}

static inline int state(void)
{
	return get_number(theirs, "state", 0);
}

/* Wait until the other end's state is one of the mask's. */
static inline int wait_state(unsigned int mask, int ms)
{
	for (ms = patience(ms); ms > 0; ms -= 20) {
		if (mask >> state() & 1)
			return 1;
		usleep(20000);
	}
	return 0;
}

static inline void wire_open(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	xs = xs_open(0);
	if (!xs)
		die("xenstore");
	if (xy_evtchn_open(&ev))
		die("/dev/xen/evtchn");
}

#endif /* NETWIRE_H */
