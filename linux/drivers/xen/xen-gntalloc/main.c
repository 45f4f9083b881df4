// SPDX-License-Identifier: GPL-2.0-only
/* /dev/xen/gntalloc: the device and its ioctls. */

#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/xen.h>
#include "files.h"
#include "xylem-version.h"
#include "gntalloc.h"
#include "mm.h"

static int gntalloc_open(struct inode *inode, struct file *file)
{
	struct gntalloc_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return -ENOMEM;
	mutex_init(&f->lock);
	xa_init(&f->shares);
	file->private_data = f;
	return 0;
}

static int gntalloc_release(struct inode *inode, struct file *file)
{
	struct gntalloc_file *f = file->private_data;
	struct share *s;
	unsigned long i;

	xa_for_each(&f->shares, i, s)
		share_put(s);
	xa_destroy(&f->shares);
	kfree(f);
	return 0;
}

static void drop_shares(struct gntalloc_file *f, unsigned long first, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct share *s = xa_erase(&f->shares, first + i);

		if (s)
			share_put(s);
	}
}

/* Shares at the next free offsets, their numbers in refs. All of them or none. */
static int add_shares(struct gntalloc_file *f, const struct ioctl_gntalloc_alloc_gref *op,
		      __u32 *refs)
{
	bool readonly = !(op->flags & GNTALLOC_FLAG_WRITABLE);
	unsigned int n;
	int ret = 0;

	for (n = 0; n < op->count; n++) {
		struct share *s = share_create(op->domid, readonly);

		if (IS_ERR(s)) {
			ret = PTR_ERR(s);
			lot_unreserve(op->count - n);
			break;
		}
		ret = xa_insert(&f->shares, f->next + n, s, GFP_KERNEL_ACCOUNT);
		if (ret) {
			share_put(s);
			lot_unreserve(op->count - n - 1);
			break;
		}
		refs[n] = s->ref;
	}
	if (ret)
		drop_shares(f, f->next, n);
	return ret;
}

static int add_lot(struct gntalloc_file *f, struct ioctl_gntalloc_alloc_gref *op, __u32 *refs)
{
	int ret = -ENOSPC;

	mutex_lock(&f->lock);
	op->index = (u64)f->next << PAGE_SHIFT;
	if (f->next + op->count > ULONG_MAX >> PAGE_SHIFT)
		lot_unreserve(op->count);
	else
		ret = add_shares(f, op, refs);
	if (!ret)
		f->next += op->count;
	mutex_unlock(&f->lock);
	return ret;
}

static long alloc_gref(struct gntalloc_file *f, struct ioctl_gntalloc_alloc_gref __user *arg)
{
	struct ioctl_gntalloc_alloc_gref op;
	__u32 *refs;
	int ret;

	if (copy_from_user(&op, arg, offsetof(struct ioctl_gntalloc_alloc_gref, gref_ids)))
		return -EFAULT;
	if (!op.count)
		return 0;
	/* The limit bounds what is allocated for the list. */
	ret = lot_reserve(op.count);
	if (ret)
		return ret;
	refs = kvmalloc_array(op.count, sizeof(*refs), GFP_KERNEL_ACCOUNT);
	if (!refs) {
		lot_unreserve(op.count);
		return -ENOMEM;
	}
	ret = add_lot(f, &op, refs);
	if (!ret && (copy_to_user(arg->gref_ids, refs, op.count * sizeof(*refs)) ||
		     put_user(op.index, &arg->index))) {
		/* Another thread may have guessed the offset, and have dropped some. */
		mutex_lock(&f->lock);
		drop_shares(f, op.index >> PAGE_SHIFT, op.count);
		mutex_unlock(&f->lock);
		ret = -EFAULT;
	}
	kvfree(refs);
	return ret;
}

/* There are shares from first on, count of them, without a hole. */
static bool have_shares(struct gntalloc_file *f, u64 first, u32 count)
{
	u32 i;

	if (first > ULONG_MAX - count)
		return false;
	for (i = 0; i < count; i++)
		if (!xa_load(&f->shares, first + i))
			return false;
	return count;
}

static long dealloc_gref(struct gntalloc_file *f, void __user *arg)
{
	struct ioctl_gntalloc_dealloc_gref op;
	int ret = -EINVAL;

	if (copy_from_user(&op, arg, sizeof(op)))
		return -EFAULT;
	mutex_lock(&f->lock);
	if (!offset_in_page(op.index) && have_shares(f, op.index >> PAGE_SHIFT, op.count)) {
		drop_shares(f, op.index >> PAGE_SHIFT, op.count);
		ret = 0;
	}
	mutex_unlock(&f->lock);
	return ret;
}

static long set_unmap_notify(struct gntalloc_file *f, void __user *arg)
{
	struct ioctl_gntalloc_unmap_notify op;
	struct share *s = NULL;
	int ret = -ENOENT;

	if (copy_from_user(&op, arg, sizeof(op)))
		return -EFAULT;
	mutex_lock(&f->lock);
	if (op.index >> PAGE_SHIFT <= ULONG_MAX)
		s = xa_load(&f->shares, op.index >> PAGE_SHIFT);
	if (s)
		ret = unmap_notify_set(&s->notify, op.action, offset_in_page(op.index),
				       op.event_channel_port);
	mutex_unlock(&f->lock);
	return ret;
}

static long gntalloc_ioctl(struct file *file, unsigned int cmd, unsigned long data)
{
	struct gntalloc_file *f = file->private_data;
	void __user *arg = (void __user *)data;

	switch (cmd) {
	case IOCTL_GNTALLOC_ALLOC_GREF:		return alloc_gref(f, arg);
	case IOCTL_GNTALLOC_DEALLOC_GREF:	return dealloc_gref(f, arg);
	case IOCTL_GNTALLOC_SET_UNMAP_NOTIFY:	return set_unmap_notify(f, arg);
	default:				return -ENOTTY;
	}
}

/* What an area shows; parts of a split area have it together. */
struct view {
	refcount_t areas;
	unsigned int count;
	struct share *shares[];
};

static void view_free(struct view *v)
{
	while (v->count)
		share_put(v->shares[--v->count]);
	kvfree(v);
}

static void area_open(struct vm_area_struct *vma)
{
	struct view *v = vma->vm_private_data;

	refcount_inc(&v->areas);
}

static void area_close(struct vm_area_struct *vma)
{
	struct view *v = vma->vm_private_data;

	if (refcount_dec_and_test(&v->areas))
		view_free(v);
}

static const struct vm_operations_struct area_ops = {
	.open	= area_open,
	.close	= area_close,
};

static struct view *view_create(struct gntalloc_file *f, unsigned long first,
				unsigned long count)
{
	struct view *v;

	/* More than the device has in all cannot be meant. */
	if (count > UINT_MAX || !have_shares(f, first, count))
		return ERR_PTR(-ENOENT);
	v = kvzalloc(struct_size(v, shares, count), GFP_KERNEL_ACCOUNT);
	if (!v)
		return ERR_PTR(-ENOMEM);
	refcount_set(&v->areas, 1);
	for (; v->count < count; v->count++) {
		struct share *s = xa_load(&f->shares, first + v->count);

		share_get(s);
		v->shares[v->count] = s;
	}
	return v;
}

static int gntalloc_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct gntalloc_file *f = file->private_data;
	struct view *v;
	unsigned int i;
	int ret = 0;

	/* A copy on write would be shared with nobody. */
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	mutex_lock(&f->lock);
	v = view_create(f, vma->vm_pgoff, vma_pages(vma));
	mutex_unlock(&f->lock);
	if (IS_ERR(v))
		return PTR_ERR(v);
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	for (i = 0; i < v->count && !ret; i++)
		ret = vm_insert_page(vma, vma->vm_start + ((unsigned long)i << PAGE_SHIFT),
				     v->shares[i]->page);
	if (ret) {
		view_free(v);
		return ret;
	}
	vma->vm_ops = &area_ops;
	vma->vm_private_data = v;
	return 0;
}

static const struct file_operations gntalloc_fops = {
	.owner		= THIS_MODULE,
	.open		= gntalloc_open,
	.release	= gntalloc_release,
	.mmap		= gntalloc_mmap,
	.unlocked_ioctl	= gntalloc_ioctl,
	.llseek		= compat_no_llseek,
};

static struct miscdevice gntalloc_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "xen/gntalloc",
	.fops	= &gntalloc_fops,
};

static int __init gntalloc_init(void)
{
	return xen_domain() ? misc_register(&gntalloc_device) : -ENODEV;
}
module_init(gntalloc_init);

static void __exit gntalloc_exit(void)
{
	misc_deregister(&gntalloc_device);
	lot_exit();
}
module_exit(gntalloc_exit);

MODULE_DESCRIPTION("Pages of our own granted by user space (/dev/xen/gntalloc)");
MODULE_AUTHOR("The Xylem authors");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
