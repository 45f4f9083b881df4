/* SPDX-License-Identifier: GPL-2.0-only */
/* Values as text: what is not printable as \n, \r, \t, \\ or \ooo (octal). */
#ifndef XENSTORE_ESCAPE_H
#define XENSTORE_ESCAPE_H

/* The caller's to free(); NULL without memory. */
char *escape(const char *value, unsigned int len);
/* In place; returns the length. What is no escape stays as it is. */
unsigned int unescape(char *text);

#endif /* XENSTORE_ESCAPE_H */
