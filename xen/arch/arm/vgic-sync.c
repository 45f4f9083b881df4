// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual interrupts on the way to the guest. Straight paths for GICv3 and a
 * single private interrupt that is in no list register, or in one that the guest
 * has done with; vgic_sync() knows all other cases.
 */
#include "vgic-internal.h"

#define ICH_ELRSR_EL2	S3_4_C12_C11_5
#define ICH_LR0_EL2	S3_4_C12_C12_0
#define ICH_LR1_EL2	S3_4_C12_C12_1
#define ICH_LR2_EL2	S3_4_C12_C12_2
#define ICH_LR3_EL2	S3_4_C12_C12_3
#define NR_FAST_LRS	4

/* The list register, among the first, for virq; NR_FAST_LRS when it is not that easy. */
static inline unsigned int find_slot(struct vcpu *v, struct vgic_bank *bank, unsigned int virq)
{
	struct vgic_vcpu *vg = vgic_of(v);
	unsigned int n = (uint8_t)(bank->home[virq] - 1);

	if (n < NR_FAST_LRS)
		return READ_SYSREG(ICH_ELRSR_EL2) >> n & 1 ? n : NR_FAST_LRS;
	n = __builtin_ctz(~vg->lr_used);
	if (bank->home[virq] != VGIC_HOME_NONE || n >= min_t(unsigned int, gic.nr_lrs, NR_FAST_LRS))
		return NR_FAST_LRS;
	bank->home[virq] = vgic_home(v, n + 1);
	vg->lr_irq[n] = virq;
	vg->lr_used |= BIT(n);
	return n;
}

static inline void lr_write(unsigned int n, uint64_t lr)
{
	switch (n) {
	case 0:
		WRITE_SYSREG(lr, ICH_LR0_EL2);
		break;
	case 1:
		WRITE_SYSREG(lr, ICH_LR1_EL2);
		break;
	case 2:
		WRITE_SYSREG(lr, ICH_LR2_EL2);
		break;
	default:
		WRITE_SYSREG(lr, ICH_LR3_EL2);
		break;
	}
}

static inline bool sync_private(struct vcpu *v)
{
	struct vgic_bank *bank = &vgic_of(v)->priv;
	uint32_t latch = READ_ONCE(bank->latch);
	uint32_t mask = bank->enabled & (latch | READ_ONCE(bank->line));
	unsigned int virq, n;

	if (!mask || (mask & (mask - 1)) || !dist_of(v->domain)->enabled)
		return false;
	virq = __builtin_ctz(mask);
	if (virq == VGIC_PPI_EVTCHN)	/* made pending by hand */
		return false;
	n = find_slot(v, bank, virq);
	if (n == NR_FAST_LRS)
		return false;
	if (latch & mask)
		atomic_and(&bank->latch, ~mask);
	lr_write(n, vgic_lr_value(v, bank, virq));
	return true;
}

/* loaded: todo says so already. */
static inline bool sync_evtchn(struct vcpu *v, bool loaded)
{
	struct vgic_bank *bank = &vgic_of(v)->priv;
	unsigned int n;

	if (!vgic_evtchn_up(v))
		return false;
	n = find_slot(v, bank, VGIC_PPI_EVTCHN);
	if (n == NR_FAST_LRS)
		return false;
	if (!loaded)
		atomic_or(&vgic_of(v)->todo, VGIC_TODO_EVTCHN_LOADED);
	lr_write(n, vgic_lr_value(v, bank, VGIC_PPI_EVTCHN));
	return true;
}

/* The guest has taken the upcall back: if it has ended the interrupt too, all is done. */
static inline bool forget_evtchn(struct vcpu *v)
{
	struct vgic_vcpu *vg = vgic_of(v);
	unsigned int n = (uint8_t)(vg->priv.home[VGIC_PPI_EVTCHN] - 1);

	if (n >= NR_FAST_LRS || !(READ_SYSREG(ICH_ELRSR_EL2) >> n & 1))
		return false;
	vg->priv.home[VGIC_PPI_EVTCHN] = VGIC_HOME_NONE;
	vg->lr_used &= ~BIT(n);
	atomic_and(&vg->todo, ~VGIC_TODO_EVTCHN_LOADED);
	return true;
}

void vgic_sync_to_lrs(struct vcpu *v)
{
	struct vgic_vcpu *vg = vgic_of(v);
	bool fast = dist_of(v->domain)->version == GIC_V3;
	uint64_t todo = READ_ONCE(vg->todo);

	if (todo == VGIC_TODO_EVTCHN_LOADED) {
		/* In a list register and still due: nothing has changed. */
		if (READ_ONCE(v->vcpu_info->evtchn_upcall_pending))
			return;
		if (fast && forget_evtchn(v))
			return;
	}
	todo = vgic_take_todo(vg);
	if (likely(fast)) {
		if (todo == BIT(0) && sync_private(v))
			return;
		if ((todo & ~VGIC_TODO_EVTCHN_LOADED) == VGIC_TODO_EVTCHN &&
		    sync_evtchn(v, todo & VGIC_TODO_EVTCHN_LOADED))
			return;
	}
	vgic_sync(v, todo);
}
