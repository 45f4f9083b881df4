// SPDX-License-Identifier: GPL-2.0-only
/*
 * The buddy allocator. Free blocks are kept by size, by being under 4 GiB or
 * not, and by being clean (zero, written back to memory) or dirty. Blocks merge
 * only with buddies of their own kind; idle CPUs turn dirty ones into clean
 * ones. Guests are served clean pages first, the hypervisor dirty ones.
 */
#include <xen/bitops.h>
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/spinlock.h>

enum zone { ZONE_HIGH, ZONE_LOW, NR_ZONES };	/* low: under 4 GiB, used last */
enum kind { KIND_CLEAN, KIND_DIRTY, NR_KINDS };

#define SCRUB_ORDER	4U	/* pages scrubbed between two looks at pending work */

static DEFINE_SPINLOCK(heap_lock, RANK_HEAP);
static struct page_list free_list[NR_ZONES][NR_KINDS][MAX_ORDER + 1];
static uint32_t nonempty[NR_ZONES][NR_KINDS];	/* bit per order with a free block */
static unsigned long total_pages, free_pages, dirty_pages;
static unsigned long scrubbing_pages;		/* taken out by scrub_free_pages() right now */
static unsigned long claimed_pages;		/* of those free: what domains are still to get */
static unsigned long fail_countdown;
static bool lists_ready;

#define FREE_STATE ((uint64_t)DOMID_XYLEM_FREE << PGC_OWNER_SHIFT)
#define HEAP_STATE (((uint64_t)DOMID_XYLEM_HEAP << PGC_OWNER_SHIFT) | 1)

/*
 * bootscrub=0: memory is as the firmware left it, and the administrator vouches
 * for that. Else it is scrubbed by idle CPUs, or when a guest needs it sooner.
 */
static bool opt_bootscrub = true;

static int __init parse_bootscrub(const char *s)
{
	int b = !*s || !strcmp(s, "idle") ? 1 : parse_bool(s, strlen(s));

	if (b < 0)
		return -EINVAL;
	opt_bootscrub = b;
	return 0;
}
custom_param("bootscrub", parse_bootscrub);

static enum zone zone_of(unsigned long mfn)
{
	return mfn < (GB(4) >> PAGE_SHIFT) ? ZONE_LOW : ZONE_HIGH;
}

static void init_lists(void)
{
	for (unsigned int z = 0; z < NR_ZONES; z++)
		for (unsigned int k = 0; k < NR_KINDS; k++)
			for (unsigned int o = 0; o <= MAX_ORDER; o++)
				page_list_init(&free_list[z][k][o]);
	lists_ready = true;
}

static void list_insert(struct page_info *pg, unsigned int order, enum kind kind)
{
	enum zone z = zone_of(mfn_x(page_to_mfn(pg)));

	pg->state = FREE_STATE;
	pg->u.free.order = order;
	pg->u.free.dirty = kind;
	page_list_add(pg, &free_list[z][kind][order]);
	nonempty[z][kind] |= 1U << order;
}

static void list_remove(struct page_info *pg, enum zone z, enum kind kind, unsigned int order)
{
	page_list_del(pg, &free_list[z][kind][order]);
	if (page_list_empty(&free_list[z][kind][order]))
		nonempty[z][kind] &= ~(1U << order);
	/* No longer the head of a free block: a neighbour must not merge with it. */
	pg->u.free.order = 0xff;
}

/* The free block that starts at mfn with just this order and kind? */
static struct page_info *free_buddy(unsigned long mfn, unsigned int order, enum kind kind)
{
	struct page_info *pg;

	if (!mfn_valid(_mfn(mfn)))
		return NULL;
	pg = mfn_to_page(_mfn(mfn));
	if (atomic_load(&pg->state) != FREE_STATE || pg->u.free.order != order || pg->u.free.dirty != kind)
		return NULL;
	return pg;
}

/* Under heap_lock. Tail pages of a block keep FREE_STATE with order 0xff. */
static void free_block(unsigned long mfn, unsigned int order, enum kind kind)
{
	struct page_info *pg = mfn_to_page(_mfn(mfn));

	free_pages += 1UL << order;
	if (kind == KIND_DIRTY)
		dirty_pages += 1UL << order;

	while (order < MAX_ORDER) {
		struct page_info *buddy = free_buddy(mfn ^ (1UL << order), order, kind);

		if (!buddy || zone_of(mfn) != zone_of(mfn ^ (1UL << order)))
			break;
		list_remove(buddy, zone_of(mfn), kind, order);
		pg->u.free.order = 0xff;
		mfn &= ~(1UL << order);
		pg = mfn_to_page(_mfn(mfn));
		order++;
	}
	list_insert(pg, order, kind);
}

/* Under heap_lock: a block of that order from one list, splitting larger ones. */
static struct page_info *take_block(enum zone z, enum kind kind, unsigned int order)
{
	uint32_t can = nonempty[z][kind] & ~((1U << order) - 1);
	struct page_info *pg;
	unsigned int o;

	if (!can)
		return NULL;
	o = ffsl_(can);
	pg = page_list_first(&free_list[z][kind][o]);
	list_remove(pg, z, kind, o);
	while (o > order) {
		o--;
		list_insert(pg + (1UL << o), o, kind);
	}
	free_pages -= 1UL << order;
	if (kind == KIND_DIRTY)
		dirty_pages -= 1UL << order;
	return pg;
}

/* ---- pages that a living domain has just given back ---- */

/*
 * A guest that balloons, or a backend's kernel that swaps pages for grants, soon
 * takes back as many pages as it gave. A page that goes to the domain it came
 * from tells nobody anything: it needs no scrubbing, and is kept out of the
 * buddy lists for a moment. Domains are told apart by a number that is never
 * used again, not by their id.
 */
#define NR_RECENT 16U

static struct {
	struct page_info *page;
	uint64_t serial;
} recent[NR_RECENT];
static unsigned int nr_recent;	/* the newest is recent[nr_recent - 1] */

/* All of it under heap_lock. Counted as free and dirty while it is here. */
static void recent_forget(unsigned int keep)
{
	unsigned int drop = nr_recent - keep;

	for (unsigned int i = 0; i < drop; i++) {
		free_pages--;
		dirty_pages--;
		free_block(mfn_x(page_to_mfn(recent[i].page)), 0, KIND_DIRTY);
	}
	for (unsigned int i = 0; i < keep; i++)
		recent[i] = recent[drop + i];
	nr_recent = keep;
}

static void recent_put(struct page_info *pg, uint64_t serial)
{
	if (nr_recent == NR_RECENT)
		recent_forget(NR_RECENT / 2);
	pg->state = FREE_STATE;
	pg->u.free.order = 0xff;
	recent[nr_recent].page = pg;
	recent[nr_recent++].serial = serial;
	free_pages++;
	dirty_pages++;
}

/* Only the newest: looking through all would cost those who find nothing. */
static struct page_info *recent_get(uint64_t serial, unsigned int memf)
{
	struct page_info *pg;

	if (!nr_recent || recent[nr_recent - 1].serial != serial)
		return NULL;
	pg = recent[nr_recent - 1].page;
	if ((memf & MEMF_below4g) && zone_of(mfn_x(page_to_mfn(pg))) != ZONE_LOW)
		return NULL;
	nr_recent--;
	free_pages--;
	dirty_pages--;
	return pg;
}

static struct page_info *take_from_lists(unsigned int order, unsigned int memf, enum kind prefer,
				  enum kind *got)
{
	for (unsigned int z = memf & MEMF_below4g ? ZONE_LOW : ZONE_HIGH; z < NR_ZONES; z++) {
		for (unsigned int i = 0; i < NR_KINDS; i++) {
			enum kind kind = i ? !prefer : prefer;
			struct page_info *pg = take_block(z, kind, order);

			if (pg) {
				*got = kind;
				return pg;
			}
		}
	}
	return NULL;
}

static struct page_info *take_any(unsigned int order, unsigned int memf, enum kind prefer,
				  enum kind *got)
{
	struct page_info *pg = take_from_lists(order, memf, prefer, got);

	if (unlikely(!pg && nr_recent)) {
		recent_forget(0);
		pg = take_from_lists(order, memf, prefer, got);
	}
	return pg;
}

void alloc_fail_nth(unsigned long n)
{
	fail_countdown = n;
}

bool alloc_should_fail(void)
{
	return unlikely(fail_countdown) && --fail_countdown == 0;
}

static void mark_used(struct page_info *pg, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++) {
		pg[i].next = pg[i].prev = PAGE_LIST_NULL;
		pg[i].u.inuse.type = 0;
		/* Last: get_page() looks at the state only. */
		atomic_store_release(&pg[i].state, HEAP_STATE);
	}
}

/* Under heap_lock. d is NULL when left is 0 as before. */
static void set_claim(struct domain *d, unsigned long left)
{
	if (!d || d->outstanding_pages == left)
		return;
	claimed_pages += left - d->outstanding_pages;
	WRITE_ONCE(d->outstanding_pages, left);
}

int claim_heap_pages(struct domain *d, unsigned long pages)
{
	unsigned long flags = spin_lock_irqsave(&heap_lock);
	int rc = 0;

	if (!pages)
		set_claim(d, 0);
	else if (d->outstanding_pages)
		rc = -EINVAL;
	else if (pages > free_pages + scrubbing_pages - claimed_pages)
		rc = -ENOMEM;
	else
		set_claim(d, pages);
	spin_unlock_irqrestore(&heap_lock, flags);
	return rc;
}

/* For d, or the hypervisor (NULL). What others have claimed is not there. */
static struct page_info *alloc_block(struct domain *d, unsigned int order, unsigned int memf,
				     enum kind prefer, enum kind *got)
{
	unsigned long nr = 1UL << order, own, flags;
	struct page_info *pg = NULL;

	if (order > MAX_ORDER || alloc_should_fail())
		return NULL;
	flags = spin_lock_irqsave(&heap_lock);
	own = d ? d->outstanding_pages : 0;
	if (nr + claimed_pages - own <= free_pages + scrubbing_pages) {
		*got = KIND_CLEAN;	/* for d, its own page is */
		if (d && !order)
			pg = recent_get(d->serial, memf);
		if (!pg)
			pg = take_any(order, memf, prefer, got);
	}
	if (pg) {
		mark_used(pg, order);
		set_claim(d, own - min(own, nr));
	}
	spin_unlock_irqrestore(&heap_lock, flags);
	return pg;
}

static void release_block(struct page_info *pg, unsigned int order, enum kind kind)
{
	unsigned long flags = spin_lock_irqsave(&heap_lock);

	for (unsigned long i = 0; i < 1UL << order; i++) {
		pg[i].state = FREE_STATE;
		pg[i].u.free.order = 0xff;
	}
	free_block(mfn_x(page_to_mfn(pg)), order, kind);
	spin_unlock_irqrestore(&heap_lock, flags);
}

static void scrub_block(struct page_info *pg, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++) {
		mfn_t mfn = page_to_mfn(pg + i);
		void *va = map_domain_page(mfn);

		clear_page(va);
		unmap_domain_page(va);
		/* Zeros must reach memory before a guest with caches off reads the page. */
		arch_clean_page_to_memory(mfn);
	}
}

void init_heap_pages(paddr_t start, paddr_t end, bool dirty)
{
	unsigned long mfn = PFN_UP(start), last = PFN_DOWN(end);

	if (!lists_ready)
		init_lists();
	while (mfn < last) {
		unsigned int order = mfn ? min_t(unsigned int, ffsl_(mfn), MAX_ORDER) : MAX_ORDER;
		unsigned long flags;

		while (mfn + (1UL << order) > last)
			order--;
		flags = spin_lock_irqsave(&heap_lock);
		total_pages += 1UL << order;
		/*
		 * The frame table starts as zeros, which reads as owner 0 with no
		 * reference: not free. Only heads need to be written here; a tail page
		 * gets its state when its block is split or allocated.
		 */
		free_block(mfn, order, dirty && opt_bootscrub ? KIND_DIRTY : KIND_CLEAN);
		spin_unlock_irqrestore(&heap_lock, flags);
		mfn += 1UL << order;
	}
}

void *alloc_heap_pages(unsigned int order, unsigned int memf)
{
	enum kind got;
	struct page_info *pg = alloc_block(NULL, order, memf, KIND_DIRTY, &got);
	void *va;

	if (!pg)
		return NULL;
	va = page_to_virt(pg);
	/* Without boot scrubbing "clean" says that a guest may see it, not that it is zero. */
	if ((memf & MEMF_zero) && (got == KIND_DIRTY || !opt_bootscrub))
		for (unsigned long i = 0; i < 1UL << order; i++)
			clear_page((char *)va + (i << PAGE_SHIFT));
	return va;
}

void free_heap_pages(void *va, unsigned int order)
{
	if (va)
		release_block(virt_to_page(va), order, KIND_DIRTY);
}

struct page_info *alloc_domain_block(struct domain *d, unsigned int order, unsigned int memf)
{
	enum kind got;
	struct page_info *pg = alloc_block(d, order, memf, KIND_CLEAN, &got);

	if (pg && got == KIND_DIRTY && !(memf & MEMF_no_scrub))
		scrub_block(pg, order);
	return pg;
}

void free_domain_block(struct page_info *pg, unsigned int order)
{
	release_block(pg, order, KIND_DIRTY);
}

void free_domain_page(struct page_info *pg, uint64_t serial)
{
	unsigned long flags = spin_lock_irqsave(&heap_lock);

	recent_put(pg, serial);
	spin_unlock_irqrestore(&heap_lock, flags);
}

/* Takes a piece of a dirty block out, scrubs it, and gives it back clean. */
static bool scrub_step(void)
{
	struct page_info *pg = NULL;
	unsigned int order = 0;
	unsigned long flags;

	flags = spin_lock_irqsave(&heap_lock);
	/* The CPU is idle: whoever gave them back is not about to ask for them. */
	recent_forget(0);
	for (unsigned int z = 0; z < NR_ZONES && !pg; z++) {
		if (!nonempty[z][KIND_DIRTY])
			continue;
		order = min_t(unsigned int, ffsl_(nonempty[z][KIND_DIRTY]), SCRUB_ORDER);
		pg = take_block(z, KIND_DIRTY, order);
	}
	if (pg) {
		pg->state = HEAP_STATE;
		scrubbing_pages += 1UL << order;
	}
	spin_unlock_irqrestore(&heap_lock, flags);
	if (!pg)
		return false;

	scrub_block(pg, order);

	flags = spin_lock_irqsave(&heap_lock);
	scrubbing_pages -= 1UL << order;
	pg->state = FREE_STATE;
	free_block(mfn_x(page_to_mfn(pg)), order, KIND_CLEAN);
	spin_unlock_irqrestore(&heap_lock, flags);
	return READ_ONCE(dirty_pages) != 0;
}

/*
 * One CPU at a time: more of them would fight for heap_lock and for memory
 * bandwidth that guests could use, to be done a little sooner with what nobody
 * waits for.
 */
bool scrub_free_pages(void)
{
	static bool busy;
	bool more;

	if (!READ_ONCE(dirty_pages) || __atomic_exchange_n(&busy, true, __ATOMIC_ACQUIRE))
		return false;
	more = scrub_step();
	atomic_store_release(&busy, false);
	return more;
}

unsigned long total_heap_pages(void)
{
	return total_pages;
}

/* Pages being scrubbed are free for anyone who counts. */
unsigned long avail_heap_pages(void)
{
	return READ_ONCE(free_pages) + READ_ONCE(scrubbing_pages);
}

unsigned long claimed_heap_pages(void)
{
	return READ_ONCE(claimed_pages);
}

unsigned long dirty_heap_pages(void)
{
	return READ_ONCE(dirty_pages) + READ_ONCE(scrubbing_pages);
}
