// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches. Those of one path hang on one watch point, found by the hash of the
 * path: an event looks up each of its path's prefixes, however many watches
 * there are elsewhere.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct watch_point {
	struct hnode hnode;
	struct list watches;
	size_t len;
	char path[];
};

struct watch {
	struct list point_link, conn_link;
	struct hnode hnode;	/* by connection, path and token */
	struct watch_point *point;
	struct store_conn *conn;
	size_t skip;		/* of event paths: the client's relative base */
	int depth;		/* levels below that matter, -1: all */
	char token[];
};

static struct watch_point *find_point(const struct store *s, uint64_t hash,
				      const char *path, size_t len)
{
	struct hnode *n = htab_first(&s->watch_points, hash);

	while (n) {
		struct watch_point *p = container_of(n, struct watch_point, hnode);

		if (p->len == len && !memcmp(p->path, path, len))
			return p;
		n = htab_next(n);
	}
	return NULL;
}

static struct watch_point *get_point(struct store *s, const char *path)
{
	size_t len = strlen(path);
	uint64_t hash = hash_string(path, len);
	struct watch_point *p = find_point(s, hash, path, len);

	if (p)
		return p;
	p = malloc(sizeof(*p) + len + 1);
	if (!p)
		return NULL;
	list_init(&p->watches);
	p->len = len;
	memcpy(p->path, path, len + 1);
	if (!htab_add(&s->watch_points, &p->hnode, hash)) {
		free(p);
		return NULL;
	}
	return p;
}

static void put_point(struct store *s, struct watch_point *p)
{
	if (!list_empty(&p->watches))
		return;
	htab_del(&s->watch_points, &p->hnode);
	free(p);
}

static uint64_t watch_hash(const struct store_conn *conn, const char *path,
			   const char *token)
{
	uint64_t h = hash_more(hash_start(), (const char *)&conn, sizeof(conn));

	h = hash_more(h, path, strlen(path) + 1);
	return hash_end(hash_more(h, token, strlen(token)));
}

static struct watch *find_watch(const struct store_conn *conn, const char *path,
				const char *token)
{
	struct hnode *n = htab_first(&conn->s->watches,
				     watch_hash(conn, path, token));

	while (n) {
		struct watch *w = container_of(n, struct watch, hnode);

		if (w->conn == conn && !strcmp(w->point->path, path) &&
		    !strcmp(w->token, token))
			return w;
		n = htab_next(n);
	}
	return NULL;
}

static size_t watch_size(const struct watch *w)
{
	return sizeof(*w) + strlen(w->token) + 1 + sizeof(*w->point) +
	       w->point->len + 1;
}

static void watch_free(struct watch *w)
{
	struct store_conn *conn = w->conn;

	quota_memory(conn->s, conn->dom, -(ssize_t)watch_size(w));
	conn->dom->watches--;
	htab_del(&conn->s->watches, &w->hnode);
	list_del(&w->conn_link);
	list_del(&w->point_link);
	put_point(conn->s, w->point);
	free(w);
}

static void send_event(struct watch *w, const char *path, struct cause *cause)
{
	char payload[XENSTORE_PAYLOAD_MAX];
	size_t path_len, token_len = strlen(w->token) + 1;

	if (strlen(path) >= w->skip)
		path += w->skip;
	path_len = strlen(path) + 1;
	/* What does not fit into a message cannot be said. */
	if (path_len + token_len > sizeof(payload))
		return;
	memcpy(payload, path, path_len);
	memcpy(payload + path_len, w->token, token_len);
	conn_send_event(w->conn, payload, path_len + token_len, cause);
}

static struct watch *watch_new(struct store_conn *conn, const char *path,
			       const char *token)
{
	size_t token_len = strlen(token) + 1;
	struct watch *w = calloc(1, sizeof(*w) + token_len);

	if (!w)
		return NULL;
	memcpy(w->token, token, token_len);
	w->conn = conn;
	w->point = get_point(conn->s, path);
	if (!w->point) {
		free(w);
		return NULL;
	}
	if (!htab_add(&conn->s->watches, &w->hnode,
		      watch_hash(conn, path, token))) {
		put_point(conn->s, w->point);
		free(w);
		return NULL;
	}
	list_add_tail(&w->point->watches, &w->point_link);
	list_add_tail(&conn->watches, &w->conn_link);
	conn->dom->watches++;
	quota_memory(conn->s, conn->dom, watch_size(w));
	return w;
}

int watch_add(struct request *rq, const char *given, const char *token,
	      int depth)
{
	struct store_conn *conn = rq->conn;
	struct domain *d = conn->dom;
	struct watch *w;
	char home[32];

	if (find_watch(conn, rq->path, token))
		return EEXIST;
	if (quota_exceeded(rq->s, d, QUOTA_WATCHES, d->watches, 1))
		return E2BIG;
	if (quota_exceeded(rq->s, d, QUOTA_MEMORY, d->memory,
			   sizeof(*w) + strlen(token) + strlen(rq->path)))
		return ENOSPC;
	w = watch_new(conn, rq->path, token);
	if (!w)
		return ENOMEM;
	w->depth = depth;
	if (given[0] != '/' && given[0] != '@')
		w->skip = path_home(conn, home, sizeof(home)) + 1;
	/*
	 * The first event tells the client nothing about the node: it comes
	 * whether the node exists or may be read, after the reply.
	 */
	request_reply(rq, "OK", 3);
	send_event(w, rq->path, NULL);
	return 0;
}

int watch_del(struct store_conn *conn, const char *path, const char *token)
{
	struct watch *w = find_watch(conn, path, token);

	if (!w)
		return ENOENT;
	watch_free(w);
	return 0;
}

void watch_del_all(struct store_conn *conn)
{
	list_for_each_safe(l, &conn->watches)
		watch_free(list_entry(l, struct watch, conn_link));
}

/* An event on its way, and what is needed to know who may hear of it. */
struct event {
	struct store *s;
	struct cause *cause;
	const struct change *ch;
	const char *path;
	bool looked_up;
	const struct perms *now, *parent;
};

static void look_up(struct event *ev)
{
	char parent[PATH_ROOM];
	struct lookup l;
	char *slash;

	ev->looked_up = true;
	if (ev->path[0] == '@') {
		ev->now = ev->s->special[path_special(ev->path)];
		return;
	}
	if (tree_lookup(&ev->s->tree, ev->path, &l))
		ev->now = l.node->perms;
	strcpy(parent, ev->path);
	slash = strrchr(parent, '/');
	slash[slash == parent] = '\0';
	if (tree_lookup(&ev->s->tree, parent, &l))
		ev->parent = l.node->perms;
}

static bool may_hear(struct event *ev, const struct domain *d)
{
	const struct perms *perms[4];

	if (domain_privileged(d))
		return true;
	if (!ev->looked_up)
		look_up(ev);
	perms[0] = ev->ch->old;
	perms[1] = ev->ch->old_parent;
	perms[2] = ev->now;
	perms[3] = ev->parent;
	for (int i = 0; i < 4; i++) {
		if (perms[i] && domain_access(ev->s, d, perms[i]) & PERM_READ)
			return true;
	}
	return false;
}

/* Tell the watches of one point that something levels below it changed. */
static void fire_point(struct event *ev, const struct watch_point *p,
		       int levels)
{
	list_for_each(l, &p->watches) {
		struct watch *w = list_entry(l, struct watch, point_link);

		if (w->depth >= 0 && levels > w->depth)
			continue;
		if (may_hear(ev, w->conn->dom))
			send_event(w, ev->path, ev->cause);
	}
}

static int names_in(const char *path)
{
	int n = 0;

	for (; *path; path++)
		n += *path == '/' && path[1];
	return n;
}

void watch_fire(struct store *s, struct cause *cause, const struct change *ch)
{
	const char *path = ch->path;
	struct event ev = { .s = s, .cause = cause, .ch = ch, .path = path };
	size_t len = strlen(path);
	struct watch_point *p;
	uint64_t state;
	int levels;

	if (!s->watch_points.count)
		return;
	if (ch->match == WATCH_EXACT || len == 1) {
		p = find_point(s, hash_string(path, len), path, len);
		if (p)
			fire_point(&ev, p, 0);
		return;
	}
	levels = names_in(path);
	p = find_point(s, hash_string("/", 1), "/", 1);
	if (p)
		fire_point(&ev, p, levels);
	state = hash_start();
	for (size_t end = 0; end < len;) {
		size_t next = end + 1 + strcspn(path + end + 1, "/");

		state = hash_more(state, path + end, next - end);
		end = next;
		levels--;
		p = find_point(s, hash_end(state), path, end);
		if (p)
			fire_point(&ev, p, levels);
	}
}
