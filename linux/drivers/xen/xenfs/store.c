// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's own ring of the store, for a xenstored that runs in this domain. */

#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <xen/xenbus.h>
#include "xenfs.h"

static ssize_t xsd_kva_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	char text[32];
	/* The address itself is nobody's business: mmap() is what gives the page. */
	int len = snprintf(text, sizeof(text), "0x%p", xen_store_interface);

	return simple_read_from_buffer(buf, count, pos, text, len);
}

static int xsd_kva_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start > PAGE_SIZE || vma->vm_pgoff)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start,
			       PHYS_PFN(virt_to_phys(xen_store_interface)), PAGE_SIZE,
			       vma->vm_page_prot);
}

const struct file_operations xenfs_xsd_kva_fops = {
	.owner	= THIS_MODULE,
	.read	= xsd_kva_read,
	.mmap	= xsd_kva_mmap,
	.llseek	= default_llseek,
};

static ssize_t xsd_port_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", xen_store_evtchn);

	return simple_read_from_buffer(buf, count, pos, text, len);
}

const struct file_operations xenfs_xsd_port_fops = {
	.owner	= THIS_MODULE,
	.read	= xsd_port_read,
	.llseek	= default_llseek,
};
