/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading the flattened device tree (Devicetree specification 0.4, chapter 5). */
#ifndef GUEST_DT_H
#define GUEST_DT_H

#include "types.h"

#define DT_MAX_DEPTH	8

/* A place in the tree; zero-initialised it stands before the root. */
struct dt_node {
	const char *name;
	const u32 *at;			/* first token after the name */
	int depth;			/* the root has 1 */
	u32 cells[DT_MAX_DEPTH + 1][2];	/* #address-cells, #size-cells given to children */
};

/* Copies the tree: the original may lie in memory that tests give back. */
void dt_init(const void *blob);

/* The next node in the order of the blob; false at the end. */
bool dt_next(struct dt_node *n);

/* The first node of that name (without unit address) or compatible string. */
bool dt_find(struct dt_node *n, const char *name);
bool dt_find_compatible(struct dt_node *n, const char *compatible);

/* NULL when absent. Values are big endian: dt_cell() reads one. */
const void *dt_prop(const struct dt_node *n, const char *name, u32 *len);
u32 dt_cell(const void *prop, unsigned int index);

/* Entry number index of "reg"; false when there is none. */
bool dt_reg(const struct dt_node *n, unsigned int index, u64 *addr, u64 *size);

/* The interrupt number (as the GIC counts, 16-1019) of "interrupts"; 0 when there is none. */
unsigned int dt_irq(const struct dt_node *n, unsigned int index);

/* Does the string list hold this string? */
bool dt_string_in(const char *list, u32 len, const char *s);

#endif
