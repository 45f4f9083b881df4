// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "outbuf.h"

#define FIRST_SIZE 4096

void outbuf_init(struct outbuf *b, size_t limit)
{
	*b = (struct outbuf){ .limit = limit };
}

void outbuf_free(struct outbuf *b)
{
	free(b->data);
	b->data = NULL;
	b->size = b->used = 0;
}

/* Room for want bytes, or as much as limit and memory give. */
static void grow(struct outbuf *b, size_t want)
{
	size_t size = b->size ? b->size : FIRST_SIZE;
	size_t front;
	char *data;

	while (size < want && size < b->limit)
		size *= 2;
	if (size <= b->size)
		return;
	data = malloc(size);
	if (!data)
		return;
	front = b->size - b->head;
	if (front > b->used)
		front = b->used;
	if (b->used) {
		memcpy(data, b->data + b->head, front);
		memcpy(data + front, b->data, b->used - front);
	}
	free(b->data);
	b->data = data;
	b->size = size;
	b->head = 0;
}

void outbuf_add(struct outbuf *b, const char *data, size_t len)
{
	size_t max, at, first;

	if (len > b->limit) {
		data += len - b->limit;
		len = b->limit;
	}
	if (b->used + len > b->size)
		grow(b, b->used + len);
	max = b->limit < b->size ? b->limit : b->size;
	if (len > max) {
		data += len - max;
		len = max;
	}
	if (!len)
		return;
	if (b->used + len > max)
		outbuf_drop(b, b->used + len - max);
	at = (b->head + b->used) & (b->size - 1);
	first = len < b->size - at ? len : b->size - at;
	memcpy(b->data + at, data, first);
	memcpy(b->data, data + first, len - first);
	b->used += len;
}

const char *outbuf_front(const struct outbuf *b, size_t *len)
{
	size_t front = b->size - b->head;

	if (!b->used)
		return NULL;
	*len = b->used < front ? b->used : front;
	return b->data + b->head;
}

void outbuf_drop(struct outbuf *b, size_t len)
{
	if (len > b->used)
		len = b->used;
	b->used -= len;
	b->head = b->used ? (b->head + len) & (b->size - 1) : 0;
}

void outbuf_trim(struct outbuf *b)
{
	if (!b->used && b->size > FIRST_SIZE)
		outbuf_free(b);
}
