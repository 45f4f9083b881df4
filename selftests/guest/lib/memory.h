/* SPDX-License-Identifier: GPL-2.0-only */
/* This domain's memory: where it is, pages to use, and changing the physical map. */
#ifndef GUEST_MEMORY_H
#define GUEST_MEMORY_H

#include "hypercall.h"
#include "types.h"

struct range {
	u64 start, size;
};

#define MAX_RAM_BANKS	8
extern struct range ram[MAX_RAM_BANKS];
extern unsigned int ram_banks;

/* Starts allocation behind the image; ram[] must know the bank it lies in afterwards. */
void memory_early_init(void);
void memory_add_ram(u64 start, u64 size);

/* n zeroed contiguous pages; never freed. Ends the test when there are none. */
void *page_alloc(unsigned int n);
/* The same, not cleared. */
void *page_reserve(unsigned int n);
/* The same at a multiple of n pages (n a power of two). */
void *page_alloc_aligned(unsigned int n);

/* The image as it was loaded, to start other domains from. */
extern const void *image_copy;
extern u64 image_bytes;

static inline u64 gfn_of(const volatile void *p)
{
	return (u64)p >> PAGE_SHIFT;
}

static inline void *gfn_to_ptr(u64 gfn)
{
	return (void *)(gfn << PAGE_SHIFT);
}

/* XENMEM_add_to_physmap of this domain. */
long add_to_physmap(unsigned int space, u64 idx, u64 gfn);
long remove_from_physmap(u64 gfn);

/* Gives n pages back / gets them again at the same place: n or -errno. */
long balloon_out(u64 gfn);
long balloon_in(u64 gfn);

/* A frame number with nothing behind it: a page of our own given back. */
u64 gfn_hole(void);

/* Maps n pages of another domain (space gmfn_foreign) at a hole; NULL when refused. */
long map_foreign(domid_t dom, u64 gfn, u64 at);

/* Free pages of the machine (sysctl physinfo). */
u64 host_free_pages(void);
/* The same once it no longer changes: what is freed later has been freed. */
u64 host_free_settled(void);

#endif
