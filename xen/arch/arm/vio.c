// SPDX-License-Identifier: GPL-2.0-only
/* Stage-2 aborts: emulated device memory, mappings made meanwhile, or a fault. */
#include <xen/lib.h>
#include <xen/p2m.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>
#include <asm/errata.h>
#include <asm/sysregs.h>
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

/* The regions of a domain are few, and the one most used comes first. */
static inline const struct vmmio_region *vio_find(const struct domain *d, paddr_t gpa)
{
	const struct vmmio_region *r = d->arch.vmmio, *end = r + d->arch.nr_vmmio;

	for (; r < end; r++)
		if (gpa - r->start < r->size)
			return r;
	return NULL;
}

static __noinline uint64_t load_value(uint64_t val, uint64_t esr)
{
	unsigned int bits = 8U << ISS_SAS(esr);

	if (bits == 64)
		return val;
	val &= BIT_ULL(bits) - 1;
	if (esr & ISS_SSE)
		val = (int64_t)(val << (64 - bits)) >> (64 - bits);
	return esr & ISS_SF ? val : (uint32_t)val;
}

static enum trap_outcome vio_write(struct vcpu *v, const struct vmmio_region *r, paddr_t offset,
				   uint64_t esr)
{
	unsigned int size = 1U << ISS_SAS(esr), reg = ISS_SRT(esr);
	uint64_t val = reg == REG_ZERO ? 0 : v->arch.regs.x[reg];

	if (size < 8)
		val &= BIT_ULL(8 * size) - 1;
	return r->ops->write(v, r->data, offset, size, val) ? TRAP_HANDLED : TRAP_DABT;
}

/*
 * Without a syndrome: several registers, write-back, SIMD or exclusive access.
 * Devices are not accessed so, and none of ours would allow it.
 */
static __noinline enum trap_outcome vio_refuse(struct vcpu *v, paddr_t gpa)
{
	gprintk(XENLOG_G_WARNING, "device access at 0x%lx cannot be emulated, pc 0x%lx\n",
		(unsigned long)gpa, (unsigned long)v->arch.regs.pc);
	return TRAP_DABT;
}

static inline enum trap_outcome vio_access(struct vcpu *v, const struct vmmio_region *r,
					   paddr_t gpa, uint64_t esr)
{
	unsigned int size = 1U << ISS_SAS(esr), reg = ISS_SRT(esr);
	paddr_t offset = gpa - r->start;
	uint64_t val;

	if (unlikely(!(esr & ISS_ISV) || (offset & (size - 1))))
		return vio_refuse(v, gpa);
	if (esr & ISS_WNR)
		return vio_write(v, r, offset, esr);
	if (!r->ops->read(v, r->data, offset, size, &val))
		return TRAP_DABT;
	if (likely(reg != REG_ZERO))
		v->arch.regs.x[reg] = likely(size == 4 && !(esr & ISS_SSE)) ? (uint32_t)val :
									      load_value(val, esr);
	return TRAP_HANDLED;
}

/* Would stage 1 of the guest itself fault? */
static inline bool stage1_faults(const struct vcpu *v, guest_va_t va, bool write)
{
	/* AArch32 is EL0; EL1t and EL1h have the bit of value 4. */
	if ((v->arch.regs.pstate & (PSR_MODE_BIT | PSR_MODE_EL1t)) == PSR_MODE_EL1t)
		return PAR_F & (write ? AT_PAR(s1e1w, va) : AT_PAR(s1e1r, va));
	return PAR_F & (write ? AT_PAR(s1e0w, va) : AT_PAR(s1e0r, va));
}

/*
 * Erratum 834220: a stage-2 fault may be reported where stage 1 faults. Then the
 * instruction is tried again, until it is stage 1's.
 */
static inline bool fault_is_stage1s(const struct vcpu *v, guest_va_t va, bool write)
{
	return cpu_has_erratum(ERRATUM_834220) && stage1_faults(v, va, write);
}

/* HPFAR_EL2 has the page of translation and access flag faults, and of any on a walk (D17.2.64). */
static inline paddr_t fault_gpa(guest_va_t va)
{
	return (READ_SYSREG(hpfar_el2) & 0xfffffffff0UL) << 8 | (va & ~PAGE_MASK);
}

static enum trap_outcome bad_access(struct vcpu *v, uint64_t esr, paddr_t gpa)
{
	gprintk(XENLOG_G_DEBUG, "no memory at 0x%lx, ESR 0x%lx pc 0x%lx\n", (unsigned long)gpa,
		(unsigned long)esr, (unsigned long)v->arch.regs.pc);
	return TRAP_DABT;
}

/* What is not a stage-2 fault is an external abort of the guest's devices or memory. */
static bool is_stage2_fault(uint64_t esr)
{
	unsigned int type = FSC_TYPE(esr);

	return type == FSC_TRANSLATION || type == FSC_PERMISSION || type == FSC_ACCESS;
}

static __noinline enum trap_outcome memory_fault(struct vcpu *v, uint64_t esr)
{
	bool write = ESR_EC(esr) == EC_DABT_LOWER && (esr & (ISS_WNR | ISS_CM)) == ISS_WNR;
	guest_va_t va = READ_SYSREG(far_el2);
	paddr_t gpa;

	if (!is_stage2_fault(esr))
		return TRAP_DABT;
	if (!(esr & ISS_S1PTW) && fault_is_stage1s(v, va, write))
		return TRAP_RETRY;
	if (FSC_TYPE(esr) == FSC_PERMISSION && !(esr & ISS_S1PTW)) {
		/* It stays one: its mapping exists. The address is for the message only. */
		return bad_access(v, esr, guest_va_to_ipa(va, false, &gpa) ? gpa : INVALID_PADDR);
	}
	gpa = fault_gpa(va);
	if (FSC_TYPE(esr) == FSC_TRANSLATION &&
	    p2m_resolve_fault(v->domain, gaddr_to_gfn(gpa)))
		return TRAP_RETRY;
	return bad_access(v, esr, gpa);
}

enum trap_outcome trap_data_abort(struct vcpu *v, uint64_t esr)
{
	if (likely(FSC_TYPE(esr) == FSC_TRANSLATION && !(esr & (ISS_S1PTW | ISS_CM)))) {
		guest_va_t va = READ_SYSREG(far_el2);
		paddr_t gpa = fault_gpa(va);
		const struct vmmio_region *r = vio_find(v->domain, gpa);

		if (likely(r))
			return fault_is_stage1s(v, va, esr & ISS_WNR) ?
			       TRAP_RETRY : vio_access(v, r, gpa, esr);
	}
	return memory_fault(v, esr);
}

enum trap_outcome trap_instr_abort(struct vcpu *v, uint64_t esr)
{
	return memory_fault(v, esr);
}
