// SPDX-License-Identifier: GPL-2.0-only
/* Commands that show domains: list, vcpu-list, uptime, domid, domname. */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xen/sched.h>

#include "list.h"
#include "uuid.h"
#include "xl.h"
#include "xy_domctl.h"
#include "xy_sysctl.h"

#define LIST_BATCH 64

/* One table: its headline, printed before the first row, and what prints a row. */
struct table {
	void (*head)(struct table *t);
	void (*row)(struct xl *xl, struct table *t, const struct xen_domctl_getdomaininfo *d);
	bool verbose, pool, claims, context, numa;	/* list */
	struct json json;	/* list -l, which has no headline */
	bool is_short;		/* uptime */
	unsigned int cpus;	/* vcpu-list: on the host */
	unsigned int rows;
};

static void print_row(struct xl *xl, struct table *t, const struct xen_domctl_getdomaininfo *d)
{
	if (!t->rows++ && t->head)
		t->head(t);
	t->row(xl, t, d);
}

static int one_domain(struct xl *xl, const char *arg, struct table *t)
{
	struct xen_domctl_getdomaininfo d;
	int ret, domid = xl_domain(xl, arg);

	if (domid < 0)
		return 1;
	ret = xy_domain_info(xl->call, domid, &d);
	if (ret) {
		fprintf(stderr, ret == -ESRCH ? "Error: Domain '%s' does not exist.\n" :
			"Error: Domain '%s': %s\n", arg, strerror(-ret));
		return 1;
	}
	print_row(xl, t, &d);
	return 0;
}

static int all_domains(struct xl *xl, struct table *t)
{
	struct xen_domctl_getdomaininfo *list = xl_alloc(LIST_BATCH * sizeof(*list));
	unsigned int first = 0;
	int n;

	do {
		n = xy_domain_list(xl->call, first, LIST_BATCH, list);
		if (n < 0) {
			xl_error("cannot list domains: %s", strerror(-n));
			break;
		}
		for (int i = 0; i < n; i++)
			print_row(xl, t, &list[i]);
		if (n)
			first = list[n - 1].domain + 1;
	} while (n == LIST_BATCH && first <= UINT16_MAX);
	free(list);
	return n < 0;
}

/* Rows for the domains named on the command line, or for all; exit status. */
static int for_domains(struct xl *xl, int argc, char **argv, struct table *t)
{
	int status = 0;

	if (!argc)
		return all_domains(xl, t);
	for (int i = 0; i < argc; i++)
		status |= one_domain(xl, argv[i], t);
	return status;
}

static unsigned int shutdown_reason(const struct xen_domctl_getdomaininfo *d)
{
	return (d->flags >> XEN_DOMINF_shutdownshift) & XEN_DOMINF_shutdownmask;
}

static void list_head(struct table *t)
{
	printf("Name                                        ID   Mem VCPUs\tState\tTime(s)");
	if (t->verbose)
		printf("   UUID                            Reason-Code\tSecurity Label");
	if (t->context && !t->verbose)
		printf("   Security Label");
	if (t->numa)
		printf(" NODE Affinity");
	if (t->pool)
		printf("         Cpupool");
	if (t->claims)
		printf("  Claimed");
	putchar('\n');
}

static void list_verbose(const struct xen_domctl_getdomaininfo *d)
{
	char uuid[UUID_TEXT];

	uuid_format(d->handle, uuid);
	printf(" %s ", uuid);
	if (d->flags & XEN_DOMINF_shutdown)
		printf("%8x", shutdown_reason(d));
	else
		printf("%8s", "-");
}

/* There is no XSM to label domains, and the one node has all the memory. */
static void list_more(struct xl *xl, const struct table *t,
		      const struct xen_domctl_getdomaininfo *d)
{
	if (t->verbose)
		list_verbose(d);
	if (t->verbose || t->context)
		printf(" %16s", "-");
	if (t->numa)
		printf(" all");
	if (t->pool) {
		char *pool = xl_pool_name(xl, d->cpupool);

		printf("%16s", pool);
		free(pool);
	}
}

static void list_row(struct xl *xl, struct table *t, const struct xen_domctl_getdomaininfo *d)
{
	bool down = d->flags & XEN_DOMINF_shutdown;
	char *name = xl_domain_name(xl, d->domain);

	printf("%-40s %5u %5lu %5u     %c%c%c%c%c%c  %8.1f", name ? name : "(null)", d->domain,
	       (unsigned long)((d->tot_pages + d->outstanding_pages) >> (20 - XY_PAGE_SHIFT)),
	       d->nr_online_vcpus,
	       d->flags & XEN_DOMINF_running ? 'r' : '-',
	       d->flags & XEN_DOMINF_blocked ? 'b' : '-',
	       d->flags & XEN_DOMINF_paused ? 'p' : '-',
	       down ? 's' : '-',
	       down && shutdown_reason(d) == SHUTDOWN_crash ? 'c' : '-',
	       d->flags & XEN_DOMINF_dying ? 'd' : '-',
	       d->cpu_time / 1e9);
	free(name);
	list_more(xl, t, d);
	if (t->claims)
		printf(" %5lu", (unsigned long)(d->outstanding_pages >> (20 - XY_PAGE_SHIFT)));
	putchar('\n');
}

static void long_row(struct xl *xl, struct table *t, const struct xen_domctl_getdomaininfo *d)
{
	list_long_row(xl, &t->json, d);
}

static const struct option list_options[] = {
	{ "long", 0, NULL, 'l' }, { "verbose", 0, NULL, 'v' }, { "cpupool", 0, NULL, 'c' },
	{ "context", 0, NULL, 'Z' }, { "numa", 0, NULL, 'n' }, { 0 },
};

static int cmd_list(struct xl *xl, int argc, char **argv)
{
	struct table t = { .head = list_head, .row = list_row };
	int opt, status;

	while ((opt = getopt_long(argc, argv, "lvcZn", list_options, NULL)) != -1) {
		switch (opt) {
		case 'v':
			t.verbose = true;
			break;
		case 'c':
			t.pool = true;
			break;
		case 'Z':
			t.context = true;
			break;
		case 'n':
			t.numa = true;
			break;
		case 'l':
			t.row = long_row;
			t.head = NULL;
			break;
		default:
			return 2;
		}
	}
	if (t.head)
		return for_domains(xl, argc - optind, argv + optind, &t);
	json_open(&t.json, NULL, '[');
	status = for_domains(xl, argc - optind, argv + optind, &t);
	json_close(&t.json, ']');
	return status;
}

static int cmd_claims(struct xl *xl, int argc, char **argv)
{
	struct table t = { .head = list_head, .row = list_row, .claims = true };

	return for_domains(xl, argc - 1, argv + 1, &t);
}

static void vm_head(struct table *t)
{
	(void)t;
	puts("UUID                                  ID    name");
}

static void vm_row(struct xl *xl, struct table *t, const struct xen_domctl_getdomaininfo *d)
{
	char *name = xl_domain_name(xl, d->domain), uuid[UUID_TEXT];

	(void)t;
	uuid_format(d->handle, uuid);
	printf("%s  %d    %-30s\n", uuid, d->domain, name ? name : "(null)");
	free(name);
}

static int cmd_vm_list(struct xl *xl, int argc, char **argv)
{
	struct table t = { .head = vm_head, .row = vm_row };

	return for_domains(xl, argc - 1, argv + 1, &t);
}

static bool in_map(const uint8_t *map, unsigned int cpu)
{
	return map[cpu / 8] >> (cpu % 8) & 1;
}

static unsigned int count_map(const uint8_t *map, unsigned int bits)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < bits; i++)
		n += in_map(map, i);
	return n;
}

/* Prints a CPU map as "0-3,6", "all" or "none". */
static void print_map(const uint8_t *map, unsigned int bits)
{
	unsigned int n = count_map(map, bits);
	const char *sep = "";

	if (!n || n == bits) {
		printf(n ? "all" : "none");
		return;
	}
	for (unsigned int i = 0; i < bits; i++) {
		unsigned int from = i;

		if (!in_map(map, i))
			continue;
		while (i + 1 < bits && in_map(map, i + 1))
			i++;
		printf("%s%u", sep, from);
		if (i > from)
			printf("-%u", i);
		sep = ",";
	}
}

static void vcpu_row(struct xl *xl, uint16_t domid, const char *name,
		     const struct xen_domctl_getvcpuinfo *v, unsigned int cpus)
{
	uint8_t hard[XY_CPUMAP_BYTES] = { 0 }, soft[XY_CPUMAP_BYTES] = { 0 };

	printf("%-32s %5u %5u", name ? name : "(null)", domid, v->vcpu);
	if (!v->online)
		printf("    -   --p ");
	else
		printf(" %4u   %c%c- ", v->cpu, v->running ? 'r' : '-', v->blocked ? 'b' : '-');
	printf(" %8.1f  ", v->cpu_time / 1e9);
	if (xy_vcpu_get_affinity(xl->call, domid, v->vcpu, hard, soft, cpus)) {
		puts("? / ?");
		return;
	}
	print_map(hard, cpus);
	printf(" / ");
	print_map(soft, cpus);
	putchar('\n');
}

static void vcpu_rows(struct xl *xl, struct table *t, const struct xen_domctl_getdomaininfo *d)
{
	struct xen_domctl_getvcpuinfo v;
	char *name;

	if (d->max_vcpu_id == XEN_INVALID_MAX_VCPU_ID)
		return;
	name = xl_domain_name(xl, d->domain);
	for (uint32_t i = 0; i <= d->max_vcpu_id; i++)
		if (!xy_vcpu_info(xl->call, d->domain, i, &v))
			vcpu_row(xl, d->domain, name, &v, t->cpus);
	free(name);
}

static void vcpu_head(struct table *t)
{
	(void)t;
	printf("%-32s %5s %5s %5s %5s %9s %s\n", "Name", "ID", "VCPU", "CPU", "State", "Time(s)",
	       "Affinity (Hard / Soft)");
}

static int cmd_vcpu_list(struct xl *xl, int argc, char **argv)
{
	struct table t = { .head = vcpu_head, .row = vcpu_rows };
	struct xen_sysctl_physinfo phys;
	int ret = xy_physinfo(xl->call, &phys);

	if (ret) {
		xl_error("cannot ask for the number of CPUs: %s", strerror(-ret));
		return 1;
	}
	t.cpus = phys.max_cpu_id + 1;
	if (t.cpus > XY_CPUMAP_BYTES * 8)
		t.cpus = XY_CPUMAP_BYTES * 8;
	return for_domains(xl, argc - 1, argv + 1, &t);
}

/* Seconds since a domain's start, or since dom0's boot. */
static long uptime_of(struct xl *xl, unsigned int domid)
{
	struct timespec ts;
	char *vm, *start;
	double t;
	long up;

	if (!domid) {
		clock_gettime(CLOCK_BOOTTIME, &ts);
		return ts.tv_sec;
	}
	vm = xl_read(xl, "/local/domain/%u/vm", domid);
	start = vm ? xl_read(xl, "%s/start_time", vm) : NULL;
	t = start ? atof(start) : 0;
	up = t > 0 ? (long)((double)time(NULL) - t) : 0;
	free(vm);
	free(start);
	return up > 0 ? up : 0;
}

static void print_now(void)
{
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	printf(" %02d:%02d:%02d up ", tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void uptime_row(struct xl *xl, struct table *t, const struct xen_domctl_getdomaininfo *d)
{
	char *name = xl_domain_name(xl, d->domain);
	long up = uptime_of(xl, d->domain);

	if (t->is_short)
		print_now();
	else
		printf("%-32s %5u ", name ? name : "(null)", d->domain);
	if (up >= 86400)
		printf("%ld day%s, ", up / 86400, up >= 2 * 86400 ? "s" : "");
	printf("%2ld:%02ld", up % 86400 / 3600, up % 3600 / 60);
	if (t->is_short)
		printf(", %s (%u)\n", name ? name : "(null)", d->domain);
	else
		printf(":%02ld\n", up % 60);
	free(name);
}

static void uptime_head(struct table *t)
{
	if (!t->is_short)
		printf("%-33s %4s %s\n", "Name", "ID", "Uptime");
}

static int cmd_uptime(struct xl *xl, int argc, char **argv)
{
	static const struct option options[] = { { "short", 0, NULL, 's' }, { 0 } };
	struct table t = { .head = uptime_head, .row = uptime_row };
	int opt;

	while ((opt = getopt_long(argc, argv, "s", options, NULL)) != -1) {
		if (opt != 's')
			return 2;
		t.is_short = true;
	}
	return for_domains(xl, argc - optind, argv + optind, &t);
}

static int cmd_domid(struct xl *xl, int argc, char **argv)
{
	int domid = xl_find_domain(xl, argv[1]);

	(void)argc;
	if (domid < 0) {
		fprintf(stderr, "Can't get domid of domain name '%s', maybe this domain does "
			"not exist.\n", argv[1]);
		return 1;
	}
	printf("%d\n", domid);
	return 0;
}

static int cmd_domname(struct xl *xl, int argc, char **argv)
{
	unsigned long domid;
	char *name;

	(void)argc;
	if (!xl_number(argv[1], 0x7fef, &domid)) {
		fprintf(stderr, "Invalid domain ID '%s'.\n", argv[1]);
		return 1;
	}
	name = xl_domain_name(xl, domid);
	if (!name) {
		fprintf(stderr, "Can't get domain name of domain id '%lu', maybe this domain "
			"does not exist.\n", domid);
		return 1;
	}
	puts(name);
	free(name);
	return 0;
}

const struct xl_cmd xl_cmds_list[] = {
	{ "list", cmd_list, XL_CALL | XL_STORE_OPT, 0, "[options] [Domain ...]",
	  "List information about all/some domains",
	  "-l, --long              Output all VM details, as JSON.\n"
	  "-v, --verbose           Prints UUIDs and shutdown codes.\n"
	  "-c, --cpupool           Prints the CPU pool the domain is in.\n"
	  "-Z, --context           Prints security labels: there are none.\n"
	  "-n, --numa              Prints the NUMA node affinity.\n" },
	{ "vcpu-list", cmd_vcpu_list, XL_CALL | XL_STORE_OPT, 0, "[Domain ...]",
	  "List the VCPUs for all/some domains", NULL },
	{ "vm-list", cmd_vm_list, XL_CALL | XL_STORE_OPT, 0, "", "List guest domains", NULL },
	{ "claims", cmd_claims, XL_CALL | XL_STORE_OPT, 0, "",
	  "List outstanding claim information about all domains", NULL },
	{ "uptime", cmd_uptime, XL_CALL | XL_STORE, 0, "[-s] [Domain ...]",
	  "Print uptime for all/some domains",
	  "-s, --short             One line a domain, with the time of day.\n" },
	{ "domid", cmd_domid, XL_STORE, 1, "<DomainName>",
	  "Convert a domain name to domain id", NULL },
	{ "domname", cmd_domname, XL_STORE, 1, "<DomainId>",
	  "Convert a domain id to domain name", NULL },
	{ 0 },
};
