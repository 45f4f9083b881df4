/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every daemon here does: go to the background or tell the service
 * manager, write a pid file, make its run directory. Negative errno on failure.
 * For single-threaded programs, before they open devices.
 */
#ifndef XY_DAEMON_H
#define XY_DAEMON_H

#include <stdbool.h>

/*
 * Continue in a child, in a session of its own, with "/" as directory. The
 * parent stays until xy_daemon_ready(), and exits with a failure when the
 * child dies before: whoever started the daemon may rely on it being there.
 */
int xy_daemon_fork(void);

/*
 * The daemon serves: writes the pid file (NULL: none), lets the parent of
 * xy_daemon_fork() exit, tells the service manager when NOTIFY_SOCKET is set.
 */
int xy_daemon_ready(const char *pid_file);

/* Allow as many open files as the system lets us have, at most max. */
void xy_raise_files(unsigned long max);

/* mkdir -p */
int xy_make_dirs(const char *path, unsigned int mode);

#endif
