/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_HYPERCALL_H
#define XYLEM_COMPAT_HYPERCALL_H

/* Before 5.16 the x86 header used names that it did not include. */
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <xen/interface/xen.h>
#include <xen/interface/hvm/dm_op.h>
#include <asm/xen/hypercall.h>

#endif /* XYLEM_COMPAT_HYPERCALL_H */
