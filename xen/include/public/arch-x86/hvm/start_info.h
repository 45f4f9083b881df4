/* SPDX-License-Identifier: MIT */
/*
 * How a PVH guest starts: 32-bit protected mode, flat segments, paging off, EBX
 * pointing to struct hvm_start_info. All addresses are guest physical; what
 * they point to lies below 4 GiB.
 */
#ifndef __XEN_PUBLIC_ARCH_X86_HVM_START_INFO_H__
#define __XEN_PUBLIC_ARCH_X86_HVM_START_INFO_H__

#include "../../xen-compat.h"

#define XEN_HVM_START_MAGIC_VALUE	0x336ec578

/* hvm_memmap_table_entry.type: as E820 has them. */
#define XEN_HVM_MEMMAP_TYPE_RAM		1
#define XEN_HVM_MEMMAP_TYPE_RESERVED	2
#define XEN_HVM_MEMMAP_TYPE_ACPI	3
#define XEN_HVM_MEMMAP_TYPE_NVS		4
#define XEN_HVM_MEMMAP_TYPE_UNUSABLE	5
#define XEN_HVM_MEMMAP_TYPE_DISABLED	6
#define XEN_HVM_MEMMAP_TYPE_PMEM	7

struct hvm_start_info {
	uint32_t magic;			/* XEN_HVM_START_MAGIC_VALUE */
	uint32_t version;		/* 0, or 1: with memmap */
	uint32_t flags;			/* SIF_* */
	uint32_t nr_modules;
	uint64_t modlist_paddr;		/* hvm_modlist_entry[nr_modules] */
	uint64_t cmdline_paddr;		/* string, or 0 */
	uint64_t rsdp_paddr;		/* ACPI RSDP, or 0 */
	/* From version 1 on. */
	uint64_t memmap_paddr;		/* hvm_memmap_table_entry[], or 0 */
	uint32_t memmap_entries;
	uint32_t reserved;		/* 0 */
};

struct hvm_modlist_entry {
	uint64_t paddr;
	uint64_t size;			/* bytes */
	uint64_t cmdline_paddr;		/* string, or 0 */
	uint64_t reserved;		/* 0 */
};

struct hvm_memmap_table_entry {
	uint64_t addr;
	uint64_t size;			/* bytes */
	uint32_t type;			/* XEN_HVM_MEMMAP_TYPE_* */
	uint32_t reserved;		/* 0 */
};

#endif
