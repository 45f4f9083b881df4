/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the boot loader handed over, as the device tree says (dt/bootfdt.c):
 * memory, modules, command lines. Only valid until the boot modules are given
 * back (after dom0 was built).
 */
#ifndef DRIVERS_BOOTINFO_H
#define DRIVERS_BOOTINFO_H

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

/* The architecture's, boot only. A range more; panics when it is one piece too many. */
void meminfo_add(struct meminfo *mi, paddr_t start, paddr_t size);
/* Without each page that has anything of the range. */
void meminfo_cut(struct meminfo *mi, paddr_t start, paddr_t size);
void meminfo_cut_all(struct meminfo *mi, const struct meminfo *cut);
bool meminfo_overlaps(const struct meminfo *mi, paddr_t start, paddr_t size);

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

struct boot_module *boot_module_find(enum boot_module_kind kind);	/* NULL when there is none */

/* Fills bootinfo; panics with a sentence on a broken tree. */
void bootfdt_parse(const void *fdt, paddr_t fdt_paddr, paddr_t image_start, paddr_t image_end);

#endif
