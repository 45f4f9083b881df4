// SPDX-License-Identifier: GPL-2.0-only
/* Virtual interrupts: life cycle, injection, configuration, routing of physical ones. */
#include <xen/lib.h>
#include <xen/xmalloc.h>
#include <asm/irq.h>
#include "vgic-internal.h"

#define VGIC_PRIO_RESET 0xa0

/* PPIs the hypervisor itself drives. */
#define OWN_PPIS	(BIT(VGIC_PPI_VTIMER) | BIT(VGIC_PPI_PTIMER) | BIT(VGIC_PPI_EVTCHN))

static void vgic_bank_init(struct vgic_bank *bank)
{
	/* As Xen presents it after reset: Linux does not write what it finds right. */
	memset(bank->prio, VGIC_PRIO_RESET, sizeof(bank->prio));
	bank->level = ~0U;
}

int vgic_domain_init(struct domain *d, unsigned int version, unsigned int nr_spis)
{
	struct vgic_dist *dist = dist_of(d);

	if (version != GIC_V2 && version != GIC_V3)
		return -EINVAL;
	nr_spis = ROUNDUP(nr_spis, 32);
	if (nr_spis > (VGIC_MAX_BANKS - 1) * 32)
		return -EINVAL;
	spin_lock_init(&dist->lock, RANK_VGIC_DIST);
	dist->version = version;
	dist->lr_group = version == GIC_V3 ? LR_GROUP1 : 0;
	if (!nr_spis)
		return 0;
	dist->spi = xzalloc_array(struct vgic_bank, nr_spis / 32);
	if (!dist->spi)
		return -ENOMEM;
	if (version == GIC_V2) {
		dist->targets_v2 = xzalloc_array(uint8_t, nr_spis);
		if (!dist->targets_v2)
			return -ENOMEM;	/* vgic_domain_free() gives the rest back */
		memset(dist->targets_v2, BIT(0), nr_spis);
	}
	for (unsigned int i = 0; i < nr_spis / 32; i++)
		vgic_bank_init(&dist->spi[i]);
	dist->nr_spis = nr_spis;
	return 0;
}

int vgic_set_bases(struct domain *d, paddr_t dist_base, paddr_t rdist_base, paddr_t rdist_size)
{
	int rc;

	if (dist_of(d)->version == GIC_V2)
		return vio_register(d, dist_base, 0x1000, &vgic_v2_dist_ops, NULL);
	rc = vio_register(d, dist_base, 0x10000, &vgic_v3_dist_ops, NULL);
	return rc ?: vio_register(d, rdist_base, rdist_size, &vgic_v3_rdist_ops, NULL);
}

void vgic_domain_free(struct domain *d)
{
	struct vgic_dist *dist = dist_of(d);

	if (dist->spi && dist->pirq)
		for (unsigned int virq = 32; virq < 32 + dist->nr_spis; virq++)
			if (dist->spi[virq / 32 - 1].hw & BIT(virq % 32))
				release_guest_irq(d, virq);
	XFREE(dist->spi);
	XFREE(dist->pirq);
	XFREE(dist->targets_v2);
	dist->nr_spis = 0;
}

int vgic_vcpu_init(struct vcpu *v)
{
	struct vgic_vcpu *vg = vgic_of(v);

	if (dist_of(v->domain)->version == GIC_V2 && v->vcpu_id >= 8)
		return -EINVAL;
	spin_lock_init(&vg->lock, RANK_VGIC);
	vgic_bank_init(&vg->priv);
	vg->priv.level &= 0xffff0000;	/* SGIs are edges */
	vg->priv.enabled = 0xffff;	/* and enabled at reset, as Xen has it */
	vg->priv.hw = BIT(VGIC_PPI_VTIMER);
	vg->hcr = GICH_HCR_EN;
	vg->cpu = v->processor;
	return 0;
}

void vgic_vcpu_reset(struct vcpu *v)
{
	struct vgic_vcpu *vg = vgic_of(v);
	unsigned long flags = spin_lock_irqsave(&vg->lock);

	memset(&vg->cpu_if, 0, sizeof(vg->cpu_if));
	spin_unlock_irqrestore(&vg->lock, flags);
}

void vgic_kick_other(struct vcpu *v)
{
	/*
	 * todo before pause_flags and is_running: pairs with the full barriers of
	 * vcpu_block_current() (flag, then a look at todo) and of the switch to v
	 * (is_running, then todo on the way to the guest).
	 */
	smp_mb();
	if (READ_ONCE(v->pause_flags) & (VPF_blocked | VPF_poll))
		vcpu_unblock(v);
	else if (READ_ONCE(v->is_running))
		arch_send_event_check(READ_ONCE(v->processor));
}

/* NULL when v does not name one and virq is no SPI of the domain. */
static struct vgic_bank *vgic_find(struct domain *d, struct vcpu *v, unsigned int virq)
{
	if (virq < VGIC_NR_PRIVATE)
		return v ? &vgic_of(v)->priv : NULL;
	if (virq - VGIC_NR_PRIVATE >= dist_of(d)->nr_spis)
		return NULL;
	return &dist_of(d)->spi[virq / 32 - 1];
}

/* For whom an interrupt is now. The latch was set before: see vgic_set_target(). */
static void vgic_queue_target(struct domain *d, struct vcpu *v, struct vgic_bank *bank,
			      unsigned int virq)
{
	if (virq >= VGIC_NR_PRIVATE) {
		smp_mb();
		v = d->vcpu[READ_ONCE(bank->target[virq % 32])];
	}
	if (v)
		vgic_queue(v, virq / 32);
}

void vgic_inject(struct domain *d, struct vcpu *v, unsigned int virq, bool level)
{
	struct vgic_bank *bank = vgic_find(d, v, virq);
	uint32_t mask = BIT(virq % 32);
	uint16_t home;

	if (!bank)
		return;
	if (!(bank->level & mask)) {
		if (!level)
			return;
		atomic_or(&bank->latch, mask);
	} else if (level) {
		atomic_or(&bank->line, mask);
	} else {
		atomic_and(&bank->line, ~mask);
		home = READ_ONCE(bank->home[virq % 32]);
		/* Withdrawn when that vCPU is next here; no reason to call it in. */
		if (home != VGIC_HOME_NONE)
			atomic_or(&vgic_of(d->vcpu[home >> 8])->todo, VGIC_TODO_FOLD);
		return;
	}
	vgic_queue_target(d, v, bank, virq);
}

void vgic_inject_hw(struct domain *d, unsigned int virq)
{
	struct vgic_bank *bank = vgic_find(d, NULL, virq);

	if (!bank)
		return;
	atomic_or(&bank->latch, BIT(virq % 32));
	vgic_queue_target(d, NULL, bank, virq);
}

void vgic_inject_vtimer(struct vcpu *v)
{
	atomic_or(&vgic_of(v)->priv.latch, BIT(VGIC_PPI_VTIMER));
	vgic_queue(v, 0);
}

void vgic_send_sgi(struct vcpu *from, struct vcpu *to, unsigned int sgi)
{
	struct vgic_vcpu *vg = vgic_of(to);

	if (unlikely(dist_of(to->domain)->version == GIC_V2))
		atomic_or(&vg->sgi_source[sgi], (uint8_t)BIT(from->vcpu_id));
	atomic_or(&vg->priv.latch, BIT(sgi));
	vgic_queue(to, 0);
}

/* The level is the guest's own byte in vcpu_info: only remember to look at it. */
void arch_vcpu_event_upcall(struct vcpu *v)
{
	atomic_or(&vgic_of(v)->todo, VGIC_TODO_EVTCHN);
	vgic_kick(v);
}

/* ---- configuration ---- */

#define for_each_bit32(bit, mask) \
	for (uint32_t m_ = (mask); m_ && ((bit) = __builtin_ctz(m_), true); m_ &= m_ - 1)

/* Something about these interrupts of bank b changed: let those concerned look. */
static void vgic_requeue(struct vcpu *v, unsigned int b, uint32_t mask)
{
	struct vgic_bank *bank = vgic_bank(v, b);
	unsigned int bit;

	if (!b) {
		vgic_queue(v, 0);
		return;
	}
	for_each_bit32(bit, mask & (bank->latch | bank->line)) {
		struct vcpu *t = v->domain->vcpu[READ_ONCE(bank->target[bit])];

		if (t)
			vgic_queue(t, b);
	}
}

/* Those vCPUs that hold one of these interrupts in a list register look through them. */
static void vgic_fold_homes(struct vcpu *v, unsigned int b, uint32_t mask)
{
	struct vgic_bank *bank = vgic_bank(v, b);
	unsigned int bit;

	for_each_bit32(bit, mask) {
		uint16_t home = READ_ONCE(bank->home[bit]);

		if (home != VGIC_HOME_NONE)
			vgic_request_fold(v->domain->vcpu[home >> 8]);
	}
}

/*
 * The timer fired while its interrupt was disabled, and the guest may have moved
 * it since: an interrupt whose line is down again is not delivered.
 */
static void vgic_drop_stale_vtimer(struct vcpu *v)
{
	uint32_t mask = BIT(VGIC_PPI_VTIMER);

	if (!vtimer_line() && (atomic_and(&vgic_of(v)->priv.latch, ~mask) & mask))
		gic_hw->deactivate_irq(vtimer_host_irq);
}

void vgic_set_enable(struct vcpu *v, unsigned int b, uint32_t val)
{
	struct domain *d = v->domain;
	struct vgic_bank *bank = vgic_bank(v, b);
	unsigned long flags = spin_lock_irqsave(&dist_of(d)->lock);
	unsigned int bit;

	val &= ~atomic_or(&bank->enabled, val);
	if (b)
		for_each_bit32(bit, val & bank->hw) {
			unsigned int pirq = vgic_pirq(d, b * 32 + bit);

			guest_irq_set_affinity(d, pirq, d->vcpu[bank->target[bit]]->processor);
			guest_irq_set_enabled(d, pirq, true);
		}
	spin_unlock_irqrestore(&dist_of(d)->lock, flags);
	if (!b && (val & BIT(VGIC_PPI_EVTCHN)))
		arch_vcpu_event_upcall(v);
	if (!b && v == current && (val & bank->latch & BIT(VGIC_PPI_VTIMER)))
		vgic_drop_stale_vtimer(v);
	if (val & (bank->latch | bank->line))
		vgic_requeue(v, b, val);
}

void vgic_clear_enable(struct vcpu *v, unsigned int b, uint32_t val)
{
	struct domain *d = v->domain;
	struct vgic_bank *bank = vgic_bank(v, b);
	unsigned long flags;
	unsigned int bit;

	flags = spin_lock_irqsave(&dist_of(d)->lock);
	val &= atomic_and(&bank->enabled, ~val);
	if (b)
		for_each_bit32(bit, val & bank->hw)
			guest_irq_set_enabled(d, vgic_pirq(d, b * 32 + bit), false);
	spin_unlock_irqrestore(&dist_of(d)->lock, flags);
	vgic_fold_homes(v, b, val);
}

void vgic_set_pending(struct vcpu *v, unsigned int b, uint32_t val)
{
	struct domain *d = v->domain;
	struct vgic_bank *bank = vgic_bank(v, b);
	uint32_t hw = val & bank->hw;
	unsigned int bit;

	/* The distributor makes a physical one fire; it comes back as any other. */
	for_each_bit32(bit, b ? hw : 0)
		gic_set_pending(vgic_pirq(d, b * 32 + bit), true);
	/*
	 * But the timer's is this CPU's: it would fire for whoever runs next. It is as
	 * if it had fired already. Of another vCPU it cannot be reached.
	 */
	if (!b && hw && v == current) {
		gic_set_active(vtimer_host_irq, true);
		dsb(sy);	/* before the guest's EOI: see vgic_restore() */
		vgic_inject_vtimer(v);
	}
	val &= ~hw;
	if (!val)
		return;
	atomic_or(&bank->latch, val);
	smp_mb();	/* latch before target: see vgic_set_target() */
	vgic_requeue(v, b, val);
}

void vgic_clear_pending(struct vcpu *v, unsigned int b, uint32_t val)
{
	struct domain *d = v->domain;
	struct vgic_bank *bank = vgic_bank(v, b);
	uint32_t timer = b ? 0 : BIT(VGIC_PPI_VTIMER);
	uint32_t was = atomic_and(&bank->latch, ~(val & ~timer)) & val & bank->hw & ~timer;
	unsigned int bit;

	for_each_bit32(bit, val) {
		unsigned int virq = b * 32 + bit;

		if (READ_ONCE(bank->home[bit]) != VGIC_HOME_NONE || (timer & BIT(bit)))
			vgic_lr_op(v, virq, LR_CLEAR_PENDING);
		if (b && (bank->hw & BIT(bit)))
			gic_set_pending(vgic_pirq(d, virq), false);
		/* It was active in the hardware for us; a line still up makes it fire again. */
		if (was & BIT(bit))
			vgic_end_hw(d, virq);
	}
}

void vgic_set_active(struct vcpu *v, unsigned int b, uint32_t val)
{
	unsigned int bit;

	for_each_bit32(bit, val)
		vgic_lr_op(v, b * 32 + bit, LR_SET_ACTIVE);
}

void vgic_clear_active(struct vcpu *v, unsigned int b, uint32_t val)
{
	struct vgic_bank *bank = vgic_bank(v, b);
	unsigned int bit;

	for_each_bit32(bit, val)
		if (READ_ONCE(bank->home[bit]) != VGIC_HOME_NONE)
			vgic_lr_op(v, b * 32 + bit, LR_CLEAR_ACTIVE);
}

/* Interrupts of bank b that are in a list register in that state. */
static uint32_t vgic_lr_states(struct vcpu *v, unsigned int b, uint64_t state)
{
	struct vgic_bank *bank = vgic_bank(v, b);
	uint32_t val = 0;

	for (unsigned int bit = 0; bit < 32; bit++)
		if (READ_ONCE(bank->home[bit]) != VGIC_HOME_NONE &&
		    (vgic_lr_op(v, b * 32 + bit, LR_PEEK) & state))
			val |= BIT(bit);
	return val;
}

uint32_t vgic_read_pending(struct vcpu *v, unsigned int b)
{
	struct vgic_bank *bank = vgic_bank(v, b);
	uint32_t val = bank->latch | bank->line | vgic_lr_states(v, b, LR_PENDING);
	unsigned int bit;

	if (!b && READ_ONCE(v->vcpu_info->evtchn_upcall_pending))
		val |= BIT(VGIC_PPI_EVTCHN);
	/* Physical ones the guest keeps disabled wait in the distributor. */
	if (b)
		for_each_bit32(bit, bank->hw & ~bank->enabled)
			if (gic_is_pending(vgic_pirq(v->domain, b * 32 + bit)))
				val |= BIT(bit);
	return val;
}

uint32_t vgic_read_active(struct vcpu *v, unsigned int b)
{
	return vgic_lr_states(v, b, LR_ACTIVE);
}

void vgic_set_priority(struct vcpu *v, unsigned int virq, uint8_t prio)
{
	struct vgic_bank *bank = vgic_bank(v, virq / 32);

	if (bank->prio[virq % 32] == prio)
		return;
	WRITE_ONCE(bank->prio[virq % 32], prio);
	vgic_fold_homes(v, virq / 32, BIT(virq % 32));
}

void vgic_set_level(struct vcpu *v, unsigned int b, uint32_t mask, uint32_t level)
{
	struct domain *d = v->domain;
	struct vgic_bank *bank = vgic_bank(v, b);
	unsigned long flags = spin_lock_irqsave(&dist_of(d)->lock);
	uint32_t changed;
	unsigned int bit;

	if (!b)		/* SGIs, and what the hypervisor itself drives */
		mask &= 0xffff0000 & ~OWN_PPIS;
	changed = (bank->level ^ level) & mask;
	bank->level ^= changed;
	/* As the architecture has it, the guest does this while it is disabled. */
	for_each_bit32(bit, b ? changed & bank->hw & ~bank->enabled : 0)
		irq_set_type(vgic_pirq(d, b * 32 + bit), level & BIT(bit));
	spin_unlock_irqrestore(&dist_of(d)->lock, flags);
}

/* SPIs. target exists. */
void vgic_set_target(struct domain *d, unsigned int virq, struct vcpu *target)
{
	unsigned int b = virq / 32, bit = virq % 32;
	struct vgic_bank *bank = &dist_of(d)->spi[b - 1];
	unsigned long flags = spin_lock_irqsave(&dist_of(d)->lock);
	bool same = bank->target[bit] == target->vcpu_id;

	if (!same) {
		WRITE_ONCE(bank->target[bit], target->vcpu_id);
		if ((bank->hw & BIT(bit)) && (bank->enabled & BIT(bit)))
			guest_irq_set_affinity(d, vgic_pirq(d, virq), target->processor);
	}
	spin_unlock_irqrestore(&dist_of(d)->lock, flags);
	if (same)
		return;
	/*
	 * Target before latch; pairs with vgic_queue_target(), latch before target: who
	 * comes second sees the other, so that somebody queues it for the new one.
	 */
	smp_mb();
	vgic_requeue(target, b, BIT(bit));
	vgic_fold_homes(target, b, BIT(bit));
}

void vgic_set_dist_enable(struct domain *d, bool enable)
{
	uint64_t all = enable ? ~0U | VGIC_TODO_EVTCHN : VGIC_TODO_FOLD;
	struct vcpu *v;

	if (dist_of(d)->enabled == enable)
		return;
	WRITE_ONCE(dist_of(d)->enabled, enable);
	for_each_vcpu(d, v) {
		atomic_or(&vgic_of(v)->todo, all);
		vgic_kick(v);
	}
}

/* ---- physical interrupts ---- */

int vgic_connect_hw(struct domain *d, unsigned int virq, unsigned int pirq)
{
	struct vgic_dist *dist = dist_of(d);
	struct vgic_bank *bank;
	unsigned long flags;
	uint16_t *table;
	int rc = 0;

	if (virq < VGIC_NR_PRIVATE || virq - VGIC_NR_PRIVATE >= dist->nr_spis)
		return -EINVAL;
	if (!dist->pirq) {	/* domain building: nobody else is here */
		table = xzalloc_array(uint16_t, dist->nr_spis);
		if (!table)
			return -ENOMEM;
		dist->pirq = table;
	}
	bank = &dist->spi[virq / 32 - 1];
	flags = spin_lock_irqsave(&dist_of(d)->lock);
	if (bank->hw & BIT(virq % 32)) {
		rc = -EBUSY;
	} else {
		dist->pirq[virq - VGIC_NR_PRIVATE] = pirq;
		atomic_or(&bank->hw, (uint32_t)BIT(virq % 32));
	}
	spin_unlock_irqrestore(&dist_of(d)->lock, flags);
	return rc;
}

void vgic_disconnect_hw(struct domain *d, unsigned int virq)
{
	struct vgic_bank *bank = vgic_find(d, NULL, virq);

	if (bank)
		atomic_and(&bank->hw, ~(uint32_t)BIT(virq % 32));
}

void vgic_move_irqs(struct vcpu *v)
{
	struct domain *d = v->domain;
	unsigned int bit;

	for (unsigned int b = 1; b < vgic_nr_banks(d); b++) {
		struct vgic_bank *bank = vgic_bank(v, b);

		for_each_bit32(bit, bank->hw & bank->enabled)
			if (bank->target[bit] == v->vcpu_id)
				guest_irq_set_affinity(d, vgic_pirq(d, b * 32 + bit),
						       v->processor);
	}
}

static void vgic_dump_bank(const char *what, unsigned int first, const struct vgic_bank *bank)
{
	if (bank->enabled | bank->latch | bank->line | bank->active)
		printk("    %s %4u: enabled %08x pending %08x line %08x spilled %08x hw %08x\n", what,
		       first, bank->enabled, bank->latch, bank->line, bank->active, bank->hw);
}

void vgic_dump(struct domain *d)
{
	struct vgic_dist *dist = dist_of(d);
	struct vcpu *v;

	printk("  vGICv%u: %s, %u SPIs\n", dist->version, dist->enabled ? "on" : "off",
	       dist->nr_spis);
	for (unsigned int b = 0; b < dist->nr_spis / 32; b++)
		vgic_dump_bank("SPI", 32 + b * 32, &dist->spi[b]);
	for_each_vcpu(d, v) {
		const struct vgic_vcpu *vg = vgic_of(v);

		printk("   %pv: todo %#lx list registers %#x waiting %#x\n", v,
		       (unsigned long)vg->todo, vg->lr_used, vg->waiting);
		vgic_dump_bank("PPI", 0, &vg->priv);
	}
}
