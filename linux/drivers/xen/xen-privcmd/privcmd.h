/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls, and memory of other domains, for the toolstack.
 *
 * A mapping is what mmap() of /dev/xen/privcmd creates: empty at first. One ioctl
 * gives it frames of another domain, all in one, later ones may fill what failed.
 *
 * In a domain that has its guest addresses translated for it (Arm, PVH) foreign
 * frames must stand at guest frame numbers of our own before they can be mapped:
 * struct frames has such numbers, xlate.c puts foreign frames there, many with a
 * hypercall, and takes them away. A PV domain maps machine frames directly; the
 * kernel's own functions do that.
 *
 * The mmap lock, held for writing, protects a mapping's contents.
 */
#ifndef XYLEM_PRIVCMD_H
#define XYLEM_PRIVCMD_H

#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/refcount.h>
#include <xen/interface/xen.h>
#include <xen/interface/memory.h>
#include <xen/privcmd.h>

/* An open file may be limited to one domain: that, or PRIVCMD_ANY. */
#define PRIVCMD_ANY	DOMID_INVALID
/* No domid_t, so that no call can name it: a file limited to it can do nothing. */
#define PRIVCMD_NONE	(-1)

struct privcmd_file {
	atomic_t only;
};

bool privcmd_may(const struct privcmd_file *f, domid_t domid);

/* frames.c: guest frame numbers of our own at which there is nothing. */
struct frames {
	unsigned long count;
	unsigned long base;		/* first of a range of addresses without RAM, */
	struct page **pages;		/* or, if there are any, these pages' numbers */
};

void frames_init(void);
void frames_exit(void);
/* 0 or -ENOMEM; f is zeroed before, and afterwards on failure. */
int frames_alloc(struct frames *f, unsigned long count);
void frames_free(struct frames *f);

static inline unsigned long frames_gfn(const struct frames *f, unsigned long i)
{
	return f->pages ? page_to_pfn(f->pages[i]) : f->base + i;
}

/* mapping.c */
struct mapping {
	refcount_t users;		/* VMAs, of which a split makes more; mapping_get() */
	unsigned long pgoff;		/* of the first page, in the file */
	unsigned long count;		/* pages */
	/* Auto-translated only, once there is something in it: */
	struct frames frames;
	unsigned long *filled;		/* pages that are not empty */
	bool doubtful;			/* some of them may be, as filling failed */
};

extern const struct file_operations xen_privcmd_fops;
extern const struct file_operations xen_privcmdbuf_fops;
extern struct miscdevice privcmd_buffer_device;

int privcmd_mmap(struct file *file, struct vm_area_struct *vma);

/*
 * The VMA that holds [addr, addr + pages) if it is one of ours and nothing is
 * there yet, or NULL. An empty mapping has to be filled from end to end: *fresh
 * then says that frames are still needed. The mmap lock is held.
 */
struct vm_area_struct *mapping_find(unsigned long addr, unsigned long pages, bool *fresh);
/* Gives an empty mapping what mapping_fill() needs. 0 or -ENOMEM. */
int mapping_prepare(struct mapping *m);
/* Index in the mapping of the page at addr. */
unsigned long mapping_index(const struct vm_area_struct *vma, unsigned long addr);
/* Frames [first, first + count) have something: show it at addr. 0 or an error. */
int mapping_show(struct vm_area_struct *vma, unsigned long addr, unsigned long first,
		 unsigned long count);

/*
 * The mapping that has a frame at @addr, which is to be at a page's beginning, and the
 * frame's index; NULL if there is none. It stays, without its areas as well, until
 * mapping_put(). Auto-translated only. mapping_put() may sleep.
 */
struct mapping *mapping_get(unsigned long addr, unsigned long *index);
void mapping_put(struct mapping *m);
/* A frame of a mapping that is held, for the kernel itself. NULL without memory. */
void *mapping_kmap(struct mapping *m, unsigned long index);
void mapping_kunmap(struct mapping *m, void *at);

/* xlate.c */
#define XLATE_BATCH 512

struct xlate_batch {
	xen_ulong_t gfns[XLATE_BATCH];	/* in: theirs */
	xen_pfn_t at[XLATE_BATCH];	/* ours */
	int errs[XLATE_BATCH];		/* out: 0 or a negative error each */
};

bool xlate_add(struct xlate_batch *b, unsigned int count, domid_t domid);
/* Takes away all that is there. False if something remains. */
bool xlate_remove(struct mapping *m);

/* The bytes a buffer of a DM_OP may have. */
unsigned int privcmd_dm_op_limit(void);

/* The ioctls; those about eventfds are in eventfds.h. */
long privcmd_hypercall(struct privcmd_file *f, void __user *arg);
long privcmd_dm_op(struct privcmd_file *f, void __user *arg);
long privcmd_restrict(struct privcmd_file *f, void __user *arg);
long privcmd_mmap_ranges(struct privcmd_file *f, void __user *arg);
long privcmd_mmap_batch(struct privcmd_file *f, void __user *arg);
long privcmd_mmap_batch_v2(struct privcmd_file *f, void __user *arg);
long privcmd_mmap_resource(struct privcmd_file *f, void __user *arg);

#endif /* XYLEM_PRIVCMD_H */
