// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pinning a grant: the only place that reads and changes the granter's entry.
 */
#include <xen/grant_if.h>
#include <xen/guest_atomic.h>
#include <xen/lib.h>

#define STATUS_TRIES	5
#define MAX_PINS	(UINT32_MAX / 2)

/*
 * Marks the entry in use, if it permits the access. Flags and domid are one
 * 32-bit word, so that what was checked is what gets marked.
 */
static __always_inline int16_t mark_entry(struct domain *rd, grant_entry_v1_t *e,
					  domid_t domid, bool readonly)
{
	uint32_t *word = (uint32_t *)e, old = READ_ONCE(*word), seen, new;

	for (unsigned int i = 0; i < STATUS_TRIES; i++) {
		uint16_t flags = old;

		if ((flags & GTF_type_mask) != GTF_permit_access || (domid_t)(old >> 16) != domid)
			return GNTST_general_error;
		if (!readonly && (flags & GTF_readonly))
			return GNTST_general_error;
		new = old | GTF_reading | (readonly ? 0 : GTF_writing);
		if (new == old)
			return GNTST_okay;
		seen = guest_cmpxchg(rd, word, old, new);
		if (seen == old)
			return GNTST_okay;
		old = seen;
	}
	/* It keeps changing its own entry. */
	return GNTST_general_error;
}

static void unmark_entry(struct domain *rd, grant_entry_v1_t *e, uint16_t flags)
{
	/* The flags are the low half of the entry's first word. */
	guest_change(rd, (uint32_t *)e, flags, 0);
}

/* Entry lock held, nothing pinned yet. */
static int16_t first_pin(struct domain *rd, struct active_grant *a, grant_entry_v1_t *e,
			 domid_t domid, bool readonly)
{
	int16_t status = mark_entry(rd, e, domid, readonly);

	if (status)
		return status;
	/*
	 * Writable even for readers: writers that join them get the same page. Not a
	 * shared page of the hypervisor: it would not keep the domain, whose tables
	 * the pin is in.
	 */
	a->page = get_ram_page_from_gfn(rd, _gfn(READ_ONCE(e->frame)), true);
	if (a->page && (READ_ONCE(a->page->state) & PGC_heap)) {
		put_page(a->page);
		a->page = NULL;
	}
	if (!a->page) {
		unmark_entry(rd, e, GTF_reading | GTF_writing);
		return GNTST_general_error;
	}
	a->domid = domid;
	return GNTST_okay;
}

int16_t grant_acquire(struct domain *rd, grant_ref_t ref, domid_t domid, bool readonly,
		      unsigned int pins, struct page_info **page)
{
	struct grant_table *gt = &rd->grant;
	struct active_grant *a;
	grant_entry_v1_t *e;
	int16_t status = GNTST_okay;

	if (unlikely(!ref_is_valid(gt, ref)))
		return GNTST_bad_gntref;
	a = active_of(gt, ref);
	e = shared_of(gt, ref);
	spin_lock(&a->lock);
	if (rd->is_dying)
		status = GNTST_general_error;
	else if (!(a->readers | a->writers))
		status = first_pin(rd, a, e, domid, readonly);
	else if (a->domid != domid || a->readers + a->writers >= MAX_PINS)
		status = GNTST_general_error;
	else if (!readonly && !a->writers)
		status = mark_entry(rd, e, domid, false);
	if (!status) {
		if (readonly)
			a->readers += pins;
		else
			a->writers += pins;
		*page = a->page;
	}
	spin_unlock(&a->lock);
	return status;
}

void grant_release(struct domain *rd, grant_ref_t ref, bool readonly, unsigned int pins)
{
	struct active_grant *a = active_of(&rd->grant, ref);
	struct page_info *page = NULL;
	uint16_t clear = 0;

	spin_lock(&a->lock);
	if (readonly)
		a->readers -= pins;
	else if ((a->writers -= pins) == 0)
		clear |= GTF_writing;
	if (!(a->readers | a->writers)) {
		clear |= GTF_reading;
		page = a->page;
		a->page = NULL;
	}
	if (clear)
		unmark_entry(rd, shared_of(&rd->grant, ref), clear);
	spin_unlock(&a->lock);
	/* What may be the last that keeps rd. */
	if (page)
		put_page(page);
}

bool grant_is_pinned(struct domain *rd, const struct page_info *page, domid_t domid)
{
	struct grant_table *gt = &rd->grant;

	for (grant_ref_t ref = 0; ref_is_valid(gt, ref); ref++) {
		struct active_grant *a = active_of(gt, ref);
		bool hit;

		if (READ_ONCE(a->page) != page)
			continue;
		spin_lock(&a->lock);
		hit = a->page == page && a->domid == domid;
		spin_unlock(&a->lock);
		if (hit)
			return true;
	}
	return false;
}
