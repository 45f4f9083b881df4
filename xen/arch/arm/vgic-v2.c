// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv2 distributor for guests (IHI 0048, 4.3), without security extensions.
 * The guest's CPU interface is the hardware's GICV.
 */
#include <xen/lib.h>
#include "vgic-internal.h"

#define GICD_CTLR		0x000
#define GICD_TYPER		0x004
#define GICD_IIDR		0x008
#define GICD_GROUPS		0x080	/* vgic-mmio.c */
#define GICD_ITARGETSR		0x800
#define GICD_ICFGR		0xc00
#define GICD_NSACR		0xe00
#define GICD_SGIR		0xf00
#define GICD_CPENDSGIR		0xf10
#define GICD_SPENDSGIR		0xf20
#define GICD_SPENDSGIR_END	0xf30
#define GICD_PIDR2		0xfe8
#define GICV2_PIDR2		0x2b	/* ArchRev: GICv2; Arm's JEP106 code */

static uint8_t all_targets(const struct domain *d)
{
	return BIT(min_t(unsigned int, d->max_vcpus, 8)) - 1;
}

static bool itargetsr_read(struct vcpu *v, unsigned int virq, unsigned int size, uint64_t *val)
{
	if (size != 1 && size != 4)
		return false;
	*val = 0;
	if (virq < VGIC_NR_PRIVATE)	/* a CPU sees itself: how it learns its number */
		memset(val, BIT(v->vcpu_id), size);
	else if (virq / 32 < vgic_nr_banks(v->domain))
		memcpy(val, &v->domain->arch.vgic.targets_v2[virq - VGIC_NR_PRIVATE], size);
	return true;
}

/*
 * Of several targets the lowest gets the interrupt: any one may, by 3.1.1 of
 * the specification. None: the interrupt stays with the last one.
 */
static bool itargetsr_write(struct vcpu *v, unsigned int virq, unsigned int size, uint32_t val)
{
	struct domain *d = v->domain;

	if (size != 1 && size != 4)
		return false;
	if (virq < VGIC_NR_PRIVATE || virq / 32 >= vgic_nr_banks(d))
		return true;
	for (unsigned int i = 0; i < size; i++, virq++, val >>= 8) {
		uint8_t mask = val & all_targets(d);

		WRITE_ONCE(d->arch.vgic.targets_v2[virq - VGIC_NR_PRIVATE], mask);
		if (mask && d->vcpu[__builtin_ctz(mask)])
			vgic_set_target(d, virq, d->vcpu[__builtin_ctz(mask)]);
	}
	return true;
}

static void sgir_write(struct vcpu *v, uint32_t val)
{
	struct domain *d = v->domain;
	unsigned int sgi = val & 0xf, filter = val >> 24 & 3;
	uint8_t list = val >> 16;

	if (filter == 1)
		list = ~BIT(v->vcpu_id);
	else if (filter == 2)
		list = BIT(v->vcpu_id);
	else if (filter == 3)
		return;		/* reserved */
	for (list &= all_targets(d); list; list &= list - 1) {
		struct vcpu *to = d->vcpu[__builtin_ctz(list)];

		if (to)
			vgic_send_sgi(v, to, sgi);
	}
}

/* A byte for each SGI: by whom it is pending. */
static bool pendsgir_read(struct vcpu *v, unsigned int sgi, unsigned int size, uint64_t *val)
{
	if (size != 1 && size != 4)
		return false;
	*val = 0;
	memcpy(val, &v->arch.vgic.sgi_source[sgi], size);
	return true;
}

static bool pendsgir_write(struct vcpu *v, unsigned int sgi, unsigned int size, uint32_t val,
			   bool set)
{
	struct vgic_vcpu *vg = &v->arch.vgic;

	if (size != 1 && size != 4)
		return false;
	for (unsigned int i = 0; i < size; i++, sgi++, val >>= 8) {
		uint8_t sources = val & all_targets(v->domain);

		if (!sources)
			continue;
		if (set) {
			atomic_or(&vg->sgi_source[sgi], sources);
			atomic_or(&vg->priv.latch, (uint32_t)BIT(sgi));
			vgic_queue(v, 0);
		} else if (!(atomic_and(&vg->sgi_source[sgi], (uint8_t)~sources) & ~sources)) {
			vgic_clear_pending(v, 0, BIT(sgi));
		}
	}
	return true;
}

static bool dist_read(struct vcpu *v, void *data, paddr_t off, unsigned int size, uint64_t *val)
{
	struct domain *d = v->domain;
	unsigned int offset = off;

	switch (offset) {
	case GICD_CTLR:
		*val = d->arch.vgic.enabled;
		return size == 4;
	case GICD_TYPER:
		*val = d->arch.vgic.nr_spis / 32 | min_t(uint32_t, d->max_vcpus - 1, 7) << 5;
		return size == 4;
	case GICD_IIDR:
		*val = VGIC_IIDR;
		return size == 4;
	case GICD_GROUPS ... GICD_ITARGETSR - 1:
	case GICD_ICFGR ... GICD_NSACR - 1:
		return vgic_mmio_read(&(struct vgic_access){ v, offset, size }, val);
	case GICD_ITARGETSR ... GICD_ICFGR - 1:
		return itargetsr_read(v, offset - GICD_ITARGETSR, size, val);
	case GICD_CPENDSGIR ... GICD_SPENDSGIR - 1:
		return pendsgir_read(v, offset - GICD_CPENDSGIR, size, val);
	case GICD_SPENDSGIR ... GICD_SPENDSGIR_END - 1:
		return pendsgir_read(v, offset - GICD_SPENDSGIR, size, val);
	case GICD_PIDR2:
		*val = GICV2_PIDR2;
		return size == 4;
	default:
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
		vgic_set_dist_enable(v->domain, val & 1);
		return true;
	case GICD_GROUPS ... GICD_ITARGETSR - 1:
	case GICD_ICFGR ... GICD_NSACR - 1:
		return vgic_mmio_write(&(struct vgic_access){ v, offset, size }, val);
	case GICD_ITARGETSR ... GICD_ICFGR - 1:
		return itargetsr_write(v, offset - GICD_ITARGETSR, size, val);
	case GICD_SGIR:
		if (size != 4)
			return false;
		sgir_write(v, val);
		return true;
	case GICD_CPENDSGIR ... GICD_SPENDSGIR - 1:
		return pendsgir_write(v, offset - GICD_CPENDSGIR, size, val, false);
	case GICD_SPENDSGIR ... GICD_SPENDSGIR_END - 1:
		return pendsgir_write(v, offset - GICD_SPENDSGIR, size, val, true);
	default:
		return size == 4;
	}
}

const struct vio_ops vgic_v2_dist_ops = { dist_read, dist_write };
