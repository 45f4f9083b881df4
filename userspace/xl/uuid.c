// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <sys/random.h>

#include "uuid.h"

static bool hyphen_before(int byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void uuid_format(const uint8_t uuid[16], char out[UUID_TEXT])
{
	for (int i = 0; i < 16; i++)
		out += sprintf(out, hyphen_before(i) ? "-%02x" : "%02x", uuid[i]);
}

bool uuid_parse(const char *s, uint8_t uuid[16])
{
	for (int i = 0; i < 16; i++) {
		char pair[3] = "";
		unsigned int v;

		if (*s == '-' && hyphen_before(i))
			s++;
		if (!isxdigit((unsigned char)s[0]) || !isxdigit((unsigned char)s[1]))
			return false;
		pair[0] = *s++;
		pair[1] = *s++;
		sscanf(pair, "%x", &v);
		uuid[i] = v;
	}
	return !*s;
}

bool uuid_random(uint8_t uuid[16])
{
	if (getrandom(uuid, 16, 0) != 16)
		return false;
	uuid[6] = (uuid[6] & 0x0f) | 0x40;	/* RFC 4122 4.1.3: version 4 */
	uuid[8] = (uuid[8] & 0x3f) | 0x80;	/* 4.1.1: this variant */
	return true;
}
