// SPDX-License-Identifier: GPL-2.0-only
/* Granting access to our pages, and taking it back, at once or when the peer lets go. */

#include <linux/export.h>
#include <linux/mm.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <asm/sync_bitops.h>
#include "corefuncs.h"
#include "grants.h"

void gnttab_grant_foreign_access_ref(grant_ref_t ref, domid_t domid, unsigned long frame,
				     int readonly)
{
	struct grant_entry_v1 *entry = &grant_entries[ref];

	entry->frame = frame;
	entry->domid = domid;
	/* The hypervisor reads the rest when it sees that the entry is valid. */
	virt_wmb();
	WRITE_ONCE(entry->flags, GTF_permit_access | (readonly ? GTF_readonly : 0));
}
EXPORT_SYMBOL_GPL(gnttab_grant_foreign_access_ref);

int gnttab_grant_foreign_access(domid_t domid, unsigned long frame, int readonly)
{
	grant_ref_t head;
	int ret = gnttab_alloc_grant_references(1, &head);

	if (ret)
		return ret;
	gnttab_grant_foreign_access_ref(head, domid, frame, readonly);
	return head;
}
EXPORT_SYMBOL_GPL(gnttab_grant_foreign_access);

bool grant_end(grant_ref_t ref)
{
	u16 *flags = &grant_entries[ref].flags;
	u16 old = READ_ONCE(*flags), now;

	for (;; old = now) {
		if (old & (GTF_reading | GTF_writing))
			return false;
		/* A full barrier: the page is used by others only after this. */
		now = sync_cmpxchg(flags, old, 0);
		if (now == old)
			return true;
	}
}

COMPAT_END_ACCESS_REF(grant_end)
EXPORT_SYMBOL_GPL(gnttab_end_foreign_access_ref);

int gnttab_try_end_foreign_access(grant_ref_t ref)
{
	bool ended = grant_end(ref);

	if (ended)
		gnttab_free_grant_reference(ref);
	return ended;
}
EXPORT_SYMBOL_GPL(gnttab_try_end_foreign_access);

/* A grant that the peer still has mapped, and the page that goes with it, if any. */
struct deferred {
	struct list_head link;
	grant_ref_t ref;
	struct page *page;
	unsigned int tries;
};

/* A peer that keeps our pages must not cost more than a look at some each second. */
#define DEFERRED_BATCH	64

static void try_deferred(struct work_struct *work);
static DECLARE_DELAYED_WORK(deferred_work, try_deferred);
static DEFINE_SPINLOCK(deferred_lock);
static LIST_HEAD(deferred);
static unsigned int nr_deferred;

static void again(void)
{
	queue_delayed_work(system_wq, &deferred_work, HZ);
}

static bool try_one(struct deferred *d)
{
	if (!grant_end(d->ref)) {
		if (++d->tries == 60)
			pr_warn_ratelimited("xen-core: grant %u is still used after a minute\n",
					    d->ref);
		return false;
	}
	gnttab_free_grant_reference(d->ref);
	if (d->page)
		put_page(d->page);
	return true;
}

static void try_deferred(struct work_struct *work)
{
	unsigned int n = DEFERRED_BATCH;
	struct deferred *d;
	bool ended;

	spin_lock_irq(&deferred_lock);
	while (n-- && !list_empty(&deferred)) {
		d = list_first_entry(&deferred, struct deferred, link);
		list_del(&d->link);
		spin_unlock_irq(&deferred_lock);
		ended = try_one(d);
		if (ended)
			kfree(d);
		spin_lock_irq(&deferred_lock);
		if (ended)
			nr_deferred--;
		else
			list_add_tail(&d->link, &deferred);
	}
	if (nr_deferred)
		again();
	spin_unlock_irq(&deferred_lock);
}

static void defer(grant_ref_t ref, struct page *page)
{
	struct deferred *d = kmalloc(sizeof(*d), GFP_ATOMIC);
	unsigned long flags;

	if (!d) {
		pr_warn_ratelimited("xen-core: grant %u is in use and lost: no memory\n", ref);
		return;
	}
	d->ref = ref;
	d->page = page;
	d->tries = 0;
	spin_lock_irqsave(&deferred_lock, flags);
	list_add_tail(&d->link, &deferred);
	nr_deferred++;
	spin_unlock_irqrestore(&deferred_lock, flags);
	again();
}

/* Takes over the reference and, if not NULL, one reference of the page. */
static void end_access(grant_ref_t ref, struct page *page)
{
	if (!gnttab_try_end_foreign_access(ref))
		defer(ref, page);
	else if (page)
		put_page(page);
}

COMPAT_END_ACCESS(end_access)
EXPORT_SYMBOL_GPL(gnttab_end_foreign_access);
