// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "devspec.h"

static const struct key {
	const char *name;
	size_t text, number;	/* offset of the field; one of both */
} keys[] = {
	{ "lockfile", offsetof(struct xl_conf, lockfile) },
	{ "vif.default.bridge", offsetof(struct xl_conf, vif_bridge) },
	{ "defaultbridge", offsetof(struct xl_conf, vif_bridge) },
	{ "vif.default.script", offsetof(struct xl_conf, vif_script) },
	{ "vifscript", offsetof(struct xl_conf, vif_script) },
	{ "vif.default.gatewaydev", offsetof(struct xl_conf, vif_gatewaydev) },
	{ "max_grant_frames", 0, offsetof(struct xl_conf, max_grant_frames) },
	{ "max_maptrack_frames", 0, offsetof(struct xl_conf, max_maptrack_frames) },
};

/* Of Xen's xl; here they change nothing: dom0 is not ballooned, memory not claimed. */
static const char *const ignored[] = {
	"autoballoon", "blkdev_start", "claim_mode", "colo.default.proxyscript", "domid_policy",
	"max_grant_version", "output_format", "remus.default.netbufscript", "run_hotplug_scripts",
	"vif.default.backend", "vm.cpumask", "vm.hvm.cpumask", "vm.pv.cpumask",
};

typedef void (*warn_fn)(const char *text);

static void complain(warn_fn warn, const struct cfg *file, const struct cfg_setting *s,
		     const char *what)
{
	char text[256];

	snprintf(text, sizeof(text), "%.80s:%d: \"%.60s\" %s", file->source, s->line, s->name, what);
	warn(text);
}

static bool set(struct xl_conf *c, const struct key *k, const struct cfg_value *v)
{
	char **text = (char **)((char *)c + k->text), *copy;

	if (k->number) {
		if (v->type != CFG_NUMBER || v->number > 1ul << 20)
			return false;
		*(unsigned long *)((char *)c + k->number) = (unsigned long)v->number;
		return true;
	}
	if (v->type != CFG_STRING || !*v->text)
		return false;
	copy = strdup(v->text);
	if (!copy)
		return false;
	free(*text);
	*text = copy;
	return true;
}

static bool is_ignored(const char *name)
{
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (!strcmp(name, ignored[i]))
			return true;
	return false;
}

void conf_read(struct xl_conf *c, const struct cfg *file, warn_fn warn)
{
	for (const struct cfg_setting *s = file->first; s; s = s->next) {
		const struct key *k = NULL;

		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (!strcmp(s->name, keys[i].name))
				k = &keys[i];
		if (k && !set(c, k, &s->value))
			complain(warn, file, s, k->number ? "must be a number up to 1048576; ignored" :
				 "must be a string; ignored");
		else if (!k && !is_ignored(s->name))
			complain(warn, file, s, "is not a known setting and ignored");
	}
}

void conf_free(struct xl_conf *c)
{
	free(c->lockfile);
	free(c->vif_bridge);
	free(c->vif_script);
	free(c->vif_gatewaydev);
	*c = (struct xl_conf){ 0 };
}

static bool complete(char **field, const char *value)
{
	if (*field || !value)
		return true;
	*field = strdup(value);
	return *field;
}

bool conf_complete_vif(const struct xl_conf *c, struct vif_spec *v)
{
	return complete(&v->bridge, c->vif_bridge) && complete(&v->script, c->vif_script) &&
	       complete(&v->gatewaydev, c->vif_gatewaydev);
}
