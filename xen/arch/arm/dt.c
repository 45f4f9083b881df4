// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the host's device tree: addresses, interrupts, compatible strings
 * (Devicetree Specification 0.4, chapter 2).
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <asm/dt.h>
#include <libfdt.h>

uint64_t __init dt_read_cells(const void *p, unsigned int n)
{
	const fdt32_t *cell = p;
	uint64_t v = 0;

	while (n--)
		v = v << 32 | fdt32_to_cpu(*cell++);
	return v;
}

static unsigned int __init cells_prop(const void *fdt, int node, const char *name,
				      unsigned int missing)
{
	int len;
	const fdt32_t *p = fdt_getprop(fdt, node, name, &len);

	return p && len == 4 ? fdt32_to_cpu(*p) : missing;
}

void __init dt_child_cells(const void *fdt, int node, unsigned int *ac, unsigned int *sc)
{
	*ac = cells_prop(fdt, node, "#address-cells", 2);
	*sc = cells_prop(fdt, node, "#size-cells", 1);
}

/* One step up: *addr of bus's children as bus's parent sees it. */
static int __init translate(const void *fdt, int bus, int parent, uint64_t *addr)
{
	unsigned int ac, sc, pac, psc;
	const fdt32_t *r;
	int len;

	r = fdt_getprop(fdt, bus, "ranges", &len);
	if (!r)
		return -EINVAL;		/* children are not memory mapped */
	if (!len)
		return 0;
	dt_child_cells(fdt, bus, &ac, &sc);
	dt_child_cells(fdt, parent, &pac, &psc);
	if (ac > 3 || pac > 2 || sc > 2 || !(ac + pac + sc))
		return -EINVAL;
	for (len /= 4; len >= (int)(ac + pac + sc); len -= ac + pac + sc) {
		uint64_t child = dt_read_cells(r, ac), size = dt_read_cells(r + ac + pac, sc);

		if (*addr >= child && *addr - child < size) {
			*addr = dt_read_cells(r + ac, pac) + (*addr - child);
			return 0;
		}
		r += ac + pac + sc;
	}
	return -EINVAL;
}

int __init dt_get_reg(const void *fdt, int node, unsigned int idx, paddr_t *start, paddr_t *size)
{
	int bus = fdt_parent_offset(fdt, node), parent, len;
	unsigned int ac, sc;
	const fdt32_t *reg;

	if (bus < 0)
		return -EINVAL;
	dt_child_cells(fdt, bus, &ac, &sc);
	reg = fdt_getprop(fdt, node, "reg", &len);
	if (!reg || ac > 2 || sc > 2 || (uint64_t)len / 4 < (uint64_t)(idx + 1) * (ac + sc))
		return -ENOENT;
	reg += idx * (ac + sc);
	*start = dt_read_cells(reg, ac);
	*size = dt_read_cells(reg + ac, sc);
	while ((parent = fdt_parent_offset(fdt, bus)) >= 0) {
		if (translate(fdt, bus, parent, start))
			return -EINVAL;
		bus = parent;
	}
	return 0;
}

int __init dt_string_index(const void *fdt, int node, const char *prop, const char *name)
{
	int i = fdt_stringlist_search(fdt, node, prop, name);

	return i < 0 ? -ENOENT : i;
}

int __init dt_interrupt_parent(const void *fdt, int node)
{
	while (node >= 0) {
		const fdt32_t *p = fdt_getprop(fdt, node, "interrupt-parent", NULL);

		if (p)
			return fdt_node_offset_by_phandle(fdt, fdt32_to_cpu(*p));
		node = fdt_parent_offset(fdt, node);
	}
	return -ENOENT;
}

static bool __init node_is_gic(const void *fdt, int node)
{
	return node >= 0 && fdt_getprop(fdt, node, "interrupt-controller", NULL) &&
	       cells_prop(fdt, node, "#interrupt-cells", 0) >= 3;
}

/* Cells of interrupt idx of the list form in which each entry names its parent. */
static const fdt32_t * __init extended_irq(const void *fdt, const fdt32_t *p, int len,
					   unsigned int idx, int *parent)
{
	for (len /= 4; len > 0; idx--) {
		int ctrl = fdt_node_offset_by_phandle(fdt, fdt32_to_cpu(*p));
		unsigned int n = ctrl < 0 ? 0 : cells_prop(fdt, ctrl, "#interrupt-cells", 0);

		if (!n || len < (int)(n + 1))
			return NULL;
		if (!idx) {
			*parent = ctrl;
			return p + 1;
		}
		p += n + 1;
		len -= n + 1;
	}
	return NULL;
}

int __init dt_get_irq(const void *fdt, int node, unsigned int idx, unsigned int *irq, bool *level)
{
	const fdt32_t *p;
	int len, parent;
	unsigned int n;

	p = fdt_getprop(fdt, node, "interrupts-extended", &len);
	if (p) {
		p = extended_irq(fdt, p, len, idx, &parent);
		if (!p)
			return -ENOENT;
		if (!node_is_gic(fdt, parent))
			return -EINVAL;
	} else {
		p = fdt_getprop(fdt, node, "interrupts", &len);
		if (!p)
			return -ENOENT;
		parent = dt_interrupt_parent(fdt, node);
		if (!node_is_gic(fdt, parent))
			return -EINVAL;
		n = cells_prop(fdt, parent, "#interrupt-cells", 3);
		if ((uint64_t)len / 4 < (uint64_t)(idx + 1) * n)
			return -ENOENT;
		p += idx * n;
	}
	/* Linux Documentation/devicetree/bindings/interrupt-controller/arm,gic-v3.yaml */
	n = fdt32_to_cpu(p[0]);
	if (n > 1)
		return -EINVAL;		/* extended ranges: not there before GICv3.1 */
	*irq = fdt32_to_cpu(p[1]) + (n ? 16 : 32);
	*level = fdt32_to_cpu(p[2]) & 0xc;
	return n && *irq > 31 ? -EINVAL : 0;
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
