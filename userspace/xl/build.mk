# SPDX-License-Identifier: GPL-2.0-only
progs	+= xl
xl-srcs	:= xl/main.c xl/util.c xl/uuid.c xl/store.c
xl-srcs	+= xl/cmd_create.c xl/cmd_life.c xl/cmd_list.c xl/cmd_tune.c xl/cmd_host.c xl/cmd_device.c
xl-srcs	+= xl/cfg.c xl/domcfg.c xl/devspec.c xl/diskspec.c
xl-srcs	+= xl/domain.c xl/monitor.c xl/console.c xl/device.c xl/disk.c xl/vif.c xl/hotplug.c
xl-libs	:= -lfdt $(TARGET_CODECS)
