/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Header of an arm64 Linux Image (Documentation/arm64/booting.rst, section 3). */
#ifndef XY_IMAGE_H
#define XY_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "xy_err.h"

struct xy_image {
	uint64_t text_offset;	/* from a 2 MiB boundary */
	uint64_t run_size;	/* memory it needs from there, at least the file's size */
};

/*
 * Reads and checks the header of the @size bytes at @data. -EINVAL and a sentence
 * when it is not an arm64 Image, or one that contradicts itself.
 */
int xy_image_parse(const void *data, size_t size, struct xy_image *out, struct xy_err *err);

#endif
