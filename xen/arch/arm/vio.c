// SPDX-License-Identifier: GPL-2.0-only
/* Stage-2 aborts: emulated device memory, mappings made meanwhile, or a fault. */
#include <xen/lib.h>
#include <xen/p2m.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>
#include <asm/errata.h>
#include <asm/guest_translate.h>
#include <asm/traps.h>
#include <asm/vio.h>

/* ESR_EL2.ISS of aborts (ARM DDI 0487, D17.2.37) */
#define ISS_ISV		BIT(24)
#define ISS_SAS(esr)	((esr) >> 22 & 3)	/* size: 1 << SAS */
#define ISS_SSE		BIT(21)			/* sign-extend */
#define ISS_SRT(esr)	((esr) >> 16 & 0x1f)
#define ISS_SF		BIT(15)			/* 64-bit register */
#define ISS_CM		BIT(8)			/* cache maintenance */
#define ISS_S1PTW	BIT(7)
#define ISS_WNR		BIT(6)
#define FSC_TYPE(esr)	((esr) & 0x3c)
#define FSC_TRANSLATION	0x04
#define FSC_ACCESS	0x08
#define FSC_PERMISSION	0x0c

#define REG_ZERO	31

int vio_register(struct domain *d, paddr_t start, paddr_t size, const struct vio_ops *ops,
		 void *data)
{
	struct vmmio_region *old = d->arch.vmmio, *table;
	unsigned int nr = d->arch.nr_vmmio, at = 0;

	for (unsigned int i = 0; i < nr; i++) {
		if (start < old[i].start + old[i].size && old[i].start < start + size)
			return -EEXIST;
		if (old[i].start < start)
			at = i + 1;
	}
	table = xzalloc_array(struct vmmio_region, nr + 1);
	if (!table)
		return -ENOMEM;
	if (nr) {
		memcpy(table, old, at * sizeof(*table));
		memcpy(table + at + 1, old + at, (nr - at) * sizeof(*table));
	}
	table[at] = (struct vmmio_region){ start, size, ops, data };
	d->arch.vmmio = table;
	d->arch.nr_vmmio = nr + 1;
	xfree(old);
	return 0;
}

void vio_free(struct domain *d)
{
	XFREE(d->arch.vmmio);
	d->arch.nr_vmmio = 0;
}

static inline const struct vmmio_region *vio_find(const struct domain *d, paddr_t gpa)
{
	const struct vmmio_region *r = d->arch.vmmio;
	unsigned int nr = d->arch.nr_vmmio;

	while (nr) {
		const struct vmmio_region *mid = &r[nr / 2];

		if (gpa - mid->start < mid->size)
			return mid;
		if (gpa > mid->start) {
			r = mid + 1;
			nr -= nr / 2 + 1;
		} else {
			nr /= 2;
		}
	}
	return NULL;
}

static uint64_t load_value(uint64_t val, uint64_t esr)
{
	unsigned int bits = 8U << ISS_SAS(esr);

	if (bits == 64)
		return val;
	val &= BIT_ULL(bits) - 1;
	if (esr & ISS_SSE)
		val = (int64_t)(val << (64 - bits)) >> (64 - bits);
	return esr & ISS_SF ? val : (uint32_t)val;
}

static enum trap_outcome vio_access(struct vcpu *v, const struct vmmio_region *r, paddr_t gpa,
				    uint64_t esr)
{
	unsigned int size = 1U << ISS_SAS(esr), reg = ISS_SRT(esr);
	paddr_t offset = gpa - r->start;
	uint64_t val;

	/*
	 * Without a syndrome: several registers, write-back, SIMD or exclusive
	 * access. Devices are not accessed so, and none of ours would allow it.
	 */
	if (unlikely(!(esr & ISS_ISV) || (offset & (size - 1)))) {
		gprintk(XENLOG_G_WARNING, "device access at 0x%lx cannot be emulated, pc 0x%lx\n",
			(unsigned long)gpa, (unsigned long)v->arch.regs.pc);
		return TRAP_DABT;
	}
	if (esr & ISS_WNR) {
		val = reg == REG_ZERO ? 0 : v->arch.regs.x[reg];
		if (size < 8)
			val &= BIT_ULL(8 * size) - 1;
		return r->ops->write(v, r->data, offset, size, val) ? TRAP_HANDLED : TRAP_DABT;
	}
	if (!r->ops->read(v, r->data, offset, size, &val))
		return TRAP_DABT;
	if (likely(reg != REG_ZERO))
		v->arch.regs.x[reg] = load_value(val, esr);
	return TRAP_HANDLED;
}

/*
 * The address the guest accessed. HPFAR_EL2 has its page for translation and
 * access flag faults and for any fault on a stage-1 walk (D17.2.64). false: the
 * instruction is to be tried again.
 */
static bool fault_gpa(struct vcpu *v, uint64_t esr, paddr_t *gpa)
{
	uint64_t far = READ_SYSREG(far_el2), hpfar = READ_SYSREG(hpfar_el2);
	bool write = ESR_EC(esr) == EC_DABT_LOWER && (esr & ISS_WNR) && !(esr & ISS_CM);
	bool valid = (esr & ISS_S1PTW) || FSC_TYPE(esr) != FSC_PERMISSION;

	/* 834220: stage 1 might be what really failed; then it does again. */
	if (likely(valid && !(cpu_has_erratum(ERRATUM_834220) && !(esr & ISS_S1PTW)))) {
		*gpa = (hpfar & 0xfffffffff0UL) << 8 | (far & ~PAGE_MASK);
		return true;
	}
	return guest_va_to_ipa(far, write, gpa);
}

static enum trap_outcome bad_access(struct vcpu *v, uint64_t esr, paddr_t gpa)
{
	gprintk(XENLOG_G_DEBUG, "no memory at 0x%lx, ESR 0x%lx pc 0x%lx\n", (unsigned long)gpa,
		(unsigned long)esr, (unsigned long)v->arch.regs.pc);
	return TRAP_DABT;
}

enum trap_outcome trap_data_abort(struct vcpu *v, uint64_t esr)
{
	unsigned int type = FSC_TYPE(esr);
	const struct vmmio_region *r;
	paddr_t gpa;

	/* External aborts, of the guest's devices and memory, are passed on. */
	if (type != FSC_TRANSLATION && type != FSC_PERMISSION && type != FSC_ACCESS)
		return TRAP_DABT;
	if (!fault_gpa(v, esr, &gpa))
		return TRAP_RETRY;
	if (type == FSC_TRANSLATION && !(esr & (ISS_S1PTW | ISS_CM))) {
		r = vio_find(v->domain, gpa);
		if (r)
			return vio_access(v, r, gpa, esr);
	}
	/* A permission fault stays one: its mapping exists. */
	if (type == FSC_TRANSLATION && p2m_resolve_fault(v->domain, gaddr_to_gfn(gpa)))
		return TRAP_RETRY;
	return bad_access(v, esr, gpa);
}

enum trap_outcome trap_instr_abort(struct vcpu *v, uint64_t esr)
{
	unsigned int type = FSC_TYPE(esr);
	paddr_t gpa;

	if (type != FSC_TRANSLATION && type != FSC_PERMISSION && type != FSC_ACCESS)
		return TRAP_DABT;
	if (!fault_gpa(v, esr, &gpa))
		return TRAP_RETRY;
	if (type == FSC_TRANSLATION && p2m_resolve_fault(v->domain, gaddr_to_gfn(gpa)))
		return TRAP_RETRY;
	return bad_access(v, esr, gpa);
}
