// SPDX-License-Identifier: LGPL-2.1-or-later
/* Xenstore: texts of permissions, paths of the daemon. No connection needed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xs_internal.h"

#define DEFAULT_RUNDIR "/run/xenstored"

const char *xs_daemon_rundir(void)
{
	const char *dir = getenv("XENSTORED_RUNDIR");

	return dir ? dir : DEFAULT_RUNDIR;
}

const char *xs_daemon_socket(void)
{
	static char path[256];
	const char *over = getenv("XENSTORED_PATH");
	int n;

	if (over)
		return over;
	n = snprintf(path, sizeof(path), "%s/socket", xs_daemon_rundir());
	return n < (int)sizeof(path) ? path : DEFAULT_RUNDIR "/socket";
}

const char *xs_daemon_socket_ro(void)
{
	return xs_daemon_socket();
}

bool xs_write_all(int fd, const void *data, unsigned int len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

static bool perm_from_letter(char letter, unsigned int *perms)
{
	switch (letter) {
	case 'n':
		*perms = XS_PERM_NONE;
		return true;
	case 'r':
		*perms = XS_PERM_READ;
		return true;
	case 'w':
		*perms = XS_PERM_WRITE;
		return true;
	case 'b':
		*perms = XS_PERM_READ | XS_PERM_WRITE;
		return true;
	default:
		errno = EINVAL;
		return false;
	}
}

bool xs_strings_to_perms(struct xs_permissions *perms, unsigned int num,
			 const char *strings)
{
	for (unsigned int i = 0; i < num; i++) {
		char *end;
		unsigned long id;

		if (!perm_from_letter(strings[0], &perms[i].perms))
			return false;
		/* strtoul would take signs and blanks: the wire has digits. */
		if (strings[1] < '0' || strings[1] > '9') {
			errno = EINVAL;
			return false;
		}
		id = strtoul(strings + 1, &end, 10);
		if (*end || id > 0xffff) {
			errno = EINVAL;
			return false;
		}
		perms[i].id = id;
		strings = end + 1;
	}
	return true;
}

bool xs_perm_to_string(const struct xs_permissions *perm, char *buf,
		       size_t len)
{
	static const char letters[] = { 'n', 'r', 'w', 'b' };
	unsigned int bits = perm->perms & ~XS_PERM_IGNORE;
	int n;

	if (bits > (XS_PERM_READ | XS_PERM_WRITE)) {
		errno = EINVAL;
		return false;
	}
	n = snprintf(buf, len, "%c%u", letters[bits], perm->id);
	if (n < 0 || (size_t)n >= len) {
		errno = ENOSPC;
		return false;
	}
	return true;
}

unsigned int xs_count_strings(const char *strings, unsigned int len)
{
	unsigned int num = 0;

	for (const char *end = strings + len; strings < end; strings++) {
		if (!*strings)
			num++;
	}
	return num;
}

bool xs_path_is_subpath(const char *parent, const char *child)
{
	size_t len = strlen(parent);

	if (!strcmp(parent, "/"))
		return child[0] == '/';
	if (strncmp(parent, child, len))
		return false;
	return child[len] == '\0' || child[len] == '/';
}
