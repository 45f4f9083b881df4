// SPDX-License-Identifier: GPL-2.0-only
/* Addresses and interrupts of device tree nodes, on the way down (dt_walk.h). */
#include <xen/init.h>
#include <xen/lib.h>
#include <asm/dt.h>
#include <libfdt.h>
#include "dt_walk.h"

#define GIC_IRQ_CELLS	3
#define MAX_CELLS	3	/* PCI addresses */

static uint32_t __init u32_prop(const void *fdt, int node, const char *name, uint32_t missing)
{
	int len;
	const fdt32_t *p = fdt_getprop(fdt, node, name, &len);

	return p && len == 4 ? fdt32_to_cpu(*p) : missing;
}

void __init dt_walk_enter(struct dt_walk *w, const void *fdt, const struct dt_walk *up, int node)
{
	w->fdt = fdt;
	w->up = up;
	w->node = node;
	w->ac = min_t(uint32_t, u32_prop(fdt, node, "#address-cells", 2), MAX_CELLS);
	w->sc = min_t(uint32_t, u32_prop(fdt, node, "#size-cells", 1), 2);
	w->intc = u32_prop(fdt, node, "interrupt-parent", up ? up->intc : 0);
}

/* One entry of "ranges": child, parent, size. */
static bool __init in_range(const fdt32_t *r, const struct dt_walk *bus, uint64_t *addr)
{
	unsigned int ac = bus->ac, pac = bus->up->ac;
	uint64_t child = dt_read_cells(r, ac);
	uint64_t size = dt_read_cells(r + ac + pac, bus->sc);

	if (*addr < child || *addr - child >= size)
		return false;
	*addr = dt_read_cells(r + ac, pac) + (*addr - child);
	return true;
}

bool __init dt_walk_translate(const struct dt_walk *bus, uint64_t *addr)
{
	for (; bus->up; bus = bus->up) {
		int len, step = 4 * (bus->ac + bus->up->ac + bus->sc);
		const fdt32_t *r = fdt_getprop(bus->fdt, bus->node, "ranges", &len);

		if (!r)
			return false;
		if (!len)
			continue;
		while (len >= step && !in_range(r, bus, addr)) {
			r += step / 4;
			len -= step;
		}
		if (len < step)
			return false;
	}
	return true;
}

void __init dt_for_each_reg(const struct dt_walk *w, dt_range_fn fn, void *data)
{
	unsigned int ac, sc;
	const fdt32_t *reg;
	int len;

	if (!w->up)
		return;
	ac = w->up->ac;
	sc = w->up->sc;
	reg = fdt_getprop(w->fdt, w->node, "reg", &len);
	if (!reg || ac > 2 || !ac || !sc)
		return;
	for (; len >= (int)(4 * (ac + sc)); len -= 4 * (ac + sc), reg += ac + sc) {
		uint64_t start = dt_read_cells(reg, ac), size = dt_read_cells(reg + ac, sc);

		if (size && dt_walk_translate(w->up, &start))
			fn(data, start, size);
	}
}

void __init dt_for_each_pci_window(const struct dt_walk *w, dt_range_fn fn, void *data)
{
	const char *type = fdt_getprop(w->fdt, w->node, "device_type", NULL);
	const fdt32_t *r;
	int len, step;

	if (!w->up || !type || strcmp(type, "pci") || w->ac != 3)
		return;
	step = 4 * (w->ac + w->up->ac + w->sc);
	r = fdt_getprop(w->fdt, w->node, "ranges", &len);
	for (; r && len >= step; len -= step, r += step / 4) {
		uint64_t start = dt_read_cells(r + w->ac, w->up->ac);
		uint64_t size = dt_read_cells(r + w->ac + w->up->ac, w->sc);

		if (size && dt_walk_translate(w->up, &start))
			fn(data, start, size);
	}
}

/* The GIC's binding: kind (0 = SPI, 1 = PPI), number, flags (bits 0-1 edge, 2-3 level). */
static void __init gic_irq(const fdt32_t *p, dt_irq_fn fn, void *data)
{
	if (fdt32_to_cpu(p[0]) == 0)
		fn(data, fdt32_to_cpu(p[1]) + 32, fdt32_to_cpu(p[2]) & 0xc);
}

static void __init extended_irqs(const struct dt_walk *w, uint32_t gic, const fdt32_t *p, int len,
				 dt_irq_fn fn, void *data)
{
	unsigned int n;

	for (len /= 4; len > 0; len -= n + 1, p += n + 1) {
		uint32_t phandle = fdt32_to_cpu(*p);
		int ctrl;

		n = GIC_IRQ_CELLS;
		if (phandle != gic) {
			ctrl = fdt_node_offset_by_phandle(w->fdt, phandle);
			if (ctrl < 0)
				return;
			n = u32_prop(w->fdt, ctrl, "#interrupt-cells", 1);
		}
		if (phandle == gic && len > (int)n)
			gic_irq(p + 1, fn, data);
		if (n > 8)
			return;
	}
}

/* Child address, child interrupt, parent, parent's address, parent's interrupt. */
static void __init mapped_irqs(const struct dt_walk *w, uint32_t gic, unsigned int gic_ac,
			       dt_irq_fn fn, void *data)
{
	unsigned int head = w->ac + u32_prop(w->fdt, w->node, "#interrupt-cells", 1);
	unsigned int step = head + 1 + gic_ac + GIC_IRQ_CELLS;
	const fdt32_t *p;
	int len;

	p = fdt_getprop(w->fdt, w->node, "interrupt-map", &len);
	if (!p || head > 8)
		return;
	for (len /= 4; len >= (int)step; len -= step, p += step) {
		if (fdt32_to_cpu(p[head]) != gic)
			return;		/* its entries may be of another length */
		gic_irq(p + head + 1 + gic_ac, fn, data);
	}
}

void __init dt_for_each_irq(const struct dt_walk *w, uint32_t gic, unsigned int gic_ac,
			    dt_irq_fn fn, void *data)
{
	const fdt32_t *p;
	int len;

	mapped_irqs(w, gic, gic_ac, fn, data);
	p = fdt_getprop(w->fdt, w->node, "interrupts-extended", &len);
	if (p) {
		extended_irqs(w, gic, p, len, fn, data);
		return;
	}
	p = fdt_getprop(w->fdt, w->node, "interrupts", &len);
	if (!p || w->intc != gic)
		return;
	for (len /= 4; len >= GIC_IRQ_CELLS; len -= GIC_IRQ_CELLS, p += GIC_IRQ_CELLS)
		gic_irq(p, fn, data);
}
