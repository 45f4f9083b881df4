/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual interrupt controller, GICv2 or GICv3 as the host's. Structures
 * and what other parts call. (vgic.c, vgic-v2.c, vgic-v3.c)
 */
#ifndef ASM_VGIC_H
#define ASM_VGIC_H

#include <xen/bitops.h>
#include <xen/list.h>
#include <xen/spinlock.h>
#include <xen/types.h>

struct domain;
struct vcpu;
struct virq;			/* one virtual interrupt's state */

struct vgic_vcpu {
	spinlock_t lock;	/* RANK_VGIC: this vCPU's pending list and private interrupts */
	struct virq *priv;	/* 32: SGIs and PPIs */
	struct list_head pending; /* to be put into list registers, by priority */
	uint64_t lr_used;	/* list registers in use */
	struct virq *lr_virq[16];
	uint32_t vmcr, apr[4], apr_g1[4];	/* saved while not running */
	uint64_t lrs[16];
	bool lrs_loaded;
};

struct vgic_dist {
	spinlock_t lock;	/* distributor registers that concern all; before a vCPU's */
	struct virq *spis;
	unsigned int nr_spis;	/* multiple of 32 */
	uint8_t version;	/* 2 or 3 */
	bool enabled;		/* GICD_CTLR */
	paddr_t dist_base, cpu_base, rdist_base;
	paddr_t rdist_size;
};

int vgic_domain_init(struct domain *d, unsigned int version, unsigned int nr_spis);
void vgic_domain_free(struct domain *d);
int vgic_vcpu_init(struct vcpu *v);
void vgic_vcpu_free(struct vcpu *v);

/* Any context. level: the line; for edge interrupts true makes one pending. */
void vgic_inject(struct domain *d, struct vcpu *v, unsigned int virq, bool level);
/* A routed physical interrupt has fired (it is active; the guest's EOI ends it). */
void vgic_inject_hw(struct domain *d, unsigned int virq);
bool vgic_vcpu_pending(const struct vcpu *v);	/* deliverable: enabled, unmasked priority */
int vgic_connect_hw(struct domain *d, unsigned int virq, unsigned int pirq);
int vgic_reserve_virq(struct domain *d, unsigned int virq);
void vgic_dump(struct domain *d);

#endif
