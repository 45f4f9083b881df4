# SPDX-License-Identifier: GPL-2.0-only
# The xenstore daemon: an engine without I/O, and what connects it.
xenstore-engine	:= $(addprefix xenstored/,conn.c control.c domain.c htab.c \
		   node.c path.c quota.c request.c store.c transaction.c tree.c \
		   watch.c)

progs			+= xenstored
xenstored-srcs		:= $(xenstore-engine) $(addprefix xenstored/,guests.c \
			   main.c ring.c socket.c)

tests			+= xenstore
test-xenstore-srcs	:= $(xenstore-engine) xenstored/wiretest.c \
			   xenstored/test_store.c

tests			+= xenstore-oom
test-xenstore-oom-srcs	:= $(xenstore-engine) xenstored/wiretest.c \
			   xenstored/test_oom.c
test-xenstore-oom-libs	:= -Wl,--wrap=malloc -Wl,--wrap=calloc

tests			+= xenstore-io
test-xenstore-io-srcs	:= $(xenstore-engine) xenstored/ring.c \
			   xenstored/socket.c xenstored/test_io.c xenstored/test_child.c \
			   xenstore/escape.c lib/xy_loop.c lib/xs_conn.c \
			   lib/xs_ops.c lib/xs_watch.c lib/xs_lib.c

tests			+= xenstore-fuzz
test-xenstore-fuzz-srcs	:= $(xenstore-engine) xenstored/wiretest.c \
			   xenstored/fuzz_store.c xenstored/fuzz_main.c
test-xenstore-fuzz-args	:= 40000

tests			+= xenstore-guests
test-xenstore-guests-srcs := $(xenstore-engine) xenstored/guests.c \
			   xenstored/ring.c xenstored/diff/shim_xy.c \
			   xenstored/test_guests.c lib/xy_loop.c

# Our daemon without a hypervisor, beside Debian's.
check-scripts		+= xenstored/diff/run.sh
check-deps		+= $(O)/host/xenstored-fake
xenstored-fake-srcs	:= $(xenstored-srcs) xenstored/diff/shim_xy.c \
			   lib/xs_lib.c lib/xy_daemon.c lib/xy_loop.c
$(O)/host/xenstored-fake: $(xenstored-fake-srcs:%.c=$(O)/host/%.o)
	$(say) HOSTLD $@
	$(Q)$(HOSTCC) $(SAN) -o $@ $^

# Starting, stopping, signals.
check-scripts		+= xenstored/test_daemon.sh
