/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the machines the programs run on. */
#ifndef MACHINE_H
#define MACHINE_H

#define BLKIF_PROTOCOL "arm-abi"

/*
 * What happens from mark_start() to mark_stop() is counted by QEMU's plugin
 * (selftests/bench/linux/insns.c): instructions that do nothing else.
 */
static inline void mark_start(void)
{
	asm volatile("movz xzr, #0x5858" : : : "memory");
}

static inline void mark_stop(void)
{
	asm volatile("movz xzr, #0xffff" : : : "memory");
}

#endif
