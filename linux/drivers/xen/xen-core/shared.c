// SPDX-License-Identifier: GPL-2.0-only
/* Pages that the hypervisor and this domain both know. */

#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/xen-ops.h>
#include <xen/interface/xen.h>
#include <xen/interface/memory.h>
#include <xen/interface/vcpu.h>
#include <xen/page.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>
#include "core.h"

struct shared_info *HYPERVISOR_shared_info;
EXPORT_SYMBOL_GPL(HYPERVISOR_shared_info);

DEFINE_PER_CPU(struct vcpu_info *, xen_vcpu);
EXPORT_PER_CPU_SYMBOL_GPL(xen_vcpu);
DEFINE_PER_CPU(uint32_t, xen_vcpu_id);
EXPORT_PER_CPU_SYMBOL_GPL(xen_vcpu_id);

static DEFINE_PER_CPU(struct cpu_page *, cpu_page);

struct cpu_page *xen_cpu_page(unsigned int cpu)
{
	return per_cpu(cpu_page, cpu);
}

int __init xen_shared_setup(void)
{
	struct xen_add_to_physmap map = {
		.domid = DOMID_SELF,
		.space = XENMAPSPACE_shared_info,
	};
	unsigned int cpu;
	int ret;

	BUILD_BUG_ON(sizeof(struct cpu_page) > XEN_PAGE_SIZE);
	BUILD_BUG_ON(offsetof(struct cpu_page, fifo) % 8);
	for_each_possible_cpu(cpu) {
		struct cpu_page *page = (void *)get_zeroed_page(GFP_KERNEL);

		/* Those there are stay: nobody else has been told of them. */
		if (!page)
			return -ENOMEM;
		per_cpu(cpu_page, cpu) = page;
		/* The tree that numbers our CPUs is made from the vCPUs in order. */
		per_cpu(xen_vcpu_id, cpu) = cpu;
	}

	HYPERVISOR_shared_info = (void *)get_zeroed_page(GFP_KERNEL);
	if (!HYPERVISOR_shared_info)
		return -ENOMEM;
	map.gpfn = virt_to_gfn(HYPERVISOR_shared_info);
	ret = HYPERVISOR_memory_op(XENMEM_add_to_physmap, &map);
	if (ret)
		pr_err("xen-core: shared_info cannot be mapped: %d\n", ret);
	return ret;
}

int xen_vcpu_info_register(unsigned int cpu)
{
	struct cpu_page *page = per_cpu(cpu_page, cpu);
	struct vcpu_register_vcpu_info where = {
		.mfn = virt_to_gfn(page),
		.offset = offset_in_page(&page->info),
	};
	int ret;

	if (per_cpu(xen_vcpu, cpu))
		return 0;
	ret = HYPERVISOR_vcpu_op(VCPUOP_register_vcpu_info, xen_vcpu_nr(cpu), &where);
	if (!ret)
		per_cpu(xen_vcpu, cpu) = &page->info;
	return ret;
}
