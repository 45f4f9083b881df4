/* SPDX-License-Identifier: GPL-2.0-only */
/* Limits and the virtual address layout of the arm64 hypervisor (docs/memory-layout.md). */
#ifndef ASM_CONFIG_H
#define ASM_CONFIG_H

#define NR_CPUS		64
#define MAX_GUEST_VCPUS	128	/* public/arch-arm.h GUEST_MAX_VCPUS */

#define STACK_ORDER	2	/* 16 KiB a CPU */
#define STACK_SIZE	(4096 << STACK_ORDER)

/*
 *   0x0000000000200000   2 MiB+  the image (text, rodata, data, bss)
 *   0x0000000010000000 256 MiB   fixed mappings: early device tree, early UART
 *   0x0000000040000000   1 GiB   ioremap()
 *   0x0000008000000000 512 GiB   frame table, indexed by mfn, mapped where there is RAM
 *   0x0000800000000000 127 TiB   direct map: machine address + base, RAM only
 */
#define XYLEM_VIRT_START	0x0000000000200000
#define FIXMAP_VIRT_START	0x0000000010000000
#define IOREMAP_VIRT_START	0x0000000040000000
#define IOREMAP_VIRT_SIZE	0x0000000040000000
#define FRAMETABLE_VIRT_START	0x0000008000000000
#define FRAMETABLE_VIRT_SIZE	0x0000008000000000
#define DIRECTMAP_VIRT_START	0x0000800000000000
#define DIRECTMAP_VIRT_SIZE	0x00007f0000000000

#endif
