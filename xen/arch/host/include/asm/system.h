/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread is a CPU. Interrupts do not come by themselves; their mask is only kept. */
#ifndef ASM_SYSTEM_H
#define ASM_SYSTEM_H

#include <xen/types.h>

extern __thread bool host_irqs_off;

#define cpu_relax() host_yield()
void host_yield(void);

static inline void local_irq_disable(void) { host_irqs_off = true; }
static inline void local_irq_enable(void) { host_irqs_off = false; }
static inline bool local_irq_is_enabled(void) { return !host_irqs_off; }

static inline unsigned long local_irq_save(void)
{
	unsigned long flags = host_irqs_off;

	host_irqs_off = true;
	return flags;
}

static inline void local_irq_restore(unsigned long flags)
{
	host_irqs_off = flags;
}

#endif
