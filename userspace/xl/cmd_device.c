// SPDX-License-Identifier: GPL-2.0-only
/* Commands for the devices of a running guest: block-*, network-*. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "device.h"
#include "dryrun.h"
#include "json.h"
#include "store.h"

#define MAX_VIFS 1024

/* Words from @argv joined as the parts of one specification. */
static char *join(int argc, char **argv)
{
	char *s = xl_strdup(argc ? argv[0] : "");

	for (int i = 1; i < argc; i++) {
		char *longer = xl_printf("%s,%s", s, argv[i]);

		free(s);
		s = longer;
	}
	return s;
}

static bool has_device(struct xl *xl, const char *kind, int domid, unsigned int devid)
{
	char *state = xl_read(xl, "/local/domain/0/backend/%s/%d/%u/state", kind, domid, devid);
	bool has = state != NULL;

	free(state);
	return has;
}

/* What was half attached is taken away; exit status. */
static int attached(struct xl *xl, bool ok, const char *kind, int domid, unsigned int devid,
		    const struct xy_err *err)
{
	const struct device dev = { .kind = kind, .domid = (unsigned int)domid, .devid = devid };

	if (ok)
		return 0;
	xl_error("%s", err->text);
	device_remove(xl, &dev);
	return 1;
}

static int cmd_block_attach(struct xl *xl, int argc, char **argv)
{
	int domid = xl_live_domain(xl, argv[1]), status = 1;
	char *text = join(argc - 2, argv + 2);
	struct json json = { 0 };
	struct spec_error why;
	struct disk_spec d;
	struct xy_err err;

	if (domid < 0) {
		free(text);
		return 1;
	}
	if (!disk_parse(text, &d, &why)) {
		xl_error("disk \"%s\": %s", text, why.text);
	} else if (has_device(xl, "vbd", domid, d.devid)) {
		xl_error("domain %d has a disk %s already", domid, d.vdev);
		disk_free(&d);
	} else if (xl->dry) {
		dry_disk(&json, &d);
		disk_free(&d);
		status = 0;
	} else {
		status = attached(xl, disk_attach(xl, (unsigned int)domid, &d, &err), "vbd", domid,
				  d.devid, &err);
		disk_free(&d);
	}
	free(text);
	return status;
}

static int dry_attach(unsigned int handle, const struct vif_spec *v)
{
	struct json json = { 0 };

	dry_nic(&json, handle, v);
	return 0;
}

static int cmd_network_attach(struct xl *xl, int argc, char **argv)
{
	int domid = xl_live_domain(xl, argv[1]), status = 1;
	char *text = join(argc - 2, argv + 2);
	unsigned int handle = 0;
	struct spec_error why;
	struct vif_spec v;
	struct xy_err err;

	if (domid < 0) {
		free(text);
		return 1;
	}
	while (handle < MAX_VIFS && has_device(xl, "vif", domid, handle))
		handle++;
	if (!vif_parse(text, &v, &why)) {
		xl_error("vif \"%s\": %s", text, why.text);
	} else {
		if (!conf_complete_vif(&xl->conf, &v))
			xl_error("out of memory");
		else if (!v.has_mac && !vif_make_mac(&v))
			xl_error("no random numbers for a MAC address: %s", strerror(errno));
		else if (xl->dry)
			status = dry_attach(handle, &v);
		else
			status = attached(xl, vif_attach(xl, (unsigned int)domid, handle, &v, &err),
					  "vif", domid, handle, &err);
		vif_free(&v);
	}
	free(text);
	return status;
}

static int detach(struct xl *xl, const char *kind, char **argv, unsigned int devid, bool force)
{
	int domid = xl_domain(xl, argv[0]);
	const struct device dev = { .kind = kind, .domid = (unsigned int)domid, .devid = devid };
	struct xy_err err;

	if (domid < 0)
		return 1;
	if (!has_device(xl, kind, domid, devid)) {
		xl_error("domain %s has no %s %s", argv[0], kind, argv[1]);
		return 1;
	}
	if (force)
		device_remove(xl, &dev);
	else if (!device_detach(xl, &dev, &err))
		xl_error("%s", err.text);
	else
		return 0;
	return !force;
}

/* The operands of a command that takes "--force": two, or NULL, and the usage is shown. */
static char **detach_args(int argc, char **argv, bool *force)
{
	static const struct option options[] = { { "force", 0, NULL, 'f' }, { 0 } };
	int opt;

	*force = false;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt != 'f')
			return NULL;
		*force = true;
	}
	if (argc - optind == 2)
		return argv + optind;
	xl_usage(xl_find_cmd(argv[0]));
	return NULL;
}

static int cmd_block_detach(struct xl *xl, int argc, char **argv)
{
	uint32_t devid;
	bool force;

	argv = detach_args(argc, argv, &force);
	if (!argv)
		return 2;
	if (!disk_vdev_number(argv[1], &devid)) {
		xl_error("\"%s\" is neither a device name like xvda nor a number", argv[1]);
		return 1;
	}
	return detach(xl, "vbd", argv, devid, force);
}

/* A handle, or a MAC address; -1 when the domain has none such. */
static long find_vif(struct xl *xl, int domid, const char *arg)
{
	unsigned long number;
	unsigned int n;
	char **ids;
	long found = -1;

	if (xl_number(arg, MAX_VIFS, &number))
		return (long)number;
	ids = store_list(xl, &n, "/local/domain/0/backend/vif/%d", domid);
	for (unsigned int i = 0; i < n && found < 0; i++) {
		char *mac = xl_read(xl, "/local/domain/0/backend/vif/%d/%s/mac", domid, ids[i]);

		if (mac && !strcasecmp(mac, arg))
			found = strtol(ids[i], NULL, 10);
		free(mac);
	}
	free(ids);
	return found;
}

static int cmd_network_detach(struct xl *xl, int argc, char **argv)
{
	bool force;
	int domid;
	long handle;

	argv = detach_args(argc, argv, &force);
	if (!argv)
		return 2;
	domid = xl_domain(xl, argv[0]);
	if (domid < 0)
		return 1;
	handle = find_vif(xl, domid, argv[1]);
	if (handle < 0) {
		xl_error("domain %s has no network interface %s", argv[0], argv[1]);
		return 1;
	}
	return detach(xl, "vif", argv, (unsigned int)handle, force);
}

/*
 * A number from a front end, or -1. Numbers only: the guest writes these nodes, and
 * what it writes must not reach root's terminal.
 */
static long front(struct xl *xl, int domid, const char *kind, const char *id, const char *node)
{
	return xl_read_num(xl, -1, "/local/domain/%d/device/%s/%s/%s", domid, kind, id, node);
}

static void block_row(struct xl *xl, int domid, const char *id)
{
	printf("%-5s %-3d %-6d %-5ld %-6ld %-8ld /local/domain/0/backend/vbd/%d/%s\n", id, 0, domid,
	       front(xl, domid, "vbd", id, "state"), front(xl, domid, "vbd", id, "event-channel"),
	       front(xl, domid, "vbd", id, "ring-ref"), domid, id);
}

static void network_row(struct xl *xl, int domid, const char *id)
{
	char *mac = xl_read(xl, "/local/domain/0/backend/vif/%d/%s/mac", domid, id);
	long port = front(xl, domid, "vif", id, "event-channel");

	/* With two channels, the one for sending. */
	if (port < 0)
		port = front(xl, domid, "vif", id, "event-channel-tx");
	printf("%-3s %-2d %-17s %5s %5ld %6ld %5ld/%-11ld /local/domain/0/backend/vif/%d/%s\n", id,
	       0, mac ? mac : "-", id, front(xl, domid, "vif", id, "state"), port,
	       front(xl, domid, "vif", id, "tx-ring-ref"),
	       front(xl, domid, "vif", id, "rx-ring-ref"), domid, id);
	free(mac);
}

static int list(struct xl *xl, int argc, char **argv, const char *kind, const char *head,
		void (*row)(struct xl *xl, int domid, const char *id))
{
	int status = 0;

	puts(head);
	for (int i = 1; i < argc; i++) {
		int domid = xl_domain(xl, argv[i]);
		unsigned int n = 0;
		char **ids = NULL;

		if (domid < 0)
			status = 1;
		else
			ids = store_list(xl, &n, "/local/domain/0/backend/%s/%d", kind, domid);
		for (unsigned int k = 0; k < n; k++)
			row(xl, domid, ids[k]);
		free(ids);
	}
	return status;
}

static int cmd_block_list(struct xl *xl, int argc, char **argv)
{
	return list(xl, argc, argv, "vbd",
		    "Vdev  BE  handle state evt-ch ring-ref BE-path                       ", block_row);
}

static int cmd_network_list(struct xl *xl, int argc, char **argv)
{
	return list(xl, argc, argv, "vif",
		    "Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path"
		    "                       ",
		    network_row);
}

const struct xl_cmd xl_cmds_device[] = {
	{ "block-attach", cmd_block_attach, XL_STORE, 2, "<Domain> <disk-spec-component(s)>...",
	  "Create a new virtual block device", NULL },
	{ "block-list", cmd_block_list, XL_STORE, 1, "<Domain(s)>",
	  "List virtual block devices for a domain", NULL },
	{ "block-detach", cmd_block_detach, XL_STORE, 2, "<Domain> <DevId> [--force]",
	  "Destroy a domain's virtual block device",
	  "--force                 Do not wait for the guest to let go of it.\n" },
	{ "network-attach", cmd_network_attach, XL_STORE, 1, "<Domain> [mac=<mac>] [bridge=<bridge>] "
	  "[ip=<ip>] [script=<script>] [vifname=<name>] [rate=<rate>]",
	  "Create a new virtual network device", NULL },
	{ "network-list", cmd_network_list, XL_STORE, 1, "<Domain(s)>",
	  "List virtual network interfaces for a domain", NULL },
	{ "network-detach", cmd_network_detach, XL_STORE, 2, "<Domain> <DevId|mac> [--force]",
	  "Destroy a domain's virtual network device",
	  "--force                 Do not wait for the guest to let go of it.\n" },
	{ 0 },
};
