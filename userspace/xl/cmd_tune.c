// SPDX-License-Identifier: GPL-2.0-only
/* Commands that change a running domain's size: mem-set, mem-max, vcpu-*, sysrq. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domcfg.h"
#include "xl.h"
#include "xy_domctl.h"
#include "xy_sysctl.h"

#define SLACK_KIB 1024	/* see MAX_MEM_SLACK_KIB in the builder */
#define MIN_DOM0_KIB (128u << 10)	/* the same as with Xen's xl */

/* "512", "512m", "1g", "2048k" as KiB; a bare number is MiB. */
static bool memory_size(const char *s, unsigned long *kib)
{
	static const struct {
		char unit;
		unsigned int shift;
	} units[] = { { 'k', 0 }, { 'm', 10 }, { 'g', 20 }, { 't', 30 } };
	unsigned long long v;
	unsigned int shift = 10;
	char *end;

	if (!isdigit((unsigned char)*s))
		return false;
	v = strtoull(s, &end, 10);
	if (*end && !end[1]) {
		size_t i;

		for (i = 0; i < 4 && units[i].unit != tolower((unsigned char)*end); i++)
			;
		if (i == 4)
			return false;
		shift = units[i].shift;
		end++;
	}
	if (*end || !v || v > 1ull << 40 >> shift)
		return false;
	*kib = (unsigned long)(v << shift);
	return true;
}

static int size_args(struct xl *xl, char **argv, unsigned long *kib)
{
	int domid = xl_live_domain(xl, argv[1]);

	if (domid >= 0 && !memory_size(argv[2], kib)) {
		xl_error("\"%s\" is not an amount of memory (like 512, 512m or 1g)", argv[2]);
		return -1;
	}
	return domid;
}

static bool set_max(struct xl *xl, int domid, unsigned long kib)
{
	int ret = xy_domain_max_mem(xl->call, (uint16_t)domid, kib + SLACK_KIB);

	if (ret)
		xl_error("cannot set the memory limit of domain %d: %s", domid, strerror(-ret));
	return !ret;
}

static bool write_kib(struct xl *xl, int domid, const char *node, unsigned long kib)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu", kib);
	return xl_write(xl, text, "/local/domain/%d/memory/%s", domid, node);
}

/*
 * What a domain may have at most, in KiB; 0 after a message. Nobody has written that
 * down for dom0: it is what the hypervisor limits it to or, when that is more than the
 * machine has, what dom0 has before it is changed for the first time. A target beyond
 * would have its kernel add memory that is not there.
 */
static unsigned long memory_limit(struct xl *xl, int domid)
{
	long limit = xl_read_num(xl, 0, "/local/domain/%d/memory/static-max", domid);
	struct xen_domctl_getdomaininfo d;
	struct xen_sysctl_physinfo phys;
	unsigned long kib;
	int ret;

	if (limit > 0)
		return (unsigned long)limit;
	ret = xy_domain_info(xl->call, (uint16_t)domid, &d);
	if (!ret)
		ret = xy_physinfo(xl->call, &phys);
	if (ret) {
		xl_error("domain %d: %s", domid,
			 ret == -ESRCH ? "there is no such domain" : strerror(-ret));
		return 0;
	}
	kib = (d.max_pages < phys.total_pages ? d.max_pages : d.tot_pages) << (XY_PAGE_SHIFT - 10);
	return write_kib(xl, domid, "static-max", kib) ? kib : 0;
}

/* The guest's balloon driver follows the target by itself. */
static int cmd_mem_set(struct xl *xl, int argc, char **argv)
{
	unsigned long kib, limit;
	int domid = size_args(xl, argv, &kib);

	(void)argc;
	if (domid < 0)
		return 1;
	limit = memory_limit(xl, domid);
	if (!limit)
		return 1;
	if (kib > limit) {
		xl_error("%lu KiB are more than domain %d may have (%lu KiB)", kib, domid, limit);
		return 1;
	}
	if (!domid && kib < MIN_DOM0_KIB) {
		xl_error("%lu KiB are too little for dom0 to go on (%u KiB at least)", kib,
			 MIN_DOM0_KIB);
		return 1;
	}
	return write_kib(xl, domid, "target", kib) ? 0 : 1;
}

static int cmd_mem_max(struct xl *xl, int argc, char **argv)
{
	unsigned long kib;
	int domid = size_args(xl, argv, &kib);
	long target;

	(void)argc;
	if (domid < 0)
		return 1;
	target = xl_read_num(xl, 0, "/local/domain/%d/memory/target", domid);
	if (target <= 0)
		target = (long)memory_limit(xl, domid);
	if (target <= 0)
		return 1;
	if (kib < (unsigned long)target) {
		xl_error("%lu KiB are less than domain %d is to have (%ld KiB): xl mem-set first", kib,
			 domid, target);
		return 1;
	}
	return set_max(xl, domid, kib) && write_kib(xl, domid, "static-max", kib) ? 0 : 1;
}

/* As Xen's xl: more than run now and than the host has CPUs is a mistake unless it is meant. */
static bool host_has(struct xl *xl, unsigned long n, uint32_t online)
{
	struct xen_sysctl_physinfo phys;
	int ret = n > online ? xy_physinfo(xl->call, &phys) : 0;

	if (ret) {
		xl_error("cannot ask for the host's CPUs: %s", strerror(-ret));
		return false;
	}
	if (n <= online || n <= phys.nr_cpus)
		return true;
	xl_error("%lu vCPUs are more than the %u CPUs of the host: use --ignore-host if that is meant",
		 n, phys.nr_cpus);
	return false;
}

static int set_vcpus(struct xl *xl, const char *domain, const char *number, bool ignore_host)
{
	struct xen_domctl_getdomaininfo d;
	int domid = xl_domain(xl, domain), ret;
	uint32_t vcpus;
	unsigned long n;
	bool ok;

	if (domid < 0)
		return 1;
	ret = xy_domain_info(xl->call, (uint16_t)domid, &d);
	if (ret) {
		xl_error("domain %s: %s", domain,
			 ret == -ESRCH ? "there is no such domain" : strerror(-ret));
		return 1;
	}
	/* One that is being made has none yet: the id is "invalid", all ones. */
	vcpus = d.max_vcpu_id == XEN_INVALID_MAX_VCPU_ID ? 0 : d.max_vcpu_id + 1;
	if (!xl_number(number, vcpus, &n) || !n) {
		xl_error("\"%s\" is not a number from 1 to %u, the vCPUs of domain %d", number, vcpus,
			 domid);
		return 1;
	}
	ok = ignore_host || host_has(xl, n, d.nr_online_vcpus);
	for (uint32_t i = 0; ok && i < vcpus; i++)
		ok = xl_write(xl, i < n ? "online" : "offline",
			      "/local/domain/%d/cpu/%u/availability", domid, i);
	return ok ? 0 : 1;
}

static int cmd_vcpu_set(struct xl *xl, int argc, char **argv)
{
	static const struct option options[] = { { "ignore-host", 0, NULL, 'i' }, { 0 } };
	bool ignore_host = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "i", options, NULL)) != -1) {
		if (opt != 'i')
			return 2;
		ignore_host = true;
	}
	if (argc - optind != 2) {
		xl_usage(xl_find_cmd("vcpu-set"));
		return 2;
	}
	return set_vcpus(xl, argv[optind], argv[optind + 1], ignore_host);
}

/* A map of CPUs that are there; NULL for "-", which leaves it as it is. */
static bool pin_map(const char *s, uint8_t *map, const uint8_t **out, unsigned int cpus)
{
	bool any = false;

	*out = NULL;
	if (!strcmp(s, "-"))
		return true;
	if (!domcfg_cpumap(s, map, DOMCFG_CPUS)) {
		xl_error("\"%s\" is not a list of CPUs (like all, - or 0-3,^2)", s);
		return false;
	}
	for (unsigned int i = 0; i < cpus && i < DOMCFG_CPUS; i++)
		any |= map[i / 8] >> i % 8 & 1;
	if (!any)
		xl_error("none of the CPUs \"%s\" is there: 0 to %u are", s, cpus - 1);
	*out = map;
	return any;
}

static int pin(struct xl *xl, int domid, const char *which, const uint8_t *hard,
	       const uint8_t *soft)
{
	struct xen_domctl_getdomaininfo d;
	unsigned long from = 0, to;
	int ret = xy_domain_info(xl->call, (uint16_t)domid, &d);

	if (ret || d.max_vcpu_id == XEN_INVALID_MAX_VCPU_ID) {
		xl_error("domain %d: %s", domid, ret && ret != -ESRCH ? strerror(-ret) :
			 ret ? "there is no such domain" : "it has no vCPUs");
		return 1;
	}
	to = d.max_vcpu_id;
	if (strcmp(which, "all")) {
		if (!xl_number(which, to, &from)) {
			xl_error("domain %d has no vCPU %s: it has 0 to %lu", domid, which, to);
			return 1;
		}
		to = from;
	}
	for (; from <= to; from++) {
		ret = xy_vcpu_set_affinity(xl->call, (uint16_t)domid, (uint32_t)from, hard, soft,
					   DOMCFG_CPUS);
		if (ret) {
			xl_error("Could not set affinity for vcpu `%lu': %s", from, strerror(-ret));
			return 1;
		}
	}
	return 0;
}

static int cmd_vcpu_pin(struct xl *xl, int argc, char **argv)
{
	uint8_t maps[2][DOMCFG_CPUS / 8];
	static const struct option options[] = { { "force", 0, NULL, 'f' }, { 0 } };
	const uint8_t *hard, *soft = NULL;
	struct xen_sysctl_physinfo phys;
	int domid, ret;

	while ((ret = getopt_long(argc, argv, "f", options, NULL)) != -1)
		if (ret != 'f')
			return 2;
	argv += optind - 1;
	argc -= optind - 1;
	if (argc < 4 || argc > 5) {
		xl_usage(xl_find_cmd("vcpu-pin"));
		return 2;
	}
	domid = xl_domain(xl, argv[1]);
	if (domid < 0)
		return 1;
	ret = xy_physinfo(xl->call, &phys);
	if (ret) {
		xl_error("cannot ask for the number of CPUs: %s", strerror(-ret));
		return 1;
	}
	if (!pin_map(argv[3], maps[0], &hard, phys.max_cpu_id + 1) ||
	    (argv[4] && !pin_map(argv[4], maps[1], &soft, phys.max_cpu_id + 1)))
		return 1;
	return hard || soft ? pin(xl, domid, argv[2], hard, soft) : 0;
}

static int cmd_sysrq(struct xl *xl, int argc, char **argv)
{
	int domid = xl_live_domain(xl, argv[1]);

	(void)argc;
	if (domid < 0)
		return 1;
	if (!argv[2][0] || argv[2][1]) {
		xl_error("\"%s\" is not one letter", argv[2]);
		return 1;
	}
	return xl_write(xl, argv[2], "/local/domain/%d/control/sysrq", domid) ? 0 : 1;
}

const struct xl_cmd xl_cmds_tune[] = {
	{ "mem-set", cmd_mem_set, XL_CALL | XL_STORE, 2, "<Domain> <MemMB>",
	  "Set the current memory usage for a domain", NULL },
	{ "mem-max", cmd_mem_max, XL_CALL | XL_STORE, 2, "<Domain> <MemMB>",
	  "Set the maximum amount reservation for a domain", NULL },
	{ "vcpu-set", cmd_vcpu_set, XL_CALL | XL_STORE, 2, "[-i|--ignore-host] <Domain> <vCPUs>",
	  "Set the number of active VCPUs allowed for the domain",
	  "-i, --ignore-host       Also more than the host has CPUs.\n" },
	{ "vcpu-pin", cmd_vcpu_pin, XL_CALL | XL_STORE_OPT, 3,
	  "[-f] <Domain> <VCPU|all> <Hard affinity|-|all> [<Soft affinity|-|all>]",
	  "Set which CPUs a VCPU can use",
	  "-f, --force             Accepted: no vCPU is bound for a while and not to be moved.\n" },
	{ "sysrq", cmd_sysrq, XL_STORE, 2, "<Domain> <letter>", "Send a sysrq to a domain", NULL },
	{ 0 },
};
