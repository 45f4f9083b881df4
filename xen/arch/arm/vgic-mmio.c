// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers that the distributors of GICv2 and GICv3 and the SGI frame of a
 * GICv3 redistributor have at the same offsets (IHI 0048, 4.3; IHI 0069, 12.9):
 * a bit, two bits or a byte for each interrupt. What a bank's words cannot say
 * is in vgic.c.
 *
 * Banks beyond the domain's SPIs read as zero and ignore writes.
 */
#include <xen/lib.h>
#include "vgic-internal.h"

/* Groups of registers, by offset / 0x80. */
enum {
	GROUP_IGROUPR = 0x080 / 0x80,
	GROUP_ISENABLER = 0x100 / 0x80,
	GROUP_ICENABLER = 0x180 / 0x80,
	GROUP_ISPENDR = 0x200 / 0x80,
	GROUP_ICPENDR = 0x280 / 0x80,
	GROUP_ISACTIVER = 0x300 / 0x80,
	GROUP_ICACTIVER = 0x380 / 0x80,
	GROUP_IPRIORITYR = 0x400 / 0x80,
	GROUP_IPRIORITYR_END = 0x800 / 0x80 - 1,
	GROUP_ICFGR = 0xc00 / 0x80,
	GROUP_ICFGR_END = 0xd00 / 0x80 - 1,
	GROUP_IGRPMODR = 0xd00 / 0x80,
};

/* ICFGR holds two bits each, of which the upper one says "edge". */
static uint32_t icfgr_read(const struct vgic_bank *bank, unsigned int half)
{
	uint32_t edge = ~bank->level >> (half * 16), val = 0;

	for (unsigned int i = 0; i < 16; i++)
		val |= (edge >> i & 1) << (2 * i + 1);
	return val;
}

static void icfgr_write(const struct vgic_access *a, unsigned int b, unsigned int half,
			uint32_t val)
{
	uint32_t level = 0;

	for (unsigned int i = 0; i < 16; i++)
		level |= (~val >> (2 * i + 1) & 1) << i;
	vgic_set_level(a->v, b, 0xffffU << (half * 16), level << (half * 16));
}

static bool bits_read(const struct vgic_access *a, unsigned int b, uint64_t *val)
{
	const struct vgic_bank *bank;

	if (a->size != 4)
		return false;
	*val = 0;
	if (b >= vgic_nr_banks(a->v->domain))
		return true;
	bank = vgic_bank(a->v, b);
	switch (a->offset / 0x80) {
	case GROUP_ISENABLER:
	case GROUP_ICENABLER:
		*val = bank->enabled;
		break;
	case GROUP_ISPENDR:
	case GROUP_ICPENDR:
		*val = vgic_read_pending(a->v, b);
		break;
	case GROUP_ISACTIVER:
	case GROUP_ICACTIVER:
		*val = vgic_read_active(a->v, b);
		break;
	default:
		break;	/* IGROUPR, IGRPMODR: no security states, read as zero */
	}
	return true;
}

static bool bits_write(const struct vgic_access *a, unsigned int b, uint32_t val)
{
	if (a->size != 4)
		return false;
	if (b >= vgic_nr_banks(a->v->domain))
		return true;
	switch (a->offset / 0x80) {
	case GROUP_ISENABLER:
		vgic_set_enable(a->v, b, val);
		break;
	case GROUP_ICENABLER:
		vgic_clear_enable(a->v, b, val);
		break;
	case GROUP_ISPENDR:
		/* SGIs of a GICv2 are set by sender: GICD_SPENDSGIR */
		if (!b && a->v->domain->arch.vgic.version == GIC_V2)
			val &= 0xffff0000;
		vgic_set_pending(a->v, b, val);
		break;
	case GROUP_ICPENDR:
		if (!b && a->v->domain->arch.vgic.version == GIC_V2)
			val &= 0xffff0000;
		vgic_clear_pending(a->v, b, val);
		break;
	case GROUP_ISACTIVER:
		vgic_set_active(a->v, b, val);
		break;
	case GROUP_ICACTIVER:
		vgic_clear_active(a->v, b, val);
		break;
	default:
		break;
	}
	return true;
}

static bool prio_read(const struct vgic_access *a, unsigned int virq, uint64_t *val)
{
	if (a->size != 1 && a->size != 4)
		return false;
	*val = 0;
	if (virq / 32 < vgic_nr_banks(a->v->domain))
		memcpy(val, &vgic_bank(a->v, virq / 32)->prio[virq % 32], a->size);
	return true;
}

static bool prio_write(const struct vgic_access *a, unsigned int virq, uint32_t val)
{
	if (a->size != 1 && a->size != 4)
		return false;
	if (virq / 32 < vgic_nr_banks(a->v->domain))
		for (unsigned int i = 0; i < a->size; i++)
			vgic_set_priority(a->v, virq + i, val >> (8 * i));
	return true;
}

bool vgic_mmio_read(const struct vgic_access *a, uint64_t *val)
{
	unsigned int group = a->offset / 0x80, b;

	if (group >= GROUP_IPRIORITYR && group <= GROUP_IPRIORITYR_END)
		return prio_read(a, a->offset - 0x400, val);
	if (group < GROUP_IPRIORITYR || group == GROUP_IGRPMODR)
		return bits_read(a, a->offset % 0x80 / 4, val);
	if (group < GROUP_ICFGR || group > GROUP_ICFGR_END || a->size != 4)
		return false;
	b = (a->offset - 0xc00) / 8;
	*val = b < vgic_nr_banks(a->v->domain) ?
	       icfgr_read(vgic_bank(a->v, b), a->offset / 4 % 2) : 0;
	return true;
}

bool vgic_mmio_write(const struct vgic_access *a, uint64_t val)
{
	unsigned int group = a->offset / 0x80, b;

	if (group >= GROUP_IPRIORITYR && group <= GROUP_IPRIORITYR_END)
		return prio_write(a, a->offset - 0x400, val);
	if (group < GROUP_IPRIORITYR || group == GROUP_IGRPMODR)
		return bits_write(a, a->offset % 0x80 / 4, val);
	if (group < GROUP_ICFGR || group > GROUP_ICFGR_END || a->size != 4)
		return false;
	b = (a->offset - 0xc00) / 8;
	if (b < vgic_nr_banks(a->v->domain))
		icfgr_write(a, b, a->offset / 4 % 2, val);
	return true;
}
