/* SPDX-License-Identifier: GPL-2.0-only */
/* Building dom0 (boot only): what the parts of it pass to each other. */
#ifndef ARM_DOM0_H
#define ARM_DOM0_H

#include <xen/domain.h>
#include <asm/setup.h>

/* An arm64 Image (Linux Documentation/arch/arm64/booting.rst), where the boot loader put it. */
struct kernel_image {
	const void *data;
	uint64_t size;		/* of the file */
	uint64_t text_offset;	/* from a 2 MiB boundary */
	uint64_t image_size;	/* memory it needs from there, bss included */
};

struct dom0_info {
	struct domain *d;
	struct meminfo mem;		/* its RAM, 1:1 */
	struct meminfo reserved;	/* reserved-memory that is RAM: dom0's drivers use it */
	/* Addresses without RAM: the first for its grant table, others for foreign pages. */
	struct meminfo regions;
	struct meminfo room;		/* of its RAM, where nothing has been placed yet */
	struct membank kernel, initrd, dtb; /* in its memory; initrd may be empty */
	unsigned int nr_vcpus;
};

/* kernel.c: looks at the module; panics with a sentence when it cannot be started. */
void kernel_probe(const struct boot_module *mod, struct kernel_image *img);

/* dom0_mem.c: RAM as dom0_mem= asks for, allocated and mapped 1:1; and d->max_pages. */
void dom0_allocate_memory(struct dom0_info *info);
/* Takes from info->room; panics when there is none. */
struct membank dom0_place(struct dom0_info *info, uint64_t size, uint64_t align,
			  const char *what);
/*
 * RAM of a reserved-memory node becomes dom0's, 1:1: allocators of reusable
 * regions treat it as any memory. Not counted in its reservation.
 */
void dom0_add_reserved(struct dom0_info *info, paddr_t start, uint64_t size);
/* After memory: info->regions. */
void dom0_find_regions(struct dom0_info *info);

/* dom0_devices.c: maps what the host's tree describes and routes its interrupts. */
void dom0_map_devices(struct dom0_info *info);
/* Is the node the hypervisor's own, or of a kind dom0 must not see? */
bool dom0_node_hidden(const void *fdt, int node);

/* dom0_fdt.c: writes its device tree to info->dtb. */
void dom0_make_fdt(struct dom0_info *info);

#endif
