/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the allocator (page_alloc.c) and the owners of pages (domain_page.c). */
#ifndef XEN_PAGE_ALLOC_H
#define XEN_PAGE_ALLOC_H

#include <xen/mm.h>

/*
 * Block for d, not yet its own; of the memory claimed for it if there is a claim.
 * Scrubbed unless MEMF_no_scrub or what d gave back last; NULL.
 */
struct page_info *alloc_domain_block(struct domain *d, unsigned int order, unsigned int memf);
/* Contents become dirty; nobody holds a reference. */
void free_domain_block(struct page_info *pg, unsigned int order);
/* One page given back by the living domain of that serial, which may get it again as it is. */
void free_domain_page(struct page_info *pg, uint64_t serial);
/* Failure injection of alloc_fail_nth(): counts one allocation. */
bool alloc_should_fail(void);

#endif
