/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xy_blob.h"

int xy_blob_file(struct xy_blob *b, const char *path, const char *what, struct xy_err *err)
{
	/* A FIFO must not keep us before it is refused. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret = 0;
	struct stat st;
	void *p;

	memset(b, 0, sizeof(*b));
	if (fd < 0)
		return xy_fail(err, -errno, "cannot open %s %s: %s", what, path, strerror(errno));
	if (fstat(fd, &st)) {
		ret = xy_fail(err, -errno, "%s %s: %s", what, path, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		ret = xy_fail(err, -EINVAL, "%s %s is not a regular file", what, path);
	} else if (!st.st_size) {
		ret = xy_fail(err, -EINVAL, "%s %s is empty", what, path);
	} else {
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (p == MAP_FAILED) {
			ret = xy_fail(err, -errno, "cannot read %s %s: %s", what, path,
				      strerror(errno));
		} else {
			b->data = b->mem = p;
			b->size = b->mapped = (size_t)st.st_size;
		}
	}
	close(fd);
	return ret;
}

void xy_blob_free(struct xy_blob *b)
{
	if (b->mapped)
		munmap(b->mem, b->mapped);
	else
		free(b->mem);
	memset(b, 0, sizeof(*b));
}
