/* SPDX-License-Identifier: GPL-2.0-only */
/* Symbols of the linker script and of arm64/head.S. */
#ifndef ASM_SECTIONS_H
#define ASM_SECTIONS_H

#include <xen/types.h>

extern char _start[], _etext[], _end[];
extern char __init_begin[], _einittext[], __init_end[];
extern char __percpu_start[], __percpu_end[], percpu_boot_area[];
extern char boot_stack[], boot_stack_top[];
extern char secondary_entry[];
extern char hyp_vectors[], hyp_vectors_hardened[];

/* The first tables; all others hang below them. */
extern uint64_t hyp_l0[512], hyp_l1[512], hyp_l2[512], image_l3[512], fixmap_l3[512];

/* Machine address the image was loaded to. */
extern paddr_t image_phys_base;

#endif
