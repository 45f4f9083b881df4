// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "xenconsoled.h"
#include "xy_daemon.h"

struct logfile {
	int fd;
	bool at_line_start;
	uint64_t size;		/* bytes, when nobody else shortened it */
	char path[];
};

static uint64_t size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : (uint64_t)st.st_size;
}

static int open_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
		      0640);

	if (fd < 0)
		log_line("%s: %s", path, strerror(errno));
	return fd;
}

struct logfile *logfile_open(const char *kind, const char *name)
{
	struct logfile *l = calloc(1, sizeof(*l) + PATH_MAX);
	int n;

	if (!l)
		return NULL;
	xy_make_dirs(daemon_state.log_dir, 0755);
	n = snprintf(l->path, PATH_MAX, "%s/%s%s.log", daemon_state.log_dir, kind,
		     name);
	/* A guest's name must not lead out of the directory. */
	for (char *p = l->path + strlen(daemon_state.log_dir) + 1; n < PATH_MAX && *p; p++) {
		if (*p == '/')
			*p = '_';
	}
	l->at_line_start = true;
	l->fd = n < PATH_MAX ? open_file(l->path) : -1;
	if (l->fd < 0) {
		free(l);
		return NULL;
	}
	l->size = size_of(l->fd);
	return l;
}

void logfile_close(struct logfile *l)
{
	if (!l)
		return;
	close(l->fd);
	free(l);
}

void logfile_reopen(struct logfile *l)
{
	int fd = l ? open_file(l->path) : -1;

	if (fd < 0)
		return;
	close(l->fd);
	l->fd = fd;
	l->size = size_of(fd);
}

static void begin_anew(struct logfile *l)
{
	char old[PATH_MAX + 2];

	/* Logrotate may have copied and cut it. */
	l->size = size_of(l->fd);
	if (l->size < daemon_state.log_limit)
		return;
	snprintf(old, sizeof(old), "%s.1", l->path);
	if (!rename(l->path, old))
		logfile_reopen(l);
	/* Without a new file (the directory is gone, say) the old one is cut. */
	if (l->size >= daemon_state.log_limit && !ftruncate(l->fd, 0))
		l->size = 0;
}

static void put(struct logfile *l, const char *data, size_t len)
{
	if (daemon_state.log_limit && l->size >= daemon_state.log_limit)
		begin_anew(l);
	/* A full disk is no reason to stop the console. */
	while (len) {
		ssize_t n = write(l->fd, data, len);

		if (n <= 0)
			return;
		data += n;
		len -= n;
		l->size += n;
	}
}

static void put_time(struct logfile *l)
{
	char text[32];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	put(l, text, strftime(text, sizeof(text), "[%Y-%m-%d %H:%M:%S] ", &tm));
}

void logfile_write(struct logfile *l, const char *data, size_t len)
{
	if (!l)
		return;
	if (!daemon_state.timestamps) {
		put(l, data, len);
		return;
	}
	while (len) {
		const char *nl = memchr(data, '\n', len);
		size_t line = nl ? (size_t)(nl - data) + 1 : len;

		if (l->at_line_start)
			put_time(l);
		put(l, data, line);
		l->at_line_start = nl != NULL;
		data += line;
		len -= line;
	}
}
