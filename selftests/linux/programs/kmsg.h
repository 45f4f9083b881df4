/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel says of a device while a test annoys it. */
#ifndef KMSG_H
#define KMSG_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Messages, warnings and worse, that name it and came since the call before. */
static inline int kmsg_warnings(const char *device)
{
	static int fd = -1;
	char record[8192];
	int n = 0;

	if (fd < 0) {
		fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		lseek(fd, 0, SEEK_END);
	}
	for (;;) {
		ssize_t len = read(fd, record, sizeof(record) - 1);

		/* What was overwritten before it was read: more is there. */
		if (len < 0 && errno == EPIPE)
			continue;
		if (len <= 0)
			return n;
		record[len] = '\0';
		/* The bus of 7.2 says by itself that a device's folder is gone. */
		if (strstr(record, "xenbus: device forcefully removed"))
			continue;
		n += (strtol(record, NULL, 10) & 7) <= 4 && strstr(record, device);
	}
}

/* The same; waits for the first, but not longer than so many seconds. */
static inline int kmsg_warnings_within(const char *device, int seconds)
{
	for (int ms = 0; ms < seconds * 1000; ms += 100) {
		int n = kmsg_warnings(device);

		if (n)
			return n;
		usleep(100000);
	}
	return 0;
}

#endif
