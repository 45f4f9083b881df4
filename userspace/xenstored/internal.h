/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of the xenstore engine. */
#ifndef XENSTORED_INTERNAL_H
#define XENSTORED_INTERNAL_H

#include <errno.h>
#include <stdint.h>

#include <xen/xen.h>
#include <xen/io/xs_wire.h>

#include "htab.h"
#include "xy_list.h"
#include "store.h"
#include "tree.h"

#define PERM_READ	1
#define PERM_WRITE	2
#define PERM_OWNER	4	/* asked of an access check, never stored */

#define PATH_ROOM	(XENSTORE_ABS_PATH_MAX + 1)
#define DOMID_MAX	0x7fef	/* highest number of a real domain */

enum quota {
	QUOTA_NODES,
	QUOTA_WATCHES,
	QUOTA_TRANSACTIONS,
	QUOTA_TRANSACTION_NODES,
	QUOTA_OUTSTANDING,
	QUOTA_NODE_SIZE,
	QUOTA_PERMS,
	QUOTA_PATH,
	QUOTA_MEMORY_SOFT,
	QUOTA_MEMORY,
	QUOTA_QUEUE,
	QUOTA_COUNT,
};

/* The special watch paths; they have permissions, but are no nodes. */
enum special { SPECIAL_INTRODUCE, SPECIAL_RELEASE, SPECIAL_COUNT };

/*
 * A domain that has a connection, owns nodes, or is named in permissions.
 * The epoch tells a domain from an earlier one with the same number, so that
 * rights given to the dead do not pass to the living.
 */
struct domain {
	struct hnode hnode;	/* store.domains, by domid */
	unsigned int domid;
	uint32_t epoch;
	struct store_conn *conn;	/* its ring, NULL: not introduced */
	bool shutdown;
	bool over_soft;		/* of memory */
	unsigned int complaints;	/* lines in the log about it */
	unsigned int target_domid;
	uint32_t target_epoch;	/* 0: none */
	/* counted against the quotas */
	unsigned int nodes, watches, transactions, outstanding;
	size_t memory;
	/* of the CHECK command */
	unsigned int found_nodes;
	size_t found_memory;
};

struct store {
	const struct store_host *host;
	void *ctx;
	struct tree tree;
	uint64_t gen;
	uint64_t now_ms;
	uint32_t last_epoch;
	struct htab domains;
	struct domain *dom0;
	struct list conns;
	struct htab watch_points;	/* by path */
	struct htab watches;		/* by connection, path and token */
	struct htab pending;		/* unread events, by client and text */
	struct perms *special[SPECIAL_COUNT];
	struct list causes;		/* oldest first */
	struct list txns;		/* of guests, oldest snapshot first */
	unsigned int quota[QUOTA_COUNT];
	bool trace;
};

/*
 * A request of an unprivileged domain whose consequences (its reply, events to
 * others) somebody has not taken yet. Their number is limited, so that a guest
 * cannot fill other clients' queues; what is not taken for CAUSE_TIMEOUT_MS is
 * no longer the sender's fault.
 */
#define CAUSE_TIMEOUT_MS 20000
struct cause {
	struct list link;	/* store.causes until expired */
	struct store *s;
	unsigned int ref;
	unsigned int domid;
	uint32_t epoch;		/* 0: expired */
	uint64_t since_ms;
};

/* A message queued for a client. */
struct message {
	struct list link;
	struct cause *cause;	/* may be NULL */
	struct hnode hnode;	/* store.pending, of events not begun */
	struct store_conn *pending_for;	/* NULL: not there */
	size_t len, sent;
	char data[];		/* header, then payload */
};

struct store_conn {
	struct list link;	/* store.conns */
	struct store *s;
	struct domain *dom;	/* dom0 for sockets */
	void *io;
	bool socket;
	bool dead;
	struct list watches, transactions;
	uint32_t last_transaction;

	struct list queue;
	size_t queued_bytes;

	struct xsd_sockmsg in_hdr;
	unsigned int in_used;	/* of header and payload together */
	char *in_payload;	/* while it comes in pieces */
};

/* A request under way. All its memory is here and in the transaction. */
struct request {
	struct store *s;
	struct store_conn *conn;
	struct transaction *txn;
	struct cause *cause;
	const struct xsd_sockmsg *hdr;
	const char *payload;
	unsigned int len;
	bool replied;
	char path[PATH_ROOM];
	char reply[XENSTORE_PAYLOAD_MAX];
};

/* domain.c */
struct domain *domain_find(const struct store *s, unsigned int domid);
/* Finds or makes; NULL with ENOENT when the hypervisor has none, or ENOMEM. */
struct domain *domain_get(struct store *s, unsigned int domid);
/* NULL when that domain is no more. */
struct domain *domain_of_epoch(const struct store *s, unsigned int domid,
			       uint32_t epoch);
bool domain_privileged(const struct domain *d);
/* Rights of a client by permissions: PERM_* */
unsigned int domain_access(const struct store *s, const struct domain *d,
			   const struct perms *perms);
/* Ends the connection and everything the domain owns; frees d. */
void domain_destroy(struct store *s, struct domain *d);
int domain_introduce(struct store *s, unsigned int domid, uint64_t gfn,
		     unsigned int port);
void domain_free_all(struct store *s);

/* quota.c */
void quota_init(struct store *s);
/* True when an unprivileged domain would go past the limit by more. */
bool quota_exceeded(const struct store *s, const struct domain *d, enum quota q,
		    size_t used, size_t more);
/* Change a domain's memory count; NULL domain is fine. */
void quota_memory(struct store *s, struct domain *d, ssize_t bytes);

/* conn.c */
struct store_conn *conn_new(struct store *s, struct domain *d);
void conn_free(struct store_conn *conn);
void conn_send(struct store_conn *conn, const struct xsd_sockmsg *hdr,
	       const void *payload, struct cause *cause);
/* An event; dropped when the same one waits for the client already. */
void conn_send_event(struct store_conn *conn, const void *payload, size_t len,
		     struct cause *cause);
struct cause *cause_new(struct store *s, struct domain *d);
void cause_put(struct cause *c);
/* A line about a domain; no more than so many, for it could cause them. */
#define COMPLAINTS_MAX 10
void complain(struct store *s, struct domain *d, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* request.c */
/* conn->in_hdr with this payload: carried out and answered. */
void request_process(struct store_conn *conn, const char *payload);

/* path.c */
int path_special(const char *path);	/* enum special, or -1 */
/*
 * Make the canonical absolute path of what a client wrote. EINVAL for
 * characters, form or length.
 */
int path_canonical(const struct store_conn *conn, const char *given,
		   char path[PATH_ROOM]);
/* Where a client's relative paths begin, and its length. */
int path_home(const struct store_conn *conn, char *buf, size_t size);

/* node.c: what requests do to the tree, inside a transaction or not */
const struct tree *node_tree(const struct request *rq);
/* The node at rq->path when the client may do what need says. */
int node_find(struct request *rq, unsigned int need, struct lookup *l);
int node_write(struct request *rq, const void *data, unsigned int len);
int node_mkdir(struct request *rq);
int node_remove(struct request *rq);
int node_set_perms(struct request *rq, struct perms *perms);
/* Remove what a domain owned when it is gone. */
void node_remove_owned(struct store *s, struct domain *d);
/* Count nodes and bytes that are in the tree now against their owner. */
void node_account(struct store *s, struct transaction *txn,
		  const struct perms *perms, int nodes, ssize_t bytes);
/* The counts of a removed subtree. */
void node_account_removed(struct store *s, struct transaction *txn,
			  const struct node *n);
/* Events for a removed subtree. */
void node_fire_removed(struct store *s, struct cause *cause, const char *path,
		       const struct node *n);

/* transaction.c */
#define TXN_EXISTS	0x01	/* read a value or permissions */
#define TXN_LISTED	0x02	/* read the names of the children */
#define TXN_ABSENT	0x04	/* saw that it does not exist */
#define TXN_SUBTREE	0x08	/* removed it with everything below */
#define TXN_DIRTY	0x10	/* to be carried over at commit */
#define TXN_EVENT	0x20	/* tell the watchers at commit */
#define TXN_SNAPSHOT_MS 60000
int txn_start(struct store_conn *conn, uint32_t *id);
/* Give up old snapshots; milliseconds until the next one is old, or -1. */
int txn_expire(struct store *s);
struct transaction *txn_find(struct store_conn *conn, uint32_t id);
/* Commit or drop; the transaction is gone in either case. */
int txn_end(struct request *rq, bool commit);
void txn_free(struct transaction *t);
/* Its records may say more than was done: the client has to start again. */
void txn_fail(struct transaction *t);
void txn_free_all(struct store_conn *conn);
struct tree *txn_tree(struct transaction *t);
/* Remember what a request depends on or did; ENOSPC or ENOMEM. */
int txn_touch(struct request *rq, const char *path, size_t len,
	      unsigned int flags);
/* Nodes and bytes that take effect at commit. ENOMEM. */
int txn_account(struct transaction *t, unsigned int domid, uint32_t epoch,
		int nodes, ssize_t bytes);
/* Nodes that a transaction adds for a domain, for the quota. */
int txn_nodes(const struct transaction *t, const struct domain *d);

/* watch.c */
int watch_add(struct request *rq, const char *given, const char *token,
	      int depth);
int watch_del(struct store_conn *conn, const char *path, const char *token);
void watch_del_all(struct store_conn *conn);
enum watch_match { WATCH_BELOW, WATCH_EXACT };
/*
 * What watchers of path, and with WATCH_BELOW of all its parents, are told. A
 * client hears of it when it may read the node as it is or was, or its parent
 * as it is or was; the permissions of before are given when they may differ.
 */
struct change {
	const char *path;
	enum watch_match match;
	const struct perms *old, *old_parent;
};
void watch_fire(struct store *s, struct cause *cause, const struct change *ch);

/* control.c */
int control_command(struct request *rq);

/* request.c, for control.c */
void request_reply(struct request *rq, const void *data, size_t len);

#endif /* XENSTORED_INTERNAL_H */
