/* SPDX-License-Identifier: GPL-2.0-only */
/* The fake machine: a few CPUs (threads) and one arena of memory. */
#ifndef ASM_CONFIG_H
#define ASM_CONFIG_H

#define NR_CPUS			8
#define MAX_GUEST_VCPUS		8
#define HOST_MEMORY_BASE	0x40000000UL	/* machine address of the arena */
#define HOST_MEMORY_SIZE	(64UL << 20)

#endif
