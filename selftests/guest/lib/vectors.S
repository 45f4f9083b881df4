/* SPDX-License-Identifier: GPL-2.0-only */
/* Exception vectors: save everything, call trap_handler(frame, vector), restore. */
#include "asm.h"

	.macro	vector, number
	.balign	128
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	.if	\number & 3 == 1
	b	irq_entry
	.else
	mov	x1, #\number
	b	trap_entry
	.endif
	.endm

	/* Registers of the frame at base: stored (stp) or loaded (ldp). */
	.macro	frame_x2_x17, op, base
	\op	x2, x3, [\base, #16 * 1]
	\op	x4, x5, [\base, #16 * 2]
	\op	x6, x7, [\base, #16 * 3]
	\op	x8, x9, [\base, #16 * 4]
	\op	x10, x11, [\base, #16 * 5]
	\op	x12, x13, [\base, #16 * 6]
	\op	x14, x15, [\base, #16 * 7]
	\op	x16, x17, [\base, #16 * 8]
	.endm

	.macro	frame_x18_x29, op, base
	\op	x18, x19, [\base, #16 * 9]
	\op	x20, x21, [\base, #16 * 10]
	\op	x22, x23, [\base, #16 * 11]
	\op	x24, x25, [\base, #16 * 12]
	\op	x26, x27, [\base, #16 * 13]
	\op	x28, x29, [\base, #16 * 14]
	.endm

	.text
	.balign	2048
	.globl	vectors
vectors:
	.set	n, 0
	.rept	16
	vector	n
	.set	n, n + 1
	.endr

/* Interrupts return to where they came from: what C preserves need not be saved. */
irq_entry:
	frame_x2_x17 stp, sp
	stp	x18, x30, [sp, #16 * 9]
	mrs	x2, elr_el1
	mrs	x3, spsr_el1
	stp	x2, x3, [sp, #FRAME_ELR]
	bl	gic_handle_irq
	ldp	x2, x3, [sp, #FRAME_ELR]
	msr	elr_el1, x2
	msr	spsr_el1, x3
	frame_x2_x17 ldp, sp
	ldp	x18, x30, [sp, #16 * 9]
	ldp	x0, x1, [sp], #FRAME_SIZE
	eret

trap_entry:
	frame_x2_x17 stp, sp
	frame_x18_x29 stp, sp
	add	x2, sp, #FRAME_SIZE
	stp	x30, x2, [sp, #16 * 15]
	mrs	x2, elr_el1
	mrs	x3, spsr_el1
	mrs	x4, esr_el1
	mrs	x5, far_el1
	stp	x2, x3, [sp, #FRAME_ELR]
	stp	x4, x5, [sp, #FRAME_ESR]
	mov	x0, sp
	bl	trap_handler

	ldp	x2, x3, [sp, #FRAME_ELR]
	msr	elr_el1, x2
	msr	spsr_el1, x3
	frame_x2_x17 ldp, sp
	frame_x18_x29 ldp, sp
	ldr	x30, [sp, #16 * 15]
	ldp	x0, x1, [sp], #FRAME_SIZE
	eret

/*
 * int context_save(struct context *c): 0 now, and 1 when context_restore()
 * comes back here. The interrupt mask is part of the context.
 */
FUNC(context_save)
	stp	x19, x20, [x0]
	stp	x21, x22, [x0, #16]
	stp	x23, x24, [x0, #32]
	stp	x25, x26, [x0, #48]
	stp	x27, x28, [x0, #64]
	stp	x29, x30, [x0, #80]
	mov	x1, sp
	mrs	x2, daif
	stp	x1, x2, [x0, #96]
	mov	w0, #0
	ret
END(context_save)

FUNC(context_restore)
	ldp	x19, x20, [x0]
	ldp	x21, x22, [x0, #16]
	ldp	x23, x24, [x0, #32]
	ldp	x25, x26, [x0, #48]
	ldp	x27, x28, [x0, #64]
	ldp	x29, x30, [x0, #80]
	ldp	x1, x2, [x0, #96]
	mov	sp, x1
	msr	daif, x2
	mov	w0, #1
	ret
END(context_restore)

/* void el0_enter(struct el0 *e): x0-x30, then sp, pc, spsr. Does not return. */
FUNC(el0_enter)
	ldp	x1, x2, [x0, #FRAME_SP]
	ldr	x3, [x0, #FRAME_SPSR]
	msr	sp_el0, x1
	msr	elr_el1, x2
	msr	spsr_el1, x3
	frame_x2_x17 ldp, x0
	frame_x18_x29 ldp, x0
	ldr	x30, [x0, #16 * 15]
	ldp	x0, x1, [x0]
	eret
END(el0_enter)
