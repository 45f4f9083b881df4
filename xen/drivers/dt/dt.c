// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the host's device tree: addresses, interrupts, compatible strings
 * (Devicetree Specification 0.4, chapter 2).
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <drivers/dt.h>
#include <libfdt.h>

#define MAX_CELLS	3	/* PCI addresses, and interrupts of the GIC */
#define GIC_IRQ_CELLS	3

uint64_t __init dt_read_cells(const void *p, unsigned int n)
{
	const fdt32_t *cell = p;
	uint64_t v = 0;

	while (n--)
		v = v << 32 | fdt32_to_cpu(*cell++);
	return v;
}

uint32_t __init dt_u32(const void *fdt, int node, const char *name, uint32_t missing)
{
	int len;
	const fdt32_t *p = fdt_getprop(fdt, node, name, &len);

	return p && len == 4 ? fdt32_to_cpu(*p) : missing;
}

void __init dt_child_cells(const void *fdt, int node, unsigned int *ac, unsigned int *sc)
{
	*ac = dt_u32(fdt, node, "#address-cells", 2);
	*sc = dt_u32(fdt, node, "#size-cells", 1);
}

bool __init dt_is_available(const void *fdt, int node)
{
	const char *s = fdt_getprop(fdt, node, "status", NULL);

	return !s || !strcmp(s, "okay") || !strcmp(s, "ok");
}

bool __init dt_is_compatible(const void *fdt, int node, const char *const *list)
{
	for (; *list; list++)
		if (!fdt_node_check_compatible(fdt, node, *list))
			return true;
	return false;
}

int __init dt_find_compatible(const void *fdt, const char *const *list)
{
	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL))
		if (dt_is_compatible(fdt, node, list) && dt_is_available(fdt, node))
			return node;
	return -FDT_ERR_NOTFOUND;
}

/* ---- walks ---- */

void __init dt_walk_enter(struct dt_walk *w, const void *fdt, const struct dt_walk *up, int node)
{
	w->fdt = fdt;
	w->up = up;
	w->node = node;
	dt_child_cells(fdt, node, &w->ac, &w->sc);
	w->ac = min(w->ac, (unsigned int)MAX_CELLS);
	w->sc = min(w->sc, 2U);
	w->intc = dt_u32(fdt, node, "interrupt-parent", up ? up->intc : 0);
}

/* The walk to a node that was found otherwise; NULL when it is too deep. */
static const struct dt_walk * __init walk_to(const void *fdt, int node)
{
	static struct dt_walk path[DT_MAX_DEPTH] __initdata;
	int depth = 0;

	/* A damaged tree may leave its root before its end. */
	for (int n = 0; n >= 0 && n <= node && depth >= 0; n = fdt_next_node(fdt, n, &depth)) {
		if (depth >= DT_MAX_DEPTH)
			continue;
		dt_walk_enter(&path[depth], fdt, depth ? &path[depth - 1] : NULL, n);
		if (n == node)
			return &path[depth];
	}
	return NULL;
}

/* ---- addresses ---- */

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

/* An address of bus's children as the CPU sees it; false: not mapped. */
static bool __init translate(const struct dt_walk *bus, uint64_t *addr)
{
	for (; bus->up; bus = bus->up) {
		int len, step = 4 * (bus->ac + bus->up->ac + bus->sc);
		const fdt32_t *r = fdt_getprop(bus->fdt, bus->node, "ranges", &len);

		if (!r)
			return false;
		if (!len)
			continue;
		if (!step)
			return false;
		while (len >= step && !in_range(r, bus, addr)) {
			r += step / 4;
			len -= step;
		}
		if (len < step)
			return false;
	}
	return true;
}

static int __init get_reg(const struct dt_walk *w, unsigned int idx, paddr_t *start, paddr_t *size)
{
	unsigned int ac, sc;
	const fdt32_t *reg;
	int len;

	if (!w || !w->up)
		return -ENOENT;
	ac = w->up->ac;
	sc = w->up->sc;
	reg = fdt_getprop(w->fdt, w->node, "reg", &len);
	if (!reg || ac > 2 || !(ac + sc) || (uint64_t)len / 4 < (uint64_t)(idx + 1) * (ac + sc))
		return -ENOENT;
	reg += idx * (ac + sc);
	*start = dt_read_cells(reg, ac);
	*size = dt_read_cells(reg + ac, sc);
	return translate(w->up, start) ? 0 : -EINVAL;
}

int __init dt_get_reg(const void *fdt, int node, unsigned int idx, paddr_t *start, paddr_t *size)
{
	return get_reg(walk_to(fdt, node), idx, start, size);
}

void __init dt_for_each_reg(const struct dt_walk *w, dt_range_fn fn, void *data)
{
	paddr_t start, size;
	int rc;

	for (unsigned int i = 0; (rc = get_reg(w, i, &start, &size)) != -ENOENT; i++)
		if (!rc && size)
			fn(data, start, size);
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

		if (size && translate(w->up, &start))
			fn(data, start, size);
	}
}

/* ---- interrupts ---- */

/* Mostly the same one again, and libfdt looks through the whole tree for it. */
static int __init controller(const void *fdt, uint32_t phandle)
{
	static uint32_t last __initdata;
	static int node __initdata = -1;

	if (phandle != last) {
		last = phandle;
		node = fdt_node_offset_by_phandle(fdt, phandle);
	}
	return node;
}

/*
 * Cells of the node's interrupt idx, and the controller they are for; NULL when
 * there are fewer. In "interrupts-extended" each entry names its controller.
 */
static const fdt32_t * __init irq_cells(const struct dt_walk *w, unsigned int idx, int *ctrl)
{
	int len;
	const fdt32_t *p = fdt_getprop(w->fdt, w->node, "interrupts-extended", &len);
	bool extended = p;
	uint32_t phandle = w->intc;

	if (!extended)
		p = fdt_getprop(w->fdt, w->node, "interrupts", &len);
	for (len /= 4; p && len > 0; idx--) {
		int n;

		if (extended) {
			phandle = fdt32_to_cpu(*p++);
			len--;
		}
		*ctrl = controller(w->fdt, phandle);
		n = *ctrl < 0 ? 0 : dt_u32(w->fdt, *ctrl, "#interrupt-cells", 0);
		if (n <= 0 || len < n)
			break;
		if (!idx)
			return p;
		p += n;
		len -= n;
	}
	return NULL;
}

int __init dt_get_irq(const void *fdt, int node, unsigned int idx, unsigned int *irq, bool *level)
{
	const struct dt_walk *w = walk_to(fdt, node);
	int ctrl;
	const fdt32_t *p = w ? irq_cells(w, idx, &ctrl) : NULL;
	unsigned int ppi;

	if (!p)
		return -ENOENT;
	if (!fdt_getprop(fdt, ctrl, "interrupt-controller", NULL) ||
	    dt_u32(fdt, ctrl, "#interrupt-cells", 0) < GIC_IRQ_CELLS)
		return -EINVAL;
	/* Linux Documentation/devicetree/bindings/interrupt-controller/arm,gic-v3.yaml */
	ppi = fdt32_to_cpu(p[0]);
	if (ppi > 1)
		return -EINVAL;		/* extended ranges: not there before GICv3.1 */
	*irq = fdt32_to_cpu(p[1]) + (ppi ? 16 : 32);
	*level = fdt32_to_cpu(p[2]) & 0xc;
	return ppi && *irq > 31 ? -EINVAL : 0;
}

/* The GIC's binding: kind (0 = SPI, 1 = PPI), number, flags (bits 0-1 edge, 2-3 level). */
static void __init gic_irq(const fdt32_t *p, dt_irq_fn fn)
{
	if (fdt32_to_cpu(p[0]) == 0)
		fn(fdt32_to_cpu(p[1]) + 32, fdt32_to_cpu(p[2]) & 0xc);
}

/* Child address, child interrupt, parent, parent's address, parent's interrupt. */
static void __init mapped_irqs(const struct dt_walk *w, int gic, dt_irq_fn fn)
{
	unsigned int head = w->ac + dt_u32(w->fdt, w->node, "#interrupt-cells", 1);
	/* Absent means 0 here, unlike for buses: Devicetree Specification 0.4, 2.4.3.1. */
	unsigned int gic_ac = min(dt_u32(w->fdt, gic, "#address-cells", 0), (uint32_t)MAX_CELLS);
	unsigned int step = head + 1 + gic_ac + GIC_IRQ_CELLS;
	const fdt32_t *p;
	int len;

	p = fdt_getprop(w->fdt, w->node, "interrupt-map", &len);
	if (!p || head > 8)
		return;
	for (len /= 4; len >= (int)step; len -= step, p += step) {
		if (fdt32_to_cpu(p[head]) != fdt_get_phandle(w->fdt, gic))
			return;		/* its entries may be of another length */
		gic_irq(p + head + 1 + gic_ac, fn);
	}
}

void __init dt_for_each_irq(const struct dt_walk *w, int gic, dt_irq_fn fn)
{
	const fdt32_t *p;
	int ctrl;

	mapped_irqs(w, gic, fn);
	for (unsigned int i = 0; (p = irq_cells(w, i, &ctrl)); i++)
		if (ctrl == gic)
			gic_irq(p, fn);
}
