// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xl.h"

#define MAX_CONFIG (1u << 20)

static char *format(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0) {
		fputs("xl: out of memory\n", stderr);
		exit(1);
	}
	return s;
}

char *xl_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = format(fmt, ap);
	va_end(ap);
	return s;
}

void *xl_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p) {
		fputs("xl: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

char *xl_strdup(const char *s)
{
	return xl_printf("%s", s);
}

static void message(const char *prefix, const char *fmt, va_list ap)
{
	fflush(stdout);		/* both may be the same log file */
	fputs(prefix, stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void xl_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message("xl: ", fmt, ap);
	va_end(ap);
}

void xl_debug(const struct xl *xl, const char *fmt, ...)
{
	va_list ap;

	if (!xl->verbose)
		return;
	va_start(ap, fmt);
	message("xl: debug: ", fmt, ap);
	va_end(ap);
}

bool xl_number(const char *s, unsigned long max, unsigned long *out)
{
	char *end;
	unsigned long v;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	v = strtoul(s, &end, 10);
	if (errno || *end || v > max)
		return false;
	*out = v;
	return true;
}

static char *read_node(struct xl *xl, const char *fmt, va_list ap)
{
	char *path, *value;

	if (!xl->xs)
		return NULL;
	path = format(fmt, ap);
	value = xs_read(xl->xs, XBT_NULL, path, NULL);
	free(path);
	return value;
}

char *xl_read(struct xl *xl, const char *fmt, ...)
{
	va_list ap;
	char *value;

	va_start(ap, fmt);
	value = read_node(xl, fmt, ap);
	va_end(ap);
	return value;
}

bool xl_write(struct xl *xl, const char *value, const char *fmt, ...)
{
	va_list ap;
	char *path;
	bool ok;

	va_start(ap, fmt);
	path = format(fmt, ap);
	va_end(ap);
	ok = xs_write(xl->xs, XBT_NULL, path, value, strlen(value));
	if (!ok)
		xl_error("cannot write xenstore node %s: %s", path, strerror(errno));
	free(path);
	return ok;
}

long xl_read_num(struct xl *xl, long missing, const char *fmt, ...)
{
	va_list ap;
	char *value, *end;
	long n;

	va_start(ap, fmt);
	value = read_node(xl, fmt, ap);
	va_end(ap);
	if (!value)
		return missing;
	n = strtol(value, &end, 10);
	if (end == value || *end)
		n = missing;
	free(value);
	return n;
}

char *xl_domain_name(struct xl *xl, unsigned int domid)
{
	return xl_read(xl, "/local/domain/%u/name", domid);
}

char *xl_pool_name(struct xl *xl, uint32_t id)
{
	char *name = xl_read(xl, "/local/pool/%u/name", id);

	return name ? name : xl_printf("Pool-%u", id);
}

int xl_find_domain(struct xl *xl, const char *name)
{
	unsigned int n = 0;
	char **ids = xl->xs ? xs_directory(xl->xs, XBT_NULL, "/local/domain", &n) : NULL;
	int found = -1;

	for (unsigned int i = 0; i < n && found < 0; i++) {
		char *have = xl_read(xl, "/local/domain/%s/name", ids[i]);

		if (have && !strcmp(have, name))
			found = atoi(ids[i]);
		free(have);
	}
	free(ids);
	return found;
}

int xl_domain(struct xl *xl, const char *arg)
{
	unsigned long id;
	int found;

	if (xl_number(arg, 0x7fef, &id))
		return (int)id;
	found = xl_find_domain(xl, arg);
	if (found < 0)
		fprintf(stderr, "%s is an invalid domain identifier (rc=-6)\n", arg);
	return found;
}

int xl_live_domain(struct xl *xl, const char *arg)
{
	int domid = xl_domain(xl, arg);
	char *node = domid < 0 ? NULL : xl_read(xl, "/local/domain/%d/domid", domid);

	if (domid >= 0 && !node) {
		xl_error("there is no domain %d", domid);
		domid = -1;
	}
	free(node);
	return domid;
}

/* A whole file, to be freed; NULL after a message. */
static char *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *text;

	if (!f) {
		xl_error("cannot open the configuration file %s: %s", path, strerror(errno));
		return NULL;
	}
	text = xl_alloc(MAX_CONFIG + 1);
	*len = fread(text, 1, MAX_CONFIG + 1, f);
	if (ferror(f) || *len > MAX_CONFIG) {
		xl_error("%s: %s", path, ferror(f) ? strerror(errno) : "larger than a configuration "
			 "file can be");
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

struct cfg *xl_parse_file(const char *path)
{
	struct cfg_error err;
	struct cfg *cfg;
	size_t len;
	char *text = read_file(path, &len);

	if (!text)
		return NULL;
	cfg = cfg_parse(path, text, len, &err);
	free(text);
	if (!cfg)
		xl_error("%s", err.text);
	return cfg;
}

void xl_warn(const char *text)
{
	fprintf(stderr, "xl: warning: %s\n", text);
}

void xl_load_conf(struct xl *xl)
{
	struct cfg *file;

	if (access(XL_CONF_FILE, F_OK))
		return;
	file = xl_parse_file(XL_CONF_FILE);
	if (file)
		conf_read(&xl->conf, file, xl_warn);
	cfg_free(file);
}
