# SPDX-License-Identifier: GPL-2.0-only
tests			+= cfg conf domcfg devspec guest
test-cfg-srcs		:= tests/cfg.c xl/cfg.c
test-conf-srcs		:= tests/conf.c xl/conf.c xl/cfg.c xl/devspec.c xl/diskspec.c
test-domcfg-srcs	:= tests/domcfg.c xl/domcfg.c xl/cfg.c xl/devspec.c xl/diskspec.c xl/uuid.c
test-devspec-srcs	:= tests/devspec.c xl/devspec.c xl/diskspec.c
test-guest-srcs		:= tests/guest.c lib/xy_err.c lib/xy_blob.c lib/xy_unpack.c lib/xy_image.c
test-guest-srcs		+= lib/xy_layout.c lib/xy_dtb.c
test-guest-libs		:= -lfdt $(HOST_CODECS)
