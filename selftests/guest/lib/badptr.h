/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses that a hypercall must refuse with -EFAULT. */
#ifndef GUEST_BADPTR_H
#define GUEST_BADPTR_H

#include "types.h"

struct bad_pointer {
	const char *name;
	void *p;
	bool readable;		/* refused for writing only */
};

/* The list ends with a NULL name. */
const struct bad_pointer *bad_pointers(void);

/* An address with exactly n good bytes (n <= 4096) before an unmapped page. */
void *bad_straddle(unsigned int n);

#endif
