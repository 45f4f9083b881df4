/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's settings: xl.conf(5). Pure. */
#ifndef XL_CONF_H
#define XL_CONF_H

#include "cfg.h"

struct vif_spec;

/* What the file does not set is NULL, or 0. */
struct xl_conf {
	char *lockfile;
	char *vif_bridge, *vif_script, *vif_gatewaydev;
	unsigned long max_grant_frames, max_maptrack_frames;
};

/*
 * Takes what a parsed file sets. @warn is called with a sentence, file and line for
 * each setting that is wrong or unknown; the others count.
 */
void conf_read(struct xl_conf *c, const struct cfg *file, void (*warn)(const char *text));
void conf_free(struct xl_conf *c);

/* Completes an interface; false without memory. */
bool conf_complete_vif(const struct xl_conf *c, struct vif_spec *v);

#endif
