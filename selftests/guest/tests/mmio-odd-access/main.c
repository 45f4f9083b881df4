// SPDX-License-Identifier: GPL-2.0-only
/*
 * Emulated registers accessed by instructions that do not describe themselves.
 *
 * Pairs, write-back, exclusives and cache maintenance give the hypervisor no
 * syndrome: it must inject an abort or do them right, and not repeat for ever.
 * Sign-extending loads have a syndrome and must be done right.
 */
#include "test.h"

static u64 result;

static void pair(void *arg)
{
	u64 a, b;

	asm volatile("ldp %w0, %w1, [%2]" : "=r" (a), "=r" (b) : "r" (arg) : "memory");
}

static void post_index(void *arg)
{
	u64 p = (u64)arg, v;

	asm volatile("ldr %w1, [%0], #4" : "+r" (p), "=r" (v) : : "memory");
}

static void exclusive(void *arg)
{
	u64 v;

	asm volatile("ldxr %w0, [%1]" : "=r" (v) : "r" (arg) : "memory");
}

static void vector(void *arg)
{
	asm volatile("ldr q0, [%0]" : : "r" (arg) : "memory");
}

static void clean(void *arg)
{
	asm volatile("dc civac, %0" : : "r" (arg) : "memory");
}

static void fetch(void *arg)
{
	((void (*)(void))arg)();
}

static void load_signed(void *arg)
{
	asm volatile("ldrsb %0, [%1]" : "=r" (result) : "r" (arg) : "memory");
}

static void to_zero_register(void *arg)
{
	asm volatile("ldr wzr, [%0]" : : "r" (arg) : "memory");
}

static void from_zero_register(void *arg)
{
	asm volatile("str wzr, [%0]" : : "r" (arg) : "memory");
}

static void try(const char *name, void (*fn)(void *), u64 addr)
{
	struct trap_frame f;

	if (!catch_fault(fn, (void *)addr, &f))
		check(true, "%s is done", name);
	else
		check(ESR_EC(f.esr) == EC_DABT_SAME || ESR_EC(f.esr) == EC_IABT_SAME,
		      "%s is an abort", name);
}

void test_main(void)
{
	u64 reg = gic.dist + GICD_IPRIORITYR + 40;

	mmio_write32(reg, 0x40a01080);
	try("a pair", pair, reg);
	try("a load with write-back", post_index, reg);
	try("an exclusive load", exclusive, reg);
	try("a vector load", vector, gic.dist + GICD_IPRIORITYR + 48);
	try("cache maintenance", clean, reg);
	try("an instruction fetch", fetch, reg);
	try("a load to the zero register", to_zero_register, reg);
	try("a signed load", load_signed, reg);
	check_eq(result, (s64)(signed char)0x80, "which extends the sign");
	try("a store of the zero register", from_zero_register, reg);
	check_eq(mmio_read32(reg), 0, "which stores zero");
}
