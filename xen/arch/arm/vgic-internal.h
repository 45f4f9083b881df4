/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of the vGIC; see asm/vgic.h for how they divide the work. */
#ifndef VGIC_INTERNAL_H
#define VGIC_INTERNAL_H

#include <xen/atomic.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <drivers/gic.h>
#include <asm/traps.h>
#include <asm/vgic.h>
#include <asm/vio.h>

#define vgic_of(v)	(&(v)->arch.vgic)
#define dist_of(d)	(&(d)->arch.vgic)

/* Bank b of what v sees; b < vgic_nr_banks(). */
static inline struct vgic_bank *vgic_bank(struct vcpu *v, unsigned int b)
{
	return b ? &dist_of(v->domain)->spi[b - 1] : &vgic_of(v)->priv;
}

static inline unsigned int vgic_nr_banks(const struct domain *d)
{
	return 1 + d->arch.vgic.nr_spis / 32;
}

static inline uint16_t vgic_home(const struct vcpu *v, unsigned int slot)
{
	return v->vcpu_id << 8 | slot;
}

/* Physical interrupt behind a virtual one whose hw bit is set. */
static inline unsigned int vgic_pirq(const struct domain *d, unsigned int virq)
{
	return virq < VGIC_NR_PRIVATE ? vtimer_host_irq :
	       d->arch.vgic.pirq[virq - VGIC_NR_PRIVATE];
}

/*
 * Ends a physical interrupt that the guest does not end by a HW list register.
 * For SPIs of a GICv2 by the distributor: see lr_make().
 */
static inline void vgic_end_hw(const struct domain *d, unsigned int virq)
{
	if (d->arch.vgic.version == GIC_V2 && virq >= VGIC_NR_PRIVATE)
		gic_set_active(vgic_pirq(d, virq), false);
	else
		gic_hw->deactivate_irq(vgic_pirq(d, virq));
}

/* After work was put into v's todo word: makes v see it soon. No vGIC lock held. */
void vgic_kick_other(struct vcpu *v);

static inline void vgic_kick(struct vcpu *v)
{
	/* What is on this CPU is in order with itself, and looks on its way out. */
	if (v != current)
		vgic_kick_other(v);
	else if (unlikely(READ_ONCE(v->pause_flags) & (VPF_blocked | VPF_poll)))
		vcpu_unblock(v);
}

/* Bank b has something for v. */
static inline void vgic_queue(struct vcpu *v, unsigned int b)
{
	atomic_or(&vgic_of(v)->todo, BIT(b));
	vgic_kick(v);
}

/* v's list registers hold something that the guest's configuration no longer allows. */
static inline void vgic_request_fold(struct vcpu *v)
{
	atomic_or(&vgic_of(v)->todo, VGIC_TODO_FOLD);
	vgic_kick(v);
}

/* vgic.c: changes of bits (val) of bank b, as the registers ask. Any vCPU of the domain. */
void vgic_set_enable(struct vcpu *v, unsigned int b, uint32_t val);
void vgic_clear_enable(struct vcpu *v, unsigned int b, uint32_t val);
void vgic_set_pending(struct vcpu *v, unsigned int b, uint32_t val);
void vgic_clear_pending(struct vcpu *v, unsigned int b, uint32_t val);
void vgic_set_active(struct vcpu *v, unsigned int b, uint32_t val);
void vgic_clear_active(struct vcpu *v, unsigned int b, uint32_t val);
uint32_t vgic_read_pending(struct vcpu *v, unsigned int b);
uint32_t vgic_read_active(struct vcpu *v, unsigned int b);
void vgic_set_priority(struct vcpu *v, unsigned int virq, uint8_t prio);
void vgic_set_level(struct vcpu *v, unsigned int b, uint32_t mask, uint32_t level);
void vgic_set_target(struct domain *d, unsigned int virq, struct vcpu *target);
void vgic_set_dist_enable(struct domain *d, bool enable);
/* SGI from one vCPU to another (or itself). */
void vgic_send_sgi(struct vcpu *from, struct vcpu *to, unsigned int sgi);

#define EVTCHN_BIT	((uint32_t)BIT(VGIC_PPI_EVTCHN))

/* Is the upcall to be signalled? Its level is the guest's byte. */
static inline bool vgic_evtchn_up(const struct vcpu *v)
{
	return READ_ONCE(v->vcpu_info->evtchn_upcall_pending) &&
	       (v->arch.vgic.priv.enabled & EVTCHN_BIT) && v->domain->arch.vgic.enabled;
}

/* List register of a pending interrupt; but for the sender of a GICv2 SGI. */
static inline uint64_t vgic_lr_value(const struct vcpu *v, const struct vgic_bank *bank,
				     unsigned int virq)
{
	uint64_t lr = virq | LR_PENDING | v->domain->arch.vgic.lr_group |
		      (uint64_t)bank->prio[virq % 32] << LR_PRIO_SHIFT;
	uint32_t mask = BIT(virq % 32);

	if (bank->hw & mask)
		return lr | LR_HW | (uint64_t)vgic_pirq(v->domain, virq) << LR_PIRQ_SHIFT;
	/* A level: is the line still up when the guest has ended it? */
	if ((bank->level & mask) && virq != VGIC_PPI_EVTCHN)
		return lr | LR_EOI;
	return lr;
}

/* Interrupts of bank b that wait for v to put them into a list register. */
static inline uint32_t vgic_waiting(struct vcpu *v, unsigned int b)
{
	const struct vgic_bank *bank = vgic_bank(v, b);
	uint32_t mask = bank->enabled & (READ_ONCE(bank->latch) | READ_ONCE(bank->line));

	if (b)
		for (uint32_t m = mask; m; m &= m - 1)
			if (READ_ONCE(bank->target[__builtin_ctz(m)]) != v->vcpu_id)
				mask &= ~(m & -m);
	return mask;
}

/*
 * What there is to do, which is then taken over. That the upcall is loaded stays.
 * Acquire: what was queued is seen; pairs with the release of the or that queued.
 */
static inline uint64_t vgic_take_todo(struct vgic_vcpu *vg)
{
	return __atomic_fetch_and(&vg->todo, VGIC_TODO_EVTCHN_LOADED, __ATOMIC_ACQUIRE);
}

/*
 * List registers, for vgic-lr.c and vgic-state.c. Interrupts off, either on the
 * CPU that v runs on (loaded), or under vgic.lock on the images.
 */
static inline uint64_t lr_get(const struct vgic_vcpu *vg, unsigned int n)
{
	return likely(vg->loaded) ? gic_hw->read_lr(n) : vg->lr[n];
}

static inline void lr_put(struct vgic_vcpu *vg, unsigned int n, uint64_t lr)
{
	if (likely(vg->loaded))
		gic_hw->write_lr(n, lr);
	else
		vg->lr[n] = lr;
}

static inline uint8_t lr_prio(uint64_t lr)
{
	return lr >> LR_PRIO_SHIFT;
}

/* What is in list register n is over; the register itself is left to the caller. */
void lr_release(struct vcpu *v, unsigned int n);
/* Queues an interrupt that is not in a list register any more for whom it is meant. */
void lr_requeue(struct vcpu *v, unsigned int virq);
/* Brings list register n, which holds lr, up to date. Returns what it holds then. */
uint64_t lr_fold_one(struct vcpu *v, unsigned int n, uint64_t lr);
/* An active interrupt without a list register has come to its end. */
void spilled_end(struct vcpu *v, unsigned int virq);
/* The guest ended `count` interrupts that were in no list register: the highest first. */
void spilled_eoi(struct vcpu *v, unsigned int count);

/* vgic-lr.c: does what todo says; all of it. Interrupts off, v loaded. */
void vgic_sync(struct vcpu *v, uint64_t todo);
/* vgic-state.c: state of one interrupt in v's list register n, on v's own CPU or its image. */
enum vgic_lr_op { LR_PEEK, LR_CLEAR_PENDING, LR_SET_ACTIVE, LR_CLEAR_ACTIVE };
/* Returns LR_STATE_MASK bits as they were before. Interrupts on, no lock held. */
uint64_t vgic_lr_op(struct vcpu *v, unsigned int virq, enum vgic_lr_op op);
/* Sends the physical interrupts routed to v to the CPU it runs on now. */
void vgic_move_irqs(struct vcpu *v);

/* Offsets that both versions have, from GICD_BASE. */
#define VGIC_CTLR	0x000
#define VGIC_TYPER	0x004
#define VGIC_IIDR	0x008
#define VGIC_IGROUPR	0x080
#define VGIC_ISENABLER	0x100
#define VGIC_ICENABLER	0x180
#define VGIC_ISPENDR	0x200
#define VGIC_ICPENDR	0x280
#define VGIC_ISACTIVER	0x300
#define VGIC_ICACTIVER	0x380
#define VGIC_IPRIORITYR	0x400
#define VGIC_ITARGETSR	0x800
#define VGIC_ICFGR	0xc00
#define VGIC_IGRPMODR	0xd00
/* And in a redistributor, with SGI_base at: */
#define VGIC_SGI_FRAME	0x10000

/* Registers, by a list that ends with an empty row; the first that fits counts. */
struct vgic_reg {
	unsigned int first, last;	/* offsets of its bytes */
	uint8_t sizes;			/* of accesses, ORed; others are external aborts */
	/* NULL: reads as zero. v: whose private interrupts; SPIs are the domain's. */
	uint64_t (*read)(struct vcpu *v, unsigned int offset, unsigned int size);
	/* NULL: ignored. */
	void (*write)(struct vcpu *v, unsigned int offset, unsigned int size, uint64_t val);
};

/* vgic-mmio.c: of the list, or of those both versions share. false: an external abort. */
bool vgic_reg_read(struct vcpu *v, const struct vgic_reg *regs, unsigned int offset,
		   unsigned int size, uint64_t *val);
bool vgic_reg_write(struct vcpu *v, const struct vgic_reg *regs, unsigned int offset,
		    unsigned int size, uint64_t val);
uint64_t vgic_iidr_read(struct vcpu *v, unsigned int offset, unsigned int size);
uint32_t vgic_typer(const struct domain *d);	/* ITLinesNumber, CPUNumber */

/* vgic-v3.c: ICC_SGI1R_EL1 was written. */
void vgic_v3_sgi1r(struct vcpu *v, uint64_t val);

extern const struct vio_ops vgic_v2_dist_ops, vgic_v3_dist_ops, vgic_v3_rdist_ops;

#endif
