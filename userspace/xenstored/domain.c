// SPDX-License-Identifier: GPL-2.0-only
/* Domains: who they are, what they may do, how they come and go. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static uint64_t domid_hash(unsigned int domid)
{
	return hash_end(domid + 1);
}

struct domain *domain_find(const struct store *s, unsigned int domid)
{
	struct hnode *n = htab_first(&s->domains, domid_hash(domid));

	while (n) {
		struct domain *d = container_of(n, struct domain, hnode);

		if (d->domid == domid)
			return d;
		n = htab_next(n);
	}
	return NULL;
}

struct domain *domain_of_epoch(const struct store *s, unsigned int domid,
			       uint32_t epoch)
{
	struct domain *d = epoch ? domain_find(s, domid) : NULL;

	return d && d->epoch == epoch ? d : NULL;
}

struct domain *domain_get(struct store *s, unsigned int domid)
{
	struct domain *d = domain_find(s, domid);

	if (d)
		return d;
	if (domid && !s->host->domain_exists(s->ctx, domid)) {
		errno = ENOENT;
		return NULL;
	}
	d = calloc(1, sizeof(*d));
	if (d && !htab_add(&s->domains, &d->hnode, domid_hash(domid))) {
		free(d);
		d = NULL;
	}
	if (!d) {
		errno = ENOMEM;
		return NULL;
	}
	d->domid = domid;
	if (!++s->last_epoch)
		++s->last_epoch;
	d->epoch = s->last_epoch;
	return d;
}

bool domain_privileged(const struct domain *d)
{
	return d->domid == 0;
}

static bool is(const struct perm *p, unsigned int domid, uint32_t epoch)
{
	return epoch && p->domid == domid && p->epoch == epoch;
}

unsigned int domain_access(const struct store *s, const struct domain *d,
			   const struct perms *perms)
{
	uint32_t target = 0;

	if (domain_privileged(d))
		return PERM_READ | PERM_WRITE | PERM_OWNER;
	/* A device model may do what the domain it serves may do. */
	if (domain_of_epoch(s, d->target_domid, d->target_epoch))
		target = d->target_epoch;
	if (is(&perms->p[0], d->domid, d->epoch) ||
	    is(&perms->p[0], d->target_domid, target))
		return PERM_READ | PERM_WRITE | PERM_OWNER;
	for (unsigned int i = 1; i < perms->num; i++) {
		if (is(&perms->p[i], d->domid, d->epoch) ||
		    is(&perms->p[i], d->target_domid, target))
			return perms->p[i].access;
	}
	return perms->p[0].access;
}

static void fire_special(struct store *s, const char *path)
{
	watch_fire(s, NULL, &(struct change){ path, WATCH_EXACT, NULL, NULL });
}

int domain_introduce(struct store *s, unsigned int domid, uint64_t gfn,
		     unsigned int port)
{
	struct domain *d = domain_get(s, domid);
	struct store_conn *conn;
	int err;

	if (!d)
		return errno;
	if (d->conn)
		return s->host->introduce(s->ctx, d->conn, domid, gfn, port);
	conn = conn_new(s, d);
	if (!conn)
		return ENOMEM;
	err = s->host->introduce(s->ctx, conn, domid, gfn, port);
	if (err) {
		conn_free(conn);
		return err;
	}
	d->conn = conn;
	fire_special(s, "@introduceDomain");
	return 0;
}

static void close_conn(struct store *s, struct domain *d)
{
	struct store_conn *conn = d->conn;

	if (!conn)
		return;
	d->conn = NULL;
	s->host->release(s->ctx, conn);
	conn_free(conn);
}

void domain_destroy(struct store *s, struct domain *d)
{
	bool introduced = d->conn != NULL;

	close_conn(s, d);
	node_remove_owned(s, d);
	/* From here on its epoch is no one's: rights and causes are void. */
	htab_del(&s->domains, &d->hnode);
	free(d);
	if (introduced)
		fire_special(s, "@releaseDomain");
}

void store_domain_shutdown(struct store *s, unsigned int domid)
{
	struct domain *d = domain_find(s, domid);

	if (!d || !d->conn || d->shutdown)
		return;
	d->shutdown = true;
	fire_special(s, "@releaseDomain");
}

void store_domain_gone(struct store *s, unsigned int domid)
{
	struct domain *d = domain_find(s, domid);

	if (d && d != s->dom0)
		domain_destroy(s, d);
}

void store_for_each_domain(struct store *s,
			   void (*fn)(void *arg, unsigned int domid), void *arg)
{
	for (size_t i = 0; i < s->domains.size; i++) {
		struct hnode *n = s->domains.bucket[i], *next;

		for (; n; n = next) {
			next = n->next;
			fn(arg, container_of(n, struct domain, hnode)->domid);
		}
	}
}

void domain_free_all(struct store *s)
{
	for (size_t i = 0; i < s->domains.size; i++) {
		struct hnode *n;

		while ((n = s->domains.bucket[i])) {
			struct domain *d = container_of(n, struct domain, hnode);

			close_conn(s, d);
			htab_del(&s->domains, n);
			free(d);
		}
	}
	htab_free(&s->domains);
}
