/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual interrupt controller, GICv2 or GICv3 as the host's.
 *
 * Interrupts live in banks of 32, a bit each, so that the distributor's
 * registers are words of a bank. Bank 0 (SGIs and PPIs) is the vCPU's, the
 * others (SPIs) the domain's.
 *
 * Injection takes no lock: it sets the pending latch, then the bank's bit in
 * the target's todo word (both atomic), then makes the target look. Only the
 * CPU a vCPU runs on touches its list registers; while it does not run, their
 * images are protected by vgic.lock. List registers are left alone on exits
 * without work: what the guest has ended is found when a register is needed.
 *
 *   vgic.c        injection, enabling, routing of physical interrupts
 *   vgic-sync.c   the hot way of interrupts into list registers
 *   vgic-lr.c     list registers: loading, folding, overflow
 *   vgic-state.c  is one pending, list registers of another vCPU, vCPU switch
 *   vgic-mmio.c   registers that v2 and v3 share
 *   vgic-v2.c, vgic-v3.c   what is particular to each
 */
#ifndef ASM_VGIC_H
#define ASM_VGIC_H

#include <xen/bitops.h>
#include <xen/spinlock.h>
#include <xen/types.h>
#include <drivers/gic.h>

struct domain;
struct vcpu;

#define VGIC_NR_PRIVATE		32
#define VGIC_MAX_BANKS		32	/* todo words have a bit for each */
#define VGIC_MAX_LRS		16
#define VGIC_MAX_SPIS		960	/* whole banks below the special INTIDs, 1020 to 1023 */
#define VGIC_SPURIOUS		1023

#define VGIC_PPI_VTIMER		27
#define VGIC_PPI_PTIMER		30
#define VGIC_PPI_EVTCHN		31

/*
 * State of 32 interrupts. enabled, latch, line, active, hw change by atomic bit
 * operations; level, prio and target are the guest's configuration.
 */
struct vgic_bank {
	uint32_t enabled;
	uint32_t latch;		/* pending, to be put into a list register */
	uint32_t line;		/* level of an emulated device's line */
	uint32_t active;	/* active without a list register: too few of them */
	uint32_t level;		/* level-sensitive; others are edge-triggered */
	uint32_t hw;		/* a physical interrupt is behind it */
	uint8_t prio[32];
	uint8_t target[32];	/* vCPU id; SPIs only */
	/* Where it is: vCPU id << 8 | list register + 1, or VGIC_HOME_NONE. */
	uint16_t home[32];
};

#define VGIC_HOME_NONE		0
#define VGIC_HOME_SPILLED	0xff	/* in place of the list register: bank.active */

/* vgic_vcpu.todo: bit b = bank b may have something to load; and: */
#define VGIC_TODO_EVTCHN	BIT(32)	/* the event channel upcall may be due */
#define VGIC_TODO_FOLD		BIT(33)	/* look through the list registers first */
#define VGIC_TODO_EVTCHN_LOADED	BIT(34)	/* it is in a list register: withdraw it once it is taken back */

struct vgic_vcpu {
	uint64_t todo;		/* atomic; 0 on most exits */
	uint32_t lr_used;	/* list registers in use, as far as known */
	uint32_t waiting;	/* banks with interrupts that found no list register */
	uint32_t hcr;		/* GICH_HCR/ICH_HCR_EL2 as written last */
	bool loaded;		/* list registers are in the CPU */
	bool hcr_check;		/* hcr may have to change: not the usual value, or waiting set */
	bool lr_pending;	/* one of the images is pending (not loaded only) */
	bool kick_others;	/* work was queued for others under vgic.lock */
	uint16_t nr_spilled;	/* bits of bank.active that are this vCPU's */
	uint16_t cpu;		/* loaded: where; physical interrupts routed to it go there too */
	uint16_t lr_irq[VGIC_MAX_LRS];
	spinlock_t lock;	/* RANK_VGIC: while not loaded, list registers' images and fields */
	uint64_t lr[VGIC_MAX_LRS];
	struct gic_vcpu_if cpu_if;	/* not loaded */
	uint8_t sgi_source[16];	/* GICv2: vCPUs whose SGI is in the latch */
	struct vgic_bank priv;
};

struct vgic_dist {
	/* RANK_VGIC_DIST: configuration of SPIs; orders enabled bits and what they enable */
	spinlock_t lock;
	struct vgic_bank *spi;	/* nr_spis / 32 of them */
	uint16_t *pirq;		/* by virq - 32, where bank.hw says so; NULL without any */
	unsigned int nr_spis;	/* multiple of 32 */
	uint8_t version;	/* 2 or 3 */
	bool enabled;		/* GICD_CTLR, the group guests use */
	uint8_t *targets_v2;	/* GICv2: GICD_ITARGETSR as written, by virq - 32 */
	uint64_t lr_group;	/* LR_GROUP1 or 0: the group that guests of this version use */
};

/* version 2 or 3, the host's. */
int vgic_domain_init(struct domain *d, unsigned int version, unsigned int nr_spis);
/* Before the guest runs: registers the emulated frames (rdist_*: v3 only). */
int vgic_set_bases(struct domain *d, paddr_t dist_base, paddr_t rdist_base, paddr_t rdist_size);
/* Gives physical interrupts back. Nothing of the domain runs any more. Accepts half-built. */
void vgic_domain_free(struct domain *d);
int vgic_vcpu_init(struct vcpu *v);
/* Of a vCPU that starts again (PSCI CPU_ON after CPU_OFF): CPU interface as at reset. */
void vgic_vcpu_reset(struct vcpu *v);

/*
 * Any context, no lock needed. level: the line's new level; for edge-triggered
 * interrupts true makes one pending and false does nothing. v: NULL for SPIs.
 */
void vgic_inject(struct domain *d, struct vcpu *v, unsigned int virq, bool level);
/* A routed SPI has fired: it stays active until the guest's EOI. Interrupt context. */
void vgic_inject_hw(struct domain *d, unsigned int virq);
/* The virtual timer's PPI has fired on this CPU, running v: it stays active. Interrupt context. */
void vgic_inject_vtimer(struct vcpu *v);

/* virq of d becomes the physical SPI pirq. -EBUSY, -EINVAL, -ENOMEM. */
int vgic_connect_hw(struct domain *d, unsigned int virq, unsigned int pirq);
void vgic_disconnect_hw(struct domain *d, unsigned int virq);
void vgic_dump(struct domain *d);

#endif
