// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv3 for guests: affinity routing always on, one security state as seen from
 * the non-secure side, no LPIs, no message-based SPIs (IHI 0069, chapter 12).
 */
#include <xen/lib.h>
#include "vgic-internal.h"

#define GICD_CTLR		0x0000
#define GICD_CTLR_ENABLE_G1A	BIT(1)
#define GICD_CTLR_ARE_NS	BIT(4)
#define GICD_TYPER		0x0004
#define GICD_TYPER_CPUS_SHIFT	5
#define GICD_TYPER_IDBITS_SHIFT	19
#define GICD_TYPER_NO1N		BIT(25)
#define GICD_IIDR		0x0008
#define GICD_GROUPS		0x0080	/* vgic-mmio.c */
#define GICD_IPRIORITYR		0x0400
#define GICD_ITARGETSR		0x0800	/* reserved: affinity routing is on */
#define GICD_ICFGR		0x0c00
#define GICD_IGRPMODR		0x0d00
#define GICD_NSACR		0x0e00
#define GICD_IROUTER		0x6000
#define GICD_IROUTER_END	0x7fe0
#define IROUTER_IRM		BIT(31)

#define GICR_FRAME		0x10000	/* RD_base, then SGI_base */
#define GICR_STRIDE		(2 * GICR_FRAME)
#define GICR_IIDR		0x0004
#define GICR_TYPER		0x0008
#define GICR_TYPER_LAST		BIT(4)
#define GICR_GROUPS_END		0x0d80

#define GIC_PIDR		0xffd0
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

/* An access of size bytes at offset lies inside the 8-byte register there. */
static bool reg64_read(uint64_t reg, unsigned int offset, unsigned int size, uint64_t *val)
{
	if (size != 4 && size != 8)
		return false;
	*val = size == 4 ? (uint32_t)(reg >> (offset % 8 * 8)) : reg;
	return true;
}

static bool pidr_read(unsigned int offset, unsigned int size, uint64_t *val)
{
	*val = offset == GIC_PIDR2 ? GICV3_PIDR2 : 0;
	return size == 4;
}

static bool irouter_read(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t *val)
{
	unsigned int virq = (offset - GICD_IROUTER) / 8;
	uint64_t reg = 0;

	if (virq >= VGIC_NR_PRIVATE && virq / 32 < vgic_nr_banks(v->domain))
		reg = vcpu_affinity(vgic_bank(v, virq / 32)->target[virq % 32]);
	return reg64_read(reg, offset, size, val);
}

/* An affinity nobody has is ignored: the interrupt stays where it is. */
static bool irouter_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
{
	unsigned int virq = (offset - GICD_IROUTER) / 8;
	struct vcpu *target;

	if (size != 4 && size != 8)
		return false;
	if (virq < VGIC_NR_PRIVATE || virq / 32 >= vgic_nr_banks(v->domain))
		return true;
	if (size == 4 && offset % 8)	/* Aff3, of which there is only 0 */
		return true;
	target = affinity_to_vcpu(v->domain, (val & 0xff00ffffff) & ~IROUTER_IRM);
	if (target)
		vgic_set_target(v->domain, virq, target);
	return true;
}

/* Registers of SGIs and PPIs: in the redistributor only, with the offsets of vgic-mmio.c. */
static bool is_private(unsigned int offset)
{
	if (offset < GICD_GROUPS || offset >= GICR_GROUPS_END)
		return false;
	if (offset >= GICD_IPRIORITYR && offset < GICD_ITARGETSR)
		return offset < GICD_IPRIORITYR + 32;
	if (offset >= GICD_ICFGR && offset < GICD_IGRPMODR)
		return offset < GICD_ICFGR + 8;
	return offset % 0x80 < 4;
}

static uint32_t typer(const struct domain *d)
{
	return d->arch.vgic.nr_spis / 32 |
	       min_t(uint32_t, d->max_vcpus - 1, 7) << GICD_TYPER_CPUS_SHIFT |
	       (10 - 1) << GICD_TYPER_IDBITS_SHIFT | GICD_TYPER_NO1N;
}

static bool dist_id_read(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t *val)
{
	switch (offset) {
	case GICD_CTLR:
		*val = GICD_CTLR_ARE_NS |
		       (v->domain->arch.vgic.enabled ? GICD_CTLR_ENABLE_G1A : 0);
		break;
	case GICD_TYPER:
		*val = typer(v->domain);
		break;
	case GICD_IIDR:
		*val = VGIC_IIDR;
		break;
	default:
		*val = 0;	/* TYPER2, STATUSR, implementation defined */
		break;
	}
	return size == 4;
}

static bool dist_read(struct vcpu *v, void *data, paddr_t off, unsigned int size, uint64_t *val)
{
	unsigned int offset = off;

	if (offset < GICD_GROUPS)
		return dist_id_read(v, offset, size, val);
	switch (offset) {
	case GICD_ITARGETSR ... GICD_ICFGR - 1:
		*val = 0;
		return size == 4 || size == 1;
	case GICD_GROUPS ... GICD_ITARGETSR - 1:
	case GICD_ICFGR ... GICD_NSACR - 1:
		*val = 0;
		if (is_private(offset))
			return size == 4 || size == 1;
		return vgic_mmio_read(&(struct vgic_access){ v, offset, size }, val);
	case GICD_IROUTER ... GICD_IROUTER_END - 1:
		return irouter_read(v, offset, size, val);
	case GIC_PIDR ... 0xffff:
		return pidr_read(offset, size, val);
	default:
		/* NSACR, SGI registers, reserved: zero, in the width that registers have. */
		*val = 0;
		return size == 4;
	}
}

static bool dist_write(struct vcpu *v, void *data, paddr_t off, unsigned int size, uint64_t val)
{
	unsigned int offset = off;

	switch (offset) {
	case GICD_CTLR:
		if (size != 4)
			return false;
		vgic_set_dist_enable(v->domain, val & GICD_CTLR_ENABLE_G1A);
		return true;
	case GICD_ITARGETSR ... GICD_ICFGR - 1:
		return size == 4 || size == 1;
	case GICD_GROUPS ... GICD_ITARGETSR - 1:
	case GICD_ICFGR ... GICD_NSACR - 1:
		if (is_private(offset))
			return size == 4 || size == 1;
		return vgic_mmio_write(&(struct vgic_access){ v, offset, size }, val);
	case GICD_IROUTER ... GICD_IROUTER_END - 1:
		return irouter_write(v, offset, size, val);
	default:
		return size == 4;	/* read-only or reserved */
	}
}

const struct vio_ops vgic_v3_dist_ops = { dist_read, dist_write };

/* The vCPU a redistributor frame belongs to; NULL past the last one. */
static struct vcpu *rdist_vcpu(struct domain *d, paddr_t offset)
{
	unsigned int id = offset / GICR_STRIDE;

	return id < d->max_vcpus ? d->vcpu[id] : NULL;
}

static uint64_t rdist_typer(const struct vcpu *v)
{
	const struct domain *d = v->domain;
	uint64_t val = vcpu_affinity(v->vcpu_id) << 32 | (uint64_t)v->vcpu_id << 8;

	/* The kernel walks the frames until it sees this. */
	if (v->vcpu_id == d->max_vcpus - 1)
		val |= GICR_TYPER_LAST;
	return val;
}

static bool rd_frame_read(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t *val)
{
	switch (offset) {
	case GICR_TYPER:
	case GICR_TYPER + 4:
		return reg64_read(rdist_typer(v), offset, size, val);
	case GICR_IIDR:
		*val = VGIC_IIDR;
		return size == 4;
	case GIC_PIDR ... 0xffff:
		return pidr_read(offset, size, val);
	default:
		/* CTLR, WAKER (always awake), SYNCR (done), LPI registers: nothing there */
		*val = 0;
		return size == 4 || size == 8;
	}
}

static bool rdist_read(struct vcpu *v, void *data, paddr_t off, unsigned int size, uint64_t *val)
{
	struct vcpu *owner = rdist_vcpu(v->domain, off);
	unsigned int offset = off % GICR_FRAME;

	if (!owner)
		return false;
	if (!(off & GICR_FRAME))
		return rd_frame_read(owner, offset, size, val);
	if (is_private(offset))
		return vgic_mmio_read(&(struct vgic_access){ owner, offset, size }, val);
	*val = 0;
	return size == 4;
}

static bool rdist_write(struct vcpu *v, void *data, paddr_t off, unsigned int size, uint64_t val)
{
	struct vcpu *owner = rdist_vcpu(v->domain, off);
	unsigned int offset = off % GICR_FRAME;

	if (!owner)
		return false;
	if (!(off & GICR_FRAME))
		return size == 4 || size == 8;
	if (is_private(offset))
		return vgic_mmio_write(&(struct vgic_access){ owner, offset, size }, val);
	return size == 4;
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
