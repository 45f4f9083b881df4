/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_PAGES_H
#define XYLEM_COMPAT_PAGES_H

#include <linux/mm.h>

/*
 * A reference of the page, which goes with its grant, or NULL: memory that the kernel
 * hands out in pieces has none.
 */
static inline struct page *compat_hold_page(struct page *page)
{
	struct page *head = compound_head(page);

	if (PageSlab(head))
		return NULL;
#if COMPAT_SINCE(6, 15)
	if (PageLargeKmalloc(head))
		return NULL;
#endif
	get_page(page);
	return page;
}

#endif /* XYLEM_COMPAT_PAGES_H */
