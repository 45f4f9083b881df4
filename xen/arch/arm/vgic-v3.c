// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv3 for guests: affinity routing always on, one security state as seen from
 * the non-secure side, no LPIs, no message-based SPIs (IHI 0069, chapter 12).
 */
#include <xen/lib.h>
#include "vgic-internal.h"

#define GICD_CTLR_ENABLE_G1A	BIT(1)
#define GICD_CTLR_ARE_NS	BIT(4)
#define GICD_TYPER_IDBITS_SHIFT	19
#define GICD_TYPER_NO1N		BIT(25)
#define GICD_IROUTER		0x6000
#define GICD_IROUTER_END	0x7fe0
#define IROUTER_IRM		BIT(31)

#define GICR_STRIDE		(2 * VGIC_SGI_FRAME)	/* RD_base, then SGI_base */
#define GICR_IIDR		0x0004
#define GICR_TYPER		0x0008
#define GICR_TYPER_LAST		BIT(4)

#define GIC_PIDR2		0xffe8
#define GICV3_PIDR2		0x30	/* ArchRev: GICv3 */

/* Aff0 holds 16 vCPUs, as many as an SGI's target list names. */
static uint64_t vcpu_affinity(unsigned int id)
{
	return (id >> 4) << 8 | (id & 0xf);
}

static struct vcpu *affinity_to_vcpu(struct domain *d, uint64_t aff)
{
	uint64_t id = (aff & 0xf) | (aff >> 8 & 0xff) << 4;

	if ((aff & ~0xff0fUL) || id >= d->max_vcpus)
		return NULL;
	return d->vcpu[id];
}

/* Of an 8-byte register: the half that an access of 4 bytes is to. */
static uint64_t half_of(uint64_t reg, unsigned int offset, unsigned int size)
{
	return size == 4 ? (uint32_t)(reg >> (offset % 8 * 8)) : reg;
}

static uint64_t pidr2_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	return GICV3_PIDR2;
}

static uint64_t ctlr_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	return GICD_CTLR_ARE_NS | (dist_of(v->domain)->enabled ? GICD_CTLR_ENABLE_G1A : 0);
}

static void ctlr_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
{
	vgic_set_dist_enable(v->domain, val & GICD_CTLR_ENABLE_G1A);
}

static uint64_t typer_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	return vgic_typer(v->domain) | (10 - 1) << GICD_TYPER_IDBITS_SHIFT | GICD_TYPER_NO1N;
}

static uint64_t irouter_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	unsigned int virq = (offset - GICD_IROUTER) / 8;

	if (virq < VGIC_NR_PRIVATE || virq / 32 >= vgic_nr_banks(v->domain))
		return 0;
	return half_of(vcpu_affinity(vgic_bank(v, virq / 32)->target[virq % 32]), offset, size);
}

/* An affinity nobody has is ignored: the interrupt stays where it is. */
static void irouter_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
{
	unsigned int virq = (offset - GICD_IROUTER) / 8;
	struct vcpu *target;

	if (virq < VGIC_NR_PRIVATE || virq / 32 >= vgic_nr_banks(v->domain))
		return;
	if (offset % 8)		/* Aff3, of which there is only 0 */
		return;
	target = affinity_to_vcpu(v->domain, (val & 0xff00ffffff) & ~IROUTER_IRM);
	if (target)
		vgic_set_target(v->domain, virq, target);
}

static const struct vgic_reg dist_regs[] = {
	{ VGIC_CTLR, VGIC_CTLR + 3, 4, ctlr_read, ctlr_write },
	{ VGIC_TYPER, VGIC_TYPER + 3, 4, typer_read },
	{ VGIC_IIDR, VGIC_IIDR + 3, 4, vgic_iidr_read },
	{ VGIC_ITARGETSR, VGIC_ICFGR - 1, 1 | 4 },	/* reserved: affinity routing is on */
	{ GICD_IROUTER, GICD_IROUTER_END - 1, 4 | 8, irouter_read, irouter_write },
	{ GIC_PIDR2, GIC_PIDR2 + 3, 4, pidr2_read },
	{ }
};

static bool dist_read(struct vcpu *v, void *data, paddr_t offset, unsigned int size, uint64_t *val)
{
	/* Drivers poll it for writes that are pending. */
	if (likely(offset == VGIC_CTLR && size == 4)) {
		*val = ctlr_read(v, offset, size);
		return true;
	}
	return vgic_reg_read(v, dist_regs, offset, size, val);
}

static bool dist_write(struct vcpu *v, void *data, paddr_t offset, unsigned int size, uint64_t val)
{
	return vgic_reg_write(v, dist_regs, offset, size, val);
}

const struct vio_ops vgic_v3_dist_ops = { dist_read, dist_write };

/* ---- redistributors: v is whose it is ---- */

static uint64_t rdist_typer_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	uint64_t val = vcpu_affinity(v->vcpu_id) << 32 | (uint64_t)v->vcpu_id << 8;

	/* The kernel walks the frames until it sees this. */
	if (v->vcpu_id == v->domain->max_vcpus - 1)
		val |= GICR_TYPER_LAST;
	return half_of(val, offset, size);
}

static const struct vgic_reg rdist_regs[] = {
	{ GICR_IIDR, GICR_IIDR + 3, 4, vgic_iidr_read },
	{ GICR_TYPER, GICR_TYPER + 7, 4 | 8, rdist_typer_read },
	{ GIC_PIDR2, GIC_PIDR2 + 3, 4, pidr2_read },
	/* CTLR, WAKER (always awake), SYNCR (done), LPI registers: nothing there */
	{ 0, VGIC_SGI_FRAME - 1, 4 | 8 },
	{ }
};

/* The vCPU a redistributor frame belongs to; NULL past the last one. */
static struct vcpu *rdist_vcpu(struct domain *d, paddr_t offset)
{
	unsigned int id = offset / GICR_STRIDE;

	return id < d->max_vcpus ? d->vcpu[id] : NULL;
}

static bool rdist_read(struct vcpu *v, void *data, paddr_t offset, unsigned int size, uint64_t *val)
{
	v = rdist_vcpu(v->domain, offset);
	return v && vgic_reg_read(v, rdist_regs, offset % GICR_STRIDE, size, val);
}

static bool rdist_write(struct vcpu *v, void *data, paddr_t offset, unsigned int size, uint64_t val)
{
	v = rdist_vcpu(v->domain, offset);
	return v && vgic_reg_write(v, rdist_regs, offset % GICR_STRIDE, size, val);
}

const struct vio_ops vgic_v3_rdist_ops = { rdist_read, rdist_write };

/* ICC_SGI1R_EL1 (IHI 0069, 12.2.19). Interrupts that name nobody are lost. */
#define SGI1R_IRM	BIT(40)
#define SGI1R_AFF23_RS	(0xffUL << 48 | 0xfUL << 44 | 0xffUL << 32)

void vgic_v3_sgi1r(struct vcpu *v, uint64_t val)
{
	struct domain *d = v->domain;
	unsigned int sgi = val >> 24 & 0xf, base = (val >> 16 & 0xff) * 16;
	struct vcpu *to;

	if (unlikely(val & SGI1R_IRM)) {
		for_each_vcpu(d, to)
			if (to != v)
				vgic_send_sgi(v, to, sgi);
		return;
	}
	if (unlikely(val & SGI1R_AFF23_RS))
		return;
	for (uint32_t list = val & 0xffff; list; list &= list - 1) {
		unsigned int id = base + __builtin_ctz(list);

		if (id >= d->max_vcpus)
			return;
		to = d->vcpu[id];
		if (likely(to)) {
			atomic_or(&vgic_of(to)->priv.latch, (uint32_t)BIT(sgi));
			vgic_queue(to, 0);
		}
	}
}
