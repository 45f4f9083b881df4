/* SPDX-License-Identifier: GPL-2.0-only */
/* System registers and barriers. */
#ifndef GUEST_SYSREG_H
#define GUEST_SYSREG_H

#include "types.h"

#define read_sysreg(r) ({						\
	u64 __v;							\
	asm volatile("mrs %0, " #r : "=r" (__v) : : "memory");		\
	__v;								\
})
#define write_sysreg(r, v) \
	asm volatile("msr " #r ", %0" : : "r" ((u64)(v)) : "memory")

#define isb()		asm volatile("isb" : : : "memory")
#define dsb(s)		asm volatile("dsb " #s : : : "memory")
#define dmb(s)		asm volatile("dmb " #s : : : "memory")
#define wfi()		asm volatile("wfi" : : : "memory")
#define wfe()		asm volatile("wfe" : : : "memory")
#define sev()		asm volatile("sev" : : : "memory")

static inline void irq_enable(void)
{
	asm volatile("msr daifclr, #2" : : : "memory");
}

static inline void irq_disable(void)
{
	asm volatile("msr daifset, #2" : : : "memory");
}

/* Sleeps until an interrupt is pending, then takes it; call with interrupts masked. */
static inline void irq_wait(void)
{
	dsb(sy);
	wfi();
	irq_enable();
	isb();
	irq_disable();
}

/* GICv3 CPU interface registers by number: assemblers name them only with an option. */
#define ICC_PMR_EL1		S3_0_C4_C6_0
#define ICC_IAR1_EL1		S3_0_C12_C12_0
#define ICC_EOIR1_EL1		S3_0_C12_C12_1
#define ICC_HPPIR1_EL1		S3_0_C12_C12_2
#define ICC_BPR1_EL1		S3_0_C12_C12_3
#define ICC_CTLR_EL1		S3_0_C12_C12_4
#define ICC_SRE_EL1		S3_0_C12_C12_5
#define ICC_IGRPEN1_EL1		S3_0_C12_C12_7
#define ICC_SGI1R_EL1		S3_0_C12_C11_5
#define ICC_ASGI1R_EL1		S3_0_C12_C11_6
#define ICC_SGI0R_EL1		S3_0_C12_C11_7
#define ICC_DIR_EL1		S3_0_C12_C11_1
#define ICC_RPR_EL1		S3_0_C12_C11_3

#define read_sysreg_s(r)	read_sysreg_x(r)
#define read_sysreg_x(r)	read_sysreg(r)
#define write_sysreg_s(r, v)	write_sysreg_x(r, v)
#define write_sysreg_x(r, v)	write_sysreg(r, v)

#endif
