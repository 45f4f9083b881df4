/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes JSON (RFC 8259) to standard output, laid out as Xen's tools do. */
#ifndef XL_JSON_H
#define XL_JSON_H

#include <stdbool.h>

struct json {
	unsigned int depth;
	bool more;	/* the next element has one before it */
};

/* @name is NULL in lists. */
void json_open(struct json *j, const char *name, char bracket);
void json_close(struct json *j, char bracket);
/* NULL writes nothing. */
void json_text(struct json *j, const char *name, const char *value);
void json_number(struct json *j, const char *name, unsigned long long value);

#endif
