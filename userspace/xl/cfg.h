/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The grammar of xl.cfg(5): text in, settings out. No files, no output and no
 * knowledge of any key.
 *
 *	file    := { [setting] ( newline | ';' ) }
 *	setting := name ( '=' | '+=' ) value
 *	value   := atom | '[' [ value { ',' value } [ ',' ] ] ']'
 *	atom    := number | 'string' | "string"
 *
 * '#' starts a comment; newlines count as space inside brackets.
 */
#ifndef XL_CFG_H
#define XL_CFG_H

#include <stdbool.h>
#include <stddef.h>

enum cfg_type { CFG_NUMBER, CFG_STRING, CFG_LIST };

struct cfg_value {
	enum cfg_type type;
	int line;
	char *text;			/* strings, and numbers as they were written */
	unsigned long long number;
	struct cfg_value *items;	/* lists */
	size_t nr_items;
};

struct cfg_setting {
	struct cfg_setting *next;
	char *name;
	int line;
	bool append;			/* '+=' */
	struct cfg_value value;
};

struct cfg {
	char *source;			/* file name, for messages */
	struct cfg_setting *first;	/* in the order written */
};

struct cfg_error {
	char text[256];			/* "file:line: what is wrong" */
};

/*
 * Parses @len bytes; @source is only a name. NULL and an error text on bad
 * input or without memory.
 */
struct cfg *cfg_parse(const char *source, const char *text, size_t len, struct cfg_error *err);
void cfg_free(struct cfg *cfg);	/* accepts NULL */

#endif
