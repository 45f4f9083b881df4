# SPDX-License-Identifier: GPL-2.0-only
# The xenstore client library, what daemons have in common, and the xenstore
# command with its well-known names.
lib-srcs	+= lib/xs_conn.c lib/xs_ops.c lib/xs_watch.c lib/xs_lib.c
lib-srcs	+= lib/xy_daemon.c lib/xy_loop.c

progs		+= xenstore
xenstore-srcs	:= xenstore/xenstore.c xenstore/escape.c

xenstore-names	:= $(addprefix $(O)/bin/xenstore-,chmod control exists list ls \
		   mkdir read rm watch write)
all: $(xenstore-names)
$(xenstore-names): $(O)/bin/xenstore
	$(Q)ln -sf $(<F) $@
