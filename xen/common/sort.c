// SPDX-License-Identifier: GPL-2.0-only
/* Heap sort: in place, no recursion, no bad case. */
#include <xen/lib.h>

static void swap_bytes(char *a, char *b, size_t size)
{
	while (size--) {
		char t = *a;

		*a++ = *b;
		*b++ = t;
	}
}

static void sift_down(char *base, size_t root, size_t nr, size_t size,
		      int (*cmp)(const void *, const void *))
{
	for (;;) {
		size_t child = 2 * root + 1;

		if (child >= nr)
			return;
		if (child + 1 < nr && cmp(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (cmp(base + root * size, base + child * size) >= 0)
			return;
		swap_bytes(base + root * size, base + child * size, size);
		root = child;
	}
}

void sort(void *base, size_t nr, size_t size, int (*cmp)(const void *, const void *))
{
	for (size_t i = nr / 2; i-- > 0;)
		sift_down(base, i, nr, size, cmp);
	for (size_t i = nr; i-- > 1;) {
		swap_bytes(base, (char *)base + i * size, size);
		sift_down(base, 0, i, size, cmp);
	}
}
