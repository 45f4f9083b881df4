/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ASM_STACK_PROTECTOR_H
#define ASM_STACK_PROTECTOR_H

extern const unsigned long __stack_chk_guard;
void __stack_chk_fail(void) __attribute__((__noreturn__));

#endif
