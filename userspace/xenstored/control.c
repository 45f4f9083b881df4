// SPDX-License-Identifier: GPL-2.0-only
/* CONTROL: commands for the daemon itself, from dom0. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct command {
	const char *name;
	int (*fn)(struct request *rq, const char *args[], int nargs);
	const char *usage;
};

/* A text grown in the reply buffer; what does not fit is cut. */
static void say(struct request *rq, const char *fmt, ...)
{
	size_t used = strlen(rq->reply);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(rq->reply + used, sizeof(rq->reply) - used, fmt, ap);
	va_end(ap);
}

static int do_log(struct request *rq, const char *args[], int nargs)
{
	if (nargs != 1 || (strcmp(args[0], "on") && strcmp(args[0], "off")))
		return EINVAL;
	rq->s->trace = !strcmp(args[0], "on");
	say(rq, "OK");
	return 0;
}

static int do_print(struct request *rq, const char *args[], int nargs)
{
	if (nargs != 1)
		return EINVAL;
	rq->s->host->log(rq->s->ctx, args[0]);
	say(rq, "OK");
	return 0;
}

static void say_usage(struct request *rq, const struct domain *d)
{
	say(rq, "Domain %u:\nnodes: %u\nwatches: %u\ntransactions: %u\n"
	    "outstanding: %u\nmemory: %zu\n", d->domid, d->nodes, d->watches,
	    d->transactions, d->outstanding, d->memory);
}

/* Digits that are a number of 32 bits; false otherwise. */
static bool number(const char *s, unsigned int *value)
{
	unsigned long long v;

	if (!*s || strlen(s) > 10 || s[strspn(s, "0123456789")])
		return false;
	v = strtoull(s, NULL, 10);
	*value = v;
	return v <= UINT32_MAX;
}

static int do_quota(struct request *rq, const char *args[], int nargs)
{
	const char *name, *what;
	unsigned int value;
	struct domain *d;

	if (nargs == 3 && !strcmp(args[0], "set")) {
		if (!number(args[2], &value) || store_set_quota(rq->s, args[1], value))
			return EINVAL;
		say(rq, "OK");
		return 0;
	}
	if (nargs == 1) {
		if (!number(args[0], &value))
			return EINVAL;
		d = domain_find(rq->s, value);
		if (!d)
			return ENOENT;
		say_usage(rq, d);
		return 0;
	}
	if (nargs)
		return EINVAL;
	for (unsigned int i = 0; store_get_quota(rq->s, i, &name, &value, &what); i++)
		say(rq, "%-18s %8u %s\n", name, value, what);
	return 0;
}

static int do_memreport(struct request *rq, const char *args[], int nargs)
{
	size_t memory = 0, nodes = 0;

	(void)args;
	(void)nargs;
	for (size_t i = 0; i < rq->s->domains.size; i++) {
		struct hnode *n = rq->s->domains.bucket[i];

		for (; n; n = n->next) {
			struct domain *d = container_of(n, struct domain, hnode);

			memory += d->memory;
			nodes += d->nodes;
		}
	}
	say(rq, "domains: %zu\nnodes: %zu\nwatches: %zu\nmemory: %zu\n",
	    rq->s->domains.count, nodes, rq->s->watches.count, memory);
	return 0;
}

static bool recount(const struct node *n, const struct node *parent,
		    const char *path, size_t len, void *arg)
{
	const struct perm *owner = &n->perms->p[0];
	struct domain *d = domain_of_epoch(arg, owner->domid, owner->epoch);

	(void)parent;
	(void)path;
	(void)len;
	if (d) {
		d->found_nodes++;
		d->found_memory += node_size(n);
	}
	return true;
}

static void check_domain(struct request *rq, struct domain *d)
{
	if (d->found_nodes != d->nodes || d->found_memory > d->memory)
		say(rq, "domain %u: %u nodes of %zu bytes, charged %u and %zu\n",
		    d->domid, d->found_nodes, d->found_memory, d->nodes,
		    d->memory);
	d->found_nodes = 0;
	d->found_memory = 0;
}

/* Count the tree again and compare with what the domains are charged. */
static int do_check(struct request *rq, const char *args[], int nargs)
{
	char path[PATH_ROOM] = "/";

	(void)args;
	(void)nargs;
	node_walk(rq->s->tree.root, path, 1, sizeof(path), recount, rq->s);
	for (size_t i = 0; i < rq->s->domains.size; i++) {
		struct hnode *n = rq->s->domains.bucket[i];

		for (; n; n = n->next)
			check_domain(rq, container_of(n, struct domain, hnode));
	}
	if (!rq->reply[0])
		say(rq, "OK");
	return 0;
}

static int do_help(struct request *rq, const char *args[], int nargs);

static const struct command commands[] = {
	{ "check", do_check, "" },
	{ "help", do_help, "" },
	{ "log", do_log, "on|off" },
	{ "memreport", do_memreport, "" },
	{ "print", do_print, "<string>" },
	{ "quota", do_quota, "[<domid>|set <name> <value>]" },
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int do_help(struct request *rq, const char *args[], int nargs)
{
	(void)args;
	(void)nargs;
	say(rq, "commands:\n");
	for (size_t i = 0; i < NR_COMMANDS; i++)
		say(rq, "\t%s %s\n", commands[i].name, commands[i].usage);
	return 0;
}

int control_command(struct request *rq)
{
	const char *args[8];
	int nargs = 0;
	const char *p = rq->payload, *end = rq->payload + rq->len;

	/* A last string may lack its NUL: it is not an argument then. */
	for (; p < end && memchr(p, 0, end - p); p += strlen(p) + 1) {
		if (nargs == 8)
			return EINVAL;
		args[nargs++] = p;
	}
	rq->reply[0] = '\0';
	for (size_t i = 0; i < NR_COMMANDS; i++) {
		int err;

		if (strcmp(args[0], commands[i].name))
			continue;
		err = commands[i].fn(rq, args + 1, nargs - 1);
		if (!err)
			request_reply(rq, rq->reply, strlen(rq->reply) + 1);
		return err;
	}
	return EINVAL;
}
