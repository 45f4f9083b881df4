/* SPDX-License-Identifier: MIT */
/*
 * Where HVM firmware finds the memory map, and what lies below 4 GiB. x86.
 */
#ifndef __XEN_PUBLIC_HVM_E820_H__
#define __XEN_PUBLIC_HVM_E820_H__

#include "../xen.h"

/* A count of entries and the entries, in this page. */
#define HVM_E820_PAGE		0x00090000
#define HVM_E820_NR_OFFSET	0x000001E8
#define HVM_E820_OFFSET		0x000002D0

/* RAM may end, and device memory begin, here. */
#define HVM_BELOW_4G_RAM_END		0xF0000000
#define HVM_BELOW_4G_MMIO_START		HVM_BELOW_4G_RAM_END
#define HVM_BELOW_4G_MMIO_LENGTH					\
	((xen_mk_ullong(1) << 32) - HVM_BELOW_4G_MMIO_START)

#endif
