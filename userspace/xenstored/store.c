// SPDX-License-Identifier: GPL-2.0-only
/* The engine as a whole: made, filled with its first nodes, freed. */
#include <stdlib.h>

#include "internal.h"

static struct perms *owned_by_dom0(struct store *s)
{
	struct perms *p = perms_new(1);

	if (p)
		p->p[0] = (struct perm){ .epoch = s->dom0->epoch };
	return p;
}

/* What clients find in a new store. */
static bool first_nodes(struct store *s)
{
	struct perms *p = owned_by_dom0(s);
	bool ok;

	if (!p)
		return false;
	for (int i = 0; i < SPECIAL_COUNT; i++)
		s->special[i] = perms_get(p);
	ok = tree_init(&s->tree, p) &&
	     !tree_create(&s->tree, "/tool/xenstored", NULL, p, ++s->gen);
	if (ok) {
		s->dom0->nodes = 3;
		s->dom0->memory = node_size(s->tree.root) +
			node_size(s->tree.root->child) +
			node_size(s->tree.root->child->child);
	}
	perms_put(p);
	return ok;
}

struct store *store_new(const struct store_host *host, void *ctx,
			uint64_t secret)
{
	struct store *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	hash_key(secret);
	tree_seed(secret);
	s->host = host;
	s->ctx = ctx;
	s->gen = 1;
	list_init(&s->conns);
	list_init(&s->causes);
	list_init(&s->txns);
	quota_init(s);
	s->dom0 = domain_get(s, 0);
	if (!s->dom0 || !first_nodes(s)) {
		store_free(s);
		return NULL;
	}
	return s;
}

void store_free(struct store *s)
{
	list_for_each_safe(l, &s->conns) {
		struct store_conn *conn = list_entry(l, struct store_conn, link);

		if (conn->socket)
			conn_free(conn);
	}
	domain_free_all(s);
	htab_free(&s->watch_points);
	htab_free(&s->watches);
	htab_free(&s->pending);
	for (int i = 0; i < SPECIAL_COUNT; i++)
		perms_put(s->special[i]);
	if (s->tree.root)
		tree_put(&s->tree);
	free(s);
}

void store_set_trace(struct store *s, bool on)
{
	s->trace = on;
}

int store_introduce_dom0(struct store *s, unsigned int port)
{
	return domain_introduce(s, 0, 0, port);
}
