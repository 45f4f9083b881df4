/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file's content in memory, plain or unpacked. Needs no hypervisor.
 *
 * On failure a sentence is left in the xy_err and the blob is empty; freeing an
 * empty blob is harmless. Forked children may read a blob, not free it twice.
 */
#ifndef XY_BLOB_H
#define XY_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xy_err.h"

struct xy_blob {
	const uint8_t *data;
	size_t size;
	void *mem;		/* what owns the bytes */
	size_t mapped;		/* length of the mapping, 0: from malloc */
};

/* @what is the word for the file in messages: "kernel", "ramdisk". */
int xy_blob_file(struct xy_blob *b, const char *path, const char *what, struct xy_err *err);
void xy_blob_free(struct xy_blob *b);

/*
 * Unpacks gzip, xz, zstd and the kernel's lz4 in place, and the EFI "zboot"
 * wrapper of these; other content stays as it is. More than @limit bytes is an
 * error, -EFBIG; a format this build has no library for, -EOPNOTSUPP.
 */
int xy_blob_unpack(struct xy_blob *b, size_t limit, struct xy_err *err);

#endif
