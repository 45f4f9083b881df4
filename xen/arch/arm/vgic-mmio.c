// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of the emulated controllers: finding the one that is meant, and
 * those that the distributors of GICv2 and GICv3 and the SGI frame of a GICv3
 * redistributor have at the same offsets (IHI 0048, 4.3; IHI 0069, 12.9): a bit,
 * two bits or a byte for each interrupt. What a bank's words cannot say is in
 * vgic.c.
 */
#include <xen/string.h>
#include "vgic-internal.h"

/*
 * Bank b in the frame that has the offset; NULL: it is not there, and reads as
 * zero. With affinity routing SGIs and PPIs are in the redistributor only.
 */
static struct vgic_bank *bank_at(struct vcpu *v, unsigned int offset, unsigned int b)
{
	bool rdist = offset & VGIC_SGI_FRAME;

	if (b >= vgic_nr_banks(v->domain) ||
	    (dist_of(v->domain)->version == GIC_V3 && rdist != !b))
		return NULL;
	return vgic_bank(v, b);
}

static uint32_t read_enabled(struct vcpu *v, unsigned int b)
{
	return vgic_bank(v, b)->enabled;
}

/* A bit for each interrupt. The first is IGROUPR: there are no security states. */
static const struct {
	uint32_t (*read)(struct vcpu *v, unsigned int b);
	void (*write)(struct vcpu *v, unsigned int b, uint32_t val);
} bit_regs[] = {
	[VGIC_ISENABLER / 0x80]	= { read_enabled, vgic_set_enable },
	[VGIC_ICENABLER / 0x80]	= { read_enabled, vgic_clear_enable },
	[VGIC_ISPENDR / 0x80]	= { vgic_read_pending, vgic_set_pending },
	[VGIC_ICPENDR / 0x80]	= { vgic_read_pending, vgic_clear_pending },
	[VGIC_ISACTIVER / 0x80]	= { vgic_read_active, vgic_set_active },
	[VGIC_ICACTIVER / 0x80]	= { vgic_read_active, vgic_clear_active },
};

static uint64_t bits_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	unsigned int nr = offset % VGIC_SGI_FRAME / 0x80, b = offset % 0x80 / 4;

	return bit_regs[nr].read && bank_at(v, offset, b) ? bit_regs[nr].read(v, b) : 0;
}

static void bits_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
{
	unsigned int nr = offset % VGIC_SGI_FRAME / 0x80, b = offset % 0x80 / 4;

	/* SGIs of a GICv2 become pending by sender: GICD_SPENDSGIR */
	if (!b && dist_of(v->domain)->version == GIC_V2 &&
	    (nr == VGIC_ISPENDR / 0x80 || nr == VGIC_ICPENDR / 0x80))
		val &= 0xffff0000;
	if (bit_regs[nr].write && bank_at(v, offset, b))
		bit_regs[nr].write(v, b, val);
}

static uint64_t priority_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	unsigned int virq = offset % VGIC_SGI_FRAME - VGIC_IPRIORITYR;
	const struct vgic_bank *bank = bank_at(v, offset, virq / 32);
	uint64_t val = 0;

	if (bank)
		memcpy(&val, &bank->prio[virq % 32], size);
	return val;
}

static void priority_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
{
	unsigned int virq = offset % VGIC_SGI_FRAME - VGIC_IPRIORITYR;

	if (bank_at(v, offset, virq / 32))
		for (unsigned int i = 0; i < size; i++)
			vgic_set_priority(v, virq + i, val >> (8 * i));
}

/* ICFGR holds two bits each, of which the upper one says "edge". */
static uint64_t icfgr_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	const struct vgic_bank *bank = bank_at(v, offset, offset % 0x100 / 8);
	uint32_t edge, val = 0;

	if (!bank)
		return 0;
	edge = ~bank->level >> (offset / 4 % 2 * 16);
	for (unsigned int i = 0; i < 16; i++)
		val |= (edge >> i & 1) << (2 * i + 1);
	return val;
}

static void icfgr_write(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val)
{
	unsigned int b = offset % 0x100 / 8, shift = offset / 4 % 2 * 16;
	uint32_t level = 0;

	for (unsigned int i = 0; i < 16; i++)
		level |= (~val >> (2 * i + 1) & 1) << i;
	if (bank_at(v, offset, b))
		vgic_set_level(v, b, 0xffffU << shift, level << shift);
}

static const struct vgic_reg shared_regs[] = {
	{ VGIC_IGROUPR, VGIC_IPRIORITYR - 1, 4, bits_read, bits_write },
	{ VGIC_IPRIORITYR, VGIC_ITARGETSR - 1, 1 | 4, priority_read, priority_write },
	{ VGIC_ICFGR, VGIC_IGRPMODR - 1, 4, icfgr_read, icfgr_write },
	{ 0, ~0U, 4 },	/* reserved, or not implemented: zero, in the width that registers have */
};

static const struct vgic_reg *find_reg(const struct vgic_reg *reg, unsigned int offset)
{
	for (; reg->last; reg++)
		if (offset >= reg->first && offset <= reg->last)
			return reg;
	for (reg = shared_regs; ; reg++)
		if (offset % VGIC_SGI_FRAME >= reg->first && offset % VGIC_SGI_FRAME <= reg->last)
			return reg;
}

bool vgic_reg_read(struct vcpu *v, const struct vgic_reg *regs, unsigned int offset,
		   unsigned int size, uint64_t *val)
{
	const struct vgic_reg *reg = find_reg(regs, offset);

	*val = reg->read && (reg->sizes & size) ? reg->read(v, offset, size) : 0;
	return reg->sizes & size;
}

bool vgic_reg_write(struct vcpu *v, const struct vgic_reg *regs, unsigned int offset,
		    unsigned int size, uint64_t val)
{
	const struct vgic_reg *reg = find_reg(regs, offset);

	if (reg->write && (reg->sizes & size))
		reg->write(v, offset, size, val);
	return reg->sizes & size;
}

uint64_t vgic_iidr_read(struct vcpu *v, unsigned int offset, unsigned int size)
{
	return 0x5800043b;	/* product 'X' of implementer Arm, as others do */
}

uint32_t vgic_typer(const struct domain *d)
{
	return d->arch.vgic.nr_spis / 32 | min_t(uint32_t, d->max_vcpus - 1, 7) << 5;
}
