/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the allocator (page_alloc.c) and the owners of pages (domain_page.c). */
#ifndef XEN_PAGE_ALLOC_H
#define XEN_PAGE_ALLOC_H

#include <xen/mm.h>

/* Block with each page's state set, scrubbed unless MEMF_no_scrub; NULL. */
struct page_info *alloc_domain_block(uint64_t state, unsigned int order, unsigned int memf);
/* Contents become dirty; nobody holds a reference. */
void free_domain_block(struct page_info *pg, unsigned int order);
/* Failure injection of alloc_fail_nth(): counts one allocation. */
bool alloc_should_fail(void);

#endif
