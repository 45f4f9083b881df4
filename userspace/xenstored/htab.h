/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hash table of elements that embed a struct hnode. The caller makes the hash
 * and compares the keys. Hashes of names that guests choose are keyed with a
 * secret, so that a guest cannot aim at one bucket.
 */
#ifndef XENSTORED_HTAB_H
#define XENSTORED_HTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hnode {
	struct hnode *next;
	uint64_t hash;
};

struct htab {
	struct hnode **bucket;
	size_t size;		/* buckets, a power of two, or 0 */
	size_t count;
};

/* False without memory: the element was not added. */
bool htab_add(struct htab *t, struct hnode *n, uint64_t hash);
void htab_del(struct htab *t, struct hnode *n);
/* Release the buckets; the elements are the caller's. */
void htab_free(struct htab *t);

/* First element with this hash, or NULL; then the next one. */
struct hnode *htab_first(const struct htab *t, uint64_t hash);
struct hnode *htab_next(const struct hnode *n);

/* Bytes hashed so far, to go on with more: hashes of all prefixes are cheap. */
void hash_key(uint64_t secret);
uint64_t hash_start(void);
uint64_t hash_more(uint64_t state, const char *s, size_t len);
uint64_t hash_end(uint64_t state);
uint64_t hash_string(const char *s, size_t len);

#endif /* XENSTORED_HTAB_H */
