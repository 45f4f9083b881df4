/* SPDX-License-Identifier: GPL-2.0-only */
/* The generic timer of the host (ARM DDI 0487, D11). */
#ifndef DRIVERS_ARM_TIMER_H
#define DRIVERS_ARM_TIMER_H

#include <xen/time.h>
#include <asm/system.h>

/* Interrupts of the device tree's timer node, INTIDs; 0 when it has none. */
enum timer_irq { TIMER_PHYS_SECURE, TIMER_PHYS, TIMER_VIRT, TIMER_HYP, NR_TIMER_IRQS };
extern unsigned int timer_irqs[NR_TIMER_IRQS];

extern uint64_t cntfrq;		/* counter frequency, Hz */
extern uint64_t boot_count;	/* CNTPCT_EL0 where get_s_time() is 0 */

static inline uint64_t get_cycles(void)
{
	isb();	/* the counter may otherwise be read early (D11.1.2) */
	return READ_SYSREG(cntpct_el0);
}

/* An interval, up to hundreds of years. */
s_time_t ticks_to_ns(uint64_t ticks);

void time_init_boot(const void *fdt);	/* frequency, interrupts; get_s_time() works */
void time_init_cpu(void);		/* this CPU's hypervisor timer; wants irq_init() */

#endif
