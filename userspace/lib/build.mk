# SPDX-License-Identifier: GPL-2.0-only
lib-srcs += lib/xy_err.c lib/xy_call.c lib/xy_map.c lib/xy_evtchn.c lib/xy_gntdev.c
lib-srcs += lib/xy_domctl.c lib/xy_sysctl.c lib/xy_memory.c lib/xy_version.c
