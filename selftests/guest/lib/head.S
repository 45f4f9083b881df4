/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Image header and entry of a test kernel.
 *
 * The image is linked at 0 and relocates itself: the hypervisor places dom0
 * wherever its memory is. On entry x0 is the device tree (dom0) or a
 * struct child_params (a domain that a test has built), MMU off, EL1h.
 */
#include "asm.h"

	.section .head.text, "ax"
	.globl	_start
_start:
	b	entry
	.long	0
	.quad	0			/* text_offset */
	.quad	_image_size
	.quad	0xa			/* little endian, 4 KiB pages, anywhere */
	.quad	0
	.quad	0
	.quad	0
	.ascii	"ARM\x64"
	.long	0

entry:
	/* First of all, so that the benchmark can tell the time of boot. */
	mrs	x20, cntpct_el0
	mov	x19, x0

	adrp	x1, boot_stack_top
	add	x1, x1, :lo12:boot_stack_top
	mov	sp, x1
	mov	x29, xzr
	mov	x30, xzr

	/* FP and SIMD for everybody; library code may use them. */
	mov	x1, #3 << 20
	msr	cpacr_el1, x1
	adr_l	x1, vectors
	msr	vbar_el1, x1
	isb

	adr_l	x1, __bss_start
	adr_l	x2, __bss_end
1:	cmp	x1, x2
	b.hs	2f
	stp	xzr, xzr, [x1], #16
	b	1b

2:	/* R_AARCH64_RELATIVE only: *(base + offset) = base + addend. */
	adr_l	x0, _start
	adr_l	x1, __rela_start
	adr_l	x2, __rela_end
3:	cmp	x1, x2
	b.hs	4f
	ldp	x3, x4, [x1], #16
	ldr	x5, [x1], #8
	cmp	w4, #1027
	b.ne	3b
	add	x5, x5, x0
	str	x5, [x0, x3]
	b	3b

4:	adr_l	x0, per_cpu
	msr	tpidr_el1, x0
	mov	x0, x19
	mov	x1, x20
	bl	start_c
	b	.

/*
 * Secondary entry, from PSCI CPU_ON: x0 is the struct per_cpu of this CPU.
 */
	.text
FUNC(secondary_entry)
	mov	x1, #3 << 20
	msr	cpacr_el1, x1
	adr_l	x1, vectors
	msr	vbar_el1, x1
	isb
	msr	tpidr_el1, x0
	ldr	x1, [x0, #PER_CPU_STACK]
	mov	sp, x1
	mov	x29, xzr
	mov	x30, xzr
	bl	secondary_c
	b	.
END(secondary_entry)

	.section .bss.stack, "aw", %nobits
	.balign	16
	.skip	BOOT_STACK_SIZE
boot_stack_top:
