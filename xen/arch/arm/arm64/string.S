/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memcpy, memmove and memset on Normal memory, where any alignment is allowed.
 * The vector registers are a guest's: what is used of them is put back.
 */
	.arch_extension fp
	.arch_extension simd
	.text

.macro copy_128 off
	ldp	q0, q1, [x1, #\off + 0]
	ldp	q2, q3, [x1, #\off + 32]
	ldp	q4, q5, [x1, #\off + 64]
	ldp	q6, q7, [x1, #\off + 96]
	stp	q0, q1, [x3, #\off + 0]
	stp	q2, q3, [x3, #\off + 32]
	stp	q4, q5, [x3, #\off + 64]
	stp	q6, q7, [x3, #\off + 96]
.endm

/* void *memcpy(void *dst, const void *src, size_t n) */
	.globl	memcpy
memcpy:
	mov	x3, x0
	/* Forward; each step loads all it takes before it stores. */
copy_forward:
	subs	x2, x2, #64
	b.lo	2f
	/*
	 * Pages, mostly: 256 bytes a round through eight of the guest's vector
	 * registers, kept on the stack meanwhile. Interrupts that copy nest
	 * properly. (Once guests have SVE their upper halves are to be kept too:
	 * writing a q register clears them.)
	 */
	subs	x2, x2, #192
	b.lo	10f
	stp	q0, q1, [sp, #-128]!
	stp	q2, q3, [sp, #32]
	stp	q4, q5, [sp, #64]
	stp	q6, q7, [sp, #96]
9:
	copy_128 0
	copy_128 128
	add	x1, x1, #256
	add	x3, x3, #256
	subs	x2, x2, #256
	b.hs	9b
	ldp	q2, q3, [sp, #32]
	ldp	q4, q5, [sp, #64]
	ldp	q6, q7, [sp, #96]
	ldp	q0, q1, [sp], #128
10:	adds	x2, x2, #192
	b.mi	2f
1:	ldp	x4, x5, [x1]
	ldp	x6, x7, [x1, #16]
	ldp	x8, x9, [x1, #32]
	ldp	x10, x11, [x1, #48]
	add	x1, x1, #64
	stp	x4, x5, [x3]
	stp	x6, x7, [x3, #16]
	stp	x8, x9, [x3, #32]
	stp	x10, x11, [x3, #48]
	add	x3, x3, #64
	subs	x2, x2, #64
	b.hs	1b
2:	/* The low 6 bits of the count are what is left. */
	tbz	x2, #5, 3f
	ldp	x4, x5, [x1]
	ldp	x6, x7, [x1, #16]
	add	x1, x1, #32
	stp	x4, x5, [x3]
	stp	x6, x7, [x3, #16]
	add	x3, x3, #32
3:	tbz	x2, #4, 4f
	ldp	x4, x5, [x1], #16
	stp	x4, x5, [x3], #16
4:	tbz	x2, #3, 5f
	ldr	x4, [x1], #8
	str	x4, [x3], #8
5:	tbz	x2, #2, 6f
	ldr	w4, [x1], #4
	str	w4, [x3], #4
6:	tbz	x2, #1, 7f
	ldrh	w4, [x1], #2
	strh	w4, [x3], #2
7:	tbz	x2, #0, 8f
	ldrb	w4, [x1]
	strb	w4, [x3]
8:	ret

/* void *memmove(void *dst, const void *src, size_t n) */
	.globl	memmove
memmove:
	mov	x3, x0
	sub	x4, x0, x1
	cmp	x4, x2
	b.hs	copy_forward		/* dst is below src, or behind its end */
	add	x1, x1, x2
	add	x3, x0, x2
	subs	x2, x2, #16
	b.lo	2f
1:	ldp	x4, x5, [x1, #-16]!
	stp	x4, x5, [x3, #-16]!
	subs	x2, x2, #16
	b.hs	1b
2:	adds	x2, x2, #16
	b.eq	4f
3:	ldrb	w4, [x1, #-1]!
	strb	w4, [x3, #-1]!
	subs	x2, x2, #1
	b.ne	3b
4:	ret

/* void *memset(void *dst, int c, size_t n) */
	.globl	memset
memset:
	mov	x3, x0
	and	x1, x1, #0xff
	orr	x1, x1, x1, lsl #8
	orr	x1, x1, x1, lsl #16
	orr	x1, x1, x1, lsl #32
	subs	x2, x2, #64
	b.lo	2f
1:	stp	x1, x1, [x3]
	stp	x1, x1, [x3, #16]
	stp	x1, x1, [x3, #32]
	stp	x1, x1, [x3, #48]
	add	x3, x3, #64
	subs	x2, x2, #64
	b.hs	1b
2:	tbz	x2, #5, 3f
	stp	x1, x1, [x3], #16
	stp	x1, x1, [x3], #16
3:	tbz	x2, #4, 4f
	stp	x1, x1, [x3], #16
4:	tbz	x2, #3, 5f
	str	x1, [x3], #8
5:	tbz	x2, #2, 6f
	str	w1, [x3], #4
6:	tbz	x2, #1, 7f
	strh	w1, [x3], #2
7:	tbz	x2, #0, 8f
	strb	w1, [x3]
8:	ret
