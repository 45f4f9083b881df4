// SPDX-License-Identifier: GPL-2.0-only
/* Damage that leaves the tree a tree: what firmware gets wrong, and worse. */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "dt.h"

static int some_node(const void *fdt)
{
	int n = 0, node, pick;

	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL))
		n++;
	pick = rnd(n);
	for (node = 0; pick; pick--)
		node = fdt_next_node(fdt, node, NULL);
	return node;
}

/* Nodes the hypervisor looks at closely are hit as often as all others. */
static int some_target(const void *fdt)
{
	static const char *const path[] = {
		"/", "/chosen", "/cpus", "/timer", "/intc", "/psci", "/reserved-memory", "/memory",
		"/pl011", "/pcie", "/soc",
	};
	int node = -1;

	if (one_in(2))
		node = fdt_path_offset(fdt, path[rnd(sizeof(path) / sizeof(path[0]))]);
	if (node >= 0 && one_in(3)) {
		int sub = fdt_first_subnode(fdt, node);

		node = sub >= 0 ? sub : node;
	}
	return node >= 0 ? node : some_node(fdt);
}

/* A property of the node; NULL when it has none. */
static const char *some_prop(const void *fdt, int node)
{
	const char *name = NULL, *picked = NULL;
	int prop, n = 1;

	fdt_for_each_property_offset(prop, fdt, node)
		if (fdt_getprop_by_offset(fdt, prop, &name, NULL) && one_in(n++))
			picked = name;
	return picked;
}

static uint32_t odd_cell(void)
{
	static const uint32_t odd[] = {
		0, 1, 2, 3, 4, 8, 16, 255, 0x1000, 0xfff, 0x8000, 0x10000, 0x200000, 0x40000000,
		0x7fffffff, 0x80000000, 0xfffff000, 0xfffffffe, 0xffffffff,
	};

	return one_in(4) ? (uint32_t)rnd64() : odd[rnd(sizeof(odd) / sizeof(odd[0]))];
}

/* An address: often one that means something on the machine (RAM begins at 1 GiB). */
static uint64_t odd_address(void)
{
	switch (rnd(8)) {
	case 0:
		return rnd64();
	case 1:
		return ~0ULL << rnd(32);
	case 2:
		return 1ULL << rnd(64);
	case 3:
		return 0x08000000 + ((uint64_t)rnd(64) << 16);
	default:
		return 0x40000000 + ((uint64_t)rnd(0x40000) << 12) + (one_in(4) ? rnd(4096) : 0);
	}
}

static uint64_t odd_size(void)
{
	switch (rnd(6)) {
	case 0:
		return rnd64();
	case 1:
		return 0;
	case 2:
		return -odd_address();
	case 3:
		return ~0ULL >> rnd(64);
	default:
		return (uint64_t)(1 + rnd(0x4000)) << (one_in(4) ? rnd(13) : 12);
	}
}

static int put64(fdt32_t *p, uint64_t v)
{
	p[0] = cpu_to_fdt32(v >> 32);
	p[1] = cpu_to_fdt32(v);
	return 2;
}

/* nr ranges of 2 + 2 cells. */
static void set_reg(void *fdt, int node, unsigned int nr)
{
	fdt32_t reg[128 * 4];
	unsigned int n = 0;

	for (unsigned int i = 0; i < nr; i++) {
		n += put64(reg + n, odd_address());
		n += put64(reg + n, odd_size());
	}
	fdt_setprop(fdt, node, "reg", reg, n * 4);
}

static void resize_prop(void *fdt)
{
	int node = some_target(fdt), len;
	const char *name = some_prop(fdt, node);
	char value[4096] = "";
	const void *old;

	if (!name)
		return;
	old = fdt_getprop(fdt, node, name, &len);
	if (!old || len < 0)
		return;
	memcpy(value, old, len < (int)sizeof(value) ? len : (int)sizeof(value));
	switch (rnd(4)) {
	case 0:
		len = 0;
		break;
	case 1:
		len = rnd(len + 1);
		break;
	case 2:
		len += 1 + rnd(64);
		break;
	default:
		len = rnd(sizeof(value));
	}
	if (len > (int)sizeof(value))
		len = sizeof(value);
	fdt_setprop(fdt, node, name, value, len);
}

static void change_cell(void *fdt)
{
	int node = some_target(fdt), len;
	const char *name = some_prop(fdt, node);
	fdt32_t *p = name ? fdt_getprop_w(fdt, node, name, &len) : NULL;

	if (!p || len < 4)
		return;
	for (unsigned int n = 1 + rnd(3); n; n--)
		p[rnd(len / 4)] = cpu_to_fdt32(odd_cell());
}

static void change_cells_prop(void *fdt)
{
	static const char *const name[] = {
		"#address-cells", "#size-cells", "#interrupt-cells", "interrupt-parent", "phandle",
		"#redistributor-regions", "redistributor-stride", "clock-frequency",
	};

	fdt_setprop_u32(fdt, some_target(fdt), name[rnd(sizeof(name) / sizeof(name[0]))],
			one_in(2) ? rnd(6) : odd_cell());
}

static void delete_something(void *fdt)
{
	int node = some_target(fdt);
	const char *name = some_prop(fdt, node);

	if (one_in(2) && node)
		fdt_del_node(fdt, node);
	else if (name)
		fdt_delprop(fdt, node, name);
}

static void odd_reg(void *fdt)
{
	set_reg(fdt, some_target(fdt), 1 + rnd(one_in(8) ? 100 : 4));
}

static void odd_ranges(void *fdt)
{
	fdt32_t r[64];

	for (unsigned int i = 0; i < 64; i++)
		r[i] = cpu_to_fdt32(one_in(2) ? 0 : odd_cell());
	fdt_setprop(fdt, some_target(fdt), one_in(4) ? "interrupt-map" : "ranges", r, rnd(65) * 4);
}

static int add_node(void *fdt, int parent, const char *prefix)
{
	char name[32];

	snprintf(name, sizeof(name), "%s@%x", prefix, (unsigned int)rnd64());
	return fdt_add_subnode(fdt, parent, name);
}

static void add_memory(void *fdt)
{
	unsigned int nr = one_in(4) ? 80 : 1 + rnd(3);

	while (nr--) {
		int node = add_node(fdt, 0, "memory");

		if (node < 0)
			return;
		fdt_setprop_string(fdt, node, "device_type", "memory");
		set_reg(fdt, node, 1 + rnd(4));
	}
}

static void add_reserved(void *fdt)
{
	unsigned int nr = one_in(4) ? 80 : 1 + rnd(6);
	int parent = fdt_path_offset(fdt, "/reserved-memory");

	if (parent < 0) {
		parent = fdt_add_subnode(fdt, 0, "reserved-memory");
		fdt_setprop_u32(fdt, parent, "#address-cells", 2);
		fdt_setprop_u32(fdt, parent, "#size-cells", 2);
		fdt_setprop(fdt, parent, "ranges", "", 0);
	}
	while (nr--) {
		int node = add_node(fdt, fdt_path_offset(fdt, "/reserved-memory"), "r");

		if (node < 0)
			return;
		set_reg(fdt, node, 1 + rnd(3));
		if (one_in(2))
			fdt_setprop(fdt, node, one_in(2) ? "no-map" : "reusable", "", 0);
	}
}

static void add_memreserve(void *fdt)
{
	for (unsigned int n = one_in(4) ? 80 : 1 + rnd(4); n; n--)
		fdt_add_mem_rsv(fdt, odd_address(), odd_size());
}

static void add_modules(void *fdt)
{
	static const char compatible[] = "multiboot,module\0multiboot,ramdisk";
	int chosen = fdt_path_offset(fdt, "/chosen");

	for (unsigned int n = one_in(4) ? 20 : 1 + rnd(3); n && chosen >= 0; n--) {
		int node = add_node(fdt, chosen, "module");

		if (node < 0)
			return;
		fdt_setprop(fdt, node, "compatible", compatible,
			    one_in(2) ? sizeof(compatible) : strlen(compatible) + 1);
		set_reg(fdt, node, 1);
	}
}

/* Deep, with what makes the walk go on at each level. */
static void nest(void *fdt)
{
	int node = some_target(fdt);

	for (unsigned int depth = 1 + rnd(one_in(4) ? 1500 : 40); depth && node >= 0; depth--) {
		node = add_node(fdt, node, "n");
		if (node < 0)
			return;
		fdt_setprop(fdt, node, "ranges", "", 0);
		fdt_setprop_u32(fdt, node, "#address-cells", 2);
		fdt_setprop_u32(fdt, node, "#size-cells", 2);
		if (one_in(8))
			set_reg(fdt, node, 1);
	}
}

/* Interrupt parents and lists that lead to themselves, to nothing, to no controller. */
static void odd_phandles(void *fdt)
{
	int node = some_target(fdt);
	fdt32_t list[32];

	for (unsigned int i = 0; i < 32; i++)
		list[i] = cpu_to_fdt32(one_in(2) ? 0x8001 + rnd(6) : odd_cell());
	fdt_setprop_u32(fdt, node, "phandle", 0x8001 + rnd(6));
	fdt_setprop_u32(fdt, node, "interrupt-parent", 0x8001 + rnd(6));
	if (one_in(2))
		fdt_setprop(fdt, some_target(fdt), "interrupts-extended", list, rnd(33) * 4);
	if (one_in(2))
		fdt_setprop(fdt, some_target(fdt), "interrupts", list, rnd(33) * 4);
}

/* Strings without an end, names of other kinds of nodes, long ones. */
static void odd_strings(void *fdt)
{
	static const char *const name[] = {
		"compatible", "device_type", "status", "method", "enable-method", "bootargs",
		"stdout-path", "xen,xen-bootargs", "xen,dom0-bootargs", "interrupt-controller",
	};
	static const char *const value[] = {
		"", "memory", "cpu", "okay", "disabled", "arm,gic-v3", "arm,cortex-a15-gic",
		"arm,pl011", "multiboot,module", "arm,psci", "xen,xen", "/pl011@9000000:115200n8",
		"dom0_mem=64M dtuart=/pl011@9000000", "dom0_mem=16M,max:1G maxcpus=1",
		"dom0_mem=-1G console=", "dom0_mem=64M dom0_max_vcpus=4294967295",
	};
	char text[2100];
	int len;

	if (one_in(8)) {
		len = rnd(sizeof(text));
		memset(text, 'a' + rnd(26), len);
	} else {
		const char *v = value[rnd(sizeof(value) / sizeof(value[0]))];

		len = strlen(v) + !one_in(4);
		memcpy(text, v, len);
	}
	fdt_setprop(fdt, some_target(fdt), name[rnd(sizeof(name) / sizeof(name[0]))], text, len);
}

static void odd_name(void *fdt)
{
	static const char *const name[] = {
		"chosen", "cpus", "memory", "psci", "hypervisor", "reserved-memory", "a@", "@", "",
	};
	char text[600];

	if (one_in(3)) {
		memset(text, 'n', sizeof(text));
		text[rnd(sizeof(text))] = '\0';
		text[sizeof(text) - 1] = '\0';
		fdt_set_name(fdt, some_target(fdt), text);
	} else {
		fdt_set_name(fdt, some_target(fdt), name[rnd(sizeof(name) / sizeof(name[0]))]);
	}
}

void mutate(void *fdt)
{
	static void (*const how[])(void *fdt) = {
		resize_prop, change_cell, change_cells_prop, delete_something, odd_reg, odd_ranges,
		add_memory, add_reserved, add_memreserve, add_modules, nest, odd_phandles,
		odd_strings, odd_name,
	};

	for (unsigned int n = 1 + rnd(one_in(4) ? 12 : 3); n; n--)
		how[rnd(sizeof(how) / sizeof(how[0]))](fdt);
}
