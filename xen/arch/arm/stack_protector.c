// SPDX-License-Identifier: GPL-2.0-only
/* What Debian's libfdt.a, built with -fstack-protector-strong, refers to. */
#include <xen/lib.h>

extern const unsigned long __stack_chk_guard;
void __stack_chk_fail(void) __attribute__((__noreturn__));

/*
 * A fixed value with a zero byte, which no string copy gets past. Set once:
 * functions compare what they read on entry and on exit.
 */
const unsigned long __stack_chk_guard = 0xff0a0d00c5e7a293UL;

void __stack_chk_fail(void)
{
	panic("Stack corrupted in %ps", __builtin_return_address(0));
}
