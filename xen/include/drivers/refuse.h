/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DRIVERS_REFUSE_H
#define DRIVERS_REFUSE_H

#define REFUSE_NOT_EL2		0
#define REFUSE_MISALIGNED	1

#ifndef __ASSEMBLY__
#include <xen/types.h>

/* Returns after it has said what can be said; the CPU then sleeps. */
void refuse_boot(const uint32_t *fdt, unsigned int reason);
#endif

#endif
