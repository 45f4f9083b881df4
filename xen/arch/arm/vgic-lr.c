// SPDX-License-Identifier: GPL-2.0-only
/*
 * List registers: putting in what became pending, finding out what the guest has
 * ended, and what happens when there are too few. They are looked at only when
 * something is to be put in, when the guest asks for the state of what is
 * inside, and at a vCPU switch. The rules are those of vgic-internal.h.
 */
#include <xen/lib.h>
#include "vgic-internal.h"

void lr_release(struct vcpu *v, unsigned int n)
{
	struct vgic_vcpu *vg = vgic_of(v);
	unsigned int virq = vg->lr_irq[n];
	uint16_t mine = vgic_home(v, n + 1);

	vg->lr_used &= ~BIT(n);
	if (virq == VGIC_PPI_EVTCHN)
		atomic_and(&vg->todo, ~VGIC_TODO_EVTCHN_LOADED);
	/* Another vCPU may have taken a routed interrupt over: then it is its home. */
	atomic_try_cmpxchg(&vgic_bank(v, virq / 32)->home[virq % 32], &mine,
			   (uint16_t)VGIC_HOME_NONE);
}

/* Bank b has what found no list register: the maintenance interrupt is to tell when. */
static void lr_wait(struct vgic_vcpu *vg, unsigned int b)
{
	vg->waiting |= BIT(b);
	vg->hcr_check = true;
}

void lr_requeue(struct vcpu *v, unsigned int virq)
{
	struct vgic_bank *bank = vgic_bank(v, virq / 32);
	struct vcpu *t = virq < VGIC_NR_PRIVATE ? v : v->domain->vcpu[bank->target[virq % 32]];

	atomic_or(&vgic_of(t)->todo, BIT(virq / 32));
	if (t == v)
		return;		/* found by the caller, on the way to the guest */
	if (vgic_of(v)->loaded)
		vgic_kick(t);
	else
		vgic_of(v)->kick_others = true;	/* not under vgic.lock */
}

/* An active interrupt without a list register: HCR.EOICount will tell of its end. */
static void lr_spill(struct vcpu *v, unsigned int n, uint64_t lr)
{
	struct vgic_vcpu *vg = vgic_of(v);
	unsigned int virq = vg->lr_irq[n];
	struct vgic_bank *bank = vgic_bank(v, virq / 32);

	if (lr & LR_PENDING)
		atomic_or(&bank->latch, (uint32_t)BIT(virq % 32));
	vg->lr_used &= ~BIT(n);
	atomic_or(&bank->active, (uint32_t)BIT(virq % 32));
	WRITE_ONCE(bank->home[virq % 32], vgic_home(v, VGIC_HOME_SPILLED));
	vg->nr_spilled++;
	vg->hcr_check = true;
}

void spilled_end(struct vcpu *v, unsigned int virq)
{
	struct vgic_bank *bank = vgic_bank(v, virq / 32);

	atomic_and(&bank->active, ~(uint32_t)BIT(virq % 32));
	WRITE_ONCE(bank->home[virq % 32], VGIC_HOME_NONE);
	vgic_of(v)->nr_spilled--;
	/* The timer's was ended by vgic_save(); here it may be another vCPU's by now. */
	if ((bank->hw & BIT(virq % 32)) && (virq >= VGIC_NR_PRIVATE || vgic_of(v)->loaded))
		vgic_end_hw(v->domain, virq);
	lr_requeue(v, virq);
}

void spilled_eoi(struct vcpu *v, unsigned int count)
{
	while (count-- && vgic_of(v)->nr_spilled) {
		unsigned int best = VGIC_SPURIOUS, best_prio = 256;

		for (unsigned int b = 0; b < vgic_nr_banks(v->domain); b++) {
			struct vgic_bank *bank = vgic_bank(v, b);

			for (unsigned int bit = 0; bank->active && bit < 32; bit++)
				if (bank->home[bit] == vgic_home(v, VGIC_HOME_SPILLED) &&
				    bank->prio[bit] < best_prio) {
					best = b * 32 + bit;
					best_prio = bank->prio[bit];
				}
		}
		if (best == VGIC_SPURIOUS)
			return;
		spilled_end(v, best);
	}
}

/*
 * May the pending part of what is in a list register stay there? The event
 * channel upcall is judged by lr_sync_evtchn().
 */
static bool lr_may_pend(struct vcpu *v, unsigned int virq, uint64_t lr)
{
	struct vgic_bank *bank = vgic_bank(v, virq / 32);
	uint32_t mask = BIT(virq % 32);

	if (!(bank->enabled & mask) || !dist_of(v->domain)->enabled)
		return false;
	if (virq >= VGIC_NR_PRIVATE && bank->target[virq % 32] != v->vcpu_id)
		return false;
	/* An emulated line that went down takes its interrupt back. */
	return !(lr & LR_EOI) || !(bank->level & mask) || ((bank->line | bank->hw) & mask);
}

/*
 * The pending part of what is in a list register goes back to where it came
 * from. true: it could be queued again.
 */
static bool lr_unpend(struct vcpu *v, unsigned int virq, uint64_t lr)
{
	struct vgic_bank *bank = vgic_bank(v, virq / 32);
	uint32_t mask = BIT(virq % 32);

	if ((bank->hw & bank->level & mask) && !(bank->enabled & mask)) {
		/* A line still up when the guest enables it fires again then. */
		if (virq >= VGIC_NR_PRIVATE || vgic_of(v)->loaded)
			vgic_end_hw(v->domain, virq);
		return false;
	}
	if (virq == VGIC_PPI_EVTCHN) {
		atomic_or(&vgic_of(v)->todo, VGIC_TODO_EVTCHN);
		return false;
	}
	if (virq < 16 && dist_of(v->domain)->version == GIC_V2)
		atomic_or(&vgic_of(v)->sgi_source[virq], (uint8_t)BIT(lr >> LR_SOURCE_SHIFT & 7));
	if ((bank->hw & mask) || !(bank->level & mask))
		atomic_or(&bank->latch, mask);
	return bank->enabled & mask;
}

uint64_t lr_fold_one(struct vcpu *v, unsigned int n, uint64_t lr)
{
	struct vgic_vcpu *vg = vgic_of(v);
	unsigned int virq = vg->lr_irq[n];
	struct vgic_bank *bank = vgic_bank(v, virq / 32);
	uint32_t mask = BIT(virq % 32);
	uint64_t new = lr;

	if (!(lr & LR_STATE_MASK)) {
		lr_release(v, n);
		if ((lr & LR_EOI) && (bank->hw & mask))
			vgic_end_hw(v->domain, virq);	/* lr_soften() */
		if (bank->enabled & (bank->latch | bank->line) & mask)
			lr_requeue(v, virq);
		return 0;
	}
	if ((lr & LR_PENDING) && !lr_may_pend(v, virq, lr)) {
		new &= ~LR_PENDING;
		if (!(new & LR_ACTIVE)) {
			lr_release(v, n);
			new = 0;
		}
		if (lr_unpend(v, virq, lr))
			lr_requeue(v, virq);
	} else if (!(lr & LR_ACTIVE) && lr_prio(lr) != bank->prio[virq % 32]) {
		new &= ~(0xffUL << LR_PRIO_SHIFT);
		new |= (uint64_t)bank->prio[virq % 32] << LR_PRIO_SHIFT;
	} else if (virq >= VGIC_NR_PRIVATE && (bank->latch & ~bank->hw & mask) &&
		   bank->target[virq % 32] != v->vcpu_id) {
		new |= LR_EOI;		/* it goes to the other vCPU when this one has ended it */
	}
	return new;
}

static void vgic_fold(struct vcpu *v)
{
	struct vgic_vcpu *vg = vgic_of(v);

	for (uint32_t used = vg->lr_used; used; used &= used - 1) {
		unsigned int n = __builtin_ctz(used);
		uint64_t lr = lr_get(vg, n), new = lr_fold_one(v, n, lr);

		/* A finished one that asked for a maintenance interrupt goes on asking. */
		if (new != lr && (lr & (LR_STATE_MASK | LR_EOI)))
			lr_put(vg, n, new);
	}
	if (vg->nr_spilled && vg->loaded) {
		unsigned int count = gic_hw->hcr_get() >> GICH_HCR_EOICOUNT_SHIFT;

		if (count) {
			gic_hw->hcr_set(vg->hcr);
			spilled_eoi(v, count);
		}
	}
}

/*
 * No list register is free: make room for an interrupt of priority prio, from
 * one that waits with a lower one, or, when none waits in any, from the active
 * one of lowest priority. -1: all hold something more urgent.
 */
static int lr_evict(struct vcpu *v, uint8_t prio)
{
	struct vgic_vcpu *vg = vgic_of(v);
	int pend = -1, act = -1;
	uint8_t pend_prio = 0, act_prio = 0;

	for (unsigned int n = 0; n < gic.nr_lrs; n++) {
		uint64_t lr = lr_get(vg, n);

		if (!(lr & LR_ACTIVE) && (pend < 0 || lr_prio(lr) > pend_prio)) {
			pend = n;
			pend_prio = lr_prio(lr);
		} else if ((lr & LR_ACTIVE) && (act < 0 || lr_prio(lr) >= act_prio)) {
			act = n;
			act_prio = lr_prio(lr);
		}
	}
	if (pend >= 0) {
		unsigned int virq = vg->lr_irq[pend];

		if (pend_prio <= prio)
			return -1;
		lr_release(v, pend);
		lr_unpend(v, virq, lr_get(vg, pend));
		lr_put(vg, pend, 0);
		lr_wait(vg, virq / 32);
		return pend;
	}
	lr_spill(v, act, lr_get(vg, act));
	lr_put(vg, act, 0);
	return act;
}

static inline int lr_alloc(struct vcpu *v, uint8_t prio)
{
	struct vgic_vcpu *vg = vgic_of(v);
	uint32_t all = BIT(gic.nr_lrs) - 1;

	if (unlikely(vg->lr_used == all)) {
		vgic_fold(v);
		if (vg->lr_used == all)
			return lr_evict(v, prio);
	}
	return __builtin_ctz(~vg->lr_used);
}

/* Of a GICv2 SGI: the next sender. The latch stays while there are more. */
static uint64_t lr_sgi_v2(struct vgic_vcpu *vg, unsigned int sgi)
{
	uint8_t sources = READ_ONCE(vg->sgi_source[sgi]);
	unsigned int from = sources ? __builtin_ctz(sources) : 0;

	if (!(atomic_and(&vg->sgi_source[sgi], (uint8_t)~BIT(from)) & ~BIT(from)))
		return (uint64_t)from << LR_SOURCE_SHIFT;
	atomic_or(&vg->priv.latch, (uint32_t)BIT(sgi));
	return (uint64_t)from << LR_SOURCE_SHIFT | LR_EOI;
}

/* A routed interrupt whose end is reported to us, who then end the physical one. */
static uint64_t lr_soften(uint64_t lr)
{
	return (lr & ~(LR_HW | 0x1fffUL << LR_PIRQ_SHIFT)) | LR_EOI;
}

/*
 * What a list register says about an interrupt that has just become pending.
 *
 * GICv2 without HW: when a guest ends an interrupt of a HW list register, QEMU's
 * model neither looks at the line again nor deactivates it for the CPU that
 * acknowledged it, if that is another one. The interrupt would come late, or
 * never again.
 */
static uint64_t lr_make(struct vcpu *v, struct vgic_bank *bank, unsigned int virq)
{
	uint64_t lr = vgic_lr_value(v, bank, virq);

	if (dist_of(v->domain)->version != GIC_V2)
		return lr;
	if (virq < 16)
		return lr | lr_sgi_v2(vgic_of(v), virq);
	return lr & LR_HW ? lr_soften(lr) : lr;
}

/*
 * A GICv2 SGI in a list register became pending again. There it has one sender:
 * others are next, after the EOI.
 */
static void sgi_v2_again(struct vgic_vcpu *vg, unsigned int sgi, unsigned int n, uint64_t lr)
{
	uint8_t from = BIT(lr >> LR_SOURCE_SHIFT & 7), sources;
	uint64_t new = lr;

	/* The latch first: a sender sets it last. */
	atomic_and(&vg->priv.latch, ~(uint32_t)BIT(sgi));
	sources = atomic_and(&vg->sgi_source[sgi], (uint8_t)~from);
	if (sources & from)
		new |= LR_PENDING;
	if (sources & ~from) {
		atomic_or(&vg->priv.latch, (uint32_t)BIT(sgi));
		new |= LR_EOI;
	}
	if (new != lr)
		lr_put(vg, n, new);
}

/* It is in list register n already and became pending once more. */
static void lr_pend_again(struct vcpu *v, struct vgic_bank *bank, unsigned int virq,
			  unsigned int n, uint64_t lr)
{
	struct vgic_vcpu *vg = vgic_of(v);
	uint32_t mask = BIT(virq % 32);

	if (!(bank->latch & mask))
		return;			/* level-sensitive: looked at again after the EOI */
	if (virq < 16 && dist_of(v->domain)->version == GIC_V2) {
		sgi_v2_again(vg, virq, n, lr);
		return;
	}
	atomic_and(&bank->latch, ~mask);
	if (lr & LR_PENDING)
		return;
	/* With HW it may not be active and pending (IHI 0069, 12.4.9). */
	if (lr & LR_HW)
		lr = lr_soften(lr);
	lr_put(vg, n, lr | LR_PENDING);
}

/*
 * List register n becomes the home of what was pending. Of two vCPUs that both
 * see an SPI (it is being retargeted) only one gets true: the one that finds
 * the latch, or for a line, that changes home.
 */
static bool lr_claim(struct vcpu *v, struct vgic_bank *bank, unsigned int virq, uint16_t home,
		     unsigned int n)
{
	unsigned int bit = virq % 32;
	uint32_t mask = BIT(bit), latch = 0;

	if (virq == VGIC_PPI_EVTCHN) {
		bank->home[bit] = vgic_home(v, n + 1);
		return true;
	}
	if (READ_ONCE(bank->latch) & mask)
		latch = atomic_and(&bank->latch, ~mask) & mask;
	if (!latch && !(bank->line & mask))
		return false;
	if (virq < VGIC_NR_PRIVATE) {
		bank->home[bit] = vgic_home(v, n + 1);
		return true;
	}
	if (atomic_try_cmpxchg(&bank->home[bit], &home, vgic_home(v, n + 1)))
		return true;
	atomic_or(&bank->latch, latch);
	return false;
}

static void lr_load(struct vcpu *v, struct vgic_bank *bank, unsigned int virq)
{
	struct vgic_vcpu *vg = vgic_of(v);
	unsigned int bit = virq % 32;
	uint16_t home = READ_ONCE(bank->home[bit]);
	int n;

	if (home != VGIC_HOME_NONE && home >> 8 == v->vcpu_id) {
		uint64_t lr;

		if ((home & 0xff) == VGIC_HOME_SPILLED)
			return;		/* spilled_end() queues it */
		n = (home & 0xff) - 1;
		lr = lr_get(vg, n);
		if (lr & LR_STATE_MASK) {
			lr_pend_again(v, bank, virq, n, lr);
			return;
		}
		lr_release(v, n);
		home = VGIC_HOME_NONE;
	}
	if (home != VGIC_HOME_NONE && !(bank->hw & BIT(bit))) {
		/* A routed one fires only after it was ended: nobody holds it really. */
		vgic_request_fold(v->domain->vcpu[home >> 8]);
		return;
	}
	n = lr_alloc(v, bank->prio[bit]);
	if (n < 0) {
		lr_wait(vg, virq / 32);
		return;
	}
	if (!lr_claim(v, bank, virq, home, n))
		return;
	vg->lr_irq[n] = virq;
	vg->lr_used |= BIT(n);
	if (virq == VGIC_PPI_EVTCHN)
		atomic_or(&vg->todo, VGIC_TODO_EVTCHN_LOADED);
	lr_put(vg, n, lr_make(v, bank, virq));
}

static void lr_load_banks(struct vcpu *v, uint32_t banks)
{
	unsigned int nr = vgic_nr_banks(v->domain);

	for (; banks && __builtin_ctz(banks) < nr; banks &= banks - 1) {
		unsigned int b = __builtin_ctz(banks);

		for (uint32_t mask = vgic_waiting(v, b); mask; mask &= mask - 1)
			lr_load(v, vgic_bank(v, b), b * 32 + __builtin_ctz(mask));
	}
}

/*
 * The event channel upcall, a level that lives in guest memory. raised: it went
 * up since the last look. An interrupt the guest ended without clearing the
 * byte is not repeated until the next event (as Xen; the guest has seen it).
 */
static void lr_sync_evtchn(struct vcpu *v, bool raised)
{
	struct vgic_vcpu *vg = vgic_of(v);
	struct vgic_bank *bank = &vg->priv;
	bool up = vgic_evtchn_up(v);
	unsigned int n = (uint8_t)(bank->home[VGIC_PPI_EVTCHN] - 1);
	uint64_t lr, new;

	if (n >= VGIC_MAX_LRS) {
		if (!up || !raised)
			return;
		lr_load(v, bank, VGIC_PPI_EVTCHN);
		if (bank->home[VGIC_PPI_EVTCHN] == VGIC_HOME_NONE)
			atomic_or(&bank->latch, EVTCHN_BIT);	/* waits for a list register */
		return;
	}
	lr = new = lr_get(vg, n);
	if (!up)
		new &= ~LR_PENDING;
	else if (raised)
		new = lr & LR_ACTIVE ? lr | LR_PENDING : lr_make(v, bank, VGIC_PPI_EVTCHN);
	if (new != lr)
		lr_put(vg, n, new & LR_STATE_MASK ? new : 0);
	if (!up && !(new & LR_STATE_MASK))
		lr_release(v, n);
}

static void vgic_update_hcr(struct vcpu *v)
{
	struct vgic_vcpu *vg = vgic_of(v);
	uint32_t hcr = GICH_HCR_EN;

	if (vg->waiting && dist_of(v->domain)->enabled)
		hcr |= GICH_HCR_NPIE;
	if (vg->nr_spilled)
		hcr |= GICH_HCR_LRENPIE;
	vg->hcr_check = hcr != GICH_HCR_EN;
	if (hcr == vg->hcr)
		return;
	vg->hcr = hcr;
	/* EOICount counts on: keep what has not been looked at. */
	if (vg->loaded)
		gic_hw->hcr_set(hcr | (gic_hw->hcr_get() & (0x1fU << GICH_HCR_EOICOUNT_SHIFT)));
}

/* What folding frees can be queued again once; more comes with other exits. */
#define SYNC_ROUNDS 3

void vgic_sync(struct vcpu *v, uint64_t todo)
{
	struct vgic_vcpu *vg = vgic_of(v);

	for (unsigned int i = 0; i < SYNC_ROUNDS; i++) {
		if (todo & VGIC_TODO_FOLD) {
			vgic_fold(v);
			todo |= vgic_take_todo(vg);
		}
		if (todo & (VGIC_TODO_EVTCHN | VGIC_TODO_EVTCHN_LOADED))
			lr_sync_evtchn(v, todo & VGIC_TODO_EVTCHN);
		if ((uint32_t)todo && dist_of(v->domain)->enabled) {
			vg->waiting &= ~(uint32_t)todo;
			lr_load_banks(v, todo);
		}
		if (vg->hcr_check)
			vgic_update_hcr(v);
		if (!(READ_ONCE(vg->todo) & ~VGIC_TODO_EVTCHN_LOADED))
			return;
		todo = vgic_take_todo(vg);
	}
	/* Left over: the next exit's, but it is not forgotten. */
	atomic_or(&vg->todo, todo & ~VGIC_TODO_EVTCHN_LOADED);
}

void vgic_maintenance(unsigned int irq, void *data)
{
	struct vcpu *v = current;

	if (is_idle_vcpu(v) || !vgic_of(v)->loaded)
		return;
	/* At once: the interrupt's line is up until its reason is gone. */
	vgic_sync(v, vgic_take_todo(vgic_of(v)) | VGIC_TODO_FOLD | vgic_of(v)->waiting);
}
