// SPDX-License-Identifier: GPL-2.0-only
/* Memory areas of /dev/xen/privcmd. */

#include <linux/bitmap.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <xen/page.h>
#include <xen/features.h>
#include "mm.h"
#include "privcmd.h"

/* All of it is gone from the page tables when the last area is closed. */
static void mapping_free(struct mapping *m)
{
	if (m->frames.count && !xlate_remove(m)) {
		/*
		 * At these numbers there is somebody's memory for ever. The module
		 * has to stay and keep them from others.
		 */
		pr_warn_ratelimited("xen-privcmd: %lu frames cannot be used again\n", m->count);
		__module_get(THIS_MODULE);
		m->frames = (struct frames){ 0 };
	}
	frames_free(&m->frames);
	kvfree(m->filled);
	kfree(m);
}

static void area_open(struct vm_area_struct *vma)
{
	struct mapping *m = vma->vm_private_data;

	refcount_inc(&m->users);
}

void mapping_put(struct mapping *m)
{
	if (refcount_dec_and_test(&m->users))
		mapping_free(m);
}

static void area_close(struct vm_area_struct *vma)
{
	mapping_put(vma->vm_private_data);
}

/* Pages are put there beforehand: one that is not there is empty. */
static vm_fault_t area_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct area_ops = {
	.open	= area_open,
	.close	= area_close,
	.fault	= area_fault,
};

int privcmd_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct mapping *m;

	/* There is no copy of foreign memory: private areas are for reading. */
	if (!(vma->vm_flags & VM_SHARED)) {
		if (vma->vm_flags & VM_WRITE)
			return -EINVAL;
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	m = kzalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);
	if (!m)
		return -ENOMEM;
	refcount_set(&m->users, 1);
	m->pgoff = vma->vm_pgoff;
	m->count = vma_pages(vma);
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &area_ops;
	vma->vm_private_data = m;
	return 0;
}

unsigned long mapping_index(const struct vm_area_struct *vma, unsigned long addr)
{
	const struct mapping *m = vma->vm_private_data;

	return vma->vm_pgoff - m->pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
}

struct vm_area_struct *mapping_find(unsigned long addr, unsigned long pages, bool *fresh)
{
	struct vm_area_struct *vma = find_vma(current->mm, addr);
	unsigned long first;
	struct mapping *m;

	if (!vma || vma->vm_ops != &area_ops || !PAGE_ALIGNED(addr) || addr < vma->vm_start ||
	    !pages || pages > (vma->vm_end - addr) >> PAGE_SHIFT)
		return NULL;
	m = vma->vm_private_data;
	*fresh = !m->filled;
	if (*fresh)
		return pages == m->count ? vma : NULL;
	first = mapping_index(vma, addr);
	if (find_next_bit(m->filled, first + pages, first) < first + pages)
		return NULL;
	return vma;
}

struct mapping *mapping_get(unsigned long addr, unsigned long *index)
{
	struct vm_area_struct *vma;
	struct mapping *m = NULL;

	if (!PAGE_ALIGNED(addr))
		return NULL;
	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, addr);
	if (vma && vma->vm_ops == &area_ops && addr >= vma->vm_start) {
		m = vma->vm_private_data;
		*index = mapping_index(vma, addr);
		if (!m->filled || m->doubtful || !test_bit(*index, m->filled))
			m = NULL;
		else
			refcount_inc(&m->users);
	}
	mmap_read_unlock(current->mm);
	return m;
}

void *mapping_kmap(struct mapping *m, unsigned long index)
{
	if (m->frames.pages)
		return vmap(&m->frames.pages[index], 1, VM_MAP, PAGE_KERNEL);
	return memremap((resource_size_t)frames_gfn(&m->frames, index) << PAGE_SHIFT, PAGE_SIZE,
			MEMREMAP_WB);
}

void mapping_kunmap(struct mapping *m, void *at)
{
	if (m->frames.pages)
		vunmap(at);
	else
		memunmap(at);
}

int mapping_prepare(struct mapping *m)
{
	unsigned long *filled = kvzalloc(BITS_TO_LONGS(m->count) * sizeof(long),
					 GFP_KERNEL_ACCOUNT);
	int ret;

	if (!filled)
		return -ENOMEM;
	if (xen_feature(XENFEAT_auto_translated_physmap)) {
		ret = frames_alloc(&m->frames, m->count);
		if (ret) {
			kvfree(filled);
			return ret;
		}
	}
	m->filled = filled;
	return 0;
}

int mapping_show(struct vm_area_struct *vma, unsigned long addr, unsigned long first,
		 unsigned long count)
{
	const struct frames *f = &((struct mapping *)vma->vm_private_data)->frames;
	unsigned long i, run;
	int ret = 0;

	/* Neighbours at a time. */
	for (i = 0; i < count && !ret; i += run) {
		unsigned long pfn = frames_gfn(f, first + i);

		run = f->pages ? 1 : count;
		for (; i + run < count; run++)
			if (frames_gfn(f, first + i + run) != pfn + run)
				break;
		ret = remap_pfn_range(vma, addr + (i << PAGE_SHIFT), pfn, run << PAGE_SHIFT,
				      vma->vm_page_prot);
	}
	return ret;
}
