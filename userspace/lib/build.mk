# SPDX-License-Identifier: GPL-2.0-only
lib-srcs += lib/xy_err.c lib/xy_call.c lib/xy_map.c lib/xy_evtchn.c lib/xy_gntdev.c
lib-srcs += lib/xy_domctl.c lib/xy_sysctl.c lib/xy_memory.c lib/xy_version.c
lib-srcs += lib/xy_blob.c lib/xy_unpack.c lib/xy_image.c lib/xy_layout.c lib/xy_dtb.c
lib-srcs += lib/xy_guest_mem.c lib/xy_build.c lib/xy_arch_$(ARCH).c
