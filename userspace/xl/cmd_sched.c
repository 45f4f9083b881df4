// SPDX-License-Identifier: GPL-2.0-only
/* Commands about the scheduler and its pools: sched-credit2, cpupool-list. */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xl.h"
#include "xy_domctl.h"
#include "xy_sysctl.h"

#define BATCH 64
#define MAX_RATELIMIT_US 500000

typedef void (*pool_fn)(struct xl *xl, const struct xy_pool *p, const char *name);

/*
 * Calls @fn for each pool, or for the one with this name or number; exit status. A
 * name that is no pool's is an error.
 */
static int for_pools(struct xl *xl, const char *wanted, pool_fn fn)
{
	struct xy_pool p;
	bool any = false;
	int ret;

	for (uint32_t id = 0; !(ret = xy_pool_info(xl->call, id, &p)); id = p.id + 1) {
		char *name = xl_pool_name(xl, p.id);
		unsigned long number;

		if (!wanted || !strcmp(name, wanted) ||
		    (xl_number(wanted, UINT32_MAX, &number) && number == p.id)) {
			fn(xl, &p, name);
			any = true;
		}
		free(name);
	}
	if (ret != -ENOENT)
		xl_error("cannot list the CPU pools: %s", strerror(-ret));
	else if (wanted && !any)
		fprintf(stderr, "Pool '%s' does not exist\n", wanted);
	return ret != -ENOENT || (wanted && !any);
}

static bool has_cpu(const struct xy_pool *p, unsigned int cpu)
{
	return p->cpus[cpu / 8] >> cpu % 8 & 1;
}

static void pool_row(struct xl *xl, const struct xy_pool *p, const char *name)
{
	unsigned int n = 0;

	(void)xl;
	for (unsigned int i = 0; i < sizeof(p->cpus) * 8; i++)
		n += has_cpu(p, i);
	printf("%-19s%3u  %8s       y       %4u\n", name, n, xl_sched_name(p->sched_id), p->domains);
}

static void pool_cpus_row(struct xl *xl, const struct xy_pool *p, const char *name)
{
	const char *sep = "";

	(void)xl;
	printf("%-19s", name);
	for (unsigned int i = 0; i < sizeof(p->cpus) * 8; i++)
		if (has_cpu(p, i)) {
			printf("%s%u", sep, i);
			sep = ",";
		}
	putchar('\n');
}

static int cmd_cpupool_list(struct xl *xl, int argc, char **argv)
{
	static const struct option options[] = { { "cpus", 0, NULL, 'c' }, { 0 } };
	bool cpus = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "c", options, NULL)) != -1) {
		if (opt != 'c')
			return 2;
		cpus = true;
	}
	printf("%-19s%s\n", "Name", cpus ? "CPU list" : "CPUs   Sched     Active   Domain count");
	return for_pools(xl, argv[optind], cpus ? pool_cpus_row : pool_row);
}

struct credit2_opts {
	const char *domain, *pool;
	unsigned long weight, cap, ratelimit;
	bool set_weight, set_cap, set_ratelimit, params;
};

static void credit2_head(void)
{
	printf("%-33s %4s %6s %4s\n", "Name", "ID", "Weight", "Cap");
}

/* False after a message. */
static bool credit2_row(struct xl *xl, unsigned int domid)
{
	uint16_t weight, cap;
	int ret = xy_domain_sched_get(xl->call, (uint16_t)domid, XEN_SCHEDULER_CREDIT2, &weight, &cap);
	char *name;

	if (ret) {
		xl_error("cannot get the parameters of domain %u: %s", domid, strerror(-ret));
		return false;
	}
	name = xl_domain_name(xl, domid);
	printf("%-33s %4u %6u %4u\n", name ? name : "(null)", domid, weight, cap);
	free(name);
	return true;
}

static void credit2_params(struct xl *xl, const struct xy_pool *p, const char *name)
{
	uint32_t us;
	int ret;

	if (p->sched_id != XEN_SCHEDULER_CREDIT2)
		return;
	ret = xy_ratelimit_get(xl->call, p->id, &us);
	if (ret)
		xl_error("cannot get the parameters of pool %s: %s", name, strerror(-ret));
	else
		printf("Cpupool %s: ratelimit=%uus\n", name, us);
}

static void credit2_pool(struct xl *xl, const struct xy_pool *p, const char *name)
{
	struct xen_domctl_getdomaininfo list[BATCH];
	unsigned int first = 0;
	int n;

	if (p->sched_id != XEN_SCHEDULER_CREDIT2)
		return;
	credit2_params(xl, p, name);
	credit2_head();
	do {
		n = xy_domain_list(xl->call, (uint16_t)first, BATCH, list);
		for (int i = 0; i < n; i++) {
			first = list[i].domain + 1u;
			if (list[i].cpupool == p->id)
				credit2_row(xl, list[i].domain);
		}
	} while (n == BATCH && first <= UINT16_MAX);
	if (n < 0)
		xl_error("cannot list domains: %s", strerror(-n));
}

static int credit2_set_params(struct xl *xl, const struct credit2_opts *o)
{
	unsigned long pool = 0;
	int ret;

	if (o->pool && !xl_number(o->pool, UINT32_MAX, &pool) && strcmp(o->pool, "Pool-0")) {
		xl_error("give the pool as a number");
		return 1;
	}
	ret = xy_ratelimit_set(xl->call, (uint32_t)pool, (uint32_t)o->ratelimit);
	if (ret)
		xl_error("cannot set the rate limit of pool %lu: %s", pool, strerror(-ret));
	return ret != 0;
}

/* What is not given stays as it is. */
static int credit2_domain(struct xl *xl, const struct credit2_opts *o)
{
	int domid = xl_domain(xl, o->domain), ret;
	uint16_t weight, cap;

	if (domid < 0)
		return 1;
	if (!o->set_weight && !o->set_cap) {
		credit2_head();
		return !credit2_row(xl, (unsigned int)domid);
	}
	ret = xy_domain_sched_get(xl->call, (uint16_t)domid, XEN_SCHEDULER_CREDIT2, &weight, &cap);
	if (!ret)
		ret = xy_domain_sched_set(xl->call, (uint16_t)domid, XEN_SCHEDULER_CREDIT2,
					  o->set_weight ? (uint16_t)o->weight : weight,
					  o->set_cap ? (uint16_t)o->cap : cap);
	if (ret)
		xl_error("cannot set the parameters of domain %s: %s", o->domain, strerror(-ret));
	return ret != 0;
}

/* An option's number; false after a message. */
static bool option_number(const char *what, unsigned long min, unsigned long max,
			  unsigned long *out)
{
	if (xl_number(optarg, max, out) && *out >= min)
		return true;
	xl_error("%s \"%s\" is not a number from %lu to %lu", what, optarg, min, max);
	return false;
}

static const struct option credit2_options[] = {
	{ "domain", 1, NULL, 'd' }, { "weight", 1, NULL, 'w' }, { "cap", 1, NULL, 'c' },
	{ "cpupool", 1, NULL, 'p' }, { "schedparam", 0, NULL, 's' },
	{ "ratelimit_us", 1, NULL, 'r' }, { 0 },
};

/* 0, or an exit status. */
static int credit2_args(int argc, char **argv, struct credit2_opts *o)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "d:w:c:p:sr:", credit2_options, NULL)) != -1) {
		bool ok = true;

		if (opt == 'd')
			o->domain = optarg;
		else if (opt == 'w')
			ok = o->set_weight = option_number("weight", 1, 65535, &o->weight);
		else if (opt == 'c')
			ok = o->set_cap = option_number("cap", 0, 65535, &o->cap);
		else if (opt == 'p')
			o->pool = optarg;
		else if (opt == 's')
			o->params = true;
		else if (opt == 'r')
			ok = o->set_ratelimit = option_number("ratelimit", 0, MAX_RATELIMIT_US,
							      &o->ratelimit);
		else
			return 2;
		if (!ok)
			return 1;
	}
	if (optind < argc) {
		xl_error("unexpected argument \"%s\"", argv[optind]);
		return 2;
	}
	return 0;
}

static int cmd_sched_credit2(struct xl *xl, int argc, char **argv)
{
	struct credit2_opts o = { 0 };
	int ret = credit2_args(argc, argv, &o);

	if (ret)
		return ret;
	if (o.domain && (o.pool || o.params || o.set_ratelimit)) {
		xl_error("-d does not go with the options of pools");
		return 1;
	}
	if (!o.domain && (o.set_weight || o.set_cap)) {
		xl_error("Must specify a domain.");
		return 1;
	}
	if (o.domain)
		return credit2_domain(xl, &o);
	if (o.set_ratelimit)
		return credit2_set_params(xl, &o);
	return for_pools(xl, o.pool, o.params ? credit2_params : credit2_pool);
}

const struct xl_cmd xl_cmds_sched[] = {
	{ "sched-credit2", cmd_sched_credit2, XL_CALL | XL_STORE_OPT, 0,
	  "[-d <Domain> [-w WEIGHT] [-c CAP]] [-p CPUPOOL] [-s [-r RLIMIT]]",
	  "Get/set credit2 scheduler parameters",
	  "-d DOMAIN, --domain=DOMAIN   Domain to look at or change.\n"
	  "-w WEIGHT, --weight=WEIGHT   Weight (1 to 65535).\n"
	  "-c CAP, --cap=CAP            Percent of one CPU at most; 0: no limit.\n"
	  "-p POOL, --cpupool=POOL      Only this pool.\n"
	  "-s, --schedparam             The scheduler's own parameters.\n"
	  "-r US, --ratelimit_us=US     Set the shortest time a vCPU runs.\n" },
	{ "cpupool-list", cmd_cpupool_list, XL_CALL | XL_STORE_OPT, 0, "[-c|--cpus] [<CPU Pool>]",
	  "List CPU pools on host", "-c, --cpus              Output list of CPUs used by a pool.\n" },
	{ 0 },
};
