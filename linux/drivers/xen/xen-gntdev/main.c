// SPDX-License-Identifier: GPL-2.0-only
/* /dev/xen/gntdev: the device and its ioctls. */

#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/xen.h>
#include "files.h"
#include "xylem-version.h"
#include "gntdev.h"

static unsigned int limit = 64 * 1024;
module_param(limit, uint, 0644);
MODULE_PARM_DESC(limit,
	"Maximum number of grants that may be mapped by one mapping request (default: 65536)");

bool gntdev_count_good(unsigned int count)
{
	return count && count <= READ_ONCE(limit);
}

static int gntdev_open(struct inode *inode, struct file *file)
{
	struct gntdev_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return -ENOMEM;
	f->maps = RB_ROOT;
	mutex_init(&f->lock);
	dmabuf_open(&f->dmabufs);
	f->max = UINT_MAX;
	file->private_data = f;
	return 0;
}

static int gntdev_release(struct inode *inode, struct file *file)
{
	struct gntdev_file *f = file->private_data;
	struct grant_map *m, *next;

	dmabuf_release(&f->dmabufs);
	rbtree_postorder_for_each_entry_safe(m, next, &f->maps, node)
		map_put(m);
	kfree(f);
	return 0;
}

/* Offsets in bytes have to fit into an off_t of the machine's size. */
#define MAX_PAGES (ULONG_MAX >> PAGE_SHIFT)

/*
 * Offsets are not used again, so that what is unmapped twice is not somebody else's. On
 * 32-bit machines new ones come to an end; then the first gap has to do.
 */
static int find_place(struct gntdev_file *f, unsigned int count, unsigned long *place)
{
	struct rb_node *n;

	*place = f->next;
	if (count <= MAX_PAGES - f->next)
		return 0;
	*place = 0;
	for (n = rb_first(&f->maps); n; n = rb_next(n)) {
		struct grant_map *m = rb_entry(n, struct grant_map, node);

		if (count <= m->index - *place)
			return 0;
		*place = m->index + m->count;
	}
	return count <= MAX_PAGES - *place ? 0 : -ENOSPC;
}

static void insert_map(struct gntdev_file *f, struct grant_map *m)
{
	struct rb_node **at = &f->maps.rb_node, *parent = NULL;

	while (*at) {
		parent = *at;
		at = m->index < rb_entry(parent, struct grant_map, node)->index ?
		     &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&m->node, parent, at);
	rb_insert_color(&m->node, &f->maps);
}

static int add_map(struct gntdev_file *f, struct grant_map *m)
{
	int ret;

	if (m->count > f->max - f->used)
		return -ENOSPC;
	ret = find_place(f, m->count, &m->index);
	if (ret)
		return ret;
	insert_map(f, m);
	f->next = max(f->next, m->index + m->count);
	f->used += m->count;
	return 0;
}

static void drop_map(struct gntdev_file *f, struct grant_map *m)
{
	rb_erase(&m->node, &f->maps);
	f->used -= m->count;
}

/* The map that has this page of the file. The lock is held. */
static struct grant_map *find_map(struct gntdev_file *f, u64 page)
{
	struct rb_node *at = f->maps.rb_node;

	while (at) {
		struct grant_map *m = rb_entry(at, struct grant_map, node);

		if (page < m->index)
			at = at->rb_left;
		else if (page - m->index >= m->count)
			at = at->rb_right;
		else
			return m;
	}
	return NULL;
}

static int copy_refs(struct grant_map *m, struct ioctl_gntdev_grant_ref __user *refs)
{
	struct ioctl_gntdev_grant_ref some[32];
	unsigned int done, i, n;

	for (done = 0; done < m->count; done += n) {
		n = min_t(unsigned int, m->count - done, ARRAY_SIZE(some));
		if (copy_from_user(some, refs + done, n * sizeof(*some)))
			return -EFAULT;
		for (i = 0; i < n; i++)
			map_ref(m, done + i, &some[i]);
	}
	return 0;
}

static long map_grant_ref(struct gntdev_file *f, struct ioctl_gntdev_map_grant_ref __user *arg)
{
	struct grant_map *m;
	unsigned int count;
	unsigned long index;
	int ret;

	if (get_user(count, &arg->count))
		return -EFAULT;
	if (!gntdev_count_good(count))
		return -EINVAL;
	m = map_create(count);
	if (!m)
		return -ENOMEM;
	ret = copy_refs(m, arg->refs);
	if (ret)
		goto put;
	mutex_lock(&f->lock);
	ret = add_map(f, m);
	index = m->index;
	mutex_unlock(&f->lock);
	if (ret)
		goto put;
	if (!put_user((u64)index << PAGE_SHIFT, &arg->index))
		return 0;
	/* Another thread may have guessed the offset, and have unmapped it. */
	mutex_lock(&f->lock);
	m = find_map(f, index);
	if (m)
		drop_map(f, m);
	mutex_unlock(&f->lock);
	ret = -EFAULT;
put:
	if (m)
		map_put(m);
	return ret;
}

static long unmap_grant_ref(struct gntdev_file *f, void __user *arg)
{
	struct ioctl_gntdev_unmap_grant_ref op;
	struct grant_map *m;

	if (copy_from_user(&op, arg, sizeof(op)))
		return -EFAULT;
	mutex_lock(&f->lock);
	m = find_map(f, op.index >> PAGE_SHIFT);
	if (m && m->count == op.count && op.index == (u64)m->index << PAGE_SHIFT)
		drop_map(f, m);
	else
		m = NULL;
	mutex_unlock(&f->lock);
	if (!m)
		return -ENOENT;
	map_put(m);
	return 0;
}

static long get_offset_for_vaddr(struct ioctl_gntdev_get_offset_for_vaddr __user *arg)
{
	struct ioctl_gntdev_get_offset_for_vaddr op;
	struct vm_area_struct *vma;
	struct grant_map *m = NULL;

	if (copy_from_user(&op, arg, sizeof(op)))
		return -EFAULT;
	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, op.vaddr);
	if (vma && vma->vm_start == op.vaddr)
		m = map_of(vma);
	if (m) {
		op.offset = (u64)m->index << PAGE_SHIFT;
		op.count = m->count;
	}
	mmap_read_unlock(current->mm);
	if (!m)
		return -EINVAL;
	return copy_to_user(arg, &op, sizeof(op)) ? -EFAULT : 0;
}

static long set_max_grants(struct gntdev_file *f, void __user *arg)
{
	struct ioctl_gntdev_set_max_grants op;
	int ret = 0;

	if (copy_from_user(&op, arg, sizeof(op)))
		return -EFAULT;
	mutex_lock(&f->lock);
	if (op.count < f->used)
		ret = -EINVAL;
	else
		f->max = op.count;
	mutex_unlock(&f->lock);
	return ret;
}

/* The same, with a reference. */
static struct grant_map *get_map(struct gntdev_file *f, u64 page)
{
	struct grant_map *m;

	mutex_lock(&f->lock);
	m = find_map(f, page);
	if (m)
		map_get(m);
	mutex_unlock(&f->lock);
	return m;
}

static long set_unmap_notify(struct gntdev_file *f, void __user *arg)
{
	struct ioctl_gntdev_unmap_notify op;
	struct grant_map *m;
	int ret;

	if (copy_from_user(&op, arg, sizeof(op)))
		return -EFAULT;
	m = get_map(f, op.index >> PAGE_SHIFT);
	if (!m)
		return -ENOENT;
	mutex_lock(&m->lock);
	if ((op.action & UNMAP_NOTIFY_CLEAR_BYTE) && m->state == MAP_READ)
		ret = -EINVAL;
	else
		ret = unmap_notify_set(&m->notify, op.action,
				       op.index - ((u64)m->index << PAGE_SHIFT),
				       op.event_channel_port);
	mutex_unlock(&m->lock);
	map_put(m);
	return ret;
}

static long gntdev_ioctl(struct file *file, unsigned int cmd, unsigned long data)
{
	struct gntdev_file *f = file->private_data;
	void __user *arg = (void __user *)data;

	switch (cmd) {
	case IOCTL_GNTDEV_MAP_GRANT_REF:	return map_grant_ref(f, arg);
	case IOCTL_GNTDEV_UNMAP_GRANT_REF:	return unmap_grant_ref(f, arg);
	case IOCTL_GNTDEV_GET_OFFSET_FOR_VADDR:	return get_offset_for_vaddr(arg);
	case IOCTL_GNTDEV_SET_MAX_GRANTS:	return set_max_grants(f, arg);
	case IOCTL_GNTDEV_SET_UNMAP_NOTIFY:	return set_unmap_notify(f, arg);
	case IOCTL_GNTDEV_GRANT_COPY:		return gntdev_copy(arg);
	default:	return dmabuf_ioctl(&f->dmabufs, cmd, arg);
	}
}

static int gntdev_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct grant_map *m = get_map(file->private_data, vma->vm_pgoff);
	int ret = -EINVAL;

	if (!m)
		return -EINVAL;
	if (m->index == vma->vm_pgoff)
		ret = map_mmap(m, vma);
	map_put(m);
	return ret;
}

static const struct file_operations gntdev_fops = {
	.owner		= THIS_MODULE,
	.open		= gntdev_open,
	.release	= gntdev_release,
	.mmap		= gntdev_mmap,
	.unlocked_ioctl	= gntdev_ioctl,
	.llseek		= compat_no_llseek,
};

static struct miscdevice gntdev_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "xen/gntdev",
	.fops	= &gntdev_fops,
};

/* From when the device can be opened. */
struct device *gntdev_device(void)
{
	return gntdev_misc.this_device;
}

static int __init gntdev_init(void)
{
	int ret;

	if (!xen_domain())
		return -ENODEV;
	map_cache_init();
	ret = misc_register(&gntdev_misc);
	if (ret)
		map_cache_exit();
	return ret;
}
module_init(gntdev_init);

static void __exit gntdev_exit(void)
{
	/* Nobody opens it any more; memory for DMA has to go back while the device is there. */
	dmabuf_exit();
	map_cache_exit();
	misc_deregister(&gntdev_misc);
}
module_exit(gntdev_exit);

MODULE_DESCRIPTION("Other domains' granted pages for user space (/dev/xen/gntdev)");
MODULE_AUTHOR("The Xylem authors");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
