/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machine memory: the frame table, references and the page allocator.
 *
 * Who may use a page is one 64-bit word (state), so that "is it still owned by
 * d, then take a reference" is a single compare-and-swap:
 *
 *   bits 63..48  owner's domain id; DOMID_XYLEM_FREE or DOMID_XYLEM_HEAP when none
 *   bits 47..32  PGC_* flags
 *   bits 31..0   references; 0 = free or being freed
 *
 * A page of a domain holds one reference for being allocated (PGC_allocated)
 * and one for each mapping or user. The last put frees it. The domain
 * structure outlives its pages: each allocated page is counted by its owner.
 */
#ifndef XEN_MM_H
#define XEN_MM_H

#include <xen/atomic.h>
#include <xen/compiler.h>
#include <xen/errno.h>
#include <xen/types.h>
#include <asm/page.h>	/* PAGE_SHIFT, PAGE_SIZE, PAGE_MASK, frame_table, mfn_to_pdx(), pdx_to_mfn() */

#define PFN_UP(x)	(((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x)	((x) >> PAGE_SHIFT)
#define mfn_to_maddr(m)	((paddr_t)mfn_x(m) << PAGE_SHIFT)
#define maddr_to_mfn(a)	_mfn((a) >> PAGE_SHIFT)
#define gfn_to_gaddr(g)	((paddr_t)gfn_x(g) << PAGE_SHIFT)
#define gaddr_to_gfn(a)	_gfn((a) >> PAGE_SHIFT)

struct domain;
struct vcpu;

#define PGC_COUNT_MASK	0xffffffffULL
#define PGC_allocated	(1ULL << 32)	/* the owner's own reference is still there */
#define PGC_heap	(1ULL << 33)	/* hypervisor page that may be mapped into guests */
#define PGC_extra	(1ULL << 34)	/* not counted in the owner's tot_pages */
#define PGC_OWNER_SHIFT	48

/* Owner ids outside of the range guests can have (DOMID_FIRST_RESERVED is 0x7ff0). */
#define DOMID_XYLEM_FREE	0xffffU
#define DOMID_XYLEM_HEAP	0xfffeU

struct page_info {
	uint32_t next, prev;	/* pdx of neighbours in a page_list; PAGE_LIST_NULL ends */
	uint64_t state;		/* see above */
	union {
		struct {		/* in use */
			uint64_t type;	/* PV page types and their count (later); Arm: gfn of heap pages */
		} inuse;
		struct {		/* head of a free buddy */
			uint8_t order;
			uint8_t dirty;	/* must be scrubbed before use */
		} free;
	} u;
	uint64_t tlb_stamp;	/* time of the last free: whether a TLB flush is due before reuse */
};
BUILD_BUG_ON(sizeof(struct page_info) != 32);

#define PAGE_LIST_NULL (~0U)
struct page_list {
	uint32_t head, tail;
	unsigned long count;
};
#define PAGE_LIST_INIT { PAGE_LIST_NULL, PAGE_LIST_NULL, 0 }

void page_list_init(struct page_list *l);
void page_list_add(struct page_info *pg, struct page_list *l);
void page_list_add_tail(struct page_info *pg, struct page_list *l);
void page_list_del(struct page_info *pg, struct page_list *l);
struct page_info *page_list_first(const struct page_list *l);	/* NULL when empty */
#define page_list_empty(l) ((l)->head == PAGE_LIST_NULL)

static inline struct page_info *mfn_to_page(mfn_t mfn)
{
	return &frame_table[mfn_to_pdx(mfn)];
}

static inline mfn_t page_to_mfn(const struct page_info *pg)
{
	return pdx_to_mfn(pg - frame_table);
}
#define page_to_maddr(pg) mfn_to_maddr(page_to_mfn(pg))

/* Arch: the highest frame with RAM. */
unsigned long max_ram_mfn(void);
/* Arch: is there RAM with a frame-table entry behind the frame? Safe for any value. */
#ifndef mfn_valid	/* asm/page.h may have these inline */
bool mfn_valid(mfn_t mfn);
#endif

static inline unsigned int page_owner_id(const struct page_info *pg)
{
	return READ_ONCE(pg->state) >> PGC_OWNER_SHIFT;
}

/*
 * Take a reference if d owns the page and it is in use. false: it does not.
 * Pairs with put_page(). No lock needed: owner and count are one word.
 */
static inline bool __must_check get_page_of(struct page_info *pg, unsigned int domid)
{
	uint64_t old = atomic_load(&pg->state);

	do {
		if (unlikely(old >> PGC_OWNER_SHIFT != domid || (uint32_t)old == 0 ||
			     (uint32_t)old == PGC_COUNT_MASK))
			return false;
	} while (!__atomic_compare_exchange_n(&pg->state, &old, old + 1, true,
					      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	return true;
}
#define get_page(pg, d) get_page_of(pg, (d)->domain_id)

/* Another reference to a page the caller already holds one of. */
static inline void get_page_again(struct page_info *pg)
{
	atomic_inc(&pg->state);
}

/* The last reference has gone: the page goes back. state: what it was left with. */
void release_page(struct page_info *pg, uint64_t state);

/* Drops a reference; the last one gives the page back. Not under RANK_HEAP. */
static inline void put_page(struct page_info *pg)
{
	/* Release: what we did with the page comes before its reuse. */
	uint64_t now = __atomic_sub_fetch(&pg->state, 1, __ATOMIC_ACQ_REL);

	if (unlikely((uint32_t)now == 0))
		release_page(pg, now);
}
/* Drops the allocation reference once: true for the one caller that won. */
bool page_drop_allocation(struct page_info *pg);

/* Temporary mapping of a machine page; strictly nested; the caller holds a reference. */
#ifndef map_domain_page
void *map_domain_page(mfn_t mfn);
void unmap_domain_page(const void *va);
#endif

/* ---- the allocator (common/page_alloc.c) ---- */

#define MAX_ORDER 18U		/* 1 GiB with 4 KiB pages */

#define MEMF_no_scrub	2U	/* contents do not matter: the caller overwrites all of it */
#define MEMF_zero	4U	/* contents must be zero */
#define MEMF_below4g	8U	/* machine address under 4 GiB */
#define MEMF_no_refcount 16U	/* PGC_extra: not counted in tot_pages */

/*
 * Boot: gives RAM [start, end) to the allocator, page granular. dirty: contents
 * are unknown, to be scrubbed before a guest gets them.
 */
void init_heap_pages(paddr_t start, paddr_t end, bool dirty);
/*
 * 2^order contiguous pages for a domain, owned (PGC_allocated), each with one
 * reference, scrubbed, on d->page_list and counted; NULL when there is no
 * memory, d is dying, or d would exceed max_pages. Scrubbed contents are clean
 * to the point of coherency where the architecture needs it.
 */
struct page_info *alloc_domheap_pages(struct domain *d, unsigned int order, unsigned int memf);
#define alloc_domheap_page(d, f) alloc_domheap_pages(d, 0, f)
/* Makes pages taken elsewhere (boot, ballooned 1:1 page) those of d; same checks. */
int assign_pages(struct domain *d, struct page_info *pg, unsigned int order, unsigned int memf);
/* Hypervisor memory, mapped, contents undefined. NULL when out of memory. */
void *alloc_heap_pages(unsigned int order, unsigned int memf);
void free_heap_pages(void *va, unsigned int order);
#define alloc_heap_page() alloc_heap_pages(0, 0)
#define alloc_zeroed_heap_page() alloc_heap_pages(0, MEMF_zero)
#define free_heap_page(va) free_heap_pages(va, 0)
/*
 * Let a guest map a hypervisor page (shared info, grant frames): sets owner and
 * PGC_heap | PGC_allocated with one reference, not counted in tot_pages.
 */
void share_heap_page_with_guest(void *va, struct domain *d);
/* Ends that: drops the reference; the page is freed when the guest's mappings have gone. */
void unshare_heap_page(void *va);

unsigned long total_heap_pages(void);		/* RAM the allocator was given */
unsigned long avail_heap_pages(void);		/* free now, dirty included */
unsigned long dirty_heap_pages(void);
/*
 * So many pages of those free are for d alone, until it gets them; 0 gives up the claim.
 * -EINVAL: it has one; -ENOMEM. The caller has d->page_lock, against its death.
 */
int claim_heap_pages(struct domain *d, unsigned long pages);
unsigned long claimed_heap_pages(void);		/* by all domains */
/* One bounded step of scrubbing free memory; true when more is left. From idle. */
bool scrub_free_pages(void);
/* Fails the n-th allocation from now (0 = never): unit tests only, host builds. */
void alloc_fail_nth(unsigned long n);

/* ---- between the allocator and the owners of pages (domain_page.c) ---- */

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


/* Arch: after scrubbing or copying into a page, before a guest with caches off sees it. */
void arch_clean_page_to_memory(mfn_t mfn);
/* Arch: clean and/or invalidate [va, va + size) of a mapped page to PoC. */
void arch_cache_maintain(const void *va, size_t size, bool clean, bool invalidate);
/* Arch: clean and invalidate to PoC and, on Arm, invalidate the I-cache. */
void arch_flush_page_to_ram(mfn_t mfn);

/* The domain behind an owner id in page_info.state, which its pages keep alive; no reference. */
struct domain *domain_of_page_id(unsigned int id);

/* Hypervisor addresses of heap memory. */
static inline mfn_t virt_to_mfn(const void *va) { return maddr_to_mfn(virt_to_maddr(va)); }
static inline void *mfn_to_virt(mfn_t mfn) { return maddr_to_virt(mfn_to_maddr(mfn)); }
#define virt_to_page(va) mfn_to_page(virt_to_mfn(va))
#define page_to_virt(pg) mfn_to_virt(page_to_mfn(pg))

#endif
