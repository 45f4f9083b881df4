# SPDX-License-Identifier: GPL-2.0-only
progs	+= xl
xl-srcs	:= xl/main.c xl/util.c xl/uuid.c xl/cmd_list.c xl/cmd_host.c
