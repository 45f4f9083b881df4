// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache maintenance by set and way. It reaches the caches of one CPU only, and
 * all guests' lines in them: a guest that uses it wants its memory written back
 * before it turns its caches on or off. So all of its RAM is cleaned and
 * invalidated by address, once; then HCR_EL2.TVM shows when SCTLR_EL1 turns the
 * caches over, until when further operations have nothing to do.
 *
 * The flush goes in bounded steps: the instruction is tried again until the
 * last one, with interrupts and other vCPUs in between.
 */
#include <xen/domain.h>
#include <xen/mm.h>
#include <xen/p2m.h>
#include "vsysreg.h"

#define FLUSH_STEP 256	/* pages, or holes of any size */
#define CACHES_ON (SCTLR_M | SCTLR_C)

/* true: all of the guest's RAM is in memory. */
static bool flush_step(struct vcpu *v)
{
	struct domain *d = v->domain;
	unsigned long gfn = v->arch.setway_gfn, end = gfn_x(d->p2m.max_mapped) + 1;

	for (unsigned int i = 0; i < FLUSH_STEP && gfn < end; i++) {
		enum p2m_type t;
		unsigned int order;
		struct page_info *pg;

		p2m_lookup(d, _gfn(gfn), &t, &order);
		if (!p2m_is_ram(t)) {
			gfn = ((gfn >> order) + 1) << order;
			continue;
		}
		pg = get_ram_page_from_gfn(d, _gfn(gfn), false);
		if (pg) {
			arch_flush_page_to_ram(page_to_mfn(pg));
			put_page(pg);
		}
		gfn++;
	}
	v->arch.setway_gfn = gfn < end ? gfn : 0;
	return gfn >= end;
}

static void set_tvm(struct vcpu *v, bool on)
{
	v->arch.hcr = on ? v->arch.hcr | HCR_TVM : v->arch.hcr & ~HCR_TVM;
	WRITE_SYSREG(v->arch.hcr, hcr_el2);
}

enum trap_outcome vsetway_trap(struct vcpu *v)
{
	if (v->arch.hcr & HCR_TVM)
		return TRAP_HANDLED;
	if (!flush_step(v))
		return TRAP_RETRY;
	set_tvm(v, true);
	return TRAP_HANDLED;
}

static enum trap_outcome write_sctlr(struct vcpu *v, uint64_t val)
{
	bool was = (READ_SYSREG(sctlr_el1) & CACHES_ON) == CACHES_ON;
	bool on = (val & CACHES_ON) == CACHES_ON;

	if (was != on && !flush_step(v))
		return TRAP_RETRY;
	WRITE_SYSREG(val, sctlr_el1);
	if (on)
		set_tvm(v, false);
	return TRAP_HANDLED;
}

#define VM_REG(crn, crm, op2, name)		\
	case SYSREG(3, 0, crn, crm, op2):	\
		WRITE_SYSREG(val, name);	\
		return TRAP_HANDLED

enum trap_outcome vsetway_vm_write(struct vcpu *v, uint32_t reg, uint64_t val)
{
	switch (reg) {
	case SYSREG(3, 0, 1, 0, 0):
		return write_sctlr(v, val);
	VM_REG(2, 0, 0, ttbr0_el1);
	VM_REG(2, 0, 1, ttbr1_el1);
	VM_REG(2, 0, 2, tcr_el1);
	VM_REG(5, 1, 0, afsr0_el1);
	VM_REG(5, 1, 1, afsr1_el1);
	VM_REG(5, 2, 0, esr_el1);
	VM_REG(6, 0, 0, far_el1);
	VM_REG(10, 2, 0, mair_el1);
	VM_REG(10, 3, 0, amair_el1);
	VM_REG(13, 0, 1, contextidr_el1);
	default:
		return TRAP_UNDEF;
	}
}
