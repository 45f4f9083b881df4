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

/* Members of vm_operations_struct that changed their names. */
#if COMPAT_SINCE(5, 11)
#define compat_may_split may_split
#else
#define compat_may_split split
#endif

#if COMPAT_SINCE(7, 0)
#define compat_find_page find_normal_page
#else
#define compat_find_page find_special_page
#endif

#endif /* XYLEM_COMPAT_MM_H */
