// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grammar of configuration files: what is accepted means what it should, and
 * what is not is refused with the right line.
 */
#include <stdlib.h>

#include "test.h"
#include "xl/cfg.h"

static struct cfg_error err;

static struct cfg *parse(const char *text)
{
	err.text[0] = '\0';
	return cfg_parse("f", text, strlen(text), &err);
}

static void refused(const char *text, const char *want)
{
	struct cfg *c = parse(text);

	CHECK(!c);
	CHECK_STR(err.text, want);
	cfg_free(c);
}

static void test_atoms(void)
{
	struct cfg *c = parse("a = 1\nb=0x10 ; c=010\n\n# comment\n_d2\t=\t'x y' # more\ne=\"\"");
	struct cfg_setting *s;

	CHECK(c && c->first);
	if (!c)
		return;
	s = c->first;
	CHECK_STR(s->name, "a");
	CHECK_EQ(s->value.type, CFG_NUMBER);
	CHECK_EQ(s->value.number, 1);
	s = s->next;
	CHECK_EQ(s->value.number, 16);
	CHECK_EQ(s->line, 2);
	s = s->next;
	CHECK_EQ(s->value.number, 8);
	s = s->next;
	CHECK_STR(s->name, "_d2");
	CHECK_EQ(s->line, 5);
	CHECK_EQ(s->value.type, CFG_STRING);
	CHECK_STR(s->value.text, "x y");
	s = s->next;
	CHECK_STR(s->value.text, "");
	CHECK(!s->next);
	cfg_free(c);
}

/* A file from another system: a byte order mark, lines that end with CR LF. */
static void test_foreign(void)
{
	struct cfg *c = parse("\xef\xbb\xbf" "a = 'x'\r\nb = [ 1,\r\n 2 ]\r\n");

	CHECK(c && c->first && c->first->next);
	if (!c)
		return;
	CHECK_STR(c->first->name, "a");
	CHECK_STR(c->first->value.text, "x");
	CHECK_EQ(c->first->next->line, 2);
	CHECK_EQ(c->first->next->value.nr_items, 2);
	cfg_free(c);
	refused("\xef\xbb" "a=1", "f:1: a setting must start with a name, not with byte 0xef");
	refused("a=1\n\xef\xbb\xbf", "f:2: a setting must start with a name, not with byte 0xef");
}

static void test_escapes(void)
{
	struct cfg *c = parse("a='\\n\\t\\\\\\'\\\"\\x41\\101'\nb=\"it's\"");

	CHECK(c != NULL);
	if (!c)
		return;
	CHECK_STR(c->first->value.text, "\n\t\\'\"AA");
	CHECK_STR(c->first->next->value.text, "it's");
	cfg_free(c);
}

static void test_lists(void)
{
	struct cfg *c = parse("l = [ 'a', # first\n 'b' ,\n [1,2] , ]\nm=[]\nn+=['x']");
	struct cfg_value *v;

	CHECK(c != NULL);
	if (!c)
		return;
	v = &c->first->value;
	CHECK_EQ(v->type, CFG_LIST);
	CHECK_EQ(v->nr_items, 3);
	CHECK_STR(v->items[1].text, "b");
	CHECK_EQ(v->items[1].line, 2);
	CHECK_EQ(v->items[2].items[1].number, 2);
	CHECK_EQ(c->first->next->value.nr_items, 0);
	CHECK_EQ(c->first->next->line, 4);
	CHECK(c->first->next->next->append);
	cfg_free(c);
}

static void test_empty(void)
{
	static const char *const empty[] = { "", "\n", "  ;;\n;#x", "# only" };

	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		struct cfg *c = parse(empty[i]);

		CHECK(c && !c->first);
		cfg_free(c);
	}
}

static void test_refused(void)
{
	refused("a", "f:1: '=' is missing after \"a\", before the end of the file");
	refused("\n\na b", "f:3: '=' is missing after \"a\", before 'b'");
	refused("a=", "f:1: a value is missing before the end of the file");
	refused("a=\n1", "f:1: a value is missing before the end of the line");
	refused("a=xyz", "f:1: a value must be a number, a string in quotes or a list "
		"(quotes missing?)");
	refused("x=1\na='b", "f:2: the string lacks its closing '");
	refused("a='b\n'", "f:1: the string lacks its closing '");
	refused("a='\\q'", "f:1: the backslash in the string is not followed by a known escape "
		"(write \\\\ for a backslash)");
	refused("a='\\x00'", "f:1: the backslash in the string is not followed by a known escape "
		"(write \\\\ for a backslash)");
	refused("a=1 b=2", "f:1: 'b' follows the value of \"a\"; settings end with a newline or a "
		"';'");
	refused("a=12ab", "f:1: \"12ab\" is not a number (strings want quotes)");
	refused("a=99999999999999999999999", "f:1: the number 99999999999999999999999 is too large");
	refused("a=['x'\n'y']", "f:2: a ',' or ']' is missing before ''' in the list that starts in "
		"line 1");
	refused("a=['x',\n", "f:2: a value is missing before the end of the file");
	refused("=1", "f:1: a setting must start with a name, not with '='");
	refused("a=1\n\x01", "f:2: a setting must start with a name, not with byte 0x01");
	refused("a=[[[[[[[[[[1]]]]]]]]]]", "f:1: lists are nested too deeply");
}

static void test_zero_bytes(void)
{
	struct cfg *c = cfg_parse("f", "a='x\0y'", 7, &err);

	CHECK(!c);
	CHECK_STR(err.text, "f:1: there is a zero byte in the string");
	cfg_free(c);
}

int main(void)
{
	test_atoms();
	test_foreign();
	test_escapes();
	test_lists();
	test_empty();
	test_refused();
	test_zero_bytes();
	return test_end();
}
