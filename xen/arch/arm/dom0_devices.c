// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which of the machine's devices dom0 gets: all that the host's tree describes
 * but the hypervisor's own. Their registers are mapped 1:1, their interrupts
 * routed under the same numbers.
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/p2m.h>
#include <drivers/dt.h>
#include <drivers/gic.h>
#include <drivers/uart.h>
#include <asm/irq.h>
#include <libfdt.h>
#include "dom0.h"

/* Replaced by what dom0_fdt.c makes, or of no use under a hypervisor. */
static const char *const hidden_compatible[] __initconst = {
	"xen,xen",
	"multiboot,module",
	"multiboot,kernel",
	"multiboot,ramdisk",
	"arm,psci",
	"arm,psci-0.2",
	"arm,psci-1.0",
	"arm,armv8-timer",
	"arm,armv7-timer",
	"arm,armv7-timer-mem",
	/* No PMU is emulated; the real one belongs to whoever runs. */
	"arm,armv8-pmuv3",
	"arm,cortex-a53-pmu",
	"arm,cortex-a57-pmu",
	"arm,cortex-a72-pmu",
	/* DMA of dom0 is not translated, and cannot be by dom0: 1:1 is what makes it work. */
	"arm,smmu-v1",
	"arm,smmu-v2",
	"arm,smmu-v3",
	"arm,mmu-400",
	"arm,mmu-401",
	"arm,mmu-500",
	"virtio,pci-iommu",
	/* Interrupts of the ITS are not virtualised: PCI falls back to INTx. */
	"arm,gic-v3-its",
	NULL
};

static bool __init any_string(const char *list, int len, const char *const *what)
{
	for (; *what; what++)
		if (fdt_stringlist_contains(list, len, *what))
			return true;
	return false;
}

bool __init dom0_node_hidden(const void *fdt, int node)
{
	int len;
	const char *p = fdt_getprop(fdt, node, "compatible", &len);

	if (node == console_dt_node)
		return true;
	if (p && any_string(p, len, hidden_compatible))
		return true;
	p = fdt_getprop(fdt, node, "device_type", &len);
	return p && (!strcmp(p, "memory") || !strcmp(p, "cpu"));
}

/* ---- registers ---- */

struct map_data {
	struct dom0_info *info;
	const char *name;	/* of the node */
	bool reserved;		/* reserved-memory: RAM is expected */
	bool nomap;		/* and is not for dom0's allocators */
};

/*
 * The node's RAM becomes dom0's. What the tree claims beyond the banks is not
 * there, and the hypervisor's own memory stays its own, whatever the tree says.
 */
static void __init add_reserved_ram(const struct map_data *m, paddr_t start, paddr_t end)
{
	const struct boot_module *image = boot_module_find(BOOTMOD_XYLEM);

	if (start < image->start + image->size && image->start < end) {
		printk(XENLOG_WARNING "dom0: %s: reserved memory %#lx - %#lx is the hypervisor's\n",
		       m->name, (unsigned long)start, (unsigned long)end);
		return;
	}
	for (unsigned int i = 0; i < bootinfo.mem.nr; i++) {
		const struct membank *b = &bootinfo.mem.bank[i];
		paddr_t s = max(start, b->start), e = min(end, b->start + b->size);

		if (s < e)
			dom0_add_reserved(m->info, s, e - s);
	}
}

/*
 * Normal memory at stage 2: stage 1 is the stricter of the two, so dom0's
 * drivers get the attributes they ask for, as on the bare machine. A device
 * type here would let unaligned access to a write-combining mapping fault.
 */
static void __init map_range(void *data, paddr_t start, uint64_t size)
{
	const struct map_data *m = data;
	unsigned long gfn = PFN_DOWN(start), nr;
	int rc;

	if (start + size < start || (!m->reserved && meminfo_overlaps(&bootinfo.mem, start, size))) {
		printk(XENLOG_WARNING "dom0: %s: range %#lx + %#lx is not mapped, it is memory\n",
		       m->name, (unsigned long)start, (unsigned long)size);
		return;
	}
	if (m->reserved && !m->nomap && meminfo_overlaps(&bootinfo.mem, start, size)) {
		add_reserved_ram(m, start, start + size);
		return;
	}
	nr = PFN_UP(start + size) - gfn;
	rc = p2m_map_range(m->info->d, _gfn(gfn), nr, _mfn(gfn), p2m_mmio_direct_c);
	if (rc)
		printk(XENLOG_WARNING "dom0: %s: cannot map %#lx + %#lx: %d\n", m->name,
		       (unsigned long)start, (unsigned long)size, rc);
}

/* ---- interrupts ---- */

static bool __init irq_is_ours(unsigned int irq)
{
	const struct irq_desc *desc = irq_to_desc(irq);

	return !desc || desc->handler;
}

static void __init set_trigger(unsigned int irq, bool level)
{
	if (irq < gic.nr_irqs && !irq_is_ours(irq))
		irq_set_type(irq, level);
}

/*
 * All shared interrupts but ours, named in the tree or not (those of a GICv2m
 * frame are not): they stay off until dom0 enables them.
 */
static void __init route_interrupts(struct dom0_info *info)
{
	const unsigned int end = NR_LOCAL_IRQS + info->d->arch.vgic.nr_spis;

	for (unsigned int irq = NR_LOCAL_IRQS; irq < min(gic.nr_irqs, end); irq++) {
		int rc;

		if (irq_is_ours(irq))
			continue;
		rc = route_irq_to_guest(info->d, irq, irq);
		if (rc)
			printk(XENLOG_WARNING "dom0: cannot route interrupt %u: %d\n", irq, rc);
	}
}

/* ---- the walk ---- */

static void __init map_node(struct dom0_info *info, const struct dt_walk *w, bool reserved)
{
	struct map_data m = {
		.info = info,
		.name = fdt_get_name(w->fdt, w->node, NULL),
		.reserved = reserved,
		.nomap = reserved && fdt_getprop(w->fdt, w->node, "no-map", NULL),
	};

	if (w->node != gic.dt_node) {
		dt_for_each_reg(w, map_range, &m);
		dt_for_each_pci_window(w, map_range, &m);
	}
	dt_for_each_irq(w, gic.dt_node, set_trigger);
}

static void __init walk_devices(struct dom0_info *info, const struct dt_walk *up,
				unsigned int depth)
{
	const char *name = fdt_get_name(up->fdt, up->node, NULL);
	bool reserved = depth == 1 && !strcmp(name, "reserved-memory");
	int node;

	if (depth == DT_MAX_DEPTH)	/* the stack's share */
		return;
	fdt_for_each_subnode(node, up->fdt, up->node) {
		struct dt_walk w;

		if (dom0_node_hidden(up->fdt, node) || !dt_is_available(up->fdt, node))
			continue;
		dt_walk_enter(&w, up->fdt, up, node);
		map_node(info, &w, reserved);
		walk_devices(info, &w, depth + 1);
	}
}

void __init dom0_map_devices(struct dom0_info *info)
{
	struct dt_walk root;

	dt_walk_enter(&root, device_tree, NULL, 0);
	walk_devices(info, &root, 0);
	route_interrupts(info);
}
