// SPDX-License-Identifier: GPL-2.0-only
/*
 * A configuration brought up to date from the store: what was renamed, resized,
 * attached and detached while the domain ran stays so when it is started again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "domain.h"
#include "store.h"

/* Takes the place of *@field when there is one. */
static void take(char **field, char *value)
{
	if (!value)
		return;
	free(*field);
	*field = value;
}

static void reload_sizes(struct xl *xl, unsigned int domid, struct domcfg *d)
{
	long most = xl_read_num(xl, 0, "/local/domain/%u/memory/static-max", domid) >> 10;
	long now = xl_read_num(xl, 0, "/local/domain/%u/memory/target", domid) >> 10;
	unsigned long online = 0;

	if (most > 0)
		d->max_memory_mib = (unsigned long)most;
	if (now > 0)
		d->memory_mib = (unsigned long)now;
	if (d->memory_mib > d->max_memory_mib)
		d->memory_mib = d->max_memory_mib;
	for (unsigned int i = 0; i < d->max_vcpus; i++) {
		char *state = xl_read(xl, "/local/domain/%u/cpu/%u/availability", domid, i);

		online += state && !strcmp(state, "online");
		free(state);
	}
	if (online)
		d->vcpus = online;
}

static char *node(struct xl *xl, const char *dir, const char *name)
{
	return xl_read(xl, "%s/%s", dir, name);
}

/* The script, unless xl itself did its work: the driver's node names one anyway. */
static char *script_of(struct xl *xl, const char *dir)
{
	char *native = node(xl, dir, DEVICE_NATIVE), *script = native ? NULL : node(xl, dir, "script");

	free(native);
	return script;
}

static bool is(struct xl *xl, const char *dir, const char *name, const char *wanted)
{
	char *value = node(xl, dir, name);
	bool same = value && !strcmp(value, wanted);

	free(value);
	return same;
}

/* What the front end's nodes say of its back end; the guest's own affair. */
static bool is_untrusted(struct xl *xl, unsigned int domid, const char *kind, const char *id)
{
	char dir[64];

	snprintf(dir, sizeof(dir), "/local/domain/%u/device/%s/%s", domid, kind, id);
	return is(xl, dir, "trusted", "0");
}

static struct disk_spec read_disk(struct xl *xl, const char *dir)
{
	return (struct disk_spec){
		.target = node(xl, dir, "params"), .vdev = node(xl, dir, "dev"),
		.script = script_of(xl, dir), .readonly = is(xl, dir, "mode", "r"),
		.cdrom = is(xl, dir, "device-type", "cdrom"), .shared = is(xl, dir, "mode", "w!"),
		.discard = is(xl, dir, "discard-enable", "1"),
	};
}

static void reload_disks(struct xl *xl, unsigned int domid, struct domcfg *d)
{
	unsigned int n, made = 0;
	char **ids = store_list(xl, &n, "/libxl/%u/device/vbd", domid);
	struct disk_spec *disks = xl_alloc((n + 1) * sizeof(*disks));

	for (unsigned int i = 0; i < n; i++) {
		char *dir = xl_printf("/libxl/%u/device/vbd/%s", domid, ids[i]);

		disks[made] = read_disk(xl, dir);
		disks[made].devid = (uint32_t)strtoul(ids[i], NULL, 10);
		disks[made].untrusted = is_untrusted(xl, domid, "vbd", ids[i]);
		if (disks[made].target && disks[made].vdev)
			made++;
		else
			disk_free(&disks[made]);
		free(dir);
	}
	while (d->nr_disks)
		disk_free(&d->disks[--d->nr_disks]);
	free(d->disks);
	free(ids);
	d->disks = disks;
	d->nr_disks = made;
}

static bool read_mac(struct xl *xl, const char *dir, uint8_t mac[6])
{
	char *text = node(xl, dir, "mac");
	bool ok = text && sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2],
				 &mac[3], &mac[4], &mac[5]) == 6;

	free(text);
	return ok;
}

static void read_vif(struct xl *xl, const char *dir, struct vif_spec *v)
{
	char *rate = node(xl, dir, "rate"), *mtu = node(xl, dir, "mtu");
	unsigned long long bytes;
	unsigned int usecs;

	*v = (struct vif_spec){
		.bridge = node(xl, dir, "bridge"), .script = script_of(xl, dir),
		.ip = node(xl, dir, "ip"), .ifname = node(xl, dir, "vifname"),
		.gatewaydev = node(xl, dir, "gatewaydev"),
		.mtu = mtu ? (unsigned int)strtoul(mtu, NULL, 10) : 0,
	};
	if (rate && sscanf(rate, "%llu,%u", &bytes, &usecs) == 2) {
		v->rate_bytes = bytes;
		v->rate_usecs = usecs;
	}
	free(rate);
	free(mtu);
}

static int by_number(const void *a, const void *b)
{
	long x = strtol(*(char *const *)a, NULL, 10), y = strtol(*(char *const *)b, NULL, 10);

	return (x > y) - (x < y);
}

static void reload_vifs(struct xl *xl, unsigned int domid, struct domcfg *d)
{
	unsigned int n, made = 0;
	char **ids = store_list(xl, &n, "/libxl/%u/device/vif", domid);
	struct vif_spec *vifs = xl_alloc((n + 1) * sizeof(*vifs));

	if (n)
		qsort(ids, n, sizeof(*ids), by_number);
	for (unsigned int i = 0; i < n; i++) {
		char *dir = xl_printf("/libxl/%u/device/vif/%s", domid, ids[i]);
		uint8_t mac[6];

		if (read_mac(xl, dir, mac)) {
			read_vif(xl, dir, &vifs[made]);
			memcpy(vifs[made].mac, mac, sizeof(mac));
			vifs[made].untrusted = is_untrusted(xl, domid, "vif", ids[i]);
			vifs[made++].has_mac = true;
		}
		free(dir);
	}
	while (d->nr_vifs)
		vif_free(&d->vifs[--d->nr_vifs]);
	free(d->vifs);
	free(ids);
	d->vifs = vifs;
	d->nr_vifs = made;
}

void domain_reload(struct xl *xl, unsigned int domid, struct domcfg *d)
{
	char *known = xl_read(xl, "/libxl/%u/type", domid);

	/* Without the domain's nodes nothing is known of its devices, either. */
	if (!known)
		return;
	free(known);
	take(&d->name, xl_domain_name(xl, domid));
	reload_sizes(xl, domid, d);
	reload_disks(xl, domid, d);
	reload_vifs(xl, domid, d);
}
