// SPDX-License-Identifier: GPL-2.0-only
/*
 * What 64-bit user code can do to the hypervisor.
 *
 * HVC and SMC are undefined there; WFI and WFE may be trapped but continue;
 * accesses to device memory behind which the hypervisor emulates come to EL1
 * as aborts of a lower level or are emulated; registers of EL1 are undefined.
 */
#include "test.h"

static u32 *code;
static u64 *stack;

static void run(struct trap_frame *r, const u32 *insns, unsigned int n)
{
	memset(r, 0, sizeof(*r));
	memcpy(code, insns, n * 4);
	code[n] = 0xd4000001;	/* svc #0 */
	sync_code(code, (n + 1) * 4);
	r->elr = (u64)code;
	r->sp = (u64)stack + PAGE_SIZE;
	r->spsr = SPSR_EL0_A64;
	el0_run(r);
}

static void one(const char *name, u32 insn, unsigned int ec)
{
	struct trap_frame r;

	run(&r, &insn, 1);
	if (!check_eq(ESR_EC(r.esr), ec, "%s", name))
		printk("# esr %lx elr %lx far %lx\n", r.esr, r.elr - (u64)code, r.far);
}

void test_main(void)
{
	static const u32 add[] = { 0xd2800540, 0x91000400 };	/* mov x0, #42; add x0, x0, #1 */
	static const u32 pmccntr = INSN_MRS(SYSREG(3, 3, 9, 13, 0));
	struct trap_frame r;

	code = page_alloc(1);
	stack = page_alloc(1);
	mmu_set((u64)code, PAGE_SIZE, MMU_USER);
	mmu_set((u64)stack, PAGE_SIZE, MMU_USER);

	run(&r, add, 2);
	check_eq(ESR_EC(r.esr), EC_SVC64, "SVC comes to EL1");
	check_eq(r.x[0], 43, "after the code before it");
	check_eq(r.elr, (u64)&code[3], "from its place");

	one("HVC is undefined", 0xd4000002 | 0xea1 << 5, EC_UNKNOWN);
	one("HVC #0 is undefined", 0xd4000002, EC_UNKNOWN);
	one("SMC is undefined", 0xd4000003, EC_UNKNOWN);
	one("an undefined instruction is undefined", 0, EC_UNKNOWN);
	one("HCR_EL2 is undefined", INSN_MRS(SYSREG(3, 4, 1, 1, 0)), EC_UNKNOWN);
	one("SCTLR_EL1 is undefined", INSN_MRS(SYSREG(3, 0, 1, 0, 0)), EC_UNKNOWN);
	one("ICC_IAR1_EL1 is undefined", INSN_MRS(SYSREG(3, 0, 12, 12, 0)), EC_UNKNOWN);
	one("memory of EL1 is a data abort", 0xf9400000, EC_DABT_LOWER);	/* ldr x0, [x0] */
	one("WFE goes on", 0xd503205f, EC_SVC64);
	one("YIELD goes on", 0xd503203f, EC_SVC64);
	run(&r, &pmccntr, 1);
	check(ESR_EC(r.esr) == EC_UNKNOWN || ESR_EC(r.esr) == EC_SYSREG, "PMCCNTR is not for users");
}
