// SPDX-License-Identifier: GPL-2.0-only
/*
 * What requests do to nodes: rights, quotas, accounting and events around the
 * operations of the tree. Everything that can be refused is refused before the
 * first change.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* As the quota counts a node: fixed part, then eight bytes an entry. */
#define NODE_FIXED	24
#define NODE_PERM	8

const struct tree *node_tree(const struct request *rq)
{
	return rq->txn ? txn_tree(rq->txn) : &rq->s->tree;
}

static struct tree *tree_of(struct request *rq)
{
	return rq->txn ? txn_tree(rq->txn) : &rq->s->tree;
}

static int touch_found(struct request *rq, const struct lookup *l)
{
	int err;

	if (!rq->txn)
		return 0;
	err = txn_touch(rq, rq->path, l->nearest_len, TXN_EXISTS);
	if (!err && !l->node)
		err = txn_touch(rq, rq->path, l->missing_len, TXN_ABSENT);
	return err;
}

int node_find(struct request *rq, unsigned int need, struct lookup *l)
{
	unsigned int access;
	int err;

	tree_lookup(node_tree(rq), rq->path, l);
	err = touch_found(rq, l);
	if (err)
		return err;
	access = domain_access(rq->s, rq->conn->dom, l->nearest->perms);
	if (l->node)
		return (access & need) == need ? 0 : EACCES;
	/* Whether a node exists is for those to know who may use its parent. */
	return access & need ? ENOENT : EACCES;
}

void node_account(struct store *s, struct transaction *txn,
		  const struct perms *perms, int nodes, ssize_t bytes)
{
	const struct perm *owner = &perms->p[0];
	struct domain *d;

	if (txn) {
		/* The delta was made before the change: this cannot fail. */
		txn_account(txn, owner->domid, owner->epoch, nodes, bytes);
		return;
	}
	d = domain_of_epoch(s, owner->domid, owner->epoch);
	if (!d)
		return;
	d->nodes += nodes;
	quota_memory(s, d, bytes);
}

/* Make sure that node_account() for this owner will not fail. */
static int account_prepare(struct request *rq, const struct perms *perms)
{
	const struct perm *owner = &perms->p[0];

	return rq->txn ? txn_account(rq->txn, owner->domid, owner->epoch, 0, 0) : 0;
}

struct account_arg {
	struct store *s;
	struct transaction *txn;
};

static bool account_one(const struct node *n, const struct node *parent,
			const char *path, size_t len, void *arg)
{
	struct account_arg *a = arg;

	(void)parent;
	(void)path;
	(void)len;
	node_account(a->s, a->txn, n->perms, -1, -(ssize_t)node_size(n));
	return true;
}

void node_account_removed(struct store *s, struct transaction *txn,
			  const struct node *n)
{
	struct account_arg arg = { s, txn };
	char path[PATH_ROOM] = "";

	node_walk(n, path, 0, sizeof(path), account_one, &arg);
}

static int check_node_size(const struct request *rq, const struct perms *perms,
			   size_t value, size_t list)
{
	size_t size = NODE_FIXED + perms->num * NODE_PERM + value + list;

	return quota_exceeded(rq->s, rq->conn->dom, QUOTA_NODE_SIZE, size, 1) ?
		ENOSPC : 0;
}

static int check_memory(const struct request *rq, size_t more)
{
	const struct domain *d = rq->conn->dom;

	return quota_exceeded(rq->s, d, QUOTA_MEMORY, d->memory, more) ?
		ENOSPC : 0;
}

/*
 * Permissions of a node made by the client below parent: the parent's, but a
 * guest owns what it makes. NULL without memory.
 */
static struct perms *inherit(const struct request *rq, struct perms *parent)
{
	const struct domain *d = rq->conn->dom;
	struct perms *p;

	if (domain_privileged(d) || (parent->p[0].domid == d->domid &&
				     parent->p[0].epoch == d->epoch))
		return perms_get(parent);
	p = perms_new(parent->num);
	if (!p)
		return NULL;
	memcpy(p->p, parent->p, parent->num * sizeof(p->p[0]));
	p->p[0].domid = d->domid;
	p->p[0].epoch = d->epoch;
	return p;
}

/* The nodes that a create would add. */
struct addition {
	unsigned int nodes;
	size_t bytes;
	size_t first_name;	/* with its NUL, in the parent's listing */
};

static struct addition count_addition(const char *path, const struct lookup *l,
				      const struct perms *perms, size_t value)
{
	struct addition a = { .first_name = l->missing_len - l->nearest_len };
	const char *p = path + l->nearest_len;

	for (; *p; p++)
		a.nodes += *p == '/' && p[1];
	a.bytes = strlen(path) - l->nearest_len + value +
		  a.nodes * (sizeof(struct node) +
			     perms->num * sizeof(struct perm));
	return a;
}

static int check_create(struct request *rq, const struct lookup *l,
			const struct perms *perms, size_t value)
{
	struct addition a = count_addition(rq->path, l, perms, value);
	struct domain *d = rq->conn->dom;
	int extra = rq->txn ? txn_nodes(rq->txn, d) : 0;
	int err;

	if ((extra >= 0 || d->nodes >= (unsigned int)-extra) &&
	    quota_exceeded(rq->s, d, QUOTA_NODES, d->nodes + extra, a.nodes))
		return ENOSPC;
	err = check_node_size(rq, l->nearest->perms,
			      l->nearest->value ? l->nearest->value->len : 0,
			      dir_bytes(l->nearest) + a.first_name);
	if (!err)
		err = check_node_size(rq, perms, value, 0);
	return err ? err : check_memory(rq, a.bytes);
}

/* In a transaction, every node that comes into being is carried over. */
static int touch_created(struct request *rq, const struct lookup *l)
{
	const char *p = rq->path + l->nearest_len;
	int err = 0;

	if (!rq->txn)
		return 0;
	while (!err && *p) {
		bool last;

		p += 1 + strcspn(p + 1, "/");
		last = !*p;
		err = txn_touch(rq, rq->path, p - rq->path,
				TXN_DIRTY | (last ? TXN_EVENT : 0));
	}
	return err;
}

static int create(struct request *rq, const struct lookup *l, const void *data,
		  unsigned int len)
{
	struct perms *perms = inherit(rq, l->nearest->perms);
	struct blob *value = NULL;
	struct addition a;
	int err = perms ? 0 : ENOMEM;

	if (!err)
		err = check_create(rq, l, perms, len);
	if (!err && len) {
		value = blob_new(data, len);
		err = value ? 0 : ENOMEM;
	}
	if (!err)
		err = account_prepare(rq, perms);
	if (!err)
		err = touch_created(rq, l);
	if (!err) {
		a = count_addition(rq->path, l, perms, len);
		err = tree_create(tree_of(rq), rq->path, value, perms,
				  ++rq->s->gen);
	}
	if (!err)
		node_account(rq->s, rq->txn, perms, a.nodes, a.bytes);
	blob_put(value);
	perms_put(perms);
	return err;
}

static int set_value(struct request *rq, const struct lookup *l,
		     const void *data, unsigned int len)
{
	const struct node *n = l->node;
	/* Kept: the node may be replaced by its copy under us. */
	struct perms *perms = perms_get(n->perms);
	ssize_t more = (ssize_t)len - (n->value ? n->value->len : 0);
	struct blob *value = NULL;
	int err = check_node_size(rq, perms, len, dir_bytes(n));

	if (!err && more > 0)
		err = check_memory(rq, more);
	if (!err && len) {
		value = blob_new(data, len);
		err = value ? 0 : ENOMEM;
	}
	if (!err)
		err = account_prepare(rq, perms);
	if (!err && rq->txn)
		err = txn_touch(rq, rq->path, strlen(rq->path),
				TXN_DIRTY | TXN_EVENT);
	if (!err)
		err = tree_set_value(tree_of(rq), rq->path, value, ++rq->s->gen);
	if (!err)
		node_account(rq->s, rq->txn, perms, 0, more);
	blob_put(value);
	perms_put(perms);
	return err;
}

static void fire(struct request *rq, const struct perms *old)
{
	watch_fire(rq->s, rq->cause,
		   &(struct change){ rq->path, WATCH_BELOW, old, NULL });
}

static int changed(struct request *rq, int err)
{
	if (!err && !rq->txn)
		fire(rq, NULL);
	return err;
}

int node_write(struct request *rq, const void *data, unsigned int len)
{
	struct lookup l;
	int err = node_find(rq, PERM_WRITE, &l);

	if (!err)
		err = set_value(rq, &l, data, len);
	else if (err == ENOENT)
		err = create(rq, &l, data, len);
	return changed(rq, err);
}

int node_mkdir(struct request *rq)
{
	struct lookup l;
	int err = node_find(rq, PERM_WRITE, &l);

	if (err != ENOENT)
		return err;
	return changed(rq, create(rq, &l, NULL, 0));
}

struct fire_arg {
	struct store *s;
	struct cause *cause;
	size_t top_len;
};

static bool fire_one(const struct node *n, const struct node *parent,
		     const char *path, size_t len, void *arg)
{
	struct fire_arg *a = arg;
	struct change ch = {
		.path = path,
		/* The parents hear of what was removed once, not per child. */
		.match = len == a->top_len ? WATCH_BELOW : WATCH_EXACT,
		.old = n->perms,
		.old_parent = parent ? parent->perms : NULL,
	};

	watch_fire(a->s, a->cause, &ch);
	return true;
}

void node_fire_removed(struct store *s, struct cause *cause, const char *path,
		       const struct node *n)
{
	struct fire_arg arg = { s, cause, strlen(path) };
	char room[PATH_ROOM];

	memcpy(room, path, arg.top_len + 1);
	node_walk(n, room, arg.top_len, sizeof(room), fire_one, &arg);
}

/* Deltas for all owners in a subtree, made before it is removed. */
static bool prepare_one(const struct node *n, const struct node *parent,
			const char *path, size_t len, void *arg)
{
	(void)parent;
	(void)path;
	(void)len;
	return account_prepare(arg, n->perms) == 0;
}

static int touch_removed(struct request *rq, const struct node *n)
{
	char room[PATH_ROOM] = "";

	if (!rq->txn)
		return 0;
	if (!node_walk(n, room, 0, sizeof(room), prepare_one, rq))
		return ENOMEM;
	return txn_touch(rq, rq->path, strlen(rq->path),
			 TXN_SUBTREE | TXN_DIRTY | TXN_EVENT);
}

/* Removing what is not there is fine when its parent is. */
static int missing(const struct request *rq, const struct lookup *l)
{
	return strrchr(rq->path, '/') - rq->path == (ssize_t)l->nearest_len ?
		0 : ENOENT;
}

int node_remove(struct request *rq)
{
	struct lookup l;
	struct node *removed;
	int err = node_find(rq, PERM_WRITE, &l);

	if (err == ENOENT)
		return missing(rq, &l);
	if (!err && !rq->path[1])
		err = EINVAL;
	if (!err)
		err = touch_removed(rq, l.node);
	if (!err)
		err = tree_remove(tree_of(rq), rq->path, ++rq->s->gen, &removed);
	if (err)
		return err;
	node_account_removed(rq->s, rq->txn, removed);
	if (!rq->txn)
		node_fire_removed(rq->s, rq->cause, rq->path, removed);
	node_put(removed);
	return 0;
}

static int check_new_perms(struct request *rq, const struct node *n,
			   const struct perms *perms)
{
	const struct perm *was = &n->perms->p[0], *is = &perms->p[0];
	int err;

	if (!domain_privileged(rq->conn->dom) &&
	    (was->domid != is->domid || was->epoch != is->epoch))
		return EPERM;
	err = check_node_size(rq, perms, n->value ? n->value->len : 0,
			      dir_bytes(n));
	if (!err)
		err = account_prepare(rq, n->perms);
	if (!err)
		err = account_prepare(rq, perms);
	if (!err && rq->txn)
		err = txn_touch(rq, rq->path, strlen(rq->path),
				TXN_DIRTY | TXN_EVENT);
	return err;
}

int node_set_perms(struct request *rq, struct perms *perms)
{
	struct lookup l;
	struct perms *old;
	size_t size;
	int err = node_find(rq, PERM_WRITE | PERM_OWNER, &l);

	if (!err)
		err = check_new_perms(rq, l.node, perms);
	if (err)
		return err;
	old = perms_get(l.node->perms);
	size = node_size(l.node) - old->num * sizeof(struct perm);
	err = tree_set_perms(tree_of(rq), rq->path, perms, ++rq->s->gen);
	if (!err) {
		node_account(rq->s, rq->txn, old, -1,
			     -(ssize_t)(size + old->num * sizeof(struct perm)));
		node_account(rq->s, rq->txn, perms, 1,
			     size + perms->num * sizeof(struct perm));
		/* Who may no longer read it hears of that, for the last time. */
		if (!rq->txn)
			fire(rq, old);
	}
	perms_put(old);
	return err;
}

/* The topmost node a domain owns, in walking order. */
struct owned {
	const struct domain *d;
	char path[PATH_ROOM];
	bool found;
};

static bool find_owned(const struct node *n, const struct node *parent,
		       const char *path, size_t len, void *arg)
{
	struct owned *o = arg;
	const struct perm *owner = &n->perms->p[0];

	(void)parent;
	if (owner->domid != o->d->domid || owner->epoch != o->d->epoch || len == 1)
		return true;
	memcpy(o->path, path, len + 1);
	o->found = true;
	return false;
}

/* Remove what is owned below top; false when nothing is left there. */
static bool remove_one_owned(struct store *s, struct domain *d, const char *top)
{
	struct owned o = { .d = d };
	char room[PATH_ROOM];
	struct lookup l;
	struct node *removed;

	if (!d->nodes || !tree_lookup(&s->tree, top, &l))
		return false;
	strcpy(room, top);
	node_walk(l.node, room, strlen(top), sizeof(room), find_owned, &o);
	if (!o.found)
		return false;
	/* Without memory it stays, without an owner: harmless. */
	if (tree_remove(&s->tree, o.path, ++s->gen, &removed))
		return false;
	node_account_removed(s, NULL, removed);
	node_fire_removed(s, NULL, o.path, removed);
	node_put(removed);
	return true;
}

void node_remove_owned(struct store *s, struct domain *d)
{
	char home[32];

	/*
	 * The toolstack has usually removed everything by now. If not, most is
	 * in the domain's own directory; the whole store is searched last.
	 */
	snprintf(home, sizeof(home), "/local/domain/%u", d->domid);
	while (remove_one_owned(s, d, home))
		;
	while (remove_one_owned(s, d, "/"))
		;
}
