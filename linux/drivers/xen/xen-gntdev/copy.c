// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies between granted pages and the caller's memory. A segment's own memory may
 * cross pages, of which the hypervisor wants one an operation; operations are
 * collected and made together.
 */

#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/page.h>
#include "gntdev.h"

#define BATCH 32

struct copy_batch {
	struct gnttab_copy ops[BATCH];
	s16 __user *status[BATCH];	/* of the segment an operation belongs to */
	struct page *pages[BATCH];
	bool written[BATCH];
	unsigned int count, pinned;
};

static void unpin(struct copy_batch *b)
{
	unsigned int i;

	for (i = 0; i < b->pinned; i++)
		unpin_user_pages_dirty_lock(&b->pages[i], 1, b->written[i]);
	b->pinned = 0;
}

/* The first failure of a segment is its status; what is good leaves it alone. */
static int run_batch(struct copy_batch *b)
{
	unsigned int i;
	int ret = 0;

	if (b->count)
		gnttab_batch_copy(b->ops, b->count);
	for (i = 0; i < b->count && !ret; i++) {
		s16 now;

		if (b->ops[i].status == GNTST_okay)
			continue;
		if (get_user(now, b->status[i]) ||
		    (now == GNTST_okay && put_user(b->ops[i].status, b->status[i])))
			ret = -EFAULT;
	}
	unpin(b);
	b->count = 0;
	return ret;
}

static int pin_page(struct copy_batch *b, unsigned long addr, bool write, xen_pfn_t *gfn)
{
	int ret = pin_user_pages_fast(addr & PAGE_MASK, 1, write ? FOLL_WRITE : 0,
				      &b->pages[b->pinned]);

	if (ret != 1)
		return ret < 0 ? ret : -EFAULT;
	*gfn = xen_page_to_gfn(b->pages[b->pinned]) + (offset_in_page(addr) >> XEN_PAGE_SHIFT);
	b->written[b->pinned++] = write;
	return 0;
}

struct end {
	bool granted;
	unsigned long addr;
	grant_ref_t ref;
	u16 offset;
	domid_t domid;
};

/* How much can be copied with one operation, of what is left. */
static unsigned int piece(const struct end *e, unsigned int left)
{
	unsigned int at = e->granted ? e->offset : xen_offset_in_page(e->addr);

	return min_t(unsigned int, left, XEN_PAGE_SIZE - at);
}

/* e is the end of the copy that op's part c describes. */
#define fill_end(b, c, e, write)						\
({										\
	int _ret = 0;								\
	if ((e)->granted) {							\
		(c)->u.ref = (e)->ref;						\
		(c)->domid = (e)->domid;					\
		(c)->offset = (e)->offset;					\
	} else {								\
		xen_pfn_t _gfn = 0;						\
		_ret = pin_page(b, (e)->addr, write, &_gfn);			\
		(c)->u.gmfn = _gfn;						\
		(c)->domid = DOMID_SELF;					\
		(c)->offset = xen_offset_in_page((e)->addr);			\
	}									\
	_ret;									\
})

static void advance(struct end *e, unsigned int len)
{
	e->addr += len;
	e->offset += len;
}

static int copy_segment(struct copy_batch *b, struct gntdev_grant_copy_segment __user *user)
{
	struct gntdev_grant_copy_segment seg;
	struct end from, to;
	unsigned int left, len;
	int ret;

	if (copy_from_user(&seg, user, sizeof(seg)))
		return -EFAULT;
	if (!(seg.flags & (GNTCOPY_source_gref | GNTCOPY_dest_gref)) ||
	    (seg.flags & ~(GNTCOPY_source_gref | GNTCOPY_dest_gref)))
		return -EINVAL;
	from = (struct end){
		.granted = seg.flags & GNTCOPY_source_gref,
		.addr = (unsigned long)seg.source.virt,
		.ref = seg.source.foreign.ref,
		.offset = seg.source.foreign.offset,
		.domid = seg.source.foreign.domid,
	};
	to = (struct end){
		.granted = seg.flags & GNTCOPY_dest_gref,
		.addr = (unsigned long)seg.dest.virt,
		.ref = seg.dest.foreign.ref,
		.offset = seg.dest.foreign.offset,
		.domid = seg.dest.foreign.domid,
	};
	if ((from.granted && from.offset + seg.len > XEN_PAGE_SIZE) ||
	    (to.granted && to.offset + seg.len > XEN_PAGE_SIZE))
		return -EINVAL;
	if (put_user((s16)GNTST_okay, &user->status))
		return -EFAULT;

	for (left = seg.len; left; left -= len) {
		struct gnttab_copy *op = &b->ops[b->count];

		len = min(piece(&from, left), piece(&to, left));
		op->flags = seg.flags;
		op->len = len;
		op->status = GNTST_okay;
		b->status[b->count] = &user->status;
		ret = fill_end(b, &op->source, &from, false) ?:
		      fill_end(b, &op->dest, &to, true);
		if (ret)
			return ret;
		advance(&from, len);
		advance(&to, len);
		if (++b->count == BATCH) {
			ret = run_batch(b);
			if (ret)
				return ret;
		}
	}
	return 0;
}

long gntdev_copy(void __user *arg)
{
	struct ioctl_gntdev_grant_copy copy;
	struct copy_batch *b;
	unsigned int i;
	int ret = 0;

	if (copy_from_user(&copy, arg, sizeof(copy)))
		return -EFAULT;
	b = kmalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	b->count = 0;
	b->pinned = 0;
	for (i = 0; i < copy.count && !ret; i++) {
		ret = copy_segment(b, &copy.segments[i]);
		if (!ret && fatal_signal_pending(current))
			ret = -EINTR;
		cond_resched();
	}
	/* What was prepared before a bad segment is not done. */
	if (ret)
		unpin(b);
	else
		ret = run_batch(b);
	kfree(b);
	return ret;
}
