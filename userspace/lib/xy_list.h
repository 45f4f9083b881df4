/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Doubly linked circular list, embedded in its elements. */
#ifndef XY_LIST_H
#define XY_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

struct list {
	struct list *next, *prev;
};

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_add_tail(struct list *head, struct list *l)
{
	l->prev = head->prev;
	l->next = head;
	head->prev->next = l;
	head->prev = l;
}

/* The element may be deleted again: it is left as a list of its own. */
static inline void list_del(struct list *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	list_init(l);
}

#define list_entry(l, type, member) container_of(l, type, member)
#define list_for_each(pos, head) \
	for (struct list *pos = (head)->next; pos != (head); pos = pos->next)
/* The body may delete pos, and nothing else. */
#define list_for_each_safe(pos, head)					\
	for (struct list *pos = (head)->next, *pos##_next = pos->next;	\
	     pos != (head); pos = pos##_next, pos##_next = pos->next)

#endif /* XY_LIST_H */
