/* SPDX-License-Identifier: GPL-2.0-only */
/* xenstore in a child, with sockets only: for tests of what speaks to it. */
#ifndef XENSTORED_TEST_CHILD_H
#define XENSTORED_TEST_CHILD_H

#include <sys/types.h>

#include "daemon.h"

/*
 * Listens at @path when this returns. Of domains there is one, @domid, which
 * @introduce may accept. To be killed.
 */
pid_t test_child(unsigned int domid,
		 int (*introduce)(void *ctx, struct store_conn *conn, unsigned int domid,
				  uint64_t gfn, unsigned int port),
		 const char *path);

#endif
