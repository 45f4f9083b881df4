/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the boot loader handed over: memory, modules, device tree. Only valid
 * until the boot modules are given back (after dom0 was built).
 */
#ifndef ASM_SETUP_H
#define ASM_SETUP_H

#include <xen/types.h>

#define NR_MEM_BANKS	128
#define NR_BOOT_MODULES	16
#define BOOT_CMDLINE_MAX 1024

struct membank {
	paddr_t start, size;
};

struct meminfo {
	unsigned int nr;
	struct membank bank[NR_MEM_BANKS];	/* sorted, with something between each two */
};

/* bootmem.c, boot only. A range more; panics when it is one piece too many. */
void meminfo_add(struct meminfo *mi, paddr_t start, paddr_t size);
/* Without each page that has anything of the range. */
void meminfo_cut(struct meminfo *mi, paddr_t start, paddr_t size);
void meminfo_cut_all(struct meminfo *mi, const struct meminfo *cut);

enum boot_module_kind {
	BOOTMOD_XYLEM,		/* the running image */
	BOOTMOD_FDT,
	BOOTMOD_KERNEL,
	BOOTMOD_RAMDISK,
	BOOTMOD_OTHER,
};

struct boot_module {
	enum boot_module_kind kind;
	paddr_t start, size;
	char cmdline[BOOT_CMDLINE_MAX];	/* kernel: its bootargs; "" when none */
};

struct bootinfo {
	struct meminfo mem;		/* RAM banks as the device tree has them */
	struct meminfo reserved;	/* reserved-memory and memreserve: not for the heap */
	struct meminfo nomap;		/* those of them nobody may map cacheable */
	unsigned int nr_modules;
	struct boot_module module[NR_BOOT_MODULES];
	char xen_bootargs[BOOT_CMDLINE_MAX];	/* ours */
	char dom0_bootargs[BOOT_CMDLINE_MAX];	/* xen,dom0-bootargs, else the kernel module's */
};

extern struct bootinfo bootinfo;
/* The host's device tree; mapped read-only until dom0 was built. */
extern const void *device_tree;

/* Node of the UART the hypervisor uses, set by its driver; -1 = none. Dom0 does not see it. */
extern int console_dt_node;

struct boot_module *boot_module_find(enum boot_module_kind kind);	/* NULL when there is none */

/* bootfdt.c: fills bootinfo; panics with a sentence on a broken tree. */
void bootfdt_parse(const void *fdt, paddr_t fdt_paddr, paddr_t image_start, paddr_t image_end);
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

#endif
