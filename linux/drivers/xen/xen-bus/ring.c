// SPDX-License-Identifier: GPL-2.0-only
/* Pages shared by the two ends of a device: ours for the peer, the peer's for us. */

#include <linux/export.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <asm/xen/hypercall.h>
#include "busfuncs.h"
#include "grants.h"
#include "bus.h"

static void *page_at(void *vaddr, unsigned int i)
{
	return vaddr + i * XEN_PAGE_SIZE;
}

static unsigned long gfn_at(void *vaddr, unsigned int i)
{
	void *at = page_at(vaddr, i);

	if (is_vmalloc_addr(at))
		return xen_page_to_gfn(vmalloc_to_page(at));
	return virt_to_gfn(at);
}

static int grant_ring(struct xenbus_device *dev, void *vaddr, unsigned int nr_pages,
		      grant_ref_t *grefs)
{
	grant_ref_t head;
	unsigned int i;
	int ret;

	ret = gnttab_alloc_grant_references(nr_pages, &head);
	if (ret) {
		xenbus_dev_fatal(dev, ret, "granting a ring of %u pages", nr_pages);
		return ret;
	}
	for (i = 0; i < nr_pages; i++) {
		grefs[i] = gnttab_claim_grant_reference(&head);
		gnttab_grant_foreign_access_ref(grefs[i], dev->otherend_id,
						gfn_at(vaddr, i), 0);
	}
	return 0;
}

COMPAT_GRANT_RING(grant_ring)

int xenbus_setup_ring(struct xenbus_device *dev, gfp_t gfp, void **vaddr,
		      unsigned int nr_pages, grant_ref_t *grefs)
{
	size_t size = (size_t)nr_pages * XEN_PAGE_SIZE;
	unsigned int i;
	int ret;

	for (i = 0; i < nr_pages; i++)
		grefs[i] = INVALID_GRANT_REF;
	*vaddr = alloc_pages_exact(size, gfp | __GFP_ZERO);
	if (!*vaddr) {
		xenbus_dev_fatal(dev, -ENOMEM, "allocating a ring of %u pages", nr_pages);
		return -ENOMEM;
	}
	ret = grant_ring(dev, *vaddr, nr_pages, grefs);
	if (ret) {
		free_pages_exact(*vaddr, size);
		*vaddr = NULL;
	}
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_setup_ring);

/* A page that the peer still has mapped is freed when it lets go. */
void xenbus_teardown_ring(void **vaddr, unsigned int nr_pages, grant_ref_t *grefs)
{
	unsigned int i;

	for (i = 0; i < nr_pages; i++) {
		if (grefs[i] == INVALID_GRANT_REF)
			continue;
		compat_end_foreign_access(grefs[i], virt_to_page(page_at(*vaddr, i)));
		grefs[i] = INVALID_GRANT_REF;
	}
	*vaddr = NULL;
}
EXPORT_SYMBOL_GPL(xenbus_teardown_ring);

/* A ring of the peer's. */
struct mapped {
	struct list_head link;
	void *vaddr;
	unsigned int nr;
	struct page *pages[XENBUS_MAX_RING_GRANTS];
	grant_handle_t handles[XENBUS_MAX_RING_GRANTS];
};

static LIST_HEAD(mapped);
static DEFINE_MUTEX(mapped_lock);

#define NOT_MAPPED	((grant_handle_t)-1)

/* What is left mapped is lost: its pages may not be used for anything else. */
static int unmap(struct mapped *m)
{
	struct gnttab_unmap_grant_ref op;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < m->nr; i++) {
		if (m->handles[i] == NOT_MAPPED)
			continue;
		gnttab_set_unmap_op(&op, (unsigned long)page_address(m->pages[i]),
				    GNTMAP_host_map, m->handles[i]);
		if (HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, &op, 1) ||
		    op.status != GNTST_okay)
			ret = -EIO;
	}
	return ret;
}

static int map(struct xenbus_device *dev, struct mapped *m, const grant_ref_t *refs)
{
	struct gnttab_map_grant_ref op;
	unsigned int i;

	for (i = 0; i < m->nr; i++) {
		gnttab_set_map_op(&op, (unsigned long)page_address(m->pages[i]),
				  GNTMAP_host_map, refs[i], dev->otherend_id);
		gnttab_batch_map(&op, 1);
		if (op.status != GNTST_okay) {
			xenbus_dev_fatal(dev, op.status, "mapping grant %u of domain %d",
					 refs[i], dev->otherend_id);
			return -EINVAL;
		}
		m->handles[i] = op.handle;
	}
	return 0;
}

int xenbus_map_ring_valloc(struct xenbus_device *dev, grant_ref_t *gnt_refs,
			   unsigned int nr_grefs, void **vaddr)
{
	struct mapped *m;
	int ret;

	*vaddr = NULL;
	if (!nr_grefs || nr_grefs > XENBUS_MAX_RING_GRANTS)
		return -EINVAL;
	m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	m->nr = nr_grefs;
	memset(m->handles, 0xff, sizeof(m->handles));
	ret = gnttab_alloc_pages(m->nr, m->pages);
	if (ret)
		goto free;
	ret = map(dev, m, gnt_refs);
	if (ret)
		goto unmap;
	m->vaddr = vmap(m->pages, m->nr, VM_MAP, PAGE_KERNEL);
	if (!m->vaddr) {
		ret = -ENOMEM;
		goto unmap;
	}
	mutex_lock(&mapped_lock);
	list_add(&m->link, &mapped);
	mutex_unlock(&mapped_lock);
	*vaddr = m->vaddr;
	return 0;

unmap:
	if (!unmap(m))
		gnttab_free_pages(m->nr, m->pages);
free:
	kfree(m);
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_map_ring_valloc);

static struct mapped *take_mapped(void *vaddr)
{
	struct mapped *m, *found = NULL;

	mutex_lock(&mapped_lock);
	list_for_each_entry(m, &mapped, link)
		if (m->vaddr == vaddr) {
			list_del(&m->link);
			found = m;
			break;
		}
	mutex_unlock(&mapped_lock);
	return found;
}

int xenbus_unmap_ring_vfree(struct xenbus_device *dev, void *vaddr)
{
	struct mapped *m = take_mapped(vaddr);
	int ret;

	if (!m) {
		xenbus_dev_error(dev, -ENOENT, "no ring is mapped at %p", vaddr);
		return -ENOENT;
	}
	vunmap(m->vaddr);
	ret = unmap(m);
	if (ret)
		xenbus_dev_error(dev, ret, "unmapping a ring");
	else
		gnttab_free_pages(m->nr, m->pages);
	kfree(m);
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_unmap_ring_vfree);
