/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_GRANTS_H
#define XYLEM_COMPAT_GRANTS_H

#include <linux/mm.h>
#include <xen/grant_table.h>
#include <xen/xenbus.h>

/* Before 5.16 these were plain numbers; a name for no handle was in xenbus.h. */
#ifndef INVALID_GRANT_HANDLE
#define INVALID_GRANT_HANDLE	((grant_handle_t)-1)
#endif
#ifndef INVALID_GRANT_REF
#define INVALID_GRANT_REF	((grant_ref_t)-1)
#endif

/*
 * Ends a grant now or, while the peer still has it mapped, some time later; the
 * page is freed then.
 */
static inline void compat_end_foreign_access(grant_ref_t ref, struct page *page)
{
#if COMPAT_SINCE(5, 18)
	gnttab_end_foreign_access(ref, page);
#else
	gnttab_end_foreign_access(ref, 0, (unsigned long)page_address(page));
#endif
}

#endif /* XYLEM_COMPAT_GRANTS_H */
