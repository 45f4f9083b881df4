// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache maintenance by set and way, as kernels do before they turn caches off.
 *
 * It cannot be done to one guest's lines, so what must hold is that memory is as
 * it was, that the CPU comes back in bounded time however many there are, and
 * that translation registers can be written meanwhile.
 */
#include "test.h"

#define WORDS	(64 * 1024 / 8)

static u64 data[WORDS];

static void clean_all(void)
{
	for (u64 way = 0; way < 16; way++)
		for (u64 set = 0; set < 64; set++) {
			u64 op = way << 28 | set << 6;

			asm volatile("dc csw, %0; dc cisw, %0" : : "r" (op) : "memory");
		}
	dsb(sy);
}

static bool intact(u64 seed)
{
	for (unsigned int i = 0; i < WORDS; i++)
		if (data[i] != seed + i)
			return false;
	return true;
}

static void fill(u64 seed)
{
	for (unsigned int i = 0; i < WORDS; i++)
		data[i] = seed + i;
}

void test_main(void)
{
	u64 start = now(), sctlr;

	fill(1);
	clean_all();
	check(intact(1), "memory is as it was");
	check(now() - start < ticks_of_us(10000000), "it took bounded time");

	sctlr = read_sysreg(sctlr_el1);
	write_sysreg(ttbr0_el1, read_sysreg(ttbr0_el1));
	write_sysreg(mair_el1, read_sysreg(mair_el1));
	write_sysreg(contextidr_el1, 0x1234);
	write_sysreg(sctlr_el1, sctlr);
	isb();
	check_eq(read_sysreg(contextidr_el1), 0x1234, "a register written after it has its value");
	check_eq(read_sysreg(sctlr_el1), sctlr, "so has SCTLR_EL1");

	fill(77);
	write_sysreg(sctlr_el1, sctlr & ~BIT(2));
	isb();
	check(intact(77), "with the data cache off memory has what was written");
	write_sysreg(sctlr_el1, sctlr);
	isb();
	clean_all();
	check(intact(77), "and again with caches on");
}
