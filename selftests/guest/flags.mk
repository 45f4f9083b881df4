# SPDX-License-Identifier: GPL-2.0-only
# How test kernels are compiled and linked; shared by selftests/guest and bench.
CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wmissing-prototypes -ffreestanding \
	-fno-builtin -fno-common -fpie -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fno-tree-loop-distribute-patterns -mgeneral-regs-only -mstrict-align \
	-mno-outline-atomics -fvisibility=hidden -MMD -MP -idirafter $(PUBLIC) \
	-D__XEN_TOOLS__ -D__XEN_INTERFACE_VERSION__=0x00041100
LDFLAGS := -nostdlib -static-pie -Wl,--no-dynamic-linker,-z,notext,-z,norelro \
	-Wl,--build-id=none,--no-warn-rwx-segments,-T,$(top)/selftests/guest/lib/guest.lds
