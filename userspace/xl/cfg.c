// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg.h"

#define MAX_DEPTH 8		/* lists in lists; the parser recurses once for each */

struct parser {
	const char *p, *end;
	const char *source;
	int line;
	struct cfg_error *err;
};

static bool __attribute__((format(printf, 2, 3))) fail(struct parser *ps, const char *fmt, ...)
{
	int n = snprintf(ps->err->text, sizeof(ps->err->text), "%s:%d: ", ps->source, ps->line);
	va_list ap;

	if (n < 0 || (size_t)n >= sizeof(ps->err->text))
		return false;
	va_start(ap, fmt);
	vsnprintf(ps->err->text + n, sizeof(ps->err->text) - n, fmt, ap);
	va_end(ap);
	return false;
}

/* The next character, or -1 at the end. */
static int peek(const struct parser *ps)
{
	return ps->p < ps->end ? (unsigned char)*ps->p : -1;
}

/* How a character that should not be there is named. */
static const char *found(const struct parser *ps, char buf[16])
{
	int c = peek(ps);

	if (c < 0)
		return "the end of the file";
	if (c == '\n')
		return "the end of the line";
	snprintf(buf, 16, isprint(c) ? "'%c'" : "byte 0x%02x", c);
	return buf;
}

static void skip_comment(struct parser *ps)
{
	while (peek(ps) >= 0 && peek(ps) != '\n')
		ps->p++;
}

/* Space and comments; newlines too when @lines. */
static void skip_space(struct parser *ps, bool lines)
{
	for (;;) {
		int c = peek(ps);

		if (c == '#') {
			skip_comment(ps);
		} else if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n')) {
			ps->line += c == '\n';
			ps->p++;
		} else {
			return;
		}
	}
}

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = tolower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \xHH and \ooo; -1 when malformed. The backslash is behind us. */
static int numeric_escape(struct parser *ps)
{
	int v = 0, n = 0, c;

	if (peek(ps) == 'x') {
		ps->p++;
		for (; n < 2 && hex_digit(peek(ps)) >= 0; n++)
			v = v * 16 + hex_digit(*ps->p++);
	} else {
		for (; n < 3 && (c = peek(ps)) >= '0' && c <= '7'; n++, ps->p++)
			v = v * 8 + c - '0';
	}
	return n && v && v < 256 ? v : -1;
}

static int escape(struct parser *ps)
{
	static const char from[] = "abfnrtv\\'\"", to[] = "\a\b\f\n\r\t\v\\'\"";
	const char *at;
	int c = peek(ps);

	if (c == 'x' || (c >= '0' && c <= '7'))
		return numeric_escape(ps);
	at = c > 0 ? strchr(from, c) : NULL;
	if (!at)
		return -1;
	ps->p++;
	return to[at - from];
}

static bool parse_string(struct parser *ps, struct cfg_value *v)
{
	char quote = *ps->p++, *out = malloc((size_t)(ps->end - ps->p) + 1);
	size_t n = 0;
	int c;

	v->type = CFG_STRING;
	v->text = out;
	if (!out)
		return fail(ps, "out of memory");
	while ((c = peek(ps)) != quote) {
		if (c < 0 || c == '\n')
			return fail(ps, "the string lacks its closing %c", quote);
		if (!c)
			return fail(ps, "there is a zero byte in the string");
		ps->p++;
		if (c == '\\') {
			c = escape(ps);
			if (c < 0)
				return fail(ps, "the backslash in the string is not followed by "
					    "a known escape (write \\\\ for a backslash)");
		}
		out[n++] = (char)c;
	}
	ps->p++;
	out[n] = '\0';
	return true;
}

static bool parse_number(struct parser *ps, struct cfg_value *v)
{
	const char *start = ps->p;
	char *stop;

	while (isalnum(peek(ps)) || peek(ps) == '_' || peek(ps) == '.')
		ps->p++;
	v->type = CFG_NUMBER;
	v->text = strndup(start, (size_t)(ps->p - start));
	if (!v->text)
		return fail(ps, "out of memory");
	errno = 0;
	v->number = strtoull(v->text, &stop, 0);
	if (errno)
		return fail(ps, "the number %.40s is too large", v->text);
	if (*stop)
		return fail(ps, "\"%.40s\" is not a number (strings want quotes)", v->text);
	return true;
}

static bool parse_value(struct parser *ps, struct cfg_value *v, int depth);

static bool parse_list(struct parser *ps, struct cfg_value *v, int depth)
{
	char buf[16];

	v->type = CFG_LIST;
	ps->p++;
	for (;;) {
		struct cfg_value *items;

		skip_space(ps, true);
		if (peek(ps) == ']')
			break;
		items = realloc(v->items, (v->nr_items + 1) * sizeof(*items));
		if (!items)
			return fail(ps, "out of memory");
		v->items = items;
		memset(&items[v->nr_items], 0, sizeof(*items));
		/* Counted before it is parsed: what is half there is freed too. */
		v->nr_items++;
		if (!parse_value(ps, &items[v->nr_items - 1], depth + 1))
			return false;
		skip_space(ps, true);
		if (peek(ps) == ',')
			ps->p++;
		else if (peek(ps) != ']')
			return fail(ps, "a ',' or ']' is missing before %s in the list that starts "
				    "in line %d", found(ps, buf), v->line);
	}
	ps->p++;
	return true;
}

static bool parse_value(struct parser *ps, struct cfg_value *v, int depth)
{
	char buf[16];
	int c = peek(ps);

	v->line = ps->line;
	if (c == '"' || c == '\'')
		return parse_string(ps, v);
	if (isdigit(c))
		return parse_number(ps, v);
	if (c == '[')
		return depth < MAX_DEPTH ? parse_list(ps, v, depth) :
					   fail(ps, "lists are nested too deeply");
	if (isalpha(c))
		return fail(ps, "a value must be a number, a string in quotes or a list "
			    "(quotes missing?)");
	return fail(ps, "a value is missing before %s", found(ps, buf));
}

static bool parse_name(struct parser *ps, struct cfg_setting *s)
{
	const char *start = ps->p;
	char buf[16];

	if (!isalpha(peek(ps)) && peek(ps) != '_')
		return fail(ps, "a setting must start with a name, not with %s", found(ps, buf));
	/* Names of xl.conf(5) have dots. */
	while (isalnum(peek(ps)) || peek(ps) == '_' || peek(ps) == '.')
		ps->p++;
	s->name = strndup(start, (size_t)(ps->p - start));
	return s->name ? true : fail(ps, "out of memory");
}

static bool parse_setting(struct parser *ps, struct cfg_setting *s)
{
	char buf[16];

	s->line = ps->line;
	if (!parse_name(ps, s))
		return false;
	skip_space(ps, false);
	if (peek(ps) == '+') {
		s->append = true;
		ps->p++;
	}
	if (peek(ps) != '=')
		return fail(ps, "'=' is missing after \"%.40s\", before %s", s->name,
			    found(ps, buf));
	ps->p++;
	skip_space(ps, false);
	if (!parse_value(ps, &s->value, 0))
		return false;
	skip_space(ps, false);
	if (peek(ps) >= 0 && peek(ps) != '\n' && peek(ps) != ';')
		return fail(ps, "%s follows the value of \"%.40s\"; settings end with a newline or "
			    "a ';'", found(ps, buf), s->name);
	return true;
}

static bool parse_all(struct parser *ps, struct cfg *cfg)
{
	struct cfg_setting **tail = &cfg->first;

	for (;;) {
		struct cfg_setting *s;

		skip_space(ps, true);
		while (peek(ps) == ';') {
			ps->p++;
			skip_space(ps, true);
		}
		if (peek(ps) < 0)
			return true;
		s = calloc(1, sizeof(*s));
		if (!s)
			return fail(ps, "out of memory");
		*tail = s;
		tail = &s->next;
		if (!parse_setting(ps, s))
			return false;
	}
}

struct cfg *cfg_parse(const char *source, const char *text, size_t len, struct cfg_error *err)
{
	struct parser ps = {
		.p = text, .end = text + len, .source = source, .line = 1, .err = err,
	};
	struct cfg *cfg = calloc(1, sizeof(*cfg));

	if (cfg)
		cfg->source = strdup(source);
	if (!cfg || !cfg->source) {
		fail(&ps, "out of memory");
		cfg_free(cfg);
		return NULL;
	}
	/* What editors elsewhere begin a UTF-8 file with. */
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		ps.p += 3;
	if (!parse_all(&ps, cfg)) {
		cfg_free(cfg);
		return NULL;
	}
	return cfg;
}

static void free_value(struct cfg_value *v)
{
	for (size_t i = 0; i < v->nr_items; i++)
		free_value(&v->items[i]);
	free(v->items);
	free(v->text);
}

void cfg_free(struct cfg *cfg)
{
	if (!cfg)
		return;
	while (cfg->first) {
		struct cfg_setting *s = cfg->first;

		cfg->first = s->next;
		free_value(&s->value);
		free(s->name);
		free(s);
	}
	free(cfg->source);
	free(cfg);
}
