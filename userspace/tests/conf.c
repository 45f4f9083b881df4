// SPDX-License-Identifier: GPL-2.0-only
/* The host's configuration: what Debian's xl.conf may hold, and what is wrong in one. */
#include <stdlib.h>

#include "test.h"
#include "xl/conf.h"
#include "xl/devspec.h"

static char warnings[1024];

static void on_warning(const char *text)
{
	strncat(warnings, text, sizeof(warnings) - strlen(warnings) - 2);
	strcat(warnings, "\n");
}

static struct xl_conf read_text(const char *text)
{
	struct xl_conf c = { 0 };
	struct cfg_error err = { "" };
	struct cfg *file = cfg_parse("f", text, strlen(text), &err);

	warnings[0] = '\0';
	CHECK_STR(err.text, "");
	if (file)
		conf_read(&c, file, on_warning);
	cfg_free(file);
	return c;
}

static void test_good(void)
{
	struct xl_conf c = read_text(
		"autoballoon=\"auto\"\nvm.hvm.cpumask=\"0-3\"\nclaim_mode=1\n"
		"vif.default.bridge=\"br0\"\nlockfile='/run/x'\nmax_grant_frames=128\n"
		"vif.default.script='vif-route'\nvif.default.bridge='br1'\n");
	struct vif_spec given = { .bridge = strdup("mine") }, open = { 0 };

	CHECK_STR(warnings, "");
	CHECK_STR(c.lockfile, "/run/x");
	CHECK_EQ(c.max_grant_frames, 128);
	CHECK_EQ(c.max_maptrack_frames, 0);
	CHECK(conf_complete_vif(&c, &given) && conf_complete_vif(&c, &open));
	CHECK_STR(given.bridge, "mine");
	CHECK_STR(open.bridge, "br1");
	CHECK_STR(open.script, "vif-route");
	CHECK(!open.gatewaydev);
	vif_free(&given);
	vif_free(&open);
	conf_free(&c);
}

static void test_bad(void)
{
	struct xl_conf c = read_text("vif.default.bridge=1\nfrob='x'\nmax_grant_frames='many'\n"
				     "lockfile=''\nvifscript='old'\n");

	CHECK_STR(warnings,
		  "f:1: \"vif.default.bridge\" must be a string; ignored\n"
		  "f:2: \"frob\" is not a known setting and ignored\n"
		  "f:3: \"max_grant_frames\" must be a number up to 1048576; ignored\n"
		  "f:4: \"lockfile\" must be a string; ignored\n");
	CHECK(!c.vif_bridge && !c.lockfile && !c.max_grant_frames);
	CHECK_STR(c.vif_script, "old");
	conf_free(&c);
}

int main(void)
{
	test_good();
	test_bad();
	return test_end();
}
