/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the hypervisor says about itself. Negative errno on failure. */
#ifndef XY_VERSION_H
#define XY_VERSION_H

#include <stddef.h>
#include <stdint.h>

#include "xy_call.h"

/* Texts are always terminated; what the hypervisor does not tell is empty. */
struct xy_version {
	unsigned int major, minor;
	char extra[16];
	char compiler[64], compile_by[16], compile_domain[32], compile_date[32];
	char caps[1024];
	char changeset[64];
	char cmdline[1024];
	char build_id[129];		/* hexadecimal */
	uint64_t virt_start;
	unsigned int page_size;
};

int xy_version(struct xy_call *c, struct xy_version *out);
/* major << 16 | minor only. */
long xy_version_number(struct xy_call *c);

#endif
