// SPDX-License-Identifier: GPL-2.0-only
/* A DMA buffer's pages granted to another domain. */

#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include <xen/features.h>
#include <xen/page.h>
#include "dma-buffers.h"
#include "dmabuf.h"
#include "gntdev.h"

struct import {
	struct list_head list;		/* a file's, or those that wait for their peer */
	u32 fd;				/* the buffer's, when it came */
	struct dma_buf *buf;
	struct dma_buf_attachment *at;
	struct sg_table *sgt;
	domid_t domid;			/* the peer */
	unsigned int looks;		/* since it should have let go */
	unsigned int granted;		/* references that have not ended */
	grant_ref_t refs[];
};

/* Of files that are closed; the peer has some of their pages. Each holds the module. */
static DEFINE_SPINLOCK(left_lock);
static LIST_HEAD(left);

static void look_again(struct work_struct *work);
static DECLARE_DELAYED_WORK(look_work, look_again);

/* Seconds after which it is said that a peer keeps what is no longer its. */
#define TELL_AFTER	10

/* True: no page is with the peer, and the import is no more. */
static bool import_end(struct import *im)
{
	unsigned int i, n = 0;

	for (i = 0; i < im->granted; i++)
		if (!gnttab_try_end_foreign_access(im->refs[i]))
			im->refs[n++] = im->refs[i];
	im->granted = n;
	if (n)
		return false;
	compat_dma_buf_unmap(im->at, im->sgt);
	dma_buf_detach(im->buf, im->at);
	dma_buf_put(im->buf);
	kvfree(im);
	return true;
}

/* The memory may not go back to its driver before the peer has let it go. */
static void import_put(struct import *im)
{
	if (import_end(im))
		return;
	__module_get(THIS_MODULE);
	spin_lock(&left_lock);
	list_add_tail(&im->list, &left);
	spin_unlock(&left_lock);
	schedule_delayed_work(&look_work, HZ);
}

static void look_again(struct work_struct *work)
{
	struct import *im, *next;
	LIST_HEAD(some);

	spin_lock(&left_lock);
	list_splice_init(&left, &some);
	spin_unlock(&left_lock);

	list_for_each_entry_safe(im, next, &some, list) {
		list_del(&im->list);
		if (import_end(im)) {
			module_put(THIS_MODULE);
			continue;
		}
		list_add(&im->list, &some);
		if (++im->looks == TELL_AFTER)
			pr_warn_ratelimited("xen-gntdev: domain %u still has %u pages of a DMA buffer after %u s: buffer and module stay until it lets go\n",
					    im->domid, im->granted, TELL_AFTER);
	}
	if (list_empty(&some))
		return;
	spin_lock(&left_lock);
	list_splice(&some, &left);
	spin_unlock(&left_lock);
	schedule_delayed_work(&look_work, HZ);
}

/* Nothing is left, as that would hold the module; but the work may just be ending. */
void imports_exit(void)
{
	cancel_delayed_work_sync(&look_work);
}

/* Addresses for a device without an IOMMU are our physical ones. */
static int grant_pages(struct import *im, unsigned int count)
{
	struct sg_dma_page_iter page;
	struct scatterlist *sg;
	unsigned int i;
	int ref;

	for_each_sgtable_dma_sg(im->sgt, sg, i)
		if (offset_in_page(sg_dma_address(sg)) || offset_in_page(sg_dma_len(sg)))
			return -EINVAL;
	for_each_sgtable_dma_page(im->sgt, &page, 0) {
		if (im->granted == count)
			return -EINVAL;
		ref = gnttab_grant_foreign_access(im->domid,
				XEN_PFN_DOWN(sg_page_iter_dma_address(&page)), 0);
		if (ref < 0)
			return ref;
		im->refs[im->granted++] = ref;
	}
	return im->granted == count ? 0 : -EINVAL;
}

static struct import *import_buf(u32 fd, unsigned int count, domid_t domid)
{
	struct import *im = kvzalloc(struct_size(im, refs, count), GFP_KERNEL_ACCOUNT);
	int ret = -ENOMEM;

	if (!im)
		return ERR_PTR(ret);
	im->fd = fd;
	im->domid = domid;
	im->buf = dma_buf_get(fd);
	ret = PTR_ERR_OR_ZERO(im->buf);
	if (ret)
		goto free;
	ret = -EINVAL;
	if (im->buf->size != (size_t)count << PAGE_SHIFT)
		goto put;
	im->at = dma_buf_attach(im->buf, dmabuf_device());
	ret = PTR_ERR_OR_ZERO(im->at);
	if (ret)
		goto put;
	im->sgt = compat_dma_buf_map(im->at);
	ret = PTR_ERR_OR_ZERO(im->sgt);
	if (ret)
		goto detach;
	return im;

detach:
	dma_buf_detach(im->buf, im->at);
put:
	dma_buf_put(im->buf);
free:
	kvfree(im);
	return ERR_PTR(ret);
}

long dmabuf_import(struct gntdev_dmabufs *d, void __user *arg)
{
	const size_t head = offsetof(struct ioctl_gntdev_dmabuf_imp_to_refs, refs);
	struct ioctl_gntdev_dmabuf_imp_to_refs op;
	struct import *im;
	int ret;

	if (copy_from_user(&op, arg, head))
		return -EFAULT;
	if (!gntdev_count_good(op.count) || op.domid > U16_MAX || op.reserved)
		return -EINVAL;
	/* Of a PV domain's DMA addresses it is not known whether they are the machine's. */
	if (!xen_feature(XENFEAT_auto_translated_physmap) || PAGE_SIZE != XEN_PAGE_SIZE)
		return -EOPNOTSUPP;
	im = import_buf(op.fd, op.count, op.domid);
	if (IS_ERR(im))
		return PTR_ERR(im);
	ret = grant_pages(im, op.count);
	if (!ret && copy_to_user(arg + head, im->refs, op.count * sizeof(*im->refs)))
		ret = -EFAULT;
	if (ret) {
		import_put(im);
		return ret;
	}
	mutex_lock(&d->lock);
	list_add(&im->list, &d->imports);
	mutex_unlock(&d->lock);
	return 0;
}

long dmabuf_import_release(struct gntdev_dmabufs *d, void __user *arg)
{
	struct ioctl_gntdev_dmabuf_imp_release op;
	struct import *im, *found = NULL;

	if (copy_from_user(&op, arg, sizeof(op)))
		return -EFAULT;
	if (op.reserved)
		return -EINVAL;
	mutex_lock(&d->lock);
	list_for_each_entry(im, &d->imports, list)
		if (im->fd == op.fd) {
			list_del(&im->list);
			found = im;
			break;
		}
	mutex_unlock(&d->lock);
	if (!found)
		return -ENOENT;
	import_put(found);
	return 0;
}

void imports_release(struct gntdev_dmabufs *d)
{
	struct import *im, *next;

	list_for_each_entry_safe(im, next, &d->imports, list) {
		list_del(&im->list);
		import_put(im);
	}
}
