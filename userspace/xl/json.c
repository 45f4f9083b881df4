// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "json.h"

/*
 * Bytes of the UTF-8 sequence at @s (RFC 3629), or 0 when it is none: overlong forms,
 * surrogates and what lies beyond U+10FFFF are none.
 */
static unsigned int sequence(const unsigned char *s)
{
	unsigned int len = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;

	for (unsigned int i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/* A byte that is not UTF-8 is taken for the character with its number. */
static void put_text(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	putchar('"');
	while (*s) {
		unsigned int len = sequence(s);

		if (len)
			fwrite(s, 1, len, stdout);
		else if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if (*s < ' ' || *s > '~')
			printf("\\u%04x", *s);
		else
			putchar(*s);
		s += len ? len : 1;
	}
	putchar('"');
}

static void begin_line(const struct json *j)
{
	printf("\n%*s", 4 * (int)j->depth, "");
}

static void element(struct json *j, const char *name)
{
	if (j->more)
		putchar(',');
	if (j->depth)
		begin_line(j);
	j->more = true;
	if (name) {
		put_text(name);
		fputs(": ", stdout);
	}
}

void json_open(struct json *j, const char *name, char bracket)
{
	element(j, name);
	putchar(bracket);
	j->depth++;
	j->more = false;
}

void json_close(struct json *j, char bracket)
{
	j->depth--;
	begin_line(j);
	putchar(bracket);
	j->more = true;
	if (!j->depth)
		putchar('\n');
}

void json_text(struct json *j, const char *name, const char *value)
{
	if (!value)
		return;
	element(j, name);
	put_text(value);
}

void json_number(struct json *j, const char *name, unsigned long long value)
{
	element(j, name);
	printf("%llu", value);
}
