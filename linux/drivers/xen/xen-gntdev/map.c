// SPDX-License-Identifier: GPL-2.0-only
/* Grants mapped into pages, pages mapped into memory areas. */

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <xen/features.h>
#include "gntdev.h"
#include "mm.h"

static unsigned int cache_pages = 256;
module_param(cache_pages, uint, 0644);
MODULE_PARM_DESC(cache_pages,
	"Pages without memory to keep ready for the next mapping (default: 256)");

static struct gnttab_page_cache cache;

/* Maps that wait until nobody uses their pages, for I/O mostly. */
static atomic_t nr_unmapping = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(all_unmapped);

void map_cache_init(void)
{
	gnttab_page_cache_init(&cache);
}

void map_cache_exit(void)
{
	wait_event(all_unmapped, !atomic_read(&nr_unmapping));
	/*
	 * The last callback has woken us, and returns before this does: it may have been
	 * preempted in our code, which a plain grace period does not wait for.
	 */
	synchronize_rcu_tasks();
	gnttab_page_cache_shrink(&cache, 0);
}

void unmapping_begins(void)
{
	atomic_inc(&nr_unmapping);
}

void unmapping_ends(void)
{
	if (atomic_dec_and_test(&nr_unmapping))
		wake_up(&all_unmapped);
}

/* Kept ones first: to get new ones is to give memory back to the hypervisor. */
int alloc_map_pages(struct page **pages, unsigned int count)
{
	unsigned int have = 0;
	int ret = 0;

	while (have < count && READ_ONCE(cache.num_pages) && !ret) {
		ret = gnttab_page_cache_get(&cache, &pages[have]);
		if (!ret)
			have++;
	}
	if (have < count)
		ret = gnttab_alloc_pages(count - have, pages + have);
	if (ret)
		gnttab_page_cache_put(&cache, pages, have);
	return ret;
}

void free_map_pages(struct page **pages, unsigned int count)
{
	gnttab_page_cache_put(&cache, pages, count);
	if (READ_ONCE(cache.num_pages) > cache_pages)
		gnttab_page_cache_shrink(&cache, cache_pages);
}

#ifdef CONFIG_XEN_GRANT_DMA_ALLOC
int map_dma_memory(struct grant_map *m, bool coherent)
{
	struct gnttab_dma_alloc_args *args = kzalloc(sizeof(*args), GFP_KERNEL_ACCOUNT);

	if (!args)
		return -ENOMEM;
	args->frames = kvcalloc(m->count, sizeof(*args->frames), GFP_KERNEL_ACCOUNT);
	if (!args->frames) {
		kfree(args);
		return -ENOMEM;
	}
	args->dev = dmabuf_device();
	args->coherent = coherent;
	args->nr_pages = m->count;
	args->pages = m->pages;
	m->dma = args;
	return 0;
}

static int get_pages(struct grant_map *m)
{
	return m->dma ? gnttab_dma_alloc_pages(m->dma) : alloc_map_pages(m->pages, m->count);
}

static void put_pages(struct grant_map *m)
{
	if (m->dma)
		gnttab_dma_free_pages(m->dma);
	else
		free_map_pages(m->pages, m->count);
}

static void map_free(struct grant_map *m)
{
	if (m->dma)
		kvfree(m->dma->frames);
	kfree(m->dma);
	kvfree(m);
}
#else
int map_dma_memory(struct grant_map *m, bool coherent)
{
	return -EOPNOTSUPP;
}

static int get_pages(struct grant_map *m)
{
	return alloc_map_pages(m->pages, m->count);
}

static void put_pages(struct grant_map *m)
{
	free_map_pages(m->pages, m->count);
}

static void map_free(struct grant_map *m)
{
	kvfree(m);
}
#endif

/* One piece of memory: the map, its operations, its pages. */
struct grant_map *map_create(unsigned int count)
{
	struct grant_map *m;
	size_t each = sizeof(*m->ops) + sizeof(*m->undo) + sizeof(*m->pages);

	if (count > (SIZE_MAX - sizeof(*m)) / each)
		return NULL;
	m = kvzalloc(sizeof(*m) + count * each, GFP_KERNEL_ACCOUNT);
	if (!m)
		return NULL;
	m->ops = (void *)(m + 1);
	m->undo = (void *)(m->ops + count);
	m->pages = (void *)(m->undo + count);
	m->count = count;
	refcount_set(&m->users, 1);
	mutex_init(&m->lock);
	return m;
}

void map_ref(struct grant_map *m, unsigned int i, const struct ioctl_gntdev_grant_ref *ref)
{
	m->ops[i].ref = ref->ref;
	m->ops[i].dom = ref->domid;
}

void map_get(struct grant_map *m)
{
	refcount_inc(&m->users);
}

static void unmapped(int result, struct gntab_unmap_queue_data *data)
{
	struct grant_map *m = container_of(data, struct grant_map, unmapping);
	unsigned int i;

	/* Where the peer's page may still be, nothing else can ever be put. */
	for (i = 0; !result && i < m->count; i++)
		result = m->undo[i].status;
	if (result)
		pr_warn_ratelimited("xen-gntdev: %u pages cannot be used again\n", m->count);
	else
		put_pages(m);
	map_free(m);
	unmapping_ends();
}

/*
 * Guest physical addresses, whether the kernel has the page mapped or not; in a PV domain,
 * for what pv.c is not about (DMA buffers), where the kernel has it.
 */
static u64 page_place(struct page *page)
{
	return xen_feature(XENFEAT_auto_translated_physmap) ?
	       page_to_phys(page) : (unsigned long)page_address(page);
}

static void set_map(struct gnttab_map_grant_ref *op, struct page *page, unsigned int flags)
{
	op->host_addr = page_place(page);
	op->flags = flags;
	op->status = GNTST_general_error;
}

static void set_unmap(struct gnttab_unmap_grant_ref *op, struct page *page,
		      grant_handle_t handle)
{
	*op = (struct gnttab_unmap_grant_ref){
		.host_addr = page_place(page),
		.handle = handle,
	};
}

void map_put(struct grant_map *m)
{
	bool mapped;
	unsigned int i;

	if (!refcount_dec_and_test(&m->users))
		return;
	mapped = m->state != MAP_EMPTY;
	unmap_notify_do(&m->notify, m->state == MAP_WRITE ? m->pages : NULL);
	if (!mapped) {
		map_free(m);
		return;
	}
	for (i = 0; i < m->count; i++)
		set_unmap(&m->undo[i], m->pages[i], m->ops[i].handle);
	m->unmapping.unmap_ops = m->undo;
	m->unmapping.pages = m->pages;
	m->unmapping.count = m->count;
	m->unmapping.done = unmapped;
	unmapping_begins();
	/* At once if the pages have no other user, later otherwise. */
	gnttab_unmap_refs_async(&m->unmapping);
}

/* Some grants were refused: the others go back. */
static void undo_some(struct grant_map *m)
{
	unsigned int i, n = 0, lost = 0;

	/* The pages of those that are unmapped come first: the order is of no use now. */
	for (i = 0; i < m->count; i++) {
		if (m->ops[i].status != GNTST_okay)
			continue;
		set_unmap(&m->undo[n], m->pages[i], m->ops[i].handle);
		swap(m->pages[n], m->pages[i]);
		n++;
	}
	if (n && gnttab_unmap_refs(m->undo, NULL, m->pages, n))
		lost = n;
	for (i = 0; !lost && i < n; i++)
		lost += m->undo[i].status != GNTST_okay;
	if (lost)
		pr_warn_ratelimited("xen-gntdev: %u pages cannot be used again\n", m->count);
	else
		put_pages(m);
}

static int map_grants(struct grant_map *m, unsigned int flags)
{
	unsigned int i;
	int ret;

	ret = get_pages(m);
	if (ret)
		return ret;
	for (i = 0; i < m->count; i++)
		set_map(&m->ops[i], m->pages[i], flags);
	ret = gnttab_map_refs(m->ops, NULL, m->pages, m->count);
	if (ret) {
		/* No operation was looked at. */
		put_pages(m);
		return ret;
	}
	for (i = 0; i < m->count; i++)
		if (m->ops[i].status != GNTST_okay)
			break;
	if (i == m->count)
		return 0;
	undo_some(m);
	return -EINVAL;
}

static void area_open(struct vm_area_struct *vma)
{
	map_get(vma->vm_private_data);
}

static void area_close(struct vm_area_struct *vma)
{
	map_put(vma->vm_private_data);
}

static vm_fault_t area_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct area_ops = {
	.open	= area_open,
	.close	= area_close,
	.fault	= area_fault,
};

struct grant_map *map_of(const struct vm_area_struct *vma)
{
	return vma->vm_ops == &area_ops ? vma->vm_private_data : pv_map_of(vma);
}

/* The first area decides whether the pages can be written to. */
static int want_state(struct grant_map *m, bool write)
{
	int ret;

	if (m->state == MAP_EMPTY) {
		ret = map_grants(m, GNTMAP_host_map | (write ? 0 : GNTMAP_readonly));
		if (ret)
			return ret;
		m->state = write ? MAP_WRITE : MAP_READ;
	}
	return write && m->state != MAP_WRITE ? -EINVAL : 0;
}

int map_fill(struct grant_map *m, bool write)
{
	int ret;

	mutex_lock(&m->lock);
	ret = want_state(m, write);
	mutex_unlock(&m->lock);
	return ret;
}

int map_mmap(struct grant_map *m, struct vm_area_struct *vma)
{
	bool write = vma->vm_flags & VM_WRITE;
	unsigned long left = m->count;
	int ret;

	if (vma_pages(vma) != m->count || (write && !(vma->vm_flags & VM_SHARED)))
		return -EINVAL;
	if (!xen_feature(XENFEAT_auto_translated_physmap))
		return pv_mmap(m, vma);
	ret = map_fill(m, write);
	if (ret)
		return ret;
	if (!write)
		vm_flags_clear(vma, VM_MAYWRITE);
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP | VM_MIXEDMAP);
	/* A failure leaves what was put there to mmap(), which takes it away. */
	ret = vm_insert_pages(vma, vma->vm_start, m->pages, &left);
	if (ret)
		return ret;
	map_get(m);
	vma->vm_ops = &area_ops;
	vma->vm_private_data = m;
	return 0;
}
