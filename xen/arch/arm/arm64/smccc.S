/* SPDX-License-Identifier: GPL-2.0-only */
	.text

/* void smccc_smc(fn, a1, a2, a3, struct smccc_res *res); x4-x17 may change (SMCCC 1.0). */
	.globl	smccc_smc
smccc_smc:
	stp	x4, x30, [sp, #-16]!
	mov	x4, xzr
	mov	x5, xzr
	mov	x6, xzr
	mov	x7, xzr
	smc	#0
	ldp	x4, x30, [sp], #16
	stp	x0, x1, [x4]
	stp	x2, x3, [x4, #16]
	ret
