// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses to addresses at which there is nothing become data aborts, of the
 * right address, size or direction; so do instruction fetches, and accesses that
 * cross from memory into a hole. Nothing is emulated by accident.
 */
#include "test.h"

static void jump(void *arg)
{
	((void (*)(void))arg)();
}

static void exclusive(void *arg)
{
	u64 v;
	u32 fail;

	asm volatile("ldxr %0, [%2]; stxr %w1, %0, [%2]" : "=&r" (v), "=&r" (fail) : "r" (arg)
		     : "memory");
}

static void pair(void *arg)
{
	u64 a, b;

	asm volatile("ldp %0, %1, [%2]" : "=r" (a), "=r" (b) : "r" (arg) : "memory");
}

static void post_index(void *arg)
{
	u64 p = (u64)arg;

	asm volatile("str xzr, [%0], #8" : "+r" (p) : : "memory");
}

static void zva(void *arg)
{
	asm volatile("dc zva, %0" : : "r" (arg) : "memory");
}

static void aborts(const char *name, void (*fn)(void *), u64 addr, unsigned int ec)
{
	struct trap_frame f;

	if (!check(catch_fault(fn, (void *)addr, &f), "%s faults", name))
		return;
	check_eq(ESR_EC(f.esr), ec, "%s: its class", name);
	check(f.far >= (addr & ~7UL) && f.far < addr + 64, "%s: its address", name);
}

void test_main(void)
{
	u64 hole = gfn_hole() << PAGE_SHIFT, v, far = 0x7f00000000;
	struct trap_frame f;

	for (unsigned int bytes = 1; bytes <= 8; bytes *= 2) {
		check(!try_read(hole + 64, bytes, &v, &f), "a read of %u bytes faults", bytes);
		check_eq(ESR_EC(f.esr), EC_DABT_SAME, "by a data abort");
		check_eq(f.far, hole + 64, "at its address");
		check_eq(f.esr >> 6 & 1, 0, "of a read");
		check(!try_write(hole + 64, bytes, 1, &f), "a write of %u bytes faults", bytes);
		check_eq(f.esr >> 6 & 1, 1, "of a write");
	}
	mmu_map(far, far, BIT(30), MMU_RAM);
	check(!try_read(far, 8, &v, &f), "a read far beyond memory faults");
	check_eq(ESR_EC(f.esr), EC_DABT_SAME, "by a data abort");
	mmu_set(0x700000000, BIT(30), MMU_DEVICE);
	check(!try_read(0x700000000, 4, &v, &f), "a read of absent device space faults");

	mmu_set(hole, PAGE_SIZE, MMU_RAM);
	aborts("a jump", jump, hole, EC_IABT_SAME);
	aborts("a pair", pair, hole + 16, EC_DABT_SAME);
	aborts("an exclusive pair", exclusive, hole + 32, EC_DABT_SAME);
	aborts("a store with write-back", post_index, hole + 8, EC_DABT_SAME);
	aborts("DC ZVA", zva, hole, EC_DABT_SAME);
	check(!try_read(hole - 4, 8, &v, &f), "a read across the edge faults");
	check_eq(f.far & PAGE_MASK, hole, "beyond the edge");
}
