/* SPDX-License-Identifier: MIT */
/* Arm has no save records yet. */
#ifndef __XEN_PUBLIC_HVM_SAVE_ARM_H__
#define __XEN_PUBLIC_HVM_SAVE_ARM_H__
#endif
