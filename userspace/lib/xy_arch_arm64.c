/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <xen/xen.h>
#include <xen/hvm/params.h>

#include "xy_arch.h"
#include "xy_domctl.h"
#include "xy_dtb.h"
#include "xy_guest_mem.h"
#include "xy_memory.h"
#include "xy_version.h"

const struct xy_guest_map xy_arch_map = {
	.ram = { { GUEST_RAM0_BASE, GUEST_RAM0_SIZE }, { GUEST_RAM1_BASE, GUEST_RAM1_SIZE } },
	.gnttab = { GUEST_GNTTAB_BASE, GUEST_GNTTAB_SIZE },
	.magic = { GUEST_MAGIC_BASE, GUEST_MAGIC_SIZE },
	.gicv2_dist = { GUEST_GICD_BASE, GUEST_GICD_SIZE },
	.gicv2_cpu = { GUEST_GICC_BASE, GUEST_GICC_SIZE },
	.gicv3_dist = { GUEST_GICV3_GICD_BASE, GUEST_GICV3_GICD_SIZE },
	.gicv3_redist = { GUEST_GICV3_GICR0_BASE, GUEST_GICV3_GICR0_SIZE },
	.timer_secure_ppi = GUEST_TIMER_PHYS_S_PPI,
	.timer_phys_ppi = GUEST_TIMER_PHYS_NS_PPI,
	.timer_virt_ppi = GUEST_TIMER_VIRT_PPI,
	.evtchn_ppi = GUEST_EVTCHN_PPI,
	.max_vcpus = GUEST_MAX_VCPUS,
};

void xy_arch_config(const struct xy_guest *g, struct xen_domctl_createdomain *cfg)
{
	static const uint8_t gic[] = {
		[XY_GIC_NATIVE] = XEN_DOMCTL_CONFIG_GIC_NATIVE,
		[XY_GIC_V2] = XEN_DOMCTL_CONFIG_GIC_V2,
		[XY_GIC_V3] = XEN_DOMCTL_CONFIG_GIC_V3,
	};

	cfg->flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
	cfg->grant_opts = XEN_DOMCTL_GRANT_version(1);
	cfg->arch.gic_version = gic[g->gic];
	cfg->arch.tee_type = XEN_DOMCTL_CONFIG_TEE_NONE;
}

/*
 * Stage 2 tables, in whole MiB as Xen's tools give them: a page for each MiB of RAM, a
 * MiB for each vCPU, and what grants and foreign pages at other places need.
 */
static uint64_t pool_size(const struct xy_guest *g)
{
	uint64_t kib = g->paging_kib ? g->paging_kib :
		       4 * (256ull * g->max_vcpus + g->max_memory_kib / 1024 + 512);

	return (kib + 1023) / 1024 << 20;
}

int xy_arch_prepare(struct xy_call *c, struct xy_guest *g, struct xy_err *err)
{
	int ret = xy_domain_paging_pool(c, g->domid, pool_size(g));

	if (ret)
		return xy_fail(err, ret, "cannot get %llu KiB for the guest's page tables: %s",
			       (unsigned long long)pool_size(g) >> 10, strerror(-ret));
	ret = xy_domain_address_size(c, g->domid, 64);
	if (ret)
		return xy_fail(err, ret, "64-bit guests are refused: %s", strerror(-ret));
	return 0;
}

int xy_arch_kernel(const struct xy_blob *kernel, struct xy_image *image, struct xy_err *err)
{
	return xy_image_parse(kernel->data, kernel->size, image, err);
}

static unsigned int gic_number(const struct xy_guest *g)
{
	switch (g->created.arch.gic_version) {
	case XEN_DOMCTL_CONFIG_GIC_V2:
		return 2;
	case XEN_DOMCTL_CONFIG_GIC_V3:
		return 3;
	}
	return 0;
}

int xy_arch_describe(struct xy_call *c, const struct xy_guest *g, const struct xy_layout *layout,
		     struct xy_err *err)
{
	struct xen_domctl_getdomaininfo info;
	long version = xy_version_number(c);
	struct xy_dtb_params p = {
		.map = &xy_arch_map, .layout = layout,
		.major = version > 0 ? (unsigned int)version >> 16 : 4, .minor = version & 0xffff,
		.vcpus = g->max_vcpus, .gic_version = gic_number(g),
		.clock_frequency = g->created.arch.clock_frequency, .cmdline = g->cmdline,
	};
	void *buf;
	int ret = xy_domain_info(c, g->domid, &info);

	if (ret)
		return xy_fail(err, ret, "cannot ask about the new domain: %s", strerror(-ret));
	p.addr_bits = info.gpaddr_bits;
	buf = malloc(layout->dtb.size);
	if (!buf)
		return xy_fail(err, -ENOMEM, "out of memory");
	ret = xy_dtb_make(&p, buf, layout->dtb.size, err);
	if (!ret)
		ret = xy_guest_write(c, g->domid, layout->dtb.base, buf, layout->dtb.size, err);
	free(buf);
	return ret;
}

int xy_arch_start_state(struct xy_call *c, const struct xy_guest *g,
			const struct xy_layout *layout, struct xy_err *err)
{
	struct vcpu_guest_context *ctx = calloc(1, sizeof(*ctx));
	uint64_t callback = (uint64_t)HVM_PARAM_CALLBACK_TYPE_PPI << 56 |
			    HVM_PARAM_CALLBACK_TYPE_PPI_FLAG_LOW_LEVEL << 8 | GUEST_EVTCHN_PPI;
	int ret;

	if (!ctx)
		return xy_fail(err, -ENOMEM, "out of memory");
	ctx->flags = VGCF_online;
	ctx->sctlr = SCTLR_GUEST_INIT;
	ctx->user_regs.cpsr = PSR_GUEST64_INIT;
	ctx->user_regs.pc64 = layout->kernel.base;
	ctx->user_regs.x0 = layout->dtb.base;	/* Linux boot protocol; x1-x3 are zero */
	ret = xy_vcpu_set_context(c, g->domid, 0, ctx);
	free(ctx);
	if (ret)
		return xy_fail(err, ret, "cannot set the registers of vCPU 0: %s", strerror(-ret));
	ret = xy_hvm_param_set(c, g->domid, HVM_PARAM_CALLBACK_IRQ, callback);
	if (ret)
		return xy_fail(err, ret, "cannot set the event interrupt: %s", strerror(-ret));
	return 0;
}
