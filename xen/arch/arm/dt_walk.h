/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walking the host's tree from the root down with what a node needs of its
 * parents at hand: libfdt alone would search each of them from the start.
 */
#ifndef ARM_DT_WALK_H
#define ARM_DT_WALK_H

#include <xen/types.h>

struct dt_walk {
	const void *fdt;
	const struct dt_walk *up;	/* of the parent node; NULL: this is the root */
	int node;
	unsigned int ac, sc;		/* cells of the children's addresses and sizes */
	uint32_t intc;			/* phandle: interrupt parent that applies; 0 = none */
};

/* w becomes the walk's state at node, a child of up's node (up NULL: the root). */
void dt_walk_enter(struct dt_walk *w, const void *fdt, const struct dt_walk *up, int node);
/* An address of bus's children as the CPU sees it; false: not mapped. */
bool dt_walk_translate(const struct dt_walk *bus, uint64_t *addr);

typedef void (*dt_range_fn)(void *data, paddr_t start, uint64_t size);
/* Each CPU address range of the node's "reg", or, for a PCI host bridge, of its windows. */
void dt_for_each_reg(const struct dt_walk *w, dt_range_fn fn, void *data);
void dt_for_each_pci_window(const struct dt_walk *w, dt_range_fn fn, void *data);

typedef void (*dt_irq_fn)(void *data, unsigned int irq, bool level);
/* Each interrupt of the GIC with this phandle the node has, an interrupt-map's included. */
void dt_for_each_irq(const struct dt_walk *w, uint32_t gic_phandle, unsigned int gic_ac,
		     dt_irq_fn fn, void *data);

#endif
