// SPDX-License-Identifier: GPL-2.0-only
/* The command line: options are found in the section string_param() & Co. fill. */
#include <xen/lib.h>
#include <xen/param.h>

extern const struct kernel_param __setup_start[], __setup_end[];

char saved_cmdline[1024];

uint64_t __init parse_size_and_unit(const char *s, const char **end)
{
	static const char units[] __initconst = "bkmgt";
	const char *e, *unit;
	uint64_t v = simple_strtoull(s, &e, 0);
	unsigned int shift;

	unit = *e ? strchr(units, *e | 0x20) : NULL;
	shift = unit ? 10 * (unit - units) : 10;
	if (unit)
		e++;
	if (end)
		*end = e;
	return v > UINT64_MAX >> shift ? UINT64_MAX : v << shift;
}

int parse_bool(const char *s, size_t len)
{
	static const char *const yes[] = { "1", "yes", "on", "true", "enable" };
	static const char *const no[] = { "0", "no", "off", "false", "disable" };

	for (unsigned int i = 0; i < ARRAY_SIZE(yes); i++) {
		if (strlen(yes[i]) == len && !strncmp(s, yes[i], len))
			return 1;
		if (strlen(no[i]) == len && !strncmp(s, no[i], len))
			return 0;
	}
	return -1;
}

static void __init store(const struct kernel_param *p, uint64_t v)
{
	switch (p->len) {
	case 1:
		*(uint8_t *)p->var = v;
		break;
	case 2:
		*(uint16_t *)p->var = v;
		break;
	case 4:
		*(uint32_t *)p->var = v;
		break;
	default:
		*(uint64_t *)p->var = v;
		break;
	}
}

static bool __init fits(const struct kernel_param *p, uint64_t v)
{
	return p->len >= 8 || v >> (8 * p->len) == 0;
}

/* value is NULL when the option had no '='. */
static bool __init apply(const struct kernel_param *p, const char *value, bool negated)
{
	const char *end;
	uint64_t v;
	int b;

	switch (p->type) {
	case OPT_IGNORE:
		return true;
	case OPT_BOOL:
		b = !value || !*value ? 1 : parse_bool(value, strlen(value));
		if (b < 0)
			return false;
		store(p, b ^ negated);
		return true;
	case OPT_CUSTOM:
		return !negated ? p->fn(value ? value : "") == 0 : p->fn("no") == 0;
	case OPT_STR:
		return !negated && value && strlcpy(p->var, value, p->len) < p->len;
	case OPT_UINT:
	case OPT_SIZE:
		if (negated || !value || !*value)
			return false;
		v = p->type == OPT_UINT ? simple_strtoull(value, &end, 0)
					: parse_size_and_unit(value, &end);
		if (end == value || *end || v == UINT64_MAX || !fits(p, v))
			return false;
		store(p, v);
		return true;
	}
	return false;
}

/* Options of Xen that configure what is not here, or what we do always: not a mistake. */
static const char *const __initconst meaningless[] = {
	"conring_size", "console_timestamps", "console_to_ring", "cpufreq", "credit2_runqueue",
	"crashkernel", "gnttab", "guest_loglvl_rate", "hmp-unsafe", "iommu", "iommu_inclusive_mapping",
	"kexec", "loglvl_rate", "low_crashinfo", "serrors", "sched-gran", "smt", "spec-ctrl",
	"sync_console", "tbuf_size", "vwfi", "xsm",
};

static bool __init is_meaningless(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(meaningless); i++)
		if (!strcmp(meaningless[i], name))
			return true;
	return false;
}

static void __init parse_one(char *opt)
{
	char *value = strchr(opt, '=');
	bool known = false;

	if (value)
		*value++ = 0;
	for (unsigned int negated = 0; negated < 2 && !known; negated++) {
		const char *name = negated ? opt + 3 : opt;

		if (negated && strncmp(opt, "no-", 3))
			break;
		for (const struct kernel_param *p = __setup_start; p < __setup_end; p++) {
			if (strcmp(p->name, name))
				continue;
			known = true;
			if (!apply(p, value, negated))
				printk(XENLOG_ERR "command line: bad value '%s' for option '%s'\n",
				       value ? value : "", opt);
		}
	}
	if (!known && is_meaningless(opt))
		printk(XENLOG_INFO "command line: option '%s' has no meaning here\n", opt);
	else if (!known)
		printk(XENLOG_WARNING "command line: unknown option '%s'\n", opt);
}

void __init cmdline_parse(const char *line)
{
	static char __initdata copy[sizeof(saved_cmdline)];
	char *p = copy;

	if (strlcpy(saved_cmdline, line, sizeof(saved_cmdline)) >= sizeof(saved_cmdline))
		printk(XENLOG_WARNING "command line: longer than %zu bytes, the rest is ignored\n",
		       sizeof(saved_cmdline) - 1);
	strlcpy(copy, saved_cmdline, sizeof(copy));
	while (*p) {
		char *end;

		while (*p == ' ' || *p == '\t')
			p++;
		for (end = p; *end && *end != ' ' && *end != '\t';)
			end++;
		if (*end)
			*end++ = 0;
		if (*p)
			parse_one(p);
		p = end;
	}
}
