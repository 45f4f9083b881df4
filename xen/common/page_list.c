// SPDX-License-Identifier: GPL-2.0-only
/* Lists of pages linked through the frame table by 32-bit indices. */
#include <xen/lib.h>
#include <xen/mm.h>

void page_list_init(struct page_list *l)
{
	*l = (struct page_list)PAGE_LIST_INIT;
}

void page_list_add(struct page_info *pg, struct page_list *l)
{
	uint32_t pdx = pg - frame_table;

	pg->prev = PAGE_LIST_NULL;
	pg->next = l->head;
	if (l->head != PAGE_LIST_NULL)
		frame_table[l->head].prev = pdx;
	else
		l->tail = pdx;
	l->head = pdx;
	l->count++;
}

void page_list_add_tail(struct page_info *pg, struct page_list *l)
{
	uint32_t pdx = pg - frame_table;

	pg->next = PAGE_LIST_NULL;
	pg->prev = l->tail;
	if (l->tail != PAGE_LIST_NULL)
		frame_table[l->tail].next = pdx;
	else
		l->head = pdx;
	l->tail = pdx;
	l->count++;
}

void page_list_del(struct page_info *pg, struct page_list *l)
{
	if (pg->prev != PAGE_LIST_NULL)
		frame_table[pg->prev].next = pg->next;
	else
		l->head = pg->next;
	if (pg->next != PAGE_LIST_NULL)
		frame_table[pg->next].prev = pg->prev;
	else
		l->tail = pg->prev;
	pg->next = pg->prev = PAGE_LIST_NULL;
	ASSERT(l->count);
	l->count--;
}

struct page_info *page_list_first(const struct page_list *l)
{
	return l->head == PAGE_LIST_NULL ? NULL : &frame_table[l->head];
}
