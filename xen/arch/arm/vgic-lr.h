/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * List registers, between vgic-lr.c and vgic-state.c. Interrupts off, either on
 * the CPU that v runs on (loaded), or under vgic.lock on the images.
 */
#ifndef VGIC_LR_H
#define VGIC_LR_H

#include "vgic-internal.h"

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

static inline bool lr_is_hw(uint64_t lr)
{
	return lr & LR_HW;
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

#endif
