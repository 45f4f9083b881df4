/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical CPUs of the device tree and their start. */
#ifndef ASM_SMPBOOT_H
#define ASM_SMPBOOT_H

#include <xen/types.h>
#include <asm/config.h>

#define MPIDR_AFF_MASK	0xff00ffffffUL

/* Affinity fields of MPIDR_EL1 by logical CPU; the boot CPU is 0. */
extern uint64_t cpu_logical_map[NR_CPUS];

void smp_find_cpus(const void *fdt);	/* fills the map and nr_cpu_ids */
void smp_init_boot_cpu(void);		/* interrupts, timer and stage 2 of the boot CPU */
void smp_start_cpus(void);		/* all of them; those that fail are left out with a message */
/* Registers of EL2 that are the same on each CPU and for each guest. */
void cpu_init_el2(void);
/* Handler of the stop interrupt: the CPU does nothing any more. */
void stop_this_cpu(void) __attribute__((__noreturn__));

#endif
