// SPDX-License-Identifier: GPL-2.0-only
/* The table of configuration keys, and what each does. */
#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domcfg.h"
#include "uuid.h"

struct reader {
	struct domcfg *d;
	const char *source;
	domcfg_warn warn;
	struct cfg_error *err;
};

struct key {
	const char *name;
	bool (*set)(struct reader *r, const struct key *k, const struct cfg_setting *s,
		    const struct cfg_value *v);
	size_t offset;			/* of the field, for the generic setters */
	unsigned long min, max;		/* of numbers */
	bool many;			/* a list: set is called for each item */
};

static bool fail(struct reader *r, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static bool fail(struct reader *r, int line, const char *fmt, ...)
{
	char *text = r->err->text;
	size_t room = sizeof(r->err->text);
	int n = snprintf(text, room, "%s:%d: ", r->source, line);
	va_list ap;

	if (n < 0 || (size_t)n >= room)
		return false;
	va_start(ap, fmt);
	vsnprintf(text + n, room - n, fmt, ap);
	va_end(ap);
	return false;
}

static void warn(struct reader *r, int line, const char *name, const char *what)
{
	char text[256];

	snprintf(text, sizeof(text), "%s:%d: \"%.60s\" %s", r->source, line, name, what);
	r->warn(text);
}

static void *field(struct reader *r, const struct key *k)
{
	return (char *)r->d + k->offset;
}

static bool set_string(struct reader *r, const struct key *k, const struct cfg_setting *s,
		       const struct cfg_value *v)
{
	char **p = field(r, k);

	if (v->type == CFG_LIST)
		return fail(r, v->line, "%s must be a string, not a list", s->name);
	free(*p);
	*p = strdup(v->text);
	return *p ? true : fail(r, v->line, "out of memory");
}

/* Numbers may be written as strings: "4" is 4. */
static bool number_of(const struct cfg_value *v, unsigned long long *n)
{
	char *end;

	if (v->type == CFG_NUMBER) {
		*n = v->number;
		return true;
	}
	if (v->type != CFG_STRING || !isdigit((unsigned char)v->text[0]))
		return false;
	*n = strtoull(v->text, &end, 0);
	return !*end;
}

static bool set_number(struct reader *r, const struct key *k, const struct cfg_setting *s,
		       const struct cfg_value *v)
{
	unsigned long long n;

	if (!number_of(v, &n))
		return fail(r, v->line, "%s must be a number", s->name);
	if (n < k->min || n > k->max)
		return fail(r, v->line, "%s must be a number from %lu to %lu, not %llu", s->name,
			    k->min, k->max, n);
	*(unsigned long *)field(r, k) = (unsigned long)n;
	return true;
}

static bool set_cap(struct reader *r, const struct key *k, const struct cfg_setting *s,
		    const struct cfg_value *v)
{
	r->d->has_cap = true;
	return set_number(r, k, s, v);
}

static bool set_maptrack(struct reader *r, const struct key *k, const struct cfg_setting *s,
			 const struct cfg_value *v)
{
	r->d->has_maptrack = true;
	return set_number(r, k, s, v);
}

bool domcfg_name_ok(const char *name)
{
	return *name && strlen(name) <= 200 && !strpbrk(name, "/\n");
}

static bool set_name(struct reader *r, const struct key *k, const struct cfg_setting *s,
		     const struct cfg_value *v)
{
	if (!set_string(r, k, s, v))
		return false;
	if (!domcfg_name_ok(v->text))
		return fail(r, v->line, "the name must be 1 to 200 characters without a slash");
	return true;
}

static bool set_uuid(struct reader *r, const struct key *k, const struct cfg_setting *s,
		     const struct cfg_value *v)
{
	(void)k;
	if (v->type == CFG_LIST || !uuid_parse(v->text, r->d->uuid))
		return fail(r, v->line, "%s is not like 01234567-89ab-cdef-0123-456789abcdef",
			    s->name);
	r->d->has_uuid = true;
	return true;
}

static bool set_action(struct reader *r, const struct key *k, const struct cfg_setting *s,
		       const struct cfg_value *v)
{
	static const struct {
		const char *name;
		enum dom_action action;
	} names[] = {
		{ "destroy", ACT_DESTROY }, { "restart", ACT_RESTART },
		{ "rename-restart", ACT_RENAME_RESTART }, { "preserve", ACT_PRESERVE },
		{ "coredump-destroy", ACT_COREDUMP_DESTROY },
		{ "coredump-restart", ACT_COREDUMP_RESTART },
	};

	for (size_t i = 0; v->type == CFG_STRING && i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(v->text, names[i].name)) {
			*(enum dom_action *)field(r, k) = names[i].action;
			return true;
		}
	return fail(r, v->line, "%s must be \"destroy\", \"restart\", \"rename-restart\", "
		    "\"preserve\", \"coredump-destroy\" or \"coredump-restart\"", s->name);
}

static bool set_type(struct reader *r, const struct key *k, const struct cfg_setting *s,
		     const struct cfg_value *v)
{
	(void)k;
	if (v->type == CFG_STRING && !strcmp(v->text, "pvh"))
		return true;
	/* What Arm guests were called once: Xen's xl takes it for "pvh" as well. */
	if (v->type == CFG_STRING && !strcmp(v->text, "pv")) {
		warn(r, s->line, s->name, "is taken for \"pvh\", which all guests on Arm are");
		return true;
	}
	if (v->type == CFG_STRING && !strcmp(v->text, "hvm"))
		return fail(r, v->line, "guests of %s \"%s\" do not exist on Arm; write "
			    "type=\"pvh\" or leave it out", s->name, v->text);
	return fail(r, v->line, "%s must be \"pvh\"", s->name);
}

static bool set_builder(struct reader *r, const struct key *k, const struct cfg_setting *s,
			const struct cfg_value *v)
{
	(void)k;
	if (v->type == CFG_STRING && (!strcmp(v->text, "generic") || !strcmp(v->text, "linux"))) {
		warn(r, s->line, s->name, "is an old way to choose the guest type; ignored");
		return true;
	}
	return fail(r, v->line, "%s must be left out: all guests are of type \"pvh\"", s->name);
}

static bool set_gic(struct reader *r, const struct key *k, const struct cfg_setting *s,
		    const struct cfg_value *v)
{
	static const char *const names[] = {
		[XY_GIC_NATIVE] = "default", [XY_GIC_V2] = "v2", [XY_GIC_V3] = "v3",
	};

	(void)k;
	for (int i = 0; v->type == CFG_STRING && i < 3; i++)
		if (!strcmp(v->text, names[i])) {
			r->d->gic = (enum xy_gic)i;
			return true;
		}
	return fail(r, v->line, "%s must be \"default\", \"v2\" or \"v3\"", s->name);
}

/* "all", "3" or "0-3"; false when it is none of them, or leads beyond @bits. */
static bool parse_range(const char **s, unsigned int bits, unsigned long *from, unsigned long *to)
{
	char *end;

	*from = 0;
	*to = bits - 1;
	if (!strncmp(*s, "all", 3)) {
		*s += 3;
		return true;
	}
	if (!isdigit((unsigned char)**s))
		return false;
	*from = *to = strtoul(*s, &end, 10);
	if (*end == '-') {
		if (!isdigit((unsigned char)end[1]))
			return false;
		*to = strtoul(end + 1, &end, 10);
	}
	*s = end;
	return *to < bits && *from <= *to;
}

/* One part of a list of CPUs: "^" takes away, "node:" and "nodes:" stand for their CPUs. */
static bool apply_range(const char **s, uint8_t *map, unsigned int bits)
{
	bool without = **s == '^', nodes;
	unsigned long from, to;

	*s += without;
	nodes = !strncmp(*s, "node:", 5) || !strncmp(*s, "nodes:", 6);
	if (nodes)
		*s = strchr(*s, ':') + 1;
	if (!parse_range(s, bits, &from, &to))
		return false;
	/* There is one node, 0, and all CPUs are in it. */
	if (nodes && from)
		return true;
	if (nodes)
		to = bits - 1;
	for (; from <= to; from++) {
		if (without)
			map[from / 8] &= ~(1u << from % 8);
		else
			map[from / 8] |= 1u << from % 8;
	}
	return true;
}

bool domcfg_cpumap(const char *s, uint8_t *map, unsigned int bits)
{
	bool any = false;

	memset(map, 0, (bits + 7) / 8);
	for (;;) {
		s += strspn(s, " \t,");
		if (!*s)
			return any;
		if (!apply_range(&s, map, bits) || !strchr(" \t,", *s))
			return false;
		any = true;
	}
}

const uint8_t *domcfg_cpus(const struct cpu_maps *m, unsigned int vcpu)
{
	if (m->each)
		return vcpu < m->nr ? m->map[vcpu] : NULL;
	return m->nr ? m->map[0] : NULL;
}

static bool add_map(struct reader *r, struct cpu_maps *m, const struct cfg_setting *s,
		    const struct cfg_value *v)
{
	void *grown = realloc(m->map, (m->nr + 1) * sizeof(*m->map));

	if (!grown)
		return fail(r, v->line, "out of memory");
	m->map = grown;
	if (v->type == CFG_LIST || !domcfg_cpumap(v->text, m->map[m->nr], DOMCFG_CPUS))
		return fail(r, v->line, "%s must be like \"all\" or \"0-3,^2,5\", or a list of "
			    "such, one for each vCPU", s->name);
	m->nr++;
	return true;
}

static bool set_cpus(struct reader *r, const struct key *k, const struct cfg_setting *s,
		     const struct cfg_value *v)
{
	struct cpu_maps *m = field(r, k);

	m->nr = 0;
	m->each = v->type == CFG_LIST;
	if (!m->each)
		return add_map(r, m, s, v);
	for (size_t i = 0; i < v->nr_items; i++)
		if (!add_map(r, m, s, &v->items[i]))
			return false;
	return true;
}

static bool set_disk(struct reader *r, const struct key *k, const struct cfg_setting *s,
		     const struct cfg_value *v)
{
	struct disk_spec *disks = r->d->disks;
	struct spec_error why;

	(void)k;
	if (v->type != CFG_STRING)
		return fail(r, v->line, "%s must be a list of strings", s->name);
	disks = realloc(disks, (r->d->nr_disks + 1) * sizeof(*disks));
	if (!disks)
		return fail(r, v->line, "out of memory");
	r->d->disks = disks;
	if (!disk_parse(v->text, &disks[r->d->nr_disks], &why))
		return fail(r, v->line, "disk \"%.80s\": %.130s", v->text, why.text);
	r->d->nr_disks++;
	for (unsigned int i = 0; i + 1 < r->d->nr_disks; i++)
		if (disks[i].devid == disks[r->d->nr_disks - 1].devid)
			return fail(r, v->line, "two disks have the vdev %s", disks[i].vdev);
	return true;
}

static bool set_vif(struct reader *r, const struct key *k, const struct cfg_setting *s,
		    const struct cfg_value *v)
{
	struct vif_spec *vifs = r->d->vifs;
	struct spec_error why;

	(void)k;
	if (v->type != CFG_STRING)
		return fail(r, v->line, "%s must be a list of strings", s->name);
	vifs = realloc(vifs, (r->d->nr_vifs + 1) * sizeof(*vifs));
	if (!vifs)
		return fail(r, v->line, "out of memory");
	r->d->vifs = vifs;
	if (!vif_parse(v->text, &vifs[r->d->nr_vifs], &why))
		return fail(r, v->line, "vif \"%.80s\": %.130s", v->text, why.text);
	r->d->nr_vifs++;
	return true;
}

#define AT(f) offsetof(struct domcfg, f)

static const struct key keys[] = {
	{ "name", set_name, AT(name) },
	{ "uuid", set_uuid },
	{ "type", set_type },
	{ "builder", set_builder },
	{ "kernel", set_string, AT(kernel) },
	{ "ramdisk", set_string, AT(ramdisk) },
	{ "cmdline", set_string, AT(cmdline) },
	{ "root", set_string, AT(root) },
	{ "extra", set_string, AT(extra) },
	{ "memory", set_number, AT(memory_mib), 1, 1ul << 20 },
	{ "maxmem", set_number, AT(max_memory_mib), 1, 1ul << 20 },
	{ "shadow_memory", set_number, AT(paging_mib), 1, 1ul << 20 },
	{ "vcpus", set_number, AT(vcpus), 1, 4096 },
	{ "maxvcpus", set_number, AT(max_vcpus), 1, 4096 },
	{ "cpus", set_cpus, AT(cpus) },
	{ "cpus_soft", set_cpus, AT(cpus_soft) },
	{ "cpu_weight", set_number, AT(cpu_weight), 1, 65535 },
	{ "cap", set_cap, AT(cap), 0, 65535 },
	{ "pool", set_string, AT(pool) },
	{ "gic_version", set_gic },
	{ "on_poweroff", set_action, AT(on_poweroff) },
	{ "on_reboot", set_action, AT(on_reboot) },
	{ "on_crash", set_action, AT(on_crash) },
	{ "on_watchdog", set_action, AT(on_watchdog) },
	{ "max_grant_frames", set_number, AT(max_grant_frames), 1, 1ul << 20 },
	{ "max_maptrack_frames", set_maptrack, AT(max_maptrack_frames), 0, 1ul << 20 },
	{ "max_event_channels", set_number, AT(max_event_channels), 1, 131071 },
	{ "disk", set_disk, .many = true },
	{ "vif", set_vif, .many = true },
};

/* What Xen's xl knows and this one does not do. */
static const char *const unsupported[] = {
	"acpi", "acpi_firmware", "acpi_laptop_slate", "acpi_s3", "acpi_s4", "altp2m", "altp2mhvm",
	"apic", "argo", "bios", "bios_path_override", "boot", "bootloader", "bootloader_args",
	"channel", "claim_mode", "cpuid", "device_model_args", "device_model_args_hvm",
	"device_model_args_pv", "device_model_override", "device_model_stubdomain_override",
	"device_model_stubdomain_seclabel", "device_model_user", "device_model_version",
	"device_tree", "devid", "dm_restrict", "driver_domain", "dtdev", "e820_host", "extratime",
	"firmware", "gfx_passthru", "hap", "hdtype", "hpet", "init_seclabel", "iomem", "ioports",
	"irqs", "keymap", "latency", "localtime", "max_grant_version", "mca_caps", "mmio_hole",
	"ms_vm_genid", "msr_relaxed", "nestedhvm", "nographic", "nomigrate", "numa_placement",
	"nx", "on_soft_reset", "oos", "opengl", "p9", "pae", "passthrough", "pci",
	"pci_msitranslate", "pci_permissive", "pci_power_mgmt", "pci_seize", "period", "platform",
	"pvcalls", "pvh", "pvshim", "pvshim_cmdline", "pvshim_extra", "pvshim_path", "rdm",
	"rdm_mem_boundary", "rtc_timeoffset", "sdl", "seclabel", "serial", "slice",
	"smbios_firmware", "soundhw", "spice", "spice_clipboard_sharing",
	"spice_image_compression", "spice_streaming_video", "spiceagent_mouse",
	"spicedisable_ticketing", "spicehost", "spicepasswd", "spiceport", "spicetls_port",
	"spiceusbredirection", "spicevdagent", "stdvga", "stubdomain_cmdline",
	"stubdomain_kernel", "stubdomain_memory", "stubdomain_ramdisk", "tee", "timer_mode",
	"tsc_mode", "usb", "usbctrl", "usbdev", "usbdevice", "usbversion", "vcpus_affinity",
	"vdispl", "vendor_device", "vfb", "vga", "videoram", "vif_default", "viommu", "viridian",
	"virtio", "vkb", "vkb_device", "vmtrace_buf_kb", "vnc", "vncdisplay", "vnclisten",
	"vncpasswd", "vncunused", "vnuma", "vpmu", "vpt_align", "vscsi", "vsnd", "vtpm", "vuart",
	"xen_platform_pci", "xend_suspend_evtchn_compat",
};

static bool set_many(struct reader *r, const struct key *k, const struct cfg_setting *s)
{
	if (s->value.type == CFG_STRING)
		return k->set(r, k, s, &s->value);
	if (s->value.type != CFG_LIST)
		return fail(r, s->line, "%s must be a list of strings", s->name);
	for (size_t i = 0; i < s->value.nr_items; i++)
		if (!k->set(r, k, s, &s->value.items[i]))
			return false;
	return true;
}

static void drop_devices(struct domcfg *d, const char *key)
{
	if (!strcmp(key, "disk"))
		while (d->nr_disks)
			disk_free(&d->disks[--d->nr_disks]);
	if (!strcmp(key, "vif"))
		while (d->nr_vifs)
			vif_free(&d->vifs[--d->nr_vifs]);
}

/* a += "text" appends to what a string key has. */
static bool append_string(struct reader *r, const struct key *k, const struct cfg_setting *s)
{
	char **p = field(r, k), *joined;

	if (k->set != set_string || s->value.type == CFG_LIST)
		return fail(r, s->line, "+= is for strings and lists, which %s is not", s->name);
	if (asprintf(&joined, "%s%s", *p ? *p : "", s->value.text) < 0)
		return fail(r, s->line, "out of memory");
	free(*p);
	*p = joined;
	return true;
}

static bool apply(struct reader *r, const struct cfg_setting *s)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct key *k = &keys[i];

		if (strcmp(s->name, k->name))
			continue;
		if (k->many) {
			if (!s->append)
				drop_devices(r->d, k->name);
			return set_many(r, k, s);
		}
		return s->append ? append_string(r, k, s) : k->set(r, k, s, &s->value);
	}
	for (size_t i = 0; i < sizeof(unsupported) / sizeof(unsupported[0]); i++)
		if (!strcmp(s->name, unsupported[i])) {
			warn(r, s->line, s->name, "is not supported and ignored");
			return true;
		}
	warn(r, s->line, s->name, "is not a known setting and ignored");
	return true;
}

/* root= and extra= are parts of a command line, which cmdline= is as a whole. */
static bool finish_cmdline(struct reader *r)
{
	struct domcfg *d = r->d;
	char *line;

	if (d->cmdline || (!d->root && !d->extra)) {
		if (d->cmdline && (d->root || d->extra))
			r->warn("\"root\" and \"extra\" are ignored, because there is a \"cmdline\"");
		return true;
	}
	if (asprintf(&line, "%s%s%s%s", d->root ? "root=" : "", d->root ? d->root : "",
		     d->root && d->extra ? " " : "", d->extra ? d->extra : "") < 0)
		return fail(r, 1, "out of memory");
	d->cmdline = line;
	return true;
}

static bool finish(struct reader *r)
{
	struct domcfg *d = r->d;

	/* Nothing below belongs to one line: errors name the file's first. */
	if (!d->name)
		return fail(r, 1, "the setting \"name\" is missing");
	if (!d->kernel || !*d->kernel)
		return fail(r, 1, "the setting \"kernel\" is missing");
	/* Written, and nothing in it: none. */
	if (d->ramdisk && !*d->ramdisk) {
		free(d->ramdisk);
		d->ramdisk = NULL;
	}
	if (!d->memory_mib)
		d->memory_mib = d->max_memory_mib ? d->max_memory_mib : 128;
	if (!d->max_memory_mib)
		d->max_memory_mib = d->memory_mib;
	if (d->max_memory_mib < d->memory_mib)
		return fail(r, 1, "maxmem (%lu) is less than memory (%lu)", d->max_memory_mib,
			    d->memory_mib);
	if (!d->vcpus)
		d->vcpus = 1;		/* maxvcpus alone brings no more up, as with Xen's xl */
	if (!d->max_vcpus)
		d->max_vcpus = d->vcpus;
	if (d->max_vcpus < d->vcpus)
		return fail(r, 1, "maxvcpus (%lu) is less than vcpus (%lu)", d->max_vcpus,
			    d->vcpus);
	return finish_cmdline(r);
}

static struct domcfg *defaults(void)
{
	struct domcfg *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->on_poweroff = ACT_DESTROY;
	d->on_reboot = ACT_RESTART;
	d->on_crash = ACT_DESTROY;
	d->on_watchdog = ACT_DESTROY;
	d->max_event_channels = 1023;
	return d;
}

struct domcfg *domcfg_make(struct cfg *const *sources, unsigned int nr, domcfg_warn warn_fn,
			   struct cfg_error *err)
{
	struct reader r = {
		.d = defaults(), .warn = warn_fn, .err = err, .source = nr ? sources[0]->source : "",
	};

	if (!r.d) {
		fail(&r, 1, "out of memory");
		return NULL;
	}
	for (unsigned int i = 0; i < nr; i++) {
		r.source = sources[i]->source;
		for (const struct cfg_setting *s = sources[i]->first; s; s = s->next)
			if (!apply(&r, s))
				goto bad;
	}
	r.source = nr ? sources[0]->source : "";
	if (finish(&r))
		return r.d;
bad:
	domcfg_free(r.d);
	return NULL;
}

void domcfg_free(struct domcfg *d)
{
	if (!d)
		return;
	drop_devices(d, "disk");
	drop_devices(d, "vif");
	free(d->cpus.map);
	free(d->cpus_soft.map);
	free(d->disks);
	free(d->vifs);
	free(d->name);
	free(d->kernel);
	free(d->ramdisk);
	free(d->cmdline);
	free(d->root);
	free(d->extra);
	free(d->pool);
	free(d);
}
