// SPDX-License-Identifier: GPL-2.0-only
/*
 * "list -l": domains as JSON, in the form of Xen's xl, as far as the hypervisor and
 * the store know them.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "list.h"
#include "store.h"
#include "uuid.h"
#include "xy_domctl.h"

/* Writes a node's value; what is missing is left out. */
static void node_text(struct xl *xl, struct json *j, const char *name, const char *dir,
		      const char *node)
{
	char *value = xl_read(xl, "%s/%s", dir, node);

	json_text(j, name, value);
	free(value);
}

static void creation(struct xl *xl, struct json *j, const struct xen_domctl_getdomaininfo *d)
{
	char *name = xl_domain_name(xl, d->domain), uuid[UUID_TEXT];

	uuid_format(d->handle, uuid);
	json_open(j, "c_info", '{');
	json_text(j, "type", "pvh");
	json_text(j, "name", name);
	json_text(j, "uuid", uuid);
	json_close(j, '}');
	free(name);
}

static void online_vcpus(struct xl *xl, struct json *j, const struct xen_domctl_getdomaininfo *d)
{
	if (d->max_vcpu_id == XEN_INVALID_MAX_VCPU_ID)
		return;
	json_number(j, "max_vcpus", d->max_vcpu_id + 1);
	json_open(j, "avail_vcpus", '[');
	for (uint32_t i = 0; i <= d->max_vcpu_id; i++) {
		char *now = xl_read(xl, "/local/domain/%u/cpu/%u/availability", d->domain, i);

		if (!now || !strcmp(now, "online"))
			json_number(j, NULL, i);
		free(now);
	}
	json_close(j, ']');
}

static void scheduling(struct xl *xl, struct json *j, unsigned int domid)
{
	uint16_t weight, cap;

	if (xy_domain_sched_get(xl->call, (uint16_t)domid, XEN_SCHEDULER_CREDIT2, &weight, &cap))
		return;
	json_open(j, "sched_params", '{');
	json_text(j, "sched", "credit2");
	json_number(j, "weight", weight);
	json_number(j, "cap", cap);
	json_close(j, '}');
}

static void building(struct xl *xl, struct json *j, const struct xen_domctl_getdomaininfo *d)
{
	unsigned long kib = (unsigned long)d->tot_pages << (XY_PAGE_SHIFT - 10);
	char dir[40];

	snprintf(dir, sizeof(dir), "/libxl/%u/image", d->domain);
	json_open(j, "b_info", '{');
	online_vcpus(xl, j, d);
	json_number(j, "max_memkb", (unsigned long long)
		    xl_read_num(xl, (long)kib, "/local/domain/%u/memory/static-max", d->domain));
	json_number(j, "target_memkb", (unsigned long long)
		    xl_read_num(xl, (long)kib, "/local/domain/%u/memory/target", d->domain));
	scheduling(xl, j, d->domain);
	node_text(xl, j, "kernel", dir, "kernel");
	node_text(xl, j, "cmdline", dir, "cmdline");
	node_text(xl, j, "ramdisk", dir, "ramdisk");
	json_close(j, '}');
}

static void disk(struct xl *xl, struct json *j, const char *dir, const char *id)
{
	char *mode = xl_read(xl, "%s/mode", dir);

	(void)id;
	node_text(xl, j, "pdev_path", dir, "params");
	node_text(xl, j, "vdev", dir, "dev");
	json_text(j, "format", "raw");
	node_text(xl, j, "script", dir, "script");
	json_number(j, "readwrite", mode && *mode == 'w');
	free(mode);
}

static void nic(struct xl *xl, struct json *j, const char *dir, const char *id)
{
	json_number(j, "devid", strtoul(id, NULL, 10));
	node_text(xl, j, "mac", dir, "mac");
	node_text(xl, j, "bridge", dir, "bridge");
	node_text(xl, j, "ip", dir, "ip");
	node_text(xl, j, "script", dir, "script");
	json_text(j, "nictype", "vif");
}

static void devices(struct xl *xl, struct json *j, unsigned int domid, const char *kind,
		    const char *name, void (*one)(struct xl *xl, struct json *j, const char *dir,
						   const char *id))
{
	unsigned int n;
	char **ids = store_list(xl, &n, "/libxl/%u/device/%s", domid, kind);

	if (n)
		json_open(j, name, '[');
	for (unsigned int i = 0; i < n; i++) {
		char *dir = xl_printf("/libxl/%u/device/%s/%s", domid, kind, ids[i]);

		json_open(j, NULL, '{');
		one(xl, j, dir, ids[i]);
		json_close(j, '}');
		free(dir);
	}
	if (n)
		json_close(j, ']');
	free(ids);
}

void list_long_row(struct xl *xl, struct json *j, const struct xen_domctl_getdomaininfo *d)
{
	json_open(j, NULL, '{');
	json_number(j, "domid", d->domain);
	json_open(j, "config", '{');
	creation(xl, j, d);
	building(xl, j, d);
	if (xl->xs) {
		devices(xl, j, d->domain, "vbd", "disks", disk);
		devices(xl, j, d->domain, "vif", "nics", nic);
	}
	json_close(j, '}');
	json_close(j, '}');
}
