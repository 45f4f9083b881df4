// SPDX-License-Identifier: GPL-2.0-only
/*
 * Granted pages as a DMA buffer. Its memory is that of a map (map.c), which it keeps; a
 * program may also look at it with mmap().
 */

#include <linux/completion.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/features.h>
#include "dma-buffers.h"
#include "dmabuf.h"
#include "gntdev.h"
#include "mm.h"

struct export {
	struct list_head list;
	struct exports *home;
	struct grant_map *map;
	struct completion gone;
	refcount_t users;		/* the buffer, and who waits for its end */
	u32 fd;				/* the number it was given first */
};

void exports_put(struct exports *x)
{
	if (refcount_dec_and_test(&x->users))
		kfree(x);
}

static struct exports *exports_of(struct gntdev_dmabufs *d)
{
	struct exports *x;

	mutex_lock(&d->lock);
	x = d->exports;
	if (!x) {
		x = kzalloc(sizeof(*x), GFP_KERNEL_ACCOUNT);
		if (x) {
			refcount_set(&x->users, 1);
			mutex_init(&x->lock);
			INIT_LIST_HEAD(&x->list);
			d->exports = x;
		}
	}
	mutex_unlock(&d->lock);
	return x;
}

static void export_put(struct export *e)
{
	if (!refcount_dec_and_test(&e->users))
		return;
	exports_put(e->home);
	kfree(e);
}

/* A view of the pages for each device: addresses are the device's own. */
static struct sg_table *buf_map(struct dma_buf_attachment *at, enum dma_data_direction dir)
{
	struct export *e = at->dmabuf->priv;
	struct sg_table *sgt = kmalloc(sizeof(*sgt), GFP_KERNEL);
	int ret = -ENOMEM;

	if (!sgt)
		return ERR_PTR(ret);
	ret = sg_alloc_table_from_pages(sgt, e->map->pages, e->map->count, 0,
					(size_t)e->map->count << PAGE_SHIFT, GFP_KERNEL);
	if (ret)
		goto free;
	ret = dma_map_sgtable(at->dev, sgt, dir, 0);
	if (ret)
		goto table;
	return sgt;

table:
	sg_free_table(sgt);
free:
	kfree(sgt);
	return ERR_PTR(ret);
}

static void buf_unmap(struct dma_buf_attachment *at, struct sg_table *sgt,
		      enum dma_data_direction dir)
{
	dma_unmap_sgtable(at->dev, sgt, dir, 0);
	sg_free_table(sgt);
	kfree(sgt);
}

/*
 * Not in a PV domain: foreign frames are no business of its page tables there. The buffer's
 * core has looked at offset and length. Memory for DMA is in one piece, most of whose pages
 * have no reference that could be counted; it is cached here, as the peer has it, too.
 */
static int buf_mmap(struct dma_buf *buf, struct vm_area_struct *vma)
{
	struct export *e = buf->priv;

	if (!xen_feature(XENFEAT_auto_translated_physmap))
		return -EOPNOTSUPP;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (e->map->dma)
		return remap_pfn_range(vma, vma->vm_start,
				       page_to_pfn(e->map->pages[vma->vm_pgoff]),
				       vma->vm_end - vma->vm_start, vma->vm_page_prot);
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP | VM_MIXEDMAP);
	return vm_map_pages(vma, e->map->pages, e->map->count);
}

/* Who waits finds the grants unmapped, unless the pages are still in use for I/O. */
static void buf_release(struct dma_buf *buf)
{
	struct export *e = buf->priv;

	mutex_lock(&e->home->lock);
	list_del(&e->list);
	mutex_unlock(&e->home->lock);
	map_put(e->map);
	complete_all(&e->gone);
	export_put(e);
}

static const struct dma_buf_ops buf_ops = {
	.map_dma_buf	= buf_map,
	.unmap_dma_buf	= buf_unmap,
	.mmap		= buf_mmap,
	.release	= buf_release,
};

/* The map becomes the buffer's, also when this fails. */
static struct dma_buf *make_buf(struct exports *x, struct grant_map *m, u32 fd)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct export *e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);
	struct dma_buf *buf;

	if (!e) {
		map_put(m);
		return ERR_PTR(-ENOMEM);
	}
	e->home = x;
	e->map = m;
	e->fd = fd;
	init_completion(&e->gone);
	refcount_set(&e->users, 1);
	info.ops = &buf_ops;
	info.size = (size_t)m->count << PAGE_SHIFT;
	info.flags = O_RDWR;
	info.priv = e;
	buf = dma_buf_export(&info);
	if (IS_ERR(buf)) {
		map_put(m);
		kfree(e);
		return buf;
	}
	refcount_inc(&x->users);
	mutex_lock(&x->lock);
	list_add(&e->list, &x->list);
	mutex_unlock(&x->lock);
	return buf;
}

static int read_refs(struct grant_map *m, domid_t domid, const u32 __user *refs)
{
	struct ioctl_gntdev_grant_ref ref = { .domid = domid };
	unsigned int i;

	for (i = 0; i < m->count; i++) {
		if (get_user(ref.ref, &refs[i]))
			return -EFAULT;
		map_ref(m, i, &ref);
	}
	return 0;
}

static struct grant_map *make_map(const struct ioctl_gntdev_dmabuf_exp_from_refs *op,
				  const u32 __user *refs)
{
	struct grant_map *m = map_create(op->count);
	int ret;

	if (!m)
		return ERR_PTR(-ENOMEM);
	ret = read_refs(m, op->domid, refs) ?:
	      (op->flags ? map_dma_memory(m, op->flags & GNTDEV_DMA_FLAG_COHERENT) : 0) ?:
	      map_fill(m, true);
	if (!ret)
		return m;
	map_put(m);
	return ERR_PTR(ret);
}

long dmabuf_export(struct gntdev_dmabufs *d, void __user *arg)
{
	const size_t head = offsetof(struct ioctl_gntdev_dmabuf_exp_from_refs, refs);
	struct ioctl_gntdev_dmabuf_exp_from_refs __user *user = arg;
	struct ioctl_gntdev_dmabuf_exp_from_refs op;
	struct exports *x;
	struct grant_map *m;
	struct dma_buf *buf;
	int fd;

	if (copy_from_user(&op, user, head))
		return -EFAULT;
	if (!gntdev_count_good(op.count) || op.domid > U16_MAX ||
	    (op.flags && op.flags != GNTDEV_DMA_FLAG_WC &&
	     op.flags != GNTDEV_DMA_FLAG_COHERENT))
		return -EINVAL;
	x = exports_of(d);
	if (!x)
		return -ENOMEM;
	m = make_map(&op, arg + head);
	if (IS_ERR(m))
		return PTR_ERR(m);
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0) {
		map_put(m);
		return fd;
	}
	buf = make_buf(x, m, fd);
	if (IS_ERR(buf)) {
		put_unused_fd(fd);
		return PTR_ERR(buf);
	}
	if (put_user(fd, &user->fd)) {
		dma_buf_put(buf);
		put_unused_fd(fd);
		return -EFAULT;
	}
	fd_install(fd, buf->file);
	return 0;
}

/* The latest that was given this number, with a reference. */
static struct export *find_export(struct gntdev_dmabufs *d, u32 fd)
{
	struct export *e, *found = NULL;
	struct exports *x = exports_of(d);

	if (!x)
		return NULL;
	mutex_lock(&x->lock);
	list_for_each_entry(e, &x->list, list)
		if (e->fd == fd) {
			refcount_inc(&e->users);
			found = e;
			break;
		}
	mutex_unlock(&x->lock);
	return found;
}

long dmabuf_wait_released(struct gntdev_dmabufs *d, void __user *arg)
{
	struct ioctl_gntdev_dmabuf_exp_wait_released op;
	struct export *e;
	long ret;

	if (copy_from_user(&op, arg, sizeof(op)))
		return -EFAULT;
	e = find_export(d, op.fd);
	if (!e)
		return -ENOENT;
	ret = wait_for_completion_interruptible_timeout(&e->gone,
							msecs_to_jiffies(op.wait_to_ms));
	export_put(e);
	if (ret < 0)
		return ret;
	return ret ? 0 : -ETIMEDOUT;
}
