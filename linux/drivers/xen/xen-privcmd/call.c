// SPDX-License-Identifier: GPL-2.0-only
/* Hypercalls as user space gives them. */

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/xen-ops.h>
#include "hypercall.h"
#include "privcmd.h"

static unsigned int dm_op_max_nr_bufs = 16;
module_param(dm_op_max_nr_bufs, uint, 0644);
MODULE_PARM_DESC(dm_op_max_nr_bufs, "Maximum number of buffers of one DM_OP (default: 16)");

static unsigned int dm_op_buf_max_size = 4096;
module_param(dm_op_buf_max_size, uint, 0644);
MODULE_PARM_DESC(dm_op_buf_max_size, "Maximum size of a buffer of DM_OP in bytes (default: 4096)");

unsigned int privcmd_dm_op_limit(void)
{
	return READ_ONCE(dm_op_buf_max_size);
}

long privcmd_hypercall(struct privcmd_file *f, void __user *arg)
{
	struct privcmd_hypercall call;
	long ret;

	/* Its arguments can name any domain. */
	if (atomic_read(&f->only) != PRIVCMD_ANY)
		return -EPERM;
	if (copy_from_user(&call, arg, sizeof(call)))
		return -EFAULT;
	xen_preemptible_hcall_begin();
	ret = privcmd_call(call.op, call.arg[0], call.arg[1], call.arg[2], call.arg[3],
			   call.arg[4]);
	xen_preemptible_hcall_end();
	return ret;
}

/* The pages under the user's buffers, present while the hypervisor reads them. */
struct dm_op_bufs {
	unsigned int count;
	struct privcmd_dm_op_buf *user;
	struct xen_dm_op_buf *xen;
	struct page **pages;
	unsigned int pinned;
};

static unsigned int pages_of(const struct privcmd_dm_op_buf *b)
{
	unsigned long start = (unsigned long)b->uptr;

	return b->size ? DIV_ROUND_UP(offset_in_page(start) + b->size, PAGE_SIZE) : 0;
}

static int get_bufs(struct dm_op_bufs *b, const struct privcmd_dm_op *op)
{
	unsigned int max = privcmd_dm_op_limit(), i, pages = 0;

	b->user = kcalloc(b->count, sizeof(*b->user), GFP_KERNEL);
	b->xen = kcalloc(b->count, sizeof(*b->xen), GFP_KERNEL);
	if (!b->user || !b->xen)
		return -ENOMEM;
	if (copy_from_user(b->user, op->ubufs, b->count * sizeof(*b->user)))
		return -EFAULT;
	for (i = 0; i < b->count; i++) {
		if (b->user[i].size > max)
			return -E2BIG;
		if (!access_ok(b->user[i].uptr, b->user[i].size))
			return -EFAULT;
		set_xen_guest_handle(b->xen[i].h, (void __force *)b->user[i].uptr);
		b->xen[i].size = b->user[i].size;
		pages += pages_of(&b->user[i]);
	}
	b->pages = kvcalloc(pages, sizeof(*b->pages), GFP_KERNEL);
	return b->pages ? 0 : -ENOMEM;
}

static int pin_bufs(struct dm_op_bufs *b)
{
	unsigned int i;

	for (i = 0; i < b->count; i++) {
		int want = pages_of(&b->user[i]), got;

		if (!want)
			continue;
		got = pin_user_pages_fast((unsigned long)b->user[i].uptr & PAGE_MASK, want,
					  FOLL_WRITE, b->pages + b->pinned);
		if (got < 0)
			return got;
		b->pinned += got;
		if (got < want)
			return -EFAULT;
	}
	return 0;
}

long privcmd_dm_op(struct privcmd_file *f, void __user *arg)
{
	struct dm_op_bufs b = { 0 };
	struct privcmd_dm_op op;
	long ret;

	if (copy_from_user(&op, arg, sizeof(op)))
		return -EFAULT;
	if (!privcmd_may(f, op.dom))
		return -EPERM;
	if (!op.num)
		return 0;
	if (op.num > READ_ONCE(dm_op_max_nr_bufs))
		return -E2BIG;
	b.count = op.num;

	ret = get_bufs(&b, &op);
	if (!ret)
		ret = pin_bufs(&b);
	if (!ret) {
		xen_preemptible_hcall_begin();
		ret = HYPERVISOR_dm_op(op.dom, b.count, b.xen);
		xen_preemptible_hcall_end();
	}
	if (b.pinned)
		unpin_user_pages_dirty_lock(b.pages, b.pinned, true);
	kvfree(b.pages);
	kfree(b.xen);
	kfree(b.user);
	return ret;
}
