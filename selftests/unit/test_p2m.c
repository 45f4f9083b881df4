// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random changes of a guest's physical map against a model that is one array:
 * every size and alignment, every type, tables that cannot be allocated.
 */
#include <xen/hypercall.h>
#include <xen/mm.h>
#include <xen/p2m.h>
#include "unit.h"

#define WINDOW		(1UL << 19)		/* guest frames the model covers: 2 GiB */
#define BASE		(3UL << 17)		/* across a GiB boundary */
#define NR_FOREIGN	64
#define ROUNDS		4
#define CHANGES		1500

static struct {
	uint32_t mfn;
	uint8_t type;
} model[WINDOW];

static uint64_t seed;

static unsigned long pick(unsigned long n)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (seed >> 33) % n;
}

/* Any type that holds no reference. */
static enum p2m_type plain_type(void)
{
	return p2m_ram_rw + pick(p2m_mmio_direct_c - p2m_ram_rw + 1);
}

static void check_model(struct domain *d)
{
	unsigned long count[NR_P2M_TYPES] = { 0 };

	for (unsigned long i = 0; i < WINDOW; i++) {
		enum p2m_type t;
		mfn_t mfn = p2m_lookup(d, _gfn(BASE + i), &t, NULL);

		CHECK_EQ(t, model[i].type);
		CHECK_EQ(mfn_x(mfn), t == p2m_invalid ? mfn_x(INVALID_MFN) : model[i].mfn);
		count[t]++;
	}
	for (enum p2m_type t = p2m_ram_rw; t < NR_P2M_TYPES; t++)
		CHECK_EQ(d->p2m.mappings[t], count[t]);
	CHECK_EQ(d->p2m.pool_used, d->p2m.pages.count);
}

static void model_set(unsigned long at, unsigned long nr, unsigned long mfn, enum p2m_type t)
{
	for (unsigned long i = 0; i < nr; i++) {
		model[at + i].mfn = t == p2m_invalid ? 0 : mfn + i;
		model[at + i].type = t;
	}
}

/* gfn and mfn of a change of 2^order pages; aligned to it more often than not. */
static bool pick_place(unsigned int order, unsigned long *at, unsigned long *mfn)
{
	unsigned long nr = 1UL << order, frames = max_ram_mfn() - HOST_FIRST_MFN;

	*at = pick(WINDOW);
	*mfn = pick(frames);
	if (pick(3)) {
		*at &= ~(nr - 1);
		*mfn = ROUNDUP(*mfn + HOST_FIRST_MFN, nr);
	} else {
		*mfn += HOST_FIRST_MFN;
	}
	return *at + nr <= WINDOW && *mfn + nr <= max_ram_mfn();
}

static void change_plain(struct domain *d)
{
	unsigned int order = pick(2) ? 0 : pick(15);
	unsigned long at, mfn;
	enum p2m_type t = pick(4) ? plain_type() : p2m_invalid;
	int rc;

	if (!pick_place(order, &at, &mfn))
		return;
	alloc_fail_nth(pick(8) ? 0 : 1 + pick(4));
	if (t == p2m_invalid) {
		unsigned long n = 0;

		while (n < 1UL << order &&
		       !(rc = p2m_remove_page(d, _gfn(BASE + at + n), INVALID_MFN)))
			n++;
		model_set(at, n, 0, t);
	} else {
		rc = p2m_map_range(d, _gfn(BASE + at), 1UL << order, _mfn(mfn), t);
		if (!rc)
			model_set(at, 1UL << order, mfn, t);
	}
	alloc_fail_nth(0);
	CHECK(!rc || rc == -ENOMEM);
}

/* A page of somebody else's: a foreign mapping takes our reference, or we drop it. */
static void change_foreign(struct domain *d, struct domain *other)
{
	struct page_info *pg = virt_to_page(host_guest_page(other, pick(NR_FOREIGN)));
	enum p2m_type t = p2m_map_foreign_rw + pick(4);
	unsigned long at = pick(WINDOW);

	CHECK(get_page(pg, other));
	if (!p2m_set_page(d, _gfn(BASE + at), page_to_mfn(pg), t)) {
		model_set(at, 1, mfn_x(page_to_mfn(pg)), t);
		if (p2m_holds_ref(t))
			return;
	}
	put_page(pg);
}

static void one_round(void)
{
	struct domain *other = host_create_guest(1, NR_FOREIGN), *d = host_create_guest(1, 0);

	model_set(0, WINDOW, 0, p2m_invalid);
	for (unsigned int i = 0; i < CHANGES; i++) {
		if (pick(4))
			change_plain(d);
		else
			change_foreign(d, other);
		host_advance_time(MILLISECS(pick(8)));
		if (i % (CHANGES / 3) == 0)
			check_model(d);
	}
	check_model(d);
	host_destroy_guest(d);
	/* Every reference came back: only the allocation's own is left. */
	for (unsigned int i = 0; i < NR_FOREIGN; i++)
		CHECK_EQ(virt_to_page(host_guest_page(other, i))->state & PGC_COUNT_MASK, 1);
	host_destroy_guest(other);
}

TEST(p2m_follows_a_model)
{
	unsigned long before = avail_heap_pages();

	for (seed = 1; seed <= ROUNDS; seed++) {
		uint64_t round = seed;

		one_round();
		seed = round;
	}
	CHECK(before - avail_heap_pages() < 16);
}

TEST(p2m_heap_page_shows_once)
{
	struct domain *d = host_create_guest(1, 0);
	mfn_t mfn = virt_to_mfn(d->shared_info);

	CHECK_EQ(p2m_map_heap_page(d, _gfn(5), mfn), 0);
	CHECK_EQ(p2m_map_heap_page(d, _gfn(6), mfn), -EBUSY);
	CHECK_EQ(p2m_remove_page(d, _gfn(5), mfn), 0);
	CHECK_EQ(p2m_map_heap_page(d, _gfn(6), mfn), 0);
	/* Something else in its place sets it free too. */
	CHECK_EQ(p2m_set_page(d, _gfn(6), _mfn(0x1234), p2m_mmio_direct_dev), 0);
	CHECK_EQ(p2m_map_heap_page(d, _gfn(7), mfn), 0);
	host_destroy_guest(d);
}

TEST(p2m_ram_page_taken_out)
{
	struct domain *d = host_create_guest(1, 0);
	struct page_info *block, *pg;

	d->max_pages = 1024;
	block = alloc_domheap_pages(d, 9, 0);
	CHECK(block);
	CHECK_EQ(p2m_map_range(d, _gfn(1024), 512, page_to_mfn(block), p2m_ram_rw), 0);
	CHECK_EQ(p2m_remove_ram_page(d, _gfn(1023), &pg), -ENOENT);
	CHECK_EQ(p2m_remove_ram_page(d, _gfn(1024 + 77), &pg), 0);
	CHECK(pg == block + 77);
	CHECK_EQ(pg->state & PGC_COUNT_MASK, 2);
	put_page(pg);
	CHECK_EQ(p2m_remove_ram_page(d, _gfn(1024 + 77), &pg), -ENOENT);
	CHECK(mfn_eq(p2m_lookup(d, _gfn(1024 + 78), NULL, NULL), page_to_mfn(block + 78)));
	CHECK_EQ(p2m_set_page(d, _gfn(3), _mfn(0x1234), p2m_mmio_direct_dev), 0);
	CHECK_EQ(p2m_remove_ram_page(d, _gfn(3), &pg), -EINVAL);
	host_destroy_guest(d);
}
