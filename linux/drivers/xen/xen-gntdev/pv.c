// SPDX-License-Identifier: GPL-2.0-only
/*
 * Grants in a PV domain. The hypervisor writes the process's page table entries
 * itself, and wants to take them back itself before the kernel changes them: a
 * notifier tells when that is about to happen. The kernel has each page at an
 * address of its own as well, for I/O.
 *
 * A map has one area, which is neither split nor moved, and not inherited unless the
 * process insists (MADV_DOFORK): it goes with the last that shows it. It is filled when
 * it is made; what an invalidation has emptied stays empty. The process's half
 * goes at once, whoever uses the pages: an invalidation that waited for I/O could
 * wait for the very one that caused it. The kernel's half goes when the area does and
 * the I/O is over; until then the pages are the area's.
 */

#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/slab.h>
#include <xen/page.h>
#include <xen/xen-ops.h>
#include "hypercall.h"
#include "gntdev.h"
#include "mm.h"

struct pv_area {
	struct mmu_interval_notifier notifier;
	struct grant_map *map;		/* until the area ends */
	unsigned int views;		/* VMAs; under the map's lock */
	unsigned long start;
	unsigned int count;
	bool stuck;			/* the hypervisor did not take something back */
	struct mutex lock;		/* for live and stuck; nothing is allocated under it */
	unsigned long *live;		/* pages that the process has */
	unsigned long *kept;		/* pages that the kernel has */
	struct page **pages;
	struct page **ending;		/* of kundo's operations */
	struct gnttab_map_grant_ref *ops, *kops;
	struct gnttab_unmap_grant_ref *kundo;
	struct gntab_unmap_queue_data unmapping;
};

static void free_area(struct pv_area *a)
{
	kvfree(a->live);
	kvfree(a->kept);
	kvfree(a->pages);
	kvfree(a->ending);
	kvfree(a->ops);
	kvfree(a->kops);
	kvfree(a->kundo);
	kfree(a);
}

static struct pv_area *alloc_area(struct grant_map *m, unsigned long start)
{
	struct pv_area *a = kzalloc(sizeof(*a), GFP_KERNEL_ACCOUNT);
	unsigned int n = m->count;

	if (!a)
		return NULL;
	a->map = m;
	a->views = 1;
	a->start = start;
	a->count = n;
	mutex_init(&a->lock);
	a->live = kvcalloc(BITS_TO_LONGS(n), sizeof(*a->live), GFP_KERNEL_ACCOUNT);
	a->kept = kvcalloc(BITS_TO_LONGS(n), sizeof(*a->kept), GFP_KERNEL_ACCOUNT);
	a->pages = kvcalloc(n, sizeof(*a->pages), GFP_KERNEL_ACCOUNT);
	a->ending = kvcalloc(n, sizeof(*a->ending), GFP_KERNEL_ACCOUNT);
	a->ops = kvcalloc(n, sizeof(*a->ops), GFP_KERNEL_ACCOUNT);
	a->kops = kvcalloc(n, sizeof(*a->kops), GFP_KERNEL_ACCOUNT);
	a->kundo = kvcalloc(n, sizeof(*a->kundo), GFP_KERNEL_ACCOUNT);
	if (a->live && a->kept && a->pages && a->ending && a->ops && a->kops && a->kundo)
		return a;
	free_area(a);
	return NULL;
}

/* The peer's byte, while it can still be reached. */
static void clear_byte(const struct pv_area *a)
{
	struct unmap_notify *n = &a->map->notify;
	unsigned long page = n->offset >> PAGE_SHIFT;

	if (!(n->action & UNMAP_NOTIFY_BYTE) || a->map->state != MAP_WRITE ||
	    page >= a->count || !test_bit(page, a->kept))
		return;
	WRITE_ONCE(((u8 *)page_address(a->pages[page]))[offset_in_page(n->offset)], 0);
	n->action &= ~UNMAP_NOTIFY_BYTE;
}

static struct gnttab_unmap_grant_ref undo_of(const struct gnttab_map_grant_ref *op)
{
	return (struct gnttab_unmap_grant_ref){
		.host_addr = op->host_addr,
		.handle = op->handle,
	};
}

/* The process's entries of [first, end), some at a time. */
static void unmap_range(struct pv_area *a, unsigned int first, unsigned int end)
{
	struct gnttab_unmap_grant_ref some[16];
	unsigned int i, n;

	mutex_lock(&a->lock);
	for (i = first; i < end;) {
		for (n = 0; n < ARRAY_SIZE(some); n++) {
			i = find_next_bit(a->live, end, i);
			if (i >= end)
				break;
			clear_bit(i, a->live);
			some[n] = undo_of(&a->ops[i++]);
		}
		if (!n)
			break;
		if (HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, some, n))
			a->stuck = true;
		while (n--)
			a->stuck |= some[n].status != GNTST_okay;
	}
	mutex_unlock(&a->lock);
}

static bool area_invalidate(struct mmu_interval_notifier *n,
			    const struct mmu_notifier_range *range, unsigned long seq)
{
	struct pv_area *a = container_of(n, struct pv_area, notifier);
	unsigned long end = a->start + ((unsigned long)a->count << PAGE_SHIFT);

	if (!mmu_notifier_range_blockable(range))
		return false;
	mmu_interval_set_seq(n, seq);
	unmap_range(a, (max(range->start, a->start) - a->start) >> PAGE_SHIFT,
		    PFN_UP(min(range->end, end) - a->start));
	return true;
}

static const struct mmu_interval_notifier_ops area_notifier_ops = {
	.invalidate = area_invalidate,
};

/* Nobody uses the pages any more. */
static void area_unmapped(int result, struct gntab_unmap_queue_data *data)
{
	struct pv_area *a = container_of(data, struct pv_area, unmapping);
	unsigned int i;

	for (i = 0; !result && i < data->count; i++)
		result = a->kundo[i].status;
	if (result || a->stuck)
		pr_warn_ratelimited("xen-gntdev: %u pages cannot be used again\n", a->count);
	else
		free_map_pages(a->pages, a->count);
	free_area(a);
	unmapping_ends();
}

/* The map is free for another area; this one lives on until its pages are unused. */
static void end_area(struct pv_area *a)
{
	struct grant_map *m = a->map;
	unsigned int i, n = 0;

	mmu_interval_notifier_remove(&a->notifier);
	unmap_range(a, 0, a->count);
	clear_byte(a);
	for_each_set_bit(i, a->kept, a->count) {
		a->ending[n] = a->pages[i];
		a->kundo[n++] = undo_of(&a->kops[i]);
	}
	m->state = MAP_EMPTY;
	m->pv = NULL;
	a->map = NULL;
	a->unmapping.unmap_ops = a->kundo;
	a->unmapping.pages = a->ending;
	a->unmapping.count = n;
	a->unmapping.done = area_unmapped;
	unmapping_begins();
	if (n)
		gnttab_unmap_refs_async(&a->unmapping);
	else
		area_unmapped(0, &a->unmapping);
}

/*
 * Of mremap(), for where the area will not go (area_mremap() comes too late), and of a
 * child that gets a copy: its page table entries have references of the pages.
 */
static void area_open(struct vm_area_struct *vma)
{
	struct grant_map *m = vma->vm_private_data;

	map_get(m);
	mutex_lock(&m->lock);
	m->pv->views++;
	mutex_unlock(&m->lock);
}

static void area_close(struct vm_area_struct *vma)
{
	struct grant_map *m = vma->vm_private_data;

	mutex_lock(&m->lock);
	if (!--m->pv->views)
		end_area(m->pv);
	mutex_unlock(&m->lock);
	map_put(m);
}

static int area_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	return -EINVAL;
}

static int area_mremap(struct vm_area_struct *vma)
{
	return -EINVAL;
}

static struct page *area_find_page(struct vm_area_struct *vma, unsigned long addr)
{
	struct grant_map *m = vma->vm_private_data;

	return m->pv->pages[(addr - vma->vm_start) >> PAGE_SHIFT];
}

static vm_fault_t area_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct area_ops = {
	.open			= area_open,
	.close			= area_close,
	.fault			= area_fault,
	.compat_may_split	= area_may_split,
	.mremap			= area_mremap,
	.compat_find_page	= area_find_page,
};

struct grant_map *pv_map_of(const struct vm_area_struct *vma)
{
	return vma->vm_ops == &area_ops ? vma->vm_private_data : NULL;
}

struct fill {
	struct pv_area *area;
	unsigned int flags;
};

/* Where the hypervisor has to write this page's entry. */
static int fill_entry(pte_t *pte, unsigned long addr, void *data)
{
	struct fill *f = data;
	struct pv_area *a = f->area;
	unsigned int i = (addr - a->start) >> PAGE_SHIFT;
	const struct gnttab_map_grant_ref *ref = &a->map->ops[i];

	gnttab_set_map_op(&a->ops[i], arbitrary_virt_to_machine(pte).maddr,
			  f->flags | GNTMAP_application_map | GNTMAP_contains_pte |
			  (1 << _GNTMAP_guest_avail0), ref->ref, ref->dom);
	gnttab_set_map_op(&a->kops[i], (unsigned long)page_address(a->pages[i]), f->flags,
			  ref->ref, ref->dom);
	return 0;
}

/* One half of a mapping without the other: the kernel took no note of that. */
static void drop_half(struct pv_area *a, const struct gnttab_map_grant_ref *op)
{
	struct gnttab_unmap_grant_ref undo = undo_of(op);

	if (op->status == GNTST_okay &&
	    (HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, &undo, 1) ||
	     undo.status != GNTST_okay))
		a->stuck = true;
}

static int fill_area(struct pv_area *a, struct vm_area_struct *vma, unsigned int flags)
{
	struct fill f = { .area = a, .flags = flags };
	unsigned int i, bad = 0;
	int ret;

	ret = apply_to_page_range(vma->vm_mm, vma->vm_start, vma->vm_end - vma->vm_start,
				  fill_entry, &f);
	if (ret)
		return ret;
	ret = gnttab_map_refs(a->ops, a->kops, a->pages, a->count);
	if (ret) {
		/* It does not say how far it came. */
		a->stuck = true;
		return ret;
	}
	mutex_lock(&a->lock);
	for (i = 0; i < a->count; i++) {
		if (a->ops[i].status == GNTST_okay && a->kops[i].status == GNTST_okay) {
			set_bit(i, a->live);
			set_bit(i, a->kept);
			continue;
		}
		drop_half(a, &a->ops[i]);
		drop_half(a, &a->kops[i]);
		bad++;
	}
	mutex_unlock(&a->lock);
	return bad ? -EINVAL : 0;
}

int pv_mmap(struct grant_map *m, struct vm_area_struct *vma)
{
	bool write = vma->vm_flags & VM_WRITE;
	struct pv_area *a;
	int ret = -EINVAL;

	mutex_lock(&m->lock);
	if (m->pv)
		goto unlock;
	ret = -ENOMEM;
	a = alloc_area(m, vma->vm_start);
	if (!a)
		goto unlock;
	ret = alloc_map_pages(a->pages, a->count);
	if (ret) {
		free_area(a);
		goto unlock;
	}
	ret = mmu_interval_notifier_insert_locked(&a->notifier, vma->vm_mm, vma->vm_start,
						  vma->vm_end - vma->vm_start,
						  &area_notifier_ops);
	if (ret) {
		free_map_pages(a->pages, a->count);
		free_area(a);
		goto unlock;
	}
	vm_flags_set(vma, VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP | VM_MIXEDMAP);
	if (!write)
		vm_flags_clear(vma, VM_MAYWRITE);
	m->pv = a;
	m->state = write ? MAP_WRITE : MAP_READ;
	ret = fill_area(a, vma, GNTMAP_host_map | (write ? 0 : GNTMAP_readonly));
	if (ret) {
		end_area(a);
		goto unlock;
	}
	map_get(m);
	vma->vm_ops = &area_ops;
	vma->vm_private_data = m;
unlock:
	mutex_unlock(&m->lock);
	return ret;
}
