/* SPDX-License-Identifier: GPL-2.0-only */
/* Nothing is thrown away: each round begins with the same data again. */
#ifndef XEN_INIT_H
#define XEN_INIT_H

#include <xen/compiler.h>

#define __init
#define __initdata
#define __initconst

#endif
