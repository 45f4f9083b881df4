/* SPDX-License-Identifier: GPL-2.0-only */
/* Translation of the current guest's virtual addresses (guest_copy.c). */
#ifndef ASM_GUEST_TRANSLATE_H
#define ASM_GUEST_TRANSLATE_H

#include <xen/types.h>

/*
 * Stage 1 of the running vCPU, as its EL1 would access va: false when stage 1
 * faults (or its walk faults in stage 2). For fault handlers whose HPFAR_EL2 is
 * not valid: permission faults not from a walk (ARM DDI 0487 D19.2.58), and
 * every stage-2 fault on a CPU with erratum 834220 (Cortex-A57), which may
 * report stage 2 where stage 1 would have faulted.
 */
bool guest_va_to_ipa(guest_va_t va, bool write, paddr_t *ipa);

#endif
