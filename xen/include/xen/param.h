/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Command line options, declared where they are used. An unknown or malformed
 * option is reported by name (and boot goes on). Names and meanings as in Xen.
 */
#ifndef XEN_PARAM_H
#define XEN_PARAM_H

#include <xen/init.h>
#include <xen/types.h>

struct kernel_param {
	const char *name;
	enum { OPT_STR, OPT_UINT, OPT_BOOL, OPT_SIZE, OPT_CUSTOM, OPT_IGNORE } type;
	uint16_t len;		/* of the variable, bytes */
	void *var;
	int (*fn)(const char *value);	/* OPT_CUSTOM: 0 or -EINVAL */
};

#define string_param(n, v)  static const struct kernel_param v##_param_ __used \
	__section(".init.setup") __aligned(8) = { n, OPT_STR, sizeof(v), v, 0 }
#define integer_param(n, v) static const struct kernel_param v##_param_ __used \
	__section(".init.setup") __aligned(8) = { n, OPT_UINT, sizeof(v), &v, 0 }
#define boolean_param(n, v) static const struct kernel_param v##_param_ __used \
	__section(".init.setup") __aligned(8) = { n, OPT_BOOL, sizeof(v), &v, 0 }
#define size_param(n, v)    static const struct kernel_param v##_param_ __used \
	__section(".init.setup") __aligned(8) = { n, OPT_SIZE, sizeof(v), &v, 0 }
#define custom_param(n, f)  static const struct kernel_param f##_param_ __used \
	__section(".init.setup") __aligned(8) = { n, OPT_CUSTOM, 0, 0, f }

/* Parses the whole line; keeps a copy for XENVER_commandline. */
void cmdline_parse(const char *line);
extern char saved_cmdline[1024];
/* "1G", "512M", "4096K", plain number = KiB as Xen does for dom0_mem; UINT64_MAX: too large. */
uint64_t parse_size_and_unit(const char *s, const char **end);
/* yes/on/true/enable/1 = 1; no/off/false/disable/0 = 0; else -1. */
int parse_bool(const char *s, size_t len);

#endif
