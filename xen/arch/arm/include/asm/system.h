/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupt masking, barriers and hints of the running CPU. */
#ifndef ASM_SYSTEM_H
#define ASM_SYSTEM_H

#include <xen/types.h>

#define dsb(scope)	__asm__ __volatile__("dsb " #scope ::: "memory")
#define dmb(scope)	__asm__ __volatile__("dmb " #scope ::: "memory")
#define isb()		__asm__ __volatile__("isb" ::: "memory")
#define wfi()		__asm__ __volatile__("wfi" ::: "memory")
#define sev()		__asm__ __volatile__("sev" ::: "memory")
#define wfe()		__asm__ __volatile__("wfe" ::: "memory")
#define cpu_relax()	__asm__ __volatile__("yield" ::: "memory")

#define READ_SYSREG(r)		({ uint64_t v_; __asm__ __volatile__("mrs %0, " #r : "=r" (v_)); v_; })
#define WRITE_SYSREG(v, r)	__asm__ __volatile__("msr " #r ", %0" :: "r" ((uint64_t)(v)))

/*
 * PAR_EL1 after the address translation op of va. The register is the guest's,
 * which may be between its own AT and reading the result: it is put back.
 */
#define AT_PAR(op, va) ({						\
	uint64_t saved_ = READ_SYSREG(par_el1), par_;			\
									\
	__asm__ __volatile__("at " #op ", %0" :: "r" (va) : "memory");	\
	isb();	/* AT before the read of its result (D8.13) */		\
	par_ = READ_SYSREG(par_el1);					\
	WRITE_SYSREG(saved_, par_el1);					\
	par_;								\
})

/* PSTATE.I only: SError stays as it is. */
static inline void local_irq_disable(void) { __asm__ __volatile__("msr daifset, #2" ::: "memory"); }
static inline void local_irq_enable(void) { __asm__ __volatile__("msr daifclr, #2" ::: "memory"); }

static inline unsigned long local_irq_save(void)
{
	unsigned long flags;

	__asm__ __volatile__("mrs %0, daif\n\tmsr daifset, #2" : "=r" (flags) :: "memory");
	return flags;
}

static inline void local_irq_restore(unsigned long flags)
{
	__asm__ __volatile__("msr daif, %0" :: "r" (flags) : "memory");
}

static inline bool local_irq_is_enabled(void)
{
	return !(READ_SYSREG(daif) & (1UL << 7));
}

#endif
