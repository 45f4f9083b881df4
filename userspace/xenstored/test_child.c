// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <unistd.h>

#include "test_child.h"
#include "xy_loop.h"

static unsigned int the_domain;

static bool exists(void *ctx, unsigned int domid)
{
	(void)ctx;
	return domid == the_domain;
}

static void release(void *ctx, struct store_conn *conn)
{
	(void)ctx;
	(void)conn;
}

static void wake(void *ctx, struct store_conn *conn)
{
	(void)ctx;
	if (store_conn_is_socket(conn))
		socket_wake(conn);
}

static void no_log(void *ctx, const char *line)
{
	(void)ctx;
	(void)line;
}

static struct store_host host = {
	.domain_exists = exists,
	.release = release,
	.wake = wake,
	.log = no_log,
};

static void __attribute__((noreturn)) serve(const char *path, int ready)
{
	struct store *s = store_new(&host, NULL, 99);

	if (!s || loop_init() || socket_listen(s, path))
		_exit(2);
	close(ready);
	for (;;)
		loop_round(-1);
}

pid_t test_child(unsigned int domid,
		 int (*introduce)(void *ctx, struct store_conn *conn, unsigned int domid,
				  uint64_t gfn, unsigned int port),
		 const char *path)
{
	int fds[2];
	char byte;
	pid_t pid;

	the_domain = domid;
	host.introduce = introduce;
	if (pipe(fds))
		exit(2);
	pid = fork();
	if (!pid)
		serve(path, fds[1]);
	close(fds[1]);
	/* The end of the pipe: it listens. */
	if (read(fds[0], &byte, 1) != 0)
		exit(2);
	close(fds[0]);
	return pid;
}
