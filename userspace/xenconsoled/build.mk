# SPDX-License-Identifier: GPL-2.0-only
# The console daemon.
progs			+= xenconsoled
xenconsoled-srcs	:= $(addprefix xenconsoled/,conring.c console.c domains.c \
			   hvlog.c logfile.c main.c outbuf.c)

tests			+= console
test-console-srcs	:= $(addprefix xenconsoled/,conring.c outbuf.c test_console.c)

tests			+= xenconsoled
test-xenconsoled-srcs	:= $(addprefix xenconsoled/,conring.c console.c \
			   domains.c logfile.c outbuf.c test_daemon.c) \
			   $(addprefix xenstored/,conn.c control.c domain.c \
			   htab.c node.c path.c quota.c request.c store.c \
			   transaction.c tree.c watch.c socket.c test_child.c diff/shim_xy.c) \
			   $(addprefix lib/,xs_conn.c xs_lib.c xs_ops.c \
			   xs_watch.c xy_daemon.c xy_loop.c)
