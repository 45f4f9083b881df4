/* SPDX-License-Identifier: MIT */
/*
 * Notes of type "Xen" in a kernel's ELF image tell the domain builder what the
 * kernel is and wants. An integer is 4 or 8 bytes wide, in the kernel's byte
 * order; a string ends with a NUL.
 */
#ifndef __XEN_PUBLIC_ELFNOTE_H__
#define __XEN_PUBLIC_ELFNOTE_H__

/* String: remarks, not interpreted. */
#define XEN_ELFNOTE_INFO		0
/* Virtual address to start at; the ELF header's if it is missing. PV. */
#define XEN_ELFNOTE_ENTRY		1
/* Virtual address of a page to be filled with hypercall stubs. */
#define XEN_ELFNOTE_HYPERCALL_PAGE	2
/* Virtual address of the start of the initial mapping. PV. */
#define XEN_ELFNOTE_VIRT_BASE		3
/* What p_paddr is ahead of the real pseudo-physical address. PV. */
#define XEN_ELFNOTE_PADDR_OFFSET	4
/* String: the ABI it was built for, "xen-3.0". */
#define XEN_ELFNOTE_XEN_VERSION		5
/* Strings, free form. */
#define XEN_ELFNOTE_GUEST_OS		6
#define XEN_ELFNOTE_GUEST_VERSION	7
/* String: how to load it, "generic". */
#define XEN_ELFNOTE_LOADER		8
/* String: "yes", "no" or "bimodal". x86-32 PV. */
#define XEN_ELFNOTE_PAE_MODE		9
/* String: names of XENFEAT_, "|" between, "!" before one that is required. */
#define XEN_ELFNOTE_FEATURES		10
/* String "yes": load the symbol table too, as BSD wants it. */
#define XEN_ELFNOTE_BSD_SYMTAB		11
/* Lowest address that the hypervisor may use. x86-32 PV. */
#define XEN_ELFNOTE_HV_START_LOW	12
/* Pairs of (mask, value) by which it knows a valid L1 entry. PV. */
#define XEN_ELFNOTE_L1_MFN_VALID	13
/* Integer 1: it can go on after a suspend that was cancelled. */
#define XEN_ELFNOTE_SUSPEND_CANCEL	14
/* Virtual address to map the initial p2m list at. PV. */
#define XEN_ELFNOTE_INIT_P2M		15
/* Integer 1: the ramdisk need not be mapped (SIF_MOD_START_PFN). PV. */
#define XEN_ELFNOTE_MOD_START_PFN	16
/* Bitmap of XENFEAT_ that it can do without or with. */
#define XEN_ELFNOTE_SUPPORTED_FEATURES	17
/* Physical address of the PVH entry point. */
#define XEN_ELFNOTE_PHYS32_ENTRY	18
#define XEN_ELFNOTE_MAX			XEN_ELFNOTE_PHYS32_ENTRY
/*
 * Newer than Xen 4.17: it may be loaded elsewhere. Three 32-bit integers:
 * alignment, lowest and highest address; all may be missing.
 */
#define XEN_ELFNOTE_PHYS32_RELOC	19

/* In the image of a crashed host: the hypervisor's state. */
#define XEN_ELFNOTE_CRASH_INFO		0x1000001
#define XEN_ELFNOTE_CRASH_REGS		0x1000002

/* In a core dump of a guest. */
#define XEN_ELFNOTE_DUMPCORE_NONE		0x2000000
#define XEN_ELFNOTE_DUMPCORE_HEADER		0x2000001
#define XEN_ELFNOTE_DUMPCORE_XEN_VERSION	0x2000002
#define XEN_ELFNOTE_DUMPCORE_FORMAT_VERSION	0x2000003

#endif
