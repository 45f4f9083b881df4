// SPDX-License-Identifier: GPL-2.0-only
/* The shares: how many, and which the peer has not let go. */

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <xen/page.h>
#include "gntalloc.h"

static int limit = 1024;
module_param(limit, int, 0644);
MODULE_PARM_DESC(limit,
	"Maximum number of grants that may be allocated by the gntalloc device (default: 1024)");

static DEFINE_SPINLOCK(lot_lock);
static unsigned int lot_used;
static LIST_HEAD(lot_left);

static void look_again(struct work_struct *work);
static DECLARE_DELAYED_WORK(look_work, look_again);

int lot_reserve(unsigned int count)
{
	unsigned int max = max(READ_ONCE(limit), 0);
	int ret = -ENOSPC;

	spin_lock(&lot_lock);
	if (lot_used <= max && count <= max - lot_used) {
		lot_used += count;
		ret = 0;
	}
	spin_unlock(&lot_lock);
	return ret;
}

void lot_unreserve(unsigned int count)
{
	spin_lock(&lot_lock);
	lot_used -= count;
	spin_unlock(&lot_lock);
}

struct share *share_create(domid_t domid, bool readonly)
{
	struct share *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);
	int ret = -ENOMEM;

	if (!s)
		return ERR_PTR(ret);
	s->page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!s->page)
		goto free;
	ret = gnttab_grant_foreign_access(domid, xen_page_to_gfn(s->page), readonly);
	if (ret < 0)
		goto page;
	s->ref = ret;
	s->domid = domid;
	refcount_set(&s->users, 1);
	return s;

page:
	__free_page(s->page);
free:
	kfree(s);
	return ERR_PTR(ret);
}

void share_get(struct share *s)
{
	refcount_inc(&s->users);
}

static bool share_end(struct share *s)
{
	if (!gnttab_try_end_foreign_access(s->ref))
		return false;
	__free_page(s->page);
	kfree(s);
	lot_unreserve(1);
	return true;
}

void share_put(struct share *s)
{
	if (!refcount_dec_and_test(&s->users))
		return;
	unmap_notify_do(&s->notify, &s->page);
	if (share_end(s))
		return;
	spin_lock(&lot_lock);
	list_add_tail(&s->left, &lot_left);
	spin_unlock(&lot_lock);
	schedule_delayed_work(&look_work, HZ);
}

/* Seconds after which it is said that a peer keeps what is no longer its. */
#define TELL_AFTER	10

/* All that the peers have, once. */
static void look_again(struct work_struct *work)
{
	unsigned int late = 0;
	domid_t domid = 0;
	struct share *s, *next;
	LIST_HEAD(left);

	spin_lock(&lot_lock);
	list_splice_init(&lot_left, &left);
	spin_unlock(&lot_lock);

	list_for_each_entry_safe(s, next, &left, left) {
		list_del(&s->left);
		if (share_end(s))
			continue;
		list_add(&s->left, &left);
		if (++s->looks == TELL_AFTER) {
			domid = s->domid;
			late++;
		}
	}
	if (late)
		pr_warn_ratelimited("xen-gntalloc: domain %u still has a page, of %u in all, after %u s: they count until they are let go\n",
				    domid, late, TELL_AFTER);
	if (list_empty(&left))
		return;
	spin_lock(&lot_lock);
	list_splice(&left, &lot_left);
	spin_unlock(&lot_lock);
	schedule_delayed_work(&look_work, HZ);
}

/* The kernel waits for what the peers still have, with the page in its hands. */
void lot_exit(void)
{
	struct share *s, *next;

	cancel_delayed_work_sync(&look_work);
	list_for_each_entry_safe(s, next, &lot_left, left) {
		compat_end_foreign_access(s->ref, s->page);
		kfree(s);
	}
}
