// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device tree says about memory, reserved memory, boot modules and
 * command lines. The tree comes from firmware or the boot loader and may be
 * broken: that is said, and boot ends.
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <drivers/bootinfo.h>
#include <drivers/dt.h>
#include <libfdt.h>

#define PADDR_END	ROUNDDOWN(~(paddr_t)0, PAGE_SIZE)

struct bootinfo __initdata bootinfo;

struct boot_module * __init boot_module_find(enum boot_module_kind kind)
{
	for (unsigned int i = 0; i < bootinfo.nr_modules; i++)
		if (bootinfo.module[i].kind == kind)
			return &bootinfo.module[i];
	return NULL;
}

static struct boot_module * __init add_module(enum boot_module_kind kind, paddr_t start,
					      paddr_t size)
{
	struct boot_module *m;

	if (bootinfo.nr_modules == NR_BOOT_MODULES)
		panic("More than %u boot modules in the device tree", NR_BOOT_MODULES);
	m = &bootinfo.module[bootinfo.nr_modules++];
	m->kind = kind;
	m->start = start;
	m->size = size;
	return m;
}

/* What goes beyond the end is cut: rounding up to pages must not wrap. */
static void __init add_range(struct meminfo *mi, paddr_t start, paddr_t size)
{
	if (size && start < PADDR_END)
		meminfo_add(mi, start, min(size, PADDR_END - start));
}

/* Whole pages of it. */
static void __init parse_memory(const void *fdt, int node)
{
	paddr_t start, size;

	for (unsigned int i = 0; !dt_get_reg(fdt, node, i, &start, &size); i++) {
		paddr_t first, end;

		if (start >= PADDR_END)
			continue;
		first = ROUNDUP(start, PAGE_SIZE);
		end = ROUNDDOWN(start + min(size, PADDR_END - start), PAGE_SIZE);
		if (first < end)
			meminfo_add(&bootinfo.mem, first, end - first);
	}
}

static void __init parse_reserved(const void *fdt, int parent)
{
	paddr_t start, size;
	int node;

	fdt_for_each_subnode(node, fdt, parent) {
		if (!dt_is_available(fdt, node))
			continue;
		for (unsigned int i = 0; !dt_get_reg(fdt, node, i, &start, &size); i++) {
			add_range(&bootinfo.reserved, start, size);
			if (fdt_getprop(fdt, node, "no-map", NULL))
				add_range(&bootinfo.nomap, start, size);
		}
	}
}

static void __init parse_memreserve(const void *fdt)
{
	uint64_t start, size;

	for (int i = 0; i < fdt_num_mem_rsv(fdt); i++)
		if (!fdt_get_mem_rsv(fdt, i, &start, &size))
			add_range(&bootinfo.reserved, start, size);
}

/* Copies a string property; false when there is none. */
static bool __init get_string(const void *fdt, int node, const char *name, char *buf)
{
	int len;
	const char *s = fdt_getprop(fdt, node, name, &len);

	if (!s)
		return false;
	if (len > BOOT_CMDLINE_MAX)
		panic("%s in the device tree is longer than %u bytes", name, BOOT_CMDLINE_MAX);
	memcpy(buf, s, len);
	buf[min(len, BOOT_CMDLINE_MAX - 1)] = '\0';
	return true;
}

/*
 * Modules say what they are (multiboot,kernel and multiboot,ramdisk as QEMU's
 * guest-loader writes them), or are kernel and ramdisk in this order.
 */
static enum boot_module_kind __init module_kind(const void *fdt, int node)
{
	static const char *const kernel[] __initconst = {
		"multiboot,kernel", "xen,linux-zimage", NULL
	};
	static const char *const ramdisk[] __initconst = {
		"multiboot,ramdisk", "xen,linux-initrd", NULL
	};
	static const char *const other[] __initconst = {
		"xen,device-tree", "xen,xsm-policy", "multiboot,device-tree", NULL
	};

	if (dt_is_compatible(fdt, node, kernel))
		return BOOTMOD_KERNEL;
	if (dt_is_compatible(fdt, node, ramdisk))
		return BOOTMOD_RAMDISK;
	if (dt_is_compatible(fdt, node, other))
		return BOOTMOD_OTHER;
	if (!boot_module_find(BOOTMOD_KERNEL))
		return BOOTMOD_KERNEL;
	return boot_module_find(BOOTMOD_RAMDISK) ? BOOTMOD_OTHER : BOOTMOD_RAMDISK;
}

static void __init parse_module(const void *fdt, int node)
{
	const char *name = fdt_get_name(fdt, node, NULL);
	unsigned int ac, sc;
	const fdt32_t *reg;
	struct boot_module *m;
	paddr_t start, size;
	int len, chosen;

	/*
	 * Machine addresses: /chosen has no "ranges". Without cells of its own it
	 * has the root's, as QEMU's guest-loader and Xen have it.
	 */
	chosen = fdt_parent_offset(fdt, node);
	dt_child_cells(fdt, fdt_getprop(fdt, chosen, "#address-cells", NULL) ? chosen : 0,
		       &ac, &sc);
	reg = fdt_getprop(fdt, node, "reg", &len);
	if (!reg || ac > 2 || sc > 2 || len < (int)(ac + sc) * 4)
		panic("Boot module %s in the device tree has no valid \"reg\"", name);
	start = dt_read_cells(reg, ac);
	size = dt_read_cells(reg + ac, sc);
	if (!size || start >= PADDR_END || size > PADDR_END - start)
		panic("Boot module %s in the device tree is empty", name);
	m = add_module(module_kind(fdt, node), start, size);
	if (!get_string(fdt, node, "bootargs", m->cmdline))
		get_string(fdt, node, "xen,bootargs", m->cmdline);
}

/*
 * Whose "bootargs" is: dom0 has its own in xen,dom0-bootargs or at the kernel
 * module, or xen,xen-bootargs exists and it is dom0's; else it is ours.
 */
static void __init parse_chosen(const void *fdt, int chosen)
{
	static const char *const module[] __initconst = {
		"multiboot,module", "xen,multiboot-module", NULL
	};
	char *dom0 = bootinfo.dom0_bootargs, *ours = bootinfo.xen_bootargs;
	struct boot_module *kernel;
	bool dom0_has, we_have;
	int node;

	fdt_for_each_subnode(node, fdt, chosen)
		if (dt_is_compatible(fdt, node, module) && dt_is_available(fdt, node))
			parse_module(fdt, node);

	kernel = boot_module_find(BOOTMOD_KERNEL);
	we_have = get_string(fdt, chosen, "xen,xen-bootargs", ours);
	dom0_has = get_string(fdt, chosen, "xen,dom0-bootargs", dom0);
	if (!dom0_has && kernel && kernel->cmdline[0]) {
		strlcpy(dom0, kernel->cmdline, BOOT_CMDLINE_MAX);
		dom0_has = true;
	}
	if (!we_have)
		get_string(fdt, chosen, "bootargs", ours);
	else if (!dom0_has)
		get_string(fdt, chosen, "bootargs", dom0);
}

/* Modules are read where they are: in RAM, where nobody else may be. */
static void __init check_module(const struct boot_module *m)
{
	const struct boot_module *image = boot_module_find(BOOTMOD_XYLEM);
	const struct meminfo *mem = &bootinfo.mem;
	unsigned int i = 0;

	while (i < mem->nr && (m->start < mem->bank[i].start ||
			       m->start + m->size > mem->bank[i].start + mem->bank[i].size))
		i++;
	if (i == mem->nr)
		panic("Boot module at 0x%lx (%lu bytes) is not in memory", m->start, m->size);
	if (meminfo_overlaps(&bootinfo.nomap, m->start, m->size))
		panic("Boot module at 0x%lx is in reserved memory", m->start);
	if (m->start < image->start + image->size && image->start < m->start + m->size)
		panic("Boot module at 0x%lx and the hypervisor overlap", m->start);
}

void __init bootfdt_parse(const void *fdt, paddr_t fdt_paddr, paddr_t image_start,
			  paddr_t image_end)
{
	int node, depth = 0, chosen;
	const char *type;

	add_module(BOOTMOD_XYLEM, image_start, image_end - image_start);
	add_module(BOOTMOD_FDT, fdt_paddr, fdt_totalsize(fdt));

	for (node = fdt_next_node(fdt, -1, &depth); node >= 0 && depth >= 0;
	     node = fdt_next_node(fdt, node, &depth)) {
		if (depth > 2)
			continue;
		type = fdt_getprop(fdt, node, "device_type", NULL);
		if (type && !strcmp(type, "memory") && dt_is_available(fdt, node))
			parse_memory(fdt, node);
	}
	node = fdt_path_offset(fdt, "/reserved-memory");
	if (node >= 0)
		parse_reserved(fdt, node);
	parse_memreserve(fdt);
	chosen = fdt_path_offset(fdt, "/chosen");
	if (chosen >= 0)
		parse_chosen(fdt, chosen);

	if (!bootinfo.mem.nr)
		panic("No memory in the device tree");
	for (unsigned int i = 0; i < bootinfo.nr_modules; i++)
		if (bootinfo.module[i].kind != BOOTMOD_XYLEM &&
		    bootinfo.module[i].kind != BOOTMOD_FDT)
			check_module(&bootinfo.module[i]);
}
