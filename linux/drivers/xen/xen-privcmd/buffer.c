// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/xen/hypercall: memory for the arguments of hypercalls. It is always there,
 * wherever the kernel moves or writes out other pages, because a hypercall cannot
 * take a page fault.
 */

#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include "files.h"
#include "mm.h"
#include "privcmd.h"

/* A bit for each page of a guest that is moved: 65536 pages of them are one of 8 TiB. */
static unsigned int limit = 65536;
module_param(limit, uint, 0644);
MODULE_PARM_DESC(limit, "Maximum number of pages of one hypercall buffer (default: 65536)");

struct buffer {
	refcount_t areas;
	unsigned long count;
	struct page *pages[];
};

static void buffer_free(struct buffer *b)
{
	while (b->count)
		__free_page(b->pages[--b->count]);
	kvfree(b);
}

static struct buffer *buffer_alloc(unsigned long count)
{
	struct buffer *b = kvzalloc(struct_size(b, pages, count), GFP_KERNEL_ACCOUNT);

	if (!b)
		return NULL;
	refcount_set(&b->areas, 1);
	for (; b->count < count; b->count++) {
		b->pages[b->count] = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
		if (!b->pages[b->count]) {
			buffer_free(b);
			return NULL;
		}
	}
	return b;
}

static void buffer_open(struct vm_area_struct *vma)
{
	struct buffer *b = vma->vm_private_data;

	refcount_inc(&b->areas);
}

static void buffer_close(struct vm_area_struct *vma)
{
	struct buffer *b = vma->vm_private_data;

	if (refcount_dec_and_test(&b->areas))
		buffer_free(b);
}

static vm_fault_t buffer_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct buffer_ops = {
	.open	= buffer_open,
	.close	= buffer_close,
	.fault	= buffer_fault,
};

static int buffer_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long count = vma_pages(vma), i;
	struct buffer *b;
	int ret = 0;

	/* A copy on write would not be the page that stays. */
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (count > READ_ONCE(limit))
		return -ENOSPC;
	b = buffer_alloc(count);
	if (!b)
		return -ENOMEM;
	vm_flags_set(vma, VM_IO | VM_DONTEXPAND | VM_DONTCOPY | VM_DONTDUMP);
	for (i = 0; i < count && !ret; i++)
		ret = vm_insert_page(vma, vma->vm_start + (i << PAGE_SHIFT), b->pages[i]);
	if (ret) {
		/* Pages that were put there have a reference of their own. */
		buffer_free(b);
		return ret;
	}
	vma->vm_ops = &buffer_ops;
	vma->vm_private_data = b;
	return 0;
}

const struct file_operations xen_privcmdbuf_fops = {
	.owner	= THIS_MODULE,
	.mmap	= buffer_mmap,
	.llseek	= compat_no_llseek,
};
EXPORT_SYMBOL_GPL(xen_privcmdbuf_fops);

struct miscdevice privcmd_buffer_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "xen/hypercall",
	.fops	= &xen_privcmdbuf_fops,
};
