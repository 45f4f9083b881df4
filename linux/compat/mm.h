/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_MM_H
#define XYLEM_COMPAT_MM_H

#include <linux/mm.h>

/* Flags of an area have been changed through functions since 6.3. */
#if !COMPAT_SINCE(6, 3)
static inline void vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags &= ~flags;
}
#endif

#endif /* XYLEM_COMPAT_MM_H */
