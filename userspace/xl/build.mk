# SPDX-License-Identifier: GPL-2.0-only
progs	+= xl
xl-srcs	:= xl/main.c xl/util.c xl/uuid.c xl/store.c xl/conf.c xl/json.c xl/dryrun.c
xl-srcs	+= xl/cmd_create.c xl/cmd_life.c xl/cmd_list.c xl/cmd_long.c xl/cmd_tune.c xl/cmd_sched.c xl/cmd_host.c xl/cmd_device.c
xl-srcs	+= xl/cfg.c xl/domcfg.c xl/devspec.c xl/diskspec.c
xl-srcs	+= xl/domain.c xl/reload.c xl/monitor.c xl/console.c xl/device.c xl/disk.c xl/vif.c xl/hotplug.c
xl-libs	:= -lfdt $(TARGET_CODECS)

# xl without a hypervisor, beside our xenstored.
check-scripts	+= xl/test.sh
check-deps	+= $(O)/host/xl-fake $(O)/host/xenstore-fake
xl-fake-srcs	:= $(xl-srcs) xl/fake_xen.c $(addprefix lib/,xs_conn.c xs_lib.c xs_ops.c \
		   xs_watch.c xy_err.c xy_domctl.c xy_memory.c xy_sysctl.c xy_version.c)
$(O)/host/xl-fake: $(xl-fake-srcs:%.c=$(O)/host/%.o)
	$(say) HOSTLD $@
	$(Q)$(HOSTCC) $(SAN) -o $@ $^
xenstore-fake-srcs := $(addprefix xenstore/,xenstore.c escape.c) \
		   $(addprefix lib/,xs_conn.c xs_lib.c xs_ops.c xs_watch.c)
$(O)/host/xenstore-fake: $(xenstore-fake-srcs:%.c=$(O)/host/%.o)
	$(say) HOSTLD $@
	$(Q)$(HOSTCC) $(SAN) -o $@ $^
