// SPDX-License-Identifier: GPL-2.0-only
/*
 * 32-bit user code under a 64-bit kernel: the traps it can cause.
 *
 * Coprocessor accesses that trap to the hypervisor carry a condition: one that
 * fails must be skipped, also inside an IT block, whose state must advance.
 */
#include "test.h"

static u32 *code;

static void run(struct trap_frame *r, const void *insns, size_t bytes, u64 spsr, u64 r0)
{
	memset(r, 0, sizeof(*r));
	memcpy(code, insns, bytes);
	sync_code(code, PAGE_SIZE);
	r->elr = (u64)code;
	r->spsr = spsr;
	r->x[0] = r0;
	el0_run(r);
}

#define A32_SVC		0xef000000
#define T32_SVC		0xdf00

void test_main(void)
{
	static const u32 plain[] = { 0xe3a0002a, 0xe2800001, A32_SVC }; /* mov r0,#42; add; svc */
	static const u32 undef[] = { 0xe7f000f0, A32_SVC };		/* udf */
	static const u32 hvc[] = { 0xe14ea171, A32_SVC };		/* hvc #0xea1 */
	static const u32 smc[] = { 0xe1600070, A32_SVC };		/* smc #0 */
	static const u32 wfi[] = { 0xe320f003, 0xe3a00007, A32_SVC };	/* wfi; mov r0, #7 */
	static const u32 wfe[] = { 0xe320f002, 0xe3a00007, A32_SVC };
	static const u32 cp14[] = { 0xee100e11, A32_SVC };		/* mrc p14,0,r0,c0,c1,0 */
	static const u32 midr[] = { 0xee100f10, A32_SVC };		/* mrc p15,0,r0,c0,c0,0 */
	static const u32 pmcr[] = { 0xee190f1c, A32_SVC };		/* mrc p15,0,r0,c9,c12,0 */
	/* cmp r0, #0; mrcne p15,0,r0,c9,c12,0; mov r1, #9; svc */
	static const u32 cond[] = { 0xe3500000, 0x1e190f1c, 0xe3a01009, A32_SVC };
	/* movs r0, #0; it ne; wfine; movs r1, #5; svc */
	static const u16 thumb[] = { 0x2000, 0xbf18, 0xbf30, 0x2105, T32_SVC };
	/* movs r0,#0; ite eq; moveq r1,#3; movne r1,#4; svc */
	static const u16 ite[] = { 0x2000, 0xbf0c, 0x2103, 0x2104, T32_SVC };
	/* ldr r0, [r0]; svc */
	static const u32 load[] = { 0xe5900000, A32_SVC };
	struct trap_frame r;

	if ((read_sysreg(id_aa64pfr0_el1) & 15) != 2) {
		report_skip("this CPU has no AArch32 at EL0");
		return;
	}
	code = page_alloc(1);
	mmu_set((u64)code, PAGE_SIZE, MMU_USER);
	write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) | BIT(16) | BIT(18));
	isb();

	run(&r, plain, sizeof(plain), SPSR_EL0_A32, 0);
	check_eq(ESR_EC(r.esr), EC_SVC32, "SVC comes to EL1");
	check_eq(r.x[0], 43, "after the code before it");
	run(&r, undef, sizeof(undef), SPSR_EL0_A32, 0);
	check_eq(ESR_EC(r.esr), EC_UNKNOWN, "UDF is undefined");
	run(&r, hvc, sizeof(hvc), SPSR_EL0_A32, 0);
	check_eq(ESR_EC(r.esr), EC_UNKNOWN, "HVC is undefined");
	run(&r, smc, sizeof(smc), SPSR_EL0_A32, 0);
	check_eq(ESR_EC(r.esr), EC_UNKNOWN, "SMC is undefined");
	run(&r, wfe, sizeof(wfe), SPSR_EL0_A32, 0);
	check(ESR_EC(r.esr) == EC_SVC32 && r.x[0] == 7, "WFE goes on");
	irq_set_edge(20, true);
	irq_unmask(20);
	irq_set_pending(20);
	run(&r, wfi, sizeof(wfi), SPSR_EL0_A32 | SPSR_MASK_IRQ, 0);
	check(ESR_EC(r.esr) == EC_SVC32 && r.x[0] == 7, "WFI goes on when an interrupt is pending");
	run(&r, cp14, sizeof(cp14), SPSR_EL0_A32, 0);
	check(ESR_EC(r.esr) == EC_SVC32 || ESR_EC(r.esr) == EC_UNKNOWN, "CP14 does no harm");
	run(&r, midr, sizeof(midr), SPSR_EL0_A32, 0);
	check(ESR_EC(r.esr) == EC_UNKNOWN || ESR_EC(r.esr) == EC_CP15_32, "MIDR is not for users");
	run(&r, pmcr, sizeof(pmcr), SPSR_EL0_A32, 0);
	printk("# PMCR: ec %x\n", ESR_EC(r.esr));
	check(ESR_EC(r.esr) == EC_UNKNOWN || ESR_EC(r.esr) == EC_CP15_32, "PMCR is not for users");
	run(&r, cond, sizeof(cond), SPSR_EL0_A32, 0);
	check(ESR_EC(r.esr) == EC_SVC32 && r.x[1] == 9, "an access whose condition fails is skipped");
	run(&r, thumb, sizeof(thumb), SPSR_EL0_T32, 0);
	check(ESR_EC(r.esr) == EC_SVC32 && r.x[1] == 5, "so is a WFI in an IT block");
	run(&r, ite, sizeof(ite), SPSR_EL0_T32, 0);
	check(ESR_EC(r.esr) == EC_SVC32 && r.x[1] == 3, "IT state is kept");
	run(&r, load, sizeof(load), SPSR_EL0_A32, (u32)gic.dist);
	check_eq(ESR_EC(r.esr), EC_DABT_LOWER, "memory of EL1 is a data abort");
	check_eq(r.far, (u32)gic.dist, "at its address");
}
