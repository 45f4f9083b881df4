/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the parsers of device specifications. */
#ifndef XL_DEVSPEC_INT_H
#define XL_DEVSPEC_INT_H

#include "devspec.h"

/* Stores the sentence; always false. */
bool spec_fail(struct spec_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Cuts the next comma-separated part off *@rest, without space around it; NULL at the end. */
char *spec_next(char **rest);

/* Splits "key = value" in place and returns the value; NULL when there is no '='. */
char *spec_value(char *s);

/* Copies @value to *@field, once. */
bool spec_set(char **field, const char *value, const char *what, struct spec_error *err);

#endif
