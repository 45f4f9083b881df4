/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where things go in a guest's physical address space. Pure arithmetic over the
 * hypervisor's fixed map, which the caller supplies.
 */
#ifndef XY_LAYOUT_H
#define XY_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "xy_err.h"
#include "xy_image.h"

#define XY_RAM_BANKS 2

struct xy_range {
	uint64_t base, size;	/* bytes */
};

/* The fixed map of the ABI. */
struct xy_guest_map {
	struct xy_range ram[XY_RAM_BANKS];	/* where RAM may be, low bank first */
	struct xy_range gnttab;			/* suggested to the guest for its grant table */
	struct xy_range magic;			/* pages shared with dom0's daemons */
	struct xy_range gicv2_dist, gicv2_cpu;
	struct xy_range gicv3_dist, gicv3_redist;
	unsigned int timer_secure_ppi, timer_phys_ppi, timer_virt_ppi, evtchn_ppi;
	unsigned int max_vcpus;
};

/* Offsets in pages inside the magic region. */
enum xy_magic { XY_MAGIC_CONSOLE = 0, XY_MAGIC_STORE = 1, XY_MAGIC_PAGES = 2 };

struct xy_layout {
	struct xy_range ram[XY_RAM_BANKS];	/* a bank of size 0 is not there */
	struct xy_range kernel;			/* size: what it needs to run */
	struct xy_range initrd;			/* size 0: none */
	struct xy_range dtb;			/* size: room for it */
};

/*
 * Plans a guest with @memory bytes of RAM. -EINVAL or -ENOMEM and a sentence with
 * the needed size when it does not fit.
 */
int xy_layout_plan(const struct xy_guest_map *map, uint64_t memory, const struct xy_image *image,
		   uint64_t initrd_size, struct xy_layout *out, struct xy_err *err);

/*
 * Unused address space for the guest's foreign and grant mappings: up to
 * XY_RAM_BANKS ranges, 2 MiB aligned, below 2^@addr_bits. Returns how many.
 */
unsigned int xy_layout_extended(const struct xy_guest_map *map, const struct xy_layout *l,
				unsigned int addr_bits, struct xy_range *out);

#endif
