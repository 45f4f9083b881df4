/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * First instructions: from the boot loader (boot CPU) or the firmware's CPU_ON
 * (others), at EL2 with MMU off, to C at the linked address.
 *
 * The image is a Linux "Image" (Linux Documentation/arm64/booting.rst), so any
 * loader of kernels can load it, at any address that is a multiple of 2 MiB.
 * Everything here is position independent until the MMU is on. The tables
 * built here map the image only, with its final rights, and are the ones the
 * hypervisor keeps: no live mapping is ever replaced by one of other size.
 */
#include <xen/types.h>
#include <drivers/refuse.h>
#include <asm/config.h>
#include <asm/page.h>
#include <asm/sysregs.h>

/* Leaf entries: Normal write-back, inner shareable, accessed (ARM DDI 0487, D8.3) */
#define PTE_TABLE	0x3
#define PTE_RX		0x7cf
#define PTE_RO		0x7cf		/* and never executed, below */
#define PTE_RW		0x74f
#define PTE_XN_HI	(1 << (54 - 48))

	.section .head.text, "ax"
	b	boot_entry
	.long	0
	.quad	0			/* offset from a multiple of 2 MiB */
	.quad	_image_size
	.quad	0xa			/* little endian, 4 KiB pages, anywhere in memory */
	.quad	0
	.quad	0
	.quad	0
	.ascii	"ARM\x64"
	.long	0

	.section .init.text, "ax"

/* \reg = run-time address of \sym */
.macro adr_l reg, sym
	adrp	\reg, \sym
	add	\reg, \reg, :lo12:\sym
.endm

/* \reg = link address of \sym, below 4 GiB */
.macro mov_link reg, sym
	movz	\reg, #:abs_g1:\sym
	movk	\reg, #:abs_g0_nc:\sym
.endm

/*
 * Map image bytes [\from, \to) in image_l3. x20: where the image was loaded.
 * Clobbers x1-x6.
 */
.macro map_image from, to, attr, xn
	mov_link x1, \from
	mov_link x2, \to
	mov	x3, #\attr
	.if \xn
	movk	x3, #PTE_XN_HI, lsl #48
	.endif
	bl	map_image_range
.endm

/* x0 = address of the device tree (Linux boot protocol) */
boot_entry:
	msr	daifset, #0xf
	mov	x21, x0
	adr_l	x20, _start
	mov	x22, #REFUSE_NOT_EL2
	mrs	x0, CurrentEL
	cmp	x0, #(2 << 2)
	b.ne	refuse
	mov	x22, #REFUSE_MISALIGNED
	tst	x20, #0x1fffff
	b.ne	refuse

	/*
	 * Stale lines of the tables, dirty ones too, are dropped before they
	 * are written past the cache, and again afterwards those a speculative
	 * read brought in meanwhile.
	 */
	bl	invalidate_tables
	bl	build_tables
	dmb	sy
	bl	invalidate_tables

	mov_link x27, boot_virt
	b	enable_mmu

boot_virt:
	adr_l	x0, boot_stack_top
	mov	sp, x0
	adr_l	x1, hyp_vectors
	msr	vbar_el2, x1
	isb
	adr_l	x0, __bss_start
	adr_l	x1, __bss_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b

	/* The boot CPU's per-CPU variables: a copy of the template. */
	adr_l	x0, percpu_boot_area
	adr_l	x1, __percpu_start
	adr_l	x2, __percpu_end
	sub	x3, x0, x1
	msr	tpidr_el2, x3
2:	cmp	x1, x2
	b.hs	3f
	ldp	x4, x5, [x1], #16
	stp	x4, x5, [x0], #16
	b	2b
3:	mov	x0, x20
	mov	x1, x21
	mov	x29, xzr
	bl	start_xylem
	b	.

/*
 * From PSCI CPU_ON: x0 = logical CPU number. The tables exist. Not part of the init
 * text, which is memory of guests by the time a late CPU may come here.
 */
	.section .text.entry, "ax"
	.globl	secondary_entry
secondary_entry:
	msr	daifset, #0xf
	mov	x21, x0
	mrs	x0, CurrentEL
	cmp	x0, #(2 << 2)
	b.ne	.			/* CPU_ON enters at the caller's level: cannot be */
	mov_link x27, secondary_virt
	b	enable_mmu

secondary_virt:
	adr_l	x1, cpu_stack_top
	ldr	x1, [x1, x21, lsl #3]
	mov	sp, x1
	adr_l	x1, hyp_vectors
	msr	vbar_el2, x1
	adr_l	x1, percpu_offset_
	ldr	x1, [x1, x21, lsl #3]
	msr	tpidr_el2, x1
	isb
	mov	x0, x21
	mov	x29, xzr
	bl	start_secondary
	b	.

	.section .init.text, "ax"

/* Discard the cache lines of all boot tables. Clobbers x0-x3. */
invalidate_tables:
	adr_l	x0, __pgtables_start
	adr_l	x1, __pgtables_end
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4		/* DminLine: log2 of words */
	mov	x3, #4
	lsl	x2, x3, x2
1:	dc	ivac, x0
	add	x0, x0, x2
	cmp	x0, x1
	b.lo	1b
	dsb	sy
	ret

build_tables:
	mov	x19, x30
	adr_l	x0, __pgtables_start
	adr_l	x1, __pgtables_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b

	/* The first gigabyte holds the image and, one level down, the fixmap. */
	adr_l	x0, hyp_l0
	adr_l	x1, hyp_l1
	orr	x2, x1, #PTE_TABLE
	str	x2, [x0]
	adr_l	x0, hyp_l2
	orr	x2, x0, #PTE_TABLE
	str	x2, [x1]
	adr_l	x1, image_l3
	orr	x2, x1, #PTE_TABLE
	str	x2, [x0, #(XYLEM_VIRT_START >> 21 << 3)]
	adr_l	x1, fixmap_l3
	orr	x2, x1, #PTE_TABLE
	str	x2, [x0, #(FIXMAP_VIRT_START >> 21 << 3)]

	map_image _start, _etext, PTE_RX, 0
	map_image _etext, __init_begin, PTE_RO, 1
	map_image __init_begin, _einittext, PTE_RX, 0
	map_image _einittext, _einitrodata, PTE_RO, 1
	map_image _einitrodata, _end, PTE_RW, 1
	ret	x19

map_image_range:
	mov_link x4, _start
	sub	x1, x1, x4
	sub	x2, x2, x4
	adr_l	x5, image_l3
1:	cmp	x1, x2
	b.hs	2f
	add	x6, x20, x1
	orr	x6, x6, x3
	lsr	x4, x1, #PAGE_SHIFT
	str	x6, [x5, x4, lsl #3]
	add	x1, x1, #0x1000
	b	1b
2:	ret

	.section .text.entry, "ax"

/*
 * Turn the MMU on and go on at the link address in x27. What follows the
 * instruction that does it is not mapped where it runs (or mapped equally,
 * when the image was loaded to its link address): the instruction abort
 * arrives at mmu_is_on by way of VBAR_EL2. Nothing else than the image is
 * executable, so no other instruction can be fetched meanwhile.
 */
enable_mmu:
	msr	hcr_el2, xzr		/* no VHE, no stage 2 */
	isb
	tlbi	alle2
	dsb	nsh
	ldr	x0, =MAIR_EL2_VALUE
	msr	mair_el2, x0
	ldr	x0, =(TCR_EL2_RES1 | TCR_EL2_T0SZ(48) | TCR_EL2_IRGN_WB | TCR_EL2_ORGN_WB | TCR_EL2_SH_IS)
	mrs	x1, id_aa64mmfr0_el1
	and	x1, x1, #0xf		/* PARange; 48 bits at most with this format */
	mov	x2, #5
	cmp	x1, x2
	csel	x1, x1, x2, lo
	orr	x0, x0, x1, lsl #TCR_EL2_PS_SHIFT
	msr	tcr_el2, x0
	adr_l	x0, hyp_l0
	msr	ttbr0_el2, x0
	mov_link x0, mmu_on_vectors
	msr	vbar_el2, x0
	isb
	ic	iallu
	dsb	nsh
	isb
	ldr	x0, =(SCTLR_EL2_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I | SCTLR_WXN)
	msr	sctlr_el2, x0
	isb
	mov_link x0, mmu_is_on
	br	x0
	.ltorg

	.balign	2048
mmu_on_vectors:
	.skip	0x200			/* current EL with SP_ELx, synchronous */
mmu_is_on:
	msr	spsel, #1
	br	x27

	.section .init.text, "ax"

/*
 * Cannot go on: refuse_boot() looks for a UART in the device tree and says
 * why. Caches are off and any exception level is possible.
 */
refuse:
	adr_l	x0, boot_stack_top
	mov	sp, x0
	mov	x0, x21
	mov	x1, x22
	bl	refuse_boot
1:	wfi
	b	1b

	.section .pgtables, "aw", %nobits
	.balign	4096
.macro table name
	.globl	\name
\name:	.skip	4096
.endm
	table	hyp_l0			/* root */
	table	hyp_l1			/* first 512 GiB */
	table	hyp_l2			/* first 1 GiB */
	table	image_l3
	table	fixmap_l3

	.section .bss.boot_stack, "aw", %nobits
	.balign	STACK_SIZE
	.globl	boot_stack
boot_stack:
	.skip	STACK_SIZE
	.globl	boot_stack_top
boot_stack_top:
