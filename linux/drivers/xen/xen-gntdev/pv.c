// SPDX-License-Identifier: GPL-2.0-only
/*
 * Grants in a PV domain. The hypervisor writes the process's page table entries
 * itself, and wants to take them back itself before the kernel changes them: a
 * notifier tells when that is about to happen. The kernel has each page at an
 * address of its own as well, for I/O.
 *
 * A map has one area, which is neither split, moved nor inherited. It is filled
 * when it is made; what an invalidation has emptied stays empty.
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
	struct grant_map *map;
	unsigned long start;
	struct mutex lock;		/* for live; nothing is allocated under it */
	struct gnttab_map_grant_ref *kops;
	struct gnttab_unmap_grant_ref *kundo;
	unsigned long *live;		/* pages that are mapped */
};

static void free_area(struct pv_area *a)
{
	kvfree(a->kops);
	kvfree(a->kundo);
	kvfree(a->live);
	kfree(a);
}

static struct pv_area *alloc_area(struct grant_map *m, unsigned long start)
{
	struct pv_area *a = kzalloc(sizeof(*a), GFP_KERNEL_ACCOUNT);

	if (!a)
		return NULL;
	a->map = m;
	a->start = start;
	mutex_init(&a->lock);
	a->kops = kvcalloc(m->count, sizeof(*a->kops), GFP_KERNEL_ACCOUNT);
	a->kundo = kvcalloc(m->count, sizeof(*a->kundo), GFP_KERNEL_ACCOUNT);
	a->live = kvcalloc(BITS_TO_LONGS(m->count), sizeof(*a->live), GFP_KERNEL_ACCOUNT);
	if (a->kops && a->kundo && a->live)
		return a;
	free_area(a);
	return NULL;
}

/* The peer's byte, while it can still be reached. */
static void clear_byte(struct grant_map *m, unsigned int first, unsigned int count)
{
	struct unmap_notify *n = &m->notify;
	unsigned long page = n->offset >> PAGE_SHIFT;

	if (!(n->action & UNMAP_NOTIFY_BYTE) || m->state != MAP_WRITE || page < first ||
	    page - first >= count)
		return;
	WRITE_ONCE(((u8 *)page_address(m->pages[page]))[offset_in_page(n->offset)], 0);
	n->action &= ~UNMAP_NOTIFY_BYTE;
}

/* Pages that are all mapped. Waits for I/O that uses them. */
static void unmap_run(struct pv_area *a, unsigned int first, unsigned int count)
{
	struct grant_map *m = a->map;
	struct gntab_unmap_queue_data data = {
		.unmap_ops = m->undo + first,
		.kunmap_ops = a->kundo + first,
		.pages = m->pages + first,
		.count = count,
	};
	unsigned int i;
	int ret;

	clear_byte(m, first, count);
	for (i = first; i < first + count; i++) {
		m->undo[i] = (struct gnttab_unmap_grant_ref){
			.host_addr = m->ops[i].host_addr,
			.handle = m->ops[i].handle,
		};
		a->kundo[i] = (struct gnttab_unmap_grant_ref){
			.host_addr = a->kops[i].host_addr,
			.handle = a->kops[i].handle,
		};
	}
	ret = gnttab_unmap_refs_sync(&data);
	for (i = first; i < first + count; i++)
		if (!ret && m->undo[i].status == GNTST_okay)
			clear_bit(i, a->live);
}

static void unmap_range(struct pv_area *a, unsigned int first, unsigned int end)
{
	unsigned int run;

	mutex_lock(&a->lock);
	while ((first = find_next_bit(a->live, end, first)) < end) {
		run = find_next_zero_bit(a->live, end, first) - first;
		unmap_run(a, first, run);
		first += run;
	}
	mutex_unlock(&a->lock);
}

static bool area_invalidate(struct mmu_interval_notifier *n,
			    const struct mmu_notifier_range *range, unsigned long seq)
{
	struct pv_area *a = container_of(n, struct pv_area, notifier);
	unsigned long end = a->start + ((unsigned long)a->map->count << PAGE_SHIFT);

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

/* Nothing is mapped any more, except what the hypervisor refused to take back. */
static void end_area(struct pv_area *a)
{
	struct grant_map *m = a->map;

	mmu_interval_notifier_remove(&a->notifier);
	unmap_range(a, 0, m->count);
	if (find_first_bit(a->live, m->count) < m->count)
		pr_warn_ratelimited("xen-gntdev: %u pages cannot be used again\n", m->count);
	else
		free_map_pages(m);
	m->state = MAP_EMPTY;
	m->pv = NULL;
	free_area(a);
}

/* Only of mremap(), for where the area will not go: area_mremap() comes too late. */
static void area_open(struct vm_area_struct *vma)
{
	map_get(vma->vm_private_data);
}

static void area_close(struct vm_area_struct *vma)
{
	struct grant_map *m = vma->vm_private_data;

	mutex_lock(&m->lock);
	if (m->pv && m->pv->start == vma->vm_start)
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

	return m->pages[(addr - vma->vm_start) >> PAGE_SHIFT];
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
	struct grant_map *m = f->area->map;
	unsigned int i = (addr - f->area->start) >> PAGE_SHIFT;

	gnttab_set_map_op(&m->ops[i], arbitrary_virt_to_machine(pte).maddr,
			  f->flags | GNTMAP_application_map | GNTMAP_contains_pte |
			  (1 << _GNTMAP_guest_avail0), m->ops[i].ref, m->ops[i].dom);
	gnttab_set_map_op(&f->area->kops[i], (unsigned long)page_address(m->pages[i]),
			  f->flags, m->ops[i].ref, m->ops[i].dom);
	return 0;
}

/* One half of a mapping without the other. */
static void drop_half(const struct gnttab_map_grant_ref *op)
{
	struct gnttab_unmap_grant_ref undo = { .host_addr = op->host_addr, .handle = op->handle };

	if (op->status == GNTST_okay)
		HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, &undo, 1);
}

static int fill_area(struct pv_area *a, struct vm_area_struct *vma, unsigned int flags)
{
	struct fill f = { .area = a, .flags = flags };
	struct grant_map *m = a->map;
	unsigned int i, bad = 0;
	int ret;

	ret = apply_to_page_range(vma->vm_mm, vma->vm_start, vma->vm_end - vma->vm_start,
				  fill_entry, &f);
	if (!ret)
		ret = gnttab_map_refs(m->ops, a->kops, m->pages, m->count);
	if (ret)
		return ret;
	mutex_lock(&a->lock);
	for (i = 0; i < m->count; i++) {
		if (m->ops[i].status == GNTST_okay && a->kops[i].status == GNTST_okay) {
			set_bit(i, a->live);
			continue;
		}
		drop_half(&m->ops[i]);
		drop_half(&a->kops[i]);
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
	ret = alloc_map_pages(m);
	if (ret) {
		free_area(a);
		goto unlock;
	}
	ret = mmu_interval_notifier_insert_locked(&a->notifier, vma->vm_mm, vma->vm_start,
						  vma->vm_end - vma->vm_start,
						  &area_notifier_ops);
	if (ret) {
		free_map_pages(m);
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
