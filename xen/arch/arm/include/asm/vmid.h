/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMIDs: 8 or 16 bits name the TLB entries of any number of domains. A domain
 * keeps its VMID while its generation is the current one. When all are used a
 * new generation starts: all TLBs are flushed, and only what is running keeps
 * its number. One VMID is valid on all CPUs, as broadcast TLB invalidation
 * needs it; each CPU records which one it runs.
 */
#ifndef ASM_VMID_H
#define ASM_VMID_H

#include <xen/types.h>

struct p2m_arch;

#define VMID_NONE 0	/* of the empty root: never has TLB entries that matter */

void vmid_init(void);	/* boot CPU, after cpu_vmid_bits is known */
/* The VMID to run with on this CPU, current generation. Interrupts off. */
uint16_t vmid_acquire(struct p2m_arch *p2m);
/* This CPU no longer runs a guest (or is about to run another). Interrupts off. */
void vmid_release(void);

#endif
