/* SPDX-License-Identifier: GPL-2.0-only */
/* Circular doubly linked lists with the head outside of the elements. */
#ifndef XEN_LIST_H
#define XEN_LIST_H

#include <xen/compiler.h>
#include <xen/types.h>

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(n) { &(n), &(n) }
#define LIST_HEAD(n) struct list_head n = LIST_HEAD_INIT(n)

static inline void INIT_LIST_HEAD(struct list_head *h)
{
	h->next = h->prev = h;
}

static inline bool list_empty(const struct list_head *h)
{
	return h->next == h;
}

static inline void list_insert_(struct list_head *n, struct list_head *prev,
				struct list_head *next)
{
	n->prev = prev;
	n->next = next;
	prev->next = n;
	next->prev = n;
}

static inline void list_add(struct list_head *n, struct list_head *h)
{
	list_insert_(n, h, h->next);
}

static inline void list_add_tail(struct list_head *n, struct list_head *h)
{
	list_insert_(n, h->prev, h);
}

/* The element may be tested with list_empty() and deleted again afterwards. */
static inline void list_del_init(struct list_head *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	INIT_LIST_HEAD(n);
}
#define list_del(n) list_del_init(n)

#define list_entry(p, t, m) container_of(p, t, m)
#define list_first_entry(h, t, m) list_entry((h)->next, t, m)
#define list_for_each_entry(pos, h, m)						\
	for (pos = list_entry((h)->next, __typeof__(*pos), m); &pos->m != (h);	\
	     pos = list_entry(pos->m.next, __typeof__(*pos), m))
#define list_for_each_entry_safe(pos, tmp, h, m)				\
	for (pos = list_entry((h)->next, __typeof__(*pos), m),			\
	     tmp = list_entry(pos->m.next, __typeof__(*pos), m); &pos->m != (h);\
	     pos = tmp, tmp = list_entry(tmp->m.next, __typeof__(*tmp), m))

#endif
