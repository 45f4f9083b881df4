/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output that nobody reads yet: the last limit bytes of it. Older bytes make
 * room for newer ones.
 */
#ifndef XENCONSOLED_OUTBUF_H
#define XENCONSOLED_OUTBUF_H

#include <stdbool.h>
#include <stddef.h>

struct outbuf {
	char *data;
	size_t size;		/* allocated, a power of two, or 0 */
	size_t limit;
	size_t head, used;	/* first byte, and how many */
};

void outbuf_init(struct outbuf *b, size_t limit);
void outbuf_free(struct outbuf *b);
/* Without memory for all of it the oldest bytes are lost, never the newest. */
void outbuf_add(struct outbuf *b, const char *data, size_t len);
/* The longest piece at the front; NULL when empty. */
const char *outbuf_front(const struct outbuf *b, size_t *len);
void outbuf_drop(struct outbuf *b, size_t len);
/*
 * Gives back the memory of an empty one: a flood shall not cost its megabyte for the
 * rest of a guest's life.
 */
void outbuf_trim(struct outbuf *b);

#endif /* XENCONSOLED_OUTBUF_H */
