# SPDX-License-Identifier: GPL-2.0-only
progs			+= xen-init-dom0
xen-init-dom0-srcs	:= init-dom0/main.c
