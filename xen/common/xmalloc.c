// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small allocations: pages cut into objects of one size. A page starts with
 * its header, so an object is never page-aligned and xfree() can tell it from a
 * large block, whose order is kept in the frame table.
 */
#include <xen/bitops.h>
#include <xen/lib.h>
#include <xen/list.h>
#include <xen/mm.h>
#include <xen/spinlock.h>
#include <xen/xmalloc.h>

struct slab {
	struct list_head list;	/* of its class, while it has free objects */
	void *free;		/* linked through the first word */
	uint16_t nr_free, nr_objects, class;
} __aligned(16);

static const uint16_t class_size[] = {
	16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 672, 1008, 1344, 2016,
};
#define NR_CLASSES ARRAY_SIZE(class_size)

/* Interrupts off: a handler that wakes a vCPU takes locks of lower rank. */
static DEFINE_SPINLOCK(lock, RANK_XMALLOC);
static struct list_head partial[NR_CLASSES];
static bool ready;

static unsigned int class_of(size_t size)
{
	unsigned int c = 0;

	while (class_size[c] < size)
		c++;
	return c;
}

static struct slab *new_slab(unsigned int c)
{
	struct slab *s = alloc_heap_page();
	char *obj;

	if (!s)
		return NULL;
	s->class = c;
	s->nr_objects = s->nr_free = (PAGE_SIZE - sizeof(*s)) / class_size[c];
	s->free = NULL;
	obj = (char *)(s + 1);
	for (unsigned int i = 0; i < s->nr_objects; i++, obj += class_size[c]) {
		*(void **)obj = s->free;
		s->free = obj;
	}
	return s;
}

static void init_classes(void)
{
	for (unsigned int i = 0; i < NR_CLASSES; i++)
		INIT_LIST_HEAD(&partial[i]);
	ready = true;
}

static void *small_alloc(unsigned int c)
{
	struct slab *s, *fresh = NULL;
	unsigned long flags;
	void *obj;

	flags = spin_lock_irqsave(&lock);
	if (!ready)
		init_classes();
	if (list_empty(&partial[c])) {
		/* The page allocator's lock ranks before ours. */
		spin_unlock_irqrestore(&lock, flags);
		fresh = new_slab(c);
		if (!fresh)
			return NULL;
		flags = spin_lock_irqsave(&lock);
		list_add(&fresh->list, &partial[c]);
	}
	s = list_first_entry(&partial[c], struct slab, list);
	obj = s->free;
	s->free = *(void **)obj;
	if (--s->nr_free == 0)
		list_del(&s->list);
	spin_unlock_irqrestore(&lock, flags);
	return obj;
}

static void small_free(void *p)
{
	struct slab *s = (struct slab *)((uintptr_t)p & PAGE_MASK);
	bool give_back = false;
	unsigned long flags = spin_lock_irqsave(&lock);

	*(void **)p = s->free;
	s->free = p;
	if (s->nr_free++ == 0)
		list_add(&s->list, &partial[s->class]);
	/* Keep one empty page of each class against ping-pong. */
	if (s->nr_free == s->nr_objects && (s->list.next != s->list.prev)) {
		list_del(&s->list);
		give_back = true;
	}
	spin_unlock_irqrestore(&lock, flags);
	if (give_back)
		free_heap_page(s);
}

void *xmalloc_bytes(size_t size)
{
	unsigned int order;
	void *p;

	if (alloc_should_fail())
		return NULL;
	if (size <= class_size[NR_CLASSES - 1])
		return small_alloc(class_of(size));
	order = get_order_from_bytes(size);
	p = alloc_heap_pages(order, 0);
	if (p)
		virt_to_page(p)->u.inuse.type = order;
	return p;
}

void *xzalloc_bytes(size_t size)
{
	void *p = xmalloc_bytes(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void *xzalloc_array_(size_t size, size_t nr)
{
	size_t bytes;

	if (__builtin_mul_overflow(size, nr, &bytes))
		return NULL;
	return xzalloc_bytes(bytes);
}

void xfree(void *p)
{
	if (!p)
		return;
	if (IS_ALIGNED((uintptr_t)p, PAGE_SIZE))
		free_heap_pages(p, virt_to_page(p)->u.inuse.type);
	else
		small_free(p);
}
