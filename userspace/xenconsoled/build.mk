# SPDX-License-Identifier: GPL-2.0-only
# The console daemon.
progs			+= xenconsoled
xenconsoled-srcs	:= $(addprefix xenconsoled/,conring.c console.c domains.c \
			   hvlog.c logfile.c main.c outbuf.c)

tests			+= console
test-console-srcs	:= $(addprefix xenconsoled/,conring.c outbuf.c test_console.c)
