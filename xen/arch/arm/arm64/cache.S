/* SPDX-License-Identifier: GPL-2.0-only */
/* Cache maintenance by address (ARM DDI 0487, D7.5.9) and page-sized moves. */

	.text

/* The page at x0, in lines of 64 bytes: four a round. */
.macro page_by_64 op
	mov	x1, #16
8:
	.rept	4
	dc	\op, x0
	add	x0, x0, #64
	.endr
	subs	x1, x1, #1
	b.ne	8b
.endm

/* Walk [x0, x0 + x1) by data cache lines. */
.macro dcache_range op
	cbz	x1, 2f
	add	x1, x0, x1
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4		/* DminLine: log2 of words */
	mov	x3, #4
	lsl	x2, x3, x2
	sub	x3, x2, #1
	bic	x0, x0, x3
1:	dc	\op, x0
	add	x0, x0, x2
	cmp	x0, x1
	b.lo	1b
2:	dsb	sy			/* to all observers, devices included */
	ret
.endm

	.globl	clean_dcache_range
clean_dcache_range:
	dcache_range cvac

/* void clean_dcache_page(const void *page): one page, aligned. */
	.globl	clean_dcache_page
clean_dcache_page:
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4
	cmp	x2, #4
	mov	x1, #4096
	b.ne	clean_dcache_range
	page_by_64 cvac
	dsb	sy
	ret

	.globl	clean_invalidate_dcache_range
clean_invalidate_dcache_range:
	dcache_range civac

	.globl	invalidate_icache_all
invalidate_icache_all:
	dsb	ish			/* the cleaning before */
	ic	ialluis
	dsb	ish
	isb
	ret

/* void clear_page(void *page): DC ZVA, or stores where it is prohibited. */
	.globl	clear_page
clear_page:
	mrs	x1, dczid_el0
	add	x4, x0, #4096
	tbnz	x1, #4, 2f
	cmp	x1, #4
	b.ne	3f
	page_by_64 zva
	ret
3:	mov	x2, #4
	lsl	x2, x2, x1
1:	dc	zva, x0
	add	x0, x0, x2
	cmp	x0, x4
	b.lo	1b
	ret
2:	stp	xzr, xzr, [x0]
	stp	xzr, xzr, [x0, #16]
	stp	xzr, xzr, [x0, #32]
	stp	xzr, xzr, [x0, #48]
	add	x0, x0, #64
	cmp	x0, x4
	b.lo	2b
	ret

/* void copy_page(void *dst, const void *src) */
	.globl	copy_page
copy_page:
	add	x2, x1, #4096
1:	ldp	x3, x4, [x1]
	ldp	x5, x6, [x1, #16]
	ldp	x7, x8, [x1, #32]
	ldp	x9, x10, [x1, #48]
	ldp	x11, x12, [x1, #64]
	ldp	x13, x14, [x1, #80]
	ldp	x15, x16, [x1, #96]
	ldp	x17, x18, [x1, #112]
	stp	x3, x4, [x0]
	stp	x5, x6, [x0, #16]
	stp	x7, x8, [x0, #32]
	stp	x9, x10, [x0, #48]
	stp	x11, x12, [x0, #64]
	stp	x13, x14, [x0, #80]
	stp	x15, x16, [x0, #96]
	stp	x17, x18, [x0, #112]
	add	x1, x1, #128
	add	x0, x0, #128
	cmp	x1, x2
	b.lo	1b
	ret
