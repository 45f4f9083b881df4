// SPDX-License-Identifier: GPL-2.0-only
/* "create -n": what would be made, as JSON, in the form of Xen's xl. */
#include <stdio.h>

#include "domcfg.h"
#include "dryrun.h"
#include "json.h"
#include "uuid.h"

static void creation(struct json *j, const struct domcfg *d)
{
	char uuid[UUID_TEXT];

	uuid_format(d->uuid, uuid);
	json_open(j, "c_info", '{');
	json_text(j, "type", "pvh");
	json_text(j, "name", d->name);
	json_text(j, "uuid", uuid);
	json_text(j, "pool_name", d->pool);
	json_close(j, '}');
}

static void affinities(struct json *j, const char *name, const struct cpu_maps *m,
		       unsigned long vcpus)
{
	if (!m->nr)
		return;
	json_open(j, name, '[');
	for (unsigned int i = 0; i < vcpus; i++) {
		const uint8_t *map = domcfg_cpus(m, i);

		json_open(j, NULL, '[');
		for (unsigned int c = 0; map && c < DOMCFG_CPUS; c++)
			if (map[c / 8] >> c % 8 & 1)
				json_number(j, NULL, c);
		json_close(j, ']');
	}
	json_close(j, ']');
}

static void vcpus(struct json *j, const struct domcfg *d)
{
	json_number(j, "max_vcpus", d->max_vcpus);
	json_open(j, "avail_vcpus", '[');
	for (unsigned int i = 0; i < d->vcpus; i++)
		json_number(j, NULL, i);
	json_close(j, ']');
	affinities(j, "vcpu_hard_affinity", &d->cpus, d->max_vcpus);
	affinities(j, "vcpu_soft_affinity", &d->cpus_soft, d->max_vcpus);
}

static void building(struct json *j, const struct domcfg *d)
{
	json_open(j, "b_info", '{');
	vcpus(j, d);
	json_number(j, "max_memkb", (unsigned long long)d->max_memory_mib << 10);
	json_number(j, "target_memkb", (unsigned long long)d->memory_mib << 10);
	if (d->paging_mib)
		json_number(j, "shadow_memkb", (unsigned long long)d->paging_mib << 10);
	json_open(j, "sched_params", '{');
	if (d->cpu_weight)
		json_number(j, "weight", d->cpu_weight);
	if (d->has_cap)
		json_number(j, "cap", d->cap);
	json_close(j, '}');
	json_number(j, "max_grant_frames", d->max_grant_frames);
	json_number(j, "max_maptrack_frames", d->max_maptrack_frames);
	json_number(j, "event_channels", d->max_event_channels);
	json_text(j, "kernel", d->kernel);
	json_text(j, "cmdline", d->cmdline);
	json_text(j, "ramdisk", d->ramdisk);
	json_close(j, '}');
}

void dry_disk(struct json *j, const struct disk_spec *d)
{
	json_open(j, NULL, '{');
	json_text(j, "pdev_path", d->target);
	json_text(j, "vdev", d->vdev);
	json_text(j, "format", "raw");
	json_text(j, "script", d->script);
	json_number(j, "readwrite", !d->readonly);
	if (d->cdrom)
		json_number(j, "is_cdrom", 1);
	json_text(j, "discard_enable", d->discard ? "True" : "False");
	json_close(j, '}');
}

void dry_nic(struct json *j, unsigned int devid, const struct vif_spec *v)
{
	char mac[18];

	snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", v->mac[0], v->mac[1], v->mac[2],
		 v->mac[3], v->mac[4], v->mac[5]);
	json_open(j, NULL, '{');
	json_number(j, "devid", devid);
	if (v->mtu)
		json_number(j, "mtu", v->mtu);
	if (v->has_mac)
		json_text(j, "mac", mac);
	json_text(j, "ip", v->ip);
	json_text(j, "bridge", v->bridge);
	json_text(j, "ifname", v->ifname);
	json_text(j, "script", v->script);
	json_text(j, "nictype", "vif");
	if (v->rate_bytes) {
		json_number(j, "rate_bytes_per_interval", v->rate_bytes);
		json_number(j, "rate_interval_usecs", v->rate_usecs);
	}
	json_text(j, "gatewaydev", v->gatewaydev);
	json_close(j, '}');
}

static const char *action(enum dom_action a)
{
	static const char *const names[] = {
		[ACT_DESTROY] = "destroy", [ACT_RESTART] = "restart",
		[ACT_RENAME_RESTART] = "rename_restart", [ACT_PRESERVE] = "preserve",
		[ACT_COREDUMP_DESTROY] = "coredump_destroy",
		[ACT_COREDUMP_RESTART] = "coredump_restart",
	};

	return names[a];
}

void dry_domain(const struct domcfg *d)
{
	struct json j = { 0 };

	json_open(&j, NULL, '{');
	creation(&j, d);
	building(&j, d);
	if (d->nr_disks)
		json_open(&j, "disks", '[');
	for (unsigned int i = 0; i < d->nr_disks; i++)
		dry_disk(&j, &d->disks[i]);
	if (d->nr_disks)
		json_close(&j, ']');
	if (d->nr_vifs)
		json_open(&j, "nics", '[');
	for (unsigned int i = 0; i < d->nr_vifs; i++)
		dry_nic(&j, i, &d->vifs[i]);
	if (d->nr_vifs)
		json_close(&j, ']');
	json_text(&j, "on_poweroff", action(d->on_poweroff));
	json_text(&j, "on_reboot", action(d->on_reboot));
	json_text(&j, "on_watchdog", action(d->on_watchdog));
	json_text(&j, "on_crash", action(d->on_crash));
	json_close(&j, '}');
}
