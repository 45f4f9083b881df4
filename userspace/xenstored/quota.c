// SPDX-License-Identifier: GPL-2.0-only
/* All limits, in one table. They bind unprivileged domains only. */
#include <string.h>

#include "internal.h"

static const struct {
	const char *name;
	unsigned int value;
	const char *what;
} quotas[QUOTA_COUNT] = {
	[QUOTA_NODES] = { "nodes", 1000, "nodes owned by a domain" },
	[QUOTA_WATCHES] = { "watches", 128, "watches of a domain" },
	[QUOTA_TRANSACTIONS] = { "transactions", 10, "open transactions of a domain" },
	[QUOTA_TRANSACTION_NODES] = { "transaction-nodes", 1024,
		"nodes used in one transaction" },
	[QUOTA_OUTSTANDING] = { "outstanding", 20,
		"requests whose events others have not read" },
	[QUOTA_NODE_SIZE] = { "node-size", 2048,
		"bytes of a node: value, permissions, names of its children" },
	[QUOTA_PERMS] = { "node-permissions", 5, "permission entries of a node" },
	[QUOTA_PATH] = { "path-max", XENSTORE_REL_PATH_MAX,
		"bytes of a path, below a domain's own directory" },
	[QUOTA_MEMORY_SOFT] = { "memory-soft", 2 << 20,
		"bytes held for a domain, above which the log says so" },
	[QUOTA_MEMORY] = { "memory", (2 << 20) + (512 << 10),
		"bytes held for a domain" },
	[QUOTA_QUEUE] = { "queue", 512 << 10,
		"bytes a domain leaves unread before it is disconnected" },
};

void quota_init(struct store *s)
{
	for (int q = 0; q < QUOTA_COUNT; q++)
		s->quota[q] = quotas[q].value;
}

int store_set_quota(struct store *s, const char *name, unsigned int value)
{
	for (int q = 0; q < QUOTA_COUNT; q++) {
		if (!strcmp(name, quotas[q].name)) {
			s->quota[q] = value;
			return 0;
		}
	}
	return ENOENT;
}

bool store_get_quota(const struct store *s, unsigned int i, const char **name,
		     unsigned int *value, const char **what)
{
	if (i >= QUOTA_COUNT)
		return false;
	*name = quotas[i].name;
	*value = s->quota[i];
	*what = quotas[i].what;
	return true;
}

bool quota_exceeded(const struct store *s, const struct domain *d, enum quota q,
		    size_t used, size_t more)
{
	size_t max = s->quota[q];

	return !domain_privileged(d) && (used > max || more > max - used);
}

void quota_memory(struct store *s, struct domain *d, ssize_t bytes)
{
	if (!d)
		return;
	d->memory += bytes;
	if (domain_privileged(d))
		return;
	if (d->memory <= s->quota[QUOTA_MEMORY_SOFT]) {
		d->over_soft = false;
	} else if (!d->over_soft) {
		d->over_soft = true;
		complain(s, d, "holds %zu bytes, over memory-soft", d->memory);
	}
}
