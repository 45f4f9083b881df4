/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code and data used only while booting; freed to the heap before the first
 * guest instruction. Nothing that runs later may refer to it.
 */
#ifndef XEN_INIT_H
#define XEN_INIT_H

#include <xen/compiler.h>

#define __init		__section(".init.text") __attribute__((__cold__))
#define __initdata	__section(".init.data")
#define __initconst	__section(".init.rodata")

#endif
