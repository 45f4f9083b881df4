// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transactions: optimistic, on a snapshot.
 *
 * The start takes a reference of the whole tree: "base" stays what it was, and
 * "cur" is where the transaction makes its changes, seen by nobody else. For
 * each path that a request used there is a record of what it depends on. At
 * the end:
 *
 * 1. Nothing changed outside since the start: cur becomes the tree.
 * 2. Nothing was changed inside: success; all reads were of one moment.
 * 3. Otherwise each record is compared between base and the tree of now. A
 *    value read, a list of names read, an absence relied on, that is not the
 *    same any more: EAGAIN, and nothing happened.
 * 4. No conflict: the changes are made again on the tree of now, which is
 *    restored when memory runs out half-way.
 *
 * A guest's transaction that lasts longer than TXN_SNAPSHOT_MS is lost: it pins
 * whatever was changed since, and many old snapshots would pin many versions of
 * everything. It goes on with a newer snapshot, and its end says EAGAIN.
 *
 * Two transactions that create different children of one node do not conflict,
 * unless one of them listed it.
 */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* A record pins copies of the nodes above it; what they cost, roughly. */
#define DIRTY_COST 1024

struct record {
	struct hnode hnode;	/* transaction.records, by path */
	struct list link;	/* transaction.order */
	unsigned int flags;	/* TXN_* */
	size_t len;
	char path[];
};

struct delta {
	struct list link;
	unsigned int domid;
	uint32_t epoch;
	int nodes;
	ssize_t bytes;
};

struct transaction {
	struct list link;	/* store_conn.transactions */
	struct list age_link;	/* store.txns, of guests */
	uint64_t since_ms;	/* of the snapshot */
	struct store_conn *conn;
	uint32_t id;
	struct tree base, cur;
	struct htab records;
	struct list order;
	struct list deltas;
	bool dirty;
	bool failed;		/* a request was left half-way */
	size_t memory;		/* charged to the client */
};

struct tree *txn_tree(struct transaction *t)
{
	return &t->cur;
}

struct transaction *txn_find(struct store_conn *conn, uint32_t id)
{
	list_for_each(l, &conn->transactions) {
		struct transaction *t = list_entry(l, struct transaction, link);

		if (t->id == id)
			return t;
	}
	return NULL;
}

int txn_start(struct store_conn *conn, uint32_t *id)
{
	struct domain *d = conn->dom;
	struct transaction *t;

	if (quota_exceeded(conn->s, d, QUOTA_TRANSACTIONS, d->transactions, 1))
		return ENOSPC;
	t = calloc(1, sizeof(*t));
	if (!t)
		return ENOMEM;
	do {
		t->id = ++conn->last_transaction;
	} while (!t->id || txn_find(conn, t->id));
	t->conn = conn;
	t->base = tree_get(&conn->s->tree);
	t->cur = tree_get(&conn->s->tree);
	list_init(&t->order);
	list_init(&t->deltas);
	list_add_tail(&conn->transactions, &t->link);
	list_init(&t->age_link);
	t->since_ms = conn->s->now_ms;
	if (!domain_privileged(d))
		list_add_tail(&conn->s->txns, &t->age_link);
	d->transactions++;
	*id = t->id;
	return 0;
}

void txn_fail(struct transaction *t)
{
	t->failed = true;
}

void txn_free(struct transaction *t)
{
	struct domain *d = t->conn->dom;

	list_for_each_safe(l, &t->order)
		free(list_entry(l, struct record, link));
	list_for_each_safe(m, &t->deltas)
		free(list_entry(m, struct delta, link));
	htab_free(&t->records);
	tree_put(&t->base);
	tree_put(&t->cur);
	quota_memory(t->conn->s, d, -(ssize_t)t->memory);
	d->transactions--;
	list_del(&t->link);
	list_del(&t->age_link);
	free(t);
}

static void renew_snapshot(struct store *s, struct transaction *t)
{
	tree_put(&t->base);
	tree_put(&t->cur);
	t->base = tree_get(&s->tree);
	t->cur = tree_get(&s->tree);
	t->failed = true;
	t->since_ms = s->now_ms;
	list_del(&t->age_link);
	list_add_tail(&s->txns, &t->age_link);
}

int txn_expire(struct store *s)
{
	while (!list_empty(&s->txns)) {
		struct transaction *t = list_entry(s->txns.next,
						   struct transaction, age_link);
		uint64_t age = s->now_ms - t->since_ms;

		if (age < TXN_SNAPSHOT_MS)
			return TXN_SNAPSHOT_MS - age;
		renew_snapshot(s, t);
	}
	return -1;
}

void txn_free_all(struct store_conn *conn)
{
	list_for_each_safe(l, &conn->transactions)
		txn_free(list_entry(l, struct transaction, link));
}

static struct record *find_record(struct transaction *t, uint64_t hash,
				  const char *path, size_t len)
{
	struct hnode *n = htab_first(&t->records, hash);

	while (n) {
		struct record *r = container_of(n, struct record, hnode);

		if (r->len == len && !memcmp(r->path, path, len))
			return r;
		n = htab_next(n);
	}
	return NULL;
}

/* Memory for the client's sake; ENOSPC when it has too much already. */
static int charge(struct transaction *t, size_t bytes)
{
	struct domain *d = t->conn->dom;

	if (quota_exceeded(t->conn->s, d, QUOTA_MEMORY, d->memory, bytes))
		return ENOSPC;
	t->memory += bytes;
	quota_memory(t->conn->s, d, bytes);
	return 0;
}

static int new_record(struct request *rq, uint64_t hash, const char *path,
		      size_t len, struct record **record)
{
	struct transaction *t = rq->txn;
	struct record *r;
	int err;

	if (quota_exceeded(rq->s, rq->conn->dom, QUOTA_TRANSACTION_NODES,
			   t->records.count, 1))
		return ENOSPC;
	err = charge(t, sizeof(*r) + len + 1);
	if (err)
		return err;
	r = calloc(1, sizeof(*r) + len + 1);
	if (!r)
		return ENOMEM;
	memcpy(r->path, path, len);
	r->len = len;
	if (!htab_add(&t->records, &r->hnode, hash)) {
		free(r);
		return ENOMEM;
	}
	list_add_tail(&t->order, &r->link);
	*record = r;
	return 0;
}

int txn_touch(struct request *rq, const char *path, size_t len,
	      unsigned int flags)
{
	struct transaction *t = rq->txn;
	struct record *r;
	uint64_t hash;
	int err = 0;

	if (!len) {
		path = "/";
		len = 1;
	}
	hash = hash_string(path, len);
	r = find_record(t, hash, path, len);
	if (!r)
		err = new_record(rq, hash, path, len, &r);
	if (!err && (flags & TXN_DIRTY))
		err = charge(t, r->flags & TXN_DIRTY ?
			     rq->len : rq->len + DIRTY_COST);
	if (err)
		return err;
	if (flags & TXN_DIRTY)
		t->dirty = true;
	if (flags & TXN_EVENT) {
		/* Events come in the order of the last changes. */
		list_del(&r->link);
		list_add_tail(&t->order, &r->link);
	}
	/*
	 * What the transaction made itself depends on nothing more: the first
	 * dependency, before the change, is what counts.
	 */
	if (r->flags & TXN_DIRTY)
		flags &= ~(TXN_EXISTS | TXN_ABSENT);
	r->flags |= flags;
	return 0;
}

static struct delta *get_delta(struct transaction *t, unsigned int domid,
			       uint32_t epoch)
{
	struct delta *delta;

	list_for_each(l, &t->deltas) {
		delta = list_entry(l, struct delta, link);
		if (delta->domid == domid && delta->epoch == epoch)
			return delta;
	}
	delta = calloc(1, sizeof(*delta));
	if (!delta)
		return NULL;
	delta->domid = domid;
	delta->epoch = epoch;
	list_add_tail(&t->deltas, &delta->link);
	return delta;
}

int txn_account(struct transaction *t, unsigned int domid, uint32_t epoch,
		int nodes, ssize_t bytes)
{
	struct delta *delta = get_delta(t, domid, epoch);

	if (!delta)
		return ENOMEM;
	delta->nodes += nodes;
	delta->bytes += bytes;
	return 0;
}

int txn_nodes(const struct transaction *t, const struct domain *d)
{
	list_for_each(l, &t->deltas) {
		struct delta *delta = list_entry(l, struct delta, link);

		if (delta->domid == d->domid && delta->epoch == d->epoch)
			return delta->nodes;
	}
	return 0;
}

static const struct node *node_at(const struct tree *t, const char *path)
{
	struct lookup l;

	tree_lookup(t, path, &l);
	return l.node;
}

static bool conflicts(const struct transaction *t, const struct tree *now,
		      const struct record *r)
{
	const struct node *was = node_at(&t->base, r->path);
	const struct node *is = node_at(now, r->path);

	if (was == is)
		return false;
	/* What was not there is no dependency, but by its absence. */
	if (!was)
		return r->flags & TXN_ABSENT;
	if (!is)
		return r->flags & (TXN_EXISTS | TXN_LISTED | TXN_SUBTREE);
	return (r->flags & TXN_EXISTS && is->gen != was->gen) ||
	       (r->flags & TXN_LISTED && is->dir_gen != was->dir_gen) ||
	       (r->flags & TXN_SUBTREE && is->sub_gen != was->sub_gen);
}

/* Make the tree of now as cur is at the record's path. */
static int carry_over(struct store *s, struct transaction *t,
		      const struct record *r)
{
	const struct node *n = node_at(&t->cur, r->path);
	struct node *removed;
	int err;

	if (r->flags & TXN_SUBTREE) {
		err = tree_remove(&s->tree, r->path, ++s->gen, &removed);
		if (err == ENOMEM)
			return err;
		if (!err)
			node_put(removed);
	}
	if (!n)
		return 0;
	err = tree_create(&s->tree, r->path, n->value, n->perms, ++s->gen);
	if (err != EEXIST)
		return err;
	err = tree_set_value(&s->tree, r->path, n->value, ++s->gen);
	return err ? err : tree_set_perms(&s->tree, r->path, n->perms, s->gen);
}

static int by_path(const void *a, const void *b)
{
	const struct record *const *ra = a, *const *rb = b;

	/* A parent sorts before what is below it. */
	return strcmp((*ra)->path, (*rb)->path);
}

/* Step 4. ENOMEM: the tree is as before. */
static int replay(struct store *s, struct transaction *t)
{
	struct record **dirty = calloc(t->records.count, sizeof(*dirty));
	struct tree before;
	size_t n = 0;
	int err = 0;

	if (!dirty)
		return ENOMEM;
	list_for_each(l, &t->order) {
		struct record *r = list_entry(l, struct record, link);

		if (r->flags & TXN_DIRTY)
			dirty[n++] = r;
	}
	qsort(dirty, n, sizeof(*dirty), by_path);
	before = tree_get(&s->tree);
	for (size_t i = 0; i < n && !err; i++)
		err = carry_over(s, t, dirty[i]);
	free(dirty);
	if (err) {
		tree_put(&s->tree);
		s->tree = before;
	} else {
		tree_put(&before);
	}
	return err;
}

static int merge(struct store *s, struct transaction *t)
{
	if (s->tree.root == t->base.root) {
		tree_put(&s->tree);
		s->tree = tree_get(&t->cur);
		return 0;
	}
	list_for_each(l, &t->order) {
		if (conflicts(t, &s->tree, list_entry(l, struct record, link)))
			return EAGAIN;
	}
	return replay(s, t);
}

/* Would the transaction take somebody past the limit? */
static int check_deltas(struct store *s, struct transaction *t)
{
	list_for_each(l, &t->deltas) {
		struct delta *delta = list_entry(l, struct delta, link);
		struct domain *d = domain_of_epoch(s, delta->domid, delta->epoch);

		if (d && d == t->conn->dom && delta->nodes > 0 &&
		    quota_exceeded(s, d, QUOTA_NODES, d->nodes, delta->nodes))
			return ENOSPC;
	}
	return 0;
}

static void apply_deltas(struct store *s, struct transaction *t)
{
	list_for_each(l, &t->deltas) {
		struct delta *delta = list_entry(l, struct delta, link);
		struct domain *d = domain_of_epoch(s, delta->domid, delta->epoch);

		if (!d)
			continue;
		d->nodes += delta->nodes;
		quota_memory(s, d, delta->bytes);
	}
}

static void fire_events(struct request *rq, struct transaction *t)
{
	list_for_each(l, &t->order) {
		struct record *r = list_entry(l, struct record, link);
		const struct node *was;

		if (!(r->flags & TXN_EVENT))
			continue;
		was = node_at(&t->base, r->path);
		if (was && r->flags & TXN_SUBTREE)
			node_fire_removed(rq->s, rq->cause, r->path, was);
		else if (was || node_at(&t->cur, r->path))
			watch_fire(rq->s, rq->cause, &(struct change){
				   r->path, WATCH_BELOW,
				   was ? was->perms : NULL, NULL });
	}
}

int txn_end(struct request *rq, bool commit)
{
	struct transaction *t = rq->txn;
	int err = 0;

	rq->txn = NULL;
	if (commit && (t->dirty || t->failed)) {
		err = t->failed ? EAGAIN : check_deltas(rq->s, t);
		if (!err)
			err = merge(rq->s, t);
		if (!err) {
			apply_deltas(rq->s, t);
			fire_events(rq, t);
		}
	}
	txn_free(t);
	return err;
}
