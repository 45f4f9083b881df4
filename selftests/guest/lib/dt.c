// SPDX-License-Identifier: GPL-2.0-only
#include "dt.h"
#include "memory.h"

enum { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };

struct header {
	u32 magic, totalsize, off_struct, off_strings;
};

static const char *blob;
static const char *strings;

static u32 be32(u32 v)
{
	return __builtin_bswap32(v);
}

void dt_init(const void *from)
{
	const struct header *h = from;
	u32 size = be32(h->totalsize);
	void *copy = page_alloc(ROUND_UP(size, PAGE_SIZE) / PAGE_SIZE);

	blob = memcpy(copy, from, size);
	h = copy;
	strings = blob + be32(h->off_strings);
}

static const u32 *token_after(const u32 *t)
{
	switch (be32(*t)) {
	case BEGIN_NODE:
		return t + 1 + ROUND_UP(strlen((const char *)(t + 1)) + 1, 4) / 4;
	case PROP:
		return t + 3 + ROUND_UP(be32(t[1]), 4) / 4;
	default:
		return t + 1;
	}
}

static void note_cells(struct dt_node *n)
{
	const void *p;

	p = dt_prop(n, "#address-cells", NULL);
	n->cells[n->depth][0] = p ? dt_cell(p, 0) : 2;
	p = dt_prop(n, "#size-cells", NULL);
	n->cells[n->depth][1] = p ? dt_cell(p, 0) : 1;
}

bool dt_next(struct dt_node *n)
{
	const u32 *t = n->at;

	if (!blob)
		return false;
	if (!t)
		t = (const u32 *)(blob + be32(((const struct header *)blob)->off_struct));

	for (;; t = token_after(t)) {
		switch (be32(*t)) {
		case BEGIN_NODE:
			n->name = (const char *)(t + 1);
			n->at = token_after(t);
			if (++n->depth <= DT_MAX_DEPTH)
				note_cells(n);
			return true;
		case END_NODE:
			n->depth--;
			break;
		case END:
			return false;
		}
	}
}

const void *dt_prop(const struct dt_node *n, const char *name, u32 *len)
{
	const u32 *t = n->at;

	for (; be32(*t) == PROP || be32(*t) == NOP; t = token_after(t)) {
		if (be32(*t) == NOP || strcmp(strings + be32(t[2]), name))
			continue;
		if (len)
			*len = be32(t[1]);
		return t + 3;
	}
	return NULL;
}

u32 dt_cell(const void *prop, unsigned int index)
{
	return be32(((const u32 *)prop)[index]);
}

bool dt_find(struct dt_node *n, const char *name)
{
	size_t len = strlen(name);

	memset(n, 0, sizeof(*n));
	while (dt_next(n))
		if (!strncmp(n->name, name, len) && (!n->name[len] || n->name[len] == '@'))
			return true;
	return false;
}

bool dt_string_in(const char *list, u32 len, const char *s)
{
	for (u32 i = 0; i < len; i += strlen(list + i) + 1)
		if (!strcmp(list + i, s))
			return true;
	return false;
}

bool dt_find_compatible(struct dt_node *n, const char *compatible)
{
	memset(n, 0, sizeof(*n));
	while (dt_next(n)) {
		u32 len;
		const char *list = dt_prop(n, "compatible", &len);

		if (list && dt_string_in(list, len, compatible))
			return true;
	}
	return false;
}

static u64 cells_value(const u32 *p, u32 cells)
{
	u64 v = 0;

	while (cells--)
		v = v << 32 | be32(*p++);
	return v;
}

bool dt_reg(const struct dt_node *n, unsigned int index, u64 *addr, u64 *size)
{
	const u32 *cells = n->cells[n->depth - 1];
	u32 len, entry = cells[0] + cells[1];
	const u32 *p = dt_prop(n, "reg", &len);

	if (!p || (index + 1) * entry * 4 > len)
		return false;
	p += index * entry;
	*addr = cells_value(p, cells[0]);
	*size = cells_value(p + cells[0], cells[1]);
	return true;
}

unsigned int dt_irq(const struct dt_node *n, unsigned int index)
{
	u32 len;
	const void *p = dt_prop(n, "interrupts", &len);

	if (!p || (index + 1) * 12 > len)
		return 0;
	return dt_cell(p, index * 3 + 1) + (dt_cell(p, index * 3) == 1 ? 16 : 32);
}
