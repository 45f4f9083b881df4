/* SPDX-License-Identifier: GPL-2.0-only */
/* Assembler helpers, and the offsets that assembler and C share. */
#ifndef GUEST_ASM_H
#define GUEST_ASM_H

/* Offsets in struct per_cpu (cpu.h) and struct trap_frame (trap.h); asserted there. */
#define PER_CPU_STACK		0
#define FRAME_SIZE		288
#define FRAME_SP		248
#define FRAME_ELR		256
#define FRAME_SPSR		264
#define FRAME_ESR		272
#define FRAME_FAR		280

#define BOOT_STACK_SIZE		16384

#ifdef __ASSEMBLER__
#define FUNC(name)	.globl name; .type name, %function; .balign 4; name:
#define END(name)	.size name, . - name

	.macro	adr_l, reg, sym
	adrp	\reg, \sym
	add	\reg, \reg, :lo12:\sym
	.endm
#endif

#endif
