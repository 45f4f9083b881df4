// SPDX-License-Identifier: GPL-2.0-only
/* The parts of hypercalls that are Arm's: domctl, sysctl, version, physmap, HVM parameters. */
#include <xen/domain.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/p2m.h>
#include <xen/sched.h>
#include <public/features.h>
#include <public/sysctl.h>
#include <asm/cpufeature.h>
#include <asm/mm.h>

/* Pages between two looks at pending work. */
#define CACHEFLUSH_STEP 64

/*
 * The toolstack wrote the guest's memory through cacheable mappings; the guest
 * starts with its caches off. Restartable: start and length move on in the
 * caller's own structure, where it may do with them as it likes.
 */
static long domctl_cacheflush(struct hc_ctx *ctx, struct domain *d,
			      struct xen_domctl_cacheflush *op)
{
	unsigned int n = 0;

	if (op->start_pfn + op->nr_pfns < op->start_pfn || op->nr_pfns >> MAX_ORDER)
		return -EINVAL;
	while (op->nr_pfns) {
		struct page_info *pg = get_ram_page_from_gfn(d, _gfn(op->start_pfn), false);

		if (pg) {
			arch_flush_page_to_ram(page_to_mfn(pg));
			put_page(pg);
		}
		op->start_pfn++;
		op->nr_pfns--;
		if (++n % CACHEFLUSH_STEP || !op->nr_pfns || !hypercall_preempt_check())
			continue;
		if (copy_to_guest_va(ctx->arg_va + offsetof(struct xen_domctl, u.cacheflush), op,
				     sizeof(*op)))
			return -EFAULT;
		return -ERESTART;
	}
	invalidate_icache_all();	/* code of whoever had the pages before */
	return 0;
}

static long domctl_set_address_size(struct domain *d, uint32_t bits)
{
	if (bits == 64)
		return 0;
	if (bits != 32)
		return -EINVAL;
	printk(XENLOG_INFO "%pd: 32-bit guests are not supported, use a 64-bit kernel\n", d);
	return -EINVAL;
}

long arch_do_domctl(struct hc_ctx *ctx, struct domain *d, struct xen_domctl *op)
{
	switch (ctx->cmd) {
	case XEN_DOMCTL_cacheflush:
		return domctl_cacheflush(ctx, d, &op->u.cacheflush);
	case XEN_DOMCTL_set_address_size:
		return domctl_set_address_size(d, op->u.address_size.size);
	case XEN_DOMCTL_get_address_size:
		op->u.address_size.size = 64;
		return 0;
	default:
		return -ENOSYS;
	}
}

uint64_t arch_features(const struct domain *d, unsigned int submap)
{
	uint64_t f;

	if (submap)
		return 0;
	f = BIT(XENFEAT_writable_page_tables) | BIT(XENFEAT_auto_translated_physmap) |
	    BIT(XENFEAT_memory_op_vnode_supported) | BIT(XENFEAT_ARM_SMCCC_supported);
	f |= d->is_direct_mapped ? BIT(XENFEAT_direct_mapped) : BIT(XENFEAT_not_direct_mapped);
	if (is_hardware_domain(d))
		f |= BIT(XENFEAT_dom0);
	return f;
}

void arch_capabilities(char *buf, size_t size)
{
	strlcpy(buf, "xen-3.0-aarch64 ", size);
}

unsigned long arch_virt_start(void)
{
	return XYLEM_VIRT_START;
}

void arch_physinfo(struct xen_sysctl_physinfo *pi)
{
	pi->threads_per_core = 1;
	pi->cores_per_socket = 1;
	/* As Xen does: the CPU's own rate is not known. */
	pi->cpu_khz = READ_SYSREG(cntfrq_el0) / 1000;
	pi->capabilities |= XEN_SYSCTL_PHYSCAP_hvm | XEN_SYSCTL_PHYSCAP_hap;
}

long arch_do_sysctl(struct hc_ctx *ctx, void *op)
{
	return -ENOSYS;
}

/*
 * XENMAPSPACE_dev_mmio: a device page at the same or another address, for a
 * dom0 that finds devices by itself. Memory is never handed out so.
 */
int arch_add_to_physmap(struct domain *d, unsigned int space, unsigned long idx, gfn_t gfn)
{
	if (space != XENMAPSPACE_dev_mmio)
		return -ENOSYS;
	if (!is_hardware_domain(d) || mfn_valid(_mfn(idx)) || idx >> (cpu_pa_bits - PAGE_SHIFT))
		return -EPERM;
	return p2m_set_page(d, gfn, _mfn(idx), p2m_mmio_direct_dev);
}

/* These are for the toolstack to tell the guest; nothing else can be set. */
int arch_hvm_set_param(struct domain *d, uint32_t index, uint64_t value)
{
	switch (index) {
	case HVM_PARAM_CALLBACK_IRQ:
	case HVM_PARAM_STORE_PFN:
	case HVM_PARAM_STORE_EVTCHN:
	case HVM_PARAM_CONSOLE_PFN:
	case HVM_PARAM_CONSOLE_EVTCHN:
	case HVM_PARAM_MONITOR_RING_PFN:
		return d == current->domain ? -EPERM : 0;
	default:
		return -EINVAL;
	}
}

bool arch_has_vcpu_op(unsigned int cmd)
{
	return cmd == VCPUOP_register_vcpu_info || cmd == VCPUOP_register_runstate_memory_area;
}

unsigned long arch_vm_assist_valid(const struct domain *d)
{
	return BIT(VMASST_TYPE_runstate_update_flag);
}

/* Xen 4.17 on Arm has neither. */
long do_physdev_op(struct hc_ctx *ctx)
{
	return -ENOSYS;
}

long do_dm_op(struct hc_ctx *ctx)
{
	return -ENOSYS;
}
