// SPDX-License-Identifier: GPL-2.0-only
/* What a path may look like, and where relative ones begin. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define DOMAIN_DIR "/local/domain/"

int path_special(const char *path)
{
	if (!strcmp(path, "@introduceDomain"))
		return SPECIAL_INTRODUCE;
	if (!strcmp(path, "@releaseDomain"))
		return SPECIAL_RELEASE;
	return -1;
}

int path_home(const struct store_conn *conn, char *buf, size_t size)
{
	return snprintf(buf, size, DOMAIN_DIR "%u", conn->dom->domid);
}

static bool valid_chars(const char *path)
{
	return path[strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz"
			   "0123456789-/_@")] == '\0';
}

/* Bytes of path that name some domain's own directory, with its slash. */
static size_t domain_part(const char *path)
{
	const size_t dir = sizeof(DOMAIN_DIR) - 1;
	size_t digits;

	if (strncmp(path, DOMAIN_DIR, dir))
		return 0;
	digits = strspn(path + dir, "0123456789");
	if (!digits || digits > 5 || path[dir + digits] != '/')
		return 0;
	return dir + digits + 1;
}

static bool valid_form(const char *path)
{
	size_t len = strlen(path);

	if (path[0] != '/' || strstr(path, "//"))
		return false;
	return len == 1 || path[len - 1] != '/';
}

int path_canonical(const struct store_conn *conn, const char *given,
		   char path[PATH_ROOM])
{
	size_t len = strlen(given);
	char home[32];

	if (!valid_chars(given))
		return EINVAL;
	if (given[0] == '/') {
		if (len > XENSTORE_ABS_PATH_MAX)
			return EINVAL;
		memcpy(path, given, len + 1);
	} else {
		if (!len || len > XENSTORE_REL_PATH_MAX)
			return EINVAL;
		path_home(conn, home, sizeof(home));
		/* Fits: both limits of the wire leave more than this room. */
		snprintf(path, PATH_ROOM, "%s/%s", home, given);
	}
	if (!valid_form(path))
		return EINVAL;
	if (quota_exceeded(conn->s, conn->dom, QUOTA_PATH, 0,
			   strlen(path) - domain_part(path)))
		return EINVAL;
	return 0;
}
