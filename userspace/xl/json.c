// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "json.h"

static void put_text(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if ((unsigned char)*s < ' ')
			printf("\\u%04x", *s);
		else
			putchar(*s);
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
