# SPDX-License-Identifier: GPL-2.0-only
# The xenstore client library and its command.
lib-srcs	+= lib/xs_conn.c lib/xs_ops.c lib/xs_watch.c lib/xs_lib.c
lib-srcs	+= lib/xy_daemon.c lib/xy_loop.c
