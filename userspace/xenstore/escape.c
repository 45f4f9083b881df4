// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"

static const char special[] = "\n\r\t\\";
static const char letters[] = "nrt\\";

char *escape(const char *value, unsigned int len)
{
	char *text = malloc(4 * (size_t)len + 1), *out = text;

	for (unsigned int i = 0; text && i < len; i++) {
		unsigned char c = value[i];
		const char *s = c ? strchr(special, c) : NULL;

		if (s) {
			*out++ = '\\';
			*out++ = letters[s - special];
		} else if (c < ' ' || c > '~') {
			out += sprintf(out, "\\%03o", c);
		} else {
			*out++ = c;
		}
	}
	if (text)
		*out = '\0';
	return text;
}

static int octal(const char *s)
{
	int value = 0;

	for (int i = 0; i < 3; i++) {
		if (s[i] < '0' || s[i] > '7')
			return -1;
		value = value * 8 + s[i] - '0';
	}
	return value < 256 ? value : -1;
}

unsigned int unescape(char *text)
{
	char *in = text, *out = text;

	while (*in) {
		const char *s;
		int value;

		if (in[0] != '\\' || !in[1]) {
			*out++ = *in++;
			continue;
		}
		s = strchr(letters, in[1]);
		value = octal(in + 1);
		if (s) {
			*out++ = special[s - letters];
			in += 2;
		} else if (value >= 0) {
			*out++ = value;
			in += 4;
		} else {
			*out++ = *in++;
		}
	}
	return out - text;
}
