// SPDX-License-Identifier: GPL-2.0-only
/*
 * xenstore: look at and change the store from a shell. "xenstore read" and
 * "xenstore-read" are the same; a command is a row of the table below.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "escape.h"
#include "xs.h"

struct options {
	bool prefix, raw, perms, full_path, wide, tidy, upward, recurse, quiet;
	unsigned long count;	/* of watch events; 0: no end */
};

struct context {
	struct xs_handle *xs;
	xs_transaction_t txn;
	struct options opt;
	const char *command;
	unsigned int width;	/* of the terminal, 0: none */
	/* Printed at the end: a transaction may have to be tried again. */
	FILE *out;
};

struct command {
	const char *name;
	const char *letters;	/* options, as getopt has them */
	int min_args, step;	/* arguments come in groups of step */
	bool transaction;
	bool (*run)(struct context *c, char **args, int n);
	const char *usage;
};

static bool complain(const struct context *c, const char *path)
{
	if (!c->opt.quiet)
		fprintf(stderr, "xenstore-%s: %s: %s\n", c->command, path,
			strerror(errno));
	return false;
}

static void print_value(struct context *c, const char *value, unsigned int len)
{
	char *text;

	if (c->opt.raw) {
		fwrite(value, 1, len, c->out);
		return;
	}
	text = escape(value, len);
	if (text)
		fputs(text, c->out);
	free(text);
}

static bool run_read(struct context *c, char **args, int n)
{
	for (int i = 0; i < n; i++) {
		unsigned int len;
		char *value = xs_read(c->xs, c->txn, args[i], &len);

		if (!value)
			return complain(c, args[i]);
		if (c->opt.prefix)
			fprintf(c->out, "%s: ", args[i]);
		print_value(c, value, len);
		if (!c->opt.raw)
			fputc('\n', c->out);
		free(value);
	}
	return true;
}

static bool run_write(struct context *c, char **args, int n)
{
	for (int i = 0; i < n; i += 2) {
		char *value = strdup(args[i + 1]);
		unsigned int len;
		bool ok;

		if (!value)
			return complain(c, args[i]);
		len = c->opt.raw ? strlen(value) : unescape(value);
		ok = xs_write(c->xs, c->txn, args[i], value, len);
		free(value);
		if (!ok)
			return complain(c, args[i]);
	}
	return true;
}

static bool run_mkdir(struct context *c, char **args, int n)
{
	for (int i = 0; i < n; i++) {
		if (!xs_mkdir(c->xs, c->txn, args[i]))
			return complain(c, args[i]);
	}
	return true;
}

static bool run_list(struct context *c, char **args, int n)
{
	for (int i = 0; i < n; i++) {
		unsigned int num;
		char **names = xs_directory(c->xs, c->txn, args[i], &num);

		if (!names)
			return complain(c, args[i]);
		for (unsigned int j = 0; j < num; j++) {
			if (c->opt.prefix)
				fprintf(c->out, "%s/", args[i]);
			fprintf(c->out, "%s\n", names[j]);
		}
		free(names);
	}
	return true;
}

static bool run_exists(struct context *c, char **args, int n)
{
	for (int i = 0; i < n; i++) {
		char *value = xs_read(c->xs, c->txn, args[i], NULL);

		if (!value && errno != ENOENT)
			return complain(c, args[i]);
		if (!value)
			return false;
		free(value);
	}
	return true;
}

/* Remove parents that nothing is left in. */
static bool tidy(struct context *c, const char *path)
{
	char *parent = strdup(path), *slash;
	bool ok = parent != NULL;

	while (ok && (slash = strrchr(parent, '/')) && slash != parent) {
		unsigned int num, len;
		char **names, *value;

		*slash = '\0';
		names = xs_directory(c->xs, c->txn, parent, &num);
		if (!names)
			break;
		free(names);
		value = num ? NULL : xs_read(c->xs, c->txn, parent, &len);
		if (!value || len) {
			free(value);
			break;
		}
		free(value);
		ok = xs_rm(c->xs, c->txn, parent);
	}
	free(parent);
	return ok || complain(c, path);
}

static bool run_rm(struct context *c, char **args, int n)
{
	for (int i = 0; i < n; i++) {
		if (!xs_rm(c->xs, c->txn, args[i]))
			return complain(c, args[i]);
		if (c->opt.tidy && !tidy(c, args[i]))
			return false;
	}
	return true;
}

static void print_perms(struct context *c, const char *path)
{
	unsigned int num;
	struct xs_permissions *p = xs_get_permissions(c->xs, c->txn, path, &num);
	char text[16];

	if (!p)
		return;
	fputs("   (", c->out);
	for (unsigned int i = 0; i < num; i++) {
		if (xs_perm_to_string(&p[i], text, sizeof(text)))
			fprintf(c->out, "%s%s", i ? "," : "", text);
	}
	fputc(')', c->out);
	free(p);
}

/* One line of ls; a value that does not fit the terminal is cut. */
static void print_node(struct context *c, const char *path, const char *name,
		       unsigned int depth)
{
	unsigned int len, used;
	char *value = xs_read(c->xs, c->txn, path, &len);
	char *text = escape(value ? value : "", value ? len : 0);

	if (c->opt.full_path)
		used = fprintf(c->out, "%s", path);
	else
		used = fprintf(c->out, "%*s%s", (int)depth, "", name);
	used += 5;	/* = "" */
	if (text && c->width && used + strlen(text) > c->width && used + 3 < c->width)
		fprintf(c->out, " = \"%.*s...\"", (int)(c->width - used - 3), text);
	else
		fprintf(c->out, " = \"%s\"", text ? text : "");
	if (c->opt.perms)
		print_perms(c, path);
	fputc('\n', c->out);
	free(text);
	free(value);
}

static bool list_below(struct context *c, const char *path, unsigned int depth)
{
	unsigned int num;
	char **names = xs_directory(c->xs, c->txn, path, &num);
	bool ok = true;

	if (!names)
		return complain(c, path);
	for (unsigned int i = 0; i < num && ok; i++) {
		char *child;

		if (asprintf(&child, "%s/%s", path[1] ? path : "", names[i]) < 0) {
			ok = complain(c, path);
			break;
		}
		print_node(c, child, names[i], depth);
		/* A node removed meanwhile, or not ours to read, ends nothing. */
		ok = list_below(c, child, depth + 1) || errno == ENOENT ||
		     errno == EACCES;
		free(child);
	}
	free(names);
	return ok;
}

static bool run_ls(struct context *c, char **args, int n)
{
	static char root[] = "/";
	struct winsize size;

	if (!c->opt.wide && isatty(STDOUT_FILENO) &&
	    !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		c->width = size.ws_col;
	for (int i = 0; i < (n ? n : 1); i++) {
		if (!list_below(c, n ? args[i] : root, 0))
			return false;
	}
	return true;
}

static bool set_perms(struct context *c, const char *path,
		      struct xs_permissions *perms, int num)
{
	unsigned int count;
	char **names;
	bool ok = true;

	if (!xs_set_permissions(c->xs, c->txn, path, perms, num))
		return complain(c, path);
	if (!c->opt.recurse)
		return true;
	names = xs_directory(c->xs, c->txn, path, &count);
	if (!names)
		return complain(c, path);
	for (unsigned int i = 0; i < count && ok; i++) {
		char *child;

		if (asprintf(&child, "%s/%s", path[1] ? path : "", names[i]) < 0) {
			ok = complain(c, path);
			break;
		}
		ok = set_perms(c, child, perms, num);
		free(child);
	}
	free(names);
	return ok;
}

static bool set_perms_upward(struct context *c, char *path,
			     struct xs_permissions *perms, int num)
{
	char *slash;

	while ((slash = strrchr(path, '/')) && slash != path) {
		*slash = '\0';
		if (!xs_set_permissions(c->xs, c->txn, path, perms, num))
			return complain(c, path);
	}
	return true;
}

static bool run_chmod(struct context *c, char **args, int n)
{
	struct xs_permissions perms[16];
	int num = n - 1;

	if (num > 16) {
		errno = E2BIG;
		return complain(c, args[0]);
	}
	for (int i = 0; i < num; i++) {
		if (!xs_strings_to_perms(&perms[i], 1, args[1 + i]))
			return complain(c, args[1 + i]);
	}
	if (!set_perms(c, args[0], perms, num))
		return false;
	return !c->opt.upward || set_perms_upward(c, args[0], perms, num);
}

static bool run_watch(struct context *c, char **args, int n)
{
	unsigned long seen = 0;

	for (int i = 0; i < n; i++) {
		if (!xs_watch(c->xs, args[i], args[i]))
			return complain(c, args[i]);
	}
	/* The first event of each watch says nothing, as it always comes. */
	while (!c->opt.count || seen < c->opt.count) {
		char **event = xs_read_watch(c->xs, NULL);

		if (!event)
			return complain(c, "watch");
		printf("%s\n", event[XS_WATCH_PATH]);
		fflush(stdout);
		free(event);
		seen++;
	}
	return true;
}

static bool run_control(struct context *c, char **args, int n)
{
	char data[4096], *reply;
	size_t used = 0;

	for (int i = 1; i < n; i++) {
		size_t len = strlen(args[i]) + 1;

		if (len > sizeof(data) - used) {
			errno = E2BIG;
			return complain(c, args[i]);
		}
		memcpy(data + used, args[i], len);
		used += len;
	}
	reply = xs_control_command(c->xs, args[0], data, used);
	if (!reply)
		return complain(c, args[0]);
	used = strlen(reply);
	printf("%s%s", reply, used && reply[used - 1] == '\n' ? "" : "\n");
	free(reply);
	return true;
}

static const struct command commands[] = {
	{ "chmod", "urh", 2, 1, true, run_chmod, "[-u] [-r] KEY MODE..." },
	{ "control", "h", 1, 1, false, run_control, "COMMAND [ARGUMENT...]" },
	{ "exists", "qsh", 1, 1, true, run_exists, "[-q] KEY..." },
	{ "list", "psh", 1, 1, true, run_list, "[-p] KEY..." },
	{ "ls", "fpwsh", 0, 1, false, run_ls, "[-f] [-p] [-w] [PATH...]" },
	{ "mkdir", "sh", 1, 1, true, run_mkdir, "KEY..." },
	{ "read", "pRsh", 1, 1, true, run_read, "[-p] [-R] KEY..." },
	{ "rm", "tsh", 1, 1, true, run_rm, "[-t] KEY..." },
	{ "watch", "n:sh", 1, 1, false, run_watch, "[-n NR] KEY..." },
	{ "write", "Rsh", 2, 2, true, run_write, "[-R] KEY VALUE..." },
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void usage_all(FILE *f)
{
	fputs("Usage: xenstore COMMAND ...\n", f);
	for (size_t i = 0; i < NR_COMMANDS; i++)
		fprintf(f, "  %-8s %s\n", commands[i].name, commands[i].usage);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; name && i < NR_COMMANDS; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}

static unsigned long number(const char *s)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (*s >= '0' && *s <= '9' && !*end)
		return n;
	fprintf(stderr, "xenstore: \"%s\" is not a number\n", s);
	exit(1);
}

static void parse_options(const struct command *cmd, int argc, char **argv,
			  struct options *o)
{
	int letter;

	while ((letter = getopt(argc, argv, cmd->letters)) != -1) {
		switch (letter) {
		case 'p': o->prefix = o->perms = true; break;
		case 'R': o->raw = true; break;
		case 'f': o->full_path = true; break;
		case 'w': o->wide = true; break;
		case 't': o->tidy = true; break;
		case 'u': o->upward = true; break;
		case 'r': o->recurse = true; break;
		case 'q': o->quiet = true; break;
		case 'n': o->count = number(optarg); break;
		case 's': break;	/* the socket is what we use anyway */
		case 'h':
			printf("Usage: xenstore-%s %s\n", cmd->name, cmd->usage);
			exit(0);
		default:
			fprintf(stderr, "Usage: xenstore-%s %s\n", cmd->name,
				cmd->usage);
			exit(1);
		}
	}
}

/* Again until no one interferes; what is printed is from the last try. */
static bool run_in_transaction(const struct command *cmd, struct context *c,
			       char **args, int n)
{
	for (;;) {
		char *text = NULL;
		size_t len = 0;
		bool ok, again;

		c->txn = xs_transaction_start(c->xs);
		if (!c->txn)
			return complain(c, "transaction");
		c->out = open_memstream(&text, &len);
		if (!c->out)
			return complain(c, "output");
		ok = cmd->run(c, args, n);
		fclose(c->out);
		again = !xs_transaction_end(c->xs, c->txn, !ok) && ok;
		if (!again || errno != EAGAIN) {
			fwrite(text, 1, len, stdout);
			free(text);
			return ok && (!again || complain(c, "transaction"));
		}
		free(text);
	}
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	struct context c = { .out = stdout };
	const struct command *cmd;
	bool ok;

	name = name ? name + 1 : argv[0];
	cmd = strncmp(name, "xenstore-", 9) ? NULL : find_command(name + 9);
	if (!cmd && argc > 1) {
		cmd = find_command(argv[1]);
		argc--;
		argv++;
	}
	if (!cmd) {
		usage_all(stderr);
		return 1;
	}
	parse_options(cmd, argc, argv, &c.opt);
	argc -= optind;
	argv += optind;
	if (argc < cmd->min_args || argc % cmd->step) {
		fprintf(stderr, "Usage: xenstore-%s %s\n", cmd->name, cmd->usage);
		return 1;
	}
	c.command = cmd->name;
	c.xs = xs_open(0);
	if (!c.xs) {
		fprintf(stderr, "xenstore-%s: cannot connect to xenstore (is "
			"xenstored running?): %s\n", cmd->name, strerror(errno));
		return 1;
	}
	if (cmd->transaction)
		ok = run_in_transaction(cmd, &c, argv, argc);
	else
		ok = cmd->run(&c, argv, argc);
	xs_close(c.xs);
	return ok ? 0 : 1;
}
