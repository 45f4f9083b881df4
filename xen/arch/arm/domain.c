// SPDX-License-Identifier: GPL-2.0-only
/* Life of domains and vCPUs on Arm: what common/domain.c asks of the architecture. */
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/p2m.h>
#include <xen/sched.h>
#include <drivers/gic.h>
#include <asm/cpufeature.h>
#include <asm/sysregs.h>
#include <asm/traps.h>
#include <asm/vgic.h>
#include <asm/vio.h>
#include <asm/vtimer.h>

#define VGIC_V2_MAX_VCPUS	8

/* MPIDR_EL1: bit 31 is RES1; 16 vCPUs share the higher affinity levels (what SGIs address). */
#define MPIDR_RES1		(1UL << 31)

/* Of ARMv8.0 (D17.2.118). Later CPUs gave them meanings; 1 is the old behaviour. */
#define SCTLR_EL1_RES1		0x30c00800UL

/* Says why, then -EINVAL: the toolstack's user reads it in `xl dmesg`. */
#define refuse(fmt, ...) (printk(XENLOG_INFO "domain: " fmt "\n", ##__VA_ARGS__), -EINVAL)

static int sanitise_gic(struct xen_domctl_createdomain *cfg)
{
	uint8_t native = gic_hw->version == GIC_V3 ? XEN_DOMCTL_CONFIG_GIC_V3 :
						     XEN_DOMCTL_CONFIG_GIC_V2;

	if (cfg->arch.gic_version == XEN_DOMCTL_CONFIG_GIC_NATIVE)
		cfg->arch.gic_version = native;
	if (cfg->arch.gic_version != native)
		return refuse("this machine has a GICv%d, no other can be had", gic_hw->version);
	if (native == XEN_DOMCTL_CONFIG_GIC_V2 && cfg->max_vcpus > VGIC_V2_MAX_VCPUS)
		return refuse("%u vCPUs asked for, a GICv2 has %u", cfg->max_vcpus,
			      VGIC_V2_MAX_VCPUS);
	if (cfg->arch.nr_spis > VGIC_MAX_SPIS)
		return refuse("%u shared interrupts asked for, %u can be had", cfg->arch.nr_spis,
			      VGIC_MAX_SPIS);
	return 0;
}

int arch_sanitise_domain_config(struct xen_domctl_createdomain *cfg)
{
	const uint32_t required = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
	const uint32_t optional = XEN_DOMCTL_CDF_xs_domain;

	if ((cfg->flags & required) != required || cfg->flags & ~(required | optional))
		return refuse("flags %#x are not supported", cfg->flags);
	if (cfg->arch.tee_type != XEN_DOMCTL_CONFIG_TEE_NONE)
		return refuse("no trusted execution environment is supported");
	if (cfg->vmtrace_size)
		return refuse("tracing of vCPUs is not supported");
	cfg->arch.clock_frequency = 0;	/* CNTFRQ_EL0 is right */
	return sanitise_gic(cfg);
}

/* Where the domain sees its interrupt controller: dom0 where the host has it. */
static int place_vgic(struct domain *d)
{
	paddr_t dist, cpu;
	int rc;

	if (d->arch.vgic.version == GIC_V3)
		return d->is_hwdom ?
			vgic_set_bases(d, gic.dist_base, gic.rdist[0].base, gic.rdist[0].size) :
			vgic_set_bases(d, GUEST_GICV3_GICD_BASE, GUEST_GICV3_GICR0_BASE,
				       GUEST_GICV3_GICR0_SIZE);
	dist = d->is_hwdom ? gic.dist_base : GUEST_GICD_BASE;
	cpu = d->is_hwdom ? gic.cpu_base : GUEST_GICC_BASE;
	rc = vgic_set_bases(d, dist, 0, 0);
	if (rc)
		return rc;
	/* The virtual CPU interface in the place of the physical one: they look the same. */
	return p2m_map_range(d, gaddr_to_gfn(cpu), GUEST_GICC_SIZE >> PAGE_SHIFT,
			     maddr_to_mfn(gic.vcpu_base), p2m_mmio_direct_dev);
}

int arch_domain_create(struct domain *d, const struct xen_domctl_createdomain *cfg)
{
	int rc;

	d->arch.evtchn_irq = VGIC_PPI_EVTCHN;
	d->arch.virt_timer_base = get_cycles();
	rc = vgic_domain_init(d, gic_hw->version, cfg->arch.nr_spis);
	return rc ?: place_vgic(d);
}

void arch_domain_destroy(struct domain *d)
{
	vgic_domain_free(d);
	vio_free(d);
}

int arch_domain_relinquish(struct domain *d)
{
	return 0;	/* what is the architecture's goes with the domain */
}

void arch_domain_shutdown(struct domain *d)
{
}

/* EL1 as the architecture resets it where that matters (R_RXJYQ in D1.9), else 0. */
static void reset_el1(struct vcpu *v)
{
	struct el1_context *c = &v->arch.el1;

	memset(c, 0, sizeof(*c));
	c->sctlr = SCTLR_EL1_RESET;
	c->vmpidr = MPIDR_RES1 | (v->vcpu_id & 0xf) | (uint64_t)(v->vcpu_id >> 4) << 8;
	c->vpidr = system_cpuinfo.midr;
}

int arch_vcpu_create(struct vcpu *v)
{
	if (is_idle_vcpu(v))
		return 0;
	reset_el1(v);
	vsysreg_vcpu_init(v);
	vtimer_vcpu_init(v);
	return vgic_vcpu_init(v);
}

void arch_vcpu_destroy(struct vcpu *v)
{
	vtimer_vcpu_free(v);
}

static bool mode_is_guests(uint64_t pstate)
{
	if (pstate & PSR_MODE_BIT)	/* 32-bit domains are refused */
		return false;
	switch (pstate & PSR_MODE_MASK) {
	case PSR_MODE_EL0t:
	case PSR_MODE_EL1t:
	case PSR_MODE_EL1h:
		return true;
	default:
		return false;
	}
}

/* Bits of an SPSR that a guest's own EL1 could have: flags, masks, mode. */
#define PSTATE_GUEST_MASK	(0xf0000000UL | PSR_D | PSR_A | PSR_I | PSR_F | PSR_MODE_MASK)

int arch_set_info_guest(struct vcpu *v, const struct vcpu_guest_context *ctxt)
{
	const struct vcpu_guest_core_regs *u = &ctxt->user_regs;
	struct guest_regs *regs = &v->arch.regs;

	if (!mode_is_guests(u->cpsr))
		return -EINVAL;
	memcpy(regs->x, &u->x0, sizeof(regs->x));
	regs->pc = u->pc64;
	regs->pstate = u->cpsr & PSTATE_GUEST_MASK;
	reset_el1(v);
	v->arch.el1.spsr_el1 = u->spsr_el1;
	v->arch.el1.sp_el0 = u->sp_el0;
	v->arch.el1.sp_el1 = u->sp_el1;
	v->arch.el1.elr_el1 = u->elr_el1;
	v->arch.el1.sctlr = ctxt->sctlr | SCTLR_EL1_RES1;
	v->arch.el1.tcr = ctxt->ttbcr;
	v->arch.el1.ttbr0 = ctxt->ttbr0;
	v->arch.el1.ttbr1 = ctxt->ttbr1;
	v->is_initialised = true;
	if (ctxt->flags & VGCF_online)
		atomic_and(&v->pause_flags, ~VPF_down);
	else
		atomic_or(&v->pause_flags, VPF_down);
	return 0;
}

void arch_get_info_guest(struct vcpu *v, struct vcpu_guest_context *ctxt)
{
	struct vcpu_guest_core_regs *u = &ctxt->user_regs;
	const struct guest_regs *regs = &v->arch.regs;

	memset(ctxt, 0, sizeof(*ctxt));
	memcpy(&u->x0, regs->x, sizeof(regs->x));
	u->pc64 = regs->pc;
	u->cpsr = regs->pstate;
	u->spsr_el1 = v->arch.el1.spsr_el1;
	u->sp_el0 = v->arch.el1.sp_el0;
	u->sp_el1 = v->arch.el1.sp_el1;
	u->elr_el1 = v->arch.el1.elr_el1;
	ctxt->sctlr = v->arch.el1.sctlr;
	ctxt->ttbcr = v->arch.el1.tcr;
	ctxt->ttbr0 = v->arch.el1.ttbr0;
	ctxt->ttbr1 = v->arch.el1.ttbr1;
	if (!(READ_ONCE(v->pause_flags) & VPF_down))
		ctxt->flags |= VGCF_online;
}

void arch_get_domain_info(const struct domain *d, struct xen_domctl_getdomaininfo *info)
{
	info->flags |= XEN_DOMINF_hap;
	info->gpaddr_bits = d->p2m.addr_bits;
	info->arch_config.gic_version = d->arch.vgic.version == GIC_V3 ? XEN_DOMCTL_CONFIG_GIC_V3 :
									 XEN_DOMCTL_CONFIG_GIC_V2;
	info->arch_config.nr_spis = d->arch.vgic.nr_spis;
}

void arch_dump_vcpu(struct vcpu *v)
{
	const struct guest_regs *r = &v->arch.regs;
	const struct el1_context *c = &v->arch.el1;

	printk("%pv: pc %016lx pstate %08lx hcr %016lx\n", v, r->pc, r->pstate, v->arch.hcr);
	for (unsigned int i = 0; i < 30; i += 3)
		printk("  x%-2u %016lx  x%-2u %016lx  x%-2u %016lx\n", i, r->x[i], i + 1,
		       r->x[i + 1], i + 2, r->x[i + 2]);
	printk("  x30 %016lx  sp0 %016lx  sp1 %016lx\n", r->x[30], c->sp_el0, c->sp_el1);
	printk("  elr %016lx  spsr %08lx  sctlr %016lx  tcr %016lx\n", c->elr_el1, c->spsr_el1,
	       c->sctlr, c->tcr);
	printk("  ttbr0 %016lx  ttbr1 %016lx  esr %08lx  far %016lx\n", c->ttbr0, c->ttbr1, c->esr,
	       c->far);
}

void arch_dump_domain(struct domain *d)
{
	const struct p2m_domain *p2m = &d->p2m;

	printk("%pd: stage 2 at %#lx, %u bits, %lu tables of at most %lu; VMID %#lx\n", d,
	       (unsigned long)d->arch.p2m.vttbr_base, p2m->addr_bits, p2m->pool_used,
	       p2m->pool_limit, (unsigned long)(d->arch.p2m.vmid_gen & 0xffff));
	printk("  pages mapped: RAM %lu, read-only %lu, device %lu, foreign %lu, grants %lu\n",
	       p2m->mappings[p2m_ram_rw], p2m->mappings[p2m_ram_ro],
	       p2m->mappings[p2m_mmio_direct_dev],
	       p2m->mappings[p2m_map_foreign_rw] + p2m->mappings[p2m_map_foreign_ro],
	       p2m->mappings[p2m_grant_map_rw] + p2m->mappings[p2m_grant_map_ro]);
	vgic_dump(d);
}
