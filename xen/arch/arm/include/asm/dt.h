/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading the host's device tree (libfdt underneath). Boot only. */
#ifndef ASM_DT_H
#define ASM_DT_H

#include <xen/types.h>

/* Big-endian cells at p: value of n cells (1 or 2). */
uint64_t dt_read_cells(const void *p, unsigned int n);
/* #address-cells / #size-cells that apply to the children of node; defaults 2 and 1. */
void dt_child_cells(const void *fdt, int node, unsigned int *ac, unsigned int *sc);

/*
 * Entry idx of "reg", translated to a machine address through the "ranges" of
 * all parents. 0, -ENOENT when there are fewer, -EINVAL when not translatable.
 */
int dt_get_reg(const void *fdt, int node, unsigned int idx, paddr_t *start, paddr_t *size);
/* Index of name in the node's string list property; -ENOENT. */
int dt_string_index(const void *fdt, int node, const char *prop, const char *name);

/* Node the property "interrupt-parent" that applies to node points to, or < 0. */
int dt_interrupt_parent(const void *fdt, int node);
/*
 * Interrupt idx of "interrupts" or "interrupts-extended" under the GIC's
 * binding (3 cells): INTID and trigger. -ENOENT when there are fewer, -EINVAL
 * when its parent is not the GIC.
 */
int dt_get_irq(const void *fdt, int node, unsigned int idx, unsigned int *irq, bool *level);

bool dt_is_available(const void *fdt, int node);	/* no status, or "okay"/"ok" */
bool dt_is_compatible(const void *fdt, int node, const char *const *list); /* NULL-terminated */
/* First available node with any of the compatible strings, or < 0. */
int dt_find_compatible(const void *fdt, const char *const *list);

#endif
