/* SPDX-License-Identifier: GPL-2.0-only */
/* No barriers and no interrupts; system registers are what the machine says. */
#ifndef ASM_SYSTEM_H
#define ASM_SYSTEM_H

#include <xen/types.h>

#define dsb(scope)	((void)0)
#define dmb(scope)	((void)0)
#define isb()		((void)0)
#define wfi()		((void)0)
#define sev()		((void)0)
#define wfe()		((void)0)
#define cpu_relax()	((void)0)

uint64_t machine_sysreg(const char *name);

#define sysreg_name_(r)		#r
#define READ_SYSREG(r)		machine_sysreg(sysreg_name_(r))
#define WRITE_SYSREG(v, r)	((void)(v))

static inline void local_irq_disable(void) {}
static inline void local_irq_enable(void) {}
static inline unsigned long local_irq_save(void) { return 0; }
static inline void local_irq_restore(unsigned long flags) {}
static inline bool local_irq_is_enabled(void) { return true; }

#endif
