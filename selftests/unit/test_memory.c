// SPDX-License-Identifier: GPL-2.0-only
/* The page allocator, small allocations, references, the guest physical map. */
#include <xen/xmalloc.h>
#include "unit.h"

TEST(alloc_gives_back_all)
{
	unsigned long before = avail_heap_pages();
	void *p[MAX_ORDER];

	for (unsigned int o = 0; o < 12; o++) {
		p[o] = alloc_heap_pages(o, 0);
		CHECK(p[o]);
		CHECK(IS_ALIGNED(mfn_x(virt_to_mfn(p[o])), 1UL << o));
		memset(p[o], 0xa5, PAGE_SIZE << o);
	}
	for (unsigned int o = 0; o < 12; o++)
		free_heap_pages(p[o], o);
	CHECK_EQ(avail_heap_pages(), before);
}

TEST(buddies_merge)
{
	void *big = alloc_heap_pages(12, 0), *p[64];

	CHECK(big);
	free_heap_pages(big, 12);
	for (int i = 0; i < 64; i++)
		CHECK((p[i] = alloc_heap_page()) != NULL);
	for (int i = 0; i < 64; i += 2)
		free_heap_page(p[i]);
	for (int i = 1; i < 64; i += 2)
		free_heap_page(p[i]);
	big = alloc_heap_pages(12, 0);
	CHECK(big);
	free_heap_pages(big, 12);
}

static bool is_zero(const char *p, size_t n)
{
	while (n--)
		if (*p++)
			return false;
	return true;
}

TEST(guests_get_scrubbed_pages)
{
	struct domain *d = host_create_guest(1, 0);

	for (int round = 0; round < 3; round++) {
		struct page_info *pg = alloc_domheap_pages(d, 3, 0);

		CHECK(pg);
		CHECK(is_zero(page_to_virt(pg), PAGE_SIZE << 3));
		memset(page_to_virt(pg), 0xff, PAGE_SIZE << 3);
		for (int i = 0; i < 8; i++)
			CHECK(page_drop_allocation(pg + i));
	}
	host_destroy_guest(d);
}

/* What one domain gave back is nobody else's to read, and counted as free. */
TEST(given_back_pages_are_scrubbed_for_others)
{
	struct domain *d = host_create_guest(1, 8), *other = host_create_guest(1, 0);
	unsigned long before = avail_heap_pages();
	struct page_info *pg = virt_to_page(host_guest_page(d, 5)), *again;

	memset(page_to_virt(pg), 0xee, PAGE_SIZE);
	CHECK_EQ(p2m_remove_page(d, _gfn(5), page_to_mfn(pg)), 0);
	CHECK(page_drop_allocation(pg));
	CHECK_EQ(avail_heap_pages(), before + 1);
	for (int i = 0; i < 64; i++) {
		struct page_info *o = alloc_domheap_page(other, 0);

		CHECK(o && is_zero(page_to_virt(o), PAGE_SIZE));
	}
	again = alloc_domheap_page(d, 0);
	CHECK(again == pg || is_zero(page_to_virt(again), PAGE_SIZE));
	host_destroy_guest(d);
	host_destroy_guest(other);
}

/* Memory that waits for its owner is there for others when there is no more. */
TEST(given_back_pages_do_not_run_out)
{
	struct domain *d = host_create_guest(1, 8), *other = host_create_guest(1, 0);
	unsigned long n = 0, all;

	other->max_pages = 1U << 20;
	CHECK(page_drop_allocation(virt_to_page(host_guest_page(d, 5))));
	CHECK_EQ(p2m_remove_page(d, _gfn(5), INVALID_MFN), 0);
	all = avail_heap_pages();
	while (alloc_domheap_page(other, 0))
		n++;
	CHECK_EQ(n, all);
	host_destroy_guest(other);
	host_destroy_guest(d);
}

TEST(scrubbing_cleans_everything)
{
	unsigned long before = avail_heap_pages();

	while (scrub_free_pages())
		;
	CHECK_EQ(dirty_heap_pages(), 0);
	CHECK_EQ(avail_heap_pages(), before);
}

TEST(page_reference_keeps_it)
{
	struct domain *d = host_create_guest(1, 1), *other = host_create_guest(1, 0);
	struct page_info *pg = virt_to_page(host_guest_page(d, 0));

	CHECK(get_page(pg, d));
	CHECK(!get_page(pg, other));
	CHECK(page_drop_allocation(pg));
	CHECK(!page_drop_allocation(pg));
	CHECK_EQ(d->tot_pages, 1);
	CHECK(get_page(pg, d));
	put_page(pg);
	put_page(pg);
	CHECK_EQ(d->tot_pages, 0);
	CHECK(!get_page(pg, d));
	host_destroy_guest(d);
	host_destroy_guest(other);
}

TEST(max_pages_is_a_limit)
{
	struct domain *d = host_create_guest(1, 0);
	struct page_info *pg;

	d->max_pages = 2;
	CHECK(!alloc_domheap_pages(d, 2, 0));
	pg = alloc_domheap_pages(d, 1, 0);
	CHECK(pg);
	CHECK(!alloc_domheap_page(d, 0));
	page_drop_allocation(pg);
	CHECK(alloc_domheap_page(d, 0));
	host_destroy_guest(d);
}

TEST(xmalloc_sizes)
{
	unsigned long before;
	char *p[32];

	xfree(xmalloc_bytes(1));
	before = avail_heap_pages();
	for (int i = 0; i < 32; i++) {
		size_t n = 1 + i * 401;

		p[i] = xmalloc_bytes(n);
		CHECK(p[i] && IS_ALIGNED((uintptr_t)p[i], 16));
		memset(p[i], i, n);
	}
	for (int i = 0; i < 32; i++)
		for (size_t k = 0; k < 1 + i * 401UL; k++)
			CHECK_EQ(p[i][k], i);
	for (int i = 0; i < 32; i++)
		xfree(p[i]);
	CHECK(!xzalloc_array_(SIZE_MAX / 2, 3));
	/* At most one empty page of each class is kept. */
	CHECK(before - avail_heap_pages() < 16);
}

TEST(p2m_blocks_split_and_merge)
{
	struct domain *d = host_create_guest(1, 0);
	struct page_info *pg;
	enum p2m_type t;
	unsigned int order;
	unsigned long used;

	d->max_pages = 2048;
	pg = alloc_domheap_pages(d, 9, 0);
	CHECK(pg);
	CHECK_EQ(p2m_map_range(d, _gfn(512), 512, page_to_mfn(pg), p2m_ram_rw), 0);
	used = d->p2m.pool_used;
	CHECK(mfn_eq(p2m_lookup(d, _gfn(700), &t, &order), mfn_add(page_to_mfn(pg), 700 - 512)));
	CHECK_EQ(order, 9);
	CHECK_EQ(t, p2m_ram_rw);
	CHECK_EQ(p2m_remove_page(d, _gfn(600), page_to_mfn(pg)), -EINVAL);
	CHECK_EQ(p2m_remove_page(d, _gfn(600), mfn_add(page_to_mfn(pg), 88)), 0);
	CHECK(mfn_eq(p2m_lookup(d, _gfn(600), NULL, NULL), INVALID_MFN));
	p2m_lookup(d, _gfn(601), NULL, &order);
	CHECK_EQ(order, 0);
	/* Not at once: a page that goes and comes (ballooning) would split and merge each time. */
	host_advance_time(SECONDS(10));
	CHECK_EQ(p2m_set_page(d, _gfn(600), mfn_add(page_to_mfn(pg), 88), p2m_ram_rw), 0);
	p2m_lookup(d, _gfn(601), NULL, &order);
	CHECK_EQ(order, 9);
	CHECK_EQ(d->p2m.pool_used, used);
	host_destroy_guest(d);
}

/* What one domain has claimed is not there for others, and is for it. */
TEST(claims_are_kept)
{
	struct domain *a = host_create_guest(1, 1), *b = host_create_guest(1, 1);
	unsigned long before = claimed_heap_pages(), all = avail_heap_pages();
	struct page_info *pg;

	a->max_pages = b->max_pages = UINT32_MAX;
	CHECK_EQ(claim_heap_pages(a, all + 1), -ENOMEM);
	CHECK_EQ(claim_heap_pages(a, all - before), 0);
	CHECK_EQ(claim_heap_pages(a, 1), -EINVAL);
	CHECK_EQ(claim_heap_pages(b, 1), -ENOMEM);
	CHECK(!alloc_domheap_page(b, 0));
	CHECK(!alloc_heap_page());
	pg = alloc_domheap_pages(a, 3, 0);
	CHECK(pg);
	CHECK_EQ(a->outstanding_pages, all - before - 8);
	CHECK_EQ(claim_heap_pages(a, 0), 0);
	CHECK_EQ(claimed_heap_pages(), before);
	CHECK_EQ(claim_heap_pages(a, 100), 0);
	host_destroy_guest(a);
	CHECK_EQ(claimed_heap_pages(), before);
	host_destroy_guest(b);
}

TEST(p2m_pool_is_a_limit)
{
	struct domain *d = host_create_guest(1, 1);
	struct page_info *pg = alloc_domheap_page(d, 0);

	CHECK(pg);
	d->p2m.pool_limit = d->p2m.pool_used;
	CHECK_EQ(p2m_set_page(d, _gfn(1UL << 20), page_to_mfn(pg), p2m_ram_rw), -ENOMEM);
	CHECK(mfn_eq(p2m_lookup(d, _gfn(1UL << 20), NULL, NULL), INVALID_MFN));
	/* Nothing is a limit, too. */
	d->p2m.pool_limit = d->p2m.pool_used = 0;
	CHECK_EQ(p2m_set_page(d, _gfn(1UL << 20), page_to_mfn(pg), p2m_ram_rw), -ENOMEM);
	d->p2m.pool_limit = P2M_NO_LIMIT;
	d->p2m.pool_used = d->p2m.pages.count;
	CHECK_EQ(p2m_set_page(d, _gfn(1UL << 20), page_to_mfn(pg), p2m_ram_rw), 0);
	host_destroy_guest(d);
}
