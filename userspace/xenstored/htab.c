// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "htab.h"

#define FIRST_SIZE 16

static struct hnode **slot_of(const struct htab *t, uint64_t hash)
{
	return &t->bucket[hash & (t->size - 1)];
}

/* Twice the buckets; without memory the chains just grow longer. */
static bool grow(struct htab *t)
{
	struct htab bigger = { .size = t->size ? t->size * 2 : FIRST_SIZE };

	bigger.bucket = calloc(bigger.size, sizeof(*bigger.bucket));
	if (!bigger.bucket)
		return t->size != 0;
	for (size_t i = 0; i < t->size; i++) {
		struct hnode *n, *next;

		for (n = t->bucket[i]; n; n = next) {
			struct hnode **slot = slot_of(&bigger, n->hash);

			next = n->next;
			n->next = *slot;
			*slot = n;
		}
	}
	free(t->bucket);
	t->bucket = bigger.bucket;
	t->size = bigger.size;
	return true;
}

bool htab_add(struct htab *t, struct hnode *n, uint64_t hash)
{
	struct hnode **slot;

	if (t->count >= t->size && !grow(t))
		return false;
	slot = slot_of(t, hash);
	n->hash = hash;
	n->next = *slot;
	*slot = n;
	t->count++;
	return true;
}

void htab_del(struct htab *t, struct hnode *n)
{
	struct hnode **link = slot_of(t, n->hash);

	while (*link != n)
		link = &(*link)->next;
	*link = n->next;
	t->count--;
}

void htab_free(struct htab *t)
{
	free(t->bucket);
	*t = (struct htab){ 0 };
}

static struct hnode *same_hash(struct hnode *n, uint64_t hash)
{
	while (n && n->hash != hash)
		n = n->next;
	return n;
}

struct hnode *htab_first(const struct htab *t, uint64_t hash)
{
	return t->size ? same_hash(*slot_of(t, hash), hash) : NULL;
}

struct hnode *htab_next(const struct hnode *n)
{
	return same_hash(n->next, n->hash);
}

static uint64_t key;

void hash_key(uint64_t secret)
{
	key = secret;
}

uint64_t hash_start(void)
{
	return key ^ 0x9e3779b97f4a7c15u;
}

uint64_t hash_more(uint64_t state, const char *s, size_t len)
{
	/* A keyed odd multiplier: without it equal states are easy to aim at. */
	uint64_t mult = (key << 1) | 1;

	for (size_t i = 0; i < len; i++) {
		state = (state ^ (unsigned char)s[i]) * mult;
		state ^= state >> 29;
	}
	return state;
}

uint64_t hash_end(uint64_t state)
{
	state *= 0xbf58476d1ce4e5b9u;
	return state ^ (state >> 32);
}

uint64_t hash_string(const char *s, size_t len)
{
	return hash_end(hash_more(hash_start(), s, len));
}
