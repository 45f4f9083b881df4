// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dom0's device tree: the host's, copied node by node without what is hidden
 * from it (dom0_devices.c), and with nodes of our own for what the hypervisor
 * provides: CPUs, memory, PSCI, timer, interrupt controller, /hypervisor
 * (Linux Documentation/devicetree/bindings/arm/xen.txt).
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <drivers/dt.h>
#include <drivers/gic.h>
#include <asm/mm.h>
#include <libfdt.h>
#include "dom0.h"

/* GIC binding: PPI, 16 less than its INTID; active-low level, all CPUs. */
#define DT_PPI			1
#define DT_PPI_LEVEL_LOW	0xf08

#define NODE_NAME_MAX	48

struct fdt_writer {
	struct dom0_info *info;
	const void *host;
	void *fdt;
	int err;			/* first error of libfdt: the rest does nothing */
	uint32_t gic_phandle, its_phandle;
	unsigned int ac, sc;		/* of the root */
};

/* ---- writing ---- */

static void __init w_begin(struct fdt_writer *w, const char *name)
{
	w->err = w->err ?: fdt_begin_node(w->fdt, name);
}

static void __init w_end(struct fdt_writer *w)
{
	w->err = w->err ?: fdt_end_node(w->fdt);
}

static void __init w_prop(struct fdt_writer *w, const char *name, const void *val, int len)
{
	w->err = w->err ?: fdt_property(w->fdt, name, val, len);
}

static void __init w_string(struct fdt_writer *w, const char *name, const char *s)
{
	w->err = w->err ?: fdt_property_string(w->fdt, name, s);
}

static void __init w_u32(struct fdt_writer *w, const char *name, uint32_t v)
{
	w->err = w->err ?: fdt_property_u32(w->fdt, name, v);
}

static void __init w_u64(struct fdt_writer *w, const char *name, uint64_t v)
{
	w->err = w->err ?: fdt_property_u64(w->fdt, name, v);
}

static fdt32_t * __init put_cells(fdt32_t *p, unsigned int n, uint64_t v)
{
	for (unsigned int i = n; i--; v >>= 32)
		p[i] = cpu_to_fdt32(v);
	return p + n;
}

/* A "reg" of the root's children. */
static void __init w_reg(struct fdt_writer *w, const struct membank *bank, unsigned int nr)
{
	static fdt32_t reg[NR_MEM_BANKS * 4] __initdata;
	fdt32_t *p = reg;

	for (unsigned int i = 0; i < nr; i++) {
		p = put_cells(p, w->ac, bank[i].start);
		p = put_cells(p, w->sc, bank[i].size);
	}
	w_prop(w, "reg", reg, (p - reg) * sizeof(*p));
}

static void __init w_ppis(struct fdt_writer *w, const unsigned int *intid, unsigned int nr)
{
	fdt32_t cells[3 * 4], *p = cells;

	for (unsigned int i = 0; i < nr; i++) {
		p = put_cells(p, 1, DT_PPI);
		p = put_cells(p, 1, intid[i] - 16);
		p = put_cells(p, 1, DT_PPI_LEVEL_LOW);
	}
	w_prop(w, "interrupts", cells, (p - cells) * sizeof(*p));
	w_u32(w, "interrupt-parent", w->gic_phandle);
}

/* ---- nodes of ours ---- */

static void __init make_hypervisor(struct fdt_writer *w)
{
	static const char compatible[] = "xen,xen-4.17\0xen,xen";
	const unsigned int irq = w->info->d->arch.evtchn_irq;

	w_begin(w, "hypervisor");
	w_prop(w, "compatible", compatible, sizeof(compatible));
	w_reg(w, w->info->regions.bank, w->info->regions.nr);
	w_ppis(w, &irq, 1);
	w_end(w);
}

static void __init make_psci(struct fdt_writer *w)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2\0arm,psci";

	w_begin(w, "psci");
	w_prop(w, "compatible", compatible, sizeof(compatible));
	w_string(w, "method", "hvc");
	w_u32(w, "cpu_off", PSCI_cpu_off);
	w_u32(w, "cpu_on", PSCI_cpu_on);
	w_end(w);
}

/* compatible of the host's first CPU: dom0's scheduler and errata code look at it. */
static const char * __init cpu_compatible(const void *host, int *len)
{
	int cpus = fdt_path_offset(host, "/cpus"), node;

	fdt_for_each_subnode(node, host, cpus) {
		const char *type = fdt_getprop(host, node, "device_type", NULL);

		if (type && !strcmp(type, "cpu"))
			return fdt_getprop(host, node, "compatible", len);
	}
	return NULL;
}

static void __init make_cpus(struct fdt_writer *w)
{
	static const char generic[] = "arm,armv8";
	const char *compatible;
	int len;

	compatible = cpu_compatible(w->host, &len);
	if (!compatible) {
		compatible = generic;
		len = sizeof(generic);
	}
	w_begin(w, "cpus");
	w_u32(w, "#address-cells", 1);
	w_u32(w, "#size-cells", 0);
	for (unsigned int i = 0; i < w->info->nr_vcpus; i++) {
		uint32_t mpidr = w->info->d->vcpu[i]->arch.el1.vmpidr & 0xffffff;
		char name[NODE_NAME_MAX];

		snprintf(name, sizeof(name), "cpu@%x", mpidr);
		w_begin(w, name);
		w_prop(w, "compatible", compatible, len);
		w_string(w, "device_type", "cpu");
		w_u32(w, "reg", mpidr);
		w_string(w, "enable-method", "psci");
		w_end(w);
	}
	w_end(w);
}

static void __init make_timer(struct fdt_writer *w)
{
	static const unsigned int ppis[] = {
		GUEST_TIMER_PHYS_S_PPI, GUEST_TIMER_PHYS_NS_PPI, GUEST_TIMER_VIRT_PPI,
	};

	w_begin(w, "timer");
	w_string(w, "compatible", "arm,armv8-timer");
	w_ppis(w, ppis, ARRAY_SIZE(ppis));
	w_end(w);
}

static void __init make_memory(struct fdt_writer *w, const struct meminfo *mem)
{
	char name[NODE_NAME_MAX];

	if (!mem->nr)
		return;
	snprintf(name, sizeof(name), "memory@%lx", (unsigned long)mem->bank[0].start);
	w_begin(w, name);
	w_string(w, "device_type", "memory");
	w_reg(w, mem->bank, mem->nr);
	w_end(w);
}

static void __init copy_prop_of(struct fdt_writer *w, int node, const char *name)
{
	int len;
	const void *p = fdt_getprop(w->host, node, name, &len);

	if (p)
		w_prop(w, name, p, len);
}

static void __init make_chosen(struct fdt_writer *w)
{
	const struct membank *initrd = &w->info->initrd;
	int host = fdt_path_offset(w->host, "/chosen");

	w_begin(w, "chosen");
	w_string(w, "bootargs", bootinfo.dom0_bootargs);
	if (initrd->size) {
		w_u64(w, "linux,initrd-start", initrd->start);
		w_u64(w, "linux,initrd-end", initrd->start + initrd->size);
	}
	if (host >= 0) {
		copy_prop_of(w, host, "kaslr-seed");
		copy_prop_of(w, host, "rng-seed");
	}
	w_end(w);
}

/* ---- copying ---- */

/*
 * The controller as dom0 sees it: no maintenance interrupt, no virtual
 * interface. GICv3: one redistributor region, which holds all of dom0's.
 */
static void __init copy_gic_props(struct fdt_writer *w, int node)
{
	static const char *const same[] __initconst = {
		"compatible", "#interrupt-cells", "#address-cells", "#size-cells", "ranges",
		"interrupt-controller", "phandle", "linux,phandle",
	};
	struct membank reg[2] = {
		{ gic.dist_base, gic.dist_size },
		{ gic.cpu_base, GUEST_GICC_SIZE },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(same); i++)
		copy_prop_of(w, node, same[i]);
	if (gic_hw->version == GIC_V3) {
		w_u32(w, "#redistributor-regions", 1);
		reg[1] = (struct membank){ gic.rdist[0].base, gic.rdist[0].size };
	}
	w_reg(w, reg, ARRAY_SIZE(reg));
}

/* Names the ITS: an MSI controller that dom0 does not have. */
static bool __init names_its(const struct fdt_writer *w, const char *name, const void *val, int len)
{
	const fdt32_t *p = val;

	if (!w->its_phandle)
		return false;
	if (!strcmp(name, "msi-parent"))
		return len >= 4 && fdt32_to_cpu(p[0]) == w->its_phandle;
	return !strcmp(name, "msi-map") && len >= 16 && fdt32_to_cpu(p[1]) == w->its_phandle;
}

static bool __init prop_hidden(const struct fdt_writer *w, const char *name, const void *val,
			       int len)
{
	static const char *const hidden[] __initconst = {
		"iommus", "iommu-map", "iommu-map-mask", "xen,passthrough",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(hidden); i++)
		if (!strcmp(name, hidden[i]))
			return true;
	return names_its(w, name, val, len);
}

static void __init copy_props(struct fdt_writer *w, int node)
{
	int prop;

	fdt_for_each_property_offset(prop, w->host, node) {
		const char *name;
		int len;
		const void *val = fdt_getprop_by_offset(w->host, prop, &name, &len);

		if (val && !prop_hidden(w, name, val, len))
			w_prop(w, name, val, len);
	}
}

/* Made anew at the root. */
static bool __init is_replaced(const char *name, unsigned int depth)
{
	return depth == 0 && (!strcmp(name, "chosen") || !strcmp(name, "cpus") ||
			      !strcmp(name, "psci") || !strcmp(name, "hypervisor"));
}

static void __init copy_children(struct fdt_writer *w, int parent, unsigned int depth)
{
	int node;

	if (depth == DT_MAX_DEPTH)
		return;
	fdt_for_each_subnode(node, w->host, parent) {
		const char *name = fdt_get_name(w->host, node, NULL);

		if (is_replaced(name, depth) || dom0_node_hidden(w->host, node))
			continue;
		w_begin(w, name);
		if (node == gic.dt_node)
			copy_gic_props(w, node);
		else
			copy_props(w, node);
		copy_children(w, node, depth + 1);
		w_end(w);
	}
}

static uint32_t __init its_phandle(const void *host)
{
	int node = fdt_node_offset_by_compatible(host, -1, "arm,gic-v3-its");

	return node < 0 ? 0 : fdt_get_phandle(host, node);
}

void __init dom0_make_fdt(struct dom0_info *info)
{
	struct fdt_writer w = {
		.info = info, .host = device_tree, .fdt = maddr_to_virt(info->dtb.start),
		.gic_phandle = fdt_get_phandle(device_tree, gic.dt_node),
		.its_phandle = its_phandle(device_tree),
	};

	dt_child_cells(w.host, 0, &w.ac, &w.sc);
	if (!w.ac || w.ac > 2 || !w.sc || w.sc > 2)
		panic("The device tree's root has %u address and %u size cells", w.ac, w.sc);
	/* Names are not shared: looking for equal ones would be most of the work. */
	w.err = fdt_create_with_flags(w.fdt, info->dtb.size, FDT_CREATE_FLAG_NO_NAME_DEDUP);
	w.err = w.err ?: fdt_finish_reservemap(w.fdt);
	w_begin(&w, "");
	copy_props(&w, 0);
	make_hypervisor(&w);
	make_psci(&w);
	make_cpus(&w);
	make_timer(&w);
	make_memory(&w, &info->mem);
	make_memory(&w, &info->reserved);
	make_chosen(&w);
	copy_children(&w, 0, 0);
	w_end(&w);
	w.err = w.err ?: fdt_finish(w.fdt);
	if (w.err)
		panic("Cannot make dom0's device tree: %s", fdt_strerror(w.err));
	clean_dcache_range(w.fdt, fdt_totalsize(w.fdt));
}
