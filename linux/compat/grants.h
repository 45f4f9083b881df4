/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_GRANTS_H
#define XYLEM_COMPAT_GRANTS_H

#include <linux/mm.h>
#include <xen/grant_table.h>
#include <xen/xenbus.h>
#include "compat.h"

/* Before 5.16 these were plain numbers; a name for no handle was in xenbus.h. */
#ifndef INVALID_GRANT_HANDLE
#define INVALID_GRANT_HANDLE	((grant_handle_t)-1)
#endif
#ifndef INVALID_GRANT_REF
#define INVALID_GRANT_REF	((grant_ref_t)-1)
#endif

/*
 * Ends a grant and frees its reference now or, while the peer still has it mapped,
 * some time later. The caller's reference to @page goes with it; NULL: there is none.
 * In 5.18 alone the page is an address and its being read-only not asked for.
 */
static inline void compat_end_foreign_access(grant_ref_t ref, struct page *page)
{
#if COMPAT_SINCE(5, 19)
	gnttab_end_foreign_access(ref, page);
#elif COMPAT_SINCE(5, 18)
	gnttab_end_foreign_access(ref, page ? (unsigned long)page_address(page) : 0);
#else
	gnttab_end_foreign_access(ref, 0, page ? (unsigned long)page_address(page) : 0);
#endif
}

/* Ends a grant and keeps its reference. False: the peer has it mapped. */
static inline bool compat_end_foreign_access_ref(grant_ref_t ref)
{
#if COMPAT_SINCE(5, 18)
	return gnttab_end_foreign_access_ref(ref);
#else
	return gnttab_end_foreign_access_ref(ref, 0);
#endif
}

#endif /* XYLEM_COMPAT_GRANTS_H */
