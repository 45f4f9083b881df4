/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading the host's device tree (libfdt underneath). Boot only. */
#ifndef DRIVERS_DT_H
#define DRIVERS_DT_H

#include <xen/types.h>

/* Nodes deeper than this are not looked at. */
#define DT_MAX_DEPTH	16

/*
 * A node with what it needs of its parents at hand, for walks from the root
 * down: libfdt alone would search each parent from the start.
 */
struct dt_walk {
	const void *fdt;
	const struct dt_walk *up;	/* of the parent node; NULL: this is the root */
	int node;
	unsigned int ac, sc;		/* cells of the children's addresses and sizes */
	uint32_t intc;			/* phandle: interrupt parent that applies; 0 = none */
};

/* w becomes the walk's state at node, a child of up's node (up NULL: the root). */
void dt_walk_enter(struct dt_walk *w, const void *fdt, const struct dt_walk *up, int node);

typedef void (*dt_range_fn)(void *data, paddr_t start, uint64_t size);
/* Each CPU address range of the node's "reg", or, for a PCI host bridge, of its windows. */
void dt_for_each_reg(const struct dt_walk *w, dt_range_fn fn, void *data);
void dt_for_each_pci_window(const struct dt_walk *w, dt_range_fn fn, void *data);

typedef void (*dt_irq_fn)(unsigned int irq, bool level);
/* Each SPI of the GIC at node gic that the node has, an interrupt-map's included. */
void dt_for_each_irq(const struct dt_walk *w, int gic, dt_irq_fn fn);

/*
 * Entry idx of "reg", translated to a machine address through the "ranges" of
 * all parents. 0, -ENOENT when there are fewer, -EINVAL when not translatable.
 */
int dt_get_reg(const void *fdt, int node, unsigned int idx, paddr_t *start, paddr_t *size);
/*
 * Interrupt idx of "interrupts" or "interrupts-extended" under the GIC's
 * binding (3 cells): INTID and trigger. -ENOENT when there are fewer, -EINVAL
 * when its parent is not the GIC.
 */
int dt_get_irq(const void *fdt, int node, unsigned int idx, unsigned int *irq, bool *level);

/* Big-endian cells at p: value of n cells (of more than 2, the last 2). */
uint64_t dt_read_cells(const void *p, unsigned int n);
/* A property of one cell, or what it counts as when it is missing or of another size. */
uint32_t dt_u32(const void *fdt, int node, const char *name, uint32_t missing);
/* #address-cells / #size-cells that apply to the children of node; defaults 2 and 1. */
void dt_child_cells(const void *fdt, int node, unsigned int *ac, unsigned int *sc);
bool dt_is_available(const void *fdt, int node);	/* no status, or "okay"/"ok" */
bool dt_is_compatible(const void *fdt, int node, const char *const *list); /* NULL-terminated */
/* First available node with any of the compatible strings, or < 0. */
int dt_find_compatible(const void *fdt, const char *const *list);

#endif
