/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's own translation tables (mm.c) and cache maintenance (arm64/cache.S). */
#ifndef ASM_MM_H
#define ASM_MM_H

#include <xen/types.h>

/*
 * Device registers at the machine range [pa, pa + size), any alignment, mapped
 * Device-nGnRE for good. NULL when there is no room.
 */
void *ioremap(paddr_t pa, size_t size);

/* Boot, once: read-only window onto the device tree. */
const void *early_fdt_map(paddr_t pa);
/* Boot: the page of the UART's registers; a second call replaces the first. */
void *fixmap_uart(paddr_t pa);
/* Direct map, frame table; wants bootinfo. */
void mm_init(void);
/* Frees [__init_begin, __init_end) to the heap. */
void free_init_memory(void);
paddr_t image_virt_to_maddr(const void *va);	/* of the image's own addresses */

/* Data cache by address to the point of coherency (PoC); then DSB. Any alignment. */
void clean_dcache_range(const void *va, size_t size);
void clean_dcache_page(const void *page);
void clean_invalidate_dcache_range(const void *va, size_t size);
/* Instruction caches of all CPUs: after code was written and cleaned. */
void invalidate_icache_all(void);

#endif
