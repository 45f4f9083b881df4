// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

struct blob *blob_new(const void *data, unsigned int len)
{
	struct blob *b = malloc(sizeof(*b) + len);

	if (!b)
		return NULL;
	b->ref = 1;
	b->len = len;
	memcpy(b->data, data, len);
	return b;
}

static struct blob *blob_get(struct blob *b)
{
	if (b)
		b->ref++;
	return b;
}

void blob_put(struct blob *b)
{
	if (b && --b->ref == 0)
		free(b);
}

struct perms *perms_new(unsigned int num)
{
	struct perms *p = calloc(1, sizeof(*p) + num * sizeof(p->p[0]));

	if (p) {
		p->ref = 1;
		p->num = num;
	}
	return p;
}

struct perms *perms_get(struct perms *p)
{
	p->ref++;
	return p;
}

void perms_put(struct perms *p)
{
	if (p && --p->ref == 0)
		free(p);
}

static uint64_t rng = 1;

void tree_seed(uint64_t seed)
{
	rng = seed | 1;
}

static uint32_t random_prio(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng >> 32;
}

size_t node_size(const struct node *n)
{
	return sizeof(*n) + n->name_len + 1 + (n->value ? n->value->len : 0) +
	       n->perms->num * sizeof(struct perm);
}

static struct node *node_new(const char *name, size_t len, struct blob *value,
			     struct perms *perms, uint64_t gen)
{
	struct node *n = calloc(1, sizeof(*n) + len + 1);

	if (!n)
		return NULL;
	n->ref = 1;
	n->prio = random_prio();
	n->value = blob_get(value);
	n->perms = perms_get(perms);
	n->gen = n->dir_gen = n->sub_gen = gen;
	n->list_bytes = len + 1;
	n->name_len = len;
	memcpy(n->name, name, len);
	return n;
}

static struct node *node_get(struct node *n)
{
	if (n)
		n->ref++;
	return n;
}

static void drop(struct node *n, struct node **dead)
{
	if (n && --n->ref == 0) {
		n->next_free = *dead;
		*dead = n;
	}
}

/* Without recursion: a tree may be as deep as a path is long. */
void node_put(struct node *n)
{
	struct node *dead = NULL;

	drop(n, &dead);
	while ((n = dead)) {
		dead = n->next_free;
		drop(n->left, &dead);
		drop(n->right, &dead);
		drop(n->child, &dead);
		blob_put(n->value);
		perms_put(n->perms);
		free(n);
	}
}

/* Make *slot ours alone. NULL without memory, and nothing changed. */
static struct node *own(struct node **slot)
{
	struct node *old = *slot, *n;
	size_t size = sizeof(*n) + old->name_len + 1;

	if (old->ref == 1)
		return old;
	n = malloc(size);
	if (!n)
		return NULL;
	memcpy(n, old, size);
	n->ref = 1;
	node_get(n->left);
	node_get(n->right);
	node_get(n->child);
	blob_get(n->value);
	perms_get(n->perms);
	old->ref--;
	*slot = n;
	return n;
}

static int compare(const char *name, size_t len, const struct node *n)
{
	size_t common = len < n->name_len ? len : n->name_len;
	int cmp = memcmp(name, n->name, common);

	if (cmp)
		return cmp;
	return len < n->name_len ? -1 : len > n->name_len;
}

/* The next name of a path; false at its end. *p is moved behind it. */
static bool next_name(const char **p, const char **name, size_t *len)
{
	if (**p == '/')
		++*p;
	if (!**p)
		return false;
	*name = *p;
	*len = strcspn(*p, "/");
	*p += *len;
	return true;
}

static struct node *find_child(const struct node *dir, const char *name,
			       size_t len)
{
	struct node *n = dir->child;

	while (n) {
		int cmp = compare(name, len, n);

		if (!cmp)
			break;
		n = cmp < 0 ? n->left : n->right;
	}
	return n;
}

bool tree_lookup(const struct tree *t, const char *path, struct lookup *l)
{
	const char *p = path, *name;
	size_t len;

	*l = (struct lookup){ .nearest = t->root };
	while (next_name(&p, &name, &len)) {
		const struct node *n = find_child(l->nearest, name, len);

		l->missing_len = p - path;
		if (!n)
			return false;
		l->nearest = n;
		l->nearest_len = p - path;
	}
	l->node = l->nearest;
	return true;
}

/*
 * The slot of a name among siblings, with all nodes on the way owned; NULL
 * with *err ENOENT or ENOMEM.
 */
static struct node **own_sibling(struct node **slot, const char *name,
				 size_t len, int *err)
{
	while (*slot) {
		struct node *n = own(slot);
		int cmp;

		if (!n) {
			*err = ENOMEM;
			return NULL;
		}
		cmp = compare(name, len, n);
		if (!cmp)
			return slot;
		slot = cmp < 0 ? &n->left : &n->right;
	}
	*err = ENOENT;
	return NULL;
}

/* The node at the first path_len bytes of path, owned with all above it. */
static struct node *own_path(struct tree *t, const char *path, size_t path_len,
			     uint64_t gen, int *err)
{
	const char *p = path, *name;
	struct node **slot = &t->root;
	struct node *n = own(slot);
	size_t len;

	*err = n ? 0 : ENOMEM;
	while (n && (size_t)(p - path) < path_len && next_name(&p, &name, &len)) {
		n->sub_gen = gen;
		slot = own_sibling(&n->child, name, len, err);
		if (!slot)
			return NULL;
		n = *slot;
		*err = 0;
	}
	if (n)
		n->sub_gen = gen;
	return n;
}

static void update(struct node *n)
{
	n->list_bytes = n->name_len + 1;
	if (n->left)
		n->list_bytes += n->left->list_bytes;
	if (n->right)
		n->list_bytes += n->right->list_bytes;
}

/* Nodes before and after key; recursion is as deep as the treap: log n. */
static void split(struct node *n, const struct node *key, struct node **before,
		  struct node **after)
{
	if (!n) {
		*before = *after = NULL;
		return;
	}
	if (compare(key->name, key->name_len, n) < 0) {
		*after = n;
		split(n->left, key, before, &n->left);
	} else {
		*before = n;
		split(n->right, key, &n->right, after);
	}
	update(n);
}

static struct node *merge(struct node *before, struct node *after)
{
	if (!before || !after)
		return before ? before : after;
	if (before->prio > after->prio) {
		before->right = merge(before->right, after);
		update(before);
		return before;
	}
	after->left = merge(before, after->left);
	update(after);
	return after;
}

/* The way to the new place is owned already: this cannot fail. */
static void insert(struct node **slot, struct node *n)
{
	struct node *cur;

	while ((cur = *slot) && cur->prio >= n->prio) {
		cur->list_bytes += n->name_len + 1;
		slot = compare(n->name, n->name_len, cur) < 0 ?
			&cur->left : &cur->right;
	}
	split(cur, n, &n->left, &n->right);
	update(n);
	*slot = n;
}

/* A chain of new nodes for the names in rest; NULL without memory. */
static struct node *new_chain(const char *rest, struct blob *value,
			      struct perms *perms, uint64_t gen)
{
	struct node *top = NULL, **slot = &top;
	const char *name;
	size_t len;

	while (next_name(&rest, &name, &len)) {
		*slot = node_new(name, len, *rest ? NULL : value, perms, gen);
		if (!*slot) {
			node_put(top);
			return NULL;
		}
		slot = &(*slot)->child;
	}
	return top;
}

int tree_create(struct tree *t, const char *path, struct blob *value,
		struct perms *perms, uint64_t gen)
{
	struct node *chain, *dir;
	struct lookup l;
	int err;

	if (tree_lookup(t, path, &l))
		return EEXIST;
	chain = new_chain(path + l.nearest_len, value, perms, gen);
	if (!chain)
		return ENOMEM;
	dir = own_path(t, path, l.nearest_len, gen, &err);
	if (dir)
		own_sibling(&dir->child, chain->name, chain->name_len, &err);
	if (err == ENOMEM) {
		node_put(chain);
		return ENOMEM;
	}
	insert(&dir->child, chain);
	dir->dir_gen = gen;
	return 0;
}

int tree_set_value(struct tree *t, const char *path, struct blob *value,
		   uint64_t gen)
{
	int err;
	struct node *n = own_path(t, path, strlen(path), gen, &err);

	if (!n)
		return err;
	blob_get(value);
	blob_put(n->value);
	n->value = value;
	n->gen = gen;
	return 0;
}

int tree_set_perms(struct tree *t, const char *path, struct perms *perms,
		   uint64_t gen)
{
	int err;
	struct node *n = own_path(t, path, strlen(path), gen, &err);

	if (!n)
		return err;
	perms_get(perms);
	perms_put(n->perms);
	n->perms = perms;
	n->gen = gen;
	return 0;
}

/* Own what merge() will change: the inner edges of both halves. */
static bool own_edges(struct node *n)
{
	for (struct node **slot = &n->left; *slot; slot = &(*slot)->right) {
		if (!own(slot))
			return false;
	}
	for (struct node **slot = &n->right; *slot; slot = &(*slot)->left) {
		if (!own(slot))
			return false;
	}
	return true;
}

int tree_remove(struct tree *t, const char *path, uint64_t gen,
		struct node **removed)
{
	const char *name = strrchr(path, '/') + 1;
	size_t len = strlen(name);
	struct node *dir, *n, **slot;
	struct lookup l;
	int err;

	/* So that a path that does not exist copies nothing. */
	if (!tree_lookup(t, path, &l))
		return ENOENT;
	dir = own_path(t, path, name - 1 - path, gen, &err);
	if (!dir)
		return err;
	slot = own_sibling(&dir->child, name, len, &err);
	if (!slot)
		return err;
	n = *slot;
	if (!own_edges(n))
		return ENOMEM;

	for (slot = &dir->child; *slot != n;) {
		(*slot)->list_bytes -= len + 1;
		slot = compare(name, len, *slot) < 0 ?
			&(*slot)->left : &(*slot)->right;
	}
	*slot = merge(n->left, n->right);
	n->left = n->right = NULL;
	update(n);
	dir->dir_gen = gen;
	*removed = n;
	return 0;
}

bool tree_init(struct tree *t, struct perms *perms)
{
	t->root = node_new("", 0, NULL, perms, 1);
	return t->root != NULL;
}

struct tree tree_get(const struct tree *t)
{
	return (struct tree){ .root = node_get(t->root) };
}

void tree_put(struct tree *t)
{
	node_put(t->root);
	t->root = NULL;
}

struct listing {
	size_t skip;
	char *buf;
	size_t used, max;
};

/* In order; false when the buffer is full. */
static bool list_names(const struct node *n, struct listing *l)
{
	size_t size;

	if (!n)
		return true;
	if (l->skip >= n->list_bytes) {
		l->skip -= n->list_bytes;
		return true;
	}
	if (!list_names(n->left, l))
		return false;
	size = n->name_len + 1;
	if (l->skip >= size) {
		l->skip -= size;
	} else {
		if (l->used + size - l->skip > l->max)
			return false;
		memcpy(l->buf + l->used, n->name + l->skip, size - l->skip);
		l->used += size - l->skip;
		l->skip = 0;
	}
	return list_names(n->right, l);
}

size_t dir_list(const struct node *n, size_t offset, char *buf, size_t max)
{
	struct listing l = { .skip = offset, .buf = buf, .max = max };

	list_names(n->child, &l);
	return l.used;
}

struct walk {
	char *path;
	size_t room;
	node_fn *fn;
	void *arg;
};

static bool walk_node(struct walk *w, const struct node *n,
		      const struct node *parent, size_t len);

static bool walk_siblings(struct walk *w, const struct node *n,
			  const struct node *parent, size_t len)
{
	size_t size;

	if (!n)
		return true;
	if (!walk_siblings(w, n->left, parent, len))
		return false;
	size = len + 1 + n->name_len;
	if (size < w->room) {
		w->path[len] = '/';
		memcpy(w->path + len + 1, n->name, n->name_len + 1);
		if (!walk_node(w, n, parent, size))
			return false;
		w->path[len] = '\0';
	}
	return walk_siblings(w, n->right, parent, len);
}

static bool walk_node(struct walk *w, const struct node *n,
		      const struct node *parent, size_t len)
{
	/* "/" is the empty path here: its children begin with the slash. */
	if (len == 1)
		len = 0;
	if (!w->fn(n, parent, len ? w->path : "/", len ? len : 1, w->arg))
		return false;
	return walk_siblings(w, n->child, n, len);
}

bool node_walk(const struct node *n, char *path, size_t len, size_t room,
	       node_fn *fn, void *arg)
{
	struct walk w = { path, room, fn, arg };

	return walk_node(&w, n, NULL, len);
}
