/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The decompressors. Input is not trusted: every library is used through the
 * interface that takes both lengths, and output stops at the caller's limit.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_LZMA
#include <lzma.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LZ4
#include <lz4.h>
#endif

#include "xy_blob.h"

#define FIRST_ROOM	(8U << 20)
#define XZ_MEMORY	(256ULL << 20)

/* Output that grows up to a limit. */
struct sink {
	uint8_t *p;
	size_t used, room, limit;
};

/* Makes room for more; false at the limit (-EFBIG) or without memory. */
__attribute__((unused)) /* without any of the libraries */
static int grow(struct sink *s)
{
	size_t room = s->room ? s->room * 2 : FIRST_ROOM;
	uint8_t *p;

	if (s->room >= s->limit)
		return -EFBIG;
	if (room > s->limit)
		room = s->limit;
	p = realloc(s->p, room);
	if (!p)
		return -ENOMEM;
	s->p = p;
	s->room = room;
	return 0;
}

typedef int (*unpack_fn)(struct sink *s, const uint8_t *in, size_t size);

#ifdef HAVE_ZLIB
static int unpack_gzip(struct sink *s, const uint8_t *in, size_t size)
{
	z_stream z = { .next_in = (Bytef *)in, .avail_in = size };
	int ret = 0, code = Z_OK;

	if (size > UINT32_MAX)
		return -EFBIG;
	if (inflateInit2(&z, 15 + 16) != Z_OK)	/* 32 KiB window, gzip header */
		return -ENOMEM;
	while (code != Z_STREAM_END && !ret) {
		if (s->used == s->room)
			ret = grow(s);
		if (ret)
			break;
		z.next_out = s->p + s->used;
		z.avail_out = s->room - s->used > UINT32_MAX ? UINT32_MAX : s->room - s->used;
		code = inflate(&z, Z_NO_FLUSH);
		s->used = (size_t)(z.next_out - s->p);
		if (code != Z_OK && code != Z_STREAM_END)
			ret = -EINVAL;
	}
	inflateEnd(&z);
	return ret;
}
#else
#define unpack_gzip NULL
#endif

#ifdef HAVE_LZMA
static int unpack_xz(struct sink *s, const uint8_t *in, size_t size)
{
	lzma_stream z = LZMA_STREAM_INIT;
	lzma_ret code = LZMA_OK;
	int ret = 0;

	if (lzma_stream_decoder(&z, XZ_MEMORY, 0) != LZMA_OK)
		return -ENOMEM;
	z.next_in = in;
	z.avail_in = size;
	while (code != LZMA_STREAM_END && !ret) {
		if (s->used == s->room)
			ret = grow(s);
		if (ret)
			break;
		z.next_out = s->p + s->used;
		z.avail_out = s->room - s->used;
		code = lzma_code(&z, z.avail_in ? LZMA_RUN : LZMA_FINISH);
		s->used = (size_t)(z.next_out - s->p);
		if (code != LZMA_OK && code != LZMA_STREAM_END)
			ret = -EINVAL;
	}
	lzma_end(&z);
	return ret;
}
#else
#define unpack_xz NULL
#endif

#ifdef HAVE_ZSTD
static int unpack_zstd(struct sink *s, const uint8_t *in, size_t size)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();
	ZSTD_inBuffer src = { in, size, 0 };
	size_t code = 1;
	int ret = 0;

	if (!z)
		return -ENOMEM;
	while (code && !ret) {
		ZSTD_outBuffer dst;
		size_t before = src.pos;

		if (s->used == s->room)
			ret = grow(s);
		if (ret)
			break;
		dst = (ZSTD_outBuffer){ s->p, s->room, s->used };
		code = ZSTD_decompressStream(z, &dst, &src);
		if (ZSTD_isError(code) || (dst.pos == s->used && src.pos == before))
			ret = -EINVAL;	/* broken, or cut short: no progress */
		s->used = dst.pos;
	}
	ZSTD_freeDCtx(z);
	return ret;
}
#else
#define unpack_zstd NULL
#endif

#ifdef HAVE_LZ4
/*
 * The legacy frame of the kernel's build: a magic number, then blocks of a
 * 32-bit length and at most 8 MiB of output. What follows the last block (the
 * kernel's build appends the size) is no length that fits, and ends it.
 */
static int unpack_lz4(struct sink *s, const uint8_t *in, size_t size)
{
	const size_t block = 8U << 20;
	size_t pos = 4;

	while (size - pos >= 4) {
		size_t len = in[pos] | in[pos + 1] << 8 | in[pos + 2] << 16 |
			     (size_t)in[pos + 3] << 24;
		int n, ret;

		if (!len || len > size - pos - 4)
			break;
		pos += 4;
		while (s->room - s->used < block && s->room < s->limit) {
			ret = grow(s);
			if (ret)
				return ret;
		}
		n = LZ4_decompress_safe((const char *)in + pos, (char *)s->p + s->used, len,
					s->room - s->used < block ? s->room - s->used : block);
		if (n < 0)
			return s->room == s->limit ? -EFBIG : -EINVAL;
		s->used += n;
		pos += len;
	}
	return s->used ? 0 : -EINVAL;
}
#else
#define unpack_lz4 NULL
#endif

static const struct format {
	const char *name;
	uint8_t magic[6];
	uint8_t magic_len;
	unpack_fn unpack;	/* NULL: built without the library */
} formats[] = {
	{ "gzip", { 0x1f, 0x8b }, 2, unpack_gzip },
	{ "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, unpack_xz },
	{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, unpack_zstd },
	{ "lz4", { 0x02, 0x21, 0x4c, 0x18 }, 4, unpack_lz4 },
};

static const struct format *find_format(const uint8_t *p, size_t size)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (size >= formats[i].magic_len &&
		    !memcmp(p, formats[i].magic, formats[i].magic_len))
			return &formats[i];
	return NULL;
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Linux's EFI zboot: "MZ", "zimg" at 4, then offset and size of the payload. */
static bool is_zboot(const struct xy_blob *b)
{
	return b->size >= 64 && !memcmp(b->data, "MZ", 2) && !memcmp(b->data + 4, "zimg", 4);
}

int xy_blob_unpack(struct xy_blob *b, size_t limit, struct xy_err *err)
{
	struct sink s = { .limit = limit };
	const uint8_t *in = b->data;
	size_t size = b->size;
	const struct format *f;
	int ret;

	if (is_zboot(b)) {
		uint32_t off = le32(in + 8), len = le32(in + 12);

		if (off > size || len > size - off)
			return xy_fail(err, -EINVAL, "the EFI zboot image is cut short");
		in += off;
		size = len;
		if (!find_format(in, size))
			return xy_fail(err, -EOPNOTSUPP,
				       "the EFI zboot image has an unknown compression");
	}
	f = find_format(in, size);
	if (!f)
		return 0;
	if (!f->unpack)
		return xy_fail(err, -EOPNOTSUPP, "it is compressed with %s, for which this "
			       "build has no library", f->name);
	ret = f->unpack(&s, in, size);
	if (ret) {
		free(s.p);
		return xy_fail(err, ret, "its %s data %s", f->name,
			       ret == -EFBIG ? "unpacks to more than fits" :
			       ret == -ENOMEM ? "cannot be unpacked: out of memory" :
						"is damaged or cut short");
	}
	xy_blob_free(b);
	b->data = b->mem = s.p;
	b->size = s.used;
	return 0;
}
