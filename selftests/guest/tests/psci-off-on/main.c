// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CPU that is turned off and on again starts as after reset.
 *
 * Its MMU and caches are off, interrupts are masked, the context argument is in
 * x0, and what the previous life left in its registers is gone.
 */
#include "test.h"

extern void raw_entry(void);

static struct {
	u64 stack;
	u64 sctlr, daif, el, arg, ticks;
	volatile u64 done;
} seen __aligned(64);

asm(".text; .globl raw_entry; raw_entry:\n"
    "	mrs x1, sctlr_el1; str x1, [x0, #8]\n"
    "	mrs x1, daif; str x1, [x0, #16]\n"
    "	mrs x1, currentel; str x1, [x0, #24]\n"
    "	str x0, [x0, #32]\n"
    "	dsb sy; mov x1, #1; str x1, [x0, #48]\n"
    "	dsb sy; mov x0, #0x84000000; add x0, x0, #2; hvc #0\n"
    "1:	b 1b\n");

static void normal(void *arg __unused)
{
}

static void once(const char *name)
{
	memset(&seen, 0, sizeof(seen));
	asm volatile("dc civac, %0" : : "r" (&seen) : "memory");
	dsb(sy);
	check_eq(psci(0xc4000003UL, 1, (u64)raw_entry, (u64)&seen), 0, "%s: it starts", name);
	for (unsigned int i = 0; i < 1000 && !seen.done; i++) {
		delay_us(1000);
		asm volatile("dc civac, %0" : : "r" (&seen) : "memory");
		dsb(sy);
	}
	check_eq(seen.done, 1, "%s: it runs", name);
	check_eq(seen.sctlr & 5, 0, "%s: MMU and cache are off", name);
	check_eq(seen.daif & 0x1c0, 0x1c0, "%s: SError, IRQ and FIQ are masked", name);
	check_eq(seen.el, 4, "%s: it is at EL1", name);
	check_eq(seen.arg, (u64)&seen, "%s: x0 is the context argument", name);
	check(wait_until(psci(0xc4000004UL, 1, 0, 0) == 1, 1000000), "%s: it goes off", name);
	/* Xen 4.17 needs a while here; psci-restart is less patient. */
	delay_us(20000);
}

void test_main(void)
{
	once("first start");
	check_eq(cpu_start(1, normal, NULL), 0, "a normal start between");
	cpu_join(1);
	wait_until(psci(0xc4000004UL, 1, 0, 0) == 1, 1000000);
	delay_us(20000);
	once("third start");
}
