// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping another domain's memory by a list of its frames. The list is worked off
 * in batches, so that neither memory nor time under the mmap lock grow with it;
 * what was found at the beginning is looked up anew for each batch.
 */

#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/features.h>
#include <xen/xen-ops.h>
#include "privcmd.h"

struct request {
	domid_t domid;
	unsigned long addr, count;		/* pages */
	const xen_pfn_t __user *gfns;
	/* Says what became of the elements from first on. */
	int (*tell)(struct request *r, struct xlate_batch *b, unsigned long first,
		    unsigned int n);
	int __user *errs;
	bool paged_out;
};

/* Shows the frames that have no error, in runs, and remembers that they are there. */
static int show_good(struct vm_area_struct *vma, struct xlate_batch *b, unsigned long addr,
		     unsigned int n)
{
	struct mapping *m = vma->vm_private_data;
	unsigned long first = mapping_index(vma, addr);
	unsigned int i, run;
	int ret = 0;

	for (i = 0; i < n; i += run) {
		bool bad = b->errs[i];

		for (run = 1; i + run < n && bad == !!b->errs[i + run]; run++)
			;
		if (bad)
			continue;
		bitmap_set(m->filled, first + i, run);
		if (!ret)
			ret = mapping_show(vma, addr + ((unsigned long)i << PAGE_SHIFT),
					   first + i, run);
	}
	return ret;
}

static int map_xlate(struct vm_area_struct *vma, struct xlate_batch *b, unsigned long addr,
		     unsigned int n, domid_t domid)
{
	struct mapping *m = vma->vm_private_data;
	unsigned long first = mapping_index(vma, addr);
	unsigned int i;

	for (i = 0; i < n; i++)
		b->at[i] = frames_gfn(&m->frames, first + i);
	if (!xlate_add(b, n, domid))
		return show_good(vma, b, addr, n);
	bitmap_set(m->filled, first, n);
	return mapping_show(vma, addr, first, n);
}

/* Machine frames go into the page tables at once; the kernel knows how. */
static int map_pv(struct vm_area_struct *vma, struct xlate_batch *b, unsigned long addr,
		  unsigned int n, domid_t domid)
{
	struct mapping *m = vma->vm_private_data;
	unsigned long first = mapping_index(vma, addr);
	unsigned int i;

	BUILD_BUG_ON(sizeof(b->gfns[0]) != sizeof(xen_pfn_t));
	/* What it does not come to, it says nothing about: page tables were short. */
	for (i = 0; i < n; i++)
		b->errs[i] = -ENOMEM;
	/* Its result is that of the last element only: each has an error of its own. */
	xen_remap_domain_gfn_array(vma, addr, (xen_pfn_t *)b->gfns, n, b->errs,
				   vma->vm_page_prot, domid, NULL);
	for (i = 0; i < n; i++)
		if (!b->errs[i])
			set_bit(first + i, m->filled);
	return 0;
}

static int map_locked(struct request *r, struct xlate_batch *b, unsigned long first,
		      unsigned int n)
{
	unsigned long addr = r->addr + (first << PAGE_SHIFT);
	struct vm_area_struct *vma;
	bool fresh;
	int ret;

	/* The first look checks, and prepares, for all that will follow. */
	vma = mapping_find(addr, first ? n : r->count, &fresh);
	if (!vma || (first && fresh))
		return -EINVAL;
	if (fresh) {
		ret = mapping_prepare(vma->vm_private_data);
		if (ret)
			return ret;
	}
	if (xen_feature(XENFEAT_auto_translated_physmap))
		return map_xlate(vma, b, addr, n, r->domid);
	return map_pv(vma, b, addr, n, r->domid);
}

static int map_batch(struct request *r, struct xlate_batch *b, unsigned long first,
		     unsigned int n)
{
	unsigned int i;
	int ret;

	if (copy_from_user(b->gfns, r->gfns + first, n * sizeof(b->gfns[0])))
		return -EFAULT;
	if (mmap_write_lock_killable(current->mm))
		return -EINTR;
	ret = map_locked(r, b, first, n);
	mmap_write_unlock(current->mm);
	if (ret)
		return ret;
	for (i = 0; i < n; i++)
		r->paged_out |= b->errs[i] == -ENOENT;
	return r->tell(r, b, first, n);
}

static int map_request(struct request *r)
{
	struct xlate_batch *b = kvmalloc(sizeof(*b), GFP_KERNEL);
	unsigned long done;
	unsigned int n;
	int ret = 0;

	if (!b)
		return -ENOMEM;
	for (done = 0; done < r->count && !ret; done += n) {
		n = min_t(unsigned long, r->count - done, XLATE_BATCH);
		ret = map_batch(r, b, done, n);
		if (!ret && fatal_signal_pending(current))
			ret = -EINTR;
		cond_resched();
	}
	kvfree(b);
	return ret;
}

/* Version 2: an array of errors. */
static int tell_errs(struct request *r, struct xlate_batch *b, unsigned long first,
		     unsigned int n)
{
	return copy_to_user(r->errs + first, b->errs, n * sizeof(b->errs[0])) ? -EFAULT : 0;
}

long privcmd_mmap_batch_v2(struct privcmd_file *f, void __user *arg)
{
	struct privcmd_mmapbatch_v2 batch;
	struct request r;
	int ret;

	if (copy_from_user(&batch, arg, sizeof(batch)))
		return -EFAULT;
	if (!privcmd_may(f, batch.dom))
		return -EPERM;
	if (!batch.num || batch.num > INT_MAX)
		return -EINVAL;
	r = (struct request){
		.domid = batch.dom,
		.addr = batch.addr,
		.count = batch.num,
		.gfns = batch.arr,
		.errs = batch.err,
		.tell = tell_errs,
	};
	ret = map_request(&r);
	/* So that the caller knows to ask again for what is being paged in. */
	return ret ?: r.paged_out ? -ENOENT : 0;
}

/* Version 1: bits at the top of what was the frame's number. */
static int tell_top_bits(struct request *r, struct xlate_batch *b, unsigned long first,
			 unsigned int n)
{
	xen_pfn_t __user *out = (xen_pfn_t __user *)r->gfns + first;
	unsigned int i;

	for (i = 0; i < n; i++) {
		xen_pfn_t gfn = b->gfns[i];

		if (!b->errs[i])
			continue;
		gfn |= b->errs[i] == -ENOENT ? PRIVCMD_MMAPBATCH_PAGED_ERROR :
					       PRIVCMD_MMAPBATCH_MFN_ERROR;
		if (copy_to_user(out + i, &gfn, sizeof(gfn)))
			return -EFAULT;
	}
	return 0;
}

long privcmd_mmap_batch(struct privcmd_file *f, void __user *arg)
{
	struct privcmd_mmapbatch batch;
	struct request r;
	int ret;

	if (copy_from_user(&batch, arg, sizeof(batch)))
		return -EFAULT;
	if (!privcmd_may(f, batch.dom))
		return -EPERM;
	if (batch.num <= 0)
		return -EINVAL;
	r = (struct request){
		.domid = batch.dom,
		.addr = batch.addr,
		.count = batch.num,
		.gfns = batch.arr,
		.tell = tell_top_bits,
	};
	ret = map_request(&r);
	return ret ?: r.paged_out ? -ENOENT : 0;
}

/* The oldest form: ranges that fill an area one after the other. PV only. */
static int map_range(const struct privcmd_mmap *cmd, struct vm_area_struct *vma,
		     const struct privcmd_mmap_entry *e, unsigned long *va)
{
	int ret;

	/* What lies behind the area is not ours: the kernel would write there, or stop. */
	if (e->va != *va || !e->npages || e->npages > INT_MAX >> PAGE_SHIFT ||
	    e->npages > (vma->vm_end - *va) >> PAGE_SHIFT)
		return -EINVAL;
	ret = xen_remap_domain_gfn_range(vma, *va, e->mfn, e->npages, vma->vm_page_prot,
					 cmd->dom, NULL);
	*va += e->npages << PAGE_SHIFT;
	return ret < 0 ? ret : 0;
}

static int map_ranges(const struct privcmd_mmap *cmd, const struct privcmd_mmap_entry *e)
{
	unsigned long va = e[0].va;
	struct vm_area_struct *vma;
	struct mapping *m;
	bool fresh;
	int i, ret;

	vma = find_vma(current->mm, va);
	if (!vma || va != vma->vm_start)
		return -EINVAL;
	vma = mapping_find(va, vma_pages(vma), &fresh);
	if (!vma || !fresh)
		return -EINVAL;
	m = vma->vm_private_data;
	ret = mapping_prepare(m);
	if (ret)
		return ret;
	bitmap_fill(m->filled, m->count);
	for (i = 0; i < cmd->num && !ret; i++)
		ret = map_range(cmd, vma, &e[i], &va);
	return ret;
}

long privcmd_mmap_ranges(struct privcmd_file *f, void __user *arg)
{
	struct privcmd_mmap_entry *e;
	struct privcmd_mmap cmd;
	long ret;

	if (xen_feature(XENFEAT_auto_translated_physmap))
		return -ENOSYS;
	if (copy_from_user(&cmd, arg, sizeof(cmd)))
		return -EFAULT;
	if (!privcmd_may(f, cmd.dom))
		return -EPERM;
	if (cmd.num <= 0 || cmd.num > 1 << 16)
		return -EINVAL;
	e = vmemdup_user(cmd.entry, cmd.num * sizeof(*e));
	if (IS_ERR(e))
		return PTR_ERR(e);
	mmap_write_lock(current->mm);
	ret = map_ranges(&cmd, e);
	mmap_write_unlock(current->mm);
	kvfree(e);
	return ret;
}
