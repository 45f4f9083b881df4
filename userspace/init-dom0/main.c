// SPDX-License-Identifier: GPL-2.0-only
/*
 * xen-init-dom0: tells xenstore about the domain that the hypervisor started
 * itself. Run once, after xenstored and before everything else; running it again
 * does no harm.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "xs.h"

#define NAME "Domain-0"

static const struct {
	const char *path;
	const char *value;	/* NULL: a directory */
} nodes[] = {
	{ "/local/domain/0/domid", "0" },
	{ "/local/domain/0/name", NAME },
	{ "/local/pool/0/name", "Pool-0" },
	{ "/vm", NULL },
	{ "/libxl", NULL },
};

static bool make(struct xs_handle *xs, size_t i)
{
	const char *value = nodes[i].value;
	bool ok = value ? xs_write(xs, XBT_NULL, nodes[i].path, value, strlen(value)) :
			  xs_mkdir(xs, XBT_NULL, nodes[i].path);

	if (!ok)
		fprintf(stderr, "xen-init-dom0: cannot write %s in xenstore: %s\n", nodes[i].path,
			strerror(errno));
	return ok;
}

/* Only dom0 sees it: guests find out about themselves alone. */
static bool close_up(struct xs_handle *xs)
{
	struct xs_permissions p = { .id = 0, .perms = XS_PERM_NONE };

	if (xs_set_permissions(xs, XBT_NULL, "/libxl", &p, 1))
		return true;
	fprintf(stderr, "xen-init-dom0: cannot close /libxl to guests: %s\n", strerror(errno));
	return false;
}

int main(int argc, char **argv)
{
	struct xs_handle *xs;
	bool ok = true;

	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "Usage: xen-init-dom0\n");
		return 1;
	}
	xs = xs_open(0);
	if (!xs) {
		fprintf(stderr, "xen-init-dom0: cannot connect to xenstore: %s (is xenstored "
			"running?)\n", strerror(errno));
		return 1;
	}
	for (size_t i = 0; ok && i < sizeof(nodes) / sizeof(nodes[0]); i++)
		ok = make(xs, i);
	ok = ok && close_up(xs);
	xs_close(xs);
	if (ok)
		puts("Done setting up Dom0");
	return !ok;
}
