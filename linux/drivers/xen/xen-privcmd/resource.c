// SPDX-License-Identifier: GPL-2.0-only
/* Frames of a domain that are not its memory: its grant table, for one. */

#include <linux/bitmap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/features.h>
#include "foreign.h"
#include "hypercall.h"
#include "privcmd.h"

/* More has no resource by far: a domain's grant table is 64 frames by default. */
#define MAX_FRAMES 65536

static long ask_size(struct privcmd_mmap_resource __user *arg,
		     struct xen_mem_acquire_resource *res)
{
	long ret = HYPERVISOR_memory_op(XENMEM_acquire_resource, res);

	if (ret < 0)
		return ret;
	return put_user((__u64)res->nr_frames, &arg->num);
}

static int show_xlate(struct vm_area_struct *vma, struct xen_mem_acquire_resource *res,
		      xen_pfn_t *frames)
{
	struct mapping *m = vma->vm_private_data;
	unsigned long i;
	int ret;

	for (i = 0; i < m->count; i++)
		frames[i] = frames_gfn(&m->frames, i);
	/*
	 * It fails where it finds out, with the error of that: the frames before stay where
	 * they are. Removal finds out which.
	 */
	bitmap_fill(m->filled, m->count);
	m->doubtful = true;
	ret = HYPERVISOR_memory_op(XENMEM_acquire_resource, res);
	if (ret)
		return ret;
	m->doubtful = false;
	return mapping_show(vma, vma->vm_start, 0, m->count);
}

static int show_pv(struct vm_area_struct *vma, struct xen_mem_acquire_resource *res,
		   xen_pfn_t *frames)
{
	struct mapping *m = vma->vm_private_data;
	int *errs = (int *)frames, ret;
	domid_t domid;
	unsigned long i;

	ret = HYPERVISOR_memory_op(XENMEM_acquire_resource, res);
	if (ret)
		return ret;
	domid = res->flags & XENMEM_rsrc_acq_caller_owned ? DOMID_SELF : res->domid;
	bitmap_fill(m->filled, m->count);
	/* Errors take the frames' place, after they were read. */
	ret = compat_remap_mfn_array(vma, vma->vm_start, frames, m->count, errs,
				     vma->vm_page_prot, domid);
	if (ret < 0)
		return ret;
	for (i = 0; i < m->count; i++)
		if (errs[i])
			return errs[i];
	return 0;
}

static int map_locked(unsigned long addr, struct xen_mem_acquire_resource *res,
		      xen_pfn_t *frames)
{
	struct vm_area_struct *vma;
	bool fresh;
	int ret;

	vma = mapping_find(addr, res->nr_frames, &fresh);
	if (!vma || !fresh)
		return -EINVAL;
	ret = mapping_prepare(vma->vm_private_data);
	if (ret)
		return ret;
	if (xen_feature(XENFEAT_auto_translated_physmap))
		return show_xlate(vma, res, frames);
	return show_pv(vma, res, frames);
}

long privcmd_mmap_resource(struct privcmd_file *f, void __user *arg)
{
	struct privcmd_mmap_resource cmd;
	struct xen_mem_acquire_resource res;
	xen_pfn_t *frames;
	long ret;

	if (copy_from_user(&cmd, arg, sizeof(cmd)))
		return -EFAULT;
	if (!privcmd_may(f, cmd.dom))
		return -EPERM;
	res = (struct xen_mem_acquire_resource){
		.domid = cmd.dom,
		.type = cmd.type,
		.id = cmd.id,
		.frame = cmd.idx,
	};
	if (cmd.type != res.type)
		return -EINVAL;
	if (!cmd.num && !cmd.addr)
		return ask_size(arg, &res);
	if (!cmd.num || cmd.num > MAX_FRAMES)
		return -EINVAL;
	res.nr_frames = cmd.num;

	frames = kvcalloc(cmd.num, sizeof(*frames), GFP_KERNEL);
	if (!frames)
		return -ENOMEM;
	set_xen_guest_handle(res.frame_list, frames);
	mmap_write_lock(current->mm);
	ret = map_locked(cmd.addr, &res, frames);
	mmap_write_unlock(current->mm);
	kvfree(frames);
	return ret;
}
