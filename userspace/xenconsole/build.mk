# SPDX-License-Identifier: GPL-2.0-only
# The console client, for who calls it by name; xl has one of its own.
progs			+= xenconsole
xenconsole-srcs		:= xenconsole/xenconsole.c
