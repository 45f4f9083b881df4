/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XL_UUID_H
#define XL_UUID_H

#include <stdbool.h>
#include <stdint.h>

#define UUID_TEXT 37		/* with the terminator */

void uuid_format(const uint8_t uuid[16], char out[UUID_TEXT]);
/* Accepts upper and lower case, hyphens at their usual places or none at all. */
bool uuid_parse(const char *s, uint8_t uuid[16]);
/* A random one (RFC 4122 version 4); false when the kernel has no randomness. */
bool uuid_random(uint8_t uuid[16]);

#endif
