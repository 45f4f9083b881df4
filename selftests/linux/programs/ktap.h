/* SPDX-License-Identifier: GPL-2.0-only */
/* Results of a program in KTAP: plan, then one result for each of check and friends. */
#ifndef KTAP_H
#define KTAP_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An address that is not mapped, which the compiler does not see through. */
static char *volatile nowhere __attribute__((unused)) = (char *)8;

static int ktap_n, ktap_planned, ktap_bad;

/* Elsewhere than in a Xen domain there is nothing to try: the runner's word for it is 4. */
static inline void plan(int n)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (access("/sys/hypervisor/type", F_OK) && access("/sys/module/xen_core", F_OK)) {
		printf("KTAP version 1\n1..0 # SKIP this is no domain of Xen\n");
		exit(4);
	}
	ktap_planned = n;
	printf("KTAP version 1\n1..%d\n", n);
}

static inline int check(int good, const char *what)
{
	printf("%sok %d %s\n", good ? "" : "not ", ++ktap_n, what);
	ktap_bad += !good;
	return good;
}

static inline void skip(const char *what, const char *why)
{
	printf("ok %d %s # SKIP %s\n", ++ktap_n, what, why);
}

/* The value is wanted; on a mismatch both are shown. */
static inline int same(long have, long want, const char *what)
{
	if (have != want)
		printf("# have %ld, want %ld (errno %d %s)\n", have, want, errno,
		       strerror(errno));
	return check(have == want, what);
}

/* The call failed with this errno: ret is what it returned. */
static inline int fails(long ret, int err, const char *what)
{
	int e = errno;

	if (ret != -1 || e != err)
		printf("# returned %ld, errno %d (%s), want errno %d\n", ret, e, strerror(e), err);
	return check(ret == -1 && e == err, what);
}

/* word FILE KEY: what follows KEY in a small file, up to a space; "" without it. */
static inline const char *word(const char *file, const char *key)
{
	static char buf[4096];
	FILE *f = fopen(file, "r");
	size_t n = f ? fread(buf, 1, sizeof(buf) - 1, f) : 0;
	char *at;

	if (f)
		fclose(f);
	buf[n] = 0;
	at = strstr(buf, key);
	if (!at)
		return "";
	at += strlen(key);
	at[strcspn(at, " \n")] = 0;
	return at;
}

/* The loaded module is the one that test.modules= of the kernel command line means. */
static inline void check_module(const char *name)
{
	char path[128], want[16];

	snprintf(want, sizeof(want), "%s", word("/proc/cmdline", "test.modules="));
	snprintf(path, sizeof(path), "/sys/module/%s/taint", name);
	if (!*want) {
		skip("the module is the one asked for", "nothing was asked for");
		return;
	}
	check(!!strchr(word(path, ""), 'O') == !strcmp(want, "ours"),
	      "the module is the one asked for");
}

static inline int finish(void)
{
	if (ktap_n != ktap_planned)
		printf("# %d results of %d\n", ktap_n, ktap_planned);
	return ktap_bad || ktap_n != ktap_planned;
}

/* Without this the rest makes no sense. */
static inline int need(int ret, const char *what)
{
	if (ret < 0) {
		printf("Bail out! %s: %s\n", what, strerror(errno));
		exit(4);
	}
	return ret;
}

#endif
