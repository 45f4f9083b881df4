/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ASM_SHUTDOWN_H
#define ASM_SHUTDOWN_H

/* Handler of the stop interrupt: the CPU does nothing any more. */
void stop_this_cpu(void) __attribute__((__noreturn__));

#endif
