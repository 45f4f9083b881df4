/* SPDX-License-Identifier: GPL-2.0-only */
/* Stage 1: an identity map of 39 bits, 4 KiB granule, RAM cached, the rest device memory. */
#ifndef GUEST_MMU_H
#define GUEST_MMU_H

#include "types.h"

enum mmu_attr {
	MMU_NONE,		/* not mapped */
	MMU_DEVICE,		/* nGnRE, read and write, EL1 */
	MMU_RAM,		/* write-back, EL1, executable */
	MMU_RAM_RO,		/* write-back, read-only, EL1 */
	MMU_USER,		/* write-back, EL0 and EL1, EL0 may execute */
	MMU_NC,			/* non-cacheable, EL1 */
};

/* Builds the tables from ram[] (CPU 0, once). */
void mmu_init(void);
/* Turns the MMU of this CPU on, or off. */
void mmu_on(void);
void mmu_off(void);

/* Maps [va, va + bytes) to pa; page aligned. */
void mmu_map(u64 va, u64 pa, u64 bytes, enum mmu_attr attr);

/* Changes the attributes of identity-mapped pages. */
static inline void mmu_set(u64 va, u64 bytes, enum mmu_attr attr)
{
	mmu_map(va, va, bytes, attr);
}

#endif
