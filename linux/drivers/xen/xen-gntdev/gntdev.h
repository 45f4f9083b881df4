/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other domains' granted pages for user space.
 *
 * A map is a list of grants, made by one ioctl; the file has it at an offset of
 * its own, where mmap() finds it. The grants are mapped when that happens first,
 * into pages without memory of their own, and unmapped when nobody has the map any
 * more: neither the file (which loses it by an ioctl, or when it is closed) nor a
 * memory area.
 */
#ifndef XYLEM_GNTDEV_H
#define XYLEM_GNTDEV_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include "dmabuf.h"
#include "grants.h"
#include <xen/gntdev.h>		/* needs names of the grant table's headers */
#include "unmap-notify.h"

struct grant_map {
	refcount_t users;
	struct rb_node node;		/* in the file's */
	unsigned long index;		/* offset in the file, in pages */
	unsigned int count;
	struct mutex lock;		/* for what follows */
	enum { MAP_EMPTY, MAP_READ, MAP_WRITE } state;
	struct unmap_notify notify;
	struct page **pages;
	struct gnttab_map_grant_ref *ops;
	struct gnttab_unmap_grant_ref *undo;
	struct gntab_unmap_queue_data unmapping;
	struct pv_area *pv;		/* PV: the one area, while there is one */
	struct gnttab_dma_alloc_args *dma;	/* where devices want special memory */
};

struct gntdev_file {
	struct rb_root maps;		/* by index; a tree that allocates nothing */
	/*
	 * Makes and finds offsets. mmap() takes it inside the mmap lock: no access to
	 * user memory, which may want that one, is made with it held.
	 */
	struct mutex lock;
	unsigned long next;		/* offset */
	unsigned int max;		/* grants in all maps together, at most */
	unsigned int used;
	struct gntdev_dmabufs dmabufs;
};

/* main.c */
struct device *gntdev_device(void);
/* Whether one request may be for that many grants. */
bool gntdev_count_good(unsigned int count);

/* map.c */
void map_cache_init(void);
void map_cache_exit(void);
/* A map of count grants; refs are put into it by the caller. NULL without memory. */
struct grant_map *map_create(unsigned int count);
void map_ref(struct grant_map *m, unsigned int i, const struct ioctl_gntdev_grant_ref *ref);
void map_get(struct grant_map *m);
void map_put(struct grant_map *m);
int map_mmap(struct grant_map *m, struct vm_area_struct *vma);
/* Maps the grants now, if they are not. -EINVAL if they are, but not to write. */
int map_fill(struct grant_map *m, bool write);
/*
 * Before that: the pages are to be memory for DMA, coherent or write-combining.
 * -EOPNOTSUPP where the kernel has none to give.
 */
int map_dma_memory(struct grant_map *m, bool coherent);
/* The map behind a VMA, or NULL if it is none of ours. The mmap lock is held. */
struct grant_map *map_of(const struct vm_area_struct *vma);

/* Pages without memory: kept ones first. free_map_pages() takes them back. */
int alloc_map_pages(struct page **pages, unsigned int count);
void free_map_pages(struct page **pages, unsigned int count);
/* An asynchronous end: the module waits for all of them when it is removed. */
void unmapping_begins(void);
void unmapping_ends(void);

/* pv.c: the same in a PV domain, where page tables are the hypervisor's business. */
#ifdef CONFIG_XEN_PV
int pv_mmap(struct grant_map *m, struct vm_area_struct *vma);
struct grant_map *pv_map_of(const struct vm_area_struct *vma);
#else
static inline int pv_mmap(struct grant_map *m, struct vm_area_struct *vma)
{
	return -ENODEV;
}

static inline struct grant_map *pv_map_of(const struct vm_area_struct *vma)
{
	return NULL;
}
#endif

/* copy.c */
long gntdev_copy(void __user *arg);

#endif /* XYLEM_GNTDEV_H */
