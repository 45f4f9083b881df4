/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "xy_image.h"

/* Offsets of the little-endian fields used here. */
enum {
	OFF_TEXT_OFFSET = 8,
	OFF_IMAGE_SIZE = 16,
	OFF_FLAGS = 24,
	OFF_MAGIC = 56,
	HEADER_SIZE = 64,
};

#define MAGIC		0x644d5241u	/* "ARM\x64" */
#define ALIGN_2M	0x200000ull
#define OLD_TEXT_OFFSET	0x80000ull	/* of kernels that leave image_size zero */
#define SANE_SIZE	(1ull << 32)
#define FLAG_BE		1u
#define ELF_MAGIC	"\177ELF"

static uint64_t le(const uint8_t *p, unsigned int bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

static int not_an_image(const uint8_t *p, size_t size, struct xy_err *err)
{
	if (size >= 4 && !memcmp(p, ELF_MAGIC, 4))
		return xy_fail(err, -EINVAL, "it is an ELF file; an arm64 Image is wanted");
	if (size >= 40 && le(p + 36, 4) == 0x016f2818)
		return xy_fail(err, -EINVAL, "it is a 32-bit Arm zImage; 32-bit guests are not "
			       "supported yet");
	return xy_fail(err, -EINVAL, "it is not an arm64 Linux Image (no \"ARM\\x64\" at byte 56)");
}

int xy_image_parse(const void *data, size_t size, struct xy_image *out, struct xy_err *err)
{
	const uint8_t *p = data;

	if (size < HEADER_SIZE || le(p + OFF_MAGIC, 4) != MAGIC)
		return not_an_image(p, size, err);
	out->text_offset = le(p + OFF_TEXT_OFFSET, 8);
	out->run_size = le(p + OFF_IMAGE_SIZE, 8);
	if (!out->run_size)
		out->text_offset = OLD_TEXT_OFFSET;	/* Linux before 3.17 */
	if (out->text_offset >= ALIGN_2M || out->text_offset % 4096)
		return xy_fail(err, -EINVAL, "its text offset %#llx is not a page below 2 MiB",
			       (unsigned long long)out->text_offset);
	if (out->run_size > SANE_SIZE)
		return xy_fail(err, -EINVAL, "its header claims %#llx bytes of memory",
			       (unsigned long long)out->run_size);
	if (le(p + OFF_FLAGS, 8) & FLAG_BE)
		return xy_fail(err, -EINVAL, "it is a big-endian kernel, which is not supported");
	if (out->run_size < size)
		out->run_size = size;
	return 0;
}
