# SPDX-License-Identifier: GPL-2.0-only
#
# The device tree fuzzer: the hypervisor's boot code for Arm as a program on the
# build machine, over dt/machine.c. Data of the hypervisor's files is put into a
# section of its own, which each round begins with anew; functions that nobody
# needs are dropped by the linker, and what they would need is not missed.
dt_srcs	:= $(addprefix arch/arm/,bootmem.c dom0_fdt.c dom0_mem.c dom0_devices.c domain_build.c)
dt_srcs	+= $(addprefix arch/arm/,kernel.c smpboot.c)
dt_srcs	+= $(patsubst $(TOP)/xen/%,%,$(foreach d,dt firmware gic timer uart,$(wildcard $(TOP)/xen/drivers/$(d)/*.c)))
dt_srcs	+= $(addprefix common/,param.c bitmap.c time_scale.c vsprintf.c string.c)
# Part of dt/refuse.c.
dt_srcs	:= $(filter-out drivers/uart/refuse.c,$(dt_srcs))
dt_objs	:= $(dt_srcs:%.c=$(OBJ)/dt/xen/%.o) $(OBJ)/dt/machine.o $(OBJ)/dt/refuse.o
dt_libc	:= $(OBJ)/dt/main.o $(OBJ)/dt/mutate.o

DT_CPPFLAGS := -D__XEN__ -D__XYLEM__ -DXYLEM_DEBUG -Idt/include -I$(TOP)/xen/include
DT_CPPFLAGS += -I$(TOP)/xen/arch/arm/include -I$(TOP)/xen/arch/arm -MMD -MP
DT_CPPFLAGS += -include dt/include/arch.h -Dsnprintf=xen_snprintf -Dvsnprintf=xen_vsnprintf
DT_CPPFLAGS += -D__setup_start=__start_init_setup -D__setup_end=__stop_init_setup
DT_CFLAGS := $(HOST_CFLAGS) -fno-pie -ffunction-sections -fno-zero-initialized-in-bss
dt_rename := .data .data.rel .data.rel.local .bss
dt_rename := $(dt_rename:%=--rename-section %=machine_data,alloc,load,data,contents)

$(OBJ)/dt/xen/%.o: $(TOP)/xen/%.c
	@mkdir -p $(@D)
	@$(HOST_CC) $(DT_CPPFLAGS) $(DT_CFLAGS) $(if $(filter common/string,$*),$(string_renames)) -c -o $@ $<
	@objcopy --rename-section .init.setup=init_setup $(dt_rename) $@
$(OBJ)/dt/machine.o $(OBJ)/dt/refuse.o: $(OBJ)/dt/%.o: dt/%.c
	@mkdir -p $(@D)
	@$(HOST_CC) $(DT_CPPFLAGS) $(DT_CFLAGS) -c -o $@ $<
	@objcopy $(dt_rename) $@
$(dt_libc): $(OBJ)/dt/%.o: dt/%.c
	@mkdir -p $(@D)
	@$(HOST_CC) -std=gnu11 -g -O1 -Wall -Wextra -Werror -fno-pie $(SANITIZE) -MMD -MP -D_GNU_SOURCE -c -o $@ $<
$(OBJ)/fuzz-dt: $(dt_objs) $(dt_libc)
	@$(HOST_CC) $(DT_CFLAGS) -no-pie -Wl,--gc-sections -o $@ $^ -lfdt

# The trees that are damaged: what QEMU gives a hypervisor with two modules. The
# last has what QEMU's do not: buses, reserved memory, several banks.
$(OBJ)/dt/gic%.dtb:
	@mkdir -p $(@D)
	@truncate -s 64K $(@D)/module
	@qemu-system-aarch64 -machine virt,virtualization=on,dtb-randomness=off,gic-version=$*,dumpdtb=$@ \
		-cpu cortex-a57 -smp 4 -m 1024 -display none -serial none -monitor none \
		-kernel $(@D)/module -append "dom0_mem=64M console=dtuart" \
		-device guest-loader,addr=0x49000000,kernel=$(@D)/module,bootargs=console=hvc0 \
		-device guest-loader,addr=0x4a000000,initrd=$(@D)/module 2>$@.log || { cat $@.log; false; }
$(OBJ)/dt/board.dtb: dt/board.dts
	@mkdir -p $(@D)
	@dtc -q -I dts -O dtb -o $@ $<
dt_trees := $(OBJ)/dt/gic2.dtb $(OBJ)/dt/gic3.dtb $(OBJ)/dt/board.dtb

.PHONY: check-dt
check-dt: $(OBJ)/fuzz-dt $(dt_trees)
	@SECONDS=$(SECONDS) SEED=$(SEED) ROUNDS=$(ROUNDS) ASAN_OPTIONS=quarantine_size_mb=1 \
		UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1 $< $(dt_trees)
