// SPDX-License-Identifier: GPL-2.0-only
/* Commands about the machine and the hypervisor: info, dmesg, debug-keys. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "xl.h"
#include "xy_memory.h"
#include "xy_sysctl.h"
#include "xy_version.h"

const char *xl_sched_name(uint32_t id)
{
	switch (id) {
	case XEN_SCHEDULER_CREDIT:
		return "credit";
	case XEN_SCHEDULER_CREDIT2:
		return "credit2";
	case XEN_SCHEDULER_ARINC653:
		return "arinc653";
	case XEN_SCHEDULER_RTDS:
		return "rtds";
	case XEN_SCHEDULER_NULL:
		return "null";
	}
	return "unknown";
}

static const struct {
	uint32_t bit;
	const char *name;
} virt_caps[] = {
	{ XEN_SYSCTL_PHYSCAP_pv, "pv" },
	{ XEN_SYSCTL_PHYSCAP_hvm, "hvm" },
	{ XEN_SYSCTL_PHYSCAP_directio, "directio" },
	{ XEN_SYSCTL_PHYSCAP_hap, "hap" },
	{ XEN_SYSCTL_PHYSCAP_shadow, "shadow" },
	{ XEN_SYSCTL_PHYSCAP_iommu_hap_pt_share, "iommu_hap_pt_share" },
	{ XEN_SYSCTL_PHYSCAP_vmtrace, "vmtrace" },
	{ XEN_SYSCTL_PHYSCAP_vpmu, "vpmu" },
	{ XEN_SYSCTL_PHYSCAP_gnttab_v1, "gnttab-v1" },
	{ XEN_SYSCTL_PHYSCAP_gnttab_v2, "gnttab-v2" },
};

static void __attribute__((format(printf, 2, 3))) field(const char *name, const char *fmt, ...)
{
	va_list ap;

	printf("%-23s: ", name);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void print_host(void)
{
	struct utsname u;

	if (uname(&u))
		return;
	field("host", "%s", u.nodename);
	field("release", "%s", u.release);
	field("version", "%s", u.version);
	field("machine", "%s", u.machine);
}

static unsigned int free_cpus(struct xl *xl, uint32_t max_id)
{
	uint8_t map[128] = { 0 };
	unsigned int n = 0, bits = max_id + 1 > sizeof(map) * 8 ? sizeof(map) * 8 : max_id + 1;

	if (xy_free_cpus(xl->call, map, bits))
		return 0;
	for (unsigned int i = 0; i < bits; i++)
		n += map[i / 8] >> (i % 8) & 1;
	return n;
}

static void print_cpus(const struct xen_sysctl_physinfo *p)
{
	char caps[160] = "", *end = caps;

	field("nr_cpus", "%u", p->nr_cpus);
	field("max_cpu_id", "%u", p->max_cpu_id);
	field("nr_nodes", "%u", p->nr_nodes);
	field("cores_per_socket", "%u", p->cores_per_socket);
	field("threads_per_core", "%u", p->threads_per_core);
	field("cpu_mhz", "%u.%03u", p->cpu_khz / 1000, p->cpu_khz % 1000);
	field("hw_caps", "%08x:%08x:%08x:%08x:%08x:%08x:%08x:%08x", p->hw_cap[0], p->hw_cap[1],
	      p->hw_cap[2], p->hw_cap[3], p->hw_cap[4], p->hw_cap[5], p->hw_cap[6], p->hw_cap[7]);
	for (size_t i = 0; i < sizeof(virt_caps) / sizeof(virt_caps[0]); i++)
		if (p->capabilities & virt_caps[i].bit)
			end += sprintf(end, "%s%s", end == caps ? "" : " ", virt_caps[i].name);
	field("virt_caps", "%s", caps);
}

static void print_memory(struct xl *xl, const struct xen_sysctl_physinfo *p,
			 unsigned int page_size)
{
	unsigned long mib = (1UL << 20) / (page_size ? page_size : 4096);
	long freed = xy_freed_pages(xl->call), used = xy_shared_pages(xl->call);

	field("total_memory", "%lu", (unsigned long)p->total_pages / mib);
	field("free_memory", "%lu",
	      (unsigned long)(p->free_pages + p->scrub_pages - p->outstanding_pages) / mib);
	field("sharing_freed_memory", "%lu", freed > 0 ? (unsigned long)freed / mib : 0);
	field("sharing_used_memory", "%lu", used > 0 ? (unsigned long)used / mib : 0);
	field("outstanding_claims", "%lu", (unsigned long)p->outstanding_pages / mib);
	field("free_cpus", "%u", free_cpus(xl, p->max_cpu_id));
}

static void print_version(struct xl *xl, const struct xy_version *v)
{
	uint32_t sched;

	field("xen_major", "%u", v->major);
	field("xen_minor", "%u", v->minor);
	field("xen_extra", "%s", v->extra);
	field("xen_version", "%u.%u%s", v->major, v->minor, v->extra);
	field("xen_caps", "%s", v->caps);
	field("xen_scheduler", "%s",
	      xy_sched_id(xl->call, &sched) ? "unknown" : xl_sched_name(sched));
	field("xen_pagesize", "%u", v->page_size);
	field("platform_params", "virt_start=0x%llx", (unsigned long long)v->virt_start);
	field("xen_changeset", "%s", v->changeset);
	field("xen_commandline", "%s", v->cmdline);
	field("cc_compiler", "%s", v->compiler);
	field("cc_compile_by", "%s", v->compile_by);
	field("cc_compile_domain", "%s", v->compile_domain);
	field("cc_compile_date", "%s", v->compile_date);
	field("build_id", "%s", v->build_id);
	field("xend_config_format", "%d", 4);
}

static void print_topology(struct xl *xl, const struct xen_sysctl_physinfo *p)
{
	uint32_t nr = p->max_cpu_id + 1;
	struct xen_sysctl_cputopo *t = xl_alloc(nr * sizeof(*t));
	int n = xy_cpu_topology(xl->call, t, nr);

	if (n < 0)
		xl_error("cannot ask for the CPUs' places: %s", strerror(-n));
	else
		printf("%-23s:\n%s\n", "cpu_topology", "cpu:    core    socket     node");
	for (int i = 0; i < n && i < (int)nr; i++)
		if (t[i].core != XEN_INVALID_CORE_ID)
			printf("%3d:    %4u     %4u     %4u\n", i, t[i].core, t[i].socket, t[i].node);
	free(t);
}

static void print_numa(struct xl *xl, const struct xen_sysctl_physinfo *p)
{
	uint32_t nr = p->nr_nodes ? p->nr_nodes : 1;
	struct xen_sysctl_meminfo *m = xl_alloc(nr * sizeof(*m));
	uint32_t *distances = xl_alloc((size_t)nr * nr * sizeof(*distances));
	int n = xy_numa_info(xl->call, m, distances, nr);

	if (n < 0)
		xl_error("cannot ask for the memory's places: %s", strerror(-n));
	else
		printf("%-23s:\n%s\n", "numa_info", "node:    memsize    memfree    distances");
	n = n > (int)nr ? (int)nr : n;
	for (int i = 0; i < n; i++) {
		printf("%4d:    %6llu     %6llu      ", i, (unsigned long long)m[i].memsize >> 20,
		       (unsigned long long)m[i].memfree >> 20);
		for (int k = 0; k < n; k++)
			printf("%s%u", k ? "," : "", distances[i * n + k]);
		putchar('\n');
	}
	free(distances);
	free(m);
}

static int print_info(struct xl *xl, bool places)
{
	struct xen_sysctl_physinfo phys;
	struct xy_version *v = xl_alloc(sizeof(*v));
	int ret = xy_version(xl->call, v);

	if (!ret)
		ret = xy_physinfo(xl->call, &phys);
	if (ret) {
		xl_error("cannot ask the hypervisor: %s", strerror(-ret));
	} else {
		print_host();
		print_cpus(&phys);
		print_memory(xl, &phys, v->page_size);
		if (places) {
			print_topology(xl, &phys);
			print_numa(xl, &phys);
		}
		print_version(xl, v);
	}
	free(v);
	return ret != 0;
}

static int cmd_info(struct xl *xl, int argc, char **argv)
{
	static const struct option options[] = { { "numa", 0, NULL, 'n' }, { 0 } };
	bool places = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "n", options, NULL)) != -1) {
		if (opt != 'n')
			return 2;
		places = true;
	}
	return print_info(xl, places);
}

static int cmd_dmesg(struct xl *xl, int argc, char **argv)
{
	static const struct option options[] = { { "clear", 0, NULL, 'c' }, { 0 } };
	char buf[16384];
	uint32_t index = 0;
	bool clear = false;
	int opt;
	long n;

	while ((opt = getopt_long(argc, argv, "c", options, NULL)) != -1) {
		if (opt != 'c')
			return 2;
		clear = true;
	}
	while ((n = xy_readconsole(xl->call, buf, sizeof(buf), &index, 0)) > 0)
		fwrite(buf, 1, (size_t)n, stdout);
	if (n == 0 && clear)
		n = xy_readconsole(xl->call, buf, sizeof(buf), &index, 1);
	if (n < 0) {
		xl_error("cannot read the hypervisor's console: %s", strerror((int)-n));
		return 1;
	}
	return 0;
}

static int cmd_debug_keys(struct xl *xl, int argc, char **argv)
{
	int ret = xy_debug_keys(xl->call, argv[1]);

	(void)argc;
	if (ret)
		xl_error("cannot send debug keys \"%s\": %s", argv[1], strerror(-ret));
	return ret != 0;
}

const struct xl_cmd xl_cmds_host[] = {
	{ "info", cmd_info, XL_CALL, 0, "[-n]", "Get information about Xen host",
	  "-n, --numa              List the places of CPUs and memory as well\n" },
	{ "dmesg", cmd_dmesg, XL_CALL, 0, "[-c]", "Read and/or clear dmesg buffer",
	  "-c                      Clear dmesg buffer as well as printing it\n" },
	{ "debug-keys", cmd_debug_keys, XL_CALL, 1, "<Keys>", "Send debug keys to Xen", NULL },
	{ 0 },
};
