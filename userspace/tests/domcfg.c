// SPDX-License-Identifier: GPL-2.0-only
/* Settings as a domain's configuration: types, limits, defaults, warnings. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "test.h"
#include "xl/domcfg.h"

#define BASE "name='g'\nkernel='/k'\n"

static struct cfg_error err;
static char warnings[4096];

static void on_warning(const char *text)
{
	strncat(warnings, text, sizeof(warnings) - strlen(warnings) - 2);
	strcat(warnings, "\n");
}

static struct domcfg *make(const char *text, const char *extra)
{
	struct cfg *c[2];
	struct domcfg *d;

	warnings[0] = '\0';
	c[0] = cfg_parse("f", text, strlen(text), &err);
	c[1] = cfg_parse("x", extra, strlen(extra), &err);
	if (!c[0] || !c[1]) {
		printf("%s\n", err.text);
		abort();
	}
	d = domcfg_make(c, 2, on_warning, &err);
	cfg_free(c[0]);
	cfg_free(c[1]);
	return d;
}

static void refused(const char *text, const char *want)
{
	struct domcfg *d = make(text, "");

	CHECK(!d);
	CHECK_STR(err.text, want);
	domcfg_free(d);
}

static void test_defaults(void)
{
	struct domcfg *d = make(BASE, "");

	CHECK(d != NULL);
	if (!d)
		return;
	CHECK_STR(d->name, "g");
	CHECK_EQ(d->memory_mib, 128);
	CHECK_EQ(d->max_memory_mib, 128);
	CHECK_EQ(d->vcpus, 1);
	CHECK_EQ(d->max_vcpus, 1);
	CHECK_EQ(d->on_reboot, ACT_RESTART);
	CHECK_EQ(d->on_poweroff, ACT_DESTROY);
	CHECK(!d->cmdline && !d->has_uuid && !domcfg_cpus(&d->cpus, 0));
	CHECK_STR(warnings, "");
	domcfg_free(d);
}

static void test_all(void)
{
	struct domcfg *d = make(BASE
		"ramdisk='/r'\nroot='/dev/xvda'\nextra='ro quiet'\nmemory=64\nmaxmem='256'\n"
		"vcpus=2;maxvcpus=4;cpus='0-3,^2';cpu_weight=512;cap=50;shadow_memory=8;gic_version='v2'\n"
		"on_poweroff='preserve'\non_crash='rename-restart'\n"
		"uuid='0f0e0d0c-0b0a-0908-0706-050403020100'\n"
		"disk=['/img,raw,xvda,r','/b,,xvdb,w']\nvif=['bridge=br0','']\ntype='pvh'",
		"memory=96; vif+=['mac=00:16:3e:01:02:03']");

	CHECK(d != NULL);
	if (!d) {
		printf("%s\n", err.text);
		return;
	}
	CHECK_STR(d->ramdisk, "/r");
	CHECK_STR(d->cmdline, "root=/dev/xvda ro quiet");
	CHECK_EQ(d->memory_mib, 96);
	CHECK_EQ(d->max_memory_mib, 256);
	CHECK_EQ(d->vcpus, 2);
	CHECK_EQ(d->max_vcpus, 4);
	CHECK(domcfg_cpus(&d->cpus, 3) && domcfg_cpus(&d->cpus, 3)[0] == 0xb);
	CHECK(!domcfg_cpus(&d->cpus_soft, 0));
	CHECK_EQ(d->paging_mib, 8);
	CHECK_EQ(d->cpu_weight, 512);
	CHECK(d->has_cap);
	CHECK_EQ(d->cap, 50);
	CHECK_EQ(d->gic, XY_GIC_V2);
	CHECK_EQ(d->on_poweroff, ACT_PRESERVE);
	CHECK_EQ(d->on_crash, ACT_RENAME_RESTART);
	CHECK_EQ(d->uuid[0], 0xf);
	CHECK_EQ(d->nr_disks, 2);
	CHECK_EQ(d->nr_vifs, 3);
	CHECK_EQ(d->vifs[2].mac[5], 3);
	CHECK_STR(warnings, "");
	domcfg_free(d);
}

static void test_cpu_lists(void)
{
	struct domcfg *d = make(BASE "cpus=['1', 2, '4-5']\ncpus_soft=3", "");

	CHECK(d != NULL);
	if (!d)
		return;
	CHECK_EQ(domcfg_cpus(&d->cpus, 0)[0], 0x02);
	CHECK_EQ(domcfg_cpus(&d->cpus, 1)[0], 0x04);
	CHECK_EQ(domcfg_cpus(&d->cpus, 2)[0], 0x30);
	CHECK(!domcfg_cpus(&d->cpus, 3));
	CHECK_EQ(domcfg_cpus(&d->cpus_soft, 7)[0], 0x08);
	domcfg_free(d);
	d = make(BASE "cpus=['1']\n", "cpus='all'");
	CHECK(d && domcfg_cpus(&d->cpus, 9)[0] == 0xff);
	domcfg_free(d);
}

static void test_sizes(void)
{
	struct domcfg *d = make(BASE "maxvcpus=4\nmaxmem=256", "");

	CHECK(d && d->vcpus == 1 && d->max_vcpus == 4);
	CHECK(d && d->memory_mib == 256 && d->max_memory_mib == 256);
	domcfg_free(d);
	d = make(BASE "ramdisk=''", "");
	CHECK(d && !d->ramdisk);
	domcfg_free(d);
	d = make(BASE "vcpus=3\nmemory=\"0x40\"", "");
	CHECK(d && d->vcpus == 3 && d->max_vcpus == 3);
	CHECK(d && d->memory_mib == 64 && d->max_memory_mib == 64);
	domcfg_free(d);
}

/* What xl.cfg(5) allows besides, and people write: blanks, empty parts, nodes. */
static void test_cpu_texts(void)
{
	static const struct {
		const char *text;
		int first;		/* byte of the map; -1: refused */
	} texts[] = {
		{ "0, 2", 0x05 }, { " 0-1 ,3", 0x0b }, { "0,", 0x01 }, { "0,,1", 0x03 }, { "", -1 },
		{ " ,", -1 }, { "all,^1", 0xfd }, { "nodes:0", 0xff }, { "node:0,^2", 0xfb },
		{ "nodes:0-1", 0xff }, { "nodes:all", 0xff }, { "0,node:1", 0x01 }, { "all,^node:0", 0 },
		{ "allx", -1 }, { "0 1", 0x03 }, { "0-", -1 }, { "1-0", -1 }, { "node:", -1 }, { "^", -1 },
		{ "99999999999999999999", -1 }, { "1024", -1 },
	};
	uint8_t map[DOMCFG_CPUS / 8];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		bool ok = domcfg_cpumap(texts[i].text, map, DOMCFG_CPUS);

		CHECK_EQ(ok, texts[i].first >= 0);
		if (ok)
			CHECK_EQ(map[0], texts[i].first);
	}
}

static void test_warnings(void)
{
	struct domcfg *d = make(BASE "pci=[];keymap='de'\nnonsense=1\ncmdline='a'\nextra='b'\ntype='pv'", "");

	CHECK(d != NULL);
	CHECK_STR(warnings,
		  "f:3: \"pci\" is not supported and ignored\n"
		  "f:3: \"keymap\" is not supported and ignored\n"
		  "f:4: \"nonsense\" is not a known setting and ignored\n"
		  "f:7: \"type\" is taken for \"pvh\", which all guests on Arm are\n"
		  "\"root\" and \"extra\" are ignored, because there is a \"cmdline\"\n");
	domcfg_free(d);
}

static void test_refused(void)
{
	refused("kernel='/k'", "f:1: the setting \"name\" is missing");
	refused("name='g'", "f:1: the setting \"kernel\" is missing");
	refused("name='g'\nkernel=''", "f:1: the setting \"kernel\" is missing");
	refused("name='a/b'\n", "f:1: the name must be 1 to 200 characters without a slash");
	refused("name=['a']", "f:1: name must be a string, not a list");
	refused("\nmemory='lots'", "f:2: memory must be a number");
	refused("vcpus=0", "f:1: vcpus must be a number from 1 to 4096, not 0");
	refused(BASE "memory=64;maxmem=32", "f:1: maxmem (32) is less than memory (64)");
	refused(BASE "vcpus=4;maxvcpus=2", "f:1: maxvcpus (2) is less than vcpus (4)");
	refused("type='hvm'", "f:1: guests of type \"hvm\" do not exist on Arm; write type=\"pvh\" or "
		"leave it out");
	refused("on_crash='explode'", "f:1: on_crash must be \"destroy\", \"restart\", "
		"\"rename-restart\", \"preserve\", \"coredump-destroy\" or \"coredump-restart\"");
	refused("cpus='0-'", "f:1: cpus must be like \"all\" or \"0-3,^2,5\", or a list of such, one "
		"for each vCPU");
	refused("cpus=['0',\n['1']]", "f:2: cpus must be like \"all\" or \"0-3,^2,5\", or a list of such, "
		"one for each vCPU");
	refused("disk=['a,b']", "f:1: disk \"a,b\": there is no disk format \"b\"");
	refused("disk=['/a,,xvda',\n'/b,,xvda']", "f:2: two disks have the vdev xvda");
	refused("vif=[1]", "f:1: vif must be a list of strings");
	refused("memory+=1", "f:1: += is for strings and lists, which memory is not");
	refused("uuid='12'", "f:1: uuid is not like 01234567-89ab-cdef-0123-456789abcdef");
}

static void test_cpumap(void)
{
	uint8_t map[2];

	CHECK(domcfg_cpumap("all", map, 16) && map[0] == 0xff && map[1] == 0xff);
	CHECK(domcfg_cpumap("all,^0-7", map, 16) && map[0] == 0 && map[1] == 0xff);
	CHECK(domcfg_cpumap("1,3-4", map, 16) && map[0] == 0x1a && map[1] == 0);
	CHECK(!domcfg_cpumap("16", map, 16));
	CHECK(!domcfg_cpumap("3-1", map, 16));
	CHECK(!domcfg_cpumap("", map, 16));
	CHECK(!domcfg_cpumap("1,-", map, 16));
	CHECK(!domcfg_cpumap("1;2", map, 16));
}

static void ignore_warning(const char *text)
{
	(void)text;
}

/* All the way from text to a domain; true when it was accepted. */
static bool digest(const char *text, size_t len)
{
	struct cfg *c = cfg_parse("noise", text, len, &err);
	struct domcfg *d = c ? domcfg_make(&c, 1, ignore_warning, &err) : NULL;
	bool ok = d != NULL;

	domcfg_free(d);
	cfg_free(c);
	return ok;
}

/* Damaged input must neither crash nor hang; the sanitizers watch. */
static void test_noise(void)
{
	static const char base[] =
		"name='g' ; memory=0x100\nkernel=\"/k\\x41\"\n#c\nextra+='x'\ncpus='0-3,^2'\n"
		"disk=['phy:/dev/x,xvda,w', \"/a,raw,vdev=hdb,discard,target=/c,d\",]\n"
		"vif=['mac=00:16:3e:01:02:03,rate=10Mb/s@20ms,ip=1',[1,22]]\n";
	static const char alphabet[] = "='\"[],;#\\\n+ax0 :-^/@\0";
	char buf[sizeof(base)];
	unsigned int seed = 1, accepted = 0;

	for (int round = 0; round < 30000; round++) {
		memcpy(buf, base, sizeof(base));
		/* The nested list is wrong: repaired in every second round. */
		if (round % 2)
			memcpy(strstr(buf, "[1,22]"), "'ip=5'", 6);
		for (int i = 0; i < round % 5; i++) {
			seed = seed * 1103515245 + 12345;
			buf[(seed >> 8) % (sizeof(base) - 1)] =
				alphabet[(seed >> 20) % (sizeof(alphabet) - 1)];
		}
		accepted += digest(buf, sizeof(base) - 1 - round % 17 / 9);
	}
	CHECK(accepted > 0 && accepted < 30000);
}

int main(void)
{
	test_defaults();
	test_all();
	test_cpu_lists();
	test_cpu_texts();
	test_sizes();
	test_warnings();
	test_refused();
	test_cpumap();
	test_noise();
	return test_end();
}
