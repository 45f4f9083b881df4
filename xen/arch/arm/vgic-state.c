// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a vCPU's virtual interrupts from outside: is one to be signalled,
 * what does another vCPU find or change in its list registers, and how they
 * leave the CPU and come back.
 */
#include <xen/lib.h>
#include <xen/smp.h>
#include "vgic-internal.h"

/* Is something deliverable in what waits outside of the list registers? */
static bool vgic_banks_pending(const struct vcpu *cv, uint8_t pmr)
{
	struct vcpu *v = (struct vcpu *)cv;	/* read only, through shared helpers */
	uint32_t banks = (uint32_t)READ_ONCE(vgic_of(v)->todo) | vgic_of(v)->waiting;

	for (; banks && __builtin_ctz(banks) < vgic_nr_banks(v->domain); banks &= banks - 1) {
		unsigned int b = __builtin_ctz(banks);

		for (uint32_t mask = vgic_waiting(v, b); mask; mask &= mask - 1)
			if (vgic_bank(v, b)->prio[__builtin_ctz(mask)] < pmr)
				return true;
	}
	return false;
}

/* The upcall's line is up, and not because the guest is just handling it. */
static bool vgic_evtchn_pending(const struct vcpu *v, uint8_t pmr)
{
	const struct vgic_vcpu *vg = &v->arch.vgic;
	unsigned int n = (uint8_t)(vg->priv.home[VGIC_PPI_EVTCHN] - 1);

	if (!vgic_evtchn_up(v) || vg->priv.prio[VGIC_PPI_EVTCHN] >= pmr)
		return false;
	if ((vg->todo & VGIC_TODO_EVTCHN) || n >= VGIC_MAX_LRS || (vg->loaded && v != current))
		return true;
	return !(lr_get(vg, n) & LR_ACTIVE);
}

/* v is current, or not running. An upcall is its PPI: one that is not enabled does not count. */
bool arch_vcpu_has_pending(const struct vcpu *v)
{
	const struct vgic_vcpu *vg = &v->arch.vgic;
	const struct vgic_dist *dist = &v->domain->arch.vgic;
	bool mine = v == current && vg->loaded;
	uint32_t vmcr = mine ? gic_hw->read_vmcr() : vg->cpu_if.vmcr;
	uint8_t pmr = vmcr >> GICH_VMCR_PMR_SHIFT;

	if (!dist->enabled ||
	    !(vmcr & (dist->version == GIC_V3 ? GICH_VMCR_ENG1 : GICH_VMCR_ENG0)))
		return false;
	if (vgic_banks_pending(v, pmr) || vgic_evtchn_pending(v, pmr))
		return true;
	if (!mine)
		return !vg->loaded && vg->lr_pending;
	for (uint32_t used = vg->lr_used; used; used &= used - 1) {
		uint64_t lr = gic_hw->read_lr(__builtin_ctz(used));

		if ((lr & LR_PENDING) && lr_prio(lr) < pmr)
			return true;
	}
	return false;
}

/* ---- access to the state of another vCPU's list registers ---- */

struct lr_request {
	struct vcpu *v;
	unsigned int virq;
	enum vgic_lr_op op;
	uint64_t state;
	bool done;
};

/* Active by the guest's word: it ends it by EOI, which no list register will see. */
static void lr_set_active(struct vcpu *v, unsigned int virq)
{
	struct vgic_bank *bank = vgic_bank(v, virq / 32);
	uint16_t none = VGIC_HOME_NONE;

	if (!atomic_try_cmpxchg(&bank->home[virq % 32], &none,
				vgic_home(v, VGIC_HOME_SPILLED)))
		return;
	atomic_or(&bank->active, (uint32_t)BIT(virq % 32));
	vgic_of(v)->nr_spilled++;
	vgic_of(v)->hcr_check = true;
	atomic_or(&vgic_of(v)->todo, VGIC_TODO_FOLD);
}

/*
 * The timer's interrupt is active on the CPU that runs v, for as long as it is
 * pending or active for v: it would be silent for everybody there else.
 */
static void vtimer_clear_latch(struct vcpu *v)
{
	uint32_t mask = BIT(VGIC_PPI_VTIMER);

	if ((atomic_and(&vgic_of(v)->priv.latch, ~mask) & mask) && vgic_of(v)->loaded)
		gic_hw->deactivate_irq(vtimer_host_irq);
}

/* Loaded: on v's CPU, interrupts off. Else under vgic.lock. */
static void lr_do(struct lr_request *r)
{
	struct vcpu *v = r->v;
	struct vgic_vcpu *vg = vgic_of(v);
	struct vgic_bank *bank = vgic_bank(v, r->virq / 32);
	uint16_t home = READ_ONCE(bank->home[r->virq % 32]);
	unsigned int n = (home & 0xff) - 1;
	uint64_t lr, new;

	r->done = true;
	r->state = 0;
	if (r->virq == VGIC_PPI_VTIMER && r->op == LR_CLEAR_PENDING)
		vtimer_clear_latch(v);
	if (home == VGIC_HOME_NONE || home >> 8 != v->vcpu_id) {
		if (r->op == LR_SET_ACTIVE)
			lr_set_active(v, r->virq);
		return;
	}
	if ((home & 0xff) == VGIC_HOME_SPILLED) {
		r->state = LR_ACTIVE;
		if (r->op == LR_CLEAR_ACTIVE)
			spilled_end(v, r->virq);
		return;
	}
	lr = new = lr_get(vg, n);
	r->state = lr & LR_STATE_MASK;
	if (r->op == LR_CLEAR_PENDING)
		new &= ~LR_PENDING;
	else if (r->op == LR_CLEAR_ACTIVE)
		new &= ~LR_ACTIVE;
	else if (r->op == LR_SET_ACTIVE && (lr & LR_STATE_MASK) && !(lr & LR_HW))
		new |= LR_ACTIVE;
	if (new == lr)
		return;
	if (!(new & LR_STATE_MASK)) {
		lr_release(v, n);
		new = 0;
		if ((bank->hw & BIT(r->virq % 32)) && (r->virq >= VGIC_NR_PRIVATE || vg->loaded))
			vgic_end_hw(v->domain, r->virq);
		if (bank->enabled & (bank->latch | bank->line) & BIT(r->virq % 32))
			lr_requeue(v, r->virq);
	}
	lr_put(vg, n, new);
}

static void lr_do_remote(void *data)
{
	struct lr_request *r = data;
	struct vgic_vcpu *vg = vgic_of(r->v);

	if (vg->loaded && vg->cpu == smp_processor_id())
		lr_do(r);
}

/* After an operation on v's images: whoever has got work by it is to look. */
static void vgic_kick_all(struct vcpu *v)
{
	struct vcpu *other;

	if (!vgic_of(v)->kick_others) {
		vgic_kick(v);
		return;
	}
	vgic_of(v)->kick_others = false;
	for_each_vcpu(v->domain, other)
		if (READ_ONCE(vgic_of(other)->todo))
			vgic_kick(other);
}

#define LR_OP_TRIES 32

uint64_t vgic_lr_op(struct vcpu *v, unsigned int virq, enum vgic_lr_op op)
{
	struct vgic_bank *bank = vgic_bank(v, virq / 32);
	struct lr_request r = { .virq = virq, .op = op };

	/*
	 * The holder may be switched between our look and the request's arrival.
	 * That this happens each time is next to impossible; what is asked for is
	 * then dropped, as a guest could not tell from bad timing of its own.
	 */
	for (unsigned int i = 0; i < LR_OP_TRIES && !r.done; i++) {
		uint16_t home = READ_ONCE(bank->home[virq % 32]);
		unsigned long flags;
		unsigned int cpu;
		cpumask_t mask;
		bool loaded;

		r.v = home != VGIC_HOME_NONE ? v->domain->vcpu[home >> 8] :
		      virq < VGIC_NR_PRIVATE ? v : v->domain->vcpu[bank->target[virq % 32]];
		flags = spin_lock_irqsave(&vgic_of(r.v)->lock);
		cpu = vgic_of(r.v)->cpu;
		loaded = atomic_load_acquire(&vgic_of(r.v)->loaded);
		if (!loaded)
			lr_do(&r);
		spin_unlock(&vgic_of(r.v)->lock);
		/* Our own: interrupts off are enough, and lr_do() may wake others. */
		if (loaded && cpu == smp_processor_id())
			lr_do(&r);
		local_irq_restore(flags);
		if (r.done)
			break;
		cpumask_clear(&mask);
		cpumask_set_cpu(cpu, &mask);
		on_cpus(&mask, lr_do_remote, &r, true);
	}
	if (r.v && op != LR_PEEK)
		vgic_kick_all(r.v);
	return r.state;
}

/* ---- vCPU switch ---- */

/* The timer's physical interrupt is active on the CPU that runs v, while v is interrupted by it. */
static bool vtimer_irq_active(struct vcpu *v)
{
	struct vgic_bank *bank = &vgic_of(v)->priv;

	return (bank->latch & BIT(VGIC_PPI_VTIMER)) || bank->home[VGIC_PPI_VTIMER];
}

/* No lock: until loaded is cleared, what is touched here belongs to this CPU alone. */
void vgic_save(struct vcpu *v)
{
	struct vgic_vcpu *vg = vgic_of(v);

	vg->lr_pending = false;
	for (uint32_t used = vg->lr_used; used; used &= used - 1) {
		unsigned int n = __builtin_ctz(used);

		vg->lr[n] = lr_fold_one(v, n, gic_hw->read_lr(n));
		vg->lr_pending |= !!(vg->lr[n] & LR_PENDING);
		gic_hw->write_lr(n, 0);
	}
	if (vg->nr_spilled)
		spilled_eoi(v, gic_hw->hcr_get() >> GICH_HCR_EOICOUNT_SHIFT);
	gic_hw->save_vcpu_if(&vg->cpu_if);
	/* Per CPU, so it does not go along; its line is down (vtimer_save()). */
	if (vtimer_irq_active(v))
		gic_hw->deactivate_irq(vtimer_host_irq);
	/* Release: the images before it. Pairs with the acquire in vgic_lr_op(). */
	atomic_store_release(&vg->loaded, false);
}

void vgic_restore(struct vcpu *v)
{
	struct vgic_vcpu *vg = vgic_of(v);
	unsigned int cpu = smp_processor_id();
	bool moved = vg->cpu != cpu;

	/* Waits for an operation on the images that is under way (vgic_lr_op()). */
	spin_lock(&vg->lock);
	vg->cpu = cpu;
	vg->loaded = true;
	spin_unlock(&vg->lock);
	for (uint32_t used = vg->lr_used; used; used &= used - 1)
		gic_hw->write_lr(__builtin_ctz(used), vg->lr[__builtin_ctz(used)]);
	gic_hw->load_vcpu_if(&vg->cpu_if, vg->hcr);
	if (unlikely(vtimer_irq_active(v))) {
		/* After another vCPU's deactivation, and before the guest's own EOI. */
		dsb(sy);
		gic_set_active(vtimer_host_irq, true);
		dsb(sy);
	}
	if (unlikely(moved && dist_of(v->domain)->pirq))
		vgic_move_irqs(v);
}
