// SPDX-License-Identifier: GPL-2.0-only
/* Dom0: created from the boot modules, with the machine's devices. */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>
#include <drivers/gic.h>
#include <asm/mm.h>
#include <asm/setup.h>
#include <asm/sysregs.h>
#include <libfdt.h>
#include "dom0.h"

/* Placed on 2 MiB boundaries (booting.rst): the kernel must, the others profit. */
#define PLACE_ALIGN	MB(2)
/* The kernel accepts up to 2 MiB; it may not cross a 2 MiB boundary (before Linux 4.2). */
#define DTB_SIZE_MAX	MB(2)

#define RDIST_SIZE	0x20000	/* GICv3 without virtual LPIs: RD_base and SGI_base frames */

static unsigned int opt_max_vcpus __initdata;
integer_param("dom0_max_vcpus", opt_max_vcpus);

/* Grants between dom0 and its guests: Xen's defaults. */
#define GRANT_FRAMES	64
#define MAPTRACK_FRAMES	1024

static unsigned int __init vcpu_limit(void)
{
	if (gic_hw->version == GIC_V2)
		return 8;
	return min_t(uint64_t, MAX_GUEST_VCPUS, gic.rdist[0].size / RDIST_SIZE);
}

static unsigned int __init nr_vcpus(void)
{
	unsigned int nr = opt_max_vcpus ?: cpumask_weight(&cpu_online_map);

	if (nr > vcpu_limit()) {
		printk(XENLOG_WARNING "dom0: %u vCPUs are too many for its GIC, it gets %u\n", nr,
		       vcpu_limit());
		nr = vcpu_limit();
	}
	return nr;
}

static void __init create_domain(struct dom0_info *info)
{
	struct xen_domctl_createdomain cfg = {
		.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap,
		.max_vcpus = info->nr_vcpus,
		.max_evtchn_port = -1,
		.max_grant_frames = GRANT_FRAMES,
		.max_maptrack_frames = MAPTRACK_FRAMES,
		.grant_opts = XEN_DOMCTL_GRANT_version(1),
		.arch.gic_version = XEN_DOMCTL_CONFIG_GIC_NATIVE,
		.arch.nr_spis = min(gic.nr_irqs - 32, (unsigned int)VGIC_MAX_SPIS),
	};

	info->d = domain_create(0, &cfg, true);
	if (IS_ERR(info->d))
		panic("Cannot create dom0: error %ld", -PTR_ERR(info->d));
	info->d->is_direct_mapped = true;
	for (unsigned int i = 0; i < info->nr_vcpus; i++)
		if (IS_ERR(vcpu_create(info->d, i)))
			panic("Cannot create vCPU %u of dom0", i);
}

/* Dom0 reads it before its caches are on. */
static void __init load(const struct membank *to, const void *from, uint64_t size)
{
	void *p = maddr_to_virt(to->start);

	memcpy(p, from, size);
	clean_dcache_range(p, size);
}

static paddr_t __init load_kernel(struct dom0_info *info)
{
	const struct boot_module *mod = boot_module_find(BOOTMOD_KERNEL);
	struct kernel_image img;
	struct membank at;

	if (!mod)
		panic("No dom0 kernel: the boot loader passed no module of kind multiboot,kernel");
	kernel_probe(mod, &img);
	info->kernel = dom0_place(info, img.text_offset + img.image_size, PLACE_ALIGN, "kernel");
	at = (struct membank){ info->kernel.start + img.text_offset, img.image_size };
	load(&at, img.data, img.size);
	invalidate_icache_all();
	printk(XENLOG_INFO "dom0 kernel: %#lx - %#lx\n", (unsigned long)at.start,
	       (unsigned long)(at.start + at.size));
	return at.start;
}

static void __init load_initrd(struct dom0_info *info)
{
	const struct boot_module *mod = boot_module_find(BOOTMOD_RAMDISK);

	if (!mod || !mod->size)
		return;
	info->initrd = dom0_place(info, mod->size, PLACE_ALIGN, "initial ramdisk");
	load(&info->initrd, maddr_to_virt(mod->start), mod->size);
	printk(XENLOG_INFO "dom0 ramdisk: %#lx - %#lx\n", (unsigned long)info->initrd.start,
	       (unsigned long)(info->initrd.start + info->initrd.size));
}

/* booting.rst: x0 = device tree, MMU and data cache off, interrupts masked. */
static void __init start_vcpu0(struct dom0_info *info, paddr_t entry)
{
	struct vcpu *v = info->d->vcpu[0];
	struct vcpu_guest_context ctxt = {
		.flags = VGCF_online,
		.user_regs.x0 = info->dtb.start,
		.user_regs.pc64 = entry,
		.user_regs.cpsr = PSR_GUEST64_INIT,
		.sctlr = SCTLR_EL1_RESET,
	};

	if (arch_set_info_guest(v, &ctxt))
		panic("Cannot set up dom0's first vCPU");
}

void __init construct_dom0(void)
{
	struct dom0_info *info = xzalloc(struct dom0_info);
	paddr_t entry;

	if (!info)
		panic("No memory to build dom0");
	info->nr_vcpus = nr_vcpus();
	create_domain(info);
	/* Memory before devices: what is mapped last wins, and devices are checked against RAM. */
	dom0_allocate_memory(info);
	dom0_map_devices(info);
	dom0_find_regions(info);
	entry = load_kernel(info);
	info->dtb = dom0_place(info, DTB_SIZE_MAX, PLACE_ALIGN, "device tree");
	load_initrd(info);
	dom0_make_fdt(info);
	start_vcpu0(info, entry);
	xfree(info);
}
