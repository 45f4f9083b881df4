/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_BALLOON_PAGES_H
#define XYLEM_COMPAT_BALLOON_PAGES_H

/* Pages without memory behind them, for mappings of other domains' memory. */
#if COMPAT_SINCE(5, 17)
static inline int xen_alloc_unpopulated_pages(unsigned int nr, struct page **pages)
{
	return xen_alloc_ballooned_pages(nr, pages);
}

static inline void xen_free_unpopulated_pages(unsigned int nr, struct page **pages)
{
	xen_free_ballooned_pages(nr, pages);
}
#else
/* The names of then, and their numbers were signed. */
#define xen_alloc_ballooned_pages	alloc_xenballooned_pages
#define xen_free_ballooned_pages	free_xenballooned_pages
#define xen_alloc_unpopulated_pages	alloc_xenballooned_pages
#define xen_free_unpopulated_pages	free_xenballooned_pages
#endif

#if COMPAT_SINCE(5, 17)
typedef unsigned int compat_balloon_count_t;
#else
typedef int compat_balloon_count_t;
#endif

#endif /* XYLEM_COMPAT_BALLOON_PAGES_H */
