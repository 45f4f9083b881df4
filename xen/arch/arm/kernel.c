// SPDX-License-Identifier: GPL-2.0-only
/* Is the kernel module something that can be started? */
#include <xen/init.h>
#include <xen/lib.h>
#include <asm/page.h>
#include "dom0.h"

/* Header of an arm64 Image; little-endian. */
struct image_header {
	uint32_t code0, code1;
	uint64_t text_offset;
	uint64_t image_size;
	uint64_t flags;
	uint64_t res2, res3, res4;
	uint32_t magic;
	uint32_t pe_offset;
};

#define IMAGE_MAGIC		0x644d5241	/* "ARM\x64" */
#define IMAGE_FLAG_BE		BIT_ULL(0)
#define IMAGE_OLD_TEXT_OFFSET	0x80000		/* when image_size is 0: before Linux 3.17 */
#define IMAGE_MAX		GB(64)		/* larger claims are nonsense */

/* What else people try to boot, and what to do about it. */
static const struct {
	const char *magic;
	uint8_t at, len;
	const char *what;
} other_formats[] __initconst = {
	{ "\x1f\x8b", 0, 2, "gzip-compressed: decompress it first (gzip -dc)" },
	{ "\xfd" "7zXZ", 0, 5, "xz-compressed: decompress it first (xz -dc)" },
	{ "\x02\x21\x4c\x18", 0, 4, "lz4-compressed: decompress it first (lz4 -dc)" },
	{ "\x28\xb5\x2f\xfd", 0, 4, "zstd-compressed: decompress it first (zstd -dc)" },
	{ "zimg", 4, 4, "a self-decompressing EFI image: use the Image inside of it" },
	{ "\x7f" "ELF", 0, 4, "an ELF file: use arch/arm64/boot/Image" },
	{ "\x27\x05\x19\x56", 0, 4, "a U-Boot image: use the Image inside of it" },
	{ "\x18\x28\x6f\x01", 36, 4, "a 32-bit zImage: 32-bit dom0 kernels are not supported" },
};

static const char * __init describe(const void *data, uint64_t size)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(other_formats); i++) {
		unsigned int at = other_formats[i].at, len = other_formats[i].len;

		if (size >= at + len && !memcmp(data + at, other_formats[i].magic, len))
			return other_formats[i].what;
	}
	return "not an arm64 Linux Image";
}

void __init kernel_probe(const struct boot_module *mod, struct kernel_image *img)
{
	const struct image_header *h = maddr_to_virt(mod->start);

	if (mod->size < sizeof(*h) || h->magic != IMAGE_MAGIC)
		panic("The dom0 kernel (%lu bytes at %#lx) is %s", (unsigned long)mod->size,
		      (unsigned long)mod->start, describe(h, mod->size));
	if (h->flags & IMAGE_FLAG_BE)
		panic("The dom0 kernel is big-endian, which is not supported");
	img->data = h;
	img->size = mod->size;
	img->text_offset = h->image_size ? h->text_offset : IMAGE_OLD_TEXT_OFFSET;
	img->image_size = max(h->image_size, img->size);
	if (img->image_size > IMAGE_MAX || img->text_offset > IMAGE_MAX)
		panic("The dom0 kernel's header asks for %#lx bytes at offset %#lx: it is damaged",
		      (unsigned long)h->image_size, (unsigned long)h->text_offset);
}
