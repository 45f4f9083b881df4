/* SPDX-License-Identifier: MIT */
/*
 * kexec_op(cmd, arg): a kernel that replaces the host's software, on request
 * or when the hypervisor crashes. Control domain; not in Xylem yet (-ENOSYS).
 */
#ifndef _XEN_PUBLIC_KEXEC_H
#define _XEN_PUBLIC_KEXEC_H

#include "xen.h"

#define KEXEC_TYPE_DEFAULT	0
#define KEXEC_TYPE_CRASH	1

/* Jump to the image. */
#define KEXEC_CMD_kexec		0
typedef struct xen_kexec_exec {
	int type;			/* KEXEC_TYPE_* */
} xen_kexec_exec_t;

/* The first version of load and unload: page lists built by the kernel. */
#if defined(__i386__) || defined(__x86_64__)
#define KEXEC_XEN_NO_PAGES	17
#endif
typedef struct xen_kexec_image {
#if defined(__i386__) || defined(__x86_64__)
	unsigned long page_list[KEXEC_XEN_NO_PAGES];
#endif
	unsigned long indirection_page;
	unsigned long start_address;
} xen_kexec_image_t;

#define KEXEC_CMD_kexec_load_v1		1
#define KEXEC_CMD_kexec_unload_v1	2
typedef struct xen_kexec_load_v1 {
	int type;
	xen_kexec_image_t image;
} xen_kexec_load_v1_t;

/* Ranges of machine memory that a crash kernel has to know. */
#define KEXEC_RANGE_MA_CRASH		0	/* reserved for it */
#define KEXEC_RANGE_MA_XEN		1	/* the hypervisor's image */
#define KEXEC_RANGE_MA_CPU		2	/* a CPU's notes; nr is the CPU */
#define KEXEC_RANGE_MA_XENHEAP		3
#define KEXEC_RANGE_MA_BOOT_PARAM	4
#define KEXEC_RANGE_MA_EFI_MEMMAP	5
#define KEXEC_RANGE_MA_VMCOREINFO	6
#define KEXEC_CMD_kexec_get_range	3
typedef struct xen_kexec_range {
	int range;			/* in: KEXEC_RANGE_MA_* */
	int nr;				/* in */
	unsigned long size;		/* out: bytes */
	unsigned long start;		/* out: machine address */
} xen_kexec_range_t;

typedef struct xen_kexec_segment {
	union {
		XEN_GUEST_HANDLE(const_void) h;
		uint64_t _pad;
	} buf;
	uint64_t buf_size;		/* bytes */
	uint64_t dest_maddr;
	uint64_t dest_size;		/* bytes, a multiple of a page */
} xen_kexec_segment_t;
DEFINE_XEN_GUEST_HANDLE(xen_kexec_segment_t);

/* Load an image from segments. */
#define KEXEC_CMD_kexec_load	4
typedef struct xen_kexec_load {
	uint8_t type;			/* KEXEC_TYPE_* */
	uint8_t _pad;
	uint16_t arch;			/* ELF machine */
	uint32_t nr_segments;
	union {
		XEN_GUEST_HANDLE(xen_kexec_segment_t) h;
		uint64_t _pad;
	} segments;
	uint64_t entry_maddr;
} xen_kexec_load_t;
DEFINE_XEN_GUEST_HANDLE(xen_kexec_load_t);

/* Forget it. */
#define KEXEC_CMD_kexec_unload	5
typedef struct xen_kexec_unload {
	uint8_t type;
} xen_kexec_unload_t;
DEFINE_XEN_GUEST_HANDLE(xen_kexec_unload_t);

/* Returns 1 if one is loaded, else 0. */
#define KEXEC_CMD_kexec_status	6
typedef struct xen_kexec_status {
	uint8_t type;
} xen_kexec_status_t;
DEFINE_XEN_GUEST_HANDLE(xen_kexec_status_t);

#endif
