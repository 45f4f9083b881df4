/* SPDX-License-Identifier: GPL-2.0-only */
/* The start of the hypervisor and of its CPUs. */
#ifndef ASM_SETUP_H
#define ASM_SETUP_H

#include <drivers/bootinfo.h>
#include <asm/config.h>

/* The host's device tree; mapped read-only until dom0 was built. */
extern const void *device_tree;

/*
 * Contiguous RAM that nothing uses, before the heap exists; from the top of
 * memory. Panics when there is none. align: power of two.
 */
paddr_t bootmem_alloc(paddr_t size, paddr_t align);
/* Hands all remaining RAM to the heap; bootmem_alloc() is over. */
void bootmem_to_heap(void);
/* Hands the modules and the device tree to the heap. Dom0 has its copies. */
void discard_boot_modules(void);

void start_xylem(paddr_t boot_phys, paddr_t fdt_paddr) __attribute__((__noreturn__));
void start_secondary(unsigned int cpu) __attribute__((__noreturn__));

/* Builds dom0 and leaves it paused (domain_build.c). Panics with a sentence. */
void construct_dom0(void);

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
