# SPDX-License-Identifier: GPL-2.0-only
# The console client, which xl runs for "xl console" and "xl create -c".
progs			+= xenconsole
xenconsole-srcs		:= xenconsole/xenconsole.c
