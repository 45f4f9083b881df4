# SPDX-License-Identifier: GPL-2.0-only
#
# common/ as a program on the build machine. Included by the tests that use it:
# wants TOP and OBJ, gives HOST_OBJS and HOST_CPPFLAGS.
#
# Functions that the C library has as well are the C library's here, so that the
# sanitizers see them; ours of string.c are compiled under other names.

HOST_CC		?= gcc
SANITIZE	?= -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-sanitize=alignment
HOST_CPPFLAGS	:= -D__XEN__ -D__XYLEM__ -DXYLEM_DEBUG -I$(TOP)/xen/include -I$(TOP)/xen/arch/host/include
HOST_CPPFLAGS	+= -Dsnprintf=xen_snprintf -Dvsnprintf=xen_vsnprintf
HOST_CPPFLAGS	+= -D__setup_start=__start_init_setup -D__setup_end=__stop_init_setup -MMD -MP
HOST_CFLAGS	:= -std=gnu11 -g -O1 -Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare
HOST_CFLAGS	+= -Wno-missing-field-initializers -fno-omit-frame-pointer -pthread -ffreestanding $(SANITIZE)

STRING_NAMES	:= memcpy memmove memset memcmp memchr strlen strnlen strcmp strncmp strchr strrchr
string_renames	:= $(foreach n,$(STRING_NAMES),-D$(n)=xen_$(n))

host_srcs	:= $(wildcard $(TOP)/xen/common/*.c) $(wildcard $(TOP)/xen/arch/host/*.c)
HOST_OBJS	:= $(patsubst $(TOP)/xen/%.c,$(OBJ)/%.o,$(host_srcs))

$(OBJ)/common/%.o: $(TOP)/xen/common/%.c
	@mkdir -p $(@D)
	@$(HOST_CC) $(HOST_CPPFLAGS) $(HOST_CFLAGS) $(if $(filter string,$*),$(string_renames)) -c -o $@ $<
	@objcopy --rename-section .init.setup=init_setup $@

$(OBJ)/arch/host/libc.o: $(TOP)/xen/arch/host/libc.c
	@mkdir -p $(@D)
	@$(HOST_CC) -std=gnu11 -g -O1 -Wall -Wextra -Werror $(SANITIZE) -MMD -MP -D_GNU_SOURCE -c -o $@ $<

$(OBJ)/arch/host/%.o: $(TOP)/xen/arch/host/%.c
	@mkdir -p $(@D)
	@$(HOST_CC) $(HOST_CPPFLAGS) $(HOST_CFLAGS) -c -o $@ $<
