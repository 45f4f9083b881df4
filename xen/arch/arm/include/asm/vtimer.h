/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's timers. The virtual one is the CPU's own while the guest runs;
 * its physical interrupt stays active until the guest's EOI, so the level is
 * the hardware's. The physical one is emulated.
 */
#ifndef ASM_VTIMER_H
#define ASM_VTIMER_H

#include <xen/timer.h>
#include <xen/types.h>
#include <drivers/arm_timer.h>

struct domain;
struct vcpu;

struct vtimer {
	struct timer timer;	/* fires when due and the vCPU is not running (physical: always) */
	bool armed;		/* virtual: the timer stands for the vCPU's own */
	uint64_t ctl, cval;	/* virtual: only valid while not running */
};

/* Host's PPI of the virtual timer. */
#define vtimer_host_irq timer_irqs[TIMER_VIRT]

void vtimer_vcpu_init(struct vcpu *v);
/* No timer of v fires any more; it does not run. Accepts half-built. */
void vtimer_vcpu_free(struct vcpu *v);
void vtimer_vcpu_reset(struct vcpu *v);		/* both off: the vCPU starts again */
/* Boot, every CPU: claims the virtual timer's PPI. */
void vtimer_init_cpu(void);
/* vCPU switch, interrupts off. Save before vgic_save(), restore after vgic_restore(). */
void vtimer_save(struct vcpu *v);
void vtimer_restore(struct vcpu *v);

/* Is the line of the running guest's virtual timer up? */
bool vtimer_line(void);

/* Trapped access to the physical timer, EL1 or EL0; reg is one of: */
enum ptimer_reg { PTIMER_CTL, PTIMER_CVAL, PTIMER_TVAL };
uint64_t ptimer_read(struct vcpu *v, enum ptimer_reg reg);
void ptimer_write(struct vcpu *v, enum ptimer_reg reg, uint64_t val);

#endif
