/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree of nodes, persistent: a tree is a pointer to its root, copying one
 * is taking a reference, and a change copies only the nodes on its way that
 * somebody else still sees. A transaction's snapshot therefore costs nothing,
 * and when nobody holds one, changes are made in place.
 *
 * The children of a node form a treap ordered by name, so that one directory
 * may hold thousands of guests. Every change is all or nothing: without memory
 * the tree is as before.
 *
 * Paths are absolute and canonical: "/", or "/a/b" without a slash at the end.
 */
#ifndef XENSTORED_TREE_H
#define XENSTORED_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct blob {
	unsigned int ref;
	unsigned int len;
	char data[];
};

/* access bits are XS_PERM_READ and XS_PERM_WRITE of the wire */
struct perm {
	uint32_t epoch;		/* of the domain; 0: there was none */
	uint16_t domid;
	uint8_t access;
};

struct perms {
	unsigned int ref;
	unsigned int num;	/* at least 1: the owner */
	struct perm p[];
};

struct node {
	unsigned int ref;
	uint32_t prio;			/* random: heap order of the treap */
	struct node *left, *right;	/* siblings */
	struct node *child;		/* treap of the children */
	struct blob *value;		/* NULL: empty */
	struct perms *perms;
	union {
		uint64_t gen;		/* value or permissions changed */
		struct node *next_free;
	};
	uint64_t dir_gen;		/* a child came or went */
	uint64_t sub_gen;		/* something at or below changed */
	size_t list_bytes;		/* names with NULs in this treap */
	unsigned int name_len;
	char name[];
};

struct tree {
	struct node *root;
};

struct lookup {
	const struct node *node;	/* NULL: does not exist */
	const struct node *nearest;	/* deepest existing ancestor, or node */
	size_t nearest_len;		/* its part of the path, 0 for "/" */
	size_t missing_len;		/* path up to the first missing name */
};

struct blob *blob_new(const void *data, unsigned int len);
void blob_put(struct blob *b);

struct perms *perms_new(unsigned int num);
struct perms *perms_get(struct perms *p);
void perms_put(struct perms *p);

/* Where treap priorities come from; any number will do. */
void tree_seed(uint64_t seed);

/* A tree with only "/". False without memory. Takes a reference of perms. */
bool tree_init(struct tree *t, struct perms *perms);
struct tree tree_get(const struct tree *t);
void tree_put(struct tree *t);

/* True when the node was found. */
bool tree_lookup(const struct tree *t, const char *path, struct lookup *l);

/*
 * All return 0, ENOENT, EEXIST or ENOMEM. gen is a number never used before.
 * value and perms stay the caller's: the tree takes references of its own.
 */

/* Create with all missing parents, which get the same permissions. */
int tree_create(struct tree *t, const char *path, struct blob *value,
		struct perms *perms, uint64_t gen);
int tree_set_value(struct tree *t, const char *path, struct blob *value,
		   uint64_t gen);
int tree_set_perms(struct tree *t, const char *path, struct perms *perms,
		   uint64_t gen);
/* Not for "/". *removed is the caller's to node_put(). */
int tree_remove(struct tree *t, const char *path, uint64_t gen,
		struct node **removed);

void node_put(struct node *n);

/* Bytes that the node itself takes; counted against its owner. */
size_t node_size(const struct node *n);

/* Length of the listing of a node's children, each name with its NUL. */
static inline size_t dir_bytes(const struct node *n)
{
	return n->child ? n->child->list_bytes : 0;
}

/*
 * Copy whole names from byte offset of the listing on, as many as fit into
 * max bytes. Returns the bytes copied.
 */
size_t dir_list(const struct node *n, size_t offset, char *buf, size_t max);

/* parent is NULL for the node a walk began with. */
typedef bool node_fn(const struct node *n, const struct node *parent,
		     const char *path, size_t len, void *arg);

/*
 * Call fn for n and everything below, parents first. path (of size room, with
 * n's path of length len in it) is extended in place. False from fn ends the
 * walk.
 */
bool node_walk(const struct node *n, char *path, size_t len, size_t room,
	       node_fn *fn, void *arg);

#endif /* XENSTORED_TREE_H */
