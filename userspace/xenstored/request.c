// SPDX-License-Identifier: GPL-2.0-only
/*
 * The messages of the wire: a row for each type says who may send it and what
 * strings it carries; the handlers see only well-formed requests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define F_PRIV		0x01	/* dom0 only */
#define F_NO_TXN	0x02	/* the transaction id is ignored */
#define F_PATH		0x04	/* the first string is a node's path */
#define F_SPECIAL	0x08	/* ... or "@..." */
#define F_EXACT		0x10	/* so many strings and nothing else */

struct handler {
	const char *name;
	int (*fn)(struct request *rq);
	unsigned int flags;
	unsigned int strings;	/* at least; each ended by NUL */
};

void request_reply(struct request *rq, const void *data, size_t len)
{
	struct xsd_sockmsg hdr = {
		.type = rq->hdr->type,
		.req_id = rq->hdr->req_id,
		.tx_id = rq->hdr->tx_id,
		.len = len,
	};

	rq->replied = true;
	if (rq->s->trace && rq->s->host->trace)
		rq->s->host->trace(rq->s->ctx, rq->conn, true, "reply", data, len);
	conn_send(rq->conn, &hdr, data, rq->cause);
}

static void reply_string(struct request *rq, const char *s)
{
	request_reply(rq, s, strlen(s) + 1);
}

static const char *error_string(int err)
{
	for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(*xsd_errors); i++) {
		if (xsd_errors[i].errnum == err)
			return xsd_errors[i].errstring;
	}
	return "EINVAL";
}

static void reply_error(struct request *rq, int err)
{
	struct xsd_sockmsg hdr = *rq->hdr;
	const char *s = error_string(err);

	rq->replied = true;
	hdr.type = XS_ERROR;
	hdr.len = strlen(s) + 1;
	if (rq->s->trace && rq->s->host->trace)
		rq->s->host->trace(rq->s->ctx, rq->conn, true, "error", s, hdr.len);
	conn_send(rq->conn, &hdr, s, rq->cause);
}

/* The i-th string; the handler's row guarantees that it is there. */
static const char *arg(const struct request *rq, unsigned int i)
{
	const char *p = rq->payload;

	while (i--)
		p += strlen(p) + 1;
	return p;
}

static unsigned int count_strings(const struct request *rq, size_t *used)
{
	unsigned int n = 0;

	*used = 0;
	for (unsigned int i = 0; i < rq->len; i++) {
		if (!rq->payload[i]) {
			n++;
			*used = i + 1;
		}
	}
	return n;
}

/* Digits only, and no more than max. */
static int number(const char *s, uint64_t max, uint64_t *value)
{
	char *end;

	if (*s < '0' || *s > '9')
		return EINVAL;
	errno = 0;
	*value = strtoull(s, &end, 10);
	return *end || errno || *value > max ? EINVAL : 0;
}

static int domid_arg(const struct request *rq, unsigned int i,
		     unsigned int *domid)
{
	uint64_t value;
	int err = number(arg(rq, i), DOMID_MAX, &value);

	*domid = value;
	return err;
}

static int do_directory(struct request *rq)
{
	struct lookup l;
	int err = node_find(rq, PERM_READ, &l);
	size_t len;

	if (!err && rq->txn)
		err = txn_touch(rq, rq->path, strlen(rq->path), TXN_LISTED);
	if (err)
		return err;
	if (dir_bytes(l.node) > sizeof(rq->reply))
		return E2BIG;
	len = dir_list(l.node, 0, rq->reply, sizeof(rq->reply));
	request_reply(rq, rq->reply, len);
	return 0;
}

/* Generation of the list, then names from an offset on; "" is the end. */
static int do_directory_part(struct request *rq)
{
	struct lookup l;
	uint64_t offset;
	size_t len, part;
	int err = node_find(rq, PERM_READ, &l);

	if (!err && rq->txn)
		err = txn_touch(rq, rq->path, strlen(rq->path), TXN_LISTED);
	if (!err)
		err = number(arg(rq, 1), UINT32_MAX, &offset);
	if (err)
		return err;
	len = snprintf(rq->reply, sizeof(rq->reply), "%llu",
		       (unsigned long long)l.node->dir_gen) + 1;
	part = dir_list(l.node, offset, rq->reply + len,
			sizeof(rq->reply) - len - 1);
	len += part;
	if (offset + part >= dir_bytes(l.node))
		rq->reply[len++] = '\0';
	request_reply(rq, rq->reply, len);
	return 0;
}

static int do_read(struct request *rq)
{
	struct lookup l;
	int err = node_find(rq, PERM_READ, &l);

	if (err)
		return err;
	if (l.node->value)
		request_reply(rq, l.node->value->data, l.node->value->len);
	else
		request_reply(rq, "", 0);
	return 0;
}

static int do_write(struct request *rq)
{
	size_t path_len = strlen(rq->payload) + 1;

	return node_write(rq, rq->payload + path_len, rq->len - path_len);
}

static int do_mkdir(struct request *rq)
{
	return node_mkdir(rq);
}

static int do_rm(struct request *rq)
{
	return node_remove(rq);
}

static char access_letter(const struct perm *p)
{
	return "nrwb"[p->access & (PERM_READ | PERM_WRITE)];
}

static int do_get_perms(struct request *rq)
{
	int special = path_special(rq->path);
	const struct perms *perms;
	struct lookup l;
	size_t len = 0;
	int err;

	if (special >= 0) {
		perms = rq->s->special[special];
		if (!(domain_access(rq->s, rq->conn->dom, perms) & PERM_READ))
			return EACCES;
	} else {
		err = node_find(rq, PERM_READ, &l);
		if (err)
			return err;
		perms = l.node->perms;
	}
	for (unsigned int i = 0; i < perms->num; i++) {
		int n = snprintf(rq->reply + len, sizeof(rq->reply) - len,
				 "%c%u", access_letter(&perms->p[i]),
				 perms->p[i].domid);

		len += n + 1;
		if (len > sizeof(rq->reply))
			return E2BIG;
	}
	request_reply(rq, rq->reply, len);
	return 0;
}

static int parse_perm(struct store *s, const char *text, struct perm *p)
{
	static const char letters[] = "nrwb";
	const char *letter = *text ? strchr(letters, *text) : NULL;
	struct domain *d;
	uint64_t domid;

	if (!letter || number(text + 1, UINT16_MAX, &domid))
		return EINVAL;
	d = domain_get(s, domid);
	if (!d && errno == ENOMEM)
		return ENOMEM;
	p->access = letter - letters;
	p->domid = domid;
	/* A domain that does not exist gets nothing, nor does its successor. */
	p->epoch = d ? d->epoch : 0;
	return 0;
}

static int parse_perms(struct request *rq, unsigned int num,
		       struct perms **perms)
{
	struct perms *p = perms_new(num);
	const char *text = arg(rq, 1);
	int err = p ? 0 : ENOMEM;

	for (unsigned int i = 0; i < num && !err; i++) {
		err = parse_perm(rq->s, text, &p->p[i]);
		text += strlen(text) + 1;
	}
	if (err) {
		perms_put(p);
		return err;
	}
	*perms = p;
	return 0;
}

static int set_special(struct request *rq, enum special i, struct perms *perms)
{
	if (!domain_privileged(rq->conn->dom))
		return EACCES;
	perms_put(rq->s->special[i]);
	rq->s->special[i] = perms_get(perms);
	return 0;
}

static int do_set_perms(struct request *rq)
{
	int special = path_special(rq->path);
	struct perms *perms;
	size_t used;
	unsigned int num = count_strings(rq, &used) - 1;
	int err;

	if (quota_exceeded(rq->s, rq->conn->dom, QUOTA_PERMS, num, 0))
		return ENOSPC;
	err = parse_perms(rq, num, &perms);
	if (err)
		return err;
	if (special >= 0)
		err = set_special(rq, special, perms);
	else
		err = node_set_perms(rq, perms);
	perms_put(perms);
	return err;
}

static int do_watch(struct request *rq)
{
	uint64_t depth = 0;
	size_t used;
	unsigned int num = count_strings(rq, &used);

	if (num > 3 || used != rq->len)
		return EINVAL;
	if (num == 3 && number(arg(rq, 2), INT32_MAX, &depth))
		return EINVAL;
	return watch_add(rq, arg(rq, 0), arg(rq, 1), num == 3 ? (int)depth : -1);
}

static int do_unwatch(struct request *rq)
{
	return watch_del(rq->conn, rq->path, arg(rq, 1));
}

static int do_reset_watches(struct request *rq)
{
	watch_del_all(rq->conn);
	txn_free_all(rq->conn);
	rq->txn = NULL;
	return 0;
}

static int do_transaction_start(struct request *rq)
{
	uint32_t id;
	int err;

	if (rq->txn)
		return EBUSY;
	err = txn_start(rq->conn, &id);
	if (err)
		return err;
	snprintf(rq->reply, sizeof(rq->reply), "%u", id);
	reply_string(rq, rq->reply);
	return 0;
}

static int do_transaction_end(struct request *rq)
{
	const char *how = arg(rq, 0);

	if (strcmp(how, "T") && strcmp(how, "F"))
		return EINVAL;
	if (!rq->txn)
		return ENOENT;
	return txn_end(rq, *how == 'T');
}

static int do_get_domain_path(struct request *rq)
{
	uint64_t domid;

	if (number(arg(rq, 0), UINT32_MAX, &domid))
		return EINVAL;
	snprintf(rq->reply, sizeof(rq->reply), "/local/domain/%u",
		 (unsigned int)domid);
	reply_string(rq, rq->reply);
	return 0;
}

static int do_is_domain_introduced(struct request *rq)
{
	struct domain *d;
	uint64_t domid;

	if (number(arg(rq, 0), UINT32_MAX, &domid))
		return EINVAL;
	/* Whoever asks can ask; and dom0's programs come by the socket. */
	if (!domid || domid == DOMID_SELF) {
		reply_string(rq, "T");
		return 0;
	}
	d = domid <= DOMID_MAX ? domain_find(rq->s, domid) : NULL;
	reply_string(rq, d && d->conn ? "T" : "F");
	return 0;
}

static int do_introduce(struct request *rq)
{
	unsigned int domid;
	uint64_t gfn, port;

	if (domid_arg(rq, 0, &domid) || !domid ||
	    number(arg(rq, 1), UINT64_MAX, &gfn) ||
	    number(arg(rq, 2), INT32_MAX, &port) || !port)
		return EINVAL;
	return domain_introduce(rq->s, domid, gfn, port);
}

/* A connected domain other than dom0, named by the first string. */
static int connected_arg(struct request *rq, struct domain **d)
{
	unsigned int domid;

	if (domid_arg(rq, 0, &domid) || !domid)
		return EINVAL;
	*d = domain_find(rq->s, domid);
	return *d && (*d)->conn ? 0 : ENOENT;
}

static int do_release(struct request *rq)
{
	struct domain *d;
	int err = connected_arg(rq, &d);

	if (!err)
		domain_destroy(rq->s, d);
	return err;
}

static int do_resume(struct request *rq)
{
	struct domain *d;
	int err = connected_arg(rq, &d);

	if (!err)
		d->shutdown = false;
	return err;
}

static int do_set_target(struct request *rq)
{
	struct domain *d, *target;
	unsigned int domid;
	int err = connected_arg(rq, &d);

	if (err)
		return err;
	if (domid_arg(rq, 1, &domid))
		return EINVAL;
	target = domain_find(rq->s, domid);
	if (!target || !target->conn)
		return ENOENT;
	d->target_domid = target->domid;
	d->target_epoch = target->epoch;
	return 0;
}

static int do_control(struct request *rq)
{
	return control_command(rq);
}

static const struct handler handlers[XS_TYPE_COUNT] = {
	[XS_CONTROL] = { "control", do_control, F_PRIV | F_NO_TXN, 1 },
	[XS_DIRECTORY] = { "directory", do_directory, F_PATH | F_EXACT, 1 },
	[XS_READ] = { "read", do_read, F_PATH | F_EXACT, 1 },
	[XS_GET_PERMS] = { "get-perms", do_get_perms,
			   F_PATH | F_SPECIAL | F_EXACT, 1 },
	[XS_WATCH] = { "watch", do_watch, F_PATH | F_SPECIAL | F_NO_TXN, 2 },
	[XS_UNWATCH] = { "unwatch", do_unwatch,
			 F_PATH | F_SPECIAL | F_NO_TXN | F_EXACT, 2 },
	[XS_TRANSACTION_START] = { "transaction-start", do_transaction_start,
				   0, 0 },
	[XS_TRANSACTION_END] = { "transaction-end", do_transaction_end,
				 F_EXACT, 1 },
	[XS_INTRODUCE] = { "introduce", do_introduce, F_PRIV | F_NO_TXN, 3 },
	[XS_RELEASE] = { "release", do_release,
			 F_PRIV | F_NO_TXN | F_EXACT, 1 },
	[XS_GET_DOMAIN_PATH] = { "get-domain-path", do_get_domain_path,
				 F_NO_TXN | F_EXACT, 1 },
	[XS_WRITE] = { "write", do_write, F_PATH, 1 },
	[XS_MKDIR] = { "mkdir", do_mkdir, F_PATH | F_EXACT, 1 },
	[XS_RM] = { "rm", do_rm, F_PATH | F_EXACT, 1 },
	[XS_SET_PERMS] = { "set-perms", do_set_perms, F_PATH | F_SPECIAL, 2 },
	[XS_IS_DOMAIN_INTRODUCED] = { "is-domain-introduced",
		do_is_domain_introduced, F_NO_TXN | F_EXACT, 1 },
	[XS_RESUME] = { "resume", do_resume, F_PRIV | F_NO_TXN | F_EXACT, 1 },
	[XS_SET_TARGET] = { "set-target", do_set_target, F_PRIV | F_NO_TXN, 2 },
	[XS_RESET_WATCHES] = { "reset-watches", do_reset_watches, F_NO_TXN, 0 },
	[XS_DIRECTORY_PART] = { "directory-part", do_directory_part,
				F_PATH | F_EXACT, 2 },
};

static int check_path(struct request *rq, const struct handler *h)
{
	if (rq->payload[0] != '@')
		return path_canonical(rq->conn, rq->payload, rq->path);
	if (!(h->flags & F_SPECIAL) || path_special(rq->payload) < 0)
		return EINVAL;
	strcpy(rq->path, rq->payload);
	return 0;
}

static int check_strings(struct request *rq, const struct handler *h)
{
	size_t used;
	unsigned int n = count_strings(rq, &used);

	if (n < h->strings)
		return EINVAL;
	if (h->flags & F_EXACT && (n != h->strings || used != rq->len))
		return EINVAL;
	return 0;
}

static int dispatch(struct request *rq)
{
	const struct handler *h;
	int err;

	if (rq->hdr->type >= XS_TYPE_COUNT || !handlers[rq->hdr->type].fn)
		return ENOSYS;
	h = &handlers[rq->hdr->type];
	if (rq->s->trace && rq->s->host->trace)
		rq->s->host->trace(rq->s->ctx, rq->conn, false, h->name,
				   rq->payload, rq->len);
	if (h->flags & F_PRIV && !domain_privileged(rq->conn->dom))
		return EACCES;
	if (rq->hdr->tx_id && !(h->flags & F_NO_TXN)) {
		rq->txn = txn_find(rq->conn, rq->hdr->tx_id);
		if (!rq->txn)
			return ENOENT;
	}
	err = check_strings(rq, h);
	if (!err && h->flags & F_PATH)
		err = check_path(rq, h);
	return err ? err : h->fn(rq);
}

/* Also where everything a request held is released. */
void request_process(struct store_conn *conn, const char *payload)
{
	struct request rq;
	int err;

	/* Not the large buffers: they are written before they are read. */
	rq.s = conn->s;
	rq.conn = conn;
	rq.txn = NULL;
	rq.cause = cause_new(conn->s, conn->dom);
	rq.hdr = &conn->in_hdr;
	rq.payload = payload;
	rq.len = conn->in_hdr.len;
	rq.replied = false;
	err = dispatch(&rq);
	if (err == ENOMEM && rq.txn)
		txn_fail(rq.txn);
	if (err)
		reply_error(&rq, err);
	else if (!rq.replied)
		reply_string(&rq, "OK");
	cause_put(rq.cause);
}
