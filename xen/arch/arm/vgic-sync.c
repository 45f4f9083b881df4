// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual interrupts on the way to the guest. Straight paths for GICv3 and a
 * single private interrupt that has been in a list register before, which the
 * guest has done with; vgic_sync() knows all other cases.
 */
#include "vgic-internal.h"

#define ICH_ELRSR_EL2	S3_4_C12_C11_5
#define ICH_LR0_EL2	S3_4_C12_C12_0
#define ICH_LR1_EL2	S3_4_C12_C12_1
#define ICH_LR2_EL2	S3_4_C12_C12_2
#define ICH_LR3_EL2	S3_4_C12_C12_3
#define NR_FAST_LRS	4

/* List register n of this CPU, if it is one of the first and without state. */
static inline bool lr_is_free(unsigned int n)
{
	return n < NR_FAST_LRS && (READ_SYSREG(ICH_ELRSR_EL2) >> n & 1);
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
	n = (uint8_t)(bank->home[virq] - 1);
	if (!lr_is_free(n))
		return false;
	if (latch & mask)
		atomic_and(&bank->latch, ~mask);
	lr_write(n, vgic_lr_value(v, bank, virq));
	return true;
}

static inline bool sync_evtchn(struct vcpu *v)
{
	struct vgic_bank *bank = &vgic_of(v)->priv;
	unsigned int n = (uint8_t)(bank->home[VGIC_PPI_EVTCHN] - 1);

	if (!vgic_evtchn_up(v) || !lr_is_free(n))
		return false;
	lr_write(n, vgic_lr_value(v, bank, VGIC_PPI_EVTCHN));
	return true;
}

void vgic_sync_to_lrs(struct vcpu *v)
{
	struct vgic_vcpu *vg = vgic_of(v);
	uint64_t todo = READ_ONCE(vg->todo);

	/* In a list register and still due: nothing has changed. */
	if (todo == VGIC_TODO_EVTCHN_LOADED &&
	    READ_ONCE(v->vcpu_info->evtchn_upcall_pending))
		return;
	todo = vgic_take_todo(vg);
	if (likely(dist_of(v->domain)->version == GIC_V3)) {
		if (todo == BIT(0) && sync_private(v))
			return;
		if (todo == (VGIC_TODO_EVTCHN | VGIC_TODO_EVTCHN_LOADED) && sync_evtchn(v))
			return;
	}
	vgic_sync(v, todo);
}
