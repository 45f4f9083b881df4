// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv2 distributor for guests (IHI 0048, 4.3), without security extensions.
 * The guest's CPU interface is the hardware's GICV.
 */
#include <xen/string.h>
#include "vgic-internal.h"

#define GICD_SGIR		0xf00
#define GICD_CPENDSGIR		0xf10
#define GICD_SPENDSGIR		0xf20
#define GICD_PIDR2		0xfe8
#define GICV2_PIDR2		0x2b	/* ArchRev: GICv2; Arm's JEP106 code */

static uint8_t all_targets(const struct domain *d)
{
	return BIT(min_t(unsigned int, d->max_vcpus, 8)) - 1;
}

static uint64_t ctlr_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	return dist_of(v->domain)->enabled;
}

static void ctlr_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
{
	vgic_set_dist_enable(v->domain, val & 1);
}

static uint64_t typer_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	return vgic_typer(v->domain);
}

static uint64_t itargetsr_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	unsigned int virq = offset - VGIC_ITARGETSR;
	uint64_t val = 0;

	if (virq < VGIC_NR_PRIVATE)	/* a CPU sees itself: how it learns its number */
		memset(&val, BIT(v->vcpu_id), size);
	else if (virq / 32 < vgic_nr_banks(v->domain))
		memcpy(&val, &dist_of(v->domain)->targets_v2[virq - VGIC_NR_PRIVATE], size);
	return val;
}

/*
 * Of several targets the lowest gets the interrupt: any one may, by 3.1.1 of
 * the specification. None: the interrupt stays with the last one.
 */
static void itargetsr_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
{
	unsigned int virq = offset - VGIC_ITARGETSR;
	struct domain *d = v->domain;

	if (virq < VGIC_NR_PRIVATE || virq / 32 >= vgic_nr_banks(d))
		return;
	for (unsigned int i = 0; i < size; i++, virq++, val >>= 8) {
		uint8_t mask = val & all_targets(d);

		WRITE_ONCE(dist_of(d)->targets_v2[virq - VGIC_NR_PRIVATE], mask);
		if (mask && d->vcpu[__builtin_ctz(mask)])
			vgic_set_target(d, virq, d->vcpu[__builtin_ctz(mask)]);
	}
}

static void sgir_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
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

/* A byte for each SGI, by whom it is pending: set at SPENDSGIR, cleared at CPENDSGIR. */
static uint64_t pendsgir_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	uint64_t val = 0;

	memcpy(&val, &vgic_of(v)->sgi_source[offset % 16], size);
	return val;
}

static void pendsgir_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
{
	struct vgic_vcpu *vg = vgic_of(v);
	unsigned int sgi = offset % 16;

	for (unsigned int i = 0; i < size; i++, sgi++, val >>= 8) {
		uint8_t sources = val & all_targets(v->domain);

		if (!sources)
			continue;
		if (offset >= GICD_SPENDSGIR) {
			atomic_or(&vg->sgi_source[sgi], sources);
			atomic_or(&vg->priv.latch, (uint32_t)BIT(sgi));
			vgic_queue(v, 0);
		} else if (!(atomic_and(&vg->sgi_source[sgi], (uint8_t)~sources) & ~sources)) {
			vgic_clear_pending(v, 0, BIT(sgi));
		}
	}
}

static uint64_t pidr2_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	return GICV2_PIDR2;
}

static const struct vgic_reg dist_regs[] = {
	{ VGIC_CTLR, VGIC_CTLR + 3, 4, ctlr_read, ctlr_write },
	{ VGIC_TYPER, VGIC_TYPER + 3, 4, typer_read },
	{ VGIC_IIDR, VGIC_IIDR + 3, 4, vgic_iidr_read },
	{ VGIC_ITARGETSR, VGIC_ICFGR - 1, 1 | 4, itargetsr_read, itargetsr_write },
	{ GICD_SGIR, GICD_SGIR + 3, 4, NULL, sgir_write },
	{ GICD_CPENDSGIR, GICD_SPENDSGIR + 15, 1 | 4, pendsgir_read, pendsgir_write },
	{ GICD_PIDR2, GICD_PIDR2 + 3, 4, pidr2_read },
	{ }
};

static bool dist_read(struct vcpu *v, void *data, paddr_t offset, unsigned int size, uint64_t *val)
{
	return vgic_reg_read(v, dist_regs, offset, size, val);
}

static bool dist_write(struct vcpu *v, void *data, paddr_t offset, unsigned int size, uint64_t val)
{
	return vgic_reg_write(v, dist_regs, offset, size, val);
}

const struct vio_ops vgic_v2_dist_ops = { dist_read, dist_write };
